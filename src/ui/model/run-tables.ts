// The tables of a run's stack, for what loads after the first picture.

import { present } from '../../base/assert.ts';
import { stackOf } from '../../sim/presets.ts';
import type { StackTables } from '../stacks/stack-tables.ts';
import { stackTables } from '../stacks/tables.ts';

export const tablesOf = (preset: string): StackTables =>
  present(
    stackTables.find(({ id }) => id === stackOf({ preset })),
    `the tables of the stack of ${preset}`,
  );
