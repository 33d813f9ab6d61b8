// The stores' pure parts: what stays the same reference, how directions make a link, the drawn time, recoveries.

import { beforeEach, describe, expect, test } from 'vitest';
import { nodeId, time } from '../base/ids.ts';
import { isSame } from '../base/same-plain.ts';
import type { MessageFamily } from '../core/kernel/message-label.ts';
import type { RunState } from '../lab/api.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from '../run-model/picture/frame.ts';
import { frameStore, newestFrame, takeFrame } from './frame-store.ts';
import { linkShape, pairLinks } from './link-pair.ts';
import {
  diskColumn,
  metricsStore,
  recordSample,
  type SampleSource,
  sampleLimit,
  sampleOf,
} from './metrics-store.ts';
import { recoveryStore, trackRecoveries } from './recovery-store.ts';
import { runStore, takeNotice, takeRun } from './run-store.ts';
import { keepSame } from './same-value.ts';
import { shownRunOf } from './shown-place.ts';
import { drawnTime } from './view-clock.ts';

const link = (from: string, to: string, change: Partial<LinkFrame> = {}): LinkFrame => ({
  from: nodeId(from),
  to: nodeId(to),
  cut: false,
  held: false,
  lossPercent: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  corruptPercent: 0,
  baseUs: 500,
  jitterUs: 100,
  delayed: false,
  ...change,
});

const store = (id: string, scl: number, change: Partial<NodeFrame> = {}): NodeFrame => ({
  id: nodeId(id),
  zone: 'a',
  roles: ['store'],
  status: 'up',
  life: 1,
  since: time(0),
  view: {
    node: nodeId(id),
    // Only what a recovery looks at; the rest of the view is of no interest here.
    roles: [{ role: 'store', bootEpoch: 1, groups: [{ group: 'g1', scl, pgcl: 100 }] } as never],
  },
  disk: null,
  diskFaults: {
    slowPercent: 100,
    roomPercent: 100,
    full: false,
    failSync: false,
    failRead: false,
    stall: false,
  },
  clockOffsetUs: 0,
  slowCpuUs: 0,
  error: null,
  ...change,
});

const frame = (at: number, nodes: readonly NodeFrame[], links: readonly LinkFrame[] = []): WorldFrame => ({
  preset: 'cynosdb',
  seed: 1,
  cluster: {
    preset: 'cynosdb',
    volume: 'v1',
    nodes: nodes.map(({ id, zone, roles }) => ({ id, zone, roles })),
    groups: [],
  },
  time: time(at),
  events: at,
  traced: at,
  nodes,
  links,
  flights: [],
  metrics: {
    since: time(0),
    commits: 0,
    commitsPerSecond: 10,
    storedBytes: 2048,
    sentBytes: { wal: 100, holeFill: 7 },
    commitsWaiting: 0,
    replicaLag: 3,
    latencyP50Us: -1,
    latencyP95Us: 2000,
    latencyP99Us: 2000,
    vdl: 5,
    vcl: 7,
    holesOpen: 0,
  },
  faults: [],
  violations: [],
  waits: [],
  outages: [],
  mutants: [],
  exercised: {},
});

describe('equality of views', () => {
  test('plain values by structure, in every part', () => {
    const value = { a: [1, { b: null }], c: 'x', d: Number.NaN };
    expect(isSame(value, structuredClone(value))).toBe(true);
    for (const other of [
      { ...value, c: 'y' },
      { ...value, a: [1] },
      { a: value.a, c: 'x' },
      { ...value, e: 1 },
      null,
    ])
      expect(isSame(value, other)).toBe(false);
    expect(isSame([1, 2], { 0: 1, 1: 2 })).toBe(false);
  });

  test('the old reference stays while nothing changed', () => {
    const before = { a: [1] };
    expect(keepSame(before, { a: [1] })).toBe(before);
    const next = { a: [2] };
    expect(keepSame(before, next)).toBe(next);
  });
});

