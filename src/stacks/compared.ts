// The architectures that are laid side by side, in the order of their columns: apart from registry.ts, so that only the
// comparison loads what it means there.

import { present } from '../base/assert.ts';
import type { ComparedStack } from '../run-model/compare/compared.ts';
import { cynosdbCompared } from './cynosdb/compared.ts';
import { polardbCompared } from './polardb/compared.ts';
import { postdbV4Compared } from './postdb-v4/compared.ts';

export const comparedStacks: readonly ComparedStack[] = [cynosdbCompared, postdbV4Compared, polardbCompared];

export const comparedStack = (column: string): ComparedStack =>
  present(
    comparedStacks.find(({ id }) => id === column),
    'a column named',
    column,
  );
