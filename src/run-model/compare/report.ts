// Figures of one run of a comparison (docs/compare.md says what each means), made of what was followed. Pure and plain: they come to the page, and
// to the command line, as they are.

import type { NodeId } from '../../base/ids.ts';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { HistoryOperation } from '../../sim/checks/history.ts';
import { classicReplica } from '../../sim/classic-switch.ts';
import type { Comparison } from './compared.ts';
import type { Acked, Following, Lag, Place, Step } from './follow.ts';
import { violationsOf } from './follow.ts';
import type { Lost } from './lost.ts';
import type { ColumnMeaning } from './meaning.ts';
import { type ClusterPart, copiesOf, partOfNode } from './parts.ts';

/** A figure, and the event that it stands on; null: on none, or there is no figure. */
export interface Figure {
  readonly value: number | null;
  readonly event: number | null;
}

/** A stretch of an outage, virtual µs. */
export interface Phase extends Place {
  readonly name: 'detect' | 'appoint' | 'recover' | 'serve';
  readonly until: number;
  readonly node: NodeId;
  /** Steps within it, as the rules name them. */
  readonly steps: readonly { readonly name: string; readonly at: number; readonly event: number }[];
}

/** A volume whose writer went down: until the first commit that was acknowledged afterwards (FENCE-56). */
export interface VolumeOutage {
  readonly volume: string;
  readonly writer: NodeId;
  /** Who opened it again; null: nobody until the end. */
  readonly next: NodeId | null;
  readonly from: Place;
  readonly opened: Place | null;
  /** Null: none until the end, perhaps because nobody wrote there. */
  readonly commit: Place | null;
  readonly phases: readonly Phase[];
}

export interface Latencies {
  readonly count: number;
  readonly p50: Figure;
  readonly p95: Figure;
}

/** `isAbsent`: the run is the load alone. */
export interface ComparedReport extends ColumnMeaning {
  readonly choice: Comparison;
  readonly column: string;
  readonly architecture: string;
  readonly tape: string;
  readonly hash: string;
  /** Virtual µs. */
  readonly from: number;
  readonly faultAt: number;
  readonly stopAt: number;
  readonly fault: Figure;
  /** Commits acknowledged from `from` to `stopAt`, by slices of `sliceUs`. */
  readonly sliceUs: number;
  readonly slices: readonly number[];
  readonly outages: readonly VolumeOutage[];
  /** Of the outage that lasts longest, µs. */
  readonly rto: Figure;
  /** Longest time from the fault on in which no commit was acknowledged, µs. */
  readonly pause: Figure;
  readonly lost: Figure;
  readonly unknown: Figure;
  /** Answered with an error, from the fault on. */
  readonly failed: Figure;
  readonly violations: readonly string[];
  readonly before: Latencies;
  readonly during: Latencies;
  readonly after: Latencies;
  readonly commitsBefore: number;
  /** Bytes sent before the fault, by family; bytes written to disks, by part. */
  readonly sent: Readonly<Partial<Record<MessageFamily, number>>>;
  readonly written: Readonly<Partial<Record<ClusterPart, number>>>;
  readonly storedPages: number;
  readonly builtPages: number;
  /** Null: it has no readers. */
  readonly staleness: { readonly readers: number; readonly median: Figure; readonly max: Figure } | null;
  /** Bytes on disks at the end, by part. */
  readonly stored: Readonly<Partial<Record<ClusterPart, number>>>;
  readonly copies: number;
  /** Most bytes on the disk of a reader. */
  readonly readerDisk: number | null;
  readonly copied: {
    readonly node: NodeId;
    readonly bytes: number;
    readonly pages: number;
    readonly serves: Place | null;
  } | null;
  readonly recovery: { readonly lsns: Figure; readonly bytes: number } | null;
  /** What the longest wait waited on: a phase of the longest outage, or why the driver sent the slowest write again. */
  readonly longest: (Figure & { readonly on: string }) | null;
  /** FENCE-54, calculated for a traditional replica of the same volume. */
  readonly classic: {
    readonly volumeBytes: number;
    readonly recordsPerMs: number;
    readonly startMs: number;
    readonly storageBytes: number;
    readonly replicas: number;
  };
}

export interface RunEnd extends ColumnMeaning {
  readonly choice: Comparison;
  readonly column: string;
  readonly architecture: string;
  readonly tape: string;
  readonly hash: string;
  readonly lost: Lost;
  /** Bytes on each node's disk. */
  readonly disks: ReadonlyMap<NodeId, number>;
}