describe('links', () => {
  test('both directions make one link, in the order of the cluster', () => {
    const pairs = pairLinks([link('b', 'a', { cut: true }), link('a', 'b')], [nodeId('a'), nodeId('b')]);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ key: 'a|b', there: { cut: false }, back: { cut: true } });
  });

  test.each([
    [{}, {}, 'normal'],
    [{ cut: true }, { cut: true }, 'cut'],
    [{ cut: true }, {}, 'cutThere'],
    [{}, { cut: true }, 'cutBack'],
    [{ held: true }, {}, 'held'],
    [{ lossPercent: 10 }, {}, 'lossy'],
    [{}, { delayed: true }, 'delayed'],
  ] as const)('%o and %o look %s', (there, back, shape) => {
    const pair = { key: 'a|b', a: nodeId('a'), b: nodeId('b') };
    expect(linkShape({ ...pair, there: link('a', 'b', there), back: link('b', 'a', back) })).toBe(shape);
  });
});

describe('the frame store', () => {
  test('a node and a link keep their reference while they say the same; the newest frame is there at once', () => {
    takeFrame(frame(1000, [store('s1', 1), store('s2', 1)], [link('s1', 's2')]), 1000);
    const before = frameStore.getState();
    takeFrame(frame(2000, [store('s1', 1), store('s2', 2)], [link('s1', 's2')]), 2000);
    const after = frameStore.getState();
    expect(after.nodes.s1).toBe(before.nodes.s1);
    expect(after.nodes.s2).not.toBe(before.nodes.s2);
    expect(after.links).toBe(before.links);
    expect(after.linkKeys).toBe(before.linkKeys);
    expect(after.cluster).toBe(before.cluster);
    takeFrame(frame(3000, [store('s1', 3)]), 2001);
    expect(newestFrame().frame?.time).toBe(3000);
    expect(frameStore.getState().frame?.time).toBe(2000);
  });

  test('the last frame of a burst reaches the components', async () => {
    takeFrame(frame(4000, [store('s1', 4)]), 5000);
    takeFrame(frame(5000, [store('s1', 5)]), 5001);
    await expect.poll(() => frameStore.getState().frame?.time).toBe(5000);
  });
});

const run = (change: Partial<RunState>): RunState => ({
  mode: 'LIVE',
  lab: 'l',
  runId: 'r',
  speed: 1000,
  measuredSpeed: 1000,
  skipQuiet: true,
  skips: [],
  branches: [],
  shown: 'main',
  against: null,
  isReplay: false,
  openedTapes: 0,
  undo: null,
  redo: null,
  parent: null,
  hasAudience: false,
  isOwnerGone: false,
  lesson: null,
  playing: true,
  liveTime: time(0),
  liveEvents: 0,
  taped: 0,
  marks: [],
  memoryOnly: false,
  progress: [],
  ...change,
});

describe('the drawn time', () => {
  test.each([
    ['runs on at the speed between frames', {}, 10, 1010],
    ['not further than a frame and a half', {}, 1000, 1060],
    ['no faster than the run keeps up', { measuredSpeed: 500 }, 10, 1005],
    ['never before the frame', {}, -5, 1000],
    ['stands when it does not play', { playing: false }, 10, 1000],
    ['stands at the frame at full speed', { speed: 'max' as const }, 10, 1000],
  ])('%s', (_title, change, since, expected) => {
    expect(drawnTime(1000, { sinceMs: since, gapMs: 40 }, run(change))).toBe(expected);
  });
});

test('that a run was recovered is said of this run alone', () => {
  const kinds = (): string[] => runStore.getState().notices.map(({ kind }) => kind);
  takeNotice({ kind: 'recovered', nodes: 6, at: time(42_720), twins: 0 });
  takeNotice({ kind: 'openElsewhere', asked: null });
  // It is said while the run is still being opened.
  takeRun(run({ runId: '', mode: 'BOOTING' }));
  takeRun(run({ runId: 'first', mode: 'BOOTING' }));
  expect(kinds()).toEqual(['recovered', 'openElsewhere']);
  const { notices } = runStore.getState();
  takeRun(run({ runId: 'first', mode: 'BOOTING', liveTime: time(50_000) }));
  expect(runStore.getState().notices).toBe(notices);
  takeRun(run({ runId: 'second', mode: 'BOOTING' }));
  expect(kinds()).toEqual(['openElsewhere']);
  // This tab has a cluster after all.
  takeRun(run({ runId: 'second' }));
  expect(kinds()).toEqual([]);
});

