import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { goTo } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { Columns, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { countOf } from '../../ui/words.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { checkLocally } from './rule-check.ts';
import { RuleEditor } from './rule-editor.tsx';
import { ruleHash } from './rule-words.ts';
import classes from './rules.module.css';
import { checkQuery } from './text-queries.ts';

/** So long after the last change the text is checked and tried: not at every letter. */
const TRIED_AFTER_MS = 200;
/** More faults than these are not read at once. */
const SHOWN_MAX = 8;

/** Writing a rule: the text, what is wrong with it, and what it would do, side by side. Saving makes a draft. */
export function EditorPage({
  id,
  basedOn,
  document,
  note,
  onLeave,
  onSaved,
}: {
  id: string | null;
  basedOn: number | null;
  document: string;
  note: string;
  onLeave: () => void;
  onSaved?: (version: number) => void;
}) {
  const engine = useEngine();
  const decide = useDecide();
  const [text, setText] = useState(document);
  // What it is based on stays what it was when writing began: a version that somebody saved meanwhile is no base of it.
  const [base] = useState(basedOn);
  const [tried] = useDebouncedValue(text, TRIED_AFTER_MS);
  const faults = useMemo(() => faultsOf(text), [text]);
  const [readable, setReadable] = useState<string | null>(null);
  // While a word is half written the last text that could be read stays on show, so that nothing jumps.
  if (readable !== tried && faultsOf(tried).length === 0) setReadable(tried);
  const save = async () => {
    const done = await decide.run(
      () => engine.rules.save({ statement: makeStatement({ kind: 'rule.save' }), id, basedOn: base, document: text }),
      { doing: 'Saving the rule', isUndoable: false },
    );
    if (done === null) return;
    onSaved?.(done.version);
    goTo(ruleHash(done.id));
  };
  return (
    <Page
      note={note}
      action={
        <>
          <Button onClick={onLeave}>Leave without saving</Button>
          <Button variant="filled" disabled={faults.length > 0} onClick={() => void save()}>
            Save as a draft
          </Button>
        </>
      }
    >
      <Columns>
        <Panel
          title="The rule"
          note={
            faults.length === 0 ? 'It can be read.' : `${countOf(faults.length, 'fault')}: it cannot be saved like this`
          }
        >
          <div className={classes.panel}>
            <RuleEditor text={document} onChange={setText} label="Text of the rule" />
            <Problems text={tried} />
          </div>
        </Panel>
        <PreviewPanel document={readable} isBehind={readable !== tried} />
      </Columns>
    </Page>
  );
}

function faultsOf(text: string) {
  return checkLocally(text).filter(({ level }) => level === 'error');
}

/** Faults and warnings with their places, also those that only the engine knows: lists, life, examples. */
function Problems({ text }: { text: string }) {
  const engine = useEngine();
  const check = useQuery({ ...checkQuery(engine, text), placeholderData: keepPreviousData });
  const problems = check.data?.problems ?? checkLocally(text);
  return (
    <div role="status">
      {problems.length === 0 ? null : (
        <ul className={classes.problems}>
          {problems.slice(0, SHOWN_MAX).map((problem) => (
            <li key={`${problem.line} ${problem.column} ${problem.message}`} data-level={problem.level}>
              Line {problem.line}, column {problem.column}: {problem.message}
            </li>
          ))}
          {problems.length <= SHOWN_MAX ? null : <li>And {problems.length - SHOWN_MAX} more.</li>}
        </ul>
      )}
      {check.data === undefined || check.data.tests === 0 ? null : (
        <p className="ew-muted">
          {check.data.passed} of {countOf(check.data.tests, 'example')} do as they should.
        </p>
      )}
    </div>
  );
}
