import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { hashOf } from '../../frame/route.ts';
import { wordsOf } from '../../state/error-words.ts';
import { HostileText } from '../../ui/hostile-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { isFocusNowhere } from '../../ui/use-caught-focus.ts';
import { Closures } from '../automation/closures.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { BesidePanel } from './beside-panel.tsx';
import { EditorPage } from './editor-page.tsx';
import { HighSeverityPanel } from './high-severity-panel.tsx';
import { LifeButtons } from './life-buttons.tsx';
import { ProposePanel } from './propose-panel.tsx';
import { RuleStatusMark } from './rule-status.tsx';
import { RuleVersions } from './rule-versions.tsx';
import { endWords, proposalHash, RULE_STATUS_MEANS, type RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';
import { useRule } from './use-rules.ts';

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
        <RuleVersions detail={detail} onVersion={onVersion} />
      </Panel>
      <Panel title="What it closed, and why" note="Newest first. Each can be reopened from the queue.">
        <Closures ruleId={line.id} />
      </Panel>
    </Page>
  );
}
