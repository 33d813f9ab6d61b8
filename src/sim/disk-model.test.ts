import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePrng } from '../base/prng.ts';
import type { Write } from '../core/kernel/door.ts';
import { crashDisk } from './disk-crash.ts';
import { rotDisk, setDiskFaults } from './disk-faults.ts';
import { completeDisk, diskUse, nextDiskAt, readDisk, writeDisk } from './disk-model.ts';
import { type DiskSpec, type DiskState, makeDisk } from './disk-state.ts';
import { NEVER } from './types.ts';

const spec: DiskSpec = {
  syncUs: 200,
  syncJitterUs: 0,
  readUs: 100,
  bandwidth: 100,
  limitBytes: 10_000,
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null | undefined): string | null =>
  bytes === null || bytes === undefined ? null : new TextDecoder().decode(bytes);
const put = (key: string, text: string): Write => ({ key, bytes: bytesOf(text) });
const remove = (key: string): Write => ({ key, bytes: null });

function disk(image: Readonly<Record<string, string>> = {}, change: Partial<DiskSpec> = {}, seed = 1) {
  const entries = Object.entries(image).map(([key, text]) => [key, bytesOf(text)] as const);
  return makeDisk<string>(new Map(entries), { ...spec, ...change }, makePrng(seed, 'disk'));
}

const contents = (of: DiskState<unknown>): Record<string, string | null> =>
  Object.fromEntries([...of.durable].map(([key, bytes]) => [key, textOf(bytes)]));

/** Runs the device alone; what it did, with its times. */
function runDevice(of: DiskState<string>, until = NEVER as number): string[] {
  const log: string[] = [];
  for (let at = nextDiskAt(of); at < until; at = nextDiskAt(of)) {
    const event = completeDisk(of, at, []);
    if (event.kind === 'synced') log.push(`${at} synced ${event.tags.join(' ')} ${event.error ?? 'ok'}`);
    else log.push(`${at} read ${event.read.id} ${event.error ?? event.values.map(textOf).join(',')}`);
  }
  return log;
}

test('PRE-7 a sync covers exactly what was written before it began; what arrives meanwhile waits for the next', () => {
  const d = disk();
  expect(writeDisk(d, 0, [put('a', '1')], 'A')).toBeNull();
  writeDisk(d, 50, [put('b', '1')], 'B');
  writeDisk(d, 100, [put('c', '1')], 'C');
  expect(diskUse(d, false)).toMatchObject({ pending: 3, volatileWrites: 3, volatileBytes: 6, bytes: 0 });
  // One byte of value and one of key, 100 bytes a µs: 1 µs of transfer over the 200 of the sync.
  expect(nextDiskAt(d)).toBe(201);
  const durable: Write[] = [];
  expect(completeDisk(d, 201, durable)).toEqual({ kind: 'synced', tags: ['A'], error: null });
  expect(durable.map(({ key }) => key)).toEqual(['a']);
  expect(contents(d)).toEqual({ a: '1' });
  expect(runDevice(d)).toEqual(['402 synced B C ok']);
  expect(contents(d)).toEqual({ a: '1', b: '1', c: '1' });
  expect(diskUse(d, false)).toMatchObject({ pending: 0, volatileWrites: 0, volatileBytes: 0, bytes: 6 });
  expect(nextDiskAt(d)).toBe(NEVER);
});

test('a batch is ordered: the later write of a key counts, a delete deletes', () => {
  const d = disk({ old: 'x' });
  writeDisk(d, 0, [put('a', '1'), put('a', '2'), remove('old'), put('b', '1'), remove('b')], 'A');
  runDevice(d);
  expect(contents(d)).toEqual({ a: '2' });
  expect(diskUse(d, false).bytes).toBe(2);
});

test('a disk opens with its keys in one order, whichever they were written in', () => {
  const keys = (of: DiskState<unknown>): string[] => [...of.durable.keys()];
  expect(keys(disk({ b: '1', a: '2', 'a/10': '3', 'a/2': '4' }))).toEqual(['a', 'a/10', 'a/2', 'b']);
  expect(keys(disk({ 'a/2': '4', a: '2', b: '1', 'a/10': '3' }))).toEqual(['a', 'a/10', 'a/2', 'b']);
});

