import type { Duty } from '../../../shared/model/people.ts';
import { DUTY_WORDS } from '../../ui/people-words.ts';
import { TimeText } from '../../ui/time-text.tsx';

/** "Shift from … to …", for a duty that stands in a sentence. */
export function dutyInWords({ kind, startsAtMs, endsAtMs }: Omit<Duty, 'personId'>) {
  return (
    <>
      {DUTY_WORDS[kind]} from <TimeText atMs={startsAtMs} /> to <TimeText atMs={endsAtMs} />
    </>
  );
}
