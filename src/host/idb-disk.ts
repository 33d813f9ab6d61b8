// A node's disk in IndexedDB. Loaded whole at open; afterwards the truth is written through: all writes that became
// durable in a window and the node's stamp go into one transaction with strict durability, or none of them.
//
// Another run takes a run's place on the same disks: what each would differ in is staged beside it, the lab's own database
// decides in one transaction, and then it is settled, or dropped. Whoever opens a disk names the change that
// was decided, and with it finishes or drops what a browser that was killed has left.

import type { IDBPDatabase } from 'idb';
import type { DiskImage, Write } from '../core/kernel/door.ts';
import type { Stamp } from '../sim/types.ts';
import { type DiskSchema, type Loss, openDisk, type StagedDisk, StorageRefused } from './databases.ts';
import type { DiskPlace } from './worker-messages.ts';

/** What a node worker needs of its disk: IndexedDB, or memory where storage is refused. */
export interface HostDisk {
  load(): Promise<{ image: Map<string, Uint8Array>; stamp: Stamp | null }>;
  commit(writes: readonly Write[], stamp: Stamp): Promise<void>;
  /** The disk becomes this image with this stamp, or with none. */
  replace(image: DiskImage, stamp: Stamp | null): Promise<void>;
  /** Durable beside the disk when it resolves; what was staged before is forgotten. */
  stage(staged: StagedDisk): Promise<void>;
  /** What is staged becomes the disk's. Nothing when nothing is staged. */
  settle(): Promise<void>;
  /** Forgets what is staged. */
  unstage(): Promise<void>;
  /**
   * What windows wrote that run ahead of the disks, durable beside the disk when it resolves; null: nothing. The lab decides for the cut
   * before anything else is asked of the disk, and whatever is asked next makes it the disk's in the same transaction.
   */
  cut(next: StagedDisk | null): Promise<void>;
  close(): void;
}

export async function openIdbDisk(place: DiskPlace, onFenced: (why: Loss) => void): Promise<HostDisk> {
  const db = await openDisk(place.database, place.epoch, onFenced);
  const staged = await db.get('staged', 'staged');
  if (staged !== undefined) await (staged.turn === place.turn ? settle(db) : unstage(db));
  let lastCut: StagedDisk | null = null;
  /** One transaction: the last cut, which the lab has decided for, becomes the disk's, and then what else there is to do. */
  const inOne = async (work: (tx: StrictTransaction) => readonly Promise<unknown>[]): Promise<void> => {
    const tx = strictTransaction(db);
    const cut = lastCut === null ? [] : settled(tx, lastCut);
    await Promise.all([...cut, ...work(tx), tx.done]);
    lastCut = null;
  };
  const stage = (next: StagedDisk): Promise<void> =>
    inOne((tx) => [tx.objectStore('staged').put(next, 'staged')]);
  return {
    load: () => load(db),
    commit: (writes, stamp) => inOne((tx) => applied(tx, writes, stamp)),
    replace: (image, stamp) => replace(db, image, stamp),
    stage,
    settle: () => settle(db),
    unstage: () => unstage(db),
    async cut(next) {
      if (next !== null) await stage(next);
      else if (lastCut !== null) await inOne(() => []);
      lastCut = next;
    },
    close: () => db.close(),
  };
}

async function load(
  db: IDBPDatabase<DiskSchema>,
): Promise<{ image: Map<string, Uint8Array>; stamp: Stamp | null }> {
  const tx = db.transaction(['disk', 'stamp'], 'readonly');
  const [keys, values, stamp] = await Promise.all([
    tx.objectStore('disk').getAllKeys(),
    tx.objectStore('disk').getAll(),
    tx.objectStore('stamp').get('stamp'),
  ]);
  const image = new Map<string, Uint8Array>();
  keys.forEach((key, i) => {
    const value: unknown = values[i];
    // A foreign value is kept as bytes that fail their checksum: the node's own decoder says so and recovers.
    image.set(key, value instanceof Uint8Array ? value : new Uint8Array(0));
  });
  return { image, stamp: (stamp as Stamp | undefined) ?? null };
}

