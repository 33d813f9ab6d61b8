// Gauges: whose value a reading is, what makes one figure of several, and what the types refuse.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import { hasReaders } from '../../core/kernel/attachments.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeWorld, runWorld, type World, worldViews } from '../../sim/world.ts';
import { gauges } from '../../stacks/gauges.ts';
import { known } from '../../stacks/known.ts';
import { presetNames, stackOfPreset } from '../../stacks/preset-names.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import { programOf } from '../../stacks/programs.ts';
import { stacks } from '../../stacks/registry.ts';
import { tapes } from '../../stacks/tapes.ts';
import { readCondition } from '../facts/condition.ts';
import { lookOn, makeWatch } from '../facts/watch.ts';
import { makeRecorder, metricsOf, type Recorder, recordEvents } from '../recorder/recorder.ts';
import { type GaugeTable, setBy } from './gauge.ts';
import { figureOf, followEvent, frameGauges, gaugeIn, setsOf, unreadGauges } from './gauges.ts';

/** A preset's own load and these lines; `at` is called after each of these ms. */
async function run(
  preset: string,
  lines: readonly string[],
  stops: readonly number[],
  at: (world: World<unknown, unknown>, recorder: Recorder) => void,
): Promise<void> {
  const fresh = freshTape(presets, preset, 7);
  if ('error' in fresh) throw new Error(fresh.error);
  const parsed = parseTape(tapes, `${printTape(tapes, fresh)}${lines.join('\n')}\n`);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const world = makeWorld<unknown, unknown>(spec);
  const onTrace = (events: Parameters<typeof recordEvents>[2]): void => recordEvents(known, recorder, events);
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes, onTrace };
  for (const ms of stops) {
    runWorld(world, host, { until: (ms * 1000) as Time });
    at(world, recorder);
  }
}

test('WAL-45 the marks of a restored volume are its own: a picture has those of the cluster’s volume', async () => {
  const restore = '160.000 restore v1 to time 120.000 ms as v2';
  let looked = 0;
  await run('cynosdb-backup', [restore], [159, 260], (world, recorder) => {
    const { cluster } = world.fabric;
    const { volumes } = recorder.monitors;
    const ofRestored = readCondition(known, 'VDL(v2) > 0 and SCL(store-1, g2) > 0', cluster, volumes);
    if (looked++ === 0) {
      expect(ofRestored).toMatchObject({ ok: false, position: 4, error: 'no volume “v2”: v1' });
      return;
    }
    const last = (volume: string): number =>
      recorder.listed
        .flatMap(({ event }) => (event.kind === 'mark.vdl' && event.volume === volume ? [event.value] : []))
        .at(-1) ?? -1;
    const [own, restored] = [last('v1'), last('v2')];
    expect(restored).toBeGreaterThan(0);
    expect(own).toBeGreaterThan(restored);
    expect(metricsOf(known, recorder, world.fabric.now, new Map()).vdl).toBe(own);
    const vdlOf = (volume: string) => gaugeIn(gauges, recorder.gauges, 'VDL', volume);
    expect([vdlOf('v1'), vdlOf('v2')]).toEqual([own, restored]);
    const holds = (text: string): boolean => {
      const read = readCondition(known, text, cluster, volumes);
      if (!read.ok) throw new Error(read.error);
      return lookOn(makeWatch(known, read.value, recorder), [], recorder, world.fabric.now);
    };
    expect(holds(`VDL(v2) = ${restored}`)).toBe(true);
    expect(holds(`VDL(v1) = ${restored}`)).toBe(false);
    // The word alone has always meant the cluster's volume.
    expect(holds(`VDL = ${own}`)).toBe(true);
    const [group = ''] = volumes.find(({ id }) => id === 'v2')?.groups.keys() ?? [];
    expect(readCondition(known, `PGCL(${group}) > 0`, cluster, volumes).ok).toBe(true);
    expect(readCondition(known, `PGCL(${group}) > 0`, cluster, []).ok).toBe(false);
  });
  expect(looked).toBe(2);
});

const unopened: ViewParams = { group: null, lsnWindow: null, span: 1, detail: false };
const opened: ViewParams = { ...unopened, span: 64, detail: true, log: true, pages: true };

