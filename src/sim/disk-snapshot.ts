// A disk's snapshot: an earlier durable image that the device keeps beside the present one, and to which it can be put
// back (F24). It lies on the disk, under keys that no node sees, so it outlives crashes, kills and power cuts as every
// durable value does. It shares its bytes with the disk and counts towards no limit.

import type { DiskImage, Write } from '../core/kernel/door.ts';

const PREFIX = '~snapshot/';

interface Snapshotted {
  durable: Map<string, Uint8Array>;
  readonly snapshot: Map<string, Uint8Array>;
}

/** The image without its snapshot, and the snapshot; both in the order of their keys. */
export function splitImage(image: DiskImage): Snapshotted {
  const durable = new Map<string, Uint8Array>();
  const snapshot = new Map<string, Uint8Array>();
  for (const key of [...image.keys()].sort()) {
    const bytes = image.get(key) as Uint8Array;
    if (key.startsWith(PREFIX)) snapshot.set(key.slice(PREFIX.length), bytes);
    else durable.set(key, bytes);
  }
  return { durable, snapshot };
}

/** All that the disk holds durably, as `splitImage` takes it. */
export function wholeImage({ durable, snapshot }: Snapshotted): Map<string, Uint8Array> {
  if (snapshot.size === 0) return durable;
  const whole = new Map(durable);
  for (const [key, bytes] of snapshot) whole.set(PREFIX + key, bytes);
  return whole;
}

/** The durable image as of now takes the place of the snapshot before it; what is not synced is not in it. */
export function takeSnapshot({ durable, snapshot }: Snapshotted, written: Write[]): void {
  for (const [key, bytes] of changes(snapshot, durable)) written.push({ key: PREFIX + key, bytes });
  snapshot.clear();
  for (const key of [...durable.keys()].sort()) snapshot.set(key, durable.get(key) as Uint8Array);
}

/** The writes that put the disk back to its snapshot; none if there is none. */
export const rollbackWrites = ({ durable, snapshot }: Snapshotted): Write[] =>
  snapshot.size === 0 ? [] : changes(durable, snapshot).map(([key, bytes]) => ({ key, bytes }));

function changes(from: DiskImage, to: DiskImage): [key: string, bytes: Uint8Array | null][] {
  const found: [string, Uint8Array | null][] = [];
  for (const key of from.keys()) if (!to.has(key)) found.push([key, null]);
  for (const [key, bytes] of to) if (from.get(key) !== bytes) found.push([key, bytes]);
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}
