// The nodes of every architecture, one line each: apart from runtimes.ts, so that the worker of a node has neither sweeps nor
// checks.

import type { StackNodes } from '../sim/programs.ts';
import { cynosdbNodes } from './cynosdb/nodes.ts';
import { polardbNodes } from './polardb/nodes.ts';
import { postdbV4Nodes } from './postdb-v4/nodes.ts';
import { tallyNodes } from './tally/nodes.ts';
import { toyNodes } from './toy/nodes.ts';

export const nodesOfStacks: readonly StackNodes[] = [
  cynosdbNodes,
  postdbV4Nodes,
  polardbNodes,
  toyNodes,
  tallyNodes,
];
