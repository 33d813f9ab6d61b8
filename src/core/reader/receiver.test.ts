// The reader's side of the journal by the worked vectors R-… of docs/spec/readers.md, on pages that are lists of LSNs.

import { describe, expect, test } from 'vitest';
import { groupId, lsn, term, time } from '../../base/ids.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { LogRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { canStream, keepOf, startOf } from './join.ts';
import {
  groupReadPoint,
  makeReceiver,
  onAbsent,
  type PageCache,
  type ReceiverState,
  receive,
  release,
  restartStream,
  resumeStream,
  runAppliers,
  takeLoaded,
} from './receiver.ts';

const key = (name: string): PageKey => (name.codePointAt(0) ?? 0) as PageKey;
const nameOf = (blockKey: PageKey): string => String.fromCodePoint(blockKey);

/** One MTR: `41:A 42:B` are records of pages A and B; its last is its CPL. */
function mtr(text: string, chains: Map<string, number>, group = 'g1'): LogRecord[] {
  const parts = text.split(' ').map((part) => part.split(':') as [string, string]);
  const first = Number(parts[0]?.[0]);
  return parts.map(([at, page], i) => {
    const prevBlock = chains.get(page) ?? -1;
    chains.set(page, Number(at));
    return {
      lsn: lsn(Number(at)),
      prevVolume: lsn(Number(at) - 1),
      prevGroup: lsn(Number(at) - 1),
      prevBlock: lsn(prevBlock),
      group: groupId(group),
      blockKey: key(page),
      term: term(1),
      mtrFirst: lsn(first),
      cpl: i === parts.length - 1,
      commit: false,
      op: 0,
      init: false,
      payload: new Uint8Array(0),
      time: time(0),
    };
  });
}

/** Pages here, by name, each a list of the LSNs of its versions. */
function makeBench(
  pages: Record<string, number[]>,
  applied: number,
  mutants: Mutants = [],
  isClassic = false,
) {
  const r = makeReceiver(mutants, isClassic);
  const views = { open: false };
  restartStream(r, lsn(applied), [{ group: groupId('g1'), lsn: lsn(applied) }]);
  const here = new Map(Object.entries(pages));
  const chains = new Map(Object.entries(pages).map(([page, versions]) => [page, versions.at(-1) ?? -1]));
  const loading = new Set<string>();
  const released: string[] = [];
  const cache: PageCache = {
    state: (blockKey) =>
      loading.has(nameOf(blockKey)) ? 'loading' : here.has(nameOf(blockKey)) ? 'here' : 'absent',
    apply(blockKey, records) {
      const versions = here.get(nameOf(blockKey)) ?? [];
      for (const record of records) if (record.lsn > (versions.at(-1) ?? -1)) versions.push(record.lsn);
    },
    released: (blockKey, cpl) => {
      released.push(`${nameOf(blockKey)}@${cpl}`);
    },
    load: (blockKey) => {
      loading.add(nameOf(blockKey));
      return true;
    },
    isViewed: () => views.open,
  };
  const run = (): void => {
    while (runAppliers(r, cache).isMore);
  };
  return {
    r,
    here,
    loading,
    views,
    released,
    cache,
    /** A Journal from `from` on; by default it continues the stream. */
    take: (text: string, { group = 'g1', from = r.expected as number } = {}): boolean => {
      const records = mtr(text, chains, group);
      return receive(r, { firstLsn: from, endLsn: (records.at(-1)?.lsn ?? 0) + 1, records });
    },
    vdl: (value: number) => {
      r.vdl = lsn(value);
      const done = release(r, cache);
      run();
      return done;
    },
    run,
  };
}

/** What a read at `rp` sees of a page. */
const seenAt = (versions: readonly number[] | undefined, rp: number): number | undefined =>
  versions?.filter((version) => version <= rp).at(-1);

