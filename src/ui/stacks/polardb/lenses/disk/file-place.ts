// From a path and an offset to the bytes on chunk servers (docs/spec/polarfs.md FS-1, FS-4, FS-8, FS-22, FS-70): direntry, inode, block of the file,
// blktag, chunk and block, servers. Pure: what a node has mounted in, a place out.

import type { Chunk, DiskModel, TreeRow } from './project.ts';

export interface FilePlace {
  readonly row: TreeRow;
  readonly offset: number;
  /** Which block of the file, and the byte within it. */
  readonly blkid: number;
  readonly within: number;
  readonly blktag: number;
  readonly chunk: Chunk;
  /** Of the chunk; 0 is its superblock. */
  readonly block: number;
  /** From the device's beginning. */
  readonly byte: number;
  /** FS-8: never written, reads as zero. */
  readonly isHole: boolean;
}

export type FoundPlace =
  | { readonly kind: 'place'; readonly place: FilePlace }
  | { readonly kind: 'none' | 'directory' | 'beyond'; readonly size: number };

export function findPlace(model: DiskModel, path: string, offset: number): FoundPlace {
  const { geometry: g, tree, chunks } = model;
  const row = tree.find((one) => one.path === path);
  if (row === undefined) return { kind: 'none', size: 0 };
  const { size, kind } = row.inode;
  if (kind === 'dir') return { kind: 'directory', size };
  if (offset >= size) return { kind: 'beyond', size };
  const blkid = Math.floor(offset / g.blockBytes);
  const within = offset % g.blockBytes;
  const tag = row.chain.find((one) => one.blkid === blkid);
  const at = tag === undefined ? undefined : placeOfTag(model, tag.no);
  const chunk = at === undefined ? undefined : chunks[at.chunk];
  if (tag === undefined || at === undefined || chunk === undefined) return { kind: 'beyond', size };
  const byte = (at.chunk * g.blocksPerChunk + at.block) * g.blockBytes + within;
  const isHole = within >= tag.holeoff;
  return {
    kind: 'place',
    place: { row, offset, blkid, within, blktag: tag.no, chunk, block: at.block, byte, isHole },
  };
}

/** FS-4. */
function placeOfTag(
  { geometry: g }: DiskModel,
  blktag: number,
): { readonly chunk: number; readonly block: number } {
  let numbers = 1;
  while (numbers < g.blocksPerChunk) numbers *= 2;
  return { chunk: Math.floor(blktag / numbers), block: blktag % numbers };
}

/** `/base/8.0 4096`, or a path alone. */
export function readPlace(text: string): { readonly path: string; readonly offset: number } {
  const [named = '/', offset = '0'] = text.trim().split(/\s+/);
  const at = Number(offset);
  return {
    path: named.startsWith('/') ? named : `/${named}`,
    offset: Number.isSafeInteger(at) && at >= 0 ? at : 0,
  };
}
