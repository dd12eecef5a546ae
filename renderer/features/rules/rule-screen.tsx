import { Button, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { goTo, hashOf } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useDecide } from '../../state/use-decide.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { HostileText } from '../../ui/hostile-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { isFocusNowhere, useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { countOf, formatCount } from '../../ui/words.ts';
import { Closures } from '../automation/closures.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { BesidePanel } from './beside-panel.tsx';
import { EditorPage } from './editor-page.tsx';
import { HighSeverityPanel } from './high-severity-panel.tsx';
import { RuleStatusMark } from './rule-status.tsx';
import { type Backtest, blankRule, endWords, proposalHash, RULE_STATUS_MEANS, type RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';
import { useBacktest, useRule } from './use-rules.ts';

const DAY_MS = 86_400_000;
const BLANK_DAYS = 90;

/** A new rule: blank, or made from an item of the queue. */
export function NewRule({ fromGroupId }: { fromGroupId: number | null }) {
  const engine = useEngine();
  const nowMs = useNow();
  const me = useWorkspace().data?.me?.name ?? '';
  const draft = useQuery({
    queryKey: keys.automation('draft-from', fromGroupId),
    queryFn: async () => {
      if (fromGroupId !== null) return (await engine.rules.draftFrom({ groupId: fromGroupId })).document;
      const expires = new Date(nowMs + BLANK_DAYS * DAY_MS).toISOString().slice(0, 10);
      return blankRule(crypto.randomUUID(), me, expires);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <QueryState
      data={draft.data}
      error={draft.error === null ? null : wordsOf(draft.error, 'Making a rule from this alert')}
      label="the draft"
      onRetry={() => void draft.refetch()}
    >
      {(document) => (
        <EditorPage
          id={null}
          basedOn={null}
          document={document}
          note={
            fromGroupId === null
              ? 'A new rule'
              : 'Made from an alert, as narrow as it can be. Take away what is too much.'
          }
          onLeave={() => goTo(hashOf('automation'))}
        />
      )}
    </QueryState>
  );
}

/** One rule: what it is, what became of its versions, and what may be done with it. */
export function RuleScreen({ id }: { id: string }) {
  const [version, setVersion] = useState<number | null>(null);
  const [isEditing, setEditing] = useState(false);
  const rule = useRule(id, version);
  return (
    <QueryState
      data={rule.data}
      error={rule.error === null ? null : wordsOf(rule.error, 'Reading the rule')}
      label="the rule"
      onRetry={() => void rule.refetch()}
    >
      {(detail) =>
        isEditing ? (
          <EditorPage
            id={id}
            basedOn={detail.versions[0]?.version ?? null}
            document={detail.document}
            note={`A new version of ${detail.line.title}, from version ${detail.version}`}
            onLeave={() => setEditing(false)}
            onSaved={(saved) => {
              setEditing(false);
              setVersion(saved);
            }}
          />
        ) : (
          <RulePage detail={detail} onVersion={setVersion} onEdit={() => setEditing(true)} />
        )
      }
    </QueryState>
  );
}

function RulePage({
  detail,
  onVersion,
  onEdit,
}: {
  detail: RuleDetail;
  onVersion: (version: number) => void;
  onEdit: () => void;
}) {
  const { line, version, versions, document } = detail;
  const shown = versions.find((each) => each.version === version);
  const isFile = line.origin === 'file';
  const nowMs = useNow();
  const status = shown?.status ?? line.status;
  const write = useRef<HTMLButtonElement>(null);
  // Whoever comes out of the editor has lost the element that was focused: they go on from here.
  useEffect(() => {
    if (isFocusNowhere()) write.current?.focus();
  }, []);
  return (
    <Page
      note={
        <>
          <a href={hashOf('automation')}>Automation</a> / <LineText text={line.title} />
        </>
      }
      action={
        <Button ref={write} variant="filled" onClick={onEdit}>
          Write a new version
        </Button>
      }
    >
      <Panel
        title={line.title}
        note={`Version ${version}, answerable: ${line.owner}${isFile ? ', from a file' : ''}; ${endWords(line.expires, nowMs)}`}
        action={<RuleStatusMark status={status} />}
      >
        <div className={classes.panel}>
          <p>
            {RULE_STATUS_MEANS[status]} {shown?.statusReason}
          </p>
          {line.openProposalId === null ? null : (
            <p>
              <a href={proposalHash(line.openProposalId)}>A proposal waits for an answer.</a>
            </p>
          )}
          <LifeButtons detail={detail} />
          <HostileText text={document} label="The rule as it was written" />
        </div>
      </Panel>
      <BacktestPanel key={version} id={line.id} version={version} canRun />
      {detail.beside === null ? null : <BesidePanel beside={detail.beside} />}
      <ProposePanel detail={detail} />
      <HighSeverityPanel key={`high ${version}`} detail={detail} />
      <Panel title="Versions" note="Every one that was ever written; one that acted is never changed.">
        <Versions detail={detail} onVersion={onVersion} />
      </Panel>
      <Panel title="What it closed, and why" note="Newest first. Each can be reopened from the queue.">
        <Closures ruleId={line.id} />
      </Panel>
    </Page>
  );
}

type Version = RuleDetail['versions'][number];

function placeWords({ isInForce, isBeside, status }: Version): string {
  if (isInForce) return status === 'suspended' ? ', stopped' : ', in force';
  return isBeside ? ', beside it' : '';
}

function Versions({ detail, onVersion }: { detail: RuleDetail; onVersion: (version: number) => void }) {
  const columns: Column<Version>[] = [
    {
      key: 'version',
      header: 'Version',
      width: '90px',
      render: (row) => (
        <button
          type="button"
          className={classes.link}
          aria-pressed={row.version === detail.version}
          onClick={() => onVersion(row.version)}
        >
          {row.version}
          {placeWords(row)}
        </button>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: '110px',
      render: (row) => <RuleStatusMark status={row.status} />,
    },
    { key: 'why', header: 'Because', render: (row) => row.statusReason ?? '' },
    { key: 'author', header: 'Written by', width: '150px', render: (row) => row.author ?? 'a file' },
    {
      key: 'at',
      header: 'Since',
      width: '170px',
      importance: 2,
      render: (row) => <TimeText atMs={row.loadedAtMs} form="minute" />,
    },
    { key: 'hits', header: 'Alerts matched', align: 'right', width: '80px', render: (row) => formatCount(row.hits) },
    { key: 'closed', header: 'Alerts closed', align: 'right', width: '80px', render: (row) => formatCount(row.closed) },
  ];
  return (
    <DataTable
      caption="Versions of this rule, newest first"
      columns={columns}
      rows={detail.versions}
      rowKey={(row) => row.version}
    />
  );
}

/** Shadow, draft and stop: what needs no second person, with a reason that stays. */
function LifeButtons({ detail }: { detail: RuleDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [wanted, setWanted] = useState<'draft' | 'shadow' | 'suspended' | null>(null);
  const [reason, setReason] = useState('');
  const buttons = useRef<HTMLDivElement>(null);
  useCaughtFocus(buttons, wanted);
  const { line, version, versions } = detail;
  const shown = versions.find((each) => each.version === version);
  const status = shown?.status ?? line.status;
  const isActing = shown?.isInForce === true && (status === 'provisional' || status === 'certified');
  const send = async () => {
    if (wanted === null) return;
    const done = await decide.run(
      () =>
        engine.rules.setStatus({
          statement: makeStatement({ kind: 'rule.status', reason }),
          id: line.id,
          version,
          to: wanted,
          reason,
        }),
      { doing: 'Changing the rule', isUndoable: false },
    );
    if (done !== null) setWanted(null);
  };
  if (wanted !== null) {
    return (
      <form
        className={classes.reason}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setWanted(null);
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Textarea
          label={BUTTON_WORDS[wanted]}
          description="Why? It stays with the rule."
          autosize
          minRows={2}
          ref={focusOnMount}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" disabled={reason.trim().length < 3}>
            {BUTTON_WORDS[wanted]}
          </Button>
          <Button onClick={() => setWanted(null)}>Leave it</Button>
        </div>
      </form>
    );
  }
  return (
    <div ref={buttons} tabIndex={-1} className={classes.buttons}>
      {isActing ? <Button onClick={() => setWanted('suspended')}>{BUTTON_WORDS.suspended}</Button> : null}
      {isActing || status === 'shadow' ? null : (
        <Button onClick={() => setWanted('shadow')}>{BUTTON_WORDS.shadow}</Button>
      )}
      {status === 'shadow' ? <Button onClick={() => setWanted('draft')}>{BUTTON_WORDS.draft}</Button> : null}
    </div>
  );
}

const BUTTON_WORDS = {
  suspended: 'Stop this rule',
  shadow: 'Let it say what it would do',
  draft: 'Take it back to a draft',
} as const;

/** What has to be done before a version can be proposed; null when nothing has. */
function proposalLacks(backtest: Backtest | null, text: string): string | null {
  if (backtest === null || backtest.report === null) return 'It has to be tried on history first.';
  if (backtest.report.blocks.length > 0) return 'What stands against it above has to be mended first.';
  if (backtest.unanswered > 0) {
    return `${countOf(backtest.unanswered, 'true positive')} above ${backtest.unanswered === 1 ? 'has' : 'have'} to be answered for first.`;
  }
  return text.trim().length < 3 ? 'Write first what they should know.' : null;
}

/** Asks a second person: with the backtest that stands above. */
function ProposePanel({ detail }: { detail: RuleDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [text, setText] = useState('');
  const { line, version, versions } = detail;
  const backtest = useBacktest(line.id, version);
  const shown = versions.find((each) => each.version === version);
  const isNewest = versions[0]?.version === version;
  const isActing = shown?.status === 'provisional' || shown?.status === 'certified';
  if (!isNewest || isActing || line.openProposalId !== null) return null;
  const lacks = proposalLacks(backtest.data ?? null, text);
  const send = async () => {
    const done = await decide.run(
      () =>
        engine.rules.propose({
          statement: makeStatement({ kind: 'rule.propose', reason: text }),
          id: line.id,
          version,
          text,
        }),
      { doing: 'Proposing it', isUndoable: false },
    );
    if (done !== null) goTo(proposalHash(done.proposalId));
  };
  return (
    <Panel title="Propose it" note="A second person reads the backtest and approves, or sends it back.">
      <form
        className={classes.reason}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Textarea
          label="What should they know?"
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" disabled={lacks !== null}>
            Propose version {version}
          </Button>
          {lacks === null ? null : <span className="ew-muted ew-small">{lacks}</span>}
        </div>
      </form>
    </Panel>
  );
}
