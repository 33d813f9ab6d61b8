// The ways of statements through a cluster, from the events of a stretch of time: a client asks, the writer changes pages in memory,
// disks have its records, enough disks have them, the writer learns of it, the client is answered (WAL-15, WAL-19, WAL-20, WAL-63,
// FS-70; PCS-94 for who asked). Pure. Each step has the place of its event in the run.

import type { MembershipView } from '../../core/kernel/membership.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { ListedEvent } from '../picture/frame.ts';

/** An event: when, where, and its place in the run's order. */
export interface Mark {
  readonly at: number;
  readonly node: string;
  readonly index: number;
}

/** A request of a client, with its answer. */
export interface Ask {
  readonly mark: Mark;
  /** Of a load's client its operation; of a session its request's id. */
  readonly session: string;
  readonly operation: { readonly kind: string; readonly key: string; readonly value: string } | null;
  readonly op: number | null;
  readonly request: string | null;
  retried: { readonly mark: Mark; readonly why: string } | null;
  routed: { readonly mark: Mark; readonly to: string } | null;
  /** The node that read for it. */
  read: { readonly mark: Mark; readonly from: string; readonly readPoint: number } | null;
  /** It waits for a lock; `on`: the transaction that has it, 0: not known. */
  waited: { readonly mark: Mark; readonly on: number } | null;
  answered: { readonly mark: Mark; readonly outcome: string; readonly value: string } | null;
}

/** A transaction that changes something, from its first event that is in the stretch on. */
export interface Change {
  readonly tx: number;
  readonly volume: string;
  readonly writer: string;
  readonly begun: Mark;
  changed: Mark | null;
  /** Its records, `[first, end)` over all of them; records of others may lie between. */
  first: number;
  end: number;
  readonly lsns: Map<string, number[]>;
  /** LSN of its commit record; null: it is not written yet. */
  scn: number | null;
  /** Nodes that have on disk all of its records of the groups that they keep; of a file those that its leader had heard of. */
  readonly onDisk: Mark[];
  /** When enough disks had them in every group, whether or not the writer knew. */
  quorum: Mark | null;
  heard: Mark | null;
  acked: Mark | null;
  aborted: { readonly mark: Mark; readonly sqlstate: string } | null;
  /** Stores that built pages from its records, readers that show it. */
  readonly built: Mark[];
  readonly shown: Mark[];
}

export interface Way {
  /** The same while the stretch moves on: the index of its first event. */
  readonly id: number;
  readonly asks: readonly Ask[];
  readonly change: Change | null;
}

/** Of a group or a chunk: each of its sets needs `vw` of its nodes (two sets while a change of members is open, WAL-63). */
export type WayGroup = Pick<MembershipView, 'sets' | 'vw'>;

/** Where the records of a volume go: to groups of stores by their ids, or to the chunks that its log's file lies in. */
export interface WayVolume {
  readonly name: string;
  readonly isFile: boolean;
  readonly groups: ReadonlyMap<string, WayGroup>;
}

/** Enough nodes of every set have it. */
export const isEnough = ({ sets, vw }: WayGroup, has: (node: string) => boolean): boolean =>
  sets.length > 0 && sets.every((set) => set.filter(has).length >= vw);

interface Building {
  readonly id: number;
  readonly asks: Ask[];
  change: Change | null;
}

interface Asked {
  readonly ask: Ask;
  readonly way: Building;
}

interface Tracked {
  readonly change: Change;
  readonly way: Building;
  /** Records that a node still lacks, by node and group. */
  readonly lacks: Map<string, Map<string, Set<number>>>;
}

/** Entries of a chunk's log that its server has made durable, `[first, last]`. */
interface ChunkWrite {
  readonly mark: Mark;
  readonly group: string;
  readonly first: number;
  readonly last: number;
}

interface Fold {
  readonly volumes: ReadonlyMap<string, WayVolume>;
  readonly ways: Building[];
  /** By the input of the driver that sent it, and the newest of each session. */
  readonly askAt: Map<string, Asked>;
  readonly askOf: Map<string, Asked>;
  readonly changes: Map<string, Tracked>;
  /** The change that the input of a writer is about. */
  readonly byInput: Map<string, Tracked>;
  readonly chunkWrites: ChunkWrite[];
  /** The entry that a chunk's leader acknowledged, by its input. */
  readonly chunkAcked: Map<string, { readonly group: string; readonly index: number }>;
}

