// Ways of statements from real runs of each architecture: every step is an event of the run, the line is where the rule has it, and
// faults show in the way of the commit that they strike.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../base/assert.ts';
import { attachmentsOf } from '../../../core/compute/compute-view.ts';
import type { ViewParams } from '../../../core/kernel/view-params.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import {
  newestWay,
  type Way,
  wayKinds,
  wayOfEvent,
  wayOfRecord,
  waysOf,
} from '../../../run-model/ways/ways.ts';
import { setLanguage, t } from '../../i18n/i18n.ts';
import { computeOf } from '../../model/node-facts.ts';
import { shootWorld } from '../../testing/world-frame.ts';
import { type ChangedRow, changedRows, pagesOf } from './changed-rows.ts';
import { keepRead } from './kept-way.ts';
import { wayVolumes } from './place.ts';
import { stepsOf, type WayStep } from './steps.ts';
import '../../../words/lens/way.en.json';

const edge = await loadSqlEdge();

const transfersOf = (kind: string, readPercent = 0): string =>
  `0.000 workload d1 kind=${kind} rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=${readPercent} hotPercent=0 valueBytes=0 load=true`;

interface Seen {
  readonly ways: readonly Way[];
  readonly steps: (way: Way) => readonly WayStep[];
  /** Of each of these ways. */
  readonly rows: (ways: readonly Way[]) => readonly (readonly ChangedRow[])[];
  readonly kindOf: (index: number) => string | undefined;
}

/** A run of the preset with these lines, seen at a time. */
function play(preset: string, lines: readonly string[], atMs: number): Seen {
  const shoot = (view: Partial<ViewParams>) => shootWorld({ edge, preset, lines, atMs, view });
  const shot = shoot({ pages: true });
  const { frame, nodes } = shot;
  const kinds: readonly string[] = wayKinds;
  const volumes = wayVolumes(frame.cluster, nodes);
  const writerOf = ({ change }: Way, { nodes: at }: typeof shot) => {
    const compute = computeOf(at[change?.writer ?? '']);
    return compute && (attachmentsOf(compute).find(({ volume }) => volume === change?.volume) ?? null);
  };
  return {
    ways: waysOf(
      shot.events.filter(({ event }) => kinds.includes(event.kind)),
      volumes,
    ),
    steps: (way) =>
      stepsOf(
        way,
        { volume: volumes.find(({ name }) => name === way.change?.volume), nodes, links: frame.links },
        t,
      ),
    rows(asked) {
      const changes = asked.flatMap((way) => (way.change === null ? [] : [{ way, change: way.change }]));
      const pages = changes.flatMap(({ way, change }) => {
        const held = writerOf(way, shot)?.pages;
        return held === undefined ? [] : pagesOf(change, held);
      });
      const again = shoot({
        pages: true,
        wanted: [...new Set(pages)].map((blockKey) => ({ blockKey, at: null })),
      });
      return changes.map(({ way, change }) => changedRows(change, writerOf(way, again)));
    },
    kindOf: (index) => shot.events.find((listed) => listed.index === index)?.event.kind,
  };
}

const whole = (ways: readonly Way[]): readonly Way[] =>
  ways.filter(
    ({ asks, change }) => change?.acked && asks.length === 1 && asks[0]?.answered?.outcome === 'ok',
  );
const states = (steps: readonly WayStep[]): readonly string[] =>
  steps.map(({ key }) => key.replace(/ \d+$/, ''));
const at = (steps: readonly WayStep[], key: string): number =>
  present(steps.find((one) => one.key.startsWith(key))?.mark, key).at;

