import { Button } from '@mantine/core';
import { useState } from 'react';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { addressOf, type LiveSource } from './source-words.ts';
import classes from './sources.module.css';

/** A token, shown once, with a line to try it with. */
export function TokenOnce({ token, live }: { token: string; live: Pick<LiveSource, 'source' | 'health'> | null }) {
  const [isCopied, setCopied] = useState(false);
  const address = live === null ? null : addressOf(live.source.settings, live.health.listensOn);
  return (
    <div className={classes.token} role="status">
      <p className="ew-strong">This token is shown this once. Put it into the sender now; only its digest is kept.</p>
      <p className={classes.tokenLine}>
        <code className="ew-mono">{token}</code>
        <Button
          ref={focusOnMount}
          onClick={() => {
            void navigator.clipboard.writeText(token).then(() => setCopied(true));
          }}
        >
          {isCopied ? 'Copied' : 'Copy the token'}
        </Button>
      </p>
      {address === null ? null : (
        <pre className={classes.example}>
          {`curl ${address}/services/collector/event -H "Authorization: Splunk ${token}" -d '{"event": {…}}'`}
        </pre>
      )}
    </div>
  );
}
