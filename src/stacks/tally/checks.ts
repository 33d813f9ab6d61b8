// What watches a tally: the leader's total grows by what all followers have, and by nothing else.

import { type ClusterModule, expectRule } from '../../sim/checks/monitor.ts';
import type { StackChecks } from '../../sim/stack-checks.ts';

// #region rules
const tallyRules = {
  'tally.sum': { ids: ['PRE-3'], source: 'D', lens: 'tally' },
} as const;
// #endregion

// #region states
declare module '../../sim/checks/monitor.ts' {
  interface RuleTable extends RulesOf<typeof tallyRules> {}
  interface ClusterStates {
    tallied: { total: number };
  }
}
// #endregion

// #region monitor
const tallied: ClusterModule<'tallied'> = {
  scope: 'cluster',
  name: 'tallied',
  rules: tallyRules,
  make: () => ({ total: 0 }),
  observe: {
    // A number that was durable when the leader died, and not traced yet, may be there.
    'tally.open': (c, { tallied: known }, { isLeader, total }) => {
      if (!isLeader) return;
      expectRule(c, 'tally.sum', total >= known.total, () => `opens with ${total} after ${known.total}`);
      known.total = total;
    },
    'tally.done': (c, { tallied: known }, { amount, total }) => {
      known.total += amount;
      expectRule(c, 'tally.sum', total === known.total, () => `total ${total}, not ${known.total}`);
    },
  },
};
// #endregion

export const tallyChecks: StackChecks = {
  id: 'tally',
  monitors: [tallied],
  rules: tallyRules,
  testedMutants: [
    // the leader adds each number twice
    {
      id: '–',
      name: 'tally.counts-twice',
      shows: 'the wrong total',
      test: 'src/stacks/tally/tally.test.ts',
    },
  ],
};
