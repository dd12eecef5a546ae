import type { FieldSubject } from '../../shared/domain/alert/ecs-fields.ts';
import { cveFactsOf, makeEnricher } from '../../shared/domain/enrichment/enricher.ts';
import type { RuleDocument } from '../../shared/domain/rules/rule-document.ts';
import { compileRules, evaluateRules, type RuleHit, type RuleSet } from '../../shared/domain/rules/rule-set.ts';
import { decideOnHits } from '../../shared/domain/triage/decide-triage.ts';
import { makeGrouping } from '../../shared/domain/triage/grouping-policy.ts';
import { type CorrectionInForce, makeSeverityOf } from '../../shared/domain/triage/severity-correction.ts';
import type { TriageOutcome } from '../../shared/domain/triage/triage-outcome.ts';
import type { Asset, Identity } from '../../shared/model/lists.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import type { FoundHit, TriageState } from '../ingest/pipeline-input.ts';
import { listAssets, listIdentities, listLookups } from '../store/entity-lists.ts';
import { getMeta } from '../store/meta.ts';
import { shownBounds } from '../store/rule-assurance.ts';
import { stoppedRuleIds } from '../store/rule-suspensions.ts';
import { closedOnDay } from '../store/rule-versions.ts';
import { approvedCorrections } from '../store/severity-corrections.ts';
import type { Read } from '../store/store.ts';
import type { TriagePolicies } from './policies.ts';
import { type Priors, techniqueFactor } from './priors.ts';
import { correctionOf } from './severity-correction-views.ts';
import { loadStoredRules } from './store-rules.ts';

const DAY_MS = 86_400_000;
/** States made so far in this process. */
let generations = 0;
/** Suppressions kept in memory; the oldest go first, which only means that an alert is shown again. */
const SUPPRESSIONS_MAX = 100_000;
/** Name of the fact in `meta` that all automation is paused. Its value says by whom. */
export const AUTOMATION_PAUSED = 'automation_paused';

/** What a triage state is made of. */
export interface TriageParts {
  documents: readonly RuleDocument[];
  assets: readonly Asset[];
  identities: readonly Identity[];
  lookups: ReadonlyMap<string, readonly string[]>;
  isPaused: boolean;
  /** Rules that lost their right to close: they say what they would do, whatever their text says. */
  stopped?: ReadonlySet<string>;
  /** Upper bound on the false-close rate of each rule that audits were drawn of. One that is not in it has shown nothing. */
  bounds?: ReadonlyMap<string, number>;
  /** What people take the claims of noisy source rules for, as approved. */
  corrections?: readonly CorrectionInForce[];
  policies: TriagePolicies;
  sla: SlaPolicy;
  priors: Priors;
  /** Alerts that each rule closed on the day of `nowMs`. */
  closedToday: ReadonlyMap<string, number>;
  nowMs: number;
}

/** What outlives a change of rules or lists: how much was closed today, and what is suppressed. */
export class TriageMemory {
  private day: number;
  private closed: Map<string, number>;
  private readonly suppressions = new Map<string, number>();
  private undo: (() => void)[] = [];

  constructor(nowMs: number, closedToday: ReadonlyMap<string, number>) {
    this.day = Math.floor(nowMs / DAY_MS);
    this.closed = new Map(closedToday);
  }

  closedToday(nowMs: number): ReadonlyMap<string, number> {
    const day = Math.floor(nowMs / DAY_MS);
    // A clock that goes back must not give a rule its closures again.
    if (day > this.day) {
      this.day = day;
      this.closed = new Map();
    }
    return this.closed;
  }

  suppressedUntilMs(ruleId: string, key: string): number | null {
    return this.suppressions.get(`${ruleId} ${key}`) ?? null;
  }

  /** The answer takes back everything that is remembered between this call and the next. */
  mark(): () => void {
    const undo: (() => void)[] = [];
    this.undo = undo;
    return () => {
      for (const step of undo.splice(0).reverse()) step();
    };
  }

  private set(map: Map<string, number>, key: string, value: number): void {
    const before = map.get(key);
    this.undo.push(() => (before === undefined ? map.delete(key) : map.set(key, before)));
    map.set(key, value);
  }

  remember(outcome: TriageOutcome): void {
    if (outcome.close !== null) {
      const { ruleId } = outcome.close;
      this.set(this.closed, ruleId, (this.closed.get(ruleId) ?? 0) + 1);
    }
    for (const { ruleId, key, untilMs } of outcome.suppress) this.set(this.suppressions, `${ruleId} ${key}`, untilMs);
    while (this.suppressions.size > SUPPRESSIONS_MAX) {
      const oldest = this.suppressions.keys().next();
      if (oldest.done) break;
      this.suppressions.delete(oldest.value);
    }
  }
}

