// Ways of statements from real runs of each architecture: every step is an event of the run, the line is where the rule has it, and
// faults show in the way of the commit that they strike.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../../../base/assert.ts';
import { time } from '../../../base/ids.ts';
import { attachmentsOf } from '../../../core/compute/compute-view.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import { watchRun } from '../../../run-model/picture/watched-run.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { freshTape, setupRun } from '../../../sim/run-setup.ts';
import { parseAction } from '../../../sim/tape-parse.ts';
import { runWorld } from '../../../sim/world.ts';
import { known } from '../../../stacks/known.ts';
import { presets } from '../../../stacks/presets.ts';
import { tapes } from '../../../stacks/tapes.ts';
import { setLanguage, t } from '../../i18n/i18n.ts';
import { computeOf } from '../../model/node-facts.ts';
import { type ChangedRow, changedRows, pagesOf } from './changed-rows.ts';
import { placeOf, wayVolumes } from './place.ts';
import { stepsOf, type WayStep } from './steps.ts';
import { newestWay, type Way, wayKinds, waysOf, wayWith } from './ways.ts';
import '../../../words/lens/way.en.json';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

interface Seen {
  readonly frame: WorldFrame;
  readonly ways: readonly Way[];
  readonly steps: (way: Way) => readonly WayStep[];
  readonly rows: (way: Way) => readonly ChangedRow[];
  readonly kindOf: (index: number) => string | undefined;
}

