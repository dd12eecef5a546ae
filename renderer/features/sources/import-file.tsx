import { Button, Checkbox, FileButton } from '@mantine/core';
import { useWorkspace } from '../../state/workspace.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import { useImport } from './import-store.ts';
import { outcomeWords } from './import-words.ts';
import classes from './sources.module.css';
import { useSendFiles } from './use-send-files.ts';

/** Reads files from this machine into the workspace, and says what became of each. */
export function ImportFile() {
  const { current, ended, isHistory, setHistory } = useImport();
  const isSample = useWorkspace().data?.isSample ?? false;
  const send = useSendFiles();
  const isSending = current !== null;
  return (
    <div className={classes.stack}>
      <p className="ew-muted">
        Choose files here, or drop them anywhere on this window.
        {isSample ? ' Your alerts never go into the sample: a workspace of your own is started for them first.' : null}
      </p>
      <Checkbox
        label="These are old alerts: start no clocks for them"
        checked={isHistory}
        onChange={(event) => setHistory(event.currentTarget.checked)}
        disabled={isSending}
      />
      <FileButton multiple onChange={(files) => void send(files)} disabled={isSending}>
        {(props) => (
          <Button {...props} variant="filled" loading={isSending}>
            Choose files of alerts
          </Button>
        )}
      </FileButton>
      <div role="status" className={classes.ends}>
        {current === null ? null : (
          <p>
            <LineText text={current.name} />:{' '}
            {current.sent < current.total
              ? `sent ${formatCount(current.sent)} of ${countOf(current.total, 'byte')}`
              : 'all is sent, and is being read'}
          </p>
        )}
        {ended.map((end, at) =>
          end.kind === 'failed' ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and two files may share a name
            <p key={at}>
              <LineText text={outcomeWords(end.name, end.report)} />
            </p>
          ),
        )}
      </div>
      {ended.map((end, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and two files may share a name
        end.kind === 'failed' ? <ErrorState key={at} error={end.error} /> : null,
      )}
    </div>
  );
}
