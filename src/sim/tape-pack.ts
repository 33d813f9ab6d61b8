// The packed part of a tape: many lines of actions in one, deflated, so that a run of a million statements stays a file that opens. A block
// says how many actions it has, how many bytes their lines are and what their checksum is; it is damaged or it is right.

import { deflateSync, inflateSync } from 'fflate';
import { fromBase64, toBase64 } from '../base/base64.ts';
import { crc32c } from '../base/crc32c.ts';
import { badLine } from './tape-tokens.ts';

/** A tape of more lines or characters than this is packed. */
const PLAIN = { lines: 10_000, characters: 4 * 1024 * 1024 };
/** Characters of lines in a block (and one line more), and what a block's bytes may be. */
const BLOCK_CHARACTERS = 512 * 1024;
const BLOCK_BYTES_MAX = 4 * 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The lines of the actions as a tape has them: as they are, or packed. */
export function packLines(lines: readonly string[]): readonly string[] {
  const characters = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (lines.length <= PLAIN.lines && characters <= PLAIN.characters) return lines;
  const blocks: string[] = [];
  let block: string[] = [];
  let size = 0;
  for (const line of lines) {
    block.push(line);
    size += line.length + 1;
    if (size < BLOCK_CHARACTERS) continue;
    blocks.push(packBlock(block));
    block = [];
    size = 0;
  }
  return block.length === 0 ? blocks : [...blocks, packBlock(block)];
}

function packBlock(lines: readonly string[]): string {
  const bytes = encoder.encode(lines.join('\n'));
  const sum = crc32c(bytes).toString(16).padStart(8, '0');
  return `packed ${lines.length} ${bytes.length} ${sum} ${toBase64(deflateSync(bytes, { level: 6 }))}`;
}

export const isPacked = (line: string): boolean => line.startsWith('packed ');

/** The lines of a block; throws BadLine with what is wrong with its bytes. */
export function unpackLine(line: string): readonly string[] {
  const [, count, length, sum, text = ''] =
    /^packed (\d{1,9}) (\d{1,9}) ([0-9a-f]{8}) (\S+)$/.exec(line) ?? [];
  if (count === undefined || sum === undefined) throw badLine('packedForm');
  const size = Number(length);
  if (size > BLOCK_BYTES_MAX) throw badLine('packedTooLong', { most: BLOCK_BYTES_MAX });
  const packed = fromBase64(text);
  if (packed === null) throw badLine('packedBase64');
  const bytes = inflated(packed, size);
  if (bytes.length !== size) throw badLine('packedBytes', { found: bytes.length, said: size });
  const found = crc32c(bytes).toString(16).padStart(8, '0');
  if (found !== sum) throw badLine('packedSum', { found, said: sum });
  const lines = decoder.decode(bytes).split('\n');
  if (lines.length !== Number(count)) throw badLine('packedCount', { found: lines.length, said: count });
  return lines;
}

function inflated(packed: Uint8Array, size: number): Uint8Array {
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    throw badLine('packedInflate');
  }
}
