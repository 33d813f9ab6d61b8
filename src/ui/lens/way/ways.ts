// The ways of statements through a cluster, from the events of a stretch of time: asked, changed in memory, on disk at whom, safe,
// heard of, answered (WAL-15, WAL-19, WAL-20, FS-43; PCS-94 for who asked). Pure. What an event stands for is never guessed: each
// step has the place of its event in the run.

import type { GroupSpec } from '../../../core/kernel/cluster-spec.ts';
import type { TraceOf } from '../../../core/kernel/trace.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';

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
  /** Who read for it. */
  read: { readonly mark: Mark; readonly from: string; readonly readPoint: number } | null;
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
  /** Who has all of its records of the groups that he keeps on disk. */
  readonly onDisk: Mark[];
  /** Enough of them in every group, whoever has heard of it. */
  quorum: Mark | null;
  heard: Mark | null;
  acked: Mark | null;
  waited: { readonly mark: Mark; readonly on: number } | null;
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

/** Where the records of a volume go. */
export interface WayVolume {
  readonly name: string;
  readonly groups: readonly GroupSpec[];
}

interface Building {
  readonly id: number;
  readonly asks: Ask[];
  change: Change | null;
}

/** Records that each replica of a change still lacks, by `node group`. */
type Lacks = Map<string, Set<number>>;

interface Fold {
  readonly volumes: ReadonlyMap<string, WayVolume>;
  readonly ways: Building[];
  /** Asks by the input of the driver that made them, and the newest of each session. */
  readonly askAt: Map<string, { readonly ask: Ask; readonly way: Building }>;
  readonly askOf: Map<string, { readonly ask: Ask; readonly way: Building }>;
  readonly changes: Map<string, { readonly change: Change; readonly way: Building; readonly lacks: Lacks }>;
  /** The change that the input of a writer is about. */
  readonly byInput: Map<string, string>;
  /** Entries of the log that chunk servers have made durable, and the acknowledgement of an input. */
  readonly chunkDurable: {
    readonly mark: Mark;
    readonly group: string;
    readonly first: number;
    readonly last: number;
  }[];
  readonly chunkAcked: Map<string, { readonly group: string; readonly index: number }>;
}

const markOf = ({ at, node, index }: ListedEvent): Mark => ({ at, node, index });

function onAsked(fold: Fold, listed: ListedEvent, ask: Ask): void {
  const way: Building = { id: listed.index, asks: [ask], change: null };
  fold.ways.push(way);
  fold.askAt.set(`${listed.node}/${listed.ordinal}`, { ask, way });
  fold.askOf.set(ask.session, { ask, way });
}

/** The session's request that waits for its answer. An input that sends it once more leads to what follows, as the first did. */
function openAsk(fold: Fold, listed: ListedEvent, session: string, isSent: boolean): Ask | null {
  const found = fold.askOf.get(session);
  if (found === undefined || found.ask.answered !== null) return null;
  if (isSent) fold.askAt.set(`${listed.node}/${listed.ordinal}`, found);
  return found.ask;
}

const newAsk = (listed: ListedEvent, session: string): Omit<Ask, 'operation' | 'op' | 'request'> => ({
  mark: markOf(listed),
  session,
  retried: null,
  routed: null,
  read: null,
  answered: null,
});

