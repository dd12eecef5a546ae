import type { DecisionKind, Statement } from '../../../shared/model/decision.ts';
import { randomUuid } from '../../random-uuid.ts';
import { systemClock, systemRandom } from '../host-ports.ts';

/** What a command in a terminal says that it decides. */
export function statementFor(kind: DecisionKind): Statement {
  return {
    commandId: randomUuid(systemRandom),
    kind,
    subjects: null,
    subjectsDigest: null,
    basedOn: [],
    reason: null,
    claimedAtMs: systemClock.nowMs(),
  };
}
