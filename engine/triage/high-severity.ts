import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import { isClosingRule } from '../../shared/domain/rules/rule-document.ts';
import { compileRules } from '../../shared/domain/rules/rule-set.ts';
import { highSeverityGaps } from '../../shared/domain/triage/guards.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { RuleStatus } from '../../shared/model/rule.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { listLookups } from '../store/entity-lists.ts';
import { personById } from '../store/people.ts';
import { shownBounds } from '../store/rule-assurance.ts';
import { approvalsOf, ruleVersion, setSecondApproval } from '../store/rule-life.ts';
import type { RuleVersionRow } from '../store/rule-versions.ts';
import type { Read } from '../store/store.ts';
import { blocksFor, personOf, told } from './rule-life-commands.ts';
import { approversOf } from './store-rules.ts';

export function highSeverityCommands(policy: TriagePolicy): Readonly<Record<string, Command>> {
  return {
    'rules.approveForHigh': command((context, input: InputOf<'rules', 'approveForHigh'>) =>
      approveForHigh(context, input, policy),
    ),
  };
}

type HighSeverity = NonNullable<OutputOf<'rules', 'get'>['highSeverity']>;

/**
 * What stands between a version and high severity, and between this person and approving it for that. Null for a rule
 * that neither closes nor lowers.
 */
export async function highSeverityOf(
  db: Read,
  callerId: string,
  row: RuleVersionRow,
  policy: TriagePolicy,
): Promise<HighSeverity | null> {
  const { rule } = parseRule(row.document);
  if (rule === null) return null;
  const lowers = rule.actions.some((action) => 'priority' in action && action.priority === 'down');
  if (!isClosingRule(rule) && !lowers) return null;
  const bound = row.is_current === 1 ? ((await shownBounds(db)).get(row.rule_id) ?? 1) : 1;
  const document = {
    ...rule,
    status: row.status as RuleStatus,
    ...approversOf(row, rule),
    assurance: { ...rule.assurance, bound },
  };
  const [compiled] = compileRules([document], await listLookups(db)).rules;
  const gaps = compiled === undefined ? ['a rule whose lookup lists are loaded'] : highSeverityGaps(compiled);
  const isFit = compiled?.namesSourceRule === true && compiled.entityScope.isScoped;
  return {
    gaps,
    secondApprovedBy: document.secondApprovedBy,
    blocks:
      document.secondApprovedBy !== null
        ? []
        : isFit
          ? await blocksForSecond(db, callerId, row, policy)
          : ['A second approval would change nothing as long as its text is like this.'],
  };
}

/** What keeps this person from the second approval: having had a hand in it, its first approval, or their tier. */
async function blocksForSecond(
  db: Read,
  callerId: string,
  row: RuleVersionRow,
  policy: TriagePolicy,
): Promise<string[]> {
  if (row.is_current !== 1 || (row.status !== 'provisional' && row.status !== 'certified')) {
    return ['Only a version that acts is approved for high severity.'];
  }
  const before = await approvalsOf(db, row.rule_id, row.version);
  const person = await personById(db, callerId);
  const first = (row.approved_by ?? '').trim().toLowerCase();
  if (before.includes(callerId) || [callerId, person?.name ?? ''].some((name) => name.toLowerCase() === first)) {
    return ['You gave the first approval: another person has to give the second.'];
  }
  return blocksFor(db, { id: callerId }, { author_id: '' }, row, policy);
}

/** A third person, neither its author nor its first approver, lets a version that acts touch high severity too. */
async function approveForHigh(
  context: CommandContext,
  { id, version, reason, statement }: InputOf<'rules', 'approveForHigh'>,
  policy: TriagePolicy,
): Promise<DecisionResult> {
  const by = personOf(context);
  const row = await ruleVersion(context.tx, id, version);
  if (row === null) throw new EngineError('not_found', 'There is no such version of this rule.');
  const high = await highSeverityOf(context.tx, by.id, row, policy);
  if (high === null) throw new EngineError('conflict', 'This rule neither closes nor lowers anything.');
  if (high.secondApprovedBy !== null) {
    throw new EngineError('conflict', `${high.secondApprovedBy} gave the second approval already.`);
  }
  const [block] = high.blocks;
  if (block !== undefined) throw new EngineError('forbidden', block);
  await setSecondApproval(context.tx, id, version, by.name);
  const summary = `Approved “${row.title}” version ${version} for high severity too: ${reason}`;
  return told(context, statement, 'rule.approve_high', summary);
}
