// How a transaction becomes durable, and how the journal is trimmed (docs/spec/polarfs.md FS-50 to FS-57): entries first, then the
// leader record, whose write is the commit point; superblock sectors first, then the leader record that lets go of their entries.

import { has } from '../kernel/mutants.ts';
import { applyChanges } from './draft.ts';
import { ENTRY_BYTES, leaderPlace, logBytes, objectPlace, sectorPlace } from './geometry.ts';
import { encodeEntry, encodeLeader, type Leader, ringDistance, ringPlaces } from './journal.ts';
import { sectorImage } from './metadata.ts';
import {
  type Action,
  type Came,
  type DeviceWrite,
  end,
  fail,
  joined,
  type Mount,
  ok,
  read,
  run,
  type Task,
  write,
} from './mount-state.ts';
import type { PfsObject } from './objects.ts';

type Commit = Extract<Task, { kind: 'commit' }>;
type Trim = Extract<Task, { kind: 'trim' }>;

export const commit = (changes: readonly PfsObject[]): Task => ({
  kind: 'commit',
  changes,
  phase: 0,
  after: null,
});

const forcedTrim: Trim = { kind: 'trim', isForced: true, phase: 0 };

export function stepCommit(mount: Mount, task: Commit, came: Came): Action {
  const { geometry: g } = mount;
  const bytes = task.changes.length * ENTRY_BYTES;
  if (came.kind === 'failed') return end(fail(came.error));
  switch (task.phase) {
    case 0: {
      if (came.kind === 'ended' && !came.outcome.ok) return end(came.outcome);
      if (bytes === 0) return end(ok());
      if (bytes >= logBytes(g)) return end(fail('EFBIG'));
      const used = ringDistance(g, mount.leader.tailOff, mount.leader.headOff);
      if (bytes >= logBytes(g) - used) return run({ ...forcedTrim });
      task.phase = 1;
      const sector = sharedSector(mount, bytes);
      if (sector !== null) return read(ringPlaces(g, mount.journal, sector, g.sectorBytes));
      return stepCommit(mount, task, { kind: 'bytes', bytes: [] });
    }
    case 1: {
      task.phase = 2;
      const rest = (mount.position.off + bytes) % g.sectorBytes;
      task.after = joined(came).slice(rest);
      const writes = entryWrites(mount, task);
      if (!has(mount.mutants, 'pfs.leader-first')) return write(writes);
      task.phase = 3; // the leader record does not wait for its entries
      return write([...writes, leaderWrite(mount, nextLeader(mount, task))]);
    }
    case 2:
      task.phase = 3;
      return write([leaderWrite(mount, nextLeader(mount, task))]);
    case 3:
      task.phase = 4;
      onCommitted(mount, task);
      if (isTrimDue(mount)) return run({ kind: 'trim', isForced: false, phase: 0 });
      return end(ok());
    default:
      return end(ok()); // the transaction is durable, whatever became of the trim
  }
}

/** Offset of the sector in which the entries end, if older entries behind them are still needed; else null. */
function sharedSector({ geometry: g, leader, position }: Mount, bytes: number): number | null {
  const after = (position.off + bytes) % logBytes(g);
  const rest = after % g.sectorBytes;
  if (rest === 0 || leader.tailTx === leader.headTx) return null;
  return ringDistance(g, after, leader.tailOff) < g.sectorBytes - rest ? after - rest : null;
}

function entryWrites(mount: Mount, { changes, after }: Commit): DeviceWrite[] {
  const { geometry: g, position, ringEnd, journal } = mount;
  const begin = position.off - ringEnd.length;
  const length = Math.ceil((ringEnd.length + changes.length * ENTRY_BYTES) / g.sectorBytes) * g.sectorBytes;
  const bytes = new Uint8Array(length);
  bytes.set(ringEnd);
  let at = ringEnd.length;
  for (const [i, object] of changes.entries()) {
    const entry = { lsn: position.lsn + 1 + i, txid: position.tx + 1, more: i + 1 < changes.length, object };
    bytes.set(encodeEntry(g, entry), at);
    at += ENTRY_BYTES;
  }
  if (after !== null) bytes.set(after, length - after.length);
  return piecesOf(mount, journal, begin, bytes);
}