/**
 * A rule as far as it may go by what is shown of it. One that was stopped keeps saying what it would do: what people
 * decide on that is the fresh evidence for giving its right back.
 */
function asProven(document: RuleDocument, { stopped, bounds }: TriageParts): RuleDocument {
  const isStopped = stopped?.has(document.id) === true && document.status !== 'draft' && document.status !== 'expired';
  const bound = bounds === undefined ? {} : { bound: bounds.get(document.id) ?? 1 };
  return {
    ...document,
    status: isStopped ? 'shadow' : document.status,
    assurance: { ...document.assurance, ...bound },
  };
}

/**
 * Everything that triage of a batch depends on, made whole: a batch that runs keeps the state that it began with,
 * the next one takes the new state, so that rules can change at any time and no alert is lost or seen by half of them.
 */
export function makeTriageState(
  parts: TriageParts,
  memory: TriageMemory = new TriageMemory(parts.nowMs, parts.closedToday),
): TriageState & { ruleSet: RuleSet; memory: TriageMemory } {
  const live = parts.documents
    .map((document) => asProven(document, parts))
    .filter(({ status }) => ['shadow', 'provisional', 'certified'].includes(status));
  const ruleSet = compileRules(live, parts.lookups);
  const { knownExploited } = parts.priors;
  const enrich = makeEnricher({ assets: parts.assets, identities: parts.identities, knownExploited });
  const severityOf = makeSeverityOf(parts.corrections ?? []);
  const decideOn = (hits: readonly RuleHit[], subject: FieldSubject, nowMs: number): TriageOutcome => {
    const outcome = decideOnHits(hits, subject, {
      nowMs,
      automationPaused: parts.isPaused,
      closedTodayByRule: memory.closedToday(nowMs),
      policy: parts.policies.triage,
      severity: severityOf(subject.alert, nowMs),
      suppressedUntilMs: (ruleId, key) => memory.suppressedUntilMs(ruleId, key),
    });
    memory.remember(outcome);
    return outcome;
  };
  const hitOf = ({ place, ...found }: FoundHit): RuleHit[] => {
    const rule = ruleSet.rules[place];
    return rule === undefined ? [] : [{ ...found, rule }];
  };
  generations += 1;
  return {
    ruleSet,
    memory,
    mark: () => memory.mark(),
    enrich,
    severityOf,
    sla: parts.sla,
    priority: parts.policies.priority,
    cveFacts: (cves) => cveFactsOf(cves, knownExploited),
    techniqueFactor: (id) => techniqueFactor(parts.priors, id),
    grouping: makeGrouping(parts.policies.grouping),
    decide: (subject, nowMs) => decideOn(evaluateRules(ruleSet, subject), subject, nowMs),
    ahead: {
      generation: generations,
      facts: {
        documents: live,
        lookups: parts.lookups,
        assets: parts.assets,
        identities: parts.identities,
        knownExploited,
      },
      decideOn: (hits, subject, nowMs) => decideOn(hits.flatMap(hitOf), subject, nowMs),
    },
  };
}

/** Reads rules, lists, counts and the pause from the store. Rules that cannot be used are told beside the state. */
export async function loadTriageState(
  db: Read,
  context: { policies: TriagePolicies; sla: SlaPolicy; priors: Priors; nowMs: number; memory?: TriageMemory },
): Promise<{ state: ReturnType<typeof makeTriageState>; problems: { ruleId: string; message: string }[] }> {
  const { documents, problems } = await loadStoredRules(db);
  const parts: TriageParts = {
    documents,
    assets: await listAssets(db),
    identities: await listIdentities(db),
    lookups: await listLookups(db),
    isPaused: (await getMeta(db, AUTOMATION_PAUSED)) !== null,
    stopped: await stoppedRuleIds(db),
    bounds: await shownBounds(db),
    corrections: (await approvedCorrections(db)).map((row) => correctionOf(row)),
    policies: context.policies,
    sla: context.sla,
    priors: context.priors,
    closedToday: await closedOnDay(db, context.nowMs),
    nowMs: context.nowMs,
  };
  const state = makeTriageState(parts, context.memory);
  return { state, problems: [...problems, ...state.ruleSet.problems] };
}

/** The subject of one alert under a state: for previews and for the detail of an alert. */
export function subjectOf(
  state: Pick<TriageState, 'enrich'>,
  alert: FieldSubject['alert'],
  raw: FieldSubject['raw'],
): FieldSubject {
  return { alert, raw, enrichment: state.enrich(alert) };
}
