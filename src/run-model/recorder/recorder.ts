// The recorder of a run, for the screen: the list of events in the run's one order, commits and their latency, and the
// monitors' findings. Fed with trace events and window answers, plain data, bounded; the same live, in review and headless.

import type { NodeId, Time } from '../../base/ids.ts';
import { clonePlain } from '../../base/plain.ts';
import { REPLAYED } from '../../core/kernel/client-calls.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import type { Monitors } from '../../sim/checks/monitor.ts';
import { makeMonitors, observe } from '../../sim/checks/monitors.ts';
import { volumeOf } from '../../sim/checks/volumes.ts';
import type { Known } from '../../sim/known.ts';
import {
  type DiskFaults,
  type DiskUse,
  type NodeCommand,
  noDiskFaults,
  type TracedEvent,
} from '../../sim/types.ts';
import { followEvent, frameGauges, type GaugeValues, unreadGauges } from '../gauges/gauges.ts';
import {
  type Answer,
  type CallsOf,
  followAnswer,
  namedVolume,
  type OpenCall,
} from '../outages/outage-answers.ts';
import { makeOutages, type Outages } from '../outages/outage-state.ts';
import { followOutages } from '../outages/outages.ts';
import type { ListedEvent, MetricsFrame } from '../picture/frame.ts';
import { countEvent, type Density, makeDensity } from './density.ts';

/** Events that stay in the list; older ones are found again by re-simulation. */
export const LISTED_LIMIT = 20_000;
const LATENCY_SAMPLES = 200;
const RATE_WINDOW_US = 100_000;
/** Commits whose times are kept for the rate: many more than a cluster makes in its window. Without pictures nobody trims them. */
const MAX_COMMIT_TIMES = 20_000;
/** Calls that may be open at once; beyond it the oldest are forgotten. */
const MAX_CALLS = 10_000;

export interface NodeRecord {
  status: 'up' | 'down' | 'frozen';
  life: number;
  since: Time;
  view: NodeView | null;
  disk: DiskUse | null;
  diskFaults: DiskFaults;
  clockOffsetUs: number;
  slowCpuUs: number;
  clockDriftPpm: number;
  /** Virtual time from which the clock has drifted so. */
  clockDriftFrom: Time;
}

export interface Recorder {
  readonly nodes: Map<NodeId, NodeRecord>;
  /** Newest events; `listed[i].index = firstIndex + i`. */
  listed: ListedEvent[];
  firstIndex: number;
  /** Every event after this virtual time is in the list. */
  listedSince: Time;
  /** Events of the whole run by time and rank. */
  readonly density: Density;
  inputs: number;
  /** What was before this virtual time is not in here: the run was opened from its disks then. */
  readonly since: Time;
  commits: number;
  /** Times of commits inside the rate window. */
  commitTimes: number[];
  readonly calls: Map<string, OpenCall>;
  readonly callsOf: CallsOf;
  /** Latency of the newest client operations, µs, as a ring. */
  readonly latencies: number[];
  latencyNext: number;
  /** Gauges that follow from events, by id. */
  readonly gauges: GaugeValues;
  readonly outages: Outages;
  readonly monitors: Monitors;
}

/** `resumedAt`: the power cut after which the run goes on from its disks; null: it is followed from its beginning. */
export function makeRecorder(
  { presets, gauges, monitors }: Known,
  cluster: ClusterSpec,
  lal: number,
  resumedAt: Time | null = null,
): Recorder {
  const isResumed = resumedAt !== null;
  return {
    nodes: new Map(cluster.nodes.map((node) => [node.id, makeNodeRecord()])),
    listed: [],
    firstIndex: 0,
    listedSince: resumedAt ?? (0 as Time),
    density: makeDensity(),
    inputs: 0,
    since: resumedAt ?? (0 as Time),
    commits: 0,
    commitTimes: [],
    calls: new Map(),
    callsOf: { volume: cluster.volume, ...(cluster.placement && { placement: cluster.placement }) },
    latencies: [],
    latencyNext: 0,
    gauges: unreadGauges(gauges, presets.stackOf(cluster)),
    outages: makeOutages(isResumed),
    monitors: makeMonitors(monitors, cluster, lal, isResumed),
  };
}

const makeNodeRecord = (): NodeRecord => ({
  status: 'down',
  life: 0,
  since: 0 as Time,
  view: null,
  disk: null,
  diskFaults: noDiskFaults,
  clockOffsetUs: 0,
  slowCpuUs: 0,
  clockDriftPpm: 0,
  clockDriftFrom: 0 as Time,
});