/** A run of the preset with these lines, seen at a time. */
function play(preset: string, lines: readonly string[], untilUs: number): Seen {
  const tape = freshTape(presets, preset, 7);
  if ('error' in tape) throw new Error(tape.error);
  const actions = lines.map((line) => {
    const action = parseAction(tapes, line);
    if ('error' in action) throw new Error(action.error);
    return action;
  });
  const made = setupRun(known, { ...tape, actions: [...tape.actions, ...actions] });
  if (!made.ok) throw new Error(made.error);
  const run = watchRun(known, made.setup, edge, { preset });
  runWorld(run.world, run.host, { until: time(untilUs) });
  const view = { group: null, lsnWindow: null, span: 16, detail: true, pages: true };
  const frame = run.picture(view);
  const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id, node]));
  const kinds: readonly string[] = wayKinds;
  const events = run.recorder.listed.filter(({ event }) => kinds.includes(event.kind));
  const volumes = wayVolumes(frame.cluster, nodes);
  return {
    frame,
    ways: waysOf(events, volumes),
    rows: (way) => {
      const writerIn = (picture: WorldFrame) => {
        const compute = computeOf(picture.nodes.find(({ id }) => id === way.change?.writer));
        return compute === null
          ? null
          : (attachmentsOf(compute).find(({ volume }) => volume === way.change?.volume) ?? null);
      };
      if (way.change === null) return [];
      const pages = writerIn(frame)?.pages;
      const wanted = (pages === undefined ? [] : pagesOf(way.change, pages)).map((blockKey) => ({
        blockKey,
        at: null,
      }));
      return changedRows(way.change, writerIn(run.picture({ ...view, wanted })));
    },
    steps: (way) => stepsOf(way, placeOf(volumes, way.change?.volume, frame.cluster, nodes, frame.links), t),
    kindOf: (index) => run.recorder.listed.find((listed) => listed.index === index)?.event.kind,
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
  ['hook-hole', 45_000, 3, 'wal.durable'],
  ['postdb-v4', 400_000, 10, 'wal.durable'],
  ['polardb', 400_000, 10, 'chunk.durable'],
] as const)('the ways of commits in %s', (preset, until, least, durable) => {
  let seen: Seen;
  beforeAll(() => {
    seen = play(preset, [], until);
  });

  test('WAL-20 each is asked, changes, is on enough disks, is heard of and answered, in this order', () => {
    const ways = whole(seen.ways);
    expect(ways.length).toBeGreaterThan(least);
    for (const way of ways) {
      const steps = seen.steps(way);
      const times = ['ask', 'changed', 'disk', 'safe', 'heard', 'told'].map((key) => at(steps, key));
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
    const changes = whole(seen.ways).flatMap(({ asks, ...way }) => {
      const [from = ''] = (asks[0]?.operation?.key.split('/')[1] ?? '').split('-');
      const by = Number(asks[0]?.operation?.value);
      return seen
        .rows({ asks, ...way })
        .filter(({ before }) => before !== null)
        .map(({ before, after }) => ({
          is: Number(after?.[2]) - Number(before?.[2]),
          said: after?.[0] === from ? -by : by,
        }));
    });
    expect(changes.length).toBeGreaterThan(1);
    for (const { is, said } of changes) expect(is).toBe(said);
  });

  test('the newest commit is the one that is followed, and any of its events leads to it', () => {
    const newest = present(newestWay(seen.ways), 'a way');
    expect(newest.change?.scn).toBeGreaterThan(0);
    const { changed, scn } = present(newest.change, 'its change');
    expect(wayWith(seen.ways, { index: present(changed, 'its first record').index })).toBe(newest);
    const found = wayWith(seen.ways, { lsn: present(scn, 'its commit') });
    expect([...(found?.change?.lsns.values() ?? [])].flat()).toContain(scn);
  });
});

describe('faults in the way of a commit', () => {
  test('WAL-20 a store that is cut off is named, and the commit does not wait for it', () => {
    const { ways, steps } = play('hook-hole', ['46.000 cut rw-1 | store-3 for 90 ms'], 60_000);
    const way = present(whole(ways).at(-1), 'a commit');
    const words = steps(way).map(({ words }) => words);
    expect(words).toContain('rw-1 does not reach store-3: it gets them later, from others.');
    expect(words).toContain('2 of 3: from here on nothing that fails can lose it');
    expect(words.some((text) => text.startsWith('The commit waits'))).toBe(false);
  });

  test('WAL-19 with two of three away it waits, and says for how many', () => {
    const { ways, steps } = play('hook-hole', ['46.000 cut rw-1 | store-2 store-3 for 90 ms'], 60_000);
    const way = present(newestWay(ways), 'a commit');
    const last = present(steps(way).at(-1), 'a step');
    expect(last).toMatchObject({ state: 'held', words: 'The commit waits until 2 have it on disk; 1 have.' });
    expect(way.change?.quorum).toBeNull();
    expect(way.asks[0]?.answered).toBeNull();
  });

  test('WAL-60 of a writer that died before the answer nothing is claimed', () => {
    const { ways, steps } = play(
      'hook-hole',
      ['46.000 cut rw-1 | store-2 store-3', '52.000 crash rw-1'],
      54_000,
    );
    const way = present(newestWay(ways), 'a commit');
    expect(steps(way).map(({ state }) => state)).not.toContain('safe');
  });
});

test('a read has its way, too: who answered, and as of which record (READ-46)', () => {
  const { ways, steps } = play('cynosdb-ro', [], 400_000);
  const reads = ways.filter(({ asks, change }) => change === null && asks[0]?.read && asks[0].answered);
  expect(reads.length).toBeGreaterThan(3);
  const words = steps(present(reads.at(-1), 'a read')).map((step) => step.words);
  expect(words[1]).toMatch(/^r[ow]-\d answers from its pages, as of log record \d+\./);
});

test('a reader that shows a change is in its way (READ-12)', () => {
  const { ways, steps } = play('cynosdb-ro', [], 400_000);
  const shown = whole(ways).filter(({ change }) => (change?.shown.length ?? 0) > 0);
  expect(shown.length).toBeGreaterThan(3);
  expect(states(steps(present(shown.at(-1), 'one')))).toContain('shown ro-1');
});

test('every sentence is there in Chinese', async () => {
  const seen = play('hook-hole', ['46.000 cut rw-1 | store-2 store-3 for 90 ms'], 60_000);
  Object.assign(globalThis, { document: { documentElement: { lang: '' } } });
  await setLanguage('zh-CN');
  for (const { words } of seen.ways.flatMap(seen.steps)) expect(words).toMatch(/\p{Script=Han}/u);
  await setLanguage('en');
});