test('a notice is there as long as what it says is so', () => {
  const kinds = (): string[] => runStore.getState().notices.map(({ kind }) => kind);
  takeRun(run({ runId: '', mode: 'MIRROR', isOwnerGone: true }));
  takeNotice({ kind: 'mirrorLost' });
  takeRun(run({ runId: '', mode: 'MIRROR', isOwnerGone: true }));
  expect(kinds()).toEqual(['mirrorLost']);
  takeRun(run({ runId: '', mode: 'MIRROR' }));
  expect(kinds()).toEqual([]);
  takeRun(run({ runId: 'first' }));
  takeNotice({ kind: 'engineError', node: 'rw-1', detail: 'assertion' });
  takeRun(run({ runId: 'first', mode: 'PAUSED' }));
  expect(kinds()).toEqual(['engineError']);
  takeRun(run({ runId: 'second' }));
  expect(kinds()).toEqual([]);
});

describe('the name of what is shown', () => {
  const names = (...changes: Partial<RunState>[]): string[] => [
    ...new Set(changes.map((change) => shownRunOf(run(change)))),
  ];

  test('a run, each of its twins and each tape that is opened has its own', () => {
    const tape = { isReplay: true, mode: 'REPLAY' as const };
    const all: Partial<RunState>[] = [
      {},
      { runId: 'other' },
      { shown: 'twin-1' },
      { ...tape, openedTapes: 1 },
      { ...tape, openedTapes: 2 },
      { ...tape, openedTapes: 2, shown: 'twin-1' },
    ];
    expect(names(...all)).toHaveLength(all.length);
  });

  test('the past of the live cluster is of it, whatever tapes were opened before', () => {
    expect(names({}, { mode: 'REVIEW' }, { mode: 'PAUSED', openedTapes: 2 })).toHaveLength(1);
    expect(shownRunOf(null)).toBe('');
  });
});

describe('recoveries', () => {
  beforeEach(() => recoveryStore.setState({ list: [], lives: {}, seed: '' }));
  const list = () => recoveryStore.getState().list;

  test('a first opening is none; a restart is one until SCL has reached the PGCL of that moment', () => {
    trackRecoveries(frame(0, [store('s1', -1, { life: 0, status: 'opening', view: null })]), 'live');
    trackRecoveries(frame(1, [store('s1', 90)]), 'live');
    expect(list()).toEqual([]);
    trackRecoveries(frame(2, [store('s1', 90, { status: 'down' })]), 'live');
    expect(list()).toEqual([]);
    trackRecoveries(frame(3, [store('s1', 90, { life: 2 })]), 'live');
    expect(list()).toMatchObject([{ node: 's1', done: 0, of: 10, finished: false }]);
    trackRecoveries(frame(4, [store('s1', 96, { life: 2 })]), 'live');
    expect(list()).toMatchObject([{ done: 6, finished: false }]);
    trackRecoveries(frame(5, [store('s1', 100, { life: 2 })]), 'live');
    expect(list()).toMatchObject([{ done: 10, finished: true }]);
    trackRecoveries(frame(6, [store('s1', 60, { life: 2 })]), 'live');
    expect(list()).toMatchObject([{ finished: true }]);
  });

  test('a node that was younger in the past has not come back when the present is shown again', () => {
    const live = [frame(8, [store('s1', 100, { life: 2 })]), 'live'] as const;
    trackRecoveries(frame(1, [store('s1', 90)]), 'live');
    trackRecoveries(...live);
    const before = list();
    expect(before).toMatchObject([{ node: 's1', life: 2 }]);
    trackRecoveries(frame(2, [store('s1', 80)]), 'past');
    expect(list()).toEqual([]);
    trackRecoveries(...live);
    expect(list()).toEqual(before);
  });

  test('another run begins with none', () => {
    trackRecoveries(frame(1, [store('s1', 90)]), 'live');
    trackRecoveries({ ...frame(2, [store('s1', 90, { life: 2 })]), seed: 2 }, 'live');
    expect(list()).toEqual([]);
  });
});