describe('READ-10…16 the receiver', () => {
  test('R-3 applying adds a version: a view at 20 keeps what it reads, a new one reads 30', () => {
    const bench = makeBench({ A: [20] }, 20);
    expect(bench.take('30:A')).toBe(true);
    bench.vdl(30);
    expect(bench.here.get('A')).toEqual([20, 30]);
    expect(seenAt(bench.here.get('A'), 20)).toBe(20);
    expect(bench.r.applyLsn).toBe(30);
  });

  test('R-4 READ-11 records of a page that is not here are skipped and load nothing', () => {
    const bench = makeBench({ A: [40] }, 40);
    bench.take('41:A 42:B');
    expect(bench.vdl(42)).toMatchObject({ records: 2, skipped: 1, upTo: 42 });
    expect([...bench.here.keys()]).toEqual(['A']);
    expect(bench.r).toMatchObject({ applyLsn: 42, counts: { applied: 1, skipped: 1 } });
    expect(bench.r.table.size).toBe(0);
  });

  test('R-5 READ-12 an index split is seen whole or not at all', () => {
    const bench = makeBench({ P: [90], A: [91], B: [92] }, 100);
    bench.take('101:P 102:A 103:B');
    expect(bench.vdl(102)).toBeNull();
    expect(bench.r.applyLsn).toBe(100);
    bench.vdl(103);
    expect(bench.r.applyLsn).toBe(103);
    const at = (rp: number) => ['P', 'A', 'B'].map((page) => seenAt(bench.here.get(page), rp));
    expect(at(103)).toEqual([101, 102, 103]);
    expect(at(100)).toEqual([90, 91, 92]);
  });

  test('R-3 READ-16 records at or below the LSN of a page that came newer change nothing', () => {
    const bench = makeBench({ A: [5] }, 5);
    bench.take('10:A');
    bench.take('15:A');
    bench.here.set('A', [20]); // it was read at 20 meanwhile
    bench.take('30:A');
    bench.vdl(30);
    expect(bench.here.get('A')).toEqual([20, 30]);
    expect(bench.r).toMatchObject({ applyLsn: 30, counts: { applied: 3, skipped: 0 } });
  });

  describe('READ-18 a classic standby', () => {
    test('changes every page in the order of the log, and loads the one that is not here', () => {
      const bench = makeBench({ A: [40] }, 40, [], true);
      bench.take('41:A 42:B');
      bench.take('43:A');
      bench.vdl(43);
      expect([bench.here.get('A'), bench.r.applyLsn, [...bench.loading]]).toEqual([[40, 41], 40, ['B']]);
      bench.loading.delete('B');
      bench.here.set('B', [42]); // as of the point at which it was read
      bench.run();
      expect([bench.here.get('A'), bench.here.get('B'), bench.r.applyLsn]).toEqual([[40, 41, 43], [42], 43]);
      expect(bench.r.counts.skipped).toBe(0);
    });

    test('waits while a view is open below what it would change', () => {
      const bench = makeBench({ A: [40] }, 40, [], true);
      bench.views.open = true;
      bench.take('41:A');
      bench.vdl(41);
      expect([bench.here.get('A'), bench.r.applyLsn]).toEqual([[40], 40]);
      bench.views.open = false;
      bench.run();
      expect([bench.here.get('A'), bench.r.applyLsn]).toEqual([[40, 41], 41]);
    });
  });

  test('M26 half an MTR becomes visible where the CPL is not waited for', () => {
    const bench = makeBench({ P: [90], A: [91] }, 100, ['reader.shows-half-mtr']);
    bench.take('101:P 102:A');
    bench.vdl(101);
    expect(bench.r.applyLsn).toBe(101);
  });

  test('R-6 READ-10 VDL 1000 releases through 1000 and holds 1001…1007', () => {
    const bench = makeBench({ A: [1] }, 1);
    for (const part of [`2:A`, `3:A 4:A`]) bench.take(part);
    bench.take('5:A 6:A 7:A');
    bench.vdl(4);
    expect(bench.r).toMatchObject({ applyLsn: 4, vdl: 4 });
    expect(bench.r.held.map((record) => record.lsn)).toEqual([5, 6, 7]);
  });

  test('R-12 READ-7 a gap takes nothing of what arrived, and the stream goes on from where it stood', () => {
    const bench = makeBench({ A: [1] }, 199);
    expect(bench.take('205:A', { from: 205 })).toBe(false);
    expect(bench.r).toMatchObject({ expected: 200, held: [] });
    expect(bench.r.table.size).toBe(0);
  });

  test('R-13 READ-30 READ-35 after a switch what lies above keep is discarded, pages stay', () => {
    const bench = makeBench({ A: [999] }, 1000);
    bench.take('1001:A 1002:A 1003:A');
    resumeStream(bench.r, lsn(1000));
    expect(bench.r).toMatchObject({ expected: 1001, held: [], counts: { discarded: 3 } });
    expect(bench.r.table.size).toBe(0);
    expect(bench.here.get('A')).toEqual([999]);
    bench.vdl(1003);
    expect(bench.r.applyLsn).toBe(1000);
  });

  test('R-14 READ-4 the list of a block is ascending without duplicates; another predecessor is JOURNAL_GAP', () => {
    const bench = makeBench({ A: [10] }, 10);
    bench.take('20:A');
    bench.take('30:A');
    receive(bench.r, { firstLsn: 20, endLsn: 21, records: mtr('20:A', new Map([['A', 10]])) });
    expect(bench.r.table.get(key('A'))?.map((record) => record.lsn)).toEqual([20, 30]);
    const torn = mtr('50:A', new Map([['A', 40]]));
    expect(receive(bench.r, { firstLsn: 31, endLsn: 51, records: torn })).toBe(false);
  });

  test('READ-14 applyLsn waits for every block of an MTR, whichever applier has it', () => {
    const pages = Object.fromEntries([...'ABCDEFGH'].map((page) => [page, [1]]));
    const bench = makeBench(pages, 9);
    bench.take([...'ABCDEFGH'].map((page, i) => `${10 + i}:${page}`).join(' '));
    bench.r.vdl = lsn(17);
    release(bench.r, bench.cache);
    expect(bench.r.appliers.map((line) => line.length)).toEqual([2, 2, 2, 2]);
    expect(bench.r.applyLsn).toBe(9);
    bench.run();
    expect(bench.r.applyLsn).toBe(17);
  });

  test('READ-15 records of a page that is being loaded stay, and are there when it comes', () => {
    const bench = makeBench({ A: [10] }, 10);
    bench.loading.add('A');
    bench.take('11:A 12:A');
    bench.vdl(12);
    expect(bench.r.applyLsn).toBe(12);
    expect(takeLoaded(bench.r, key('A')).map((record) => record.lsn)).toEqual([11, 12]);
    expect(takeLoaded(bench.r, key('A'))).toEqual([]);
  });

  test('READ-15 a page that does not come leaves no records behind', () => {
    const bench = makeBench({ A: [10] }, 10);
    bench.loading.add('A');
    bench.take('11:A');
    bench.vdl(11);
    onAbsent(bench.r, key('A'));
    expect(bench.r.table.size).toBe(0);
  });

  test('WAL-24 the group read point is the last released record of the group, also of skipped pages', () => {
    const bench = makeBench({ A: [10] }, 10);
    bench.take('11:B');
    bench.take('12:A', { group: 'g2' });
    bench.vdl(12);
    const at = (group: string) => groupReadPoint(bench.r, groupId(group), lsn(12));
    expect([at('g1'), at('g2')]).toEqual([11, 12]);
  });
});

