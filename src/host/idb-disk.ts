// A node's disk in IndexedDB. Loaded whole at open; afterwards the truth is written through: all writes that became
// durable in a window and the node's stamp go into one transaction with strict durability, or none of them.

import type { IDBPDatabase } from 'idb';
import type { DiskImage, Write } from '../core/kernel/door.ts';
import type { Stamp } from '../sim/types.ts';
import { type DiskSchema, type Loss, openDisk, StorageRefused } from './databases.ts';

/** What a node worker needs of its disk: IndexedDB, or memory where storage is refused. */
export interface HostDisk {
  load(): Promise<{ image: Map<string, Uint8Array>; stamp: Stamp | null }>;
  commit(writes: readonly Write[], stamp: Stamp): Promise<void>;
  /** The disk becomes this image with this stamp, or with none. */
  replace(image: DiskImage, stamp: Stamp | null): Promise<void>;
  close(): void;
}

export async function openIdbDisk(
  name: string,
  epoch: number,
  onFenced: (why: Loss) => void,
): Promise<HostDisk> {
  const db = await openDisk(name, epoch, onFenced);
  return {
    load: () => load(db),
    commit: (writes, stamp) => commit(db, writes, stamp),
    replace: (image, stamp) => replace(db, image, stamp),
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

async function commit(db: IDBPDatabase<DiskSchema>, writes: readonly Write[], stamp: Stamp): Promise<void> {
  const tx = strictTransaction(db);
  const disk = tx.objectStore('disk');
  const pending: Promise<unknown>[] = [];
  // Only the last write of a key counts inside one atomic transaction.
  for (const [key, bytes] of lastOfEach(writes))
    pending.push(bytes === null ? disk.delete(key) : disk.put(bytes, key));
  pending.push(tx.objectStore('stamp').put({ ...stamp }, 'stamp'));
  pending.push(tx.done);
  await Promise.all(pending);
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

/** Every write goes through here: a transaction that is not strict is a fault, never used. */
function strictTransaction(db: IDBPDatabase<DiskSchema>) {
  const tx = db.transaction(['disk', 'stamp'], 'readwrite', { durability: 'strict' });
  if (tx.durability !== 'strict')
    throw new StorageRefused(`the browser gives ${tx.durability} durability, not strict`);
  return tx;
}

function lastOfEach(writes: readonly Write[]): Map<string, Uint8Array | null> {
  const last = new Map<string, Uint8Array | null>();
  for (const write of writes) last.set(write.key, write.bytes);
  return last;
}

/** Disks in memory by the names that their databases would have, shared by all lives of the nodes. */
export type MemoryDisks = Map<string, Map<string, Uint8Array>>;

/** A disk that lives as long as its owner: crash keeps it, reload loses it. */
export function openMemoryDisk(images: MemoryDisks, name: string): HostDisk {
  const image = images.get(name) ?? new Map<string, Uint8Array>();
  images.set(name, image);
  return {
    load: () => Promise.resolve({ image: new Map(image), stamp: null }),
    replace: (next) => {
      image.clear();
      for (const [key, bytes] of next) image.set(key, bytes);
      return Promise.resolve();
    },
    commit: (writes) => {
      for (const { key, bytes } of writes) {
        if (bytes === null) image.delete(key);
        else image.set(key, bytes);
      }
      return Promise.resolve();
    },
    close: () => {},
  };
}
