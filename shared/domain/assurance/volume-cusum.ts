/** So many hours of usual noise between two false alarms, as a height of log evidence. */
const ALARM_AT = 8;
const FACTOR = 2;
/** A rule that is hardly ever heard is not noisy when it speaks twice in an hour. */
const USUAL_MIN = 0.5;

export interface VolumeReading {
  height: number;
  hasAlarmed: boolean;
  /** Hours in a row that the present height rests on. */
  hours: number;
}

/**
 * The CUSUM of hourly counts of one rule against twice the usual rate (J. M. Lucas, Technometrics 27, 1985): each hour
 * adds count * ln 2 - usual, never below zero. `usualPerHour` is the mean of a quiet reference, such as the four
 * weeks before. `hourly` is in order of time and has a zero for each silent hour.
 */
export function readVolume(hourly: readonly number[], usualPerHour: number): VolumeReading {
  const usual = Math.max(USUAL_MIN, usualPerHour);
  let [height, hours] = [0, 0];
  let hasAlarmed = false;
  for (const count of hourly) {
    height = Math.max(0, height + count * Math.log(FACTOR) - (FACTOR - 1) * usual);
    hours = height === 0 ? 0 : hours + 1;
    hasAlarmed = height >= ALARM_AT;
  }
  return { height, hasAlarmed, hours };
}
