// What a choice means in a column, known before anything has run.

import { present } from '../../base/assert.ts';
import { comparedStacks } from '../../stacks/compared.ts';
import type { BothWords, ComparedStack, Comparison } from './compared.ts';

export interface ColumnMeaning {
  readonly means: BothWords;
  /** It has no such part: `means` says why. */
  readonly isAbsent: boolean;
  /** What is different about the load there. */
  readonly note: BothWords | null;
}

export const comparedStack = (column: string): ComparedStack =>
  present(
    comparedStacks.find(({ id }) => id === column),
    'a column named',
    column,
  );

export function meaningIn(column: string, { fault, load }: Comparison): ColumnMeaning {
  const { faults, loads } = comparedStack(column);
  const meaning = faults[fault];
  const isAbsent = 'absent' in meaning;
  return { means: isAbsent ? meaning.absent : meaning.means, isAbsent, note: loads[load].note ?? null };
}