const markOf = ({ at, node, index }: ListedEvent): Mark => ({ at, node, index });
const inputOf = ({ node, ordinal }: ListedEvent): string => `${node}/${ordinal}`;
const causeOf = ({ causeNode, causeOrdinal }: ListedEvent): string => `${causeNode}/${causeOrdinal}`;
const keyOf = (volume: string, { node }: ListedEvent, tx: number): string => `${volume}/${node}/${tx}`;

function onAsked(
  fold: Fold,
  listed: ListedEvent,
  asked: Pick<Ask, 'session' | 'operation' | 'op' | 'request'>,
): void {
  const mark = markOf(listed);
  const ask: Ask = { mark, ...asked, retried: null, routed: null, read: null, waited: null, answered: null };
  const way: Building = { id: listed.index, asks: [ask], change: null };
  fold.ways.push(way);
  fold.askAt.set(inputOf(listed), { ask, way });
  fold.askOf.set(ask.session, { ask, way });
}

/** The session's request that waits for its answer. */
const openAsk = (fold: Fold, session: string): Asked | null => {
  const found = fold.askOf.get(session);
  return found === undefined || found.ask.answered !== null ? null : found;
};

/** It is sent once more: what this input leads to is done for it, too. */
function onSent(fold: Fold, listed: ListedEvent, session: string): Ask | null {
  const found = openAsk(fold, session);
  if (found !== null) fold.askAt.set(inputOf(listed), found);
  return found?.ask ?? null;
}

/** The change of a transaction; made at its first event, of the request that led to it. */
function changeOf(fold: Fold, listed: ListedEvent, volume: string, tx: number): Tracked {
  const key = keyOf(volume, listed, tx);
  const cause = fold.askAt.get(causeOf(listed));
  const known = fold.changes.get(key);
  if (known !== undefined) {
    // A further request of an open transaction: it is on the same way.
    if (cause !== undefined && !known.way.asks.includes(cause.ask)) {
      known.way.asks.push(cause.ask);
      fold.ways.splice(fold.ways.indexOf(cause.way), 1);
      fold.askAt.set(causeOf(listed), { ask: cause.ask, way: known.way });
    }
    return known;
  }
  const way: Building = cause?.way ?? { id: listed.index, asks: [], change: null };
  if (cause === undefined) fold.ways.push(way);
  const change: Change = {
    tx,
    volume,
    writer: listed.node,
    begun: markOf(listed),
    changed: null,
    first: -1,
    end: -1,
    lsns: new Map(),
    scn: null,
    onDisk: [],
    quorum: null,
    heard: null,
    acked: null,
    aborted: null,
    built: [],
    shown: [],
  };
  way.change = change;
  const made: Tracked = { change, way, lacks: new Map() };
  fold.changes.set(key, made);
  return made;
}

/** A page that is split on the way is nobody's transaction: it belongs to the input that needed it. */
const appendedTo = (
  fold: Fold,
  listed: ListedEvent,
  { tx, volume }: TraceOf<'mtr.append'>,
): Tracked | undefined => (tx === 0 ? fold.byInput.get(inputOf(listed)) : changeOf(fold, listed, volume, tx));

function onAppend(fold: Fold, listed: ListedEvent, event: TraceOf<'mtr.append'>): void {
  const found = appendedTo(fold, listed, event);
  if (found === undefined) return;
  fold.byInput.set(inputOf(listed), found);
  const { change, lacks } = found;
  change.changed ??= markOf(listed);
  if (change.first < 0) change.first = event.first;
  change.end = Math.max(change.end, event.end);
  if (event.commit) change.scn = event.end - 1;
  event.groups.split(',').forEach((group, i) => {
    const lsn = event.first + i;
    change.lsns.set(group, [...(change.lsns.get(group) ?? []), lsn]);
    for (const node of new Set(fold.volumes.get(change.volume)?.groups.get(group)?.sets.flat())) {
      const ofNode = lacks.get(node) ?? new Map<string, Set<number>>();
      ofNode.set(group, (ofNode.get(group) ?? new Set()).add(lsn));
      lacks.set(node, ofNode);
    }
  });
  // More is to come to disks that had all there was.
  change.onDisk.length = 0;
}

