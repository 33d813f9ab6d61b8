// Monitor of damage that a scrub finds on a disk (docs/spec/wal.md WAL-39): what was lost comes back from a peer.

import type { NodeId } from '../../base/ids.ts';
import { forgetUncertain, groupTruth, isAnnulled } from './log-truth.ts';
import { expectRule, type GroupModule } from './monitor.ts';

export const scrubRules = {
  'scrub.repaired': {
    ids: ['WAL-39', 'HOLE-55'],
    source: 'A17 §3.3',
    lens: 'wal',
  },
} as const;

/** By node of the replica. */
interface Damage {
  /** Records given up as damaged and not yet back. */
  readonly damaged: Map<NodeId, Set<number>>;
  /** Highest LSN that the replica's log GC has dropped. */
  readonly floors: Map<NodeId, number>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof scrubRules> {}
  interface GroupStates {
    readonly damage: Damage;
  }
}

export const scrub: GroupModule<'damage'> = {
  scope: 'group',
  name: 'damage',
  rules: scrubRules,
  make: () => ({ damaged: new Map(), floors: new Map() }),
  observe: {
    'gc.drop': ({ node }, { damage }, { logFloor }) => void damage.floors.set(node, logFloor),
    'base.installed': ({ node }, { damage }) => void damage.damaged.delete(node),
    'wal.durable': ({ node }, { id, damage }, { lsns, source }, { truth }) => {
      const damaged = damage.damaged.get(node);
      if (damaged) for (const lsn of lsns) damaged.delete(lsn);
      if (source !== 'reopen') return;
      const found = new Set(lsns);
      const group = groupTruth(truth, id);
      if (group) forgetUncertain(group, node, (lsn) => !found.has(lsn));
    },
    'scrub.bad': ({ node }, { id, damage }, { lsns }, { truth }) => {
      const damaged = damage.damaged.get(node) ?? new Set<number>();
      for (const lsn of lsns) damaged.add(lsn);
      damage.damaged.set(node, damaged);
      const group = groupTruth(truth, id);
      if (group) forgetUncertain(group, node, (lsn) => lsns.includes(lsn));
    },
  },
  /** What is still missing at the end: not annulled, not below a log that GC dropped (WAL-36, WAL-39). */
  finish(c, { id, damage: { damaged, floors } }, { truth }) {
    for (const [node, lsns] of damaged) {
      if (!groupTruth(truth, id)?.replicas.has(node)) continue;
      const floor = floors.get(node) ?? -1;
      const [missing] = [...lsns].filter(
        (lsn) => !isAnnulled(truth, lsn, Number.MAX_SAFE_INTEGER) && lsn > floor,
      );
      expectRule(
        c,
        'scrub.repaired',
        missing === undefined,
        () => `${id} still lacks LSN ${missing}, which its disk lost`,
        node,
      );
    }
  },
};
