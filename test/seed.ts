import fc from 'fast-check';

/**
 * The same seed in every run, so that a commit that passed does not fail on the next machine: what a run finds is the
 * change's. `EVENWATCH_SEED=random` looks elsewhere each time, and a failing property prints the seed that it had.
 */
const asked = process.env.EVENWATCH_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20261121) });