describe.each([
  ['hook-hole', 'transfer', 45, 3, 'wal.durable'],
  ['postdb-v4', 'tablet-transfer', 400, 10, 'wal.durable'],
  ['polardb', 'transfer', 400, 10, 'chunk.durable'],
] as const)('the ways of commits in %s', (preset, kind, until, least, durable) => {
  let seen: Seen;
  beforeAll(() => {
    seen = play(preset, [transfersOf(kind)], until);
  });

  test('WAL-20 each is asked, changes, is on enough disks, is heard of and answered, in this order', () => {
    const ways = whole(seen.ways);
    expect(ways.length).toBeGreaterThan(least);
    for (const way of ways) {
      const steps = seen.steps(way);
      const times = ['ask', 'changed', 'disk', 'safe', 'heard', 'answer'].map((key) => at(steps, key));
      expect(times, states(steps).join(' ')).toEqual([...times].sort((a, b) => a - b));
      const before = steps.slice(
        0,
        steps.findIndex(({ key }) => key === 'safe'),
      );
      expect(before.filter(({ state }) => state === 'disk').length).toBe(2);
    }
  });

  test('WAL-28 what is said to be on a disk is a record that its node made durable', () => {
    for (const { change } of whole(seen.ways)) {
      const { onDisk, quorum, acked } = present(change, 'the change');
      expect(onDisk.length).toBeGreaterThanOrEqual(2);
      for (const { index } of onDisk) expect(seen.kindOf(index)).toBe(durable);
      expect(present(quorum, 'the line').at).toBeLessThanOrEqual(present(acked, 'the answer').at);
    }
  });

  test('the rows of a transfer, before and after: what one loses the other gets', () => {
    // A version that nobody may read any more is pruned by whoever needs its room.
    const newest = whole(seen.ways).slice(-4);
    const changes = seen.rows(newest).flatMap((rows, i) => {
      const operation = newest[i]?.asks[0]?.operation;
      const [from = ''] = (operation?.key.split('/')[1] ?? '').split('-');
      const by = Number(operation?.value);
      return rows
        .filter(({ before }) => before !== null)
        .map(({ before, after }) => ({
          is: Number(after?.[2]) - Number(before?.[2]),
          said: after?.[0] === from ? -by : by,
        }));
    });
    expect(changes.length).toBeGreaterThan(0);
    for (const { is, said } of changes) expect(is).toBe(said);
  });

  test('the newest commit is the one that is followed, and any of its events leads to it', () => {
    const newest = present(newestWay(seen.ways), 'a way');
    expect(newest.change?.scn).toBeGreaterThan(0);
    const { changed, scn } = present(newest.change, 'its change');
    expect(wayOfEvent(seen.ways, present(changed, 'its first record').index)).toBe(newest);
    const { volume } = present(newest.change, 'its change');
    expect(wayOfRecord(seen.ways, volume, present(scn, 'its commit'))).toBe(newest);
    expect(wayOfRecord(seen.ways, 'v99', present(scn, 'its commit'))).toBeUndefined();
  });
});

describe('faults in the way of a commit', () => {
  test('WAL-20 a store that is cut off is named, and the commit does not wait for it', () => {
    const { ways, steps } = play(
      'hook-hole',
      [transfersOf('transfer'), '46.000 cut rw-1 | store-3 for 90 ms'],
      60,
    );
    const way = present(whole(ways).at(-1), 'a commit');
    const words = steps(way).map(({ words }) => words);
    expect(words.find((text) => text.startsWith('rw-1 does not reach store-3'))).toContain(
      'until a writer reaches it',
    );
    expect(words).toContain('2 of 3: from here on nothing that fails can lose it');
    expect(words.some((text) => text.startsWith('The commit waits'))).toBe(false);
    // As long as the link is cut nobody else gives them to it, and soon after it is whole they are there.
    const heldAt = (atMs: number): boolean =>
      play('hook-hole', [transfersOf('transfer'), '46.000 cut rw-1 | store-3 for 90 ms'], atMs)
        .ways.find(({ change }) => change?.scn === way.change?.scn)
        ?.change?.onDisk.some(({ node }) => node === 'store-3') === true;
    expect([heldAt(134), heldAt(200)]).toEqual([false, true]);
  });

  test('WAL-19 with two of three away it waits, and says for how many', () => {
    const { ways, steps } = play(
      'hook-hole',
      [transfersOf('transfer'), '46.000 cut rw-1 | store-2 store-3 for 90 ms'],
      60,
    );
    const way = present(newestWay(ways), 'a commit');
    const last = present(steps(way).at(-1), 'a step');
    expect(last).toMatchObject({ state: 'held', words: 'The commit waits until 2 have it on disk; 1 have.' });
    expect(way.change?.quorum).toBeNull();
    expect(way.asks[0]?.answered).toBeNull();
  });

  test('WAL-60 of a writer that died before the answer nothing is claimed', () => {
    const { ways, steps } = play(
      'hook-hole',
      [transfersOf('transfer'), '46.000 cut rw-1 | store-2 store-3', '52.000 crash rw-1'],
      54,
    );
    const way = present(newestWay(ways), 'a commit');
    expect(steps(way).map(({ state }) => state)).not.toContain('safe');
  });
});

