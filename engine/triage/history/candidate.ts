import type { FieldSubject } from '../../../shared/domain/alert/ecs-fields.ts';
import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import { requiredTexts } from '../../../shared/domain/rules/required-texts.ts';
import type { RuleDocument } from '../../../shared/domain/rules/rule-document.ts';
import {
  type CompiledRule,
  compileRules,
  countRules,
  evaluateRule,
  type RuleResult,
  type RuleSet,
} from '../../../shared/domain/rules/rule-set.ts';
import { guardAgainstClosing } from '../../../shared/domain/triage/guards.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { FieldMatch } from '../../../shared/model/rule.ts';
import type { Severity } from '../../../shared/model/vocabulary.ts';

/** What one alert comes to under a rule as it would be once approved. */
export interface Verdict extends Omit<RuleResult, 'matched'> {
  /** Why a guard would keep it from acting; null when none would. */
  guard: string | null;
}

/** A rule as it would act once it is approved, ready to be asked about many alerts. */
export class Candidate {
  readonly document: RuleDocument;
  readonly closes: boolean;
  /** Why it cannot be tried: a lookup list that is not there. Null when it can. */
  readonly problem: string | null;
  readonly #severityOf: (alert: NormalisedAlert) => Severity;
  readonly #ruleSet: RuleSet;
  readonly #rule: CompiledRule | undefined;
  readonly #ruleIds: ReadonlySet<string> | null;
  readonly #products: ReadonlySet<string> | null;

  /** `severityOf` is what guards take an alert for today. */
  constructor(document: RuleDocument, lists: LookupLists, severityOf: (alert: NormalisedAlert) => Severity) {
    this.#severityOf = severityOf;
    this.document = { ...document, status: 'provisional', approvedBy: 'a second person' };
    this.#ruleSet = compileRules([this.document], lists);
    this.#rule = this.#ruleSet.rules[0];
    this.closes = this.#rule?.closes ?? false;
    this.problem = this.#ruleSet.problems[0]?.message ?? null;
    this.#ruleIds = requiredTexts(document.detection, 'rule.id');
    this.#products = requiredTexts(document.detection, 'event.provider');
  }

  /**
   * False when the alert cannot match, whatever its original says: then it need not be read. Null stands for what is not
   * known before it is.
   */
  mayConcern({ product, ruleId }: { product: string | null; ruleId: string | null }): boolean {
    if (this.#products !== null && product !== null && !this.#products.has(product.toLowerCase())) return false;
    return this.#ruleIds === null || ruleId === null || this.#ruleIds.has(ruleId.toLowerCase());
  }

  judge(subject: FieldSubject): Verdict {
    let result: Verdict['result'] = 'no_match';
    countRules(this.#ruleSet, subject, (_rule, found) => {
      result = found;
    });
    return this.#rule === undefined ? NO_MATCH : this.#verdict(this.#rule, result, subject);
  }

  /** The values that make it match, for the few alerts that are shown: they take longer to tell than that it matches. */
  explain(subject: FieldSubject): FieldMatch[] {
    return this.#rule === undefined ? [] : evaluateRule(this.#ruleSet, this.#rule, subject).matched;
  }

  #verdict(rule: CompiledRule, result: Verdict['result'], subject: FieldSubject): Verdict {
    if (result === 'no_match') return NO_MATCH;
    if (result === 'unknown') {
      return { result, unknownFields: evaluateRule(this.#ruleSet, rule, subject).unknownFields, guard: null };
    }
    const { alert, enrichment } = subject;
    const weighed = { severity: this.#severityOf(alert), claimed: alert.severity, cves: alert.cves };
    const guard = this.closes ? guardAgainstClosing(rule, weighed, enrichment) : null;
    return { result, unknownFields: [], guard };
  }
}

const NO_MATCH: Verdict = { result: 'no_match', unknownFields: [], guard: null };
