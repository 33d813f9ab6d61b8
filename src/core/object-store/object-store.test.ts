// The object store (WAL-41, WAL-42, F31): what it acknowledges is durable, what it holds is what the name says, and the
// manifest moves only by compare-and-set.

import { describe, expect, test } from 'vitest';
import { type Lsn, nodeId, requestNumber, type Term } from '../../base/ids.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { baseObject, logObject, manifestGroup, manifestObject, type NamedObject } from './archive-fixture.ts';
import { Bench } from './object-store-fixture.ts';
import { objectStoreView } from './object-view.ts';
import { openManifest } from './objects.ts';

const first = logObject(0, 30, [0, 4, 9]);
const second = logObject(30, 61, [40]);
const manifest1 = manifestObject(1, [manifestGroup([first], [[0, 30]])]);
const manifest2 = manifestObject(2, [
  manifestGroup(
    [first, second],
    [
      [0, 30],
      [30, 61],
    ],
  ),
]);

describe('WAL-42 put', () => {
  test('an object is acknowledged when it is durable, not before', () => {
    const bench = new Bench();
    bench.put(first);
    expect(bench.answers('ObjectPut')).toEqual([]);
    bench.sync();
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: true, error: '', have: first.bytes.length }]);
    expect(bench.events).toContain('archive.segment');
  });

  test('parts follow each other; one that does not is not taken and the next offset is answered', () => {
    const bench = new Bench();
    bench.put(first, 0, 10);
    bench.put(first, 20, 10);
    bench.put(first, 0, 10);
    expect(bench.answers('ObjectPut').map(({ have, done }) => [have, done])).toEqual([
      [10, false],
      [10, false],
      [10, false],
    ]);
    bench.put(first, 10);
    bench.sync();
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: true }]);
    expect(bench.disk.get(`object/${first.name}`)).toEqual(first.bytes);
  });

  test('a failed write is no object; put again it is taken', () => {
    const bench = new Bench();
    bench.put(first);
    bench.sync('DISK_FULL');
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: false, error: 'DISK_FULL', have: 0 }]);
    expect(objectStoreView(bench.state).objects).toBe(0);
    bench.put(first);
    bench.sync();
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: true, error: '' }]);
  });

  test('WAL-76 seed 80: log and base images leave the room that the next manifests need', () => {
    const sizes = [first, manifest1].map(({ bytes }) => bytes.length + 100);
    const bench = new Bench({
      diskLimitBytes: 64 * 1024 + 10 * Math.max(...sizes) + first.bytes.length,
    });
    bench.store(first, manifest1);
    bench.set(0, manifest1);
    bench.sync();
    bench.out = [];
    const segments = Array.from({ length: 40 }, (_, i) =>
      logObject(100 + 10 * i, 110 + 10 * i, [104 + 10 * i]),
    );
    for (const segment of segments) bench.put(segment);
    bench.sync();
    const outcomes = bench.answers('ObjectPut').map(({ error }) => error);
    expect(new Set(outcomes)).toEqual(new Set(['', 'DISK_FULL']));
    bench.put(manifest2);
    bench.sync();
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: true, error: '' }]);
  });

  test('WAL-76 seed 80 again: without room the parts of an image that was given up go, those of the one under way stay', () => {
    const [before, now, next] = [baseObject(200, [1]), baseObject(300, [1]), baseObject(300, [2], 1)];
    const lacking = ({ name }: NamedObject, ...held: readonly NamedObject[]): string[] => {
      const bench = new Bench();
      bench.store(first, manifest1);
      bench.set(0, manifest1);
      bench.sync();
      bench.store(...held);
      const { limitBytes } = bench.state;
      Object.assign(bench.state, { limitBytes: bench.state.bytes });
      bench.take({
        kind: 'PutObject',
        reqId: requestNumber(1),
        name,
        total: 9,
        offset: 0,
        bytes: new Uint8Array(9),
      });
      expect(bench.answers('ObjectPut')).toMatchObject([{ error: 'DISK_FULL' }]);
      bench.sync();
      Object.assign(bench.state, { limitBytes });
      return held.map((one) => one.name).filter((one) => bench.disk.has(`object/${one}`));
    };
    expect(lacking(second, before, now)).toEqual([]);
    expect(lacking(next, before, now)).toEqual([now.name]);
  });

  test('WAL-77 a manifest takes every byte of the disk, log takes what is for data (sweep seed 10 of cynosdb-pcs)', () => {
    const bench = new Bench();
    bench.put(first);
    bench.put(manifest1);
    expect(bench.stores.map(({ room }) => room)).toEqual([undefined, 'recovery']);
  });

  test('the same object again changes nothing; other bytes under its name are refused', () => {
    const bench = new Bench();
    bench.store(first);
    bench.put(first);
    expect(bench.answers('ObjectPut')).toMatchObject([{ done: true, error: '' }]);
    expect(bench.stores).toEqual([]);
    bench.put({ name: first.name, bytes: first.bytes.slice(1) });
    bench.put({ name: second.name, bytes: first.bytes });
    bench.put({ name: 'no/such/name', bytes: first.bytes });
    expect(bench.answers('ObjectPut').map(({ error }) => error)).toEqual([
      'BAD_OBJECT',
      'BAD_OBJECT',
      'BAD_OBJECT',
    ]);
    expect(bench.disk.get(`object/${first.name}`)).toEqual(first.bytes);
    expect(bench.disk.has(`object/${second.name}`)).toBe(false);
  });

  test('parts that had come are gone with a crash, and the upload begins anew', () => {
    const bench = new Bench();
    bench.put(first, 0, 10);
    const again = new Bench({}, bench.disk);
    again.put(first, 10);
    expect(again.answers('ObjectPut')).toMatchObject([{ have: 0, done: false }]);
  });
});

