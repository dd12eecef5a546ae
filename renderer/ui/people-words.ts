import type { Duty } from '../../shared/model/people.ts';
import type { RemarkKind } from '../../shared/model/strain.ts';

export const DUTY_WORDS: Readonly<Record<Duty['kind'], string>> = {
  shift: 'Shift',
  on_call: 'On call',
  leave: 'Leave',
};

/** What kind of words somebody wrote beside their band. */
export const REMARK_WORDS: Readonly<Record<RemarkKind, string>> = {
  comment: 'Comment',
  dispute: 'Dispute',
  correction: 'Correction',
};
