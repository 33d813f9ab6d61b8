// How a mount comes by its metadata: the whole from the superblocks and the journal (docs/spec/polarfs.md FS-60), and, at a reader,
// what was committed since (FS-62 to FS-65). The leader record is read once more with the entries: if the journal's tail has passed the
// first of them, they may have been written over. The journal lies in several chunks, which answer when they like, so entries that are not
// what the leader says are damage only if the leader record, read after them, still keeps the first. A load that fails changes nothing.

import { has } from '../kernel/mutants.ts';
import { decodeHeader } from './chunk-header.ts';
import { applyChanges } from './draft.ts';
import { ENTRY_BYTES, headerPlace, leaderPlace, objectPlace, superblockPlace } from './geometry.ts';
import {
  chunkOfEntry,
  decodeEntries,
  decodeLeader,
  type Entry,
  type Leader,
  ringDistance,
  ringPlaces,
} from './journal.ts';
import { addStoredChunk, badObjects, findObject, type Metadata, makeMetadata } from './metadata.ts';
import {
  type Action,
  type Came,
  end,
  fail,
  joined,
  type LoadMode,
  type Mount,
  ok,
  read,
  run,
  type SyncResult,
  type Task,
} from './mount-state.ts';

type Load = Extract<Task, { kind: 'load' }>;
type Sync = Extract<Task, { kind: 'sync' }>;

export const load = (mode: LoadMode): Task => ({
  kind: 'load',
  mode,
  phase: 0,
  meta: null,
  first: null,
  last: null,
  tooFew: 0,
});
export const sync = (): Task => ({ kind: 'sync', phase: 0, leader: null, from: 0 });

/** Inode of `.pfs-journal` (FS-10). */
const JOURNAL_INO = 2;

export function stepLoad(mount: Mount, task: Load, came: Came): Action {
  const { geometry: g } = mount;
  if (came.kind === 'failed') return end(fail(came.error));
  const begin = (): Action => {
    task.phase = 1;
    return read([headerPlace(g, 0), leaderPlace(g)]);
  };
  switch (task.phase) {
    case 0:
      return begin();
    case 1: {
      const [first, second] = came.kind === 'bytes' ? came.bytes : [];
      const header = decodeHeader(g, 0, first ?? new Uint8Array());
      const leader = decodeLeader(g, second ?? new Uint8Array());
      if (!header.ok) mount.badChunks = [0];
      if (!header.ok || !leader.ok || header.value.chunks <= task.tooFew) return end(fail('EIO'));
      task.first = leader.value;
      task.phase = 2;
      return read(Array.from({ length: header.value.chunks }, (_, chunk) => superblockPlace(g, chunk)));
    }
    case 2: {
      const superblocks = came.kind === 'bytes' ? came.bytes : [];
      mount.badChunks = superblocks.flatMap((bytes, chunk) =>
        decodeHeader(g, chunk, bytes.subarray(0, g.sectorBytes)).ok ? [] : [chunk],
      );
      if (task.mode !== 'fsck' && mount.badChunks.length > 0) return end(fail('EIO'));
      const meta = makeMetadata(g);
      for (const superblock of superblocks) addStoredChunk(meta, superblock);
      const journal = journalBlocks(meta);
      if (journal === null) return end(fail('EIO'));
      task.meta = meta;
      if (task.mode === 'fsck') mount.meta = meta; // what can be seen of a journal that is damaged
      mount.journal = journal;
      task.phase = 3;
      return read([leaderPlace(g)]);
    }
    case 3: {
      const leader = decodeLeader(g, joined(came));
      if (!leader.ok || task.first === null) return end(fail('EIO'));
      task.last = leader.value;
      task.phase = 4;
      return read([...sinceTail(mount, task.first, task.last), leaderPlace(g)]);
    }
    case 4: {
      const { first, last, meta } = task;
      const pieces = came.kind === 'bytes' ? came.bytes : [];
      const again = decodeLeader(g, pieces.at(-1) ?? new Uint8Array());
      if (first === null || last === null || meta === null || !again.ok) return end(fail('EIO'));
      // FS-60: the journal was trimmed past what the superblocks were read with
      if (again.value.tailTx > first.tailTx && task.mode !== 'rw' && isLookedAtTwice(mount)) return begin();
      const ring = joined({ kind: 'bytes', bytes: pieces.slice(0, -1) });
      const entries = entriesSinceTail(mount, first, last, ring);
      if (entries === null) {
        task.phase = 5;
        return lookAgain(mount, task.mode);
      }
      const { length: chunks } = meta.chunks;
      if (entries.every((entry) => chunkOfEntry(g, entry) < chunks))
        return endLoad(mount, task.mode, meta, { first, last, entries, ring });
      // FS-13, FS-60: the writer has grown the file system since header 0 was read
      task.tooFew = chunks;
      return task.mode === 'rw' ? end(fail('EIO')) : begin();
    }
    default:
      return hasPassed(mount, came, task.first?.tailTx) ? begin() : end(fail('EIO'));
  }
}

