// The tape action of the tally: its leader adds a number.

import { count } from '../../sim/actions/args.ts';
import { defineAction } from '../../sim/actions/define.ts';
import { commandAgent } from '../../sim/node-commands.ts';

// #region actions
export const tallyActions = {
  /** At another node than the leader it does nothing. */
  tallyAdd: defineAction({
    target: 'node',
    args: { amount: count(0, 1_000_000, 5) },
    do: (fabric, { node: id, amount }) => commandAgent(fabric, id, { kind: 'tallyAdd', amount }),
  }),
};
// #endregion

declare module '../../sim/actions/define.ts' {
  interface StackActions {
    readonly tally: typeof tallyActions;
  }
}