test('bandwidth and latency: a sync takes its base, its jitter and its bytes', () => {
  const d = disk({}, { limitBytes: 100_000 });
  writeDisk(d, 0, [put('k', 'x'.repeat(9_999))], 'A');
  expect(nextDiskAt(d)).toBe(300);
  const jittery = disk({}, { syncJitterUs: 100 }, 3);
  const times = new Set<number>();
  for (let i = 0; i < 50; i++) {
    writeDisk(jittery, i * 1000, [put('k', 'v')], 'A');
    times.add(nextDiskAt(jittery) - i * 1000);
    completeDisk(jittery, nextDiskAt(jittery), []);
  }
  expect(Math.min(...times)).toBeGreaterThanOrEqual(201);
  expect(Math.max(...times)).toBeLessThanOrEqual(301);
  expect(times.size).toBeGreaterThan(20);
});

test('reads see what was written, synced or not, and take diskReadUs and their bytes', () => {
  const d = disk({ a: 'durable', gone: 'x' });
  readDisk(d, 0, 1, ['a', 'none'], 0);
  writeDisk(d, 10, [put('a', 'written'), remove('gone')], 'A');
  readDisk(d, 50, 2, ['a', 'gone'], 0);
  expect(runDevice(d)).toEqual(['101 read 1 written,', '151 read 2 written,', '211 synced A ok']);
  expect(contents(d)).toEqual({ a: 'written' });
});

test('DISK_FULL: a batch that would not fit is refused whole, at once; overwriting and deleting go on', () => {
  const d = disk({}, { limitBytes: 100 });
  expect(writeDisk(d, 0, [put('a', 'x'.repeat(59))], 'A')).toBeNull();
  expect(writeDisk(d, 0, [put('b', 'x'.repeat(49))], 'B')).toBe('DISK_FULL');
  runDevice(d);
  expect(contents(d)).toEqual({ a: 'x'.repeat(59) });
  expect(writeDisk(d, 500, [put('b', 'x'.repeat(40))], 'C')).toBe('DISK_FULL');
  expect(writeDisk(d, 500, [put('a', 'y'.repeat(59))], 'D')).toBeNull();
  runDevice(d);
  expect(writeDisk(d, 900, [remove('a')], 'E')).toBeNull();
  runDevice(d);
  expect(writeDisk(d, 1500, [put('b', 'x'.repeat(87))], 'F')).toBeNull();
  expect(d.counters.refused).toBe(2);
});

test('WAL-77 of a disk an eighth is kept from data, and a sixteenth from what frees room, for a change of writer', () => {
  const d = disk({ a: 'x'.repeat(86) }, { limitBytes: 100 });
  const one = [put('b', '1')];
  expect(writeDisk(d, 0, [put('b', '12')], 'A')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('c', 'x'.repeat(7))], 'B', 'freeing')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('c', 'x'.repeat(6))], 'B', 'freeing')).toBeNull();
  expect(writeDisk(d, 0, one, 'C', 'freeing')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('d', 'x'.repeat(5))], 'D', 'recovery')).toBeNull();
  expect(writeDisk(d, 0, one, 'E', 'recovery')).toBe('DISK_FULL');
  runDevice(d);
  expect(diskUse(d, false).bytes).toBeLessThanOrEqual(100);
});

test('WAL-77 the fault "full" takes the room for data only: as much as is kept may still be taken', () => {
  const d = disk({ a: 'x'.repeat(19) }, { limitBytes: 320 });
  setDiskFaults(d, 0, { full: true });
  expect(writeDisk(d, 0, [put('b', '1')], 'A')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('b', 'x'.repeat(20))], 'B', 'freeing')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('b', 'x'.repeat(19))], 'B', 'freeing')).toBeNull();
  expect(writeDisk(d, 0, [put('c', 'x'.repeat(19))], 'C', 'recovery')).toBeNull();
  expect(writeDisk(d, 0, [put('d', '1')], 'D', 'recovery')).toBe('DISK_FULL');
  setDiskFaults(d, 0, { full: false });
  expect(writeDisk(d, 0, [put('d', '1')], 'E')).toBeNull();
});

test('the fault "full" refuses growth with room left; the fault over, it goes on', () => {
  const d = disk({ a: '1' });
  setDiskFaults(d, 0, { full: true });
  expect(writeDisk(d, 0, [put('b', '1')], 'A')).toBe('DISK_FULL');
  expect(writeDisk(d, 0, [put('a', '2')], 'B')).toBeNull();
  setDiskFaults(d, 0, { full: false });
  expect(writeDisk(d, 0, [put('b', '1')], 'C')).toBeNull();
});

