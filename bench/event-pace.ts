// A stretch of a headless run at full speed: what it did a second, wall time and processor time. Shared by P2 and P7.

import { performance } from 'node:perf_hooks';
import { clonePlain } from '../src/base/plain.ts';
import type { Monitors } from '../src/sim/checks/monitor.ts';
import { makeMonitors, observe } from '../src/sim/checks/monitors.ts';
import type { Edge, RunSpec } from '../src/sim/fabric-state.ts';
import type { AnyProgram } from '../src/sim/runner-state.ts';
import type { TracedEvent } from '../src/sim/types.ts';
import { cloneWorld, makeWorld, runWorld, type World } from '../src/sim/world.ts';
import { known } from '../src/stacks/known.ts';
import { programOf } from '../src/stacks/programs.ts';
import { tapes } from '../src/stacks/tapes.ts';

export type Program = AnyProgram;

/** What a stretch of the run did, per wall second, per processor second and per virtual second. */
export interface Pace {
  readonly eventsPerSecond: number;
  readonly eventsPerCpuSecond: number;
  readonly commitsPerSecond: number;
  readonly recordsPerSecond: number;
  readonly virtualPerSecond: number;
  readonly eventsPerVirtualSecond: number;
}

export interface Contender {
  readonly paces: Pace[];
  run(): number;
}

type AnyWorld = World<unknown, unknown>;

export interface Loaded {
  readonly world: AnyWorld;
  readonly monitors: Monitors;
}

/** Runs until the tables are loaded and the first client asks. */
export function load(spec: RunSpec, edge: Edge): Loaded {
  const world: AnyWorld = makeWorld(spec);
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  let isLoaded = false;
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      isLoaded ||= traced.event.kind === 'op.invoke';
    }
  };
  runWorld(world, { program: programOf('cynosdb'), edge, tape: tapes, onTrace }, { stop: () => isLoaded });
  return { world, monitors };
}

/** A clone of the loaded world, that runs on stretch by stretch. */
export function makeContender(
  loaded: Loaded,
  program: Program,
  edge: Edge,
  hasMonitors: boolean,
  stretch: number,
): Contender {
  const world = cloneWorld(loaded.world, program);
  const monitors = clonePlain(loaded.monitors);
  const seen = { commits: 0, records: 0 };
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      const { event } = traced;
      if (hasMonitors) observe(known.monitors, monitors, traced);
      if (event.kind === 'commit.ack') seen.commits += 1;
      else if (event.kind === 'mtr.append') seen.records += event.end - event.first;
    }
  };
  const host = { program, edge, tape: tapes, onTrace };
  const paces: Pace[] = [];
  const run = (): number => {
    const before = { ...seen, events: world.events, now: world.fabric.now };
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    runWorld(world, host, { events: stretch });
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const events = world.events - before.events;
    const virtual = (world.fabric.now - before.now) / 1e6;
    if (monitors.violations.length > 0) throw new Error(`violated: ${monitors.violations[0]?.message}`);
    paces.push({
      eventsPerSecond: events / seconds,
      eventsPerCpuSecond: (events * 1e6) / (user + system),
      commitsPerSecond: (seen.commits - before.commits) / seconds,
      recordsPerSecond: (seen.records - before.records) / seconds,
      virtualPerSecond: virtual / seconds,
      eventsPerVirtualSecond: events / virtual,
    });
    return events / seconds;
  };
  return { paces, run };
}
