import { useQueryClient } from '@tanstack/react-query';
import { goTo, hashOf } from '../../frame/route.ts';
import { StartOwnForm } from '../../frame/start-own-form.tsx';
import { useEngine } from '../../state/engine.tsx';
import { useToasts } from '../../state/toasts.ts';
import { Overlay } from '../../ui/overlay.tsx';
import { countOf } from '../../ui/words.ts';
import { type ImportEnd, useImport } from '../sources/import-store.ts';
import { FORMATS_READ, outcomeWords, whyNotAlerts } from '../sources/import-words.ts';
import { useSendFiles } from '../sources/use-send-files.ts';
import classes from './drop-import.module.css';
import { type Dropped, useFileDrop } from './use-file-drop.ts';

/** A file of alerts that is dropped anywhere on the window is read, as if it had been chosen under Sources. */
export function DropImport() {
  const send = useSendFiles();
  const isHistory = useImport((state) => state.isHistory);
  const isDragging = useFileDrop(async (dropped) => tell(await send(readable(dropped))));
  return (
    <>
      {isDragging ? (
        <div className={classes.target} aria-hidden>
          <p className={classes.title}>Drop to read the alerts</p>
          <p>{FORMATS_READ}</p>
          {isHistory ? <p>As old alerts: no clocks start for them.</p> : null}
        </div>
      ) : null}
      <WaitingFiles />
    </>
  );
}

/** In the sample, files wait here for a workspace that they may go into. */
function WaitingFiles() {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const { waiting, wait, send } = useImport();
  if (waiting.length === 0) return null;
  const names = waiting.map((file) => file.name);
  return (
    <Overlay label="Start with your own alerts" width={440} onClose={() => wait([])}>
      <div className={classes.start}>
        <h2>Your alerts need a workspace of your own</h2>
        <p>
          {names.length === 1 ? <bdi>{names[0]}</bdi> : countOf(names.length, 'file')} will be read into it as soon as
          it is there.
        </p>
        <StartOwnForm
          onDone={() => {
            goTo(hashOf('queue'));
            void send(engine, queryClient, waiting).then(tell);
          }}
        />
      </div>
    </Overlay>
  );
}

/** The files that can be tried; why not is said of the others. */
function readable(dropped: readonly Dropped[]): File[] {
  const files: File[] = [];
  for (const { file, isFolder } of dropped) {
    const why = whyNotAlerts(file.name, isFolder);
    if (why === null) files.push(file);
    else useToasts.getState().show({ kind: 'problem', text: why });
  }
  return files;
}

function showRejects(toastId: string): void {
  goTo(hashOf('sources'));
  useToasts.getState().dismiss(toastId);
}

/** Says what became of each file, unless the screen that says it is looked at. */
function tell(ended: readonly ImportEnd[]): void {
  if (window.location.hash.startsWith(hashOf('sources'))) return;
  const { show } = useToasts.getState();
  for (const end of ended) {
    if (end.kind === 'failed') {
      show({ kind: 'problem', text: end.error.happened, todo: `${end.error.means} ${end.error.todo}` });
      continue;
    }
    const hasRejects = end.report.rejected > 0;
    const id = show({
      kind: hasRejects ? 'problem' : 'note',
      text: outcomeWords(end.name, end.report),
      todo: hasRejects ? 'What could not be read is kept, with its place and the reason.' : null,
      action: hasRejects ? { label: 'Show it', keys: null, run: () => showRejects(id) } : null,
    });
  }
}
