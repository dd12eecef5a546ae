/** Between which two rates a test decides, and how often it may be wrong either way. */
export interface SprtPlan {
  /** A false-close rate that is fine. */
  acceptable: number;
  /** A false-close rate that is not. */
  unacceptable: number;
  alpha: number;
  beta: number;
}

export const DEFAULT_SPRT: SprtPlan = { acceptable: 0.002, unacceptable: 0.01, alpha: 0.05, beta: 0.05 };

export interface SprtReading {
  verdict: 'accept' | 'reject' | 'continue';
  logRatio: number;
  acceptAt: number;
  rejectAt: number;
  /** Audits without a miss until it accepts; null once it decided. */
  cleanToAccept: number | null;
}

/** What one audit adds to the log of the likelihood ratio: +1.609 for a miss, -0.00805 for a clean one, by default. */
export function logRatioStep(isMiss: boolean, plan: SprtPlan = DEFAULT_SPRT): number {
  return isMiss
    ? Math.log(plan.unacceptable / plan.acceptable)
    : Math.log1p(-plan.unacceptable) - Math.log1p(-plan.acceptable);
}

/**
 * The sequential probability ratio test (A. Wald, Ann. Math. Statist. 16, 1945) after so many audits: 366 clean ones
 * accept, by default. `logRatio` is the sum of steps since the test began; who stops at a decision keeps it.
 */
export function readSprt(logRatio: number, plan: SprtPlan = DEFAULT_SPRT): SprtReading {
  const acceptAt = Math.log(plan.beta / (1 - plan.alpha));
  const rejectAt = Math.log((1 - plan.beta) / plan.alpha);
  const verdict = logRatio >= rejectAt ? 'reject' : logRatio <= acceptAt ? 'accept' : 'continue';
  const missing = Math.ceil((acceptAt - logRatio) / logRatioStep(false, plan));
  return { verdict, logRatio, acceptAt, rejectAt, cleanToAccept: verdict === 'continue' ? missing : null };
}
