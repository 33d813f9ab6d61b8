// Header of a chunk: sector 0 of its superblock (docs/spec/polarfs.md FS-3, FS-5, FS-12). It says the device's geometry and how
// many chunks the file system has; chunk 0's is the commit point of mkfs and growfs.

import type { Decoded } from '../../base/codec.ts';
import type { Geometry } from './geometry.ts';
import { getLong, isSealed, putLong, seal, viewOf } from './objects.ts';

const MAGIC = 0x5046_534c;
const VERSION = 1;

interface ChunkHeader {
  readonly chunk: number;
  /** Chunks of the file system. */
  readonly chunks: number;
}

const longsOf = (g: Geometry, { chunk, chunks }: ChunkHeader): number[] => [
  VERSION,
  chunk,
  chunks,
  g.sectorBytes,
  g.blockBytes,
  g.blocksPerChunk,
  g.inodesPerChunk,
  g.journalBlocks,
];

export function encodeHeader(g: Geometry, header: ChunkHeader): Uint8Array {
  const bytes = new Uint8Array(g.sectorBytes);
  const view = viewOf(bytes);
  view.setUint32(4, MAGIC, true);
  longsOf(g, header).forEach((value, i) => void putLong(view, 8 + 8 * i, value));
  seal(bytes);
  return bytes;
}

export function decodeHeader(g: Geometry, chunk: number, bytes: Uint8Array): Decoded<ChunkHeader> {
  if (bytes.length !== g.sectorBytes || !isSealed(bytes)) return { ok: false, error: 'checksum mismatch' };
  const view = viewOf(bytes);
  if (view.getUint32(4, true) !== MAGIC) return { ok: false, error: 'no header of a chunk' };
  const header = { chunk, chunks: getLong(view, 24) };
  const differs = longsOf(g, header).findIndex((value, i) => getLong(view, 8 + 8 * i) !== value);
  if (differs >= 0) return { ok: false, error: `field ${differs} of the header of chunk ${chunk}` };
  if (header.chunks <= chunk) return { ok: false, error: `chunk ${chunk} of ${header.chunks}` };
  return { ok: true, value: header };
}
