import type { EntityFact, GroupDetail } from '../../../../shared/model/queue.ts';
import { EntityText } from '../../../ui/entity-text.tsx';
import { showHidden } from '../../../ui/hostile.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import classes from './detail.module.css';

const SHOWN_MAX = 60;

/** Who and what is named, with what is known of each. What is not known is said to be unknown. */
export function Entities({ detail, onFind }: { detail: GroupDetail; onFind: (text: string) => void }) {
  const { entities } = detail;
  if (entities.length === 0) {
    return (
      <Section title="Who and what">
        <p className="ew-muted">The alert names no host, address, user or file.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Who and what"
      note={entities.length > SHOWN_MAX ? `first ${SHOWN_MAX} of ${entities.length}` : null}
    >
      <ul className={classes.entities}>
        {entities.slice(0, SHOWN_MAX).map((entity) => (
          <li key={`${entity.kind}/${entity.role}/${entity.value}`}>
            <div className={classes.entityHead}>
              <span className="ew-muted ew-small">{entity.role}</span>
              <EntityText value={entity.value} tailMax={28} />
              <button
                type="button"
                className={classes.link}
                aria-label={`Find ${showHidden(entity.value).slice(0, 80)} in open and closed alerts`}
                onClick={() => onFind(entity.value.slice(0, 500))}
              >
                Find
              </button>
            </div>
            <Known facts={entity.facts} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Known({ facts }: { facts: EntityFact['facts'] }) {
  if (facts.length === 0) return null;
  return (
    <ul className={classes.known}>
      {facts.map(({ label, value }) => (
        <li key={label}>
          <span className="ew-muted">{label}</span>{' '}
          {value === null ? <span className={classes.unknown}>unknown</span> : <LineText text={value} limit={200} />}
        </li>
      ))}
    </ul>
  );
}
