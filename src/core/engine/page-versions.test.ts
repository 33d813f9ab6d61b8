// Older versions of a page in a reader's buffer (docs/spec/readers.md READ-17, READ-21).

import { expect, test } from 'vitest';
import { lsn } from '../../base/ids.ts';
import { setPageLsn } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { makeBufferPool } from './buffer-pool.ts';
import { addVersion, findVersion, makePageVersions, trimVersions } from './page-versions.ts';

const KEY = 7 as PageKey;

function pageAt(at: number): Uint8Array {
  const page = new Uint8Array(64);
  setPageLsn(page, lsn(at));
  return page;
}

test('READ-21 the version that was just read stays for who waits for it, though as many newer ones as there may be are here', () => {
  const [pool, versions] = [makeBufferPool(8, 0, []), makePageVersions()];
  for (let at = 100; at < 130; at++) addVersion(versions, KEY, pageAt(at), lsn(at));
  addVersion(versions, KEY, pageAt(6), lsn(16));
  expect(findVersion(pool, versions, KEY, lsn(16))).toEqual(pageAt(6));
  expect(findVersion(pool, versions, KEY, lsn(129))).toEqual(pageAt(129));
  addVersion(versions, KEY, pageAt(8), lsn(20));
  expect(findVersion(pool, versions, KEY, lsn(20))).toEqual(pageAt(8));
  expect(versions.older.get(KEY)).toHaveLength(16);
});

test('READ-17 a version goes when no read point from MRPL on can need it', () => {
  const [pool, versions] = [makeBufferPool(8, 0, []), makePageVersions()];
  for (const [at, upTo] of [
    [10, 14],
    [15, 29],
  ] as const)
    addVersion(versions, KEY, pageAt(at), lsn(upTo));
  trimVersions(versions, KEY, lsn(20));
  expect(findVersion(pool, versions, KEY, lsn(12))).toBeNull();
  expect(findVersion(pool, versions, KEY, lsn(25))).toEqual(pageAt(15));
});
