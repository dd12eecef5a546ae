import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { hashOf } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useDecide } from '../../state/use-decide.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { HostileText } from '../../ui/hostile-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Columns, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { BacktestOutcome } from './backtest-panel.tsx';
import { BesidePanel } from './beside-panel.tsx';
import { type ProposalDetail, ruleHash } from './rule-words.ts';
import classes from './rules.module.css';
import { useProposal } from './use-rules.ts';

/** A proposed rule with its backtest, open for comment by everyone, decided by a second person. */
export function ProposalScreen({ id }: { id: number }) {
  const proposal = useProposal(id);
  return (
    <QueryState
      data={proposal.data}
      error={proposal.error === null ? null : wordsOf(proposal.error, 'Reading the proposal')}
      label="the proposal"
      onRetry={() => void proposal.refetch()}
    >
      {(detail) => (
        <Page
          note={
            <>
              <a href={hashOf('automation')}>Automation</a> / Proposal
            </>
          }
        >
          <Panel
            title={detail.proposal.title}
            note={
              <>
                Version {detail.proposal.version}, proposed by {detail.proposal.author},{' '}
                <TimeText atMs={detail.proposal.createdAtMs} form="minute" />
              </>
            }
            action={<a href={ruleHash(detail.proposal.ruleId)}>The rule with all its versions</a>}
          >
            <div className={classes.panel}>
              <p>
                <LineText text={detail.proposal.text} limit={4000} />
              </p>
              <Verdict detail={detail} />
            </div>
          </Panel>
          <Panel title="On history" note="What it would have done.">
            <BacktestOutcome backtest={detail.backtest} canAnswer={detail.proposal.state === 'open'} />
          </Panel>
          {detail.beside === null ? null : <BesidePanel beside={detail.beside} />}
          <Columns>
            <Panel title="Its text">
              <HostileText text={detail.document} label="The proposed text" />
            </Panel>
            {detail.before === null ? null : (
              <Panel title="The text in force">
                <HostileText text={detail.before} label="The text in force" />
              </Panel>
            )}
          </Columns>
          <Panel title="What people say" note="Anybody on the team may.">
            <Comments detail={detail} />
          </Panel>
        </Page>
      )}
    </QueryState>
  );
}

function Verdict({ detail }: { detail: ProposalDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const me = useWorkspace().data?.me?.name;
  const [reason, setReason] = useState('');
  const { proposal } = detail;
  const outcome = useRef<HTMLParagraphElement>(null);
  useCaughtFocus(outcome, proposal.state);
  if (proposal.state !== 'open') {
    return (
      <p ref={outcome} tabIndex={-1} className="ew-strong">
        {proposal.state === 'approved' ? 'Approved' : `It is ${proposal.state}`}
        {proposal.decidedBy === null ? '' : ` by ${proposal.decidedBy}`}
        {proposal.decidedReason === null ? '.' : `: ${proposal.decidedReason}`}
      </p>
    );
  }
  const send = (verdict: 'approve' | 'reject') =>
    decide.run(
      () =>
        engine.rules.decide({
          statement: makeStatement({ kind: 'rule.decide', reason }),
          proposalId: proposal.id,
          verdict,
          reason,
        }),
      { doing: verdict === 'approve' ? 'Approving it' : 'Sending it back', isUndoable: false },
    );
  const withdraw = () =>
    decide.run(
      () => engine.rules.withdraw({ statement: makeStatement({ kind: 'rule.withdraw' }), proposalId: proposal.id }),
      { doing: 'Taking it back', isUndoable: false },
    );
  return (
    <div className={classes.reason}>
      {proposal.blocks.map((block) => (
        <p key={block} className={classes.alarm}>
          {block}
        </p>
      ))}
      <Textarea
        label="Why"
        description="Stays with the rule. Approved, it acts for 30 days with a daily limit, and is audited."
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button
          variant="filled"
          disabled={proposal.blocks.length > 0 || reason.trim().length < 3}
          onClick={() => void send('approve')}
        >
          Approve version {proposal.version}
        </Button>
        <Button disabled={reason.trim().length < 3 || proposal.author === me} onClick={() => void send('reject')}>
          Send it back
        </Button>
        {proposal.author === me ? <Button onClick={() => void withdraw()}>Take it back</Button> : null}
        {proposal.author !== me && reason.trim().length < 3 ? (
          <span className="ew-muted ew-small">Write why first.</span>
        ) : null}
      </div>
    </div>
  );
}

function Comments({ detail }: { detail: ProposalDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const [text, setText] = useState('');
  const send = async () => {
    const done = await decide.run(
      () =>
        engine.rules.comment({
          statement: makeStatement({ kind: 'rule.comment', reason: text }),
          proposalId: detail.proposal.id,
          text,
        }),
      { doing: 'Commenting', isUndoable: false },
    );
    if (done !== null) setText('');
  };
  return (
    <div className={classes.panel}>
      {detail.comments.length === 0 ? <p className="ew-muted">Nobody has said anything yet.</p> : null}
      <ul className={classes.hits}>
        {detail.comments.map((comment) => (
          <li key={comment.id}>
            <span className="ew-strong">{comment.author}</span>{' '}
            <span className="ew-muted ew-small">
              <TimeText atMs={comment.atMs} form="both" />
            </span>
            <p>
              <LineText text={comment.text} limit={4000} />
            </p>
          </li>
        ))}
      </ul>
      {detail.proposal.state === 'open' ? (
        <form
          className={classes.reason}
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <Textarea
            label="Say something about it"
            autosize
            minRows={2}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.buttons}>
            <Button type="submit" disabled={text.trim().length < 3}>
              Comment
            </Button>
          </div>
        </form>
      ) : null}
    </div>
  );
}