test('a failing sync makes no promise: each covered write is kept, torn or lost, and all get EIO', () => {
  const seen = { kept: 0, torn: 0, lost: 0 };
  for (let seed = 0; seed < 60; seed++) {
    const d = disk({ a: 'old-old' }, {}, seed);
    setDiskFaults(d, 0, { failSync: true });
    writeDisk(d, 0, [put('a', 'NEWNEWNEW')], 'A');
    writeDisk(d, 10, [put('b', 'later')], 'B');
    expect(completeDisk(d, nextDiskAt(d), [])).toEqual({ kind: 'synced', tags: ['A'], error: 'EIO' });
    const value = textOf(d.durable.get('a')) ?? '';
    if (value === 'NEWNEWNEW') seen.kept++;
    else if (value === 'old-old') seen.lost++;
    else {
      seen.torn++;
      expect(value).toMatch(/^N/);
    }
    expect(d.durable.has('b')).toBe(false);
    setDiskFaults(d, 300, { failSync: false });
    expect(runDevice(d)).toHaveLength(1);
    expect(textOf(d.durable.get('b'))).toBe('later');
  }
  expect(Math.min(seen.kept, seen.torn, seen.lost)).toBeGreaterThan(5);
});

test('a stall holds the running sync and gives it back what it had left; slow multiplies', () => {
  const d = disk();
  writeDisk(d, 0, [put('a', '1')], 'A');
  setDiskFaults(d, 150, { stall: true });
  expect(nextDiskAt(d)).toBe(NEVER);
  writeDisk(d, 160, [put('b', '1')], 'B');
  setDiskFaults(d, 1000, { stall: false });
  expect(nextDiskAt(d)).toBe(1051);
  completeDisk(d, 1051, []);
  setDiskFaults(d, 1100, { stall: true });
  setDiskFaults(d, 1200, { slowPercent: 1000 });
  setDiskFaults(d, 1300, { stall: false });
  expect(nextDiskAt(d)).toBe(1452);
  completeDisk(d, 1452, []);
  writeDisk(d, 2000, [put('c', '1')], 'C');
  expect(nextDiskAt(d)).toBe(4010);
});

test('a read that fails says EIO', () => {
  const d = disk({ a: '1' });
  setDiskFaults(d, 0, { failRead: true });
  readDisk(d, 0, 7, ['a'], 0);
  expect(runDevice(d)).toEqual(['101 read 7 EIO']);
  expect(d.counters.failedReads).toBe(1);
});

test('a crash that loses all leaves exactly what was synced', () => {
  const d = disk();
  writeDisk(d, 0, [put('a', '1')], 'A');
  runDevice(d);
  writeDisk(d, 500, [put('a', '2'), put('b', '2')], 'B');
  writeDisk(d, 510, [put('c', '2')], 'C');
  expect(crashDisk(d, 'loseAll')).toEqual([]);
  expect(contents(d)).toEqual({ a: '1' });
  expect(d.counters).toMatchObject({ lost: 3, survived: 0, torn: 0 });
  expect(diskUse(d, false)).toMatchObject({ pending: 0, volatileWrites: 0, volatileBytes: 0 });
  expect(nextDiskAt(d)).toBe(NEVER);
});

test('tornLast: all but the last unsynced write survive, the last is new up to a point and old beyond it', () => {
  const points = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const d = disk({ b: 'oldoldoldold' }, {}, seed);
    writeDisk(d, 0, [put('a', '1')], 'A');
    writeDisk(d, 10, [put('b', 'NEWNEW')], 'B');
    const durable = crashDisk(d, 'tornLast');
    expect(durable.map(({ key }) => key)).toEqual(['a', 'b']);
    const value = textOf(d.durable.get('b')) ?? '';
    const cut = value.search(/[a-z]/);
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(6);
    expect(value).toBe('NEWNEW'.slice(0, cut) + 'oldoldoldold'.slice(cut));
    points.add(cut);
  }
  expect(points.size).toBe(5);
  const fresh = disk();
  writeDisk(fresh, 0, [put('new', 'abcdef')], 'A');
  crashDisk(fresh, 'tornLast');
  expect('abcdef'.startsWith(contents(fresh).new ?? '-')).toBe(true);
  expect(contents(fresh).new?.length).toBeLessThan(6);
});

test('a torn rewrite of a value that only grew never loses its synced part', () => {
  for (let seed = 0; seed < 40; seed++) {
    const d = disk({ segment: 'record1record2' }, {}, seed);
    writeDisk(d, 0, [put('segment', 'record1record2record3')], 'A');
    crashDisk(d, 'drawn');
    expect(contents(d).segment?.startsWith('record1record2')).toBe(true);
  }
});

