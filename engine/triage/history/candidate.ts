import type { FieldSubject } from '../../../shared/domain/alert/ecs-fields.ts';
import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import { requiredTexts } from '../../../shared/domain/rules/required-texts.ts';
import type { RuleDocument } from '../../../shared/domain/rules/rule-document.ts';
import {
  type CompiledRule,
  compileRules,
  evaluateRule,
  type RuleResult,
  type RuleSet,
} from '../../../shared/domain/rules/rule-set.ts';
import { guardAgainstClosing } from '../../../shared/domain/triage/guards.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { Severity } from '../../../shared/model/vocabulary.ts';

/** What one alert comes to under a rule as it would be once approved. */
export interface Verdict extends RuleResult {
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
    if (this.#rule === undefined) return { result: 'no_match', matched: [], unknownFields: [], guard: null };
    const result = evaluateRule(this.#ruleSet, this.#rule, subject);
    if (result.result !== 'match') return { ...result, guard: null };
    if (!this.closes) return { ...result, guard: null };
    const { alert, enrichment } = subject;
    const weighed = { severity: this.#severityOf(alert), cves: alert.cves };
    const guard = guardAgainstClosing(this.#rule, weighed, enrichment);
    return { ...result, guard };
  }
}