test('every gauge reads the same of a node whichever lens is open', async () => {
  const seen = new Set<string>();
  for (const { id: stack, gauges } of stacks) {
    const [first, ...others] = presetNames
      .filter((name) => stackOfPreset(name) === stack)
      .flatMap((name) => findPreset(name) ?? []);
    const withReaders = others.filter(({ cluster }) => hasReaders(cluster)).slice(0, 1);
    for (const name of [first, ...withReaders].map((preset) => preset?.name ?? ''))
      await run(name, [], [40, 80, 160], (world) => {
        const program = programOf(stack);
        const [without, withDetail] = [unopened, opened].map((params) => worldViews(world, program, params));
        for (const [id, { fromView }] of Object.entries<GaugeTable[string]>(gauges))
          for (const [node, view] of without ?? []) {
            const readings = view.roles.flatMap((role) => [...(fromView?.(role) ?? [])]);
            const all = withDetail?.get(node)?.roles.flatMap((role) => [...(fromView?.(role) ?? [])]);
            expect(readings, `${id} at ${node}`).toEqual(all);
            if (readings.length > 0) seen.add(id);
          }
      });
  }
  const ids = stacks.flatMap(({ gauges }) =>
    Object.entries<GaugeTable[string]>(gauges).flatMap(([id, { fromView }]) => (fromView ? [id] : [])),
  );
  const wanted = [...new Set(ids)].sort();
  expect(wanted.length).toBeGreaterThan(5);
  expect([...seen].sort()).toEqual(wanted);
});

const scl = setBy('mark.scl', (event) => event);

test('a figure of several: the total of the last value of each place', () => {
  const gauge = {
    id: 'x',
    stacks: ['toy'],
    unit: 'lsn',
    scope: 'replica',
    inFrame: true,
    event: scl,
  } as const;
  const followed = new Map([
    [
      'x',
      new Map([
        [`${nodeId('store-1')} g1`, { value: 3, term: 0 }],
        ['store-2 g1', { value: 4, term: 0 }],
      ]),
    ],
  ]);
  expect(figureOf({ ...gauge, total: 'sum' }, followed, [], 'v1')).toBe(7);
  expect(figureOf({ ...gauge, total: 'max' }, followed, [], 'v1')).toBe(4);
  expect(figureOf({ ...gauge, total: 'sum' }, new Map(), [], 'v1')).toBe(0);
  expect(frameGauges(gauges, 'toy', followed, [], 'v1')).toEqual({});
});

test('FENCE-51 what a writer of an older term goes on saying is no value of the volume', () => {
  const said = (value: number, term: number) =>
    ({ kind: 'mark.vdl', volume: 'v1', value, term }) as TraceEvent;
  const followed = unreadGauges(gauges, 'cynosdb');
  const events = [said(298, 1), said(411, 2), said(310, 1)].map((event, at) => ({
    at,
    event,
    node: nodeId(event.kind === 'mark.vdl' && event.term === 1 ? 'rw-1' : 'ha-1'),
  }));
  for (const { event, node } of events) followEvent(gauges, followed, event, node);
  expect(frameGauges(gauges, 'cynosdb', followed, [], 'v1').vdl).toBe(411);
  expect(gaugeIn(gauges, followed, 'VDL', 'v1')).toBe(411);
  expect(setsOf(gauges, 'vdl', events, 'v1').map(({ value }) => value)).toEqual([298, 411]);
});

test('what leaves a question open does not compile', () => {
  const refused: readonly GaugeTable[] = [
    // @ts-expect-error a condition would compare the value of its start for ever
    { a: { unit: 'lsn', scope: 'node', word: 'a', fromView: () => [{ value: 1 }] } },
    // @ts-expect-error whose value is it, the picture's?
    { a: { unit: 'lsn', scope: 'replica', inFrame: true, event: scl } },
    // @ts-expect-error of which group
    { a: { unit: 'lsn', scope: 'replica', fromView: () => [{ value: 1 }] } },
    // @ts-expect-error of which group
    { a: { unit: 'lsn', scope: 'group', event: setBy('mark.scl', ({ value }) => ({ value })) } },
    // @ts-expect-error of which volume
    { a: { unit: 'lsn', scope: 'volume', event: setBy('mark.vdl', ({ value }) => ({ value })) } },
    // @ts-expect-error a total outside the pictures is one of views
    { a: { unit: 'lsn', scope: 'replica', total: 'sum', event: scl } },
  ];
  expect(refused).toHaveLength(6);
});
