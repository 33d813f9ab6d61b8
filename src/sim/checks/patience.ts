// Monitor of drivers that give a request up (docs/spec/failover.md FENCE-47): the limit is one of silence, so nobody has said within it
// that he is at work on the request; and the transaction that the request stood in goes on from a savepoint, or is rolled back.

import type { TraceOf } from '../../core/kernel/trace.ts';
import { type Check, type ClusterModule, expectRule, type Monitors } from './monitor.ts';

export const patienceRules = {
  'client.silence': {
    ids: ['FENCE-47'],
    source: 'D',
    lens: 'checks',
  },
  'client.block-fails': {
    ids: ['FENCE-47'],
    source: 'PostgreSQL; D',
    lens: 'checks',
  },
} as const;

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof patienceRules> {}
  interface ClusterStates {
    /** By driver and session: when somebody was last heard. */
    patience: Map<string, number>;
  }
}

const keyOf = ({ node }: Check, session: string): string => `${node}/${session}`;

function onGaveUp(c: Check, { patience }: Monitors, { session, limitUs }: TraceOf<'driver.gaveUp'>): void {
  const heardAt = patience.get(keyOf(c, session));
  patience.delete(keyOf(c, session));
  expectRule(
    c,
    'client.silence',
    heardAt === undefined || c.at - heardAt >= limitUs,
    () =>
      `${c.node} gives up the request of session ${session}, which a node was at work on ${c.at - (heardAt ?? 0)} µs ago`,
  );
}

export const patience: ClusterModule<'patience'> = {
  scope: 'cluster',
  name: 'patience',
  rules: patienceRules,
  make: () => new Map(),
  observe: {
    'driver.heard': (c, { patience }, { session }) => void patience.set(keyOf(c, session), c.at),
    'driver.gaveUp': onGaveUp,
    'block.answered': (c, _, { session, tag }) =>
      expectRule(
        c,
        'client.block-fails',
        tag === 'ROLLBACK',
        () => `session ${session} of ${c.node} is answered ${tag} in a transaction that has failed`,
      ),
    'node.down': ({ node }, { patience }) => {
      for (const key of [...patience.keys()]) if (key.startsWith(`${node}/`)) patience.delete(key);
    },
  },
};