describe('WAL-42 get', () => {
  test('a large object comes in parts', () => {
    const bench = new Bench();
    const large = baseObject(
      40,
      Array.from({ length: 12_000 }, (_, key) => key),
    );
    expect(large.bytes.length).toBeGreaterThan(demoParams.objectPartBytes);
    bench.store(large);
    const got: number[] = [];
    for (let total = 1; got.length < total; ) {
      bench.take({
        kind: 'GetObject',
        reqId: requestNumber(2),
        for: 'store',
        name: large.name,
        offset: got.length,
      });
      bench.read();
      const [part] = bench.answers('ObjectPart');
      expect(part).toMatchObject({ error: '', offset: got.length, total: large.bytes.length });
      got.push(...(part?.bytes ?? []));
      total = large.bytes.length;
    }
    expect(Uint8Array.from(got)).toEqual(large.bytes);
  });

  test('what is not there, cannot be read or is damaged is refused by name', () => {
    const bench = new Bench();
    const get = (error: 'EIO' | null = null) => {
      bench.take({ kind: 'GetObject', reqId: requestNumber(2), for: 'meta', name: first.name, offset: 0 });
      bench.read(error);
      return bench.answers('ObjectPart')[0]?.error;
    };
    expect(get()).toBe('NO_SUCH_OBJECT');
    bench.store(first);
    expect(get('EIO')).toBe('EIO');
    expect(get()).toBe('');
    bench.disk.set(`object/${first.name}`, first.bytes.slice().fill(0, 3, 5));
    expect(get()).toBe('BAD_OBJECT');
    expect(get()).toBe('NO_SUCH_OBJECT');
    expect(bench.events).toContain('archive.bad');
  });
});

