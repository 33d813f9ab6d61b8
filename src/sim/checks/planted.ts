// Where a planted bug shows when dense seeds of the plain preset do not meet it (docs/proof.md).

import type { Mutant } from './mutants.ts';

/** Shows where a node loses power while it writes this (`part`: activity and kind of key) in a small world of fates. */
export const inWritesOf = (world: string, part: string, mutant: Mutant): Mutant => ({
  ...mutant,
  fates: { world, part },
});

/** Shows on its tape in what a run is asked at its end, after a calm. */
export const atEnd = (mutant: Mutant): Mutant =>
  mutant.tape ? { ...mutant, tape: { ...mutant.tape, isJudgedAtEnd: true } } : mutant;

/** Shows on its tape in the pages that are left. */
export const atRedo = (mutant: Mutant): Mutant =>
  mutant.tape ? { ...mutant, tape: { ...mutant.tape, isRedone: true } } : mutant;

/** Shows on a tape of this preset, whose header has `changes`. */
export const onTapeOf =
  (preset: string) =>
  (untilMs: number, actions: readonly string[], mutant: Mutant, changes: readonly string[] = []): Mutant => ({
    ...mutant,
    tape: { preset, untilMs, changes, actions },
  });

/** Shows in this seed of a sweep of 20 s: only draws that are aimed at its state reach it (sim/sweep/rare-faults.ts). */
export const inSweep = (seed: number, mutant: Mutant): Mutant => ({
  ...mutant,
  swept: { seed, seconds: 20 },
});