function onDurable(fold: Fold, listed: ListedEvent, event: TraceOf<'wal.durable'>): void {
  for (const { change, lacks } of fold.changes.values()) {
    const ofNode = lacks.get(listed.node);
    const left = ofNode?.get(event.group);
    if (ofNode === undefined || left === undefined || left.size === 0) continue;
    for (const lsn of event.lsns) left.delete(lsn);
    if (left.size > 0) continue;
    if ([...ofNode.values()].every((of) => of.size === 0)) change.onDisk.push(markOf(listed));
    if (change.scn === null || change.quorum !== null) continue;
    const groups = fold.volumes.get(change.volume)?.groups;
    const isSafe = [...change.lsns.keys()].every((id) => {
      const group = groups?.get(id);
      return group !== undefined && isEnough(group, (node) => lacks.get(node)?.get(id)?.size === 0);
    });
    if (isSafe) change.quorum = markOf(listed);
  }
}

/**
 * A write of the log's file is acknowledged by the leader of its chunk, which it is once a majority has it (FS-70). Where the stretch
 * does not hold that many of their events, the line is at the acknowledgement.
 */
function onSynced(fold: Fold, listed: ListedEvent, event: TraceOf<'wal.synced'>): void {
  const acked = fold.chunkAcked.get(causeOf(listed));
  const written = fold.chunkWrites.filter(
    ({ group, first, last }) => group === acked?.group && first <= acked.index && acked.index <= last,
  );
  for (const { change } of fold.changes.values()) {
    if (change.volume !== event.volume || change.scn === null || change.quorum !== null) continue;
    if (change.end - 1 > event.last || change.end <= event.first) continue;
    const chunk = fold.volumes.get(change.volume)?.groups.get(acked?.group ?? '');
    for (const { mark } of written) {
      if (change.onDisk.some(({ node }) => node === mark.node)) continue;
      change.onDisk.push(mark);
      const has = (node: string): boolean => change.onDisk.some((one) => one.node === node);
      if (chunk !== undefined && isEnough(chunk, has)) change.quorum ??= mark;
    }
    change.quorum ??= markOf(listed);
    change.heard = markOf(listed);
  }
}

/** The node is one more of these. */
function addOnce(marks: Mark[], mark: Mark): void {
  if (!marks.some(({ node }) => node === mark.node)) marks.push(mark);
}

/** The changes of a volume whose commit record lies at or below an LSN. */
const upTo = (fold: Fold, volume: string, lsn: number): readonly Change[] =>
  [...fold.changes.values()].flatMap(({ change }) =>
    change.volume === volume && change.scn !== null && change.scn <= lsn ? [change] : [],
  );

/** A row, a table or an advisory lock: the request that led to the input waits for it. */
function onWait(fold: Fold, listed: ListedEvent, { volume, tx, on }: TraceOf<'tx.wait'>): void {
  const asked =
    fold.askAt.get(causeOf(listed))?.ask ?? fold.changes.get(keyOf(volume, listed, tx))?.way.asks.at(-1);
  if (asked !== undefined) asked.waited = { mark: markOf(listed), on };
}