describe('WAL-42 manifest', () => {
  const held = (): Bench => {
    const bench = new Bench();
    bench.store(first, second, manifest1, manifest2);
    return bench;
  };
  const versionOf = (bench: Bench): number => objectStoreView(bench.state).backups[0]?.version ?? 0;

  test('it moves by compare-and-set, durable before the answer; a repeat is answered alike', () => {
    const bench = held();
    bench.set(0, manifest1);
    expect(bench.answers('ManifestSet')).toEqual([]);
    expect(versionOf(bench)).toBe(0);
    bench.sync();
    expect(bench.answers('ManifestSet')).toMatchObject([{ version: 1, error: '' }]);
    bench.set(0, manifest1);
    expect(bench.answers('ManifestSet')).toMatchObject([{ version: 1, error: '' }]);
    bench.set(1, manifest2);
    bench.sync();
    expect(bench.answers('ManifestSet')).toMatchObject([{ version: 2, error: '' }]);
  });

  test('WAL-42 a set from an older version is refused, and one at a time is written', () => {
    const bench = held();
    const rival = manifestObject(1, []);
    bench.store(rival);
    bench.set(0, manifest1);
    bench.set(0, rival, nodeId('store-2'));
    expect(bench.answers('ManifestSet')).toMatchObject([{ error: 'BUSY' }]);
    bench.sync();
    bench.answers('ManifestSet');
    bench.set(0, rival, nodeId('store-2'));
    expect(bench.answers('ManifestSet').map(({ error }) => error)).toEqual(['NO_SUCH_OBJECT']); // collected with version 1
    bench.store(rival);
    bench.set(0, rival, nodeId('store-2'));
    expect(bench.answers('ManifestSet')).toMatchObject([{ error: 'VERSION_CONFLICT', version: 1 }]);
  });

  test('TOKEN_STALE: a lower token; STALE_ARCHIVER: an older appointment; NO_SUCH_OBJECT: names what is not there', () => {
    const bench = held();
    const groups = [manifestGroup([first], [[0, 30]], { appointment: 5 })];
    const start = manifestObject(1, groups, { token: 3 as Term });
    bench.store(start);
    bench.set(0, start);
    bench.sync();
    bench.answers('ManifestSet');
    const refuse = (object: NamedObject): string => {
      bench.store(object);
      bench.set(1, object);
      return bench.answers('ManifestSet')[0]?.error ?? 'none';
    };
    expect(refuse(manifestObject(2, groups, { token: 2 as Term }))).toBe('TOKEN_STALE');
    const older = [manifestGroup([first], [[0, 30]], { appointment: 4 })];
    expect(refuse(manifestObject(2, older, { token: 3 as Term }))).toBe('STALE_ARCHIVER');
    const third = logObject(30, 40, []);
    const missing = [
      manifestGroup(
        [first, third],
        [
          [0, 30],
          [30, 40],
        ],
        { appointment: 5 },
      ),
    ];
    expect(refuse(manifestObject(2, missing, { token: 3 as Term }))).toBe('NO_SUCH_OBJECT');
    expect(refuse(manifestObject(4, groups, { token: 3 as Term }))).toBe('VERSION_CONFLICT');
    expect(bench.events.filter((kind) => kind === 'archive.refused')).toHaveLength(4);
    expect(versionOf(bench)).toBe(1);
  });

  test('a failed write leaves the manifest before it', () => {
    const bench = held();
    bench.set(0, manifest1);
    bench.sync();
    bench.set(1, manifest2);
    bench.answers('ManifestSet');
    bench.sync('EIO');
    expect(bench.answers('ManifestSet')).toMatchObject([{ version: 1, error: 'EIO' }]);
    expect(versionOf(new Bench({}, bench.disk))).toBe(1);
  });

  test.each([0, 1, 2, 3])('any one of its disk values lost or damaged (%i) takes nothing back', (which) => {
    const bench = held();
    for (const [expect, object] of [manifest1, manifest2].entries()) {
      bench.set(expect, object);
      bench.sync();
      bench.sync();
    }
    const keys = [...bench.disk.keys()].filter((key) => key.startsWith('manifest/')).sort();
    expect(keys).toHaveLength(4);
    const key = keys[which] ?? '';
    for (const value of [null, new Uint8Array([1, 2, 3])]) {
      const disk = new Map(bench.disk);
      if (value) disk.set(key, value);
      else disk.delete(key);
      expect(versionOf(new Bench({}, disk))).toBe(2);
    }
  });

  test('a reader gets the manifest as an object, from what is durable', () => {
    const bench = held();
    bench.take({ kind: 'GetManifest', reqId: requestNumber(3), for: 'meta', volume: 'v1' });
    expect(bench.answers('ManifestIs')).toMatchObject([{ version: 0, object: '', for: 'meta' }]);
    bench.set(0, manifest1);
    bench.sync();
    bench.take({ kind: 'GetManifest', reqId: requestNumber(3), for: 'meta', volume: 'v1' });
    const is = bench.answers('ManifestIs')[0];
    expect(is).toMatchObject({ version: 1, object: manifest1.name });
    bench.take({ kind: 'GetObject', reqId: requestNumber(4), for: 'meta', name: manifest1.name, offset: 0 });
    const part = bench.answers('ObjectPart')[0];
    expect(openManifest(manifest1.name, part?.bytes ?? new Uint8Array(0))).toMatchObject({ ok: true });
  });
});

