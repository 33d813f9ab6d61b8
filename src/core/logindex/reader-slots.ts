// Registered readers, as the writer of shared storage counts them (LI-60 … LI-64): the slowest live one is the gate of its flushes. A slot is
// there before the reader's first read and goes after its lease, never before the reader has stopped.

import { type Lsn, MAX, type NodeId, type Time } from '../../base/ids.ts';

export interface Slot {
  readonly sessionEpoch: number;
  /** durableLsn at registration: storage may hold images up to it (LI-61). */
  readonly readyLsn: Lsn;
  applyLsn: Lsn;
  minUsedLsn: Lsn;
  lockReplayLsn: Lsn;
  leaseEnd: Time;
  /** When the reader, by its own clock, sent what renewed the lease last; sent back to it, for its lease begins there (LI-63). */
  leaseFrom: Time;
}

export type Slots = Map<NodeId, Slot>;

export interface SlotReport {
  readonly sessionEpoch: number;
  readonly applyLsn: Lsn;
  readonly minUsedLsn: Lsn;
  readonly lockReplayLsn: Lsn;
  readonly sentAt: Time;
}

/** A registered reader is refused: the old session may still read. */
export function register(
  slots: Slots,
  reader: NodeId,
  {
    sessionEpoch,
    durableLsn,
    consistentLsn,
    sentAt,
  }: Record<'sessionEpoch', number> & {
    durableLsn: Lsn;
    consistentLsn: Lsn;
    sentAt: Time;
  },
  leaseEnd: Time,
): 'ALREADY_REGISTERED' | 'registered' {
  if (slots.has(reader)) return 'ALREADY_REGISTERED';
  slots.set(reader, {
    sessionEpoch,
    readyLsn: durableLsn,
    applyLsn: durableLsn,
    minUsedLsn: consistentLsn,
    lockReplayLsn: 0 as Lsn,
    leaseEnd,
    leaseFrom: sentAt,
  });
  return 'registered';
}

/** LI-62: nothing decreases, and while the reader is starting nothing but the lease changes. */
export function takeReport(
  slots: Slots,
  reader: NodeId,
  report: SlotReport,
  leaseEnd: Time,
): 'NOT_REGISTERED' | 'taken' {
  const slot = slots.get(reader);
  if (slot === undefined || slot.sessionEpoch !== report.sessionEpoch) return 'NOT_REGISTERED';
  slot.leaseEnd = Math.max(slot.leaseEnd, leaseEnd) as Time;
  slot.leaseFrom = Math.max(slot.leaseFrom, report.sentAt) as Time;
  if (report.applyLsn < slot.readyLsn) return 'taken';
  slot.applyLsn = Math.max(slot.applyLsn, report.applyLsn) as Lsn;
  slot.minUsedLsn = Math.max(slot.minUsedLsn, report.minUsedLsn) as Lsn;
  slot.lockReplayLsn = Math.max(slot.lockReplayLsn, report.lockReplayLsn) as Lsn;
  return 'taken';
}

/** LI-63: drops the slots whose lease is over on every clock; who they were. */
export function dropExpired(slots: Slots, now: Time, clockBound: number): NodeId[] {
  const expired = [...slots].filter(([, { leaseEnd }]) => now > leaseEnd + clockBound).map(([id]) => id);
  for (const id of expired) slots.delete(id);
  return expired;
}

/** LI-63, at the reader: it serves while its own clock is below the end of the lease that its writer sent it. */
export const mayServe = (now: Time, leaseFrom: Time, leaseUs: number): boolean => now < leaseFrom + leaseUs;

const least = (slots: Slots, of: (slot: Slot) => Lsn): Lsn => {
  let result: number = MAX;
  for (const slot of slots.values()) result = Math.min(result, of(slot));
  return result as Lsn;
};

/** MAX without readers. */
export const oldestApplyLsn = (slots: Slots): Lsn => least(slots, ({ applyLsn }) => applyLsn);
export const leastUsedLsn = (slots: Slots): Lsn => least(slots, (slot) => slot.minUsedLsn);

/** LI-64: every live reader has replayed the lock. */
export const isLockReplayed = (slots: Slots, lockLsn: Lsn): boolean =>
  least(slots, ({ lockReplayLsn }) => lockReplayLsn) >= lockLsn;
