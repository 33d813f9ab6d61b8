// What watches every architecture that has monitors, one line each: apart from runtimes.ts, so that a page that explains a
// rule does not load the nodes' code.

import type { StackChecks } from '../sim/stack-checks.ts';
import { cynosdbChecks } from './cynosdb/checks.ts';
import { polardbChecks } from './polardb/checks.ts';
import { postdbV4Checks } from './postdb-v4/checks.ts';
import { tallyChecks } from './tally/checks.ts';

export const stackChecks: readonly StackChecks[] = [
  cynosdbChecks,
  postdbV4Checks,
  polardbChecks,
  tallyChecks,
];
