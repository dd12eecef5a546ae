import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { canaryKey } from '../../shared/domain/assurance/canary.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import type { AlertCommandDeps } from '../ingest/alert-commands.ts';
import { type Candidate, makeClassifier } from '../ingest/pipeline-classify.ts';
import { storeRecord } from '../ingest/store-record.ts';
import { checkStatement } from '../routing/decide.ts';
import { groupOfStableId } from '../store/alerts.ts';
import { currentRule } from '../store/automation.ts';
import { plantCanary } from '../store/canaries.ts';
import { usualOrigin } from '../store/canary-library.ts';
import { judgeRules } from './judge-rule.ts';

/**
 * Sends a true positive that is known as one through everything, as its product would have sent it. Rules and guards cannot
 * tell it from any other; a rule that would close it is stopped in the same transaction, and the alert goes to people.
 */
export async function plantTruePositive(
  context: CommandContext,
  deps: AlertCommandDeps & { policy: AssurancePolicy },
  { statement, ruleId, record, reason }: InputOf<'assurance', 'plant'>,
): Promise<OutputOf<'assurance', 'plant'>> {
  checkStatement(statement, 'assurance.plant', null);
  const { tx, nowMs } = context;
  if ((await currentRule(tx, ruleId, nowMs)) === null) {
    throw new EngineError('not_found', 'There is no rule with this id.');
  }
  const value = recordOf(record);
  const item = makeClassifier(
    'auto',
    () => nowMs,
    deps.formats,
  )({ kind: 'record', value, bytes: Buffer.from(record), line: 1 });
  if (item.kind !== 'alert') throw new EngineError('invalid_input', 'No product is known that sends alerts like this.');
  const { product, stableId } = item.alert;
  if ((await groupOfStableId(tx, item.format, stableId)) !== null) {
    throw new EngineError('conflict', 'An alert with this id came in before. Give the record another id.');
  }
  // It says that it came from where all others of its product come from, or those who get it would know.
  const usual = await usualOrigin(tx, product);
  const from = { ruleId, fromGroupId: null, origin: usual?.name ?? product, site: usual?.site ?? null };
  const stopped = await sendPlanted(context, deps, item, from);
  const summary = `Planted a known true positive in the scope of a rule: ${reason}`;
  const decisionId = await context.record({ kind: 'assurance.plant', statement, summary, subjects: [] });
  const outcome = stopped === 0 ? 'It reached people, as it should' : 'A rule would have closed it and was suspended';
  return { decisionId, changed: 1, skipped: [], summary: outcome, seq: 0 };
}

/**
 * Sends a record through everything as any other and remembers that it was planted. Answers how many rules would have
 * closed it and were stopped.
 */
export async function sendPlanted(
  context: CommandContext,
  deps: AlertCommandDeps & { policy: AssurancePolicy },
  item: Candidate,
  from: { ruleId: string; fromGroupId: number | null; origin: string; site: string | null },
): Promise<number> {
  const { product, stableId } = item.alert;
  const { ruleId, fromGroupId, origin, site } = from;
  const planted = { rule_id: ruleId, planted_at_ms: context.nowMs, from_group_id: fromGroupId };
  await plantCanary(context.tx, { product, stable_id: stableId, ...planted });
  const triage = { ...deps.triage(), canaries: new Set([canaryKey(product, stableId)]) };
  await storeRecord(
    context,
    item,
    { triage, append: deps.append, formats: deps.formats },
    { origin, site, isRun: false },
  );
  const judged = await judgeRules(context, deps.policy);
  context.touch('rule');
  return judged.filter(({ verdict }) => verdict.trigger === 'canary').length;
}

function recordOf(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new EngineError('invalid_input', 'The record is not JSON.');
  }
  if (!isJsonObject(value)) throw new EngineError('invalid_input', 'The record must be one JSON object.');
  return value;
}
