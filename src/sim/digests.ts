// Digests that compare worlds: of durable images and of states.

import { hashBytes, hashHex, hashNumber, hashText, makeHash } from '../base/hash.ts';
import type { DiskImage } from '../core/kernel/door.ts';

/** Digest of a durable image, whatever order its keys were written in. */
export function digestImage(image: DiskImage): string {
  const h = makeHash();
  const keys = [...image.keys()].sort();
  hashNumber(h, keys.length);
  for (const key of keys) {
    hashText(h, key);
    const bytes = image.get(key);
    if (bytes !== undefined) hashBytes(h, bytes);
  }
  return hashHex(h);
}