function piecesOf(
  { geometry: g }: Mount,
  journal: readonly number[],
  begin: number,
  bytes: Uint8Array,
): DeviceWrite[] {
  let at = 0;
  return ringPlaces(g, journal, begin, bytes.length).map((place) => {
    const piece = { place, bytes: bytes.slice(at, at + place.length) };
    at += place.length;
    return piece;
  });
}

const nextLeader = ({ geometry: g, leader, position, token }: Mount, { changes }: Commit): Leader => ({
  ...leader,
  headTx: position.tx + 1,
  headLsn: position.lsn + changes.length,
  headOff: (position.off + changes.length * ENTRY_BYTES) % logBytes(g),
  token,
});

const leaderWrite = ({ geometry: g }: Mount, leader: Leader): DeviceWrite => ({
  place: leaderPlace(g),
  bytes: encodeLeader(g, leader),
});

function onCommitted(mount: Mount, task: Commit): void {
  const { geometry: g, ringEnd } = mount;
  const leader = nextLeader(mount, task);
  const entries = task.changes.map((object, i) =>
    encodeEntry(g, {
      lsn: mount.position.lsn + 1 + i,
      txid: leader.headTx,
      more: i + 1 < task.changes.length,
      object,
    }),
  );
  const written = joined({ kind: 'bytes', bytes: [ringEnd, ...entries] });
  mount.ringEnd = written.slice(written.length - (leader.headOff % g.sectorBytes));
  applyChanges(mount.meta, task.changes);
  mount.leader = leader;
  mount.position = { tx: leader.headTx, off: leader.headOff, lsn: leader.headLsn };
  noteTransaction(mount, task.changes);
}

/** FS-54: a transaction of the work group. */
function noteTransaction({ geometry: g, work }: Mount, changes: readonly PfsObject[]): void {
  work.transactions++;
  for (const { type, no } of changes) work.sectors.add(objectPlace(g, type, no).sector);
}

const isTrimDue = ({ geometry: g, work }: Mount): boolean =>
  work.transactions >= g.trimTransactions || work.sectors.size >= g.trimSectors;

/** FS-54: work closes; its sectors as they are now wait to be written. */
function swap(mount: Mount): void {
  const { work, meta, position } = mount;
  const images = [...work.sectors]
    .sort((a, b) => a - b)
    .map((sector) => ({ sector, bytes: sectorImage(meta, sector) }));
  mount.wait = { end: position, images };
  mount.work = { transactions: 0, sectors: new Set() };
}

/** FS-55, FS-56. Forced with nothing to flush: ENODATA. */
export function stepTrim(mount: Mount, task: Trim, came: Came): Action {
  const { geometry: g } = mount;
  if (came.kind === 'failed') return end(fail(came.error));
  switch (task.phase) {
    case 0: {
      if (task.isForced && mount.wait === null && mount.work.transactions > 0) swap(mount);
      if (mount.wait === null) {
        if (!task.isForced) swap(mount);
        return end(task.isForced ? fail('ENODATA') : ok());
      }
      const sectors = mount.wait.images.map(({ sector, bytes }) => ({
        place: sectorPlace(g, sector),
        bytes,
      }));
      task.phase = 1;
      if (!has(mount.mutants, 'pfs.trim-early')) return write(sectors);
      task.phase = 2; // the leader record lets go of entries whose sectors are not durable
      return write([...sectors, leaderWrite(mount, trimmedLeader(mount))]);
    }
    case 1:
      task.phase = 2;
      return write([leaderWrite(mount, trimmedLeader(mount))]);
    default:
      mount.leader = trimmedLeader(mount);
      mount.wait = null;
      if (!task.isForced) swap(mount);
      return end(ok());
  }
}

const trimmedLeader = ({ leader, wait }: Mount): Leader =>
  wait === null ? leader : { ...leader, tailTx: wait.end.tx, tailOff: wait.end.off };
