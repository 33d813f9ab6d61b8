// Seeking, forks and searches are the run itself: whatever way the player took to a time, the world there has the hash
// that a straight run has.

import { beforeAll, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { freshTape } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseAction, parseTape } from '../sim/tape-parse.ts';
import { printLine } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawnOf } from '../testing/depth.ts';
import { type Branches, makeBranches } from './branches.ts';
import { type EventSearch, searchEvents } from './event-search.ts';
import { makeKeyframeCache } from './keyframe-cache.ts';
import type { Player } from './player.ts';
import { actOnTwin, sqlOnTwin } from './twin-calls.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const ms = (count: number): Time => (count * 1000) as Time;

function action(line: string): TapeAction {
  const parsed = parseAction(tapes, line);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed;
}

/** Two virtual seconds of the hook with a crash, a cut and a statement. */
function tapeWith(more: readonly string[] = []): Tape {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const lines = ['300.000 crash store-2 for 200 ms', '900.000 cut rw-1 | store-3 for 50 ms', ...more];
  return {
    header: { ...tape.header, end: { at: ms(2000), hash: null } },
    actions: [...tape.actions, ...lines.map(action)],
  };
}

function runTo(player: Player, time: Time): void {
  player.rewindTo(time);
  while (!player.run(time, Number.POSITIVE_INFINITY));
}

function loaded(tape = tapeWith()): Branches {
  const branches = makeBranches(() => edge);
  branches.load(tape);
  return branches;
}

function finish(search: EventSearch) {
  for (;;) {
    const found = search.next(1000);
    if (found !== null) return found;
  }
}

const straightHash = (time: Time, tape = tapeWith()): string => {
  const branches = loaded(tape);
  runTo(branches.shown(), time);
  return branches.shown().hash();
};

test('a time that was sought forwards, backwards and past keyframes has the hash of a straight run', () => {
  const straight = loaded().shown();
  const hashes = new Map<number, string>();
  for (const at of [0, 350, 900]) {
    while (!straight.run(ms(at), Number.POSITIVE_INFINITY));
    hashes.set(at, straight.hash());
  }
  const player = loaded().shown();
  runTo(player, ms(2000));
  expect(player.keyframes.count()).toBeGreaterThan(3);
  for (const at of [900, 350, 0]) {
    runTo(player, ms(at));
    expect(player.hash()).toBe(hashes.get(at));
  }
});

test('keyframes keep within their limit by growing sparse, and each still is the run', () => {
  const player = loaded().shown();
  const keyframes = makeKeyframeCache(1);
  for (let at = 0; at < 60; at++) {
    runTo(player, ms(100 + at));
    keyframes.add(
      { time: player.now(), inputs: player.recorder().inputs },
      { at, bytes: new Uint8Array([at]) },
    );
  }
  expect(keyframes.count()).toBeLessThan(60);
  const moments = keyframes.moments();
  expect(moments.map((moment) => keyframes.open(moment))).toEqual(
    moments.map(({ time }) => ({ at: time / 1000 - 100, bytes: new Uint8Array([time / 1000 - 100]) })),
  );
});

test('a twin to which nothing was done has the hash of live at the same time', () => {
  const branches = loaded();
  runTo(branches.shown(), ms(250));
  branches.fork();
  const main = loaded(
    tapeWith().actions.length > 0 ? { ...tapeWith(), actions: tapeWith().actions.slice(0, -2) } : tapeWith(),
  );
  runTo(main.shown(), ms(700));
  runTo(branches.shown(), ms(700));
  expect(branches.shown().hash()).toBe(main.shown().hash());
});

test('what is done to a twin is on its own tape; main keeps its hash', () => {
  const branches = loaded();
  runTo(branches.shown(), ms(500));
  const before = branches.shown().hash();
  branches.fork();
  expect(actOnTwin(branches, 'crash rw-1')).toMatchObject({ ok: true, line: '500.000 crash rw-1' });
  runTo(branches.shown(), ms(600));
  expect(branches.states().map(({ id, own }) => [id, own.length])).toEqual([
    ['main', 0],
    ['twin-1', 1],
  ]);
  branches.show('main');
  runTo(branches.shown(), ms(500));
  expect(branches.shown().hash()).toBe(before);
  expect(actOnTwin(branches, 'crash rw-1')).toMatchObject({ ok: false });
  expect(() => {
    branches.fork();
    branches.fork();
  }).toThrow('at most 2 twins');
});

