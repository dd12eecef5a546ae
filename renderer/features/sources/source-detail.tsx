import { Button } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { Figures } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import { letGoWords } from './letter-words.ts';
import { SourceStateMark } from './live-sources.tsx';
import { type LiveSource, STATE_MEANS } from './source-words.ts';
import classes from './sources.module.css';
import { TokenOnce } from './token-once.tsx';

/** One source in full, and what a lead may do with it. */
export function SourceDetail({
  live,
  isLead,
  onChange,
  onRemoved,
}: {
  live: LiveSource;
  isLead: boolean;
  onChange: () => void;
  onRemoved: () => void;
}) {
  const { source, health } = live;
  const engine = useEngine();
  const decide = useDecide();
  const [token, setToken] = useState<string | null>(null);
  const [isRemoving, setRemoving] = useState(false);

  const switchTo = (isEnabled: boolean) =>
    decide.run(
      () => {
        const { id, version, createdAtMs: _created, tokenHint: _hint, ...draft } = source;
        const statement = makeStatement({ kind: 'source.save' });
        return engine.sources.save({ statement, id, version, draft: { ...draft, isEnabled } });
      },
      { doing: isEnabled ? 'Switching it on' : 'Switching it off', isUndoable: false },
    );
  const remove = async () => {
    const done = await decide.run(
      () => engine.sources.remove({ statement: makeStatement({ kind: 'source.remove' }), id: source.id }),
      { doing: 'Removing the source', isUndoable: false },
    );
    if (done !== null) onRemoved();
  };
  const renew = async () => {
    const done = await decide.run(
      () => engine.sources.newToken({ statement: makeStatement({ kind: 'source.token' }), id: source.id }),
      { doing: 'Making a new token', isUndoable: false },
    );
    if (done !== null) setToken(done.token);
  };

  return (
    <Panel title={source.name} note={STATE_MEANS[health.state]} action={<SourceStateMark health={health} />}>
      <div className={classes.column}>
        {health.problem === null ? null : (
          <p className={classes.problem}>
            {health.problem}
            {health.problemAtMs === null ? null : (
              <>
                {' '}
                Since <TimeText atMs={health.problemAtMs} form="both" />.
              </>
            )}
          </p>
        )}
        <Figures
          figures={[
            {
              label: 'Stored',
              value: formatCount(health.counts.stored),
              of: `of ${countOf(health.counts.read, 'record')} read`,
            },
            { label: 'Duplicates', value: formatCount(health.counts.duplicates), of: 'sent again, kept once' },
            { label: 'Not read', value: formatCount(health.counts.rejected), of: 'kept below with the reason' },
            { label: 'No alerts', value: formatCount(health.counts.skipped), of: 'skipped by their own word' },
            { label: 'Lost', value: formatCount(health.dropped), of: 'before they could be stored' },
            ...(health.behind === null
              ? []
              : [{ label: 'Behind', value: formatCount(health.behind), of: 'bytes or records that wait' }]),
            ...(health.connections === null
              ? []
              : [{ label: 'Connections', value: formatCount(health.connections), of: 'at this moment' }]),
          ]}
        />
        {health.letGo === null ? null : (
          <p className={classes.problem}>
            {letGoWords([health.letGo])}. Last <TimeText atMs={health.letGo.atMs} form="ago" />.
          </p>
        )}
        {source.settings.kind !== 'http' ? null : (
          <p>
            {source.tokenHint === null
              ? 'It has no token yet, so nobody can send to it.'
              : `Senders show a token that ends in ${source.tokenHint}.`}
          </p>
        )}
        {token === null ? null : <TokenOnce token={token} live={live} />}
        {isLead ? (
          <div className={classes.buttons}>
            <Button onClick={onChange}>Change {source.name}</Button>
            <Button onClick={() => void switchTo(!source.isEnabled)}>
              {source.isEnabled ? 'Switch it off' : 'Switch it on'}
            </Button>
            {source.settings.kind === 'http' ? <Button onClick={() => void renew()}>Make a new token</Button> : null}
            {isRemoving ? (
              <span className={classes.buttons}>
                <span>Its alerts stay; how far it was read is forgotten.</span>
                <Button variant="filled" onClick={() => void remove()}>
                  Remove {source.name}
                </Button>
                <Button onClick={() => setRemoving(false)}>Keep it</Button>
              </span>
            ) : (
              <Button onClick={() => setRemoving(true)}>Remove it</Button>
            )}
          </div>
        ) : (
          <p className="ew-muted">A lead can change, switch off or remove it.</p>
        )}
      </div>
    </Panel>
  );
}
