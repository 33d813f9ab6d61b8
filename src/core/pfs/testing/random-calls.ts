// Random calls of the file system, drawn so that they meet one another: few names, few directories, offsets around the ends of
// blocks, a device that fills.

import { nextBelow, nextChance, type Prng } from '../../../base/prng.ts';
import type { Call, FileRef } from '../mount-state.ts';
import { type Model, treeOf } from './model.ts';

const names = ['a', 'b', 'c', 'd'] as const;

const pick = <T>(prng: Prng, from: readonly T[]): T => from[nextBelow(prng, from.length)] as T;

/** Of the tree as it is, or a new one. */
function randomPath(prng: Prng, model: Model): string {
  const known = [...treeOf(model).keys()];
  return known.length > 0 && nextChance(prng, 3, 5) ? pick(prng, known) : freshPath(prng);
}

function freshPath(prng: Prng): string {
  if (nextChance(prng, 1, 60))
    return pick(prng, ['/', 'a', '/a/../b', `/${'x'.repeat(64)}`, '/.pfs-journal', '/./a//', '']);
  const depth = 1 + nextBelow(prng, 3);
  return Array.from({ length: depth }, () => `/${pick(prng, names)}`).join('');
}

function randomRef(prng: Prng, model: Model): FileRef {
  const open = [...model.files.keys()];
  if (open.length > 0 && nextChance(prng, 1, 2)) return pick(prng, open);
  return nextChance(prng, 1, 100) ? 999 : randomPath(prng, model);
}

const randomFd = (prng: Prng, model: Model): number => pick(prng, [...model.files.keys(), 999]);

/** Around the ends of blocks and sectors, more often than elsewhere. */
function randomOffset(prng: Prng, blockBytes: number): number {
  if (nextChance(prng, 1, 200)) return -1;
  const block = nextBelow(prng, 12) * blockBytes;
  return Math.max(0, block + pick(prng, [0, 0, 1, -1, 511, 512, 513, nextBelow(prng, blockBytes)]));
}

const randomLength = (prng: Prng, blockBytes: number): number =>
  pick(prng, [0, 1, 7, 512, 1000, blockBytes, blockBytes + 1, nextBelow(prng, 6 * blockBytes)]);

function randomBytes(prng: Prng, blockBytes: number): Uint8Array {
  const length = randomLength(prng, blockBytes);
  return new Uint8Array(length).fill(1 + nextBelow(prng, 250));
}

export function randomCall(prng: Prng, model: Model): Call {
  const { blockBytes } = model;
  const path = randomPath(prng, model);
  switch (nextBelow(prng, 21)) {
    case 0:
    case 1:
      return { kind: 'create', path };
    case 2:
    case 3:
      return { kind: 'mkdir', path };
    case 4:
      return { kind: 'unlink', path };
    case 5:
      return { kind: 'rmdir', path };
    case 6:
    case 7:
      return { kind: 'rename', from: path, to: randomPath(prng, model) };
    case 8:
      return {
        kind: 'open',
        path: path === '/.pfs-journal' ? '/b' : path,
        create: nextChance(prng, 1, 2),
        exclusive: nextChance(prng, 1, 4),
      };
    case 9:
      return { kind: 'close', fd: randomFd(prng, model) };
    case 10:
      return { kind: 'readdir', path };
    case 11:
      return { kind: 'read', fd: randomFd(prng, model), length: randomLength(prng, blockBytes) };
    case 12:
      return { kind: 'write', fd: randomFd(prng, model), bytes: randomBytes(prng, blockBytes) };
    case 13:
    case 14: {
      const ref = randomRef(prng, model);
      return {
        kind: 'pread',
        file: ref === '/.pfs-journal' ? '/a' : ref, // its bytes are no file's of the model
        offset: randomOffset(prng, blockBytes),
        length: randomLength(prng, blockBytes),
      };
    }
    case 15:
    case 16: {
      const file = randomRef(prng, model);
      return {
        kind: 'pwrite',
        file,
        offset: randomOffset(prng, blockBytes),
        bytes: randomBytes(prng, blockBytes),
      };
    }
    case 17:
      return { kind: 'append', file: randomRef(prng, model), bytes: randomBytes(prng, blockBytes) };
    case 18:
      return { kind: 'fallocate', path, length: randomOffset(prng, blockBytes) };
    default:
      return { kind: 'truncate', file: randomRef(prng, model), length: randomOffset(prng, blockBytes) };
  }
}
