// Follows one run of a comparison: over its trace, what nodes send and what they write, from the stretch before the fault to the end. It decides
// nothing: report.ts makes figures of it. An event is named by its place in the run's one order, which a replay of the tape keeps.

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MessageFamily, MessageLabel } from '../../core/kernel/message-label.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { addToHistory, type History, makeHistory } from '../../sim/checks/history.ts';
import type { Monitors, Violation } from '../../sim/checks/monitor.ts';
import { makeMonitors, observe } from '../../sim/checks/monitors.ts';
import type { Known } from '../../sim/known.ts';
import type { StepNote } from '../../sim/step-notes.ts';
import type { TracedEvent } from '../../sim/types.ts';
import { type ClusterPart, holdsData, partOfNode } from './parts.ts';

/** A place in a run: virtual µs, and the number of the event. */
export interface Place {
  readonly at: number;
  readonly event: number;
}

export interface Acked extends Place {
  readonly volume: string;
  readonly scn: number;
  readonly term: number;
  readonly node: NodeId;
}

/** A step of a failover, from the decision to the opening. */
export interface Step extends Place {
  readonly kind: 'decided' | 'granted' | 'step' | 'opened';
  readonly volume: string;
  readonly node: NodeId;
  /** As the rules name it: R1 to R7, P1 to P6, redo. */
  readonly name: string;
}

export interface Retry extends Place {
  readonly client: string;
  readonly why: string;
}

/** A message after the fault that is none of clients and no heartbeat. */
interface Sent {
  readonly at: number;
  readonly from: NodeId;
  readonly to: NodeId;
  readonly group: string | null;
  readonly bytes: number;
}

interface Reader {
  isReady: boolean;
  /** Commits that it does not show yet. */
  waiting: Acked[];
}

/** How long after its acknowledgement a commit was visible at a reader; `event`: when it was, or of the acknowledgement while it is not. */
export interface Lag {
  readonly us: number;
  readonly event: number;
  readonly reader: NodeId;
}

export interface Following {
  /** With the nodes that were added. */
  cluster: ClusterSpec;
  /** Virtual µs. */
  readonly from: number;
  readonly faultAt: number;
  readonly stopAt: number;
  readonly added: NodeId | null;
  readonly monitors: Monitors;
  readonly history: History;
  /** Events so far. */
  events: number;
  readonly acks: Acked[];
  readonly writers: Map<string, Acked>;
  readonly leaders: Map<string, NodeId>;
  readonly downs: (Place & { readonly node: NodeId })[];
  readonly steps: Step[];
  readonly retries: Retry[];
  readonly readers: Map<NodeId, Reader>;
  readonly lags: Lag[];
  /** Before the fault, bytes by family of messages and by part of the cluster. */
  readonly sentBy: Map<MessageFamily, number>;
  readonly writtenBy: Map<ClusterPart, number>;
  /** From `from` to `stopAt`: images of pages that the writer stored, that storage nodes built from log. */
  storedPages: number;
  builtPages: number;
  /** LSNs logged before the fault, in all volumes. */
  records: number;
  readonly sentAfter: Sent[];
  /** Volumes that a split is making, or has given up: nobody's rows are there yet. */
  readonly unborn: Set<string>;
  /** Volume of each group, where groups are made while the cluster runs. */
  readonly volumeOf: Map<string, string>;
  /** LSNs that recoveries scanned, copied between replicas or deleted. */
  readonly worked: (Place & { readonly lsns: number; readonly group: string | null })[];
  /** A reader that was added: what it received until it served. */
  readonly copied: { bytes: number; pages: number };
  /** A storage node that was added: what of each base image is there. */
  readonly images: Map<string, { readonly bytes: number; readonly pages: number }>;
  /** The fault's own event. */
  fault: number | null;
  serves: Place | null;
}

export const makeFollowing = (
  known: Known,
  cluster: ClusterSpec,
  lal: number,
  window: Pick<Following, 'from' | 'faultAt' | 'stopAt' | 'added'>,
): Following => ({
  ...window,
  cluster,
  monitors: makeMonitors(known.monitors, cluster, lal),
  history: makeHistory(),
  events: 0,
  acks: [],
  writers: new Map(),
  leaders: new Map(),
  downs: [],
  steps: [],
  retries: [],
  readers: new Map(),
  lags: [],
  sentBy: new Map(),
  writtenBy: new Map(),
  storedPages: 0,
  builtPages: 0,
  records: 0,
  sentAfter: [],
  unborn: new Set(),
  volumeOf: new Map(),
  worked: [],
  copied: { bytes: 0, pages: 0 },
  images: new Map(),
  fault: null,
  serves: null,
});

export const violationsOf = ({ monitors }: Following): readonly Violation[] => monitors.violations;

export function followTrace(known: Known, f: Following, events: readonly TracedEvent[]): void {
  for (const traced of events) {
    observe(known.monitors, f.monitors, traced);
    addToHistory(f.history, traced);
    follow(f, traced, f.events++);
  }
}