/** As CUT_SHORT_US and CALM_US below of a comparison that is not stretched. */
const SLICE_US = 5_000;
const none: Figure = { value: null, event: null };

export function reportOf(f: Following, end: RunEnd): ComparedReport {
  const { disks, lost, ...said } = end;
  const { stretch } = end.choice;
  const sliceUs = SLICE_US * stretch;
  const outages = outagesOf(f);
  const longest = longestOutage({ outages, stopAt: f.stopAt });
  const writes = f.history.operations.filter(({ operation }) => writing.has(operation));
  const back = Math.max(f.faultAt, ...outages.map((one) => backAt(one)?.at ?? f.stopAt), f.serves?.at ?? 0);
  // Where no writer was lost, what came in the first slices is held against the rest.
  const until =
    outages.length > 0 || f.serves !== null ? back : Math.min(f.stopAt, f.faultAt + CALM_US * stretch);
  const pause = pauseOf(f);
  const stored = byPart(f, disks);
  return {
    ...said,
    from: f.from,
    faultAt: f.faultAt,
    stopAt: f.stopAt,
    fault: { value: f.faultAt, event: f.fault },
    sliceUs,
    slices: slicesOf(f, sliceUs),
    outages,
    rto: longest === null ? none : rtoOf(longest),
    pause,
    lost: { value: lost.count, event: lost.first },
    unknown: unknownOf(writes, f.stopAt - CUT_SHORT_US * stretch),
    failed: failedOf(writes, f.faultAt),
    violations: violationsOf(f).map(({ rule, message }) => `${rule}: ${message}`),
    before: latencies(
      writes.filter((one) => one.calledAt >= f.from && isOver(one) && one.returnedAt < f.faultAt),
    ),
    during: end.isAbsent
      ? latencies([])
      : latencies(
          writes.filter((one) => isOver(one) && one.returnedAt >= f.faultAt && one.calledAt <= until),
        ),
    after: latencies(writes.filter((one) => isOver(one) && one.calledAt > until && one.calledAt < f.stopAt)),
    commitsBefore: f.acks.filter(({ at }) => at >= f.from && at < f.faultAt).length,
    sent: Object.fromEntries(f.sentBy),
    written: Object.fromEntries(f.writtenBy),
    storedPages: f.storedPages,
    builtPages: f.builtPages,
    staleness: stalenessOf(f),
    stored,
    copies: copiesOf(f.cluster),
    readerDisk: readerDiskOf(f, disks),
    copied: copiedOf(f),
    recovery: recoveryOf(f, outages),
    longest: longest === null ? slowestOf(f, writes) : phaseOf(longest),
    classic: classicOf(f, stored),
  };
}

/** A load that is stopped leaves calls that it has just made. */
const CUT_SHORT_US = 20_000;
/** Of a fault without an outage: its first stretch. */
const CALM_US = 150_000;
const writing: ReadonlySet<string> = new Set(['transfer', 'insert', 'write']);
const isOver = ({ outcome }: HistoryOperation): boolean => outcome === 'ok';

/** Of an answered call: the place of its answer in the run (the history counts from 1). */
const answerOf = ({ returned }: HistoryOperation): number => returned - 1;

function latencies(operations: readonly HistoryOperation[]): Latencies {
  const sorted = [...operations].sort((a, b) => a.returnedAt - a.calledAt - (b.returnedAt - b.calledAt));
  const at = (percent: number): Figure => {
    const one = nearestRank(sorted, percent);
    return one === null ? none : { value: one.returnedAt - one.calledAt, event: answerOf(one) };
  };
  return { count: sorted.length, p50: at(50), p95: at(95) };
}

function unknownOf(writes: readonly HistoryOperation[], until: number): Figure {
  const open = writes.filter(
    ({ outcome, calledAt }) => outcome === 'unknown' || (outcome === 'open' && calledAt < until),
  );
  return { value: open.length, event: open[0] === undefined ? null : open[0].called - 1 };
}

function failedOf(writes: readonly HistoryOperation[], since: number): Figure {
  const failed = writes.filter(({ outcome, returnedAt }) => outcome === 'error' && returnedAt >= since);
  return { value: failed.length, event: failed[0] === undefined ? null : answerOf(failed[0]) };
}

