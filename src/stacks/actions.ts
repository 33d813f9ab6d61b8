// The tape actions of every architecture that has some, one line each: apart from registry.ts, so that the page's first load
// does not contain what reads, checks and carries out actions.

import type { StackTapeActions } from '../sim/actions/define.ts';
import { cynosdbActions } from './cynosdb/actions.ts';
import { agentActions } from './cynosdb/agent-actions.ts';
import { postdbV4Actions } from './postdb-v4/actions.ts';
import { tallyActions } from './tally/actions.ts';

export const stackActions: readonly StackTapeActions[] = [
  { id: 'cynosdb', actions: { ...cynosdbActions, ...agentActions } },
  { id: 'postdb-v4', actions: postdbV4Actions },
  { id: 'tally', actions: tallyActions },
];
