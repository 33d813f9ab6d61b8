// What lens 4.1 has beyond its first picture: steps of a list, messages of a request, sends of a range, coarse runs,
// pointers, the filter, and a node's own point of view; on the reference state and on pictures of real runs.

import { describe, expect, test } from 'vitest';
import type { RunView } from '../../../../../core/log-store/store-view.ts';
import { loadSqlEdge } from '../../../../../edge/sql-edge.ts';
import type { ListedEvent } from '../../../../../run-model/picture/frame.ts';
import { t } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import { findRequestMessage, sendsOf } from '../../../../model/request-message.ts';
import { coarseRuns, type DrawnRun } from '../../../../model/runs.ts';
import { makeHookFrame } from '../../../../testing/hook-frame.ts';
import { shootWorld } from '../../../../testing/world-frame.ts';
import { runMatches } from './describe.ts';
import { addStep, diffLists, eventsOfStep, itemsNear } from './list-steps.ts';
import { wordPlace } from './plot-fate.tsx';
import { makeScale, ownLsns } from './plot-scale.ts';
import { coveredBy, lettersAt } from './pointers.ts';
import { heardAgo, seenBy } from './pov.ts';
import { projectWal, spanLimits, type WalSource } from './project.ts';
import { narrower } from './scope-bar.tsx';

const edge = await loadSqlEdge();

const run = (first: number, end: number, type: RunView['type'], sent = false): RunView => ({
  first,
  end,
  type,
  sent,
  request: sent ? 'r1' : null,
});

describe('steps of a list', () => {
  test('HOLE-8 a hole is found: what was END becomes a hole and data', () => {
    expect(
      diffLists([run(0, 10, 'data')], [run(0, 10, 'data'), run(10, 14, 'hole'), run(14, 20, 'data')]),
    ).toEqual([
      { kind: 'opened', first: 10, end: 14 },
      { kind: 'data', first: 14, end: 20 },
    ]);
  });

  test('HOLE-11, HOLE-13 a fill in the middle splits an asked hole, and both parts stay asked', () => {
    const before = [run(0, 10, 'data'), run(10, 20, 'hole', true), run(20, 30, 'data')];
    const after = [
      run(0, 10, 'data'),
      run(10, 13, 'hole', true),
      run(13, 16, 'data'),
      run(16, 20, 'hole', true),
      run(20, 30, 'data'),
    ];
    expect(diffLists(before, after)).toEqual([
      { kind: 'filled', first: 13, end: 16 },
      { kind: 'split', first: 10, end: 20 },
    ]);
  });

  test('a filled hole merges what lay around it; asked and given up differ', () => {
    const asked = [run(0, 10, 'data'), run(10, 20, 'hole', true), run(20, 30, 'data')];
    const open = [run(0, 10, 'data'), run(10, 20, 'hole'), run(20, 30, 'data')];
    expect(diffLists(open, asked)).toEqual([{ kind: 'sent', first: 10, end: 20 }]);
    expect(diffLists(asked, open)).toEqual([{ kind: 'unsent', first: 10, end: 20 }]);
    expect(diffLists(asked, [run(0, 30, 'data')])).toEqual([
      { kind: 'filled', first: 10, end: 20 },
      { kind: 'merged', first: 0, end: 30 },
    ]);
  });

  test('a window that moved on is no change', () => {
    expect(diffLists([run(0, 30, 'data')], [run(20, 30, 'data')])).toEqual([]);
    expect(addStep([], null, [run(0, 3, 'data')], 5)).toEqual([]);
    expect(addStep([], [run(0, 3, 'data')], [run(0, 4, 'data')], 5)).toHaveLength(1);
  });

  test('a step is shown with what lies next to it, before and after', () => {
    const before = [run(0, 10, 'data')];
    const after = [run(0, 10, 'data'), run(10, 20, 'hole'), run(20, 30, 'data'), run(40, 50, 'data')];
    const [step] = addStep([], before, after, 5);
    if (step === undefined) throw new Error('the list has changed');
    expect(itemsNear(step, before).map(({ run: { first }, isTouched }) => [first, isTouched])).toEqual([
      [0, false],
    ]);
    expect(itemsNear(step, after).map(({ run: { first }, isTouched }) => [first, isTouched])).toEqual([
      [0, false],
      [10, true],
      [20, true],
      [40, true],
    ]);
  });

  test('the events of a step are those of its node and group, in the order in which they happened', () => {
    const listed = (index: number, node: string, kind: string, group: string, at: number) =>
      ({ index, node, at, event: { kind, group } }) as unknown as ListedEvent;
    const events = [
      listed(9, 'store-3', 'hole.sent', 'g2', 20),
      listed(8, 'store-3', 'hole.sent', 'g1', 20),
      listed(7, 'store-3', 'hole.open', 'g2', 20),
      listed(6, 'store-3', 'mark.scl', 'g2', 20),
      listed(5, 'store-2', 'hole.open', 'g2', 20),
      listed(4, 'store-3', 'hole.open', 'g2', 10),
    ];
    expect(
      eventsOfStep(events, { node: 'store-3', group: 'g2', from: 10, to: 20 }).map(({ index }) => index),
    ).toEqual([7, 9]);
  });

  test('the steps of a real run: a hole is opened, asked for and filled', () => {
    const lines = [
      '10.000 sql d1 "create table t (id int primary key, v int)"',
      '14.000 cut rw-1 | store-3 for 2 ms',
      '14.500 sql d1 "insert into t values (1, 1)"',
      '17.000 sql d1 "insert into t values (2, 1)"',
    ];
    const kinds = new Set<string>();
    let last: readonly RunView[] | null = null;
    for (let atMs = 14; atMs < 30; atMs += 0.25) {
      const { nodes } = shootWorld({ edge, lines, atMs, view: {} });
      const role = nodes['store-3']?.view?.roles.find((one) => one.role === 'store');
      const runs =
        role?.role === 'store' ? (role.groups.find(({ group }) => group === 'g1')?.runs ?? []) : [];
      for (const { changes } of addStep([], last, runs, atMs))
        for (const { kind } of changes) kinds.add(kind);
      last = runs;
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['opened', 'sent', 'filled', 'merged']));
  });
});

