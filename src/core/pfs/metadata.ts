// The metadata of a mount: every object of every chunk, and how many are free. It holds exactly the state after one transaction
// (docs/spec/polarfs.md FS-58, FS-65); a change is made by a draft (draft.ts) and put here when it is committed or replayed.

import { present } from '../../base/assert.ts';
import {
  chunkOf,
  countOf,
  firstSectorOf,
  type Geometry,
  indexOf,
  numberOf,
  OBJECT_BYTES,
  type ObjectType,
  objectsIn,
  objectTypes,
} from './geometry.ts';
import { decodeObject, encodeObject, freeObject, type Objects, type PfsObject } from './objects.ts';

/** Null: its bytes fail their check. */
type ChunkObjects = { readonly [T in ObjectType]: (Objects[T] | null)[] };

interface Room {
  /** Free objects of the type in this chunk, and an index below which none is free. */
  free: number;
  from: number;
}

export interface Metadata {
  readonly geometry: Geometry;
  readonly chunks: ChunkObjects[];
  readonly room: { readonly [T in ObjectType]: Room[] };
}

export const makeMetadata = (geometry: Geometry): Metadata => ({
  geometry,
  chunks: [],
  room: { blktag: [], direntry: [], inode: [] },
});

/** FS-10, FS-12: a chunk as it is formatted; blktag 0, which describes the superblock, is always used. */
export function addFreeChunk(meta: Metadata): void {
  const { geometry: g, chunks } = meta;
  const chunk = chunks.length;
  const freeOf = <T extends ObjectType>(type: T): Objects[T][] =>
    Array.from({ length: countOf(g, type) }, (_, i) => freeObject(type, numberOf(g, type, chunk, i)));
  chunks.push({ blktag: freeOf('blktag'), direntry: freeOf('direntry'), inode: freeOf('inode') });
  for (const type of objectTypes) meta.room[type].push({ free: countOf(g, type), from: 0 });
  putObject(meta, { ...freeObject('blktag', numberOf(g, 'blktag', chunk, 0)), used: true });
}

/** Reads a superblock's objects; those that fail their check are null. */
export function addStoredChunk(meta: Metadata, superblock: Uint8Array): void {
  const { geometry: g, chunks } = meta;
  const chunk = chunks.length;
  const storedOf = <T extends ObjectType>(type: T): (Objects[T] | null)[] =>
    Array.from({ length: countOf(g, type) }, (_, i) => {
      const at = firstSectorOf(g, type) * g.sectorBytes + i * OBJECT_BYTES;
      const object = decodeObject(
        type,
        numberOf(g, type, chunk, i),
        superblock.subarray(at, at + OBJECT_BYTES),
      );
      return object.ok ? object.value : null;
    });
  const stored = { blktag: storedOf('blktag'), direntry: storedOf('direntry'), inode: storedOf('inode') };
  chunks.push(stored);
  for (const type of objectTypes)
    meta.room[type].push({ free: stored[type].filter((one) => one !== null && !one.used).length, from: 0 });
}

/** Null where there is no such object, or its bytes fail their check. */
export function findObject<T extends ObjectType>(meta: Metadata, type: T, no: number): Objects[T] | null {
  const { geometry: g, chunks } = meta;
  return chunks[chunkOf(g, type, no)]?.[type][indexOf(g, type, no)] ?? null;
}

export const objectAt = <T extends ObjectType>(meta: Metadata, type: T, no: number): Objects[T] =>
  present(findObject(meta, type, no), type, no);

export function putObject(meta: Metadata, object: PfsObject): void {
  const { geometry: g } = meta;
  const { type, no } = object;
  const chunk = chunkOf(g, type, no);
  const index = indexOf(g, type, no);
  const objects = present(meta.chunks[chunk], 'chunk', chunk)[type] as (PfsObject | null)[];
  const room = present(meta.room[type][chunk], 'room of chunk', chunk);
  const before = objects[index] ?? null;
  objects[index] = object;
  if (before !== null && !before.used) room.free--;
  if (object.used) return;
  room.free++;
  room.from = Math.min(room.from, index);
}

/** The lowest free index of a chunk that is not among `taken`. */
export function lowestFree(
  meta: Metadata,
  type: ObjectType,
  chunk: number,
  taken: ReadonlySet<number>,
): number {
  const objects = present(meta.chunks[chunk], 'chunk', chunk)[type];
  const room = present(meta.room[type][chunk], 'room of chunk', chunk);
  let index = room.from;
  while (index < objects.length && objects[index]?.used !== false) index++;
  room.from = index;
  while (objects[index]?.used !== false || taken.has(numberOf(meta.geometry, type, chunk, index))) index++;
  return index;
}

export const freeCount = (meta: Metadata, type: ObjectType): number =>
  meta.room[type].reduce((sum, { free }) => sum + free, 0);

/** The bytes of a sector of a superblock as of this state (FS-54). */
export function sectorImage(meta: Metadata, sector: number): Uint8Array {
  const bytes = new Uint8Array(meta.geometry.sectorBytes);
  for (const [slot, { type, no }] of objectsIn(meta.geometry, sector).entries())
    bytes.set(encodeObject(objectAt(meta, type, no)), slot * OBJECT_BYTES);
  return bytes;
}

/** Objects that fail their check. */
export function badObjects(meta: Metadata): { type: ObjectType; no: number }[] {
  const { geometry: g, chunks } = meta;
  return chunks.flatMap((objects, chunk) =>
    objectTypes.flatMap((type) =>
      objects[type].flatMap((one, i) => (one === null ? [{ type, no: numberOf(g, type, chunk, i) }] : [])),
    ),
  );
}

/** Every object, in the order of chunks, types and numbers. */
export const allObjects = <T extends ObjectType>(meta: Metadata, type: T): Objects[T][] =>
  meta.chunks.flatMap((objects) => objects[type].filter((one) => one !== null));