/** Events that a keyframe brings along for the list; the others are found again by simulating. */
const PACKED_EVENTS = 256;

/**
 * What a keyframe keeps of a recorder: the newest events that mean something, and of the nodes' views those of nodes
 * that are down, which nobody can ask for theirs.
 */
export function packRecorder(recorder: Recorder, now: Time): Recorder {
  const total = listedTotal(recorder);
  const listed: ListedEvent[] = [];
  for (let i = recorder.listed.length - 1; i >= 0 && listed.length < PACKED_EVENTS; i--) {
    const event = recorder.listed[i];
    if (event !== undefined && event.rank >= 2) listed.unshift(event);
  }
  return {
    ...recorder,
    nodes: new Map(
      [...recorder.nodes].map(([id, record]) => [
        id,
        { ...record, disk: null, view: record.status === 'down' ? record.view : null },
      ]),
    ),
    listed,
    firstIndex: total - listed.length,
    listedSince: now,
    commitTimes: recorder.commitTimes.filter((at) => at >= now - RATE_WINDOW_US),
  };
}

/** The recorder with so many of its newest events. */
export function newestListed(recorder: Recorder, count: number): Recorder {
  const gone = recorder.listed.length - count;
  if (gone <= 0) return recorder;
  return {
    ...recorder,
    listed: recorder.listed.slice(gone),
    firstIndex: recorder.firstIndex + gone,
    listedSince: recorder.listed[gone - 1]?.at ?? recorder.listedSince,
  };
}

/** Events that another recorder of the same run remembers of the time before this one's first are its too. */
export function takeListed(
  recorder: Recorder,
  from: Pick<Recorder, 'since' | 'listed' | 'firstIndex' | 'listedSince'>,
): void {
  const known = listedTotal(recorder) - from.firstIndex;
  if (from.since !== recorder.since || from.firstIndex >= recorder.firstIndex || known > from.listed.length)
    return;
  recorder.listed = from.listed.slice(0, known);
  recorder.firstIndex = from.firstIndex;
  recorder.listedSince = from.listedSince;
}

/** A recorder of the same past that goes on by itself. Events are never changed, so both share them. */
export function cloneRecorder(recorder: Recorder): Recorder {
  const { listed, ...rest } = recorder;
  return { ...clonePlain(rest), listed: [...listed] };
}

/** Takes the events of one window, already in the run's order (time, node, ordinal). */
export function recordEvents(
  { monitors, tape, gauges, trace }: Known,
  recorder: Recorder,
  events: readonly TracedEvent[],
): void {
  for (const traced of events) {
    observe(monitors, recorder.monitors, traced);
    record(recorder, traced);
    followOutages(tape, recorder.outages, recorder.monitors, traced);
    followEvent(gauges, recorder.gauges, traced.event, traced.node);
    const rank = trace.traceRank(traced.event.kind);
    countEvent(recorder.density, traced.at, rank);
    const { at, node, ordinal, causeNode, causeOrdinal, event } = traced;
    const index = recorder.firstIndex + recorder.listed.length;
    recorder.listed.push({ at, node, ordinal, causeNode, causeOrdinal, event, index, rank });
  }
  if (recorder.listed.length > 2 * LISTED_LIMIT) {
    recorder.firstIndex += recorder.listed.length - LISTED_LIMIT;
    recorder.listedSince = recorder.listed.at(-LISTED_LIMIT - 1)?.at ?? recorder.listedSince;
    recorder.listed = recorder.listed.slice(-LISTED_LIMIT);
  }
}

/** Trace events so far. */
export const listedTotal = (recorder: Recorder): number => recorder.firstIndex + recorder.listed.length;

function record(recorder: Recorder, { event, at, node }: TracedEvent): void {
  switch (event.kind) {
    case 'node.open':
      onOpen(recorder, node, event.incarnation, at);
      return;
    case 'node.down':
      setStatus(recorder, node, 'down', at);
      return;
    case 'commit.ack':
      recorder.commits++;
      recorder.commitTimes.push(at);
      if (recorder.commitTimes.length > 2 * MAX_COMMIT_TIMES)
        recorder.commitTimes = recorder.commitTimes.slice(-MAX_COMMIT_TIMES);
      return;
    case 'op.invoke':
      call(recorder, `${event.client}#${event.op}`, at, event.client);
      return;
    case 'op.return':
      answer(recorder, `${event.client}#${event.op}`, {
        outcome: event.outcome,
        isReplayed: event.value === REPLAYED,
        at,
      });
      return;
    case 'sql.start':
      call(recorder, event.request, at, event.session);
      return;
    case 'driver.route':
      routed(recorder, event.session, volumeOf(recorder.monitors, event, node).id);
      return;
    case 'sql.end':
      answer(recorder, event.request, { outcome: event.outcome, isReplayed: false, at });
      return;
    default:
  }
}