async function settle(db: IDBPDatabase<DiskSchema>): Promise<void> {
  const tx = strictTransaction(db);
  const staged = await tx.objectStore('staged').get('staged');
  await Promise.all([...(staged === undefined ? [] : settled(tx, staged)), tx.done]);
}

/** What is staged becomes the disk's, and is staged no more. */
const settled = (tx: StrictTransaction, { writes, stamp }: StagedDisk): readonly Promise<unknown>[] => [
  ...applied(tx, writes, stamp as Stamp | null),
  tx.objectStore('staged').clear(),
];

async function unstage(db: IDBPDatabase<DiskSchema>): Promise<void> {
  const tx = strictTransaction(db);
  await Promise.all([tx.objectStore('staged').clear(), tx.done]);
}

/** The writes into the disk, and the stamp, as they are under way. */
function applied(tx: StrictTransaction, writes: readonly Write[], stamp: Stamp | null): Promise<unknown>[] {
  const disk = tx.objectStore('disk');
  const pending: Promise<unknown>[] = [];
  // Only the last write of a key counts inside one atomic transaction.
  for (const [key, bytes] of lastOfEach(writes))
    pending.push(bytes === null ? disk.delete(key) : disk.put(bytes, key));
  const stamps = tx.objectStore('stamp');
  pending.push(stamp === null ? stamps.clear() : stamps.put({ ...stamp }, 'stamp'));
  return pending;
}

async function replace(db: IDBPDatabase<DiskSchema>, image: DiskImage, stamp: Stamp | null): Promise<void> {
  const tx = strictTransaction(db);
  const disk = tx.objectStore('disk');
  const pending: Promise<unknown>[] = [disk.clear(), tx.objectStore('stamp').clear()];
  for (const [key, bytes] of image) pending.push(disk.put(bytes, key));
  if (stamp !== null) pending.push(tx.objectStore('stamp').put({ ...stamp }, 'stamp'));
  pending.push(tx.done);
  await Promise.all(pending);
}

type StrictTransaction = ReturnType<typeof strictTransaction>;

/** Every write goes through here: a transaction that is not strict is a fault, never used. */
function strictTransaction(db: IDBPDatabase<DiskSchema>) {
  const tx = db.transaction(['disk', 'stamp', 'staged'], 'readwrite', { durability: 'strict' });
  if (tx.durability !== 'strict')
    throw new StorageRefused(`the browser gives ${tx.durability} durability, not strict`);
  return tx;
}

function lastOfEach(writes: readonly Write[]): Map<string, Uint8Array | null> {
  const last = new Map<string, Uint8Array | null>();
  for (const write of writes) last.set(write.key, write.bytes);
  return last;
}

interface MemoryDisk {
  readonly image: Map<string, Uint8Array>;
  staged: StagedDisk | null;
}

/** Disks in memory by the names that their databases would have, shared by all lives of the nodes. */
export type MemoryDisks = Map<string, MemoryDisk>;

/** A disk that lives as long as its owner: crash keeps it, reload loses it. */
export function openMemoryDisk(disks: MemoryDisks, { database, turn }: DiskPlace): HostDisk {
  const disk = disks.get(database) ?? { image: new Map(), staged: null };
  disks.set(database, disk);
  const { image } = disk;
  const apply = (writes: readonly Write[]): void => {
    for (const { key, bytes } of writes) {
      if (bytes === null) image.delete(key);
      else image.set(key, bytes);
    }
  };
  const settleStaged = (): void => {
    apply(disk.staged?.writes ?? []);
    disk.staged = null;
  };
  if (disk.staged?.turn === turn) settleStaged();
  disk.staged = null;
  return {
    load: () => Promise.resolve({ image: new Map(image), stamp: null }),
    replace: (next) => {
      image.clear();
      for (const [key, bytes] of next) image.set(key, bytes);
      return Promise.resolve();
    },
    commit: (writes) => Promise.resolve(apply(writes)),
    stage: (next) => {
      disk.staged = next;
      return Promise.resolve();
    },
    settle: () => Promise.resolve(settleStaged()),
    unstage: () => {
      disk.staged = null;
      return Promise.resolve();
    },
    cut: (next) => Promise.resolve(apply(next?.writes ?? [])),
    close: () => {},
  };
}
