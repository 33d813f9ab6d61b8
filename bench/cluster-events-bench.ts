// P2: events a second of the whole cluster on one core: codecs, checksums, hashes and monitors on. An event is one
// `step` input. References of the same run: monitors off, and messages passed as objects instead of bytes. Processor time,
// collector and compiler included, stands beside wall time: it says as much on a machine that is busy.

import { performance } from 'node:perf_hooks';
import { clonePlain } from '../src/base/plain.ts';
import type { NodeProgram } from '../src/core/kernel/door.ts';
import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import type { Monitors } from '../src/sim/checks/monitor.ts';
import { makeMonitors, observe } from '../src/sim/checks/monitors.ts';
import type { Edge, RunSpec } from '../src/sim/fabric-state.ts';
import { programOf } from '../src/sim/programs.ts';
import { freshTape, setupRun } from '../src/sim/run-setup.ts';
import type { TracedEvent } from '../src/sim/types.ts';
import { cloneWorld, makeWorld, runWorld, type World } from '../src/sim/world.ts';
import { alternate, type Bench, type Row, type Sample, summarise } from './harness.ts';

const EVENTS = 100_000;
const ROUNDS = 5;
const REACH = 300_000;

type Program = NodeProgram<unknown, unknown>;

/** What a stretch of the run did, per wall second, per processor second and per virtual second. */
interface Pace {
  readonly eventsPerSecond: number;
  readonly eventsPerCpuSecond: number;
  readonly commitsPerSecond: number;
  readonly recordsPerSecond: number;
  readonly virtualPerSecond: number;
  readonly eventsPerVirtualSecond: number;
}

interface Contender {
  readonly paces: Pace[];
  run(): number;
}

function makeSpec(): RunSpec {
  const tape = freshTape('bench-p2', null);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(tape);
  if (!made.ok) throw new Error(made.error);
  return made.setup.spec;
}

/**
 * The same program, its messages passed by reference: the bytes on the wire are a tag of eight bytes. Sizes no longer
 * cost time on a link, so that this run takes its own course.
 */
function withoutCodecs(program: Program): Program {
  const messages = new WeakMap<Uint8Array, { readonly message: unknown; readonly traceId: number }>();
  return {
    ...program,
    encodeMessage: (message, traceId) => {
      const tag = new Uint8Array(8);
      messages.set(tag, { message, traceId });
      return tag;
    },
    decodeMessage: (bytes) => messages.get(bytes) ?? program.decodeMessage(bytes),
  };
}

type AnyWorld = World<unknown, unknown>;

interface Loaded {
  readonly world: AnyWorld;
  readonly monitors: Monitors;
}

/** Runs until the tables are loaded and the first client asks. */
function load(spec: RunSpec, edge: Edge): Loaded {
  const world: AnyWorld = makeWorld(spec);
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  let isLoaded = false;
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(monitors, traced);
      isLoaded ||= traced.event.kind === 'op.invoke';
    }
  };
  runWorld(world, { program: programOf('cynosdb'), edge, onTrace }, { stop: () => isLoaded });
  return { world, monitors };
}

/** A clone of the loaded world, that runs on stretch by stretch. */
function makeContender(loaded: Loaded, program: Program, edge: Edge, hasMonitors: boolean): Contender {
  const world = cloneWorld(loaded.world, program);
  const monitors = clonePlain(loaded.monitors);
  const seen = { commits: 0, records: 0 };
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      const { event } = traced;
      if (hasMonitors) observe(monitors, traced);
      if (event.kind === 'commit.ack') seen.commits += 1;
      else if (event.kind === 'mtr.append') seen.records += event.last - event.first + 1;
    }
  };
  const host = { program, edge, onTrace };
  const paces: Pace[] = [];
  const run = (): number => {
    const before = { ...seen, events: world.events, now: world.fabric.now };
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    runWorld(world, host, { events: EVENTS });
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

async function run(): Promise<Row[]> {
  const spec = makeSpec();
  const edge = await loadSqlEdge();
  const loaded = load(spec, edge);
  const whole = makeContender(loaded, programOf('cynosdb'), edge, true);
  const unwatched = makeContender(loaded, programOf('cynosdb'), edge, false);
  const objects = makeContender(loaded, withoutCodecs(programOf('cynosdb')), edge, true);
  const samples = await alternate(
    { whole: whole.run, unwatched: unwatched.run, objects: objects.run },
    { rounds: ROUNDS },
  );
  const of = (key: keyof Pace): Sample => summarise(whole.paces.slice(-ROUNDS).map((pace) => pace[key]));
  const beside = (name: string, key: keyof Pace, unit: string): Row => {
    const { median, spread } = of(key);
    return { id: 'P2', name, value: median, unit, spread };
  };
  const against = (referenceName: string, { median }: Sample): Row => ({
    id: 'P2',
    name: 'step inputs, 9 nodes, all on',
    value: samples.whole.median,
    unit: 'events/s',
    reference: median,
    referenceName,
    ratio: samples.whole.median / median,
    spread: samples.whole.spread,
    reach: `≥ ${REACH / 1000} k/s`,
    isReached: samples.whole.median >= REACH,
  });
  return [
    against('monitors off', samples.unwatched),
    against('messages as objects', samples.objects),
    beside('step inputs, processor time', 'eventsPerCpuSecond', 'events/s'),
    beside('commits', 'commitsPerSecond', '/s'),
    beside('log records', 'recordsPerSecond', '/s'),
    beside('virtual time', 'virtualPerSecond', 's/s'),
    beside('events per virtual second', 'eventsPerVirtualSecond', '/s'),
  ];
}

export const bench: Bench = { id: 'P2', title: 'headless events of the cluster', run };
