/** At what pace a file is followed, in milliseconds. */
export interface TailTiming {
  /** Between two looks when nothing hints at a change. */
  pollMs: number;
  leastMs: number;
  /** A file that did not grow for so long has its last line, whether a line break follows or not. */
  settleMs: number;
  /** A program may write on into a file for so long after it was renamed. */
  lingerMs: number;
  /** A path may lead nowhere for so long in the middle of a rotation. */
  missingMs: number;
  /** How long something that was missed stays on the source's card. */
  noticeMs: number;
}

export const TAIL_TIMING: TailTiming = {
  pollMs: 500,
  leastMs: 50,
  settleMs: 2_000,
  lingerMs: 60_000,
  missingMs: 10_000,
  noticeMs: 3_600_000,
};
