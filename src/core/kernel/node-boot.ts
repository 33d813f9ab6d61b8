// The boot epoch (docs/spec/terms.md): raised by one at each open and durable before the first message, so that ids made
// from it are used once (HOLE-28, WAL-49). Two copies: one damaged value does not turn the count back.

import { type Codec, uint } from '../../base/codec.ts';
import type { DiskImage, Write } from './door.ts';
import { type Coverage, openWith, sealWith } from './framing.ts';
import { has, type Mutants } from './mutants.ts';

const VERSION = 1;
export const BOOT_KEYS = ['node/boot/a', 'node/boot/b'] as const;
const codec: Codec<number> = uint;

const coverageOf = (mutants: Mutants): Coverage =>
  has(mutants, 'node.boot-unchecked')
    ? 'unread'
    : has(mutants, 'node.boot-sum-forgets-first')
      ? 'butFirst'
      : 'whole';

/** The last durable boot epoch, 0 on a fresh disk. */
export function readBootEpoch(disk: DiskImage, mutants: Mutants = []): number {
  let epoch = 0;
  for (const key of BOOT_KEYS) {
    const bytes = disk.get(key);
    const opened = bytes && openWith(codec, VERSION, bytes, coverageOf(mutants));
    if (opened?.ok && opened.value > epoch) epoch = opened.value;
  }
  return epoch;
}

export const bootWrites = (bootEpoch: number, mutants: Mutants): Write[] =>
  BOOT_KEYS.map((key) => ({ key, bytes: sealWith(codec, VERSION, bootEpoch, coverageOf(mutants)) }));
