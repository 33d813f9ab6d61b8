// A run measured in virtual time, for the shapes: the same seed gives the same figures on every machine. A preset's
// cluster and load with something changed, run to an instant, then watched over a stretch.

import type { Time } from '../src/base/ids.ts';
import type { ClusterSpec } from '../src/core/kernel/cluster-spec.ts';
import type { Message, MessageOf } from '../src/core/kernel/messages.ts';
import { loadSqlEdge } from '../src/edge/sql-edge.ts';
import type { Preset } from '../src/presets/preset.ts';
import type { Monitors } from '../src/sim/checks/monitor.ts';
import { makeMonitors, observe } from '../src/sim/checks/monitors.ts';
import { ENGINE } from '../src/sim/engine.ts';
import type { Edge, RunSpec } from '../src/sim/fabric-state.ts';
import { setupRun } from '../src/sim/run-setup.ts';
import type { AnyProgram } from '../src/sim/runner-state.ts';
import type { TapeAction } from '../src/sim/tape-actions.ts';
import { makeTape } from '../src/sim/tape-run.ts';
import type { TracedEvent } from '../src/sim/types.ts';
import { injectAction, makeWorld, runWorld, type World } from '../src/sim/world.ts';
import { known } from '../src/stacks/known.ts';
import { programOf } from '../src/stacks/programs.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { quantile } from './harness.ts';

export type Batch = MessageOf<'WriteBatch'>;
type Program = AnyProgram;
type ClusterWorld = World<unknown, unknown>;

interface Changes {
  /** Parameters that differ from the preset's. */
  readonly params?: readonly (readonly [name: string, value: number])[];
  /** Values that no tape may set: a mechanism switched off. */
  readonly off?: Partial<RunSpec['params']>;
  readonly cluster?: (cluster: ClusterSpec) => ClusterSpec;
}

export interface VirtualRun {
  readonly world: ClusterWorld;
  readonly spec: RunSpec;
  readonly commits: number;
  readonly now: number;
  /** From commit record to acknowledgement, µs, of the commits since `watch`. */
  latencies(): readonly number[];
  watch(): void;
  act(action: TapeAction): void;
  /** Runs on by so much virtual time. */
  forUs(us: number): void;
  /** Runs until an event is traced for which `isIt` holds; virtual µs that it took, or null when `limitUs` went by. */
  untilEvent(isIt: (traced: TracedEvent) => boolean, limitUs: number): number | null;
}

export interface Listeners {
  readonly onTrace?: (traced: TracedEvent) => void;
  /** Called for every batch of log records that a replica receives, with the bytes of its frame. */
  readonly onBatch?: (batch: Batch, frameBytes: number) => void;
  /** Called for every part of the journal that a reader receives, likewise. */
  readonly onJournal?: (journal: MessageOf<'Journal'>, frameBytes: number) => void;
  /** The same of readers of shared storage, which are sent metadata of WAL (LI-3). */
  readonly onWalMeta?: (meta: MessageOf<'WalMeta'>, frameBytes: number) => void;
}

/** The run stands where its tables are loaded and the first client asks. */
export async function makeVirtualRun(
  preset: Preset,
  changes: Changes = {},
  listeners: Listeners = {},
): Promise<VirtualRun> {
  const made = setupRun(known, makeTape(preset, { engine: ENGINE, changes: changes.params ?? [] }));
  if (!made.ok) throw new Error(made.error);
  const { spec: plain, program } = made.setup;
  const cluster = changes.cluster?.(plain.cluster) ?? plain.cluster;
  const spec = { ...plain, cluster, params: { ...plain.params, ...changes.off } };
  const run = watchedRun(spec, programOf(program), await loadSqlEdge(), listeners);
  run.untilEvent(({ event }) => event.kind === 'op.invoke', Number.MAX_SAFE_INTEGER);
  return run;
}

/** The node program of the cluster, heard: every stack's messages have a `kind`. */
function hearing(program: Program, { onBatch, onJournal, onWalMeta }: Listeners): Program {
  if (onBatch === undefined && onJournal === undefined && onWalMeta === undefined) return program;
  return {
    ...program,
    decodeMessage: (bytes) => {
      const decoded = program.decodeMessage(bytes);
      if ('error' in decoded) return decoded;
      const message = decoded.message as Message;
      if (message.kind === 'WriteBatch') onBatch?.(message, bytes.length);
      else if (message.kind === 'Journal') onJournal?.(message, bytes.length);
      else if (message.kind === 'WalMeta') onWalMeta?.(message, bytes.length);
      return decoded;
    },
  };
}

function watchedRun(spec: RunSpec, program: Program, edge: Edge, listeners: Listeners): VirtualRun {
  const { onTrace } = listeners;
  const world: ClusterWorld = makeWorld(spec);
  const monitors: Monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const appendedAt = new Map<number, number>();
  let latencies: number[] = [];
  let commits = 0;
  let wanted: ((traced: TracedEvent) => boolean) | null = null;
  let foundAt: number | null = null;
  const take = (traced: TracedEvent): void => {
    observe(known.monitors, monitors, traced);
    onTrace?.(traced);
    const { event, at } = traced;
    if (foundAt === null && wanted?.(traced) === true) foundAt = at;
    if (event.kind === 'mtr.append' && event.commit) appendedAt.set(event.end - 1, at);
    if (event.kind !== 'commit.ack') return;
    commits++;
    const since = appendedAt.get(event.scn);
    if (since !== undefined) latencies.push(at - since);
    appendedAt.delete(event.scn);
  };
  const host = {
    program: hearing(program, listeners),
    edge,
    tape: tapes,
    onTrace: (events: readonly TracedEvent[]) => events.forEach(take),
  };
  const check = (): void => {
    const [violation] = monitors.violations;
    if (violation !== undefined) throw new Error(`violated: ${violation.message}`);
  };
  return {
    world,
    spec,
    get commits() {
      return commits;
    },
    get now() {
      return world.fabric.now;
    },
    latencies: () => latencies,
    watch() {
      latencies = [];
      commits = 0;
    },
    act(action) {
      injectAction(world, action);
    },
    forUs(us) {
      runWorld(world, host, { until: (world.fabric.now + us) as Time });
      check();
    },
    untilEvent(isIt, limitUs) {
      const from = world.fabric.now;
      wanted = isIt;
      foundAt = null;
      const until = Math.min(from + limitUs, Number.MAX_SAFE_INTEGER) as Time;
      runWorld(world, host, { until, stop: () => foundAt !== null });
      wanted = null;
      check();
      return foundAt === null ? null : foundAt - from;
    },
  };
}

export const percentile = (values: readonly number[], q: number): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    q,
  );
