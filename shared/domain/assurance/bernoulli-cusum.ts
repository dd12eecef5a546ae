import { DEFAULT_SPRT, logRatioStep, type SprtPlan } from './sprt.ts';

/** The height at which it alarms: one false alarm in about 5,900 audits at 0.2 %, and an alarm after 317 at 1 %. */
export const ALARM_AT = 3;

/**
 * The Bernoulli CUSUM after one more audit (M. R. Reynolds and Z. G. Stoumbos, J. Quality Technology 31, 1999): the
 * steps of the sequential test, never below zero, so that a rule which was good for long cannot live on it.
 */
export function cusumAfter(height: number, isMiss: boolean, plan: SprtPlan = DEFAULT_SPRT): number {
  return Math.max(0, height + logRatioStep(isMiss, plan));
}