/** The change of a transaction; made at its first event, of the request that led to it. */
function changeOf(fold: Fold, listed: ListedEvent, volume: string, tx: number) {
  const key = `${volume}/${listed.node}/${tx}`;
  const known = fold.changes.get(key);
  const cause = fold.askAt.get(`${listed.causeNode}/${listed.causeOrdinal}`);
  if (known !== undefined) {
    if (cause !== undefined && !known.way.asks.includes(cause.ask)) {
      known.way.asks.push(cause.ask);
      fold.ways.splice(fold.ways.indexOf(cause.way), 1);
      fold.askAt.set(`${listed.causeNode}/${listed.causeOrdinal}`, { ask: cause.ask, way: known.way });
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
    waited: null,
    aborted: null,
    built: [],
    shown: [],
  };
  way.change = change;
  const made = { change, way, lacks: new Map() };
  fold.changes.set(key, made);
  return made;
}

function onAppend(fold: Fold, listed: ListedEvent, event: TraceOf<'mtr.append'>): void {
  const input = `${listed.node}/${listed.ordinal}`;
  // A page that is split on the way is nobody's transaction: it belongs to the input that needed it.
  const key = event.tx === 0 ? fold.byInput.get(input) : `${event.volume}/${listed.node}/${event.tx}`;
  const found =
    event.tx === 0
      ? key === undefined
        ? undefined
        : fold.changes.get(key)
      : changeOf(fold, listed, event.volume, event.tx);
  if (found === undefined) return;
  if (event.tx !== 0) fold.byInput.set(input, `${event.volume}/${listed.node}/${event.tx}`);
  const { change, lacks } = found;
  change.changed ??= markOf(listed);
  if (change.first < 0) change.first = event.first;
  change.end = Math.max(change.end, event.end);
  if (event.commit) change.scn = event.end - 1;
  event.groups.split(',').forEach((group, i) => {
    const lsn = event.first + i;
    change.lsns.set(group, [...(change.lsns.get(group) ?? []), lsn]);
    for (const replica of groupOf(fold, change, group)?.replicas ?? []) {
      const at = `${replica} ${group}`;
      lacks.set(at, (lacks.get(at) ?? new Set()).add(lsn));
    }
  });
  // More is to come to disks that had all there was.
  change.onDisk.length = 0;
}

const groupOf = (fold: Fold, change: Change, group: string): GroupSpec | undefined =>
  fold.volumes.get(change.volume)?.groups.find(({ id }) => id === group);

const hasAll = (lacks: Lacks, node: string): boolean =>
  [...lacks].every(([at, left]) => !at.startsWith(`${node} `) || left.size === 0);

function onDurable(fold: Fold, listed: ListedEvent, event: TraceOf<'wal.durable'>): void {
  for (const { change, lacks } of fold.changes.values()) {
    const left = lacks.get(`${listed.node} ${event.group}`);
    if (left === undefined || left.size === 0) continue;
    for (const lsn of event.lsns) left.delete(lsn);
    if (left.size > 0 || !hasAll(lacks, listed.node)) continue;
    change.onDisk.push(markOf(listed));
    // Whoever keeps other groups counts in those: enough have all of each.
    const isEnough = [...change.lsns.keys()].every((id) => {
      const group = groupOf(fold, change, id);
      const have = group?.replicas.filter((node) => lacks.get(`${node} ${id}`)?.size === 0).length ?? 0;
      return group !== undefined && have >= group.vw;
    });
    if (isEnough && change.scn !== null) change.quorum ??= markOf(listed);
  }
}

/** A write of the log's file is at a majority of the chunk servers: which had it on disk, and when the second did (FS-43). */
function onSynced(fold: Fold, listed: ListedEvent, event: TraceOf<'wal.synced'>): void {
  const acked = fold.chunkAcked.get(`${listed.causeNode}/${listed.causeOrdinal}`);
  const wrote =
    acked === undefined
      ? []
      : fold.chunkDurable.filter(
          ({ group, first, last }) => group === acked.group && first <= acked.index && acked.index <= last,
        );
  for (const { change } of fold.changes.values()) {
    if (change.volume !== event.volume || change.scn === null || change.quorum !== null) continue;
    if (change.end - 1 > event.last || change.end <= event.first) continue;
    for (const { mark } of wrote)
      if (!change.onDisk.some(({ node }) => node === mark.node)) change.onDisk.push(mark);
    change.quorum = change.onDisk[1] ?? markOf(listed);
    change.heard = markOf(listed);
  }
}

function onEvent(fold: Fold, listed: ListedEvent): void {
  const { event } = listed;
  const mark = markOf(listed);
  switch (event.kind) {
    case 'op.invoke': {
      const { client, op, operation: kind, key, value } = event;
      const operation = { kind, key, value };
      onAsked(fold, listed, { ...newAsk(listed, client), operation, op, request: null });
      return;
    }
    case 'sql.start': {
      const { session, request } = event;
      onAsked(fold, listed, { ...newAsk(listed, session), operation: null, op: null, request });
      return;
    }
    case 'driver.route': {
      const ask = openAsk(fold, listed, event.session, true);
      if (ask !== null) ask.routed = { mark, to: event.to };
      return;
    }
    case 'driver.retry': {
      const ask = openAsk(fold, listed, event.session, true);
      if (ask !== null) ask.retried = { mark, why: event.why };
      return;
    }
    case 'session.read': {
      const ask = openAsk(fold, listed, event.session, false);
      if (ask !== null) ask.read = { mark, from: event.from, readPoint: event.readPoint };
      return;
    }
    case 'op.return': {
      const ask = openAsk(fold, listed, event.client, false);
      if (ask?.op === event.op) ask.answered = { mark, outcome: event.outcome, value: event.value };
      return;
    }
    case 'sql.end': {
      const ask = openAsk(fold, listed, event.session, false);
      if (ask?.request === event.request) ask.answered = { mark, outcome: event.outcome, value: '' };
      return;
    }
    case 'tx.begin':
      changeOf(fold, listed, event.volume, event.tx);
      fold.byInput.set(`${listed.node}/${listed.ordinal}`, `${event.volume}/${listed.node}/${event.tx}`);
      return;
    case 'mtr.append':
      onAppend(fold, listed, event);
      return;
    case 'wal.durable':
      onDurable(fold, listed, event);
      return;
    case 'chunk.durable':
      fold.chunkDurable.push({ mark, group: event.group, first: event.first, last: event.last });
      return;
    case 'chunk.acked':
      fold.chunkAcked.set(`${listed.node}/${listed.ordinal}`, { group: event.group, index: event.index });
      return;
    case 'wal.synced':
      onSynced(fold, listed, event);
      return;
    case 'mark.vdl':
      for (const { change } of fold.changes.values())
        if (change.volume === event.volume && change.scn !== null && change.scn <= event.value)
          change.heard ??= mark;
      return;
    case 'commit.ack': {
      const found = fold.changes.get(`${event.volume}/${listed.node}/${event.tx}`);
      if (found !== undefined) found.change.acked = mark;
      return;
    }
    case 'tx.wait': {
      const found = fold.changes.get(`${event.volume}/${listed.node}/${event.tx}`);
      if (found !== undefined) found.change.waited = { mark, on: event.on };
      return;
    }
    case 'tx.abort': {
      const found = fold.changes.get(`${event.volume}/${listed.node}/${event.tx}`);
      if (found !== undefined) found.change.aborted = { mark, sqlstate: event.sqlstate };
      return;
    }
    case 'page.materialise':
      for (const { change } of fold.changes.values())
        if (
          change.lsns.get(event.group)?.includes(event.pageLsn) === true &&
          !change.built.some(({ node }) => node === listed.node)
        )
          change.built.push(mark);
      return;
    case 'ro.applied':
      for (const { change } of fold.changes.values())
        if (
          change.volume === event.volume &&
          change.scn !== null &&
          change.scn <= event.applyLsn &&
          !change.shown.some(({ node }) => node === listed.node)
        )
          change.shown.push(mark);
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
    chunkDurable: [],
    chunkAcked: new Map(),
  };
  for (const listed of events) onEvent(fold, listed);
  return fold.ways;
}

/** The newest that has changed something; else the newest. */
export const newestWay = (ways: readonly Way[]): Way | undefined =>
  ways.findLast(({ change }) => change !== null && change.scn !== null) ?? ways.at(-1);

/** The way that has an event, by its place in the run, or a record by its LSN. */
export const wayWith = (
  ways: readonly Way[],
  what: { readonly index: number } | { readonly lsn: number },
): Way | undefined =>
  'lsn' in what
    ? ways.find(({ change }) => [...(change?.lsns.values() ?? [])].some((all) => all.includes(what.lsn)))
    : ways.find((way) => marksOf(way).some(({ index }) => index === what.index));

function marksOf({ asks, change }: Way): readonly Mark[] {
  const asked = asks.flatMap(({ mark, retried, routed, read, answered }) => [
    mark,
    retried?.mark,
    routed?.mark,
    read?.mark,
    answered?.mark,
  ]);
  const changed =
    change === null
      ? []
      : [
          change.begun,
          change.changed,
          ...change.onDisk,
          change.quorum,
          change.heard,
          change.acked,
          change.waited?.mark,
          change.aborted?.mark,
          ...change.built,
          ...change.shown,
        ];
  return [...asked, ...changed].filter((mark) => mark !== null && mark !== undefined);
}
