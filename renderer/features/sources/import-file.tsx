import { Button, Checkbox, FileButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IngestReport } from '../../../shared/model/ingest.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { ErrorState, type ErrorWords } from '../../ui/error-state.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import classes from './sources.module.css';
import { uploadFile } from './upload-file.ts';

type Progress =
  | { kind: 'idle' }
  | { kind: 'sending'; sent: number; total: number }
  | { kind: 'done'; name: string; report: IngestReport }
  | { kind: 'failed'; error: ErrorWords };

/** Reads a file from this machine into the workspace, and says what became of it. */
export function ImportFile() {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const [isHistory, setHistory] = useState(false);
  const [progress, setProgress] = useState<Progress>({ kind: 'idle' });

  async function send(file: File | null): Promise<void> {
    if (file === null) return;
    setProgress({ kind: 'sending', sent: 0, total: file.size });
    try {
      const report = await uploadFile(engine, file, isHistory, (sent) =>
        setProgress({ kind: 'sending', sent, total: file.size }),
      );
      setProgress({ kind: 'done', name: file.name, report });
    } catch (error) {
      setProgress({ kind: 'failed', error: wordsOf(error, 'Reading the file') });
    }
    await queryClient.invalidateQueries();
  }

  const isSending = progress.kind === 'sending';
  return (
    <div className={classes.stack}>
      <Checkbox
        label="These are old alerts: start no clocks for them"
        checked={isHistory}
        onChange={(event) => setHistory(event.currentTarget.checked)}
        disabled={isSending}
      />
      <FileButton onChange={(file) => void send(file)} disabled={isSending}>
        {(props) => (
          <Button {...props} loading={isSending}>
            Choose a file of alerts
          </Button>
        )}
      </FileButton>
      <div role="status">
        {progress.kind === 'sending'
          ? `Sent ${formatCount(progress.sent)} of ${countOf(progress.total, 'byte')}`
          : null}
        {progress.kind === 'done' ? <Outcome name={progress.name} report={progress.report} /> : null}
      </div>
      {progress.kind === 'failed' ? <ErrorState error={progress.error} /> : null}
    </div>
  );
}

function Outcome({ name, report }: { name: string; report: IngestReport }) {
  return (
    <p>
      {name}: {formatCount(report.read)} read, {formatCount(report.stored)} stored ({formatCount(report.queued)} to the
      queue, {formatCount(report.autoClosed)} closed by rules or at source), {formatCount(report.updated)} updated,{' '}
      {countOf(report.duplicates, 'duplicate')}, {formatCount(report.rejected)} rejected, {formatCount(report.skipped)}{' '}
      skipped.
    </p>
  );
}