function setStatus(recorder: Recorder, node: NodeId, status: NodeRecord['status'], at: Time): void {
  const record = recorder.nodes.get(node);
  if (record === undefined || record.status === status) return;
  record.status = status;
  record.since = at;
}

/** A node that was added while the cluster ran has none before its first life. */
export function recordOf({ nodes }: Recorder, node: NodeId): NodeRecord {
  const record = nodes.get(node) ?? makeNodeRecord();
  nodes.set(node, record);
  return record;
}

function onOpen(recorder: Recorder, node: NodeId, life: number, at: Time): void {
  const record = recordOf(recorder, node);
  Object.assign(record, makeNodeRecord(), { status: 'up', life, since: at, view: record.view });
}

function call(recorder: Recorder, id: string, at: Time, client: string): void {
  recorder.calls.set(id, { at, client, volume: namedVolume(client, recorder.callsOf) });
  if (recorder.calls.size > MAX_CALLS) {
    const [oldest] = recorder.calls.keys();
    if (oldest !== undefined) recorder.calls.delete(oldest);
  }
}

/** A session has its calls carried out one after another: the oldest one was sent. */
function routed({ calls }: Recorder, session: string, volume: string): void {
  for (const opened of calls.values()) {
    if (opened.client !== session) continue;
    opened.volume = volume;
    return;
  }
}

function answer(recorder: Recorder, id: string, given: Answer): void {
  const opened = recorder.calls.get(id);
  recorder.calls.delete(id);
  if (opened === undefined) return;
  followAnswer(recorder.outages, opened, given);
  if (given.outcome !== 'ok') return;
  recorder.latencies[recorder.latencyNext] = given.at - opened.at;
  recorder.latencyNext = (recorder.latencyNext + 1) % LATENCY_SAMPLES;
}

/** Takes what tape actions do to a node beyond what its trace says. */
export function recordCommand(recorder: Recorder, node: NodeId, command: NodeCommand, at: Time): void {
  const record = recorder.nodes.get(node);
  if (record === undefined) return;
  switch (command.kind) {
    case 'freeze':
      setStatus(recorder, node, 'frozen', at);
      return;
    case 'resume':
      setStatus(recorder, node, 'up', at);
      return;
    case 'diskFaults':
      record.diskFaults = { ...record.diskFaults, ...command.faults };
      return;
    case 'clock':
      record.clockOffsetUs = command.offsetUs;
      return;
    case 'clockDrift':
      record.clockDriftPpm = command.ppm;
      record.clockDriftFrom = at;
      return;
    case 'slowCpu':
      record.slowCpuUs = command.usPerInput;
      return;
    default:
  }
}

/** `volume`: of which a figure is that a volume has. */
export function metricsOf(
  { gauges }: Pick<Known, 'gauges'>,
  recorder: Recorder,
  now: Time,
  sentBytes: ReadonlyMap<string, number>,
  volume: string = recorder.monitors.volumes[0].id,
): MetricsFrame {
  const from = now - RATE_WINDOW_US;
  let stale = 0;
  while (stale < recorder.commitTimes.length && (recorder.commitTimes[stale] as number) < from) stale++;
  if (stale > 0) recorder.commitTimes = recorder.commitTimes.slice(stale);
  const sorted = [...recorder.latencies].sort((a, b) => a - b);
  const at = (percent: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? -1;
  const span = Math.min(now - recorder.since, RATE_WINDOW_US);
  const records = [...recorder.nodes.values()];
  return {
    since: recorder.since,
    commits: recorder.commits,
    commitsPerSecond: span > 0 ? Math.round((recorder.commitTimes.length * 1_000_000) / span) : 0,
    latencyP50Us: at(50),
    latencyP95Us: at(95),
    latencyP99Us: at(99),
    storedBytes: records.reduce((sum, { disk }) => sum + (disk?.bytes ?? 0), 0),
    sentBytes: Object.fromEntries(sentBytes),
    ...frameGauges(
      gauges,
      recorder.monitors.stack,
      recorder.gauges,
      records.map(({ view }) => view),
      volume,
      recorder.since > 0,
    ),
  };
}
