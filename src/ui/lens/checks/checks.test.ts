// Lens 4.10: the board counts what really was put to the test; the history is the clients' own and finds what no order
// explains.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { PastPicture } from '../../../run-model/recorder/past.ts';
import { t } from '../../i18n/i18n.ts';
import { shootWorld, type WorldShot } from '../../testing/world-frame.ts';
import { describeBoard, describeOperations } from './describe.ts';
import { faultSpans } from './history-plot.tsx';
import { projectOperations } from './operations.ts';
import { projectBoard } from './project.ts';

let shot: WorldShot;
let past: PastPicture;

beforeAll(async () => {
  shot = shootWorld({
    edge: await loadSqlEdge(),
    lines: [
      '0.000 workload d1 kind=ycsb-a rows=4 clients=4 thinkUs=500 ratePerSecond=0 readPercent=50 hotPercent=80 valueBytes=8 load=true',
      '120.000 crash store-2 for 20.000 ms',
    ],
    atMs: 320,
    view: {},
  });
  past = shot.past({
    from: 180_000,
    to: 320_000,
    minRank: 1,
    kinds: null,
    withMessages: false,
    known: null,
    limit: 20_000,
  });
});

test('WAL-28 WAL-15 rules that were exercised are ok, those that were not are not green', () => {
  const board = projectBoard(shot.frame, '', 'en');
  const rows = board.groups.flatMap(({ rows: own }) => own);
  expect(rows.find(({ rule }) => rule.slug === 'wal.ack-after-durable')).toMatchObject({ state: 'ok' });
  expect(rows.find(({ rule }) => rule.slug === 'wal.quorum-overlap')?.exercised).toBeGreaterThan(0);
  expect(board.counts.violated).toBe(0);
  expect(board.counts.ok + board.counts.idle).toBe(rows.length);
  for (const { state, exercised } of rows) expect(state === 'ok').toBe(exercised > 0);
  expect(describeBoard(board, t)).toContain(`${board.counts.ok} rules`);
});

test('a violation is named and everything else stays', () => {
  const violation = { rule: 'wal.acked-survives', at: 5 as never, node: null, message: 'commit 7 is gone' };
  const board = projectBoard({ ...shot.frame, violations: [violation] }, '', 'zh');
  const row = board.groups.flatMap(({ rows }) => rows).find(({ state }) => state === 'violated');
  expect(row).toMatchObject({ violation, rule: { slug: 'wal.acked-survives' } });
  expect(projectBoard(shot.frame, 'HOLE-19', 'en').groups.flatMap(({ rows }) => rows)).toHaveLength(1);
});

test('C01 the history of a key has a legal order, each write before its reads', () => {
  const all = projectOperations(past, null);
  expect(all.bars.length).toBeGreaterThan(50);
  expect(all.clients.length).toBe(4);
  expect(all.outcomes.ok).toBeGreaterThan(40);
  const [key] = all.keys;
  const model = projectOperations(past, key ?? null);
  expect(model.fault).toBeNull();
  const placed = model.bars
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  expect(placed.length).toBeGreaterThan(5);
  let value: string | null = null;
  for (const bar of placed) {
    if (bar.operation === 'write') value = bar.value;
    else if (value !== null) expect(bar.value).toBe(value);
  }
  // No operation stands before one that had returned when it was called.
  placed.forEach((bar, i) => {
    for (const later of placed.slice(i + 1))
      expect(later.to >= bar.from || later.outcome !== 'ok').toBe(true);
  });
  expect(describeOperations(model, t)).toContain('one order');
});

test('C01 a read of what nobody wrote cannot be placed', () => {
  const model = projectOperations(past, null);
  const write = model.bars.find(({ operation, outcome }) => operation === 'write' && outcome === 'ok');
  if (write === undefined) throw new Error('a write');
  const [first] = past.events;
  if (first === undefined) throw new Error('events');
  const add = (event: object, at: number, index: number) =>
    ({ ...first, node: 'd1', at, index, event }) as unknown as (typeof past.events)[number];
  const { key, value } = write;
  const invoke = { kind: 'op.invoke', client: 'x', op: 1, operation: 'read', key, value: '' };
  const forged = [
    add(invoke, 179_000, 1),
    add({ kind: 'op.return', client: 'x', op: 1, outcome: 'ok', value, scn: 0 }, 179_500, 2),
    ...past.events,
  ];
  const broken = projectOperations({ ...past, events: forged }, key);
  expect(broken.fault).toBe('readFromFuture');
  expect(broken.bars.filter(({ isFault }) => isFault)).toHaveLength(2);
  expect(describeOperations(broken, t)).toContain('No order');
  // Who has chosen no key sees it as well.
  const all = projectOperations({ ...past, events: forged }, null);
  expect(all.faultyKeys).toEqual([key]);
  expect(all.bars.filter(({ isFault }) => isFault)).toHaveLength(2);
  expect(describeOperations(all, t)).toContain(`No order explains the operations on ${key}`);
  expect(model.faultyKeys).toEqual([]);
  expect(describeOperations(model, t)).not.toContain('No order');
});

test('faults stand behind the operations as far as they lie in the stretch', () => {
  const faults = [
    { text: 'ended before', at: 10, until: 90 },
    { text: 'ends in it', at: 50, until: 150 },
    { text: 'within', at: 120, until: 130 },
    { text: 'goes on', at: 180, until: null },
    { text: 'later', at: 210, until: null },
  ] as unknown as Parameters<typeof faultSpans>[0];
  expect(faultSpans(faults, { from: 100, to: 200 })).toEqual([
    { text: 'ends in it', from: 100, to: 150 },
    { text: 'within', from: 120, to: 130 },
    { text: 'goes on', from: 180, to: 200 },
  ]);
});