describe('metrics', () => {
  const live: SampleSource = { run: 'r1', mode: 'LIVE' };

  test('one sample a step, the oldest dropped at the limit, none when there was no operation', () => {
    metricsStore.setState({ timeMs: [], columns: {} });
    for (let i = 0; i < sampleLimit + 20; i++) recordSample(frame(i * 1000, []), live);
    recordSample(frame((sampleLimit + 19) * 1000 + 10, []), live);
    const { timeMs, columns } = metricsStore.getState();
    const last = (name: string) => columns[name]?.at(-1);
    expect(timeMs).toHaveLength(sampleLimit);
    expect(timeMs.at(-1)).toBe(sampleLimit + 19);
    expect([last('latencyP50Ms'), last('latencyP95Ms'), (last('vcl') ?? 0) - (last('vdl') ?? 0)]).toEqual([
      null,
      2,
      2,
    ]);
    expect([last('logBytes'), last('holeBytes'), last('storedKb'), last('replicaLag')]).toEqual([
      100, 7, 2, 3,
    ]);
  });

  test('another run begins anew', () => {
    recordSample(frame(900_000, []), live);
    recordSample(frame(905_000, []), { run: 'r2', mode: 'LIVE' });
    expect(metricsStore.getState().timeMs).toEqual([905]);
  });

  test('a review keeps what came after its moment; the live cluster that went back does not', () => {
    metricsStore.setState({ timeMs: [], columns: {} });
    for (const at of [10_000, 20_000, 30_000]) recordSample(frame(at, []), live);
    recordSample(frame(15_000, []), { run: 'r1', mode: 'REVIEW' });
    expect(metricsStore.getState().timeMs).toEqual([10, 20, 30]);
    recordSample(frame(15_000, []), live);
    expect(metricsStore.getState().timeMs).toEqual([10, 15]);
    expect(metricsStore.getState().columns.vdl).toHaveLength(2);
    recordSample(frame(2000, []), { run: 'r1', mode: 'REVIEW' });
    expect(metricsStore.getState().timeMs).toEqual([2]);
  });

  test('bytes of every family count once, in the row of the table that it stands in', () => {
    const sent: Readonly<Record<MessageFamily, number>> = {
      sqlRequest: 1,
      sqlReply: 2,
      wal: 4,
      ack: 8,
      holeRequest: 16,
      holeFill: 32,
      pageRead: 64,
      pageReply: 128,
      control: 256,
      heartbeat: 512,
      fence: 1024,
      archive: 2048,
    };
    const base = frame(1000, []);
    const sample = sampleOf({ ...base, metrics: { ...base.metrics, sentBytes: sent } });
    const { allBytes = 0, ...rows } = Object.fromEntries(
      Object.entries(sample).filter(([name]) => name.endsWith('Bytes')),
    );
    expect(Object.keys(rows)).toHaveLength(8);
    expect(Object.values(rows).reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0)).toBe(allBytes);
    expect(allBytes).toBe(4095);
    expect(rows).toMatchObject({ sqlBytes: 3, holeBytes: 48, archiveBytes: 2048, controlBytes: 768 });
  });

  test('a node that comes later has no bytes before; each store has a column of its own', () => {
    metricsStore.setState({ timeMs: [], columns: {} });
    recordSample(frame(1000, []), live);
    recordSample(frame(2000, [store('s1', 1, { disk: { bytes: 4096 } as never })]), live);
    expect(metricsStore.getState().columns[diskColumn('s1')]).toEqual([null, 4]);
  });
});
