// Monitors of what replicas acknowledge and report of their log (docs/spec/wal.md WAL-14, WAL-28, WAL-39): SCL is what the
// disk holds without a gap, and a replica never takes back what it has acknowledged.

import type { NodeId, Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { groupTruth, type LogTruth, lastRecord, trueScl } from './log-truth.ts';
import {
  type Check,
  expectRule,
  type Group,
  type GroupModule,
  groupOf,
  type Volume,
  type VolumeModule,
} from './monitor.ts';
import { isOvertaken, tokenUnder } from './overtaken.ts';

export const ackRules = {
  'wal.ack-after-durable': {
    ids: ['WAL-28', 'WAL-14'],
    source: 'S002; A17 §3.3',
    lens: 'wal',
  },
  'wal.scl-true': {
    ids: ['WAL-14'],
    source: 'A18 §2.3',
    lens: 'wal',
  },
} as const;
export const abstentionRules = {
  'recovery.damaged-abstains': {
    ids: ['WAL-39'],
    source: 'A17 §3.3; D',
    lens: 'recovery',
  },
} as const;

/** By node, SCLs traced in the input that it works off: they are checked when all of that input is traced. */
type PendingScls = Map<NodeId, { ordinal: number; at: Time; readonly events: TraceOf<'mark.scl'>[] }>;

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof ackRules>, RulesOf<typeof abstentionRules> {}
  interface VolumeStates {
    readonly pendingScls: PendingScls;
  }
  interface GroupStates {
    /** Highest SCL that each replica has acknowledged and not been instructed to truncate. */
    readonly acked: Map<NodeId, number>;
  }
}

/** WAL-14: of the present term only; a replica that does not know of it counts what is annulled. */
function expectTrueScl(c: Check, volume: Volume, e: TraceOf<'mark.scl'>): void {
  const { truth } = volume;
  const group = groupTruth(truth, e.group);
  const { node } = c;
  if (group === undefined || e.term !== truth.term || truth.isLearning || !group.replicas.has(node)) return;
  if ((groupOf(c, volume, e.group).fencing.epochs.get(node) ?? 1) !== e.term) return;
  expectRule(
    c,
    'wal.scl-true',
    e.value <= trueScl(group, node),
    () => `SCL ${e.value} of ${e.group}; the disk holds ${trueScl(group, node)} without a gap`,
  );
}

export const reportedScls: VolumeModule<'pendingScls'> = {
  scope: 'volume',
  name: 'pendingScls',
  rules: ackRules,
  make: () => new Map(),
  before(c, volume) {
    const pending = volume.pendingScls.get(c.node);
    if (pending === undefined || pending.events.length === 0 || pending.ordinal === c.ordinal) return;
    const { at } = c;
    c.at = pending.at;
    for (const event of pending.events) expectTrueScl(c, volume, event);
    pending.events.length = 0;
    c.at = at;
  },
  observe: {
    'mark.scl': ({ node, at, ordinal }, { pendingScls }, event) => {
      const pending = pendingScls.get(node);
      if (pending === undefined) pendingScls.set(node, { ordinal, at, events: [event] });
      else {
        pending.ordinal = ordinal;
        pending.at = at;
        pending.events.push(event);
      }
    },
  },
};

/**
 * A truncation may be durable and its node lose power before it has traced it: the history that the node opened under tells. That is known
 * only once its term has written, which may be after the node has opened (dense seed 11 of `cynosdb-pcs`).
 */
function forgetAnnulled({ id, acked }: Group, node: NodeId, epoch: number, truth: LogTruth): void {
  const group = groupTruth(truth, id);
  const most = acked.get(node);
  if (group === undefined || most === undefined) return;
  let kept = most;
  for (const { term, after, before } of truth.annulled)
    if (term <= epoch && kept > after && kept < before) kept = lastRecord(group, after);
  acked.set(node, kept);
}

export const acknowledgements: GroupModule<'acked'> = {
  scope: 'group',
  name: 'acked',
  rules: abstentionRules,
  make: () => new Map(),
  forget: ({ acked }, node) => void acked.delete(node),
  observe: {
    'wal.ack': (c, { id, acked, fencing }, e, { truth }) => {
      const { node } = c;
      acked.set(node, Math.max(acked.get(node) ?? -1, e.scl));
      const group = groupTruth(truth, id);
      const isPresent = e.token === truth.term && (fencing.epochs.get(node) ?? 1) === e.token;
      if (group === undefined || !isPresent) return;
      expectRule(
        c,
        'wal.ack-after-durable',
        e.scl <= trueScl(group, node),
        () => `${id} acknowledges SCL ${e.scl}, its disk holds ${trueScl(group, node)}`,
      );
    },
    'recovery.history': ({ node }, { id, acked }, { removed, maxNwl }, { truth }) => {
      const group = groupTruth(truth, id);
      if (group === undefined) return;
      const below = removed.reduce((least, lsn) => Math.min(least, lsn - 1), maxNwl);
      const kept = lastRecord(group, below); // what lies between may be of other groups
      acked.set(node, Math.min(acked.get(node) ?? -1, kept));
    },
    'store.open': ({ node }, group, { volumeEpoch }, { truth }) =>
      forgetAnnulled(group, node, volumeEpoch, truth),
    /**
     * WAL-39: a replica that has lost what it acknowledged keeps silent; only a truncation may take something back. What
     * lies at or below the VDL it knows is at a write quorum, and the recovery begins there.
     */
    'recovery.info': (c, group, e, volume) => {
      if (isOvertaken(volume, tokenUnder(volume, c.node))) return;
      const replica = e.replica as NodeId;
      forgetAnnulled(group, replica, group.fencing.histories.get(replica) ?? 0, volume.truth);
      const most = group.acked.get(replica) ?? -1;
      expectRule(
        c,
        'recovery.damaged-abstains',
        Math.max(e.scl, e.knownVdl) >= most,
        () => `${e.replica} tells SCL ${e.scl} of ${e.group}; it has acknowledged ${most}`,
      );
    },
  },
};