function onEvent(fold: Fold, listed: ListedEvent): void {
  const { event } = listed;
  const mark = markOf(listed);
  switch (event.kind) {
    case 'op.invoke': {
      const { client: session, op, operation: kind, key, value } = event;
      onAsked(fold, listed, { session, operation: { kind, key, value }, op, request: null });
      return;
    }
    case 'sql.start': {
      const { session, request } = event;
      onAsked(fold, listed, { session, operation: null, op: null, request });
      return;
    }
    case 'driver.route': {
      const ask = onSent(fold, listed, event.session);
      if (ask !== null) ask.routed = { mark, to: event.to };
      return;
    }
    case 'driver.retry': {
      const ask = onSent(fold, listed, event.session);
      if (ask !== null) ask.retried = { mark, why: event.why };
      return;
    }
    case 'session.read': {
      const found = openAsk(fold, event.session);
      // -1: it read nothing.
      if (found !== null && event.readPoint >= 0)
        found.ask.read = { mark, from: event.from, readPoint: event.readPoint };
      return;
    }
    case 'op.return': {
      const found = openAsk(fold, event.client);
      if (found?.ask.op === event.op)
        found.ask.answered = { mark, outcome: event.outcome, value: event.value };
      return;
    }
    case 'sql.end': {
      const found = openAsk(fold, event.session);
      if (found?.ask.request === event.request)
        found.ask.answered = { mark, outcome: event.outcome, value: '' };
      return;
    }
    case 'tx.begin':
      fold.byInput.set(inputOf(listed), changeOf(fold, listed, event.volume, event.tx));
      return;
    case 'tx.wait':
      onWait(fold, listed, event);
      return;
    case 'mtr.append':
      onAppend(fold, listed, event);
      return;
    case 'wal.durable':
      onDurable(fold, listed, event);
      return;
    case 'chunk.durable':
      fold.chunkWrites.push({ mark, group: event.group, first: event.first, last: event.last });
      return;
    case 'chunk.acked':
      fold.chunkAcked.set(inputOf(listed), { group: event.group, index: event.index });
      return;
    case 'wal.synced':
      onSynced(fold, listed, event);
      return;
    case 'mark.vdl':
      // The writer says so of what a quorum has (WAL-19), also where its members have changed since.
      for (const change of upTo(fold, event.volume, event.value)) {
        change.quorum ??= mark;
        change.heard ??= mark;
      }
      return;
    case 'commit.ack': {
      const found = fold.changes.get(keyOf(event.volume, listed, event.tx));
      if (found !== undefined) found.change.acked = mark;
      return;
    }
    case 'tx.abort': {
      const found = fold.changes.get(keyOf(event.volume, listed, event.tx));
      if (found !== undefined) found.change.aborted = { mark, sqlstate: event.sqlstate };
      return;
    }
    case 'page.materialise':
      for (const { change } of fold.changes.values())
        if (change.lsns.get(event.group)?.includes(event.pageLsn) === true) addOnce(change.built, mark);
      return;
    case 'ro.applied':
      for (const change of upTo(fold, event.volume, event.applyLsn)) addOnce(change.shown, mark);
      return;
    default:
  }
}

/** What the ways are made of; a constant of the module, for it is a question. */
export const wayKinds = [
  'op.invoke',
  'op.return',
  'sql.start',
  'sql.end',
  'driver.route',
  'driver.retry',
  'session.read',
  'tx.begin',
  'tx.wait',
  'tx.abort',
  'mtr.append',
  'wal.durable',
  'mark.vdl',
  'commit.ack',
  'chunk.durable',
  'chunk.acked',
  'wal.synced',
  'page.materialise',
  'ro.applied',
] as const;

/** Every way that begins in the stretch, in the order in which they begin. */
export function waysOf(events: readonly ListedEvent[], volumes: readonly WayVolume[]): readonly Way[] {
  const fold: Fold = {
    volumes: new Map(volumes.map((volume) => [volume.name, volume])),
    ways: [],
    askAt: new Map(),
    askOf: new Map(),
    changes: new Map(),
    byInput: new Map(),
    chunkWrites: [],
    chunkAcked: new Map(),
  };
  for (const listed of events) onEvent(fold, listed);
  return fold.ways;
}

/** The newest that has written its commit record; else the newest. */
export const newestWay = (ways: readonly Way[]): Way | undefined =>
  ways.findLast(({ change }) => change !== null && change.scn !== null) ?? ways.at(-1);

/** The way that has an event, by its place in the run. */
export const wayOfEvent = (ways: readonly Way[], index: number): Way | undefined =>
  ways.find((way) => marksOf(way).some((mark) => mark.index === index));

/** The way that wrote a record: each volume has LSNs of its own. */
export const wayOfRecord = (ways: readonly Way[], volume: string, lsn: number): Way | undefined =>
  ways.find(
    ({ change }) => change?.volume === volume && [...change.lsns.values()].some((lsns) => lsns.includes(lsn)),
  );

const marksOf = ({ asks, change }: Way): readonly Mark[] =>
  [
    ...asks.flatMap(({ mark, retried, routed, read, waited, answered }) => [
      mark,
      ...[retried, routed, read, waited, answered].map((one) => one?.mark),
    ]),
    ...(change === null
      ? []
      : [
          change.begun,
          change.changed,
          ...change.onDisk,
          change.quorum,
          change.heard,
          change.acked,
          change.aborted?.mark,
          ...change.built,
          ...change.shown,
        ]),
  ].filter((mark) => mark !== null && mark !== undefined);
