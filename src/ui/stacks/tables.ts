// The tables of every architecture for what loads after the first picture, one line each.

import { cynosdbTables } from './cynosdb/tables.ts';
import { polardbTables } from './polardb/tables.ts';
import { postdbV4Tables } from './postdb-v4/tables.ts';
import type { StackTables } from './stack-tables.ts';
import { tallyTables } from './tally/tables.ts';
import { toyTables } from './toy/tables.ts';

export const stackTables: readonly StackTables[] = [
  cynosdbTables,
  postdbV4Tables,
  polardbTables,
  toyTables,
  tallyTables,
];