const frame = makeHookFrame();
const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id, node]));
const source: WalSource = { cluster: frame.cluster, nodes };
const model = projectWal(source, { group: null, span: null, end: null, replica: null });

test('HOLE-24 a request leads to its message on the wire', () => {
  const list = model.selected?.list;
  const request = list?.requests[0];
  if (request === undefined) throw new Error('the reference state has a live request');
  const found = findRequestMessage(frame.flights, 'store-3', 'g2', request);
  expect(found?.label.range?.[0]).toBeLessThan(request.gapEnd);
  expect([found?.from, found?.to].sort()).toEqual([request.peer, 'store-3'].sort());
  expect(findRequestMessage(frame.flights, 'store-3', 'g9', request)).toBeNull();
});

test('the sends of a range are the appends on their way that carry any of it', () => {
  const all = sendsOf(frame.flights, 'g2', { node: null, first: 126, end: 129 });
  expect(all.length).toBeGreaterThan(0);
  expect(all.every(({ label, fate }) => label.family === 'wal' && fate !== 'lost')).toBe(true);
  expect(sendsOf(frame.flights, 'g2', { node: null, first: 0, end: 5 })).toEqual([]);
});

test('runs too narrow to see are joined, the hole outshines the data, nothing is lost at the ends', () => {
  const runs: DrawnRun[] = [];
  for (let i = 0; i < 1000; i++)
    runs.push({ kind: i % 7 === 3 ? 'hole' : 'data', first: i * 10, end: i * 10 + 10, request: null });
  const drawn = coarseRuns(runs, 400);
  expect(drawn.length).toBeLessThan(40);
  expect(drawn[0]?.first).toBe(0);
  expect(drawn.at(-1)?.end).toBe(10_000);
  expect(drawn.every(({ kind }) => kind === 'hole')).toBe(true);
  expect(coarseRuns(runs, 5)).toEqual(runs);
});

test('the axis of the group has its records side by side, LSNs of other groups take no room', () => {
  const own = ownLsns(model);
  const scale = makeScale(model, 640, 'group');
  const [first, second] = own;
  expect(scale.x(second ?? 0) - scale.x(first ?? 0)).toBeCloseTo(scale.cell);
  expect(scale.span(first ?? 0, (own.at(-1) ?? 0) + 1)).toBeCloseTo(own.length * scale.cell);
  expect(own).toContain(scale.lsnAt(scale.x(second ?? 0) + 1));
  expect(scale.ticks.every((lsn) => own.includes(lsn))).toBe(true);
  const volume = makeScale(model, 640);
  expect(volume.span(100, 132)).toBeCloseTo(volume.cell * 32);
  expect(makeScale({ ...model, blocks: [] }, 640, 'group').cell).toBe(volume.cell);
});

test('HOLE-8 a pointer into a hole proves it, a pointer to what is held does not', () => {
  const runs = model.selected?.runs ?? [];
  expect(coveredBy(runs, 112)).toBe('hole');
  expect(coveredBy(runs, 105)).toBe('held');
  expect(coveredBy(runs, 131)).toBeNull();
});