const isLookedAtTwice = ({ mutants }: Mount): boolean => !has(mutants, 'pfs.no-second-look');

/** Entries are not what the leader record says: it is read after them. Nobody writes over them beside a writer. */
function lookAgain(mount: Mount, mode: LoadMode): Action {
  const isOver = mode === 'rw' || has(mount.mutants, 'pfs.looks-beside') || !isLookedAtTwice(mount);
  return isOver ? end(fail('EIO')) : read([leaderPlace(mount.geometry)]);
}

/** Whether the journal has let go of the transaction after this one. */
function hasPassed({ geometry: g }: Mount, came: Came, tx = 0): boolean {
  const leader = decodeLeader(g, joined(came));
  return leader.ok && leader.value.tailTx > tx;
}

/** The sectors of the ring with the entries of (first.tailTx, last.headTx], and the one with the head in it. */
function sinceTail({ geometry: g, journal }: Mount, first: Leader, last: Leader) {
  const begin = first.tailOff - (first.tailOff % g.sectorBytes);
  const bytes = first.tailOff - begin + ringDistance(g, first.tailOff, last.headOff);
  const length = Math.ceil(bytes / g.sectorBytes) * g.sectorBytes;
  return ringPlaces(g, journal, begin, length);
}

/** Null: they are not what the leader records say. */
function entriesSinceTail(
  { geometry: g }: Mount,
  first: Leader,
  last: Leader,
  ring: Uint8Array,
): readonly Entry[] | null {
  const skipped = first.tailOff % g.sectorBytes;
  const length = ringDistance(g, first.tailOff, last.headOff);
  const range = { after: first.tailTx, to: last.headTx, headLsn: last.headLsn };
  const entries = decodeEntries(g, ring.subarray(skipped, skipped + length), range);
  return entries.ok ? entries.value : null;
}

interface Loaded {
  readonly first: Leader;
  readonly last: Leader;
  readonly entries: readonly Entry[];
  readonly ring: Uint8Array;
}

function endLoad(
  mount: Mount,
  mode: LoadMode,
  meta: Metadata,
  { first, last, entries, ring }: Loaded,
): Action {
  const { geometry: g, mutants } = mount;
  const replayed = has(mutants, 'pfs.no-replay') ? [] : entries;
  applyChanges(
    meta,
    replayed.map(({ object }) => object),
  );
  if (mode !== 'fsck' && badObjects(meta).length > 0) return end(fail('EIO'));
  mount.meta = meta;
  mount.leader = last;
  mount.position = { tx: last.headTx, off: last.headOff, lsn: last.headLsn };
  mount.wait = null;
  mount.work = { transactions: last.headTx - first.tailTx, sectors: sectorsOf(mount, entries) };
  const ringEnd = (first.tailOff % g.sectorBytes) + ringDistance(g, first.tailOff, last.headOff);
  mount.ringEnd = ring.slice(ringEnd - (last.headOff % g.sectorBytes), ringEnd);
  for (const file of mount.files.values()) file.isStale = true;
  mount.state = 'open';
  return end(ok(entries.length));
}

const sectorsOf = ({ geometry: g }: Mount, entries: readonly Entry[]): Set<number> =>
  new Set(entries.map(({ object: { type, no } }) => objectPlace(g, type, no).sector));

/** The journal's blocks never change after mkfs; null: the superblock does not name them. */
function journalBlocks(meta: Metadata): number[] | null {
  const inode = findObject(meta, 'inode', JOURNAL_INO);
  const blocks: number[] = [];
  for (let no = inode?.head ?? 0; no !== 0; ) {
    const blktag = findObject(meta, 'blktag', no);
    if (blktag === null || blktag.blkid !== blocks.length || blktag.ino !== JOURNAL_INO) return null;
    blocks.push(no);
    no = blktag.next;
  }
  return blocks.length === meta.geometry.journalBlocks ? blocks : null;
}

