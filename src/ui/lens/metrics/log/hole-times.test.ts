// What lens 4.11 takes from events: how long holes stayed open, and the phases behind the charts.

import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadSqlEdge } from '../../../../edge/sql-edge.ts';
import type { FaultFrame, ListedEvent } from '../../../../run-model/picture/frame.ts';
import { setLanguage, t } from '../../../i18n/i18n.ts';
import { shootTransfers } from '../../../testing/world-frame.ts';
import { bandKind, bandText } from '../band-text.ts';
import { bandsOf, newestFaults } from '../chart-source.ts';
import { joinStretches } from '../past-events.ts';
import { holeColumns, holeSpans, holeTimes } from './hole-times.ts';
import { findPhases } from './phases.ts';

let events: readonly ListedEvent[];
let faults: readonly FaultFrame[];

afterEach(() => setLanguage('en'));
beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  const shot = shootTransfers(
    await loadSqlEdge(),
    300,
    '60.000 cut rw-1 | store-3 for 20 ms',
    '200.000 crash rw-1',
    '210.000 restart rw-1',
  );
  events = shot.events;
  faults = shot.frame.faults;
});

let serial = 0;
const traced = (at: number, event: object, node = 'store-3'): ListedEvent =>
  ({ at, node, event, index: serial++, rank: 2 }) as unknown as ListedEvent;
const g1 = { group: 'g1' };
const open = (at: number, first: number, end: number) => traced(at, { kind: 'hole.open', ...g1, first, end });
const fill = (at: number, first: number, end: number) => traced(at, { kind: 'hole.fill', ...g1, first, end });

test('HOLE-36 a hole of a real run is filled, after the cut and in less time than the run', () => {
  const holes = holeTimes(events);
  const fills = events.filter(({ event }) => event.kind === 'hole.fill');
  expect(fills.length).toBeGreaterThan(0);
  for (const { at, node } of fills)
    expect(holes.filter((hole) => hole.node === node && hole.filledAt === at)).not.toEqual([]);
  const cut = holes.filter(
    ({ node, openedAt }) => node === 'store-3' && openedAt >= 60_000 && openedAt < 200_000,
  );
  expect(cut.length).toBeGreaterThan(0);
  for (const { openedAt, filledAt } of cut) {
    expect(filledAt).not.toBeNull();
    expect((filledAt ?? 0) - openedAt).toBeGreaterThan(0);
    expect((filledAt ?? 0) - openedAt).toBeLessThan(100_000);
  }
});

test('HOLE-36 a hole that is filled in parts ends with the last of them', () => {
  const [hole] = holeTimes([open(100, 10, 20), fill(200, 10, 14), fill(300, 16, 20), fill(450, 14, 16)]);
  expect(hole).toMatchObject({ first: 10, end: 20, openedAt: 100, filledAt: 450 });
});

test('HOLE-11 late records of the writer end the hole they lie in, not the one above or below', () => {
  const times = holeTimes([
    open(100, 10, 20),
    open(110, 30, 40),
    traced(200, { kind: 'wal.durable', ...g1, lsns: [30, 33, 39], source: 'writer' }),
    traced(200, { kind: 'hole.closed', ...g1, ncl: 9 }),
    traced(300, { kind: 'hole.closed', ...g1, ncl: 41 }),
  ]);
  expect(times.map(({ first, filledAt }) => [first, filledAt])).toEqual([
    [30, 200],
    [10, 300],
  ]);
});

test('a hole at the end of a log begins with the first request for it, and is one hole when it is found as well', () => {
  const sent = (at: number, first: number, end: number) =>
    traced(at, { kind: 'hole.sent', ...g1, first, end, to: 'store-1' });
  const times = holeTimes([
    sent(100, 10, 20),
    open(120, 10, 20),
    sent(130, 15, 20),
    sent(140, 30, 40),
    fill(300, 10, 20),
    traced(310, { kind: 'mark.scl', ...g1, value: 38 }),
    traced(400, { kind: 'mark.scl', ...g1, value: 39 }),
  ]);
  expect(times.map(({ first, openedAt, filledAt }) => [first, openedAt, filledAt])).toEqual([
    [10, 100, 300],
    [30, 140, 400],
  ]);
});

test('WAL-53 what a history annuls was never filled; other replicas and groups are none of its business', () => {
  const times = holeTimes([
    open(100, 10, 20),
    traced(150, { kind: 'hole.open', group: 'g2', first: 10, end: 20 }),
    traced(160, { kind: 'hole.open', ...g1, first: 10, end: 20 }, 'store-1'),
    traced(200, { kind: 'recovery.history', ...g1, prevEnd: 8 }),
    fill(300, 10, 20),
  ]);
  expect(times.map(({ node, group, filledAt }) => [node, group, filledAt])).toEqual([
    ['store-3', 'g2', null],
    ['store-1', 'g1', null],
  ]);
});

test('columns: the slowest fill since the sample before, and the age of the oldest open hole', () => {
  const times = holeTimes([open(1000, 10, 12), open(2000, 20, 22), fill(3500, 10, 12), fill(3600, 20, 22)]);
  expect(holeColumns([1, 2, 3, 4, 5], times)).toEqual({
    holeFillMs: [null, null, null, 2.5, null],
    oldestHoleMs: [0, 1, 2, 0, 0],
  });
});

