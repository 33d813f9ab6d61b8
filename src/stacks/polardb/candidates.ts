// Monitor of who is chosen to write a volume in files (docs/spec/failover.md FENCE-22).

import { type ClusterModule, expectRule } from '../../sim/checks/monitor.ts';

export const candidateRules = {
  'fence.candidate-near': {
    ids: ['FENCE-22'],
    source: 'PG-DOC',
    lens: 'pcs',
  },
} as const;

interface Candidates {
  /** Of the choice that is being made: who lags too far, with how many others there are. */
  readonly lagging: Map<string, number>;
}

declare module '../../sim/checks/monitor.ts' {
  interface RuleTable extends RulesOf<typeof candidateRules> {}
  interface ClusterStates {
    candidates: Candidates;
  }
}

export const candidates: ClusterModule<'candidates'> = {
  scope: 'cluster',
  name: 'candidates',
  rules: candidateRules,
  make: () => ({ lagging: new Map() }),
  observe: {
    'ha.lags': (_, { candidates: { lagging } }, { candidate, others }) => void lagging.set(candidate, others),
    'ha.candidate': (c, { candidates: { lagging } }, { candidate, applyLsn }) => {
      const others = lagging.get(candidate) ?? 0;
      expectRule(
        c,
        'fence.candidate-near',
        others === 0,
        () => `${candidate} is promoted at ${applyLsn}; ${others} that have applied more are up`,
      );
      lagging.clear();
    },
    'ha.noCandidate': (_, { candidates: { lagging } }) => void lagging.clear(),
  },
};