function slicesOf({ acks, from, stopAt }: Following, sliceUs: number): readonly number[] {
  const counts = Array.from({ length: Math.ceil((stopAt - from) / sliceUs) }, () => 0);
  for (const { at } of acks) {
    const slice = Math.floor((at - from) / sliceUs);
    if (slice >= 0 && slice < counts.length) counts[slice] = (counts[slice] ?? 0) + 1;
  }
  return counts;
}

function pauseOf({ acks, faultAt, stopAt }: Following): Figure {
  let longest: Figure = none;
  let since = faultAt;
  const look = (at: number, event: number | null): void => {
    if (longest.value === null || at - since > longest.value) longest = { value: at - since, event };
    since = at;
  };
  for (const { at, event } of acks) if (at >= faultAt && at < stopAt) look(at, event);
  look(stopAt, null);
  return longest;
}

/** The first commit; of a volume that nobody writes any more its opening. */
const backAt = ({ commit, opened }: VolumeOutage): Place | null => commit ?? opened;

const lengthOf = (outage: VolumeOutage, stopAt: number): number =>
  (backAt(outage)?.at ?? stopAt) - outage.from.at;

function rtoOf(outage: VolumeOutage): Figure {
  const back = backAt(outage);
  return back === null ? none : { value: back.at - outage.from.at, event: back.event };
}

function outagesOf(f: Following): readonly VolumeOutage[] {
  const last = new Map<string, Acked>();
  for (const acked of f.acks)
    if (acked.at < f.faultAt && !f.unborn.has(acked.volume)) last.set(acked.volume, acked);
  return [...last].flatMap(([volume, { node, term }]): VolumeOutage[] => {
    const from = f.downs.find((down) => down.node === node && down.at >= f.faultAt && down.at < f.stopAt);
    if (from === undefined) return [];
    const next = f.acks.find((one) => one.volume === volume && one.at > from.at && one.term > term);
    const commit = next === undefined ? null : { at: next.at, event: next.event };
    const own = f.steps.filter((step) => step.volume === volume && step.at <= (commit?.at ?? f.stopAt));
    const opened = own.findLast(({ kind }) => kind === 'opened') ?? null;
    const place = { at: from.at, event: from.event };
    return [
      {
        volume,
        writer: node,
        next: next?.node ?? opened?.node ?? null,
        from: place,
        opened: opened && { at: opened.at, event: opened.event },
        commit,
        phases: phasesOf(place, commit, own, f),
      },
    ];
  });
}

/** The last attempt is the one that opened the volume: those that died before it belong to what came before its token. */
function phasesOf(
  from: Place,
  commit: Place | null,
  steps: readonly Step[],
  { stopAt }: Following,
): readonly Phase[] {
  const opened = steps.findLast(({ kind }) => kind === 'opened');
  const granted = steps.findLast((one) => one.kind === 'granted' && one.at <= (opened?.at ?? stopAt));
  const decided = steps.find((one) => one.kind === 'decided' && one.at <= (granted?.at ?? stopAt));
  const cuts: [Phase['name'], Place & { readonly node?: NodeId }][] = [['detect', from]];
  if (decided !== undefined) cuts.push(['appoint', decided]);
  if (granted !== undefined) cuts.push(['recover', granted]);
  if (opened !== undefined && commit !== null) cuts.push(['serve', opened]);
  const end = commit?.at ?? opened?.at ?? stopAt;
  return cuts.map(([name, { at, event, node }], i) => {
    const until = cuts[i + 1]?.[1].at ?? end;
    const within = steps.filter((one) => one.kind === 'step' && one.at >= at && one.at < until);
    return {
      name,
      at,
      event,
      until,
      node: node ?? ('' as NodeId),
      steps: within.map((one) => ({ name: one.name, at: one.at, event: one.event })),
    };
  });
}

/** The outage that lasted longest; null: no writer was lost. */
export const longestOutage = ({
  outages,
  stopAt,
}: Pick<ComparedReport, 'outages' | 'stopAt'>): VolumeOutage | null =>
  outages.reduce<VolumeOutage | null>(
    (most, one) => (most === null || lengthOf(one, stopAt) > lengthOf(most, stopAt) ? one : most),
    null,
  );

function phaseOf({ phases }: VolumeOutage): ComparedReport['longest'] {
  const [most] = [...phases].sort((a, b) => b.until - b.at - (a.until - a.at));
  return most === undefined ? null : { value: most.until - most.at, event: most.event, on: most.name };
}

