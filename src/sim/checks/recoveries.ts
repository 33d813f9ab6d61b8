// Monitors of the writer's recovery (docs/spec/wal.md §6): its token is at the write quorums before it reads, it goes by a
// read quorum of every group, follows the history of the highest term, and ends the volume where an MTR ends.

import type { NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { installedToken } from './fencing.ts';
import { isCpl, setsOfTerm } from './log-truth.ts';
import { expectRule, groupOf, type VolumeModule } from './monitor.ts';

export const recoveryRules = {
  'recovery.token-before-read': {
    ids: ['WAL-50', 'FENCE-25'],
    source: 'S002 Fencing; A18 §2.4',
    lens: 'recovery',
  },
  'recovery.open-after-history': {
    ids: ['FENCE-27', 'WAL-63'],
    source: 'S002 Fencing; A17 §4.3',
    lens: 'recovery',
  },
  'recovery.read-quorum': {
    ids: ['WAL-63', 'FENCE-26'],
    source: 'A17 §4.3; A18 §4.1',
    lens: 'recovery',
  },
  'recovery.highest-term': {
    ids: ['WAL-51', 'WAL-73'],
    source: 'Raft §5.4.1; A18',
    lens: 'recovery',
  },
} as const;

interface Recoveries {
  /** What the recovery of each token came to. */
  readonly computed: Map<number, { readonly vdlPrime: number; readonly startLsn: number }>;
  /** The token that a node recovers under. */
  readonly under: Map<NodeId, number>;
  /** Reports since the last computation: they are traced right before the one that goes by them, at the same node. */
  readonly infos: Map<NodeId, TraceOf<'recovery.info'>[]>;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof recoveryRules> {}
  interface VolumeStates {
    readonly recoveries: Recoveries;
  }
}

export const recoveries: VolumeModule<'recoveries'> = {
  scope: 'volume',
  name: 'recoveries',
  rules: recoveryRules,
  make: ({ origin }) => ({
    computed: new Map(
      origin === null ? [] : [[origin.token, { vdlPrime: origin.lsn, startLsn: origin.startLsn }]],
    ),
    under: new Map(),
    infos: new Map(),
  }),
  observe: {
    'recovery.step': (c, volume, { step, token }) => {
      volume.recoveries.under.set(c.node, token);
      if (step !== 'R2' && step !== 'R7') return;
      const { truth } = volume;
      const rule = step === 'R2' ? 'recovery.token-before-read' : 'recovery.open-after-history';
      for (const group of truth.groups) {
        const states = groupOf(c, volume, group.id);
        const reached = (replica: NodeId): number =>
          step === 'R2' ? installedToken(states, replica) : (states.fencing.histories.get(replica) ?? 0);
        let installed = Number.MAX_SAFE_INTEGER;
        for (const members of setsOfTerm(truth, group, token))
          installed = Math.min(installed, members.filter((replica) => reached(replica) >= token).length);
        expectRule(
          c,
          rule,
          installed >= group.vw,
          () => `${step} of token ${token} begins with it at ${installed} of ${group.vw} in ${group.id}`,
        );
      }
    },
    'recovery.info': ({ node }, { recoveries: { infos } }, event) => {
      const reported = infos.get(node);
      if (reported) reported.push(event);
      else infos.set(node, [event]);
    },
    'recovery.computed': (c, { truth, lal, recoveries: { computed, infos } }, e) => {
      const reported = infos.get(c.node) ?? [];
      infos.delete(c.node);
      for (const group of truth.groups) {
        const count = reported.filter((info) => info.group === group.id).length;
        expectRule(
          c,
          'recovery.read-quorum',
          count >= group.vr,
          () => `recovery ${e.token} goes by ${count} of ${group.vr} replicas of ${group.id}`,
        );
      }
      const highest = Math.max(...reported.map(({ tailTerm }) => tailTerm));
      const start = Math.max(e.vdlPrime, (computed.get(highest)?.startLsn ?? 0) - 1) + lal + 1;
      expectRule(
        c,
        'recovery.highest-term',
        e.startLsn === start || !(highest === 1 || computed.has(highest)),
        () =>
          `recovery ${e.token} starts at ${e.startLsn}; the highest term reported to it, ${highest}, gives ${start}`,
      );
      expectRule(
        c,
        'wal.vdl-is-cpl',
        truth.isLearning || isCpl(truth, e.vdlPrime),
        () => `recovery ${e.token} ends the volume at ${e.vdlPrime}, inside an MTR`,
      );
      computed.set(e.token, { vdlPrime: e.vdlPrime, startLsn: e.startLsn });
    },
  },
};