test('the filter knows LSNs, replicas and states', () => {
  const matches = (node: string, first: number, end: number, filter: string): boolean =>
    runMatches(model, node, first, end, filter, t);
  expect(matches('store-3', 111, 115, '112')).toBe(true);
  expect(matches('store-3', 111, 115, '115')).toBe(false);
  expect(matches('store-3', 111, 115, 'hole')).toBe(true);
  expect(matches('store-1', 100, 125, 'hole')).toBe(false);
  expect(matches('store-1', 100, 125, 'store-1')).toBe(true);
});

describe('point of view', () => {
  test('the truth is the model itself', () => {
    expect(seenBy(model, source, null)).toBe(model);
  });

  test('WAL-15 the writer knows its replicas by the SCLs they reported, not their holes', () => {
    const seen = seenBy(model, source, 'rw-1');
    expect(seen.vdl).toBe(model.vdl);
    const store = seen.rows.find(({ node }) => node === 'store-3');
    expect(store?.holes).toBe(0);
    expect(store?.runs.every(({ kind }) => kind === 'data' || kind === 'end')).toBe(true);
    expect(seen.bracket).toBeNull();
  });

  test('HOLE-20 a store knows itself whole, its peers by their reports, the volume by what the writer sent it', () => {
    const seen = seenBy(model, source, 'store-3');
    const own = model.rows.find(({ node }) => node === 'store-3');
    expect(seen.rows.find(({ node }) => node === 'store-3')?.runs).toEqual(own?.runs);
    expect(seen.vdl).toBe(own?.list?.knownVdl);
    expect(seen).toMatchObject({ vcl: -1, tail: -1, pgcl: own?.pgcl });
  });

  test('who has no part in the log knows nothing of it', () => {
    const seen = seenBy(model, source, 'd1');
    expect(seen.rows.every(({ runs, ncl }) => runs.length === 0 && ncl === -1)).toBe(true);
    expect(seen.vdl).toBe(-1);
  });

  test('how old the writer’s knowledge is, is from its own clock', () => {
    const shot = shootWorld({
      edge,
      lines: ['10.000 sql d1 "create table t (id int primary key)"'],
      atMs: 20,
      view: {},
    });
    const age = heardAgo(shot, 'rw-1', 'g1', 'store-1', 20_000);
    expect(age).not.toBeNull();
    expect(age).toBeGreaterThanOrEqual(0);
    expect(heardAgo(shot, 'store-1', 'g1', 'store-2', 20_000)).toBeNull();
  });
});

test('narrower: half as many, about the chosen LSN where one is chosen, down to single records', () => {
  expect(narrower([64, 128], null)).toEqual({ span: 32 });
  expect(narrower([64, 128], 200)).toEqual({ span: 32 });
  expect(narrower([64, 128], 70)).toEqual({ span: 32, end: 86 });
  expect(narrower([100, 104], 102)).toEqual({ span: spanLimits.single, end: 104 });
  expect(narrower([0, 8], 0)).toEqual({ span: 4, end: 4 });
});

test('a window of single records that follows ends with the newest one', () => {
  const narrow = projectWal(source, { group: null, span: spanLimits.single, end: null, replica: null });
  expect(narrow.window).toEqual([narrow.tail + 1 - spanLimits.single, narrow.tail + 1]);
  expect(narrow.records.map(({ lsn }) => lsn)).toContain(narrow.tail);
});

test.each([
  ['free', 0, 200, [], 100],
  ['a ruler far from the word', 0, 200, [190], 100],
  ['a ruler through the middle', 0, 200, [110], 55],
  ['no room on either side', 0, 80, [40], null],
  ['too narrow', 0, 20, [], null],
] as const)('the word of a fate is not crossed: %s', (_what, x, width, rulers, middle) => {
  expect(wordPlace('certain', x, width, rulers)).toBe(middle);
  if (middle === null) return;
  for (const at of rulers) expect(Math.abs(at - middle)).toBeGreaterThan(wordsWidth('certain', 7) / 2);
});

test('pointers that end at one place have their letters beside each other', () => {
  expect(
    lettersAt([
      { letter: 'V', x: 120, isBroken: false },
      { letter: 'G', x: 40, isBroken: true },
      { letter: 'P', x: 40, isBroken: false },
    ]),
  ).toEqual([
    { x: 120, text: 'V', isBroken: false },
    { x: 40, text: 'G? P', isBroken: true },
  ]);
});