describe('READ-30 where a stream begins', () => {
  const entry = (t: number, startLsn: number, prevEnd: number) => ({
    term: term(t),
    startLsn: lsn(startLsn),
    prevEnd: lsn(prevEnd),
  });
  const six = [entry(6, 1, 0)];
  const seven = [...six, entry(7, 1101, 1000)];

  test('R-9 a new reader begins above VDL, whatever lies below', () => {
    const writer = { first: 1, startLsn: 1, vdlPrime: 0, history: six, vdl: 1000 };
    expect(startOf({ have: -1, history: [] }, writer)).toMatchObject({ streamFrom: 1001 });
  });

  test('R-13 one that missed a switch keeps what both histories have', () => {
    expect(keepOf(1007, six, seven)).toBe(1000);
    const writer = { first: 1101, startLsn: 1101, vdlPrime: 1000, history: seven, vdl: 1101 };
    expect(startOf({ have: 1007, history: six }, writer)).toEqual({ keep: 1000, streamFrom: 1001 });
  });

  describe('FENCE-38 worked vectors of failover.md §10', () => {
    const first = [entry(100, 1, 0)];
    const second = [...first, entry(101, 1101, 1000)];
    const third = [...second, entry(102, 1251, 1150)];
    /** It has applied up to 990 and holds the stream up to `have`. */
    const behind = (have: number) => {
      const bench = makeBench({ A: [990] }, 990);
      for (let at = 991; at <= have; at++) bench.take(`${at}:A`);
      return bench;
    };

    test('F15 one change missed: what it holds above VDL′ goes, the rest is applied, and the stream goes on from there', () => {
      const bench = behind(1010);
      const writer = { first: 1101, startLsn: 1101, vdlPrime: 1000, history: second, vdl: 1000 };
      const { keep, streamFrom } = startOf({ have: 1010, history: first }, writer);
      expect([keep, streamFrom]).toEqual([1000, 1001]);
      resumeStream(bench.r, keep);
      expect(bench.r).toMatchObject({ expected: 1001, counts: { discarded: 10 } });
      bench.vdl(1000);
      expect(bench.r.applyLsn).toBe(1000);
      expect(bench.here.get('A')).toEqual(Array.from({ length: 11 }, (_, i) => 990 + i));
      expect(
        receive(bench.r, { firstLsn: 1001, endLsn: 1102, records: mtr('1101:A', new Map([['A', 1000]])) }),
      ).toBe(true);
      bench.vdl(1101);
      expect(bench.r.applyLsn).toBe(1101);
    });

    test('F21 two changes missed: the first entry that differs says what is kept, whatever VDL is now', () => {
      const join = { have: 1010, history: first };
      const writer = { startLsn: 1251, vdlPrime: 1150, history: third, vdl: 1150 };
      expect(startOf(join, { ...writer, first: 1001 })).toEqual({ keep: 1000, streamFrom: 1001 });
      expect(startOf(join, { ...writer, first: 1251 })).toEqual({ keep: 1000, streamFrom: 1151 });
      expect(keepOf(1140, second, third)).toBe(1140);
      expect(keepOf(1200, second, third)).toBe(1150);
    });

    test('F22 one that lacks log below what is kept gets that, too, or begins anew', () => {
      const join = { have: 995, history: first };
      const writer = { startLsn: 1251, vdlPrime: 1150, history: third, vdl: 1150 };
      expect(startOf(join, { ...writer, first: 900 })).toEqual({ keep: 995, streamFrom: 996 });
      expect(startOf(join, { ...writer, first: 1001 })).toEqual({ keep: 995, streamFrom: 1151 });
    });
  });

  test('READ-9 one that is further behind than the writer remembers begins anew', () => {
    const window = { first: 500, startLsn: 1, vdlPrime: 0 };
    expect(canStream(window, 499)).toBe(true);
    expect(canStream(window, 498)).toBe(false);
    expect(startOf({ have: 400, history: six }, { ...window, history: six, vdl: 900 })).toEqual({
      keep: 400,
      streamFrom: 901,
    });
  });
});

test('READ-30 a stream that begins anew leaves nothing of the one before', () => {
  const r: ReceiverState = makeReceiver([]);
  restartStream(r, lsn(5), []);
  r.held.push(...mtr('6:A', new Map()));
  restartStream(r, lsn(9), [{ group: groupId('g2'), lsn: lsn(8) }]);
  expect(r).toMatchObject({ held: [], expected: 10, applyLsn: 9, releasedLsn: 9, vdl: 9 });
  expect(groupReadPoint(r, groupId('g2'), lsn(9))).toBe(8);
});
