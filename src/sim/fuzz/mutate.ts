// Damaged and hostile bytes made of good ones: flipped bits, set bytes, cuts, repeats, splices with another value,
// stretched numbers. Half of them get a valid checksum again, so that what is behind it has to hold by itself.

import { crc32c } from '../../base/crc32c.ts';
import { nextBelow, nextBetween, nextUint32, type Prng } from '../../base/prng.ts';

const EDGES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** Always other bytes than the good ones, unless by chance. */
export function mutateBytes(prng: Prng, good: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = good.slice();
  for (let n = nextBetween(prng, 1, 3); n > 0; n--) bytes = mutateOnce(prng, bytes, other);
  return bytes;
}

function mutateOnce(prng: Prng, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = nextBelow(prng, bytes.length + 1);
  switch (nextBelow(prng, 7)) {
    case 0:
      if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << nextBelow(prng, 8));
      return bytes;
    case 1:
      if (at < bytes.length) bytes[at] = EDGES[nextBelow(prng, EDGES.length)] as number;
      return bytes;
    case 2:
      return bytes.slice(0, at);
    case 3: {
      const length = nextBelow(prng, Math.min(32, bytes.length - at) + 1);
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    }
    case 4: {
      const from = nextBelow(prng, other.length + 1);
      const length = nextBelow(prng, Math.min(64, other.length - from) + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at));
    }
    case 5: {
      const from = nextBelow(prng, other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from));
    }
    default: {
      // a number of the greatest length, where one may stand
      const long = Uint8Array.from({ length: nextBetween(prng, 1, 10) }, () => 0x80 | nextUint32(prng));
      return joined(bytes.subarray(0, at), long, bytes.subarray(Math.min(bytes.length, at + 1)));
    }
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Puts the checksum of all that follows `from` into the four bytes at `at`. */
export function reseal(bytes: Uint8Array, at: number, from: number, to: number = bytes.length): void {
  if (from > to || at + 4 > bytes.length) return;
  const crc = crc32c(bytes, from, to);
  for (let i = 0; i < 4; i++) bytes[at + i] = crc >>> (8 * i);
}