test('WAL-50 the recovery of a real writer is one phase, from its first step to its end', () => {
  const recoveries = findPhases(events).filter(({ letter, of }) => letter === 'R' && of === 'rw-1');
  const last = recoveries.at(-1);
  const done = events.findLast(({ event }) => event.kind === 'recovery.done');
  expect(last?.from).toBeGreaterThanOrEqual(210_000);
  expect(last?.to).toBe(done?.at);
});

test('phases of groups and volumes begin and end with their events; one that goes on has no end', () => {
  const phases = findPhases([
    traced(10, { kind: 'group.quorum', ...g1, live: 1, vw: 2 }, 'rw-1'),
    traced(20, { kind: 'group.move.begin', ...g1 }, 'meta-1'),
    traced(30, { kind: 'group.quorum', ...g1, live: 2, vw: 2 }, 'rw-1'),
    traced(40, { kind: 'restore.begin', volume: 'v2' }, 'meta-1'),
    traced(50, { kind: 'restore.failed', volume: 'v2' }, 'meta-1'),
    traced(60, { kind: 'archive.outage', ...g1, state: 'begin' }),
  ]);
  const made = findPhases([
    traced(5, { kind: 'recovery.step', volume: 'v1', step: 'token', token: 0 }, 'rw-1'),
    traced(9, { kind: 'meta.writer', volume: 'v1', writer: 'rw-1', token: 1, state: 'OPEN' }, 'meta-1'),
  ]);
  expect(made).toEqual([{ letter: 'R', title: 'phase.recovery', of: 'rw-1', from: 5, to: 9 }]);
  expect(phases).toEqual([
    { letter: 'Q', title: 'phase.noQuorum', of: 'g1', from: 10, to: 30 },
    { letter: 'M', title: 'phase.move', of: 'g1', from: 20, to: null },
    { letter: 'P', title: 'phase.restore', of: 'v2', from: 40, to: 50 },
    { letter: 'O', title: 'phase.outage', of: 'g1', from: 60, to: null },
  ]);
});

test('a review keeps the faults after its moment; a live cluster that went back, or another run, does not', () => {
  const fault = { text: 'crash store-2', at: 10 as never, until: null };
  const known = { run: 'r', until: 100, faults: [fault] };
  const next = { run: 'r', until: 5, faults: [] };
  expect(newestFaults(known, next, 100)).toBe(known);
  expect(newestFaults(known, next, 5)).toBe(next);
  expect(newestFaults(known, { ...next, run: 'q' }, 100).faults).toEqual([]);
  expect(newestFaults(known, { ...next, until: 200 }, 200).until).toBe(200);
});

test('answers that meet are one stretch with each event once; one behind a gap stands alone', () => {
  const [a, b, c, d] = [open(100, 1, 2), open(200, 3, 4), open(300, 5, 6), open(400, 7, 8)];
  const first = { from: 0, to: 250, events: [a, b] };
  const both = joinStretches(first, { from: 150, to: 350, events: [b, c] });
  expect(both).toEqual({ from: 0, to: 350, events: [a, b, c] });
  expect(joinStretches(both, { from: 50, to: 150, events: [a] })).toEqual(both);
  expect(joinStretches(both, { from: 390, to: 500, events: [d] })).toEqual({
    from: 390,
    to: 500,
    events: [d],
  });
});

test('the table of bands says faults in words of the page, phases by what they are of', async () => {
  const bands = bandsOf(faults, findPhases(events));
  const said = (): readonly string[] => bands.map((band) => `${bandKind(band, t)} ${bandText(band, t)}`);
  expect(said()).toEqual(
    expect.arrayContaining([
      'fault cut rw-1–store-3 for 20 ms',
      'fault crash rw-1',
      'recovery of the writer rw-1',
    ]),
  );
  await setLanguage('zh-CN');
  for (const band of bands.filter(({ title }) => title === undefined))
    expect(bandText(band, t)).toMatch(/\p{Script=Han}/u);
  expect(said()).toContain('写节点恢复 rw-1');
});

test('HOLE-13 a hole spans from its opening to the closing of its list, asked when a request covers a part of it', () => {
  const events = [
    traced(10, { kind: 'hole.open', group: 'g2', first: 108, end: 112 }),
    traced(12, {
      kind: 'hole.sent',
      group: 'g2',
      first: 110,
      end: 112,
      to: 'store-1',
      counter: 1,
      mode: 'normal',
    }),
    traced(14, { kind: 'hole.open', group: 'g1', first: 50, end: 52 }),
    traced(20, { kind: 'hole.closed', group: 'g2', ncl: 120 }),
  ];
  expect(holeSpans(events)).toMatchObject([
    { label: 'store-3 g2 [108,112)', from: 10, to: 20, isFilled: true },
    { label: 'store-3 g1 [50,52)', from: 14, to: null, isFilled: false },
  ]);
});

test('HOLE-19 a tail that is asked for is a hole from its request on, and the end of one hole is not the end of another', () => {
  const sent = { kind: 'hole.sent', group: 'g2', to: 'store-1', counter: 1, mode: 'normal' } as const;
  const events = [
    traced(10, { ...sent, first: 276, end: 285 }),
    traced(12, { kind: 'hole.open', group: 'g2', first: 290, end: 292 }),
    traced(20, { kind: 'hole.closed', group: 'g2', ncl: 289 }),
  ];
  expect(holeSpans(events)).toMatchObject([
    { label: 'store-3 g2 [276,285)', from: 10, to: 20, isFilled: true },
    { label: 'store-3 g2 [290,292)', from: 12, to: null, isFilled: false },
  ]);
});
