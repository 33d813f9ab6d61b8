// The lenses of an architecture: its own, and those that it shares with another (StackUi.sharedLenses).

import { present } from '../../base/assert.ts';
import { stackOf } from '../../stacks/preset-names.ts';
import { uiStacks } from '../stacks/registry.ts';
import type { LensEntry } from './lens-entry.ts';

const owned = uiStacks.flatMap(({ lenses = [] }) => lenses);

export const lensesByStack: ReadonlyMap<string, readonly LensEntry[]> = new Map(
  uiStacks.map(({ id, lenses = [], sharedLenses = [] }) => [
    id,
    [
      ...lenses,
      ...sharedLenses.map((shared) =>
        present(
          owned.find((lens) => lens.id === shared),
          `the lens ${shared}`,
        ),
      ),
    ],
  ]),
);

/** Of the run of this preset. */
export const stackLenses = (preset: string): readonly LensEntry[] =>
  lensesByStack.get(stackOf({ preset })) ?? [];
