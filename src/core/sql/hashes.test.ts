import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hexOfBytes } from './bytes-form.ts';
import { md5, sha224, sha256, sha384, sha512 } from './hashes.ts';

test.each(Object.entries({ md5, sha224, sha256, sha384, sha512 }))(
  '%s of bytes of every length around its blocks is the platform’s',
  (name, hash) => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
      expect(hexOfBytes(hash(bytes))).toBe(createHash(name).update(bytes).digest('hex'));
    }
  },
);