test('drawn: whatever survives, a synced write is never undone, and no value is one that nobody wrote', () => {
  const seen = { survived: 0, lost: 0, torn: 0, gaps: 0 };
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
      const d = disk({}, {}, seed);
      writeDisk(d, 0, [put('synced', 'yes')], 'A');
      runDevice(d);
      for (let i = 0; i < count; i++) writeDisk(d, 1000, [put(`k${i}`, `value-${i}`)], 'B');
      const before = new Map(d.durable);
      const durable = crashDisk(d, 'drawn');
      // What it answers is exactly the change of its image.
      for (const { key, bytes } of durable) {
        if (bytes === null) before.delete(key);
        else before.set(key, bytes);
      }
      expect(d.durable).toEqual(before);
      expect(contents(d).synced).toBe('yes');
      for (const [key, text] of Object.entries(contents(d))) {
        if (key !== 'synced') expect(`value-${key.slice(1)}`.startsWith(text ?? '-')).toBe(true);
      }
      const kept = Array.from({ length: count }, (_, i) => contents(d)[`k${i}`] === `value-${i}`);
      if (kept.some((isKept, i) => isKept && kept[i - 1] === false)) seen.gaps++;
      const { survived, lost, torn } = d.counters;
      expect(survived + lost + torn).toBe(count);
      seen.survived += survived;
      seen.lost += lost;
      seen.torn += torn;
    }),
    { numRuns: 300, seed: 4 },
  );
  expect(Math.min(seen.survived, seen.lost, seen.torn, seen.gaps)).toBeGreaterThan(50);
});

test('the same stream tears the same way', () => {
  const crash = (seed: number): unknown => {
    const d = disk({ a: 'old' }, {}, seed);
    for (let i = 0; i < 9; i++) writeDisk(d, 0, [put('abc'[i % 3] as string, `value-${i}`)], 'A');
    crashDisk(d, 'drawn');
    return contents(d);
  };
  expect(crash(5)).toEqual(crash(5));
  expect(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(crash(seed)))).size).toBeGreaterThan(
    5,
  );
});

test('bit rot flips one bit of one value under the prefix, in the image and in what is written through', () => {
  const d = disk({ 'log/1': 'aaaa', 'log/2': 'bbbb', other: 'cccc' });
  const durable: Write[] = [];
  expect(rotDisk(d, 'log/', 1, makePrng(9, 'rot'), durable)).toBe('log/2');
  expect(contents(d)).toMatchObject({ 'log/1': 'aaaa', other: 'cccc' });
  const rotten = d.durable.get('log/2') ?? new Uint8Array();
  const flipped = [...rotten].reduce((bits, byte, i) => {
    let difference = byte ^ (bytesOf('bbbb')[i] ?? 0);
    let count = bits;
    for (; difference > 0; difference >>= 1) count += difference & 1;
    return count;
  }, 0);
  expect(flipped).toBe(1);
  expect(durable).toEqual([{ key: 'log/2', bytes: rotten }]);
  expect(rotDisk(d, 'none', null, makePrng(9, 'rot'), durable)).toBeNull();
});

test.each([
  [{ which: 'only', part: '/log' }, { 'store/g1/log/1': 'l' }, 2],
  [{ which: 'allBut', part: '/log' }, { 'store/g1/super/0a': 's', 'store/g1/page/7/3': 'p' }, 1],
  [{ which: 'first', count: 2 }, { 'store/g1/page/7/3': 'p', 'store/g1/log/1': 'l' }, 1],
  [{ which: 'first', count: 0 }, { 'store/g1/log/1': 'old' }, 3],
] as const)(
  'F16 a crash that keeps %o of the unsynced writes keeps these and no other',
  (keeping, left, lost) => {
    const d = disk({ 'store/g1/log/1': 'old' });
    writeDisk(d, 0, [put('store/g1/page/7/3', 'p'), put('store/g1/log/1', 'l')], 'A');
    writeDisk(d, 10, [put('store/g1/super/0a', 's')], 'B');
    crashDisk(d, { keeping });
    expect(contents(d)).toEqual({ 'store/g1/log/1': 'old', ...left });
    expect(d.counters.lost).toBe(lost);
  },
);

test('F20 a disk has room for so many per cent of its size: what is there stays when it shrinks, and more is taken when it grows', () => {
  const d = disk({ a: 'x'.repeat(60) }, { limitBytes: 100 });
  const put = (key: string): string | null =>
    writeDisk(d, 0, [{ key, bytes: new Uint8Array(40) }], key, 'recovery');
  expect(put('b')).toBe('DISK_FULL');
  setDiskFaults(d, 0, { roomPercent: 50 });
  expect(diskUse(d, false)).toMatchObject({ bytes: 61, limitBytes: 50 });
  expect(writeDisk(d, 0, [{ key: 'a', bytes: null }], 'a', 'recovery')).toBeNull();
  setDiskFaults(d, 0, { roomPercent: 200 });
  expect(put('b')).toBeNull();
});