test('after a restart of the writer a commit keeps its rows as they were before', () => {
  const lines = [transfersOf('transfer'), '46.000 crash rw-1', '50.000 restart rw-1'];
  const first = play('hook-hole', lines, 45);
  const way = present(whole(first.ways).at(-1), 'a commit');
  const readOf = ({ rows }: Seen, life: number) => ({
    rows: present(rows([way])[0], 'rows'),
    text: [],
    life,
  });
  const later = present(
    play('hook-hole', lines, 90).ways.find(({ asks }) => asks[0]?.retried?.why === 'backoff'),
    'a statement that was sent again',
  );
  expect(first.steps(later).map(({ words }) => words)).toContain(
    `The client ${later.asks[0]?.session} asks again: its pause after the last try is over.`,
  );
  const kept = readOf(first, 1);
  const anew = readOf(play('hook-hole', lines, 200), 2);
  // Nobody needs the versions before any more.
  expect(anew.rows.some(({ before }) => before === null)).toBe(true);
  expect(kept.rows.every(({ before, after }) => before !== null && after !== null)).toBe(true);
  expect(keepRead(kept, anew, way).rows).toBe(kept.rows);
});

test('WAL-63 after a change of members the line is that of the new ones, and nobody else is said to lack records', () => {
  const { ways, steps } = play(
    'cynosdb-4',
    [transfersOf('transfer'), '60.000 moveReplica store-1 store-4 g2'],
    400,
  );
  const last = whole(ways).slice(-6);
  expect(last.length).toBe(6);
  for (const way of last) {
    const { lsns, onDisk, quorum, heard } = present(way.change, 'a change');
    expect(present(quorum, 'the line').index).toBeLessThanOrEqual(present(heard, 'it was heard of').index);
    if (lsns.has('g2')) expect(onDisk.map(({ node }) => node)).toContain('store-4');
  }
  const newest = steps(present(last.at(-1), 'the newest')).map(({ key }) => key);
  expect(newest.filter((key) => key.startsWith('missing'))).toEqual([]);
});

test('FENCE-43 a statement that waits for a row says for whom', () => {
  const { ways, steps } = play(
    'hook-hole',
    [
      transfersOf('transfer'),
      '50.000 sql d1 a "BEGIN"',
      '54.000 sql d1 a "UPDATE accounts SET balance = 0 WHERE id = 1"',
      '58.000 sql d1 b "UPDATE accounts SET balance = 1 WHERE id = 1"',
    ],
    66,
  );
  const way = present(
    ways.find(({ asks }) => asks[0]?.session === 'b'),
    'the statement that waits',
  );
  expect(steps(way).at(-1)).toMatchObject({
    state: 'held',
    words: expect.stringMatching(/^rw-1 makes it wait: transaction \d+ has changed the same row/),
  });
});

test('FS-70 before the leader of the chunk has acknowledged the write nothing is said of a server that is up', () => {
  const { ways, steps } = play(
    'polardb',
    [transfersOf('transfer'), '250.000 crash cs-2', '251.000 crash cs-3'],
    300,
  );
  const way = present(newestWay(ways), 'a commit');
  expect(way.change?.quorum).toBeNull();
  const open = steps(way).filter(({ mark }) => mark === null);
  expect(open.map(({ words }) => words)).toEqual([
    'cs-2 is down: it gets them from others when it is back.',
    'cs-3 is down: it gets them from others when it is back.',
    'The commit waits until 2 chunk servers have it on disk.',
  ]);
  expect(open.at(-1)?.state).toBe('held');
});

test('a read has its way, too: who answered, and as of which record (READ-46)', () => {
  const { ways, steps } = play('cynosdb-ro', [transfersOf('transfer', 50)], 400);
  const reads = ways.filter(({ asks, change }) => change === null && asks[0]?.read && asks[0].answered);
  expect(reads.length).toBeGreaterThan(3);
  const words = steps(present(reads.at(-1), 'a read')).map((step) => step.words);
  expect(words[1]).toMatch(/^r[ow]-\d answers from its pages, as of log record \d+\./);
});

test('a reader that shows a change is in its way (READ-12)', () => {
  const { ways, steps } = play('cynosdb-ro', [transfersOf('transfer', 50)], 400);
  const shown = whole(ways).filter(({ change }) => (change?.shown.length ?? 0) > 0);
  expect(shown.length).toBeGreaterThan(3);
  expect(states(steps(present(shown.at(-1), 'one')))).toContain('shown ro-1');
});

test('every sentence is there in Chinese', async () => {
  const seen = play(
    'hook-hole',
    [transfersOf('transfer'), '46.000 cut rw-1 | store-2 store-3 for 90 ms'],
    60,
  );
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  await setLanguage('zh-CN');
  for (const { words } of seen.ways.flatMap(seen.steps)) expect(words).toMatch(/\p{Script=Han}/u);
  await setLanguage('en');
});
