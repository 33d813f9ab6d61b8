// What a choice means in a column, known before anything has run.

import type { BothWords, ComparedStack, Comparison } from './compared.ts';

export interface ColumnMeaning {
  readonly means: BothWords;
  /** It has no such part: `means` says why. */
  readonly isAbsent: boolean;
  /** What is different about the load there. */
  readonly note: BothWords | null;
}

export function meaningIn({ faults, loads }: ComparedStack, { fault, load }: Comparison): ColumnMeaning {
  const meaning = faults[fault];
  const isAbsent = 'absent' in meaning;
  return { means: isAbsent ? meaning.absent : meaning.means, isAbsent, note: loads[load].note ?? null };
}
