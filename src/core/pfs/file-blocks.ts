// Blocks of a file, and what a call that changes its content makes of them (docs/spec/polarfs.md FS-8, FS-22, FS-33 to FS-38):
// which are allocated, which bytes go to the device, which end. Pure plans; the tasks that carry them out are in file-tasks.ts.

import {
  allocate,
  changesOf,
  type Draft,
  freeLeft,
  get,
  linkLast,
  makeDraft,
  membersOf,
  put,
  release,
  unlinkMember,
} from './draft.ts';
import { blockPlace, chunkBytes, type Geometry, type Place } from './geometry.ts';
import { type Metadata, objectAt } from './metadata.ts';
import type { DeviceWrite } from './mount-state.ts';
import { type Blktag, freeObject, type PfsObject } from './objects.ts';

/** By blkid, in list order. */
export const blocksOf = (meta: Metadata, ino: number): Map<number, Blktag> =>
  new Map(membersOf(makeDraft(meta), 'blktag', objectAt(meta, 'inode', ino)).map((one) => [one.blkid, one]));

interface Piece {
  readonly blkid: number;
  /** Within the block: [from, to). */
  readonly from: number;
  readonly to: number;
  /** Of the call's bytes. */
  readonly at: number;
}

/** A range of a file by blocks. */
export function piecesOf({ blockBytes }: Geometry, offset: number, length: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < length; ) {
    const from = (offset + at) % blockBytes;
    const part = Math.min(blockBytes - from, length - at);
    pieces.push({ blkid: Math.floor((offset + at) / blockBytes), from, to: from + part, at });
    at += part;
  }
  return pieces;
}

/** FS-33 (a): blocks for what the range lacks. Null: there are not enough (FS-21). */
export function planAllocation(meta: Metadata, ino: number, offset: number, length: number): Draft | null {
  const draft = makeDraft(meta);
  const { geometry: g } = meta;
  const known = blocksOf(meta, ino);
  const missing = piecesOf(g, offset, length).filter(({ blkid }) => !known.has(blkid));
  if (missing.length > freeLeft(draft, 'blktag')) return null;
  for (const { blkid } of missing) {
    const no = allocate(draft, 'blktag') as number;
    linkLast(draft, ino, { ...freeObject('blktag', no), used: true, ino, blkid, holelen: g.blockBytes });
  }
  const inode = get(draft, 'inode', ino);
  put(draft, { ...inode, nblock: inode.nblock + missing.length });
  return draft;
}

/** FS-43: what `fallocate` makes of a file, which may be in the draft only, and the blocks that are zeroed for it. Null: there are not enough. */
export function planFallocation(
  draft: Draft,
  ino: number,
  length: number,
  now: number,
): { readonly changes: PfsObject[]; readonly zeros: Place[] } | null {
  const { geometry: g } = draft.meta;
  const known = new Set(membersOf(draft, 'blktag', get(draft, 'inode', ino)).map(({ blkid }) => blkid));
  const missing = Array.from({ length: Math.ceil(length / g.blockBytes) }, (_, blkid) => blkid).filter(
    (blkid) => !known.has(blkid),
  );
  if (missing.length > freeLeft(draft, 'blktag')) return null;
  const zeros = missing.map((blkid) => {
    const no = allocate(draft, 'blktag') as number;
    linkLast(draft, ino, { ...freeObject('blktag', no), used: true, ino, blkid, holeoff: g.blockBytes });
    return blockPlace(g, no, 0, g.blockBytes);
  });
  const inode = get(draft, 'inode', ino);
  const size = Math.max(inode.size, length);
  if (size > inode.size || missing.length > 0)
    put(draft, { ...inode, size, nblock: inode.nblock + missing.length, mtime: now, ctime: now });
  return { changes: changesOf(draft), zeros };
}

/** A sector of which only a part is written: what is there must be read first. */
const edgesOf = (
  { sectorBytes }: Geometry,
  blktag: Blktag,
  { from, to }: Piece,
): [first: number, end: number] => {
  const begin = Math.min(from, blktag.holeoff);
  return [begin - (begin % sectorBytes), Math.ceil(to / sectorBytes) * sectorBytes];
};

/** Sectors whose bytes before or behind the range stay (FS-33 (b)). */
export function edgePlaces(meta: Metadata, ino: number, offset: number, length: number): Place[] {
  const { geometry: g } = meta;
  const blocks = blocksOf(meta, ino);
  return piecesOf(g, offset, length).flatMap((piece) => {
    const blktag = blocks.get(piece.blkid) as Blktag;
    const [first, end] = edgesOf(g, blktag, piece);
    const sectors: number[] = [];
    if (Math.min(piece.from, blktag.holeoff) > first) sectors.push(first);
    if (piece.to < end && piece.to < blktag.holeoff) sectors.push(end - g.sectorBytes);
    return [...new Set(sectors)].map((at) => blockPlace(g, blktag.no, at, g.sectorBytes));
  });
}

