import { wordsOf } from '../../state/error-words.ts';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf } from '../../ui/words.ts';
import { proposalHash } from './rule-words.ts';
import classes from './rules.module.css';
import { useProposals } from './use-rules.ts';

/** Proposed rules that wait for a second person. */
export function ProposalsPanel() {
  const proposals = useProposals(true);
  return (
    <QueryState
      data={proposals.data}
      error={proposals.error === null ? null : wordsOf(proposals.error, 'Reading the proposals')}
      label="the proposals"
      onRetry={() => void proposals.refetch()}
    >
      {(data) =>
        data.length === 0 ? (
          <p className="ew-muted">None waits. A rule is proposed from its own page, once it was tried on history.</p>
        ) : (
          <ul className={classes.hits}>
            {data.map((proposal) => (
              <li key={proposal.id}>
                <a href={proposalHash(proposal.id)}>
                  <LineText text={proposal.title} />
                </a>{' '}
                version {proposal.version}, by {proposal.author}, <TimeText atMs={proposal.createdAtMs} form="age" />{' '}
                ago, {countOf(proposal.comments, 'comment')}
                {proposal.blocks[0] === undefined ? (
                  <span className="ew-strong"> You can approve it.</span>
                ) : (
                  <div className="ew-muted ew-small">{proposal.blocks[0]}</div>
                )}
              </li>
            ))}
          </ul>
        )
      }
    </QueryState>
  );
}