export function stepSync(mount: Mount, task: Sync, came: Came): Action {
  const { geometry: g } = mount;
  if (came.kind === 'failed') return end(fail(came.error));
  const { position } = mount;
  switch (task.phase) {
    case 0:
      task.phase = 1;
      task.from = position.tx;
      return read([leaderPlace(g)]);
    case 1: {
      const leader = decodeLeader(g, joined(came));
      if (!leader.ok) return end(fail('EIO'));
      task.leader = leader.value;
      if (leader.value.headTx === position.tx)
        return end(ok(resultOf('NONE', mount, task.from, leader.value)));
      if (position.tx < leader.value.tailTx) {
        if (!has(mount.mutants, 'pfs.no-reload')) return reload(mount, task);
        const { tailTx: tx, tailOff: off } = leader.value; // planted: what was trimmed is passed over
        mount.position = { ...position, tx, off };
      }
      task.phase = 2;
      const { off } = mount.position;
      const begin = off - (off % g.sectorBytes);
      const bytes = off - begin + ringDistance(g, off, leader.value.headOff);
      const length = Math.ceil(bytes / g.sectorBytes) * g.sectorBytes;
      return read([...ringPlaces(g, mount.journal, begin, length), leaderPlace(g)]);
    }
    case 2: {
      const { leader } = task;
      const pieces = came.kind === 'bytes' ? came.bytes : [];
      const again = decodeLeader(g, pieces.at(-1) ?? new Uint8Array());
      if (leader === null || !again.ok) return end(fail('EIO'));
      if (again.value.tailTx > position.tx && isLookedAtTwice(mount)) return reload(mount, task); // lapped while it read
      return replay(mount, task, leader, joined({ kind: 'bytes', bytes: pieces.slice(0, -1) }));
    }
    case 3:
      return hasPassed(mount, came, position.tx) ? reload(mount, task) : end(fail('EIO'));
    default: {
      if (came.kind !== 'ended' || !came.outcome.ok)
        return end(came.kind === 'ended' ? came.outcome : fail('EIO'));
      const { from } = task;
      const { tailTx, headTx, tailOff, headOff } = mount.leader;
      const entries = ringDistance(g, tailOff, headOff) / ENTRY_BYTES;
      return endSync(mount, { mode: 'RELOAD', from, to: headTx, txs: headTx - tailTx, entries });
    }
  }
}

const resultOf = (
  mode: SyncResult['mode'],
  { position }: Mount,
  from: number,
  { headTx }: Leader,
  entries = 0,
): SyncResult => ({ mode, from, to: headTx, txs: headTx - position.tx, entries });

function endSync(mount: Mount, result: SyncResult): Action {
  mount.syncs.push(result);
  return end(ok(result));
}

function reload(mount: Mount, task: Sync): Action {
  task.phase = 4;
  for (const { no } of mount.meta.chunks.flatMap(({ inode }) => inode.filter((one) => one !== null)))
    mount.touched.add(no);
  return run(load('ro'));
}

function replay(mount: Mount, task: Sync, leader: Leader, ring: Uint8Array): Action {
  const { geometry: g, position, meta } = mount;
  const skipped = position.off % g.sectorBytes;
  const length = ringDistance(g, position.off, leader.headOff);
  const range = { after: position.tx, to: leader.headTx, headLsn: leader.headLsn };
  const entries = decodeEntries(g, ring.subarray(skipped, skipped + length), range);
  if (!entries.ok) {
    task.phase = 3;
    return lookAgain(mount, 'ro');
  }
  // FS-13: an object of a chunk that was added since
  if (entries.value.some((entry) => chunkOfEntry(g, entry) >= meta.chunks.length)) return reload(mount, task);
  const result = resultOf('REPLAY', mount, task.from, leader, entries.value.length);
  for (const { object } of entries.value) {
    if (object.type === 'inode') mount.touched.add(object.no);
    if (object.type === 'blktag') {
      mount.touched.add(object.ino);
      mount.touched.add(findObject(meta, 'blktag', object.no)?.ino ?? 0);
    }
    if (object.type === 'inode' && !object.used)
      for (const file of mount.files.values()) if (file.ino === object.no) file.isStale = true;
    applyChanges(meta, [object]);
  }
  mount.leader = leader;
  mount.position = { tx: leader.headTx, off: leader.headOff, lsn: leader.headLsn };
  return endSync(mount, result);
}
