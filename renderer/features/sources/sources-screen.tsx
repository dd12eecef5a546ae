import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useHasRole, useWorkspace } from '../../state/workspace.ts';
import { Columns, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { countOf } from '../../ui/words.ts';
import { DeadLetters, EVERY_LETTER } from './dead-letters.tsx';
import { FormatTable } from './format-table.tsx';
import { ImportFile } from './import-file.tsx';
import { ImportList } from './import-list.tsx';
import { FORMATS_READ } from './import-words.ts';
import { LivePanel } from './live-panel.tsx';
import { MappingTable } from './mapping-table.tsx';
import { RunTable } from './run-table.tsx';
import classes from './sources.module.css';
import { StoragePanel } from './storage-panel.tsx';
import { useSourceChoices } from './use-sources.ts';

/** Where alerts come from, what became of them, and what could not be read. */
export default function SourcesScreen() {
  const engine = useEngine();
  const isLead = useHasRole('lead');
  const isSample = useWorkspace().data?.isSample ?? false;
  const summary = useQuery({ queryKey: keys.sources('summary'), queryFn: () => engine.sources.summary({}) });
  const counts = useQuery({
    queryKey: keys.sources('dead-letter-counts'),
    queryFn: async () => (await engine.sources.deadLetters({ limit: 1 })).counts,
  });
  const choices = useSourceChoices(isLead);
  const [filter, setFilter] = useState(EVERY_LETTER);
  const [isSettingUp, setSettingUp] = useState(false);
  const setUp = useRef<HTMLButtonElement>(null);
  // Whoever leaves the form goes on from the button that opened it, unless something new is there to be read first.
  useCaughtFocus(setUp, isSettingUp);
  const lettersRef = useRef<HTMLDivElement>(null);
  const canSetUp = isLead && choices.data?.runsHere === true;
  return (
    <QueryState
      data={summary.data}
      error={summary.error === null ? null : wordsOf(summary.error, 'Reading the sources')}
      label="the sources"
      onRetry={() => void summary.refetch()}
    >
      {(data) => (
        <Page
          note={
            data.runs.length === 0 && data.byFormat.length === 0
              ? 'Nothing was read yet'
              : data.deadLetters === 0
                ? 'Every record so far was read'
                : `${countOf(data.deadLetters, 'record')} so far could not be read`
          }
          action={
            canSetUp && !isSettingUp ? (
              <Button ref={setUp} variant="filled" onClick={() => setSettingUp(true)}>
                Set up a source
              </Button>
            ) : null
          }
        >
          <LivePanel
            isSettingUp={isSettingUp}
            onSettingUp={setSettingUp}
            choices={choices.data ?? null}
            isLead={isLead}
            isSample={isSample}
            letters={counts.data ?? []}
            onLetters={(origin) => {
              setFilter({ ...EVERY_LETTER, origin });
              lettersRef.current?.scrollIntoView({ block: 'start' });
            }}
          />
          <Columns>
            <Panel title="Read alerts from files" note={FORMATS_READ}>
              <ImportFile />
            </Panel>
            <Panel title="Lists and roster" note="From CSV. A list is replaced whole.">
              {isSample ? (
                <p className="ew-muted">The lists of the sample belong to its made-up company and stay as they are.</p>
              ) : isLead ? (
                <ImportList />
              ) : (
                <p className="ew-muted">A lead can replace assets, identities, people and the rota here.</p>
              )}
            </Panel>
          </Columns>
          <Panel
            title="By format"
            note="Read = stored + updated + duplicates + rejected. Records that are no alerts are skipped and not counted as read."
          >
            <div className={classes.column}>
              <FormatTable formats={data.byFormat} />
              <MappingTable mappings={data.mappings} />
            </div>
          </Panel>
          <div ref={lettersRef}>
            <Panel title="Could not be read" note="Kept with place and reason. The rest of each file was read.">
              <DeadLetters filter={filter} onFilter={setFilter} formats={choices.data?.formats ?? []} />
            </Panel>
          </div>
          <Panel title="Last files and uploads" note="Newest first, at most the last 50.">
            <RunTable runs={data.runs} />
          </Panel>
          {isLead ? <StoragePanel /> : null}
        </Page>
      )}
    </QueryState>
  );
}
