// The engine of the monitors: makes the states of a stack's modules for each scope, and hands each trace event to the
// handlers of its kind, found in a table that is made once. Events come in the run's order, live and headless alike;
// monitors see nothing but the trace. The first violation of each rule is kept; how often each was tested is counted.

import { type NodeId, nodeId, type Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';
import type { Presets } from '../presets.ts';
import type { Stack } from '../stack.ts';
import type { StackChecks } from '../stack-checks.ts';
import type { TraceCodec } from '../trace-codec.ts';
import type { TracedEvent } from '../types.ts';
import { expectArchived } from './archive.ts';
import { members } from './members.ts';
import {
  type Check,
  clusterStates,
  type Group,
  groupOf,
  type MonitorModule,
  type Monitors,
  makeVolume,
  type RuleSlug,
  type Volume,
  type VolumeModule,
} from './monitor.ts';
import { makeDirectory, nodeKinds, volumeOf } from './volumes.ts';

type Subject = Monitors | Volume | Group;
type Run = (c: Check, subject: Subject, event: TraceEvent, volume: Volume) => void;

interface GroupedRun {
  readonly isOfGroup: boolean;
  readonly run: Run;
}

/** The handlers of one kind of event, in the order of their modules. */
interface Runs {
  readonly ofCluster: readonly Run[];
  readonly ofVolume: readonly GroupedRun[];
  /** It is about a node, and with it about every volume and group. */
  readonly isOfNode: boolean;
  readonly hasGroup: boolean;
}

interface Table {
  readonly modules: readonly MonitorModule[];
  readonly before: readonly NonNullable<VolumeModule['before']>[];
  readonly byKind: ReadonlyMap<TraceKind, Runs>;
  /** One for all events, so that none is made for each; set anew by each. */
  check: Check | null;
}

function runsOf(modules: readonly MonitorModule[], kind: TraceKind): Runs {
  const found = modules.flatMap((module) => {
    const run = module.observe[kind];
    return run === undefined ? [] : [{ scope: module.scope, run: run as Run }];
  });
  const ofVolume = found
    .filter(({ scope }) => scope !== 'cluster')
    .map(({ scope, run }) => ({ isOfGroup: scope === 'group', run }));
  return {
    ofCluster: found.flatMap(({ scope, run }) => (scope === 'cluster' ? [run] : [])),
    ofVolume,
    isOfNode: nodeKinds.has(kind),
    hasGroup: ofVolume.some(({ isOfGroup }) => isOfGroup),
  };
}

const makeTable = (modules: readonly MonitorModule[], kinds: readonly TraceKind[]): Table => ({
  modules,
  before: modules.flatMap((module) => (module.scope === 'volume' && module.before ? [module.before] : [])),
  byKind: new Map(kinds.map((kind) => [kind, runsOf(modules, kind)])),
  check: null,
});

/** The monitors of every stack, by its id, with their handlers in tables. */
export interface MonitorTables {
  readonly checksOf: (stack: string) => StackChecks;
  readonly tableOf: (stack: string) => Table;
  readonly stackOf: Presets['stackOf'];
}

export function makeMonitorTables(
  stacks: readonly Pick<Stack, 'id'>[],
  checks: readonly StackChecks[],
  { traceKinds }: TraceCodec,
  { stackOf }: Presets,
): MonitorTables {
  const checksOf = (stack: string): StackChecks =>
    checks.find(({ id }) => id === stack) ?? { id: stack, monitors: [], rules: {} };
  const tables: ReadonlyMap<string, Table> = new Map(
    stacks.map(({ id }) => [id, makeTable(checksOf(id).monitors, traceKinds)]),
  );
  const tableOf = (stack: string): Table => {
    const table = tables.get(stack);
    if (table === undefined) throw new Error(`no stack ${stack}`);
    return table;
  };
  return { checksOf, tableOf, stackOf };
}

/** `isResumed`: the run began before what the monitors see (a lab reopened from its disks). */
export function makeMonitors(
  { checksOf, stackOf }: MonitorTables,
  cluster: ClusterSpec,
  lal: number,
  isResumed = false,
): Monitors {
  const { id, monitors: modules, rules } = checksOf(stackOf(cluster));
  const exercised = Object.fromEntries(Object.keys(rules).map((slug) => [slug, 0])) as Record<
    RuleSlug,
    number
  >;
  const facts = { volume: cluster.volume, cluster, lal, isResumed, origin: null };
  return {
    ...clusterStates(modules, { ...cluster, isResumed }),
    stack: id,
    violations: [],
    exercised,
    volumes: [makeVolume(modules, facts)],
    directory: makeDirectory(),
    catchingUp: null,
  };
}

function checkOf(monitors: Monitors, table: Table, at: Time, node: NodeId, ordinal: number): Check {
  const { modules } = table;
  table.check ??= { monitors, modules, at, node, ordinal, volume: null };
  const c = table.check;
  if (c.monitors !== monitors) c.monitors = monitors;
  c.at = at;
  c.node = node;
  c.ordinal = ordinal;
  c.volume = null;
  return c;
}

const checkAtEnd = ({ tableOf }: MonitorTables, m: Monitors, at: Time): Check =>
  checkOf(m, tableOf(m.stack), at, nodeId(''), -1);

/** Feeds one event. Events come in the order (time, node, ordinal). */
export function observe(tables: MonitorTables, m: Monitors, { event, node, at, ordinal }: TracedEvent): void {
  const table = tables.tableOf(m.stack);
  const runs = table.byKind.get(event.kind);
  if (runs === undefined) return;
  const c = checkOf(m, table, at, node, ordinal);
  const { ofCluster, isOfNode } = runs;
  for (let i = 0; i < ofCluster.length; i++) ofCluster[i]?.(c, m, event, m.volumes[0]);
  if (isOfNode) for (const volume of m.volumes) observeVolume(c, table, runs, volume, event);
  else observeVolume(c, table, runs, volumeOf(m, event, node), event);
}

type GroupEvent = Extract<TraceEvent, { readonly group: string }>;
/** The event where it names a group that is not a node's own. */
function groupEvent(event: TraceEvent, runs: Runs): GroupEvent | null;
function groupEvent(event: TraceEvent, { hasGroup, isOfNode }: Runs): TraceEvent | null {
  return hasGroup && !isOfNode ? event : null;
}

function observeVolume(c: Check, table: Table, runs: Runs, volume: Volume, event: TraceEvent): void {
  if (volume.isGone) return;
  c.volume = volume.id;
  const { before } = table;
  for (let i = 0; i < before.length; i++) before[i]?.(c, volume);
  const { ofVolume } = runs;
  if (ofVolume.length === 0) return;
  const named = groupEvent(event, runs);
  const group = named === null ? null : groupOf(c, volume, named.group);
  for (let i = 0; i < ofVolume.length; i++) {
    const { isOfGroup, run } = ofVolume[i] as GroupedRun;
    if (!isOfGroup) run(c, volume, event, volume);
    else if (group !== null) run(c, group, event, volume);
    else for (const each of volume.groups.values()) run(c, each, event, volume);
  }
}

/**
 * At the end of a run, after healing and a calm. A restored volume may have been left to itself long before, so only those
 * that the cluster had from the start are asked.
 */
export function finishMonitors(tables: MonitorTables, m: Monitors, at: Time): void {
  const c = checkAtEnd(tables, m, at);
  m.catchingUp = null;
  finish(c, m);
}

/** As `finishMonitors`, for a run that goes on: what is catching up is judged by `finishCatchingUp`. */
export function finishUnlessCatchingUp(tables: MonitorTables, m: Monitors, at: Time): void {
  m.catchingUp = { groups: new Set(), archives: new Map() };
  finish(checkAtEnd(tables, m, at), m);
}

/** Later in the same run: what was left out. */
export function finishCatchingUp(tables: MonitorTables, m: Monitors, at: Time): void {
  const late = m.catchingUp;
  if (late === null) return;
  const c = checkAtEnd(tables, m, at);
  m.catchingUp = null;
  for (const volume of m.volumes) {
    c.volume = volume.id;
    for (const group of volume.groups.values())
      if (late.groups.has(`${volume.id}/${group.id}`)) members.finish?.(c, group, volume);
    expectArchived(c, volume, late.archives);
  }
}

function finish(c: Check, m: Monitors): void {
  for (const module of c.modules) {
    c.volume = null;
    if (module.scope === 'cluster') module.finish?.(c, m);
    for (const volume of m.volumes.filter(({ origin, isGone }) => origin === null && !isGone)) {
      c.volume = volume.id;
      if (module.scope === 'volume') module.finish?.(c, volume);
      if (module.scope === 'group')
        for (const group of volume.groups.values()) module.finish?.(c, group, volume);
    }
  }
}