describe('WAL-42 what no manifest can name any more', () => {
  test('goes only after the manifest without it is durable', () => {
    const bench = new Bench();
    const old = logObject(0, 12, [4]); // cut short by an archiver that was replaced
    const base = baseObject(20, [1]);
    const later = logObject(61, 70, []);
    bench.store(first, second, old, base, later, manifest1, manifest2);
    bench.set(0, manifest1);
    expect([...bench.disk.keys()].filter((key) => key.startsWith('object/'))).toHaveLength(7);
    bench.sync();
    expect(bench.state.objects.has(old.name)).toBe(false);
    expect(bench.disk.has(`object/${old.name}`)).toBe(true);
    bench.sync();
    expect(bench.disk.has(`object/${old.name}`)).toBe(false);
    const left = [second, first, later, base].map(({ name }) => `object/${name}`);
    for (const key of left) expect(bench.disk.has(key), key).toBe(true); // these may still be named
  });

  test('after a crash between the two it goes at the next start', () => {
    const bench = new Bench();
    bench.store(first, manifest1, logObject(0, 12, [4]));
    bench.set(0, manifest1);
    bench.sync();
    const again = new Bench({}, bench.disk);
    again.sync();
    expect(objectStoreView(again.state).objects).toBe(1);
    expect([...again.disk.keys()].filter((key) => key.startsWith('object/'))).toHaveLength(1);
  });
});

describe('F31 missing and rotten objects', () => {
  const named = (): Bench => {
    const bench = new Bench();
    bench.store(first, manifest1);
    bench.set(0, manifest1);
    bench.sync();
    bench.sync();
    bench.out = [];
    return bench;
  };
  const missing = (bench: Bench): readonly string[] => {
    bench.take({ kind: 'CheckObjects', reqId: requestNumber(5), names: [first.name] });
    return bench.answers('ObjectsMissing')[0]?.names ?? ['no answer'];
  };

  test.each([
    ['rot', first.bytes.slice().fill(9, 8, 9)],
    ['missing', null],
    ['rot', first.bytes.slice(0, 20)],
  ])('the scrub finds %s; put again it is whole', (_damage, value) => {
    const bench = named();
    bench.scrub();
    expect(missing(bench)).toEqual([]);
    if (value) bench.disk.set(`object/${first.name}`, value);
    else bench.disk.delete(`object/${first.name}`);
    bench.scrub();
    expect(missing(bench)).toEqual([first.name]);
    expect(objectStoreView(bench.state).bad).toEqual([first.name]);
    bench.put(first);
    bench.sync();
    expect(missing(bench)).toEqual([]);
    expect(objectStoreView(bench.state).bad).toEqual([]);
    expect(bench.events.filter((kind) => kind === 'archive.bad')).toHaveLength(1);
  });

  test('damage while it was down is found at the start', () => {
    const bench = named();
    bench.disk.set(`object/${first.name}`, new Uint8Array(3));
    const again = new Bench({}, bench.disk);
    expect(missing(again)).toEqual([first.name]);
    expect(again.events).toContain('archive.bad');
    expect(objectStoreView(again.state).backups[0]?.groups[0]?.archivedTo).toBe(29 as Lsn);
  });

  test('an object that could not be read is not given up', () => {
    const bench = named();
    bench.take({ kind: 'GetObject', reqId: requestNumber(2), for: 'store', name: first.name, offset: 0 });
    bench.read('EIO');
    expect(missing(bench)).toEqual([]);
  });
});