test('the tape of a shown twin is its own, up to where it stands, and ends with its hash', () => {
  const branches = loaded();
  runTo(branches.shown(), ms(500));
  branches.fork();
  actOnTwin(branches, 'crash rw-1');
  runTo(branches.shown(), ms(1000));
  const twin = branches.shown().hash();
  const parsed = parseTape(tapes, branches.tapeText(true));
  if (!parsed.ok) throw new Error(parsed.error);
  const { header, actions } = parsed.tape;
  expect(header.end).toEqual({ at: ms(1000), hash: twin });
  const lines = actions.filter(({ at }) => at > 0).map((action) => printLine(tapes, action));
  expect(lines).toEqual(['300.000 crash store-2 for 200.000 ms', '500.000 crash rw-1']);
  expect(straightHash(ms(1000), parsed.tape)).toBe(twin);
  branches.show('main');
  expect(branches.tapeText(true)).not.toContain('crash rw-1');
  expect(straightHash(ms(1000))).not.toBe(twin);
});

test('a statement to a twin is answered, and refused when the twin goes before its time has come', async () => {
  const branches = loaded();
  runTo(branches.shown(), ms(500));
  branches.fork();
  const twin = branches.shown();
  const say = (text: string, wait: () => Promise<void>) =>
    sqlOnTwin(branches, { driver: null, session: 's', text }, wait);
  const goOn = (): Promise<void> => Promise.resolve(runTo(twin, (twin.now() + 1000) as Time));
  const answered = await say('select 1', goOn);
  expect(answered.result.outcome).not.toBe('unknown');
  await expect(say('x'.repeat(1_100_000), goOn)).rejects.toThrow('1024 KiB');
  await expect(say('select 1', async () => branches.drop('twin-1'))).rejects.toThrow('dropped');
  expect(twin.replyListeners.size).toBe(0);
});

test('the first difference is what was done, and nothing while nothing was done', () => {
  const branches = loaded();
  runTo(branches.shown(), ms(320));
  branches.fork();
  runTo(branches.shown(), ms(330));
  expect(branches.difference()?.lookTo(ms(330), 1000)).toBe('none');
  actOnTwin(branches, 'crash store-1');
  runTo(branches.shown(), ms(340));
  const found = branches.difference()?.lookTo(ms(340), 1000);
  expect(found).toMatchObject({ at: ms(330), here: { event: { kind: 'node.down' }, node: 'store-1' } });
  expect(branches.undo()).toBe('330.000 crash store-1');
  runTo(branches.shown(), ms(340));
  expect(branches.difference()?.lookTo(ms(340), 1000)).toBe('none');
});

test('a search finds all that a straight run traced, forwards and backwards', () => {
  const player = loaded().shown();
  const traced: number[] = [];
  player.onEvents = (events) => {
    for (const { event, node, index } of events)
      if (event.kind === 'commit.ack' && node === 'rw-1') traced.push(index);
  };
  runTo(player, ms(2000));
  player.onEvents = null;
  expect(traced.length).toBeGreaterThan(150);
  const indexes = (search: EventSearch) => finish(search).events.map(({ index }) => index);
  const pattern = 'commit.ack rw-1';
  const start = { index: -1, time: 0 };
  const end = { index: Number.MAX_SAFE_INTEGER, time: ms(2000) };
  const next = { pattern, from: start, direction: 'next', limit: 1e6 } as const;
  const previous = { pattern, from: end, direction: 'previous', limit: 50 } as const;
  expect(indexes(searchEvents(player, ms(2000), next))).toEqual(traced);
  expect(indexes(searchEvents(player, ms(2000), previous))).toEqual(traced.slice(-50));
  expect(finish(searchEvents(player, ms(2000), { ...next, pattern: 'no.such' }))).toEqual({
    events: [],
    isEnd: true,
  });
});

test('a longer tape of the same run keeps what was simulated; another run is made anew', () => {
  const branches = loaded();
  runTo(branches.shown(), ms(2000));
  const kept = branches.shown();
  const longer = tapeWith(['1000.000 crash store-1 for 100 ms']);
  branches.load(longer);
  expect(branches.shown()).toBe(kept);
  expect(kept.now()).toBeLessThanOrEqual(ms(2000));
  runTo(kept, ms(1500));
  expect(kept.hash()).toBe(straightHash(ms(1500), longer));
  const other = tapeWith();
  branches.load({ ...other, header: { ...other.header, seed: 8 } });
  expect(branches.shown()).not.toBe(kept);
});

/** Where a first load runs, and after it: postdb-v4 makes groups and their attachments meanwhile. */
const forks = drawnOf<readonly [preset: string, ms: number]>([
  ['postdb-v4', 90],
  ['hook-hole', 10],
  ['postdb-v4', 40],
  ['cynosdb-ha', 10],
  ['cynosdb-pcs', 40],
  ['polardb', 40],
  ['cynosdb', 10],
]);

test.each(forks)(
  'a state is a tree: a twin of %s forked at %i ms is, with every node, what the run is 70 ms later',
  (preset, at) => {
    const fresh = freshTape(presets, preset, 3);
    if ('error' in fresh) throw new Error(fresh.error);
    const branches = loaded(fresh);
    runTo(branches.shown(), ms(at));
    branches.fork();
    runTo(branches.shown(), ms(at + 70));
    expect(branches.shown().hash()).toBe(straightHash(ms(at + 70), fresh));
  },
);