function follow(f: Following, { event, at, node }: TracedEvent, index: number): void {
  const place = { at, event: index };
  switch (event.kind) {
    case 'world.action':
      if (at === f.faultAt && event.hadEffect && !event.isUndo) f.fault ??= index;
      return;
    case 'node.down':
      f.downs.push({ ...place, node });
      f.readers.delete(node);
      return;
    case 'commit.ack': {
      const { volume, scn, term } = event;
      onAcked(f, { ...place, volume, scn, term, node });
      return;
    }
    case 'mtr.append':
      if (at >= f.from && at < f.faultAt) f.records += event.end - event.first;
      return;
    case 'driver.retry':
      f.retries.push({ ...place, client: event.session.replace(/#\d+\//, '/'), why: event.why });
      return;
    case 'page.stored':
      if (at >= f.from && at < f.stopAt) f.storedPages++;
      return;
    case 'page.materialise':
      if (at >= f.from && at < f.stopAt) f.builtPages++;
      return;
    case 'chunk.leads':
      f.leaders.set(event.group, node);
      return;
    case 'group.made':
      f.volumeOf.set(event.group, event.volume);
      return;
    case 'merge.begin':
    case 'split.begin':
      f.unborn.add(event.child);
      return;
    case 'merge.cut':
    case 'split.cut':
      f.unborn.delete(event.child);
      return;
    case 'group.move.done':
      if (event.to === f.added && event.outcome === 'done') f.serves = place;
      return;
    case 'base.chunk':
      if (node !== f.added) return;
      f.images.set(`${event.group} ${event.base}`, event);
      return;
    default:
      followReaders(f, event, place, node);
      followRecovery(f, event, place, node);
  }
}

function onAcked(f: Following, acked: Acked): void {
  f.acks.push(acked);
  f.writers.set(acked.volume, acked);
  if (acked.at < f.faultAt || acked.at >= f.stopAt) return;
  for (const reader of f.readers.values()) if (reader.isReady) reader.waiting.push(acked);
}

function followReaders(f: Following, event: TraceEvent, place: Place, node: NodeId): void {
  switch (event.kind) {
    case 'ro.ready':
      f.readers.set(node, { isReady: true, waiting: f.readers.get(node)?.waiting ?? [] });
      if (node === f.added) f.serves ??= place;
      return;
    case 'ro.lost':
      f.readers.delete(node);
      return;
    case 'recovery.done':
      f.readers.delete(node); // it writes now
      return;
    case 'ro.applied': {
      const reader = f.readers.get(node);
      if (reader === undefined) return;
      const shown = reader.waiting.filter(({ scn }) => scn <= event.applyLsn);
      reader.waiting = reader.waiting.filter(({ scn }) => scn > event.applyLsn);
      for (const { at } of shown) f.lags.push({ us: place.at - at, event: place.event, reader: node });
      return;
    }
    default:
  }
}

function followRecovery(f: Following, event: TraceEvent, place: Place, node: NodeId): void {
  if (place.at < f.faultAt) return;
  const step = (kind: Step['kind'], volume: string, name: string): void => {
    f.steps.push({ ...place, kind, volume, node, name });
  };
  switch (event.kind) {
    case 'ha.candidate':
    case 'leader.lost':
      step('decided', event.volume, event.kind);
      return;
    case 'token.grant':
      step('granted', event.volume, `token ${event.token}`);
      return;
    case 'recovery.step':
      if (event.step !== 'token') step('step', event.volume, event.step);
      return;
    case 'promote.step':
      step('step', event.volume, event.step);
      return;
    case 'redo.done':
      step('step', event.volume, 'redo');
      f.worked.push({ ...place, lsns: event.lastLsn - event.redoLsn, group: null });
      return;
    case 'recovery.done':
      step('opened', event.volume, `token ${event.token}`);
      return;
    case 'recovery.history':
      f.worked.push({ ...place, lsns: event.removed.length, group: event.group });
      return;
    case 'wal.durable':
      if (event.source === 'peer') f.worked.push({ ...place, lsns: event.lsns.length, group: event.group });
      return;
    default:
  }
}

/** Families of messages of clients, and what says only that a node is there. */
const besideRecovery: ReadonlySet<MessageFamily> = new Set(['sqlRequest', 'sqlReply', 'heartbeat']);

/** What nodes sent and wrote. `labelOf`: of the cluster's node program. */
export function followNotes(
  f: Following,
  notes: readonly StepNote[],
  labelOf: (message: unknown) => MessageLabel,
): void {
  for (const { at, node, acts } of notes) {
    if (at < f.from || at >= f.stopAt) continue;
    for (const act of acts) {
      if (act.kind === 'write' && at < f.faultAt)
        add(f.writtenBy, partOfNode(f.cluster.nodes, node), act.bytes);
      if (act.kind !== 'send' || act.to === node) continue;
      const { family, group } = labelOf(act.message);
      if (at < f.faultAt) add(f.sentBy, family, act.bytes);
      else {
        if (!besideRecovery.has(family))
          f.sentAfter.push({ at, from: node, to: act.to, group, bytes: act.bytes });
        if (act.to === f.added && f.serves === null && !holdsData(partOfNode(f.cluster.nodes, act.to))) {
          f.copied.bytes += act.bytes;
          if (family === 'pageReply') f.copied.pages++;
        }
      }
    }
  }
}

function add<K>(counts: Map<K, number>, key: K, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

/** Volumes that a node writes, and chunks that it leads. */
export const leadsOf = (f: Following, node: NodeId): number =>
  [...f.writers.values()].filter((one) => one.node === node).length +
  [...f.leaders.values()].filter((one) => one === node).length;
