import classes from './state-mark.module.css';

/** What a state asks of whoever reads it. `idle` is what does nothing, by somebody's word or by its date. */
export type StateTone = 'good' | 'watch' | 'bad' | 'plain' | 'idle';

/** The state of a rule or a source in one word. Colour repeats what the word says; `means` says it in a sentence. */
export function StateMark({ word, tone, means }: { word: string; tone: StateTone; means?: string }) {
  return (
    <span className={classes.state} data-tone={tone} title={means}>
      {word}
    </span>
  );
}