/** Why the driver had to send it again says what it waited on; a write that was sent once waited for its quorum. */
function slowestOf(f: Following, writes: readonly HistoryOperation[]): ComparedReport['longest'] {
  const after = writes.filter((one) => isOver(one) && one.returnedAt >= f.faultAt && one.calledAt < f.stopAt);
  const [slowest] = after.sort((a, b) => b.returnedAt - b.calledAt - (a.returnedAt - a.calledAt));
  if (slowest === undefined) return null;
  const retry = f.retries.find(
    ({ at, client }) =>
      at >= slowest.calledAt && at <= slowest.returnedAt && slowest.client.endsWith(`/${client}`),
  );
  return {
    value: slowest.returnedAt - slowest.calledAt,
    event: retry?.event ?? answerOf(slowest),
    on: retry?.why ?? 'write',
  };
}

function stalenessOf(f: Following): ComparedReport['staleness'] {
  const readers = new Set<NodeId>([...f.readers.keys(), ...f.lags.map(({ reader }) => reader)]);
  if (readers.size === 0) return null;
  const open = [...f.readers].flatMap(([reader, { waiting }]): Lag[] =>
    waiting.map(({ at, event }) => ({ us: f.stopAt - at, event, reader })),
  );
  const sorted = [...f.lags, ...open].sort((a, b) => a.us - b.us);
  const figure = (percent: number): Figure => {
    const lag = nearestRank(sorted, percent);
    return lag === null ? none : { value: lag.us, event: lag.event };
  };
  return { readers: readers.size, median: figure(50), max: figure(100) };
}

function byPart(f: Following, disks: ReadonlyMap<NodeId, number>): Partial<Record<ClusterPart, number>> {
  const sums: Partial<Record<ClusterPart, number>> = {};
  for (const [node, bytes] of disks) {
    const part = partOfNode(f.cluster.nodes, node);
    sums[part] = (sums[part] ?? 0) + bytes;
  }
  return sums;
}

/** The least of a sorted list that is at or above so many percent of it; null: the list is empty. */
const nearestRank = <T>(sorted: readonly T[], percent: number): T | null =>
  sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? null;

function copiedOf({ added, copied, images, serves }: Following): ComparedReport['copied'] {
  if (added === null) return null;
  const parts = [copied, ...images.values()];
  const sum = (of: 'bytes' | 'pages'): number => parts.reduce((total, part) => total + part[of], 0);
  return { node: added, bytes: sum('bytes'), pages: sum('pages'), serves };
}

function readerDiskOf(f: Following, disks: ReadonlyMap<NodeId, number>): number | null {
  const bytes = [...f.readers.keys()].map((reader) => disks.get(reader) ?? 0);
  return bytes.length === 0 ? null : Math.max(...bytes);
}

/** From the grant to the opening of each volume: LSNs that were scanned, copied or deleted; bytes from and to who recovers it. */
function recoveryOf(f: Following, outages: readonly VolumeOutage[]): ComparedReport['recovery'] {
  let lsns = 0;
  let event: number | null = null;
  let bytes = 0;
  for (const { volume, phases } of outages) {
    const recover = phases.find(({ name }) => name === 'recover');
    if (recover === undefined) continue;
    const isIn = (at: number): boolean => at >= recover.at && at <= recover.until;
    const isOwn = (group: string | null): boolean => {
      const of = group === null ? undefined : f.volumeOf.get(group);
      return of === undefined || of === volume;
    };
    for (const one of f.worked)
      if (isIn(one.at) && isOwn(one.group)) {
        lsns += one.lsns;
        event ??= one.event;
      }
    event ??= recover.event;
    for (const { at, from, to, group, bytes: more } of f.sentAfter)
      if (isIn(at) && isOwn(group) && (from === recover.node || to === recover.node)) bytes += more;
  }
  return outages.length === 0 ? null : { lsns: { value: lsns, event }, bytes };
}

/** FENCE-54: a replica of the old kind copies the volume; it is taken to be what storage holds, divided by its copies. */
function classicOf(f: Following, stored: ComparedReport['stored']): ComparedReport['classic'] {
  const volumeBytes = Math.round(((stored.storage ?? 0) + (stored.whole ?? 0)) / copiesOf(f.cluster));
  const recordsPerMs = (f.records * 1000) / (f.faultAt - f.from);
  const replicas = Math.max(1, f.readers.size);
  return { volumeBytes, recordsPerMs, replicas, ...classicReplica({ volumeBytes, recordsPerMs, replicas }) };
}
