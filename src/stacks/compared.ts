// The architectures whose clusters can be laid side by side, in the order of their usual columns: apart from registry.ts, so that only
// the comparison loads what it means there.

import { present } from '../base/assert.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import type { ComparedColumn, ComparedStack } from '../run-model/compare/compared.ts';
import { clusterSaid } from '../sim/cluster-said.ts';
import { cynosdbCompared } from './cynosdb/compared.ts';
import { polardbCompared } from './polardb/compared.ts';
import { postdbV4Compared } from './postdb-v4/compared.ts';
import { presets } from './presets.ts';

export const comparedStacks: readonly ComparedStack[] = [cynosdbCompared, postdbV4Compared, polardbCompared];

/** The columns where nobody chooses others. */
export const usualColumns: readonly string[] = comparedStacks.map(({ preset }) => preset);

/** The column of a cluster as it is said; or what is wrong with it, with the line and the field. */
export function comparedColumn(said: string): ComparedColumn | Refusal {
  const preset = clusterSaid(presets, said);
  if ('error' in preset) return preset;
  const stack = comparedStacks.find(({ id }) => id === preset.architecture);
  return stack === undefined
    ? refusal('notCompared', { architecture: preset.architecture })
    : { name: preset.name, said, stack, preset };
}

/** Of an architecture. */
export function usualColumn(architecture: string): ComparedColumn {
  const stack = present(
    comparedStacks.find(({ id }) => id === architecture),
    'a stack that is compared',
    architecture,
  );
  const column = comparedColumn(stack.preset);
  if ('error' in column) throw new Error(column.error);
  return column;
}
