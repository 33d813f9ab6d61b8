// Pictures and events between a worker and the page: what arrives is what was sent, what did not change is the same object.

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import { makePicture } from '../run-model/picture/picture.ts';
import { makeRecorder, recordEvents } from '../run-model/recorder/recorder.ts';
import { freshTape, setupRun } from '../sim/run-setup.ts';
import { makeWorld, runWorld, worldViews } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { presets } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeEventCache } from './event-cache.ts';
import { makeEventFeed } from './event-feed.ts';
import { makeFrameReader, makeFrameWriter } from './frame-wire.ts';

async function pictures(times: readonly number[]): Promise<readonly WorldFrame[]> {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(known, tape);
  if (!result.ok) throw new Error(result.error);
  const { spec, program, describe: toLabel } = result.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const host = {
    program: programOf(program),
    edge: await loadSqlEdge(),
    tape: tapes,
    onTrace: (events: Parameters<typeof recordEvents>[2]) => recordEvents(known, recorder, events),
  };
  const view = { group: null, lsnWindow: null, span: 32, detail: false };
  return times.map((until) => {
    runWorld(world, host, { until: until as Time });
    for (const [node, shown] of worldViews(world, host.program, view)) {
      const record = recorder.nodes.get(node);
      if (record !== undefined) record.view = shown;
    }
    return makePicture(known, world.fabric, recorder, {
      preset: 'hook-hole',
      time: until as Time,
      failed: new Map(),
      describe: toLabel,
    });
  });
}

describe('pictures', () => {
  test('arrive as they were, one after the other, whatever was left out on the way', async () => {
    const sent = await pictures([20_000, 30_000, 30_100, 30_200, 41_000]);
    const writer = makeFrameWriter();
    const read = makeFrameReader();
    let flights = 0;
    let kept = 0;
    let before: WorldFrame | null = null;
    for (const frame of sent) {
      const packed = structuredClone(writer.pack(frame));
      kept += frame.nodes.length - packed.nodes.length;
      const arrived = read(packed);
      expect(arrived).toEqual(frame);
      flights += arrived.flights.length;
      if (before !== null) expect(arrived.cluster).toBe(before.cluster);
      before = arrived;
    }
    expect(flights).toBeGreaterThan(3);
    expect(kept).toBeGreaterThan(0);
  });

  test('a node, a link and a message that did not change are the same objects', async () => {
    const [frame] = await pictures([30_000]);
    if (frame === undefined) throw new Error('a picture');
    const writer = makeFrameWriter();
    const read = makeFrameReader();
    const first = read(writer.pack(frame));
    const changed = frame.nodes.map((node) => (node.id === 'rw-1' ? { ...node, life: 9 } : { ...node }));
    const packed = writer.pack({ ...frame, nodes: changed });
    expect(packed.nodes.map(({ id }) => id)).toEqual(['rw-1']);
    const second = read(packed);
    expect(second.links).toBe(first.links);
    expect(second.nodes.map((node, i) => node === first.nodes[i])).toEqual(
      frame.nodes.map(({ id }) => id !== 'rw-1'),
    );
    second.flights.forEach((flight, i) => {
      expect(flight).toBe(first.flights[i]);
    });
  });

  test('of another run nothing is kept', async () => {
    const [frame] = await pictures([30_000]);
    if (frame === undefined) throw new Error('a picture');
    const other: WorldFrame = {
      ...frame,
      cluster: { ...frame.cluster, nodes: frame.cluster.nodes.slice(0, 2) },
      nodes: frame.nodes.slice(0, 2),
    };
    const writer = makeFrameWriter();
    const read = makeFrameReader();
    read(writer.pack(frame));
    expect(read(writer.pack(other))).toEqual(other);
  });
});

describe('events', () => {
  const traced = (at: number): Parameters<typeof recordEvents>[2][number] => ({
    at: at as Time,
    node: nodeId('d1'),
    ordinal: 1,
    causeNode: null,
    causeOrdinal: 0,
    event:
      at % 2 === 0
        ? { kind: 'mark.vdl', volume: 'v1', value: at, term: 1 }
        : { kind: 'driver.retry', session: 's', attempt: 1, why: 'x' },
  });
  const cluster = { preset: 'p', volume: 'v', nodes: [], groups: [] };
  const times = (events: readonly ListedEvent[]): readonly number[] => events.map(({ at }) => at);

  test('each is sent once, and the page has the newest of the rank that was asked for', () => {
    const recorder = makeRecorder(known, cluster, 100);
    const newEventsFeed = makeEventFeed();
    const shelve = makeEventCache();
    const pick = { minRank: 2, limit: 3 };
    recordEvents(known, recorder, [0, 1, 2, 4].map(traced));
    expect(times(shelve(newEventsFeed.take(recorder, pick), 3))).toEqual([0, 2, 4]);
    recordEvents(known, recorder, [5, 6].map(traced));
    const next = newEventsFeed.take(recorder, pick);
    expect(times(next.events)).toEqual([6]);
    expect(next.follows).toBe(true);
    expect(times(shelve(next, 3))).toEqual([2, 4, 6]);
    expect(newEventsFeed.take(recorder, pick).events).toEqual([]);
  });

  test('another rank, another run and a jump back begin anew', () => {
    const recorder = makeRecorder(known, cluster, 100);
    const newEventsFeed = makeEventFeed();
    recordEvents(known, recorder, [0, 1, 2].map(traced));
    newEventsFeed.take(recorder, { minRank: 2, limit: 9 });
    const all = newEventsFeed.take(recorder, { minRank: 0, limit: 9 });
    expect([times(all.events), all.follows]).toEqual([[0, 1, 2], false]);
    const other = makeRecorder(known, cluster, 100);
    recordEvents(known, other, [8].map(traced));
    expect(newEventsFeed.take(other, { minRank: 0, limit: 9 })).toMatchObject({ follows: false, total: 1 });
  });
});
