import { useState } from 'react';
import type { GroupDetail } from '../../../../shared/model/queue.ts';
import type { GroupRule } from '../../../../shared/model/rule.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Waterfall } from '../../../ui/waterfall.tsx';
import { countOf } from '../../../ui/words.ts';
import { useQueueState } from '../queue-state.ts';
import { ClaimedSeverity, ProposeSeverity } from './claimed-severity.tsx';
import classes from './detail.module.css';
import { describeAction } from './rule-words.ts';

const MODES: Readonly<Record<GroupRule['mode'], string>> = {
  acted: 'Acted',
  shadow: 'In shadow: only said what it would do',
  withheld: 'Held back by a guard',
};

/** One sentence why it is here and why now; the terms and the rules behind it on demand. */
export function Why({ detail }: { detail: GroupDetail }) {
  const [isShown, setShown] = useState(false);
  const next = useQueueState((state) => state.nextWhy);
  return (
    <section className={classes.why} aria-label="Why it is here">
      {next !== null && next.id === detail.item.id && next.why !== '' ? (
        <p className="ew-muted">Next for you: {next.why}</p>
      ) : null}
      <p>
        <strong>
          <LineText text={detail.why} />
        </strong>{' '}
        <button type="button" className={classes.link} aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide how' : 'Show how'}
        </button>
      </p>
      <ClaimedSeverity detail={detail} />
      {isShown ? (
        <div className={classes.how}>
          <Waterfall priority={detail.priority} />
          <Rules rules={detail.rules} />
          <ProposeSeverity key={detail.item.id} detail={detail} />
        </div>
      ) : null}
    </section>
  );
}

function Rules({ rules }: { rules: readonly GroupRule[] }) {
  if (rules.length === 0)
    return <p className="ew-muted">No rule of ours matched it. It came to the queue by itself.</p>;
  return (
    <ul className={classes.rules}>
      {rules.map((rule) => (
        <li key={`${rule.ruleId}/${rule.ruleVersion}/${rule.mode}`}>
          <p>
            <strong>{rule.title}</strong>{' '}
            <span className="ew-muted">
              version {rule.ruleVersion}, {rule.owner} answers for it. {MODES[rule.mode]} on{' '}
              {countOf(rule.count, 'alert')}.
            </span>
          </p>
          <p className="ew-small">
            {rule.mode === 'acted' ? 'Did' : 'Would'}: {rule.actions.map(describeAction).join('; ')}.{' '}
            {rule.why === null ? null : <span>{rule.why}</span>}
          </p>
          <p className="ew-small ew-muted">{rule.rationale}</p>
          {rule.matched.length === 0 ? null : (
            <table className={classes.matched}>
              <caption className="ew-visually-hidden">Fields that matched the rule {rule.title}</caption>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Asked for</th>
                  <th scope="col">Was</th>
                </tr>
              </thead>
              <tbody>
                {rule.matched.map((match) => (
                  <tr key={`${match.selection}/${match.field}/${match.pattern}/${match.value}`}>
                    <td className="ew-mono">{match.field}</td>
                    <td className="ew-mono">
                      <LineText text={match.pattern} limit={300} />
                    </td>
                    <td className="ew-mono">
                      <LineText text={match.value} limit={300} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </li>
      ))}
    </ul>
  );
}
