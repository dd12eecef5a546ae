import type { NormalisedAlert } from '../../model/alert.ts';
import type { SeverityCorrection } from '../../model/severity-correction.ts';
import { type Severity, severityRank } from '../../model/vocabulary.ts';

const DAY_MS = 86_400_000;
/** A correction is looked at again after so long at the latest. Not adjustable: it changes what guards see. */
export const CORRECTION_DAYS_MAX = 90;

export type CorrectionInForce = Pick<
  SeverityCorrection,
  'product' | 'sourceRule' | 'claimed' | 'corrected' | 'decidedAtMs' | 'expiresAtMs'
>;

/** What priority, guards and clocks take an alert for at a time; what the product claimed stays with the alert. */
export type SeverityOf = (alert: Pick<NormalisedAlert, 'product' | 'ruleId' | 'severity'>, nowMs: number) => Severity;

/** The alert's own claim, where nothing is corrected. */
export const claimedSeverity: SeverityOf = ({ severity }) => severity;

/**
 * Reads approved corrections once, to be asked for each alert. One acts on just the rule, product and claim that it
 * names, and through its own end at the latest, whether or not anybody wrote down that it is over.
 */
export function makeSeverityOf(corrections: readonly CorrectionInForce[]): SeverityOf {
  if (corrections.length === 0) return claimedSeverity;
  const known = new Map(corrections.map((each) => [keyOf(each.product, each.sourceRule, each.claimed), each]));
  return ({ product, ruleId, severity }, nowMs) => {
    const correction = known.get(keyOf(product, ruleId, severity));
    return correction === undefined || nowMs >= correction.expiresAtMs ? severity : correction.corrected;
  };
}

function keyOf(product: string, sourceRule: string, claimed: Severity): string {
  return `${product}\u0000${sourceRule}\u0000${claimed}`;
}

/**
 * What is wrong with a correction, in sentences; none when it may be proposed at `nowMs`. A critical claim goes down to
 * high and no further: guards keep every rule from critical and let proven ones touch high, so that a correction of one
 * source rule would otherwise open to all rules what two people meant for the order of work. Who is sure of more writes
 * a closing rule, which has to prove itself.
 */
export function checkCorrection(
  { claimed, corrected, expiresAtMs }: Pick<SeverityCorrection, 'claimed' | 'corrected' | 'expiresAtMs'>,
  nowMs: number,
): string[] {
  const problems: string[] = [];
  if (corrected === 'unknown') problems.push('Unknown is no severity to correct to.');
  if (claimed === corrected) problems.push('It is claimed as this already.');
  if (claimed === 'critical' && severityRank(corrected) < severityRank('high')) {
    problems.push('What is claimed as critical can be corrected to high and no further.');
  }
  if (expiresAtMs <= nowMs) problems.push('It would end before it begins.');
  if (expiresAtMs > nowMs + CORRECTION_DAYS_MAX * DAY_MS) {
    problems.push(`It runs at most ${CORRECTION_DAYS_MAX} days.`);
  }
  return problems;
}
