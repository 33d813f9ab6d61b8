// What the screen's memory keeps, and that it does not grow with the length of a run.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../../sim/types.ts';
import { known } from '../../stacks/known.ts';
import { toyRun } from '../../stacks/toy/testing/toy-world.ts';
import {
  LISTED_LIMIT,
  listedTotal,
  makeRecorder,
  metricsOf,
  packRecorder,
  recordEvents,
  takeListed,
} from './recorder.ts';

const { cluster, params } = toyRun(1);
const node = nodeId('t1');
const traced = (at: number, event: TraceEvent): TracedEvent => ({
  at: at as Time,
  node,
  ordinal: 1,
  causeNode: null,
  causeOrdinal: 0,
  event,
});
const commit = (at: number): TracedEvent =>
  traced(at, { kind: 'commit.ack', volume: 'v1', tx: 1, scn: 0, vdl: 0, term: 1 });

test('commits of the last tenth of a second make the rate; a long run without pictures keeps few of their times', () => {
  const recorder = makeRecorder(known, cluster, params.lal);
  const count = 50_000;
  recordEvents(
    known,
    recorder,
    [...Array(count).keys()].map((i) => commit(i * 10)),
  );
  expect(recorder.commitTimes.length).toBeLessThanOrEqual(40_000);
  const metrics = metricsOf(known, recorder, (count * 10) as Time, new Map());
  expect([metrics.commits, metrics.commitsPerSecond]).toEqual([count, 100_000]);
  expect(recorder.commitTimes.length).toBe(10_000);
  expect(metricsOf(known, recorder, 1_000_000 as Time, new Map()).commitsPerSecond).toBe(0);
});

test('the list keeps the newest events under the numbers they always had', () => {
  const recorder = makeRecorder(known, cluster, params.lal);
  const count = 2 * LISTED_LIMIT + 10;
  recordEvents(known, recorder, [...Array(count).keys()].map(commit));
  expect([recorder.firstIndex + recorder.listed.length, listedTotal(recorder)]).toEqual([count, count]);
  expect(recorder.listed[0]?.index).toBe(recorder.firstIndex);
  expect(recorder.listed.length).toBe(LISTED_LIMIT);
  // Of what came after the last one that went, every event is there.
  expect(recorder.listedSince).toBe(count - LISTED_LIMIT - 1);
  const packed = packRecorder(recorder, count as Time);
  expect([packed.listed.length < LISTED_LIMIT, packed.listedSince]).toEqual([true, count]);
});

test('a keyframe that is gone back to has the events that the run remembers of before it; a run opened later remembers others', () => {
  const made = (since: Time | null = null) => makeRecorder(known, cluster, params.lal, since);
  const recorder = made();
  recordEvents(known, recorder, [...Array(1000).keys()].map(commit));
  const packed = packRecorder(recorder, 1000 as Time);
  recordEvents(known, recorder, [commit(1500), commit(1600)]);
  expect(packed.listed.length).toBeLessThan(1000);
  takeListed(packed, made(1000 as Time));
  takeListed(packed, made());
  expect([packed.listed.length < 1000, packed.listedSince, listedTotal(packed)]).toEqual([true, 1000, 1000]);
  takeListed(packed, recorder);
  expect([packed.listed.length, packed.firstIndex, packed.listedSince, packed.listed.at(-1)?.at]).toEqual([
    1000, 0, 0, 999,
  ]);
});

test('in a run opened from its disks the rate is of what was seen since, not of what nobody counted', () => {
  const recorder = makeRecorder(known, cluster, params.lal, 500_000 as Time);
  recordEvents(known, recorder, [commit(505_000), commit(510_000)]);
  const metrics = metricsOf(known, recorder, 510_000 as Time, new Map());
  expect(metrics).toMatchObject({ since: 500_000, commits: 2, commitsPerSecond: 200 });
});
