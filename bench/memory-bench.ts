// P5: what a long run keeps. Heap and disk bytes after ten million events against those after the first million, under a
// load whose data does not grow (TPC-B without its history table). Monitors are on, as in every headless run.

import { performance } from 'node:perf_hooks';
import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import { makeMonitors, observe } from '../src/sim/checks/monitors.ts';
import { ENGINE } from '../src/sim/engine.ts';
import { setupRun } from '../src/sim/run-setup.ts';
import { loadActions, makeTape } from '../src/sim/tape-run.ts';
import { diskOf, makeWorld, runWorld, type World, type WorldHost } from '../src/sim/world.ts';
import { known } from '../src/stacks/known.ts';
import { findPreset } from '../src/stacks/presets.ts';
import { programOf } from '../src/stacks/programs.ts';
import { tapes } from '../src/stacks/tapes.ts';
import type { Bench, Row } from './harness.ts';

const FIRST_EVENTS = 1_000_000;
const LAST_EVENTS = 10_000_000;
/** Wall time after which the run is ended where it is, and the row says where that was. */
const WALL_LIMIT_MS = 900_000;
const SLICE_EVENTS = 50_000;
/** Looks at the disks before each measure, and the events between them. */
const LOOKS = 20;
const LOOK_EVENTS = 25_000;
const STRETCH_EVENTS = LOOKS * LOOK_EVENTS;
const REACH = 1.2;

interface Size {
  readonly events: number;
  readonly heap: number;
  readonly disk: number;
}

function makeRun() {
  const preset = findPreset('bench-p2');
  if (preset === null) throw new Error('there is no preset bench-p2');
  const actions = loadActions(preset).map((action) =>
    action.kind === 'workload' ? { ...action, spec: { ...action.spec, valueBytes: 0 } } : action,
  );
  const result = setupRun(known, makeTape(preset, { engine: ENGINE, actions }));
  if (!result.ok) throw new Error(result.error);
  return result.setup.spec;
}

function diskBytes(world: World<unknown, unknown>): number {
  let disk = 0;
  for (const { spec } of world.fabric.nodes) {
    for (const bytes of diskOf(world, spec.id).values()) disk += bytes.length;
  }
  return disk;
}

/**
 * Runs on and measures at the end. Disks are the mean over the stretch: they rise and fall by half within a few ten
 * thousand events, as log comes and goes, so that one look would be a draw.
 */
function runAndMeasure(world: World<unknown, unknown>, host: WorldHost<unknown, unknown>): Size {
  if (globalThis.gc === undefined) throw new Error('P5 needs node --expose-gc');
  let disk = 0;
  for (let i = 0; i < LOOKS; i++) {
    runWorld(world, host, { events: LOOK_EVENTS });
    disk += diskBytes(world) / LOOKS;
  }
  globalThis.gc();
  globalThis.gc();
  // Byte values live outside V8's own heap.
  const { heapUsed, external } = process.memoryUsage();
  return { events: world.events, heap: heapUsed + external, disk };
}

async function run(): Promise<Row[]> {
  const spec = makeRun();
  const world = makeWorld<unknown, unknown>(spec);
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  let isLoaded = false;
  const host = {
    program: programOf('cynosdb'),
    edge: await loadSqlEdge(),
    tape: tapes,
    onTrace: (events: readonly Parameters<typeof observe>[2][]): void => {
      for (const traced of events) {
        observe(known.monitors, monitors, traced);
        isLoaded ||= traced.event.kind === 'op.invoke';
      }
    },
  };
  const startedAt = performance.now();
  runWorld(world, host, { stop: () => isLoaded });
  const loadedAt = world.events;
  runWorld(world, host, { events: FIRST_EVENTS - STRETCH_EVENTS });
  const first = runAndMeasure(world, host);
  while (
    world.events < loadedAt + LAST_EVENTS - STRETCH_EVENTS &&
    performance.now() - startedAt < WALL_LIMIT_MS
  )
    runWorld(world, host, { events: SLICE_EVENTS });
  const last = runAndMeasure(world, host);
  if (monitors.violations.length > 0) throw new Error(`violated: ${monitors.violations[0]?.message}`);
  const million = (events: number): string => ((events - loadedAt) / 1e6).toFixed(1);
  const rowOf = (name: string, key: 'heap' | 'disk'): Row => ({
    id: 'P5',
    name: `${name} after ${million(last.events)} M events`,
    value: last[key],
    unit: 'B',
    reference: first[key],
    referenceName: `after ${million(first.events)} M events`,
    ratio: last[key] / first[key],
    spread: 0,
    reach: `≤ ${REACH} ×`,
    // A run that did not get far says nothing about growth.
    ...(last.events < 2 * first.events ? {} : { isReached: last[key] <= REACH * first[key] }),
    ...(last.events - loadedAt < LAST_EVENTS ? { note: `ended after ${WALL_LIMIT_MS / 1000} s` } : {}),
  });
  return [rowOf('heap', 'heap'), rowOf('disks', 'disk')];
}

export const bench: Bench = { id: 'P5', title: 'what a long run keeps', run };
