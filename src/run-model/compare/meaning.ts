// What a choice means in a column, known before anything has run.

import type { BothWords, ComparedColumn, Comparison } from './compared.ts';

export interface ColumnMeaning {
  readonly means: BothWords;
  /** It has no such part: `means` says why. */
  readonly isAbsent: boolean;
  /** What is different about the load there. */
  readonly note: BothWords | null;
}

export function meaningIn(
  { stack: { faults, loads }, preset }: Pick<ComparedColumn, 'stack' | 'preset'>,
  { fault, load }: Pick<Comparison, 'fault' | 'load'>,
): ColumnMeaning {
  const meaning = faults[fault](preset.cluster);
  const isAbsent = 'absent' in meaning;
  return { means: isAbsent ? meaning.absent : meaning.means, isAbsent, note: loads[load].note ?? null };
}
