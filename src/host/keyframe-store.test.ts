// The store of keyframes keeps to its limits, gives out nothing but what is whole, and is in nobody's way.

import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import type { Time } from '../base/ids.ts';
import { toyEdge } from '../stacks/toy/testing/toy-world.ts';
import { type KeyframeSchema, keyframeDatabase } from './databases.ts';
import { makeKeyframeStore } from './keyframe-store.ts';
import { toyKeyframe } from './testing/toy-keyframe.ts';

const moments = [10_000, 20_000, 30_000, 40_000, 50_000].map((time) => toyKeyframe(toyEdge, time));
const stored = moments.map((moment) => moment.storedAs('past'));
const one = (i: number) => {
  const found = stored[i];
  if (found === undefined) throw new Error('no such moment');
  return found;
};

let made = 0;
const limits = { count: 64, bytes: 1 << 24 };

async function makeBench(limited = limits) {
  const lab = `keyframes-${++made}`;
  const store = makeKeyframeStore(lab, limited);
  await store.retain(['run']);
  return {
    lab,
    store,
    put: (i: number, runId = 'run') => store.put(one(i).key, runId, one(i).bytes),
    /** Instant of what it opens. */
    at: async (time: number, isExact = false, past = 'past') =>
      (await store.open({ past, time: time as Time, isExact }))?.fabric.now ?? null,
    count: () => changed(lab, (db) => db.count('keyframe')),
  };
}

async function changed<T>(
  lab: string,
  work: (db: Awaited<ReturnType<typeof openDB<KeyframeSchema>>>) => Promise<T>,
): Promise<T> {
  const db = await openDB<KeyframeSchema>(keyframeDatabase(lab));
  const done = await work(db);
  db.close();
  return done;
}

afterEach(() => vi.restoreAllMocks());

test('E19 of a past the newest not after an instant is opened, or the one at it', async () => {
  const { put, at, store } = await makeBench();
  for (const i of [2, 0, 1]) await put(i);
  expect(await at(9_999)).toBe(null);
  expect(await at(29_999)).toBe(20_000);
  expect(await at(30_000)).toBe(30_000);
  expect(await at(99_000)).toBe(30_000);
  expect(await at(29_999, true)).toBe(null);
  expect(await at(20_000, true)).toBe(20_000);
  expect(await at(30_000, false, 'other')).toBe(null);
  expect(await store.has(one(1).key)).toBe(true);
  expect(await store.has(one(3).key)).toBe(false);
  // Read twice, it is two worlds: whoever goes on from one changes it.
  const wanted = { ...one(1).key, isExact: true };
  expect(await store.open(wanted)).not.toBe(await store.open(wanted));
});

test('E19 the oldest are forgotten beyond the limits, in number and in bytes', async () => {
  const few = await makeBench({ ...limits, count: 3 });
  for (let i = 0; i < 5; i++) await few.put(i);
  expect(await few.count()).toBe(3);
  expect(await few.at(20_000)).toBe(null);
  expect(await few.at(30_000)).toBe(30_000);

  const largest = Math.max(...stored.map(({ bytes }) => bytes.length));
  const small = await makeBench({ ...limits, bytes: 4 * largest });
  for (let i = 0; i < 5; i++) await small.put(i);
  const bytes = (await small.store.bytes()).get('run') ?? 0;
  expect(bytes).toBeLessThanOrEqual(4 * largest);
  expect(bytes).toBeGreaterThan(2 * largest);
  expect(await small.at(50_000, true)).toBe(50_000);

  // One that would take more than its part is not kept at all.
  const tiny = await makeBench({ ...limits, bytes: largest });
  for (let i = 0; i < 5; i++) await tiny.put(i);
  expect(await tiny.count()).toBe(0);
});

test('E19 one of the same past and instant takes the place of another', async () => {
  const { put, count } = await makeBench();
  await put(0);
  await put(0);
  expect(await count()).toBe(1);
});

test('E19 keyframes go with their run, also such as are still on their way', async () => {
  const { lab, store, put, at, count } = await makeBench();
  await store.retain(['run', 'other']);
  await put(0);
  await put(1, 'other');
  const late = put(2, 'other');
  await store.retain(['run']);
  await late;
  await put(3, 'other');
  expect(await count()).toBe(1);
  expect(await at(99_000)).toBe(10_000);
  store.close();
  const next = makeKeyframeStore(lab);
  await next.retain(['another']);
  expect(await next.bytes()).toEqual(new Map());
});

test('E19 what is damaged, missing or no bytes at all is dropped when it is wanted, and the one before it opened', async () => {
  const { lab, put, at, count } = await makeBench();
  for (let i = 0; i < 5; i++) await put(i);
  await changed(lab, async (db) => {
    const [, second, third, fourth, fifth] = await db.getAllKeys('row');
    if (second === undefined || third === undefined || fourth === undefined || fifth === undefined) return;
    await db.put('keyframe', one(1).bytes.with(40, (one(1).bytes[40] ?? 0) ^ 1), second);
    await db.put('keyframe', one(0).bytes, third);
    await db.delete('keyframe', fourth);
    await db.put('keyframe', 'none' as never, fifth);
  });
  expect(await at(99_000)).toBe(10_000);
  expect(await count()).toBe(1);
  expect(await changed(lab, (db) => db.count('row'))).toBe(1);
});

test('E19 those of another engine are no longer counted, and go when the next one comes', async () => {
  const { lab, store, put } = await makeBench({ ...limits, count: 2 });
  await put(0);
  await put(1);
  await changed(lab, async (db) => {
    for (const number of await db.getAllKeys('row')) {
      const row = await db.get('row', number);
      if (row !== undefined) await db.put('row', { ...row, engine: '0.0.1' }, number);
    }
  });
  store.close();
  const next = makeKeyframeStore(lab, { ...limits, count: 2 });
  await next.retain(['run']);
  await next.put(one(2).key, 'run', one(2).bytes);
  await next.put(one(3).key, 'run', one(3).bytes);
  expect(await changed(lab, (db) => db.getAll('row'))).toEqual([
    expect.objectContaining({ time: 30_000 }),
    expect.objectContaining({ time: 40_000 }),
  ]);
});

test('E19 a tab that was taken over writes no keyframe any more, and nothing is refused it', async () => {
  const { lab, store, put, at } = await makeBench();
  await put(0);
  const next = makeKeyframeStore(lab);
  await next.retain(['run']);
  expect(await next.has(one(0).key)).toBe(true);
  await put(1);
  expect(await at(99_000)).toBe(null);
  expect(await store.bytes()).toEqual(new Map());
  expect(await next.has(one(1).key)).toBe(false);
  expect(await next.has(one(0).key)).toBe(true);
});

test('E19 where there is no room left, the keyframes make room, and nothing is refused', async () => {
  const { lab, put, count, at } = await makeBench();
  await put(0);
  await put(1);
  const { put: write } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'keyframe') throw new DOMException('full', 'QuotaExceededError');
    return write.apply(this, args);
  });
  await put(2);
  expect(await count()).toBe(0);
  expect(await changed(lab, (db) => db.count('row'))).toBe(0);
  vi.restoreAllMocks();
  await put(3);
  expect(await at(99_000)).toBe(40_000);
});

test('E19 a database that does not open is tried again by whoever needs it next', async () => {
  const { put, at } = await makeBench();
  const refused = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('no', 'UnknownError');
  });
  await put(0);
  expect(await at(99_000)).toBe(null);
  expect(refused).toHaveBeenCalled();
  vi.restoreAllMocks();
  await put(0);
  expect(await at(99_000)).toBe(10_000);
});
