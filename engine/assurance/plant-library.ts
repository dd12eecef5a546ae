import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { drawAt } from '../../shared/domain/assurance/draw.ts';
import { remakeRecord } from '../../shared/domain/assurance/remake-incident.ts';
import type { CommandContext } from '../handlers.ts';
import type { AlertCommandDeps } from '../ingest/alert-commands.ts';
import { type Candidate, makeClassifier } from '../ingest/pipeline-classify.ts';
import { readStoredAlert } from '../ingest/stored-alert.ts';
import { groupOfStableId } from '../store/alerts.ts';
import {
  isCanary,
  type KnownIncident,
  knownIncidents,
  originOf,
  type PlantingScope,
  plantedSince,
  plantingScopes,
} from '../store/canary-library.ts';
import { readOriginals } from '../store/originals.ts';
import type { Read } from '../store/store.ts';
import { sendPlanted } from './plant-command.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** A rule that closed nothing for so long has no scope to plant in. */
const SCOPE_DAYS = 30;
const TRIED = 20;
const BRACE = 0x7b;

export interface PlantDeps extends AlertCommandDeps {
  policy: AssurancePolicy;
  /** Secret, so that nobody knows when something is planted. */
  seed: string;
}

/**
 * Plants what is due in this week: for each family of rules that act, a true positive of the workspace's own past, made
 * anew for a thing that the rule closes and for now. One at a time, at an hour of the week that the seed draws. Nothing
 * tells it from any other alert but a row that no screen of analysts reads. True when a rule was stopped by it.
 */
export async function plantDue(context: CommandContext, deps: PlantDeps): Promise<boolean> {
  const { canary } = deps.policy;
  if (!canary.plantsItself) return false;
  const { tx, nowMs } = context;
  const week = Math.floor(nowMs / WEEK_MS);
  const scopes = await plantingScopes(tx, nowMs - SCOPE_DAYS * DAY_MS);
  const familyOf = new Map(scopes.map(({ ruleId, family }) => [ruleId, family]));
  const planted = await plantedSince(tx, week * WEEK_MS);
  for (const scope of scopes) {
    const { family } = scope;
    const n = planted.filter((ruleId) => (familyOf.get(ruleId) ?? ruleId) === family).length;
    if (n >= canary.perFamilyPerWeek) continue;
    const part = (n + drawAt(deps.seed, `plant/${family}/${week}/${n}`)) / canary.perFamilyPerWeek;
    if (nowMs < week * WEEK_MS + part * WEEK_MS) continue;
    const made = await makeIncident(context, scope, deps, `${family}/${week}/${n}`);
    if (made === null) continue;
    const from = { ruleId: scope.ruleId, fromGroupId: made.groupId, ...made.origin };
    const stopped = await sendPlanted(context, deps, made.item, from);
    const summary = 'Planted a known true positive in the scope of a rule, as the plan of the week has it';
    await context.record({ kind: 'assurance.plant', statement: null, summary, subjects: [] });
    return stopped > 0;
  }
  return false;
}

interface MadeIncident {
  groupId: number;
  item: Candidate;
  origin: { origin: string; site: string | null };
}

/** The first true positive of the product, in an order that the seed draws, that can be made anew; null when none can. */
async function makeIncident(
  { tx, nowMs }: CommandContext,
  scope: PlantingScope,
  { formats, seed }: PlantDeps,
  key: string,
): Promise<MadeIncident | null> {
  const known = await knownIncidents(tx, scope, TRIED);
  const drawn = known.toSorted((a, b) => drawAt(seed, `${key}/${a.groupId}`) - drawAt(seed, `${key}/${b.groupId}`));
  for (const incident of drawn) {
    const bytes = await remadeBytes(tx, incident, scope, { formats, seed, nowMs });
    if (bytes === null) continue;
    const value = JSON.parse(bytes.toString('utf8'));
    const item = makeClassifier(incident.alert.format, () => nowMs, formats)({ kind: 'record', value, bytes, line: 1 });
    if (item.kind !== 'alert') continue;
    if ((await groupOfStableId(tx, item.format, item.alert.stableId)) !== null) continue;
    const from = await originOf(tx, incident.alert.origin_id);
    return {
      groupId: incident.groupId,
      item,
      origin: { origin: from?.name ?? scope.closed.product, site: from?.site ?? null },
    };
  }
  return null;
}

/** The record as its product would send it now; null when its original is gone, is no JSON object, or was planted itself. */
async function remadeBytes(
  db: Read,
  { alert: row, entity }: KnownIncident,
  { closed }: PlantingScope,
  { formats, seed, nowMs }: Pick<PlantDeps, 'formats' | 'seed'> & { nowMs: number },
): Promise<Buffer | null> {
  const [original] = await readOriginals(db, [{ blockId: row.block_id, slot: row.slot }]);
  if (original == null || original[0] !== BRACE) return null;
  const stored = readStoredAlert(formats, row.format, original, row.observed_at_ms);
  if (stored === null || (await isCanary(db, stored.alert.product, row.stable_id))) return null;
  const renames = new Map([[row.stable_id.toLowerCase(), likeIt(row.stable_id, seed, nowMs)]]);
  if (entity !== '' && closed.entity_value !== '') renames.set(entity.toLowerCase(), closed.entity_value);
  const record = remakeRecord(stored.raw, { renames, fromMs: row.observed_at_ms, toMs: nowMs });
  return Buffer.from(JSON.stringify(record));
}

/** Another id of the same shape: digits for digits, letters for letters that hexadecimal has too. */
function likeIt(id: string, seed: string, nowMs: number): string {
  return [...id]
    .map((character, at) => {
      const drawn = drawAt(seed, `${nowMs}/${at}/${id}`);
      if (/\d/.test(character)) return String(Math.floor(drawn * 10));
      if (/[a-f]/.test(character)) return 'abcdef'.charAt(Math.floor(drawn * 6));
      return /[A-F]/.test(character) ? 'ABCDEF'.charAt(Math.floor(drawn * 6)) : character;
    })
    .join('');
}
