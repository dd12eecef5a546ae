import { useState } from 'react';
import { Panel } from '../../ui/panel.tsx';
import { type LetterCount, LiveSources } from './live-sources.tsx';
import { SourceDetail } from './source-detail.tsx';
import { SourceForm } from './source-form.tsx';
import type { SourceChoices } from './source-words.ts';
import classes from './sources.module.css';
import { TokenOnce } from './token-once.tsx';
import { useLiveSources } from './use-sources.ts';

const KINDS = 'a file to follow, a folder, syslog, HTTP push or Elasticsearch';

function emptyWords(isSample: boolean, canSetUp: boolean): string {
  if (isSample) return `None here. In a workspace of your own a lead sets them up: ${KINDS}.`;
  return `None yet. A lead sets one up${canSetUp ? ' with the button above' : ''}: ${KINDS}.`;
}

/** Sources that bring alerts by themselves: the list, the one that is looked at, and the form. */
export function LivePanel({
  isSettingUp,
  onSettingUp,
  choices,
  isLead,
  isSample,
  letters,
  onLetters,
}: {
  isSettingUp: boolean;
  onSettingUp: (isSettingUp: boolean) => void;
  choices: SourceChoices | null;
  isLead: boolean;
  isSample: boolean;
  letters: readonly LetterCount[];
  onLetters: (origin: string) => void;
}) {
  const sources = useLiveSources();
  const [selectedId, setSelectedId] = useState<number | null>(null);
  const [isChanging, setChanging] = useState(false);
  const [fresh, setFresh] = useState<{ id: number; token: string } | null>(null);
  const selected = sources.data?.find(({ source }) => source.id === selectedId) ?? null;
  const made = sources.data?.find(({ source }) => source.id === fresh?.id) ?? null;
  const close = () => {
    onSettingUp(false);
    setChanging(false);
  };
  return (
    <>
      {isSettingUp && choices !== null ? (
        <SourceForm
          key="new"
          editing={null}
          choices={choices}
          onCancel={close}
          onDone={(id, token) => {
            close();
            setSelectedId(id);
            setFresh(token === null ? null : { id, token });
          }}
        />
      ) : null}
      <Panel
        title="Live sources"
        note={
          isSample
            ? 'The sample runs none: start a workspace of your own first.'
            : choices?.runsHere === false
              ? 'This process runs none; the hub or the desktop does.'
              : 'How each does at this moment.'
        }
      >
        <div className={classes.column}>
          {fresh === null ? null : <TokenOnce token={fresh.token} live={made} />}
          <LiveSources
            selectedId={selectedId}
            onSelect={(id) => {
              setSelectedId(id);
              setChanging(false);
              setFresh(null);
            }}
            letters={letters}
            onLetters={onLetters}
            empty={emptyWords(isSample, isLead && choices?.runsHere === true)}
          />
        </div>
      </Panel>
      {selected === null ? null : isChanging && choices !== null ? (
        <SourceForm
          key={`${selected.source.id} ${selected.source.version}`}
          editing={selected.source}
          choices={choices}
          onCancel={close}
          onDone={close}
        />
      ) : (
        <SourceDetail
          key={selected.source.id}
          live={selected}
          isLead={isLead && !isSample}
          onChange={() => setChanging(true)}
          onRemoved={() => setSelectedId(null)}
        />
      )}
    </>
  );
}