/** FS-33 (b): the range with zeros between the hole's beginning and it, and the edges that were read. */
export function dataWrites(
  meta: Metadata,
  ino: number,
  offset: number,
  bytes: Uint8Array,
  edges: readonly { readonly place: Place; readonly bytes: Uint8Array }[],
): DeviceWrite[] {
  const { geometry: g } = meta;
  const blocks = blocksOf(meta, ino);
  return piecesOf(g, offset, bytes.length).map((piece) => {
    const blktag = blocks.get(piece.blkid) as Blktag;
    const [first, end] = edgesOf(g, blktag, piece);
    const place = blockPlace(g, blktag.no, first, end - first);
    const image = new Uint8Array(end - first);
    for (const edge of edges)
      if (
        edge.place.chunk === place.chunk &&
        edge.place.at >= place.at &&
        edge.place.at < place.at + place.length
      )
        image.set(edge.bytes, edge.place.at - place.at);
    image.fill(0, Math.min(piece.from, blktag.holeoff) - first, piece.from - first);
    if (piece.to >= blktag.holeoff) image.fill(0, piece.to - first);
    image.set(bytes.subarray(piece.at, piece.at + piece.to - piece.from), piece.from - first);
    return { place, bytes: image };
  });
}

/** FS-33 (c): size, time and holes, if the size or a hole changes. */
export function planWritten(meta: Metadata, ino: number, offset: number, length: number, now: number): Draft {
  const draft = makeDraft(meta);
  const { geometry: g } = meta;
  const blocks = blocksOf(meta, ino);
  for (const { blkid, to } of piecesOf(g, offset, length)) {
    const blktag = blocks.get(blkid) as Blktag;
    if (to > blktag.holeoff) put(draft, { ...blktag, holeoff: to, holelen: g.blockBytes - to });
  }
  const inode = objectAt(meta, 'inode', ino);
  const size = Math.max(inode.size, offset + length);
  if (size > inode.size || draft.changed.size > 0) put(draft, { ...inode, size, mtime: now, ctime: now });
  return draft;
}

/** FS-36: what is to be read of the device; the rest of the range is zero. */
export function readPlan(
  meta: Metadata,
  ino: number,
  offset: number,
  length: number,
): { readonly place: Place; readonly skip: number; readonly at: number; readonly length: number }[] {
  const { geometry: g } = meta;
  const blocks = blocksOf(meta, ino);
  return piecesOf(g, offset, length).flatMap(({ blkid, from, to, at }) => {
    const blktag = blocks.get(blkid);
    const end = Math.min(to, blktag?.holeoff ?? 0);
    if (blktag === undefined || end <= from) return [];
    const first = from - (from % g.sectorBytes);
    const last = Math.ceil(end / g.sectorBytes) * g.sectorBytes;
    return [
      { place: blockPlace(g, blktag.no, first, last - first), skip: from - first, at, length: end - from },
    ];
  });
}

/**
 * FS-37: the next transaction of a truncation. A larger one than a chunk's worth of bytes repeats, so it is done when the size
 * is `length` and no block lies beyond.
 */
export function planTruncation(
  meta: Metadata,
  ino: number,
  length: number,
  now: number,
): { readonly draft: Draft; readonly isLast: boolean } {
  const draft = makeDraft(meta);
  const { geometry: g } = meta;
  const inode = objectAt(meta, 'inode', ino);
  const blocks = membersOf(draft, 'blktag', inode);
  const last = blocks.reduce((most, { blkid }) => Math.max(most, blkid), -1);
  const end = (last + 1) * g.blockBytes;
  const isLast = end - chunkBytes(g) <= length;
  const to = isLast ? length : end - chunkBytes(g);
  const kept = Math.ceil(to / g.blockBytes);
  const freed = blocks.filter(({ blkid }) => blkid >= kept);
  freeBlocks(draft, ino, freed);
  const inner = to % g.blockBytes;
  const cut = blocks.find(({ blkid }) => blkid === kept - 1);
  if (cut !== undefined && inner > 0 && cut.holeoff > inner)
    put(draft, { ...get(draft, 'blktag', cut.no), holeoff: inner, holelen: g.blockBytes - inner });
  const size = isLast ? length : Math.min(inode.size, to);
  if (size !== inode.size || draft.changed.size > 0)
    put(draft, { ...get(draft, 'inode', ino), size, mtime: now, ctime: now });
  return { draft, isLast };
}

function freeBlocks(draft: Draft, ino: number, freed: readonly Blktag[]): void {
  for (const { no } of freed) {
    unlinkMember(draft, ino, get(draft, 'blktag', no));
    release(draft, 'blktag', no);
  }
  const inode = get(draft, 'inode', ino);
  if (freed.length > 0) put(draft, { ...inode, nblock: inode.nblock - freed.length });
}

/** FS-38: the next transaction of an orphan's release: its blocks from the highest on, with the last of them the inode. */
export function planRelease(
  meta: Metadata,
  ino: number,
): { readonly draft: Draft; readonly isLast: boolean } {
  const draft = makeDraft(meta);
  const blocks = membersOf(draft, 'blktag', objectAt(meta, 'inode', ino)).sort((a, b) => b.blkid - a.blkid);
  const part = blocks.slice(0, meta.geometry.blocksPerChunk);
  const isLast = part.length === blocks.length;
  freeBlocks(draft, ino, part);
  if (isLast) release(draft, 'inode', ino);
  return { draft, isLast };
}
