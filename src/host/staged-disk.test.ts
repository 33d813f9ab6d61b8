// A disk whose owner may end between any two steps of a change of runs or of a cut: who opens it next has what was decided.

import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { type HostDisk, type MemoryDisks, openIdbDisk, openMemoryDisk } from './idb-disk.ts';
import type { DiskPlace } from './worker-messages.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
const stampAt = (until: number) => ({ until: until as Time, ordinal: 0, life: 1, hash: '0'.repeat(16) });
const staged = {
  turn: 'second',
  writes: [
    { key: 'a', bytes: bytes(2) },
    { key: 'b', bytes: null },
    { key: 'c', bytes: bytes(3) },
  ],
  stamp: null,
};
const before = [
  ['a', bytes(1)],
  ['b', bytes(1)],
] as const;
const after = [
  ['a', bytes(2)],
  ['c', bytes(3)],
] as const;

let made = 0;

/** A disk of its own, and what each of its owners finds when it opens it. */
function makeBench(kind: 'memory' | 'IndexedDB') {
  const disks: MemoryDisks = new Map();
  const database = `disk-${++made}`;
  let epoch = 0;
  const open = (turn: string | null): Promise<HostDisk> => {
    const place: DiskPlace = { database, epoch: ++epoch, turn };
    return kind === 'memory'
      ? Promise.resolve(openMemoryDisk(disks, place))
      : openIdbDisk(place, () => undefined);
  };
  const stagedNow = async (): Promise<unknown> => {
    if (kind === 'memory') return disks.get(database)?.staged ?? null;
    const db = await openDB(database);
    const found: unknown = await db.get('staged', 'staged');
    db.close();
    return found ?? null;
  };
  return {
    open,
    /** Opens it for a lab that decided this last, and answers what it holds and whether anything is staged. */
    async opened(turn: string | null) {
      const disk = await open(turn);
      const { image } = await disk.load();
      disk.close();
      return { image: [...image].sort(([a], [b]) => (a < b ? -1 : 1)), staged: await stagedNow() };
    },
  };
}

const writesOf = (image: readonly (readonly [string, Uint8Array])[]) =>
  image.map(([key, value]) => ({ key, bytes: value }));

async function stagedDisk(kind: 'memory' | 'IndexedDB') {
  const bench = makeBench(kind);
  const disk = await bench.open('first');
  await disk.commit(writesOf(before), stampAt(0));
  await disk.stage(staged);
  return { ...bench, disk };
}

describe.each(['memory', 'IndexedDB'] as const)('in %s', (kind) => {
  test('what is staged is not the disk’s, and goes where the lab has decided otherwise', async () => {
    const { opened, disk } = await stagedDisk(kind);
    expect([...(await disk.load()).image]).toEqual(before);
    expect(await opened('first')).toEqual({ image: before, staged: null });
    // It is gone for good: a later decision by that name finds nothing.
    expect(await opened('second')).toEqual({ image: before, staged: null });
  });

  test('what is staged becomes the disk’s where the lab has decided for it, whoever opens it', async () => {
    const { opened } = await stagedDisk(kind);
    expect(await opened('second')).toEqual({ image: after, staged: null });
    expect(await opened('second')).toEqual({ image: after, staged: null });
  });

  test('a change that is settled or given up leaves nothing staged; another one takes its place', async () => {
    const settled = await stagedDisk(kind);
    await settled.disk.settle();
    expect(await settled.opened('second')).toEqual({ image: after, staged: null });
    const dropped = await stagedDisk(kind);
    await dropped.disk.unstage();
    expect(await dropped.opened('second')).toEqual({ image: before, staged: null });
    const replaced = await stagedDisk(kind);
    await replaced.disk.stage({ ...staged, turn: 'third', writes: [{ key: 'a', bytes: null }] });
    expect(await replaced.opened('third')).toEqual({ image: [['b', bytes(1)]], staged: null });
  });
});

describe('E12 a cut of windows that ran ahead of the disk', () => {
  const cutTo = (turn: string, value: number) => ({
    turn,
    writes: [{ key: 'a', bytes: bytes(value) }],
    stamp: stampAt(value),
  });

  async function cutDisk() {
    const bench = makeBench('IndexedDB');
    const disk = await bench.open(null);
    await disk.commit(writesOf(before), stampAt(0));
    await disk.cut(cutTo('run/1', 11));
    return { ...bench, disk };
  }
  const imageWith = (value: number) => [
    ['a', bytes(value)],
    ['b', bytes(1)],
  ];

  test('is the disk’s where the lab has decided for it, and dropped where it has not', async () => {
    expect((await (await cutDisk()).opened(null)).image).toEqual(before);
    expect(await (await cutDisk()).opened('run/1')).toEqual({ image: imageWith(11), staged: null });
  });

  test('becomes the disk’s with the next cut, which is dropped alone where the lab has not decided for it', async () => {
    const first = await cutDisk();
    await first.disk.cut(cutTo('run/2', 12));
    expect((await first.opened('run/1')).image).toEqual(imageWith(11));
    const second = await cutDisk();
    await second.disk.cut(cutTo('run/2', 12));
    expect((await second.opened('run/2')).image).toEqual(imageWith(12));
  });

  test('becomes the disk’s with whatever comes next: a cut of nothing, a write, a change of runs', async () => {
    const idle = await cutDisk();
    await idle.disk.cut(null);
    expect(await idle.opened('run/2')).toEqual({ image: imageWith(11), staged: null });
    const written = await cutDisk();
    await written.disk.commit([{ key: 'b', bytes: null }], stampAt(20));
    expect(await written.opened('run/1')).toEqual({ image: [['a', bytes(11)]], staged: null });
    const changed = await cutDisk();
    await changed.disk.stage(staged);
    expect((await changed.opened('run/1')).image).toEqual(imageWith(11));
    const taken = await cutDisk();
    await taken.disk.stage(staged);
    expect((await taken.opened('second')).image).toEqual(after);
  });
});
