// The history of operations as clients saw them: call and return of each, in the run's one order of events. Checkers
// and exports read it; it comes from the trace alone.

import { REPLAYED } from '../../core/kernel/client-calls.ts';
import { kindsOf } from '../kinds.ts';
import type { TracedEvent } from '../types.ts';
import type { RegisterOperation } from './register-history.ts';

export interface HistoryOperation {
  readonly client: string;
  /** As its events name it: client within the driver, and number. */
  readonly call: { readonly client: string; readonly op: number };
  readonly operation: string;
  readonly key: string;
  /** Value written; of a read, what it returned. */
  value: string;
  /**
   * What a transaction of several accesses or a countable operation read, in its order; empty until it is answered, and for
   * ever where the answer only says that it was committed before (FENCE-43: results are not kept).
   */
  read: readonly string[];
  readonly called: number;
  readonly calledAt: number;
  returned: number;
  returnedAt: number;
  /** Place and time at which its driver, or its load, began anew and forgot the call; Infinity and −1 while it has not. */
  lost: number;
  lostAt: number;
  outcome: 'ok' | 'error' | 'unknown' | 'open';
  /** Of `appends`: how many of its statements were carried out. */
  carriedOut?: number;
  /** SCN of its commit; −1: it wrote nothing, or the answer does not say. */
  scn: number;
  /** The reader that served what it read, at this read point (READ-20); null: the writer did. */
  served: Served | null;
  /** The node that answered last, where the cluster has readers; else the answer does not say. */
  node?: string;
  /** The greatest VDL traced when it was answered: what it saw is durable up to there. */
  vdl?: number;
  /** How often its driver has opened: what its sessions have seen ends with the driver's life (READ-40). */
  readonly life: number;
}

export interface Served {
  readonly node: string;
  readonly readPoint: number;
  readonly level: string;
}

export interface History {
  readonly operations: HistoryOperation[];
  readonly open: Map<string, HistoryOperation>;
  /** Value of each key in the last read of all. */
  readonly lastReads: Map<string, string>;
  /** Nodes that have opened as readers of a volume, and not as its writer since. */
  readonly readers: Set<string>;
  /** The last answer of a reader, by driver and session, and who answered last, reader or writer. */
  readonly served: Map<string, Served>;
  readonly answered: Map<string, string>;
  /** How often each driver has opened. */
  readonly lives: Map<string, number>;
  /** Places at which a tablet's rows were copied for another volume, whose SCNs are its own (placement.md PCS-113). */
  readonly handovers: number[];
  /** The greatest VDL of any writer so far. */
  vdl: number;
  /** Events seen: the order. */
  events: number;
}

export const makeHistory = (): History => ({
  operations: [],
  open: new Map(),
  lastReads: new Map(),
  readers: new Set(),
  served: new Map(),
  answered: new Map(),
  lives: new Map(),
  handovers: [],
  vdl: -1,
  events: 0,
});

/** Operations whose answers are counted (checks/effects.ts). */
const countable = new Set(['list', 'count', 'remove', 'audit']);

export const wordsOf = (value: string): string[] => value.split(' ').filter((word) => word !== '');

/** Calls are counted by load: of an open loop another client may answer than the one that called. */
const callId = (node: string, client: string, op: number): string =>
  `${node}/${client.slice(0, client.lastIndexOf('/'))}#${op}`;

/** The call that an answer ends, if it is one and the history has it. */
const openCall = (history: History, { event, node }: TracedEvent): HistoryOperation | undefined =>
  event.kind === 'op.return' ? history.open.get(callId(node, event.client, event.op)) : undefined;

function lose(history: History, id: string, at: number): void {
  const one = history.open.get(id);
  if (one === undefined) return;
  history.open.delete(id);
  one.lost = history.events;
  one.lostAt = at;
}

/** A session of a load has the name of its client; `#n` tells the sessions of a later load of that name. */
const sessionId = (node: string, session: string): string => `${node}/${session.replace(/#\d+\//, '/')}`;

export const historyKinds = kindsOf(
  'op.invoke',
  'op.return',
  'node.open',
  'session.read',
  'ro.ready',
  'recovery.done',
  'mark.vdl',
  'split.attachment',
);

/** Takes every event: those of other kinds count in the order. */
export function addToHistory(history: History, traced: TracedEvent): void {
  const { event, at, node } = traced;
  history.events++;
  if (!historyKinds.isOf(event)) return;
  if (event.kind === 'op.invoke') {
    const id = callId(node, event.client, event.op);
    lose(history, id, at); // a load of the same name counts from one again
    const one: HistoryOperation = {
      client: `${node}/${event.client}`,
      call: { client: event.client, op: event.op },
      operation: event.operation,
      key: event.key,
      value: event.value,
      read: [],
      called: history.events,
      calledAt: at,
      returned: Number.POSITIVE_INFINITY,
      returnedAt: -1,
      lost: Number.POSITIVE_INFINITY,
      lostAt: -1,
      outcome: 'open',
      scn: -1,
      served: null,
      life: history.lives.get(node) ?? 0,
    };
    history.operations.push(one);
    history.open.set(id, one);
    history.served.delete(one.client);
    history.answered.delete(one.client);
  } else if (event.kind === 'op.return') {
    const one = openCall(history, traced);
    if (one === undefined) return;
    history.open.delete(callId(node, event.client, event.op));
    one.returned = history.events;
    one.returnedAt = at;
    one.outcome = event.outcome as HistoryOperation['outcome'];
    one.scn = event.scn;
    one.vdl = history.vdl;
    one.served = history.served.get(one.client) ?? null;
    const by = history.answered.get(one.client);
    if (by !== undefined) one.node = by;
    if (one.operation === 'appends') one.carriedOut = Number(event.value);
    if (event.outcome !== 'ok') return;
    if (one.operation === 'read') one.value = event.value;
    if (one.operation === 'txn' && event.value !== REPLAYED) one.read = event.value.split(' ');
    else if (countable.has(one.operation)) one.read = wordsOf(event.value);
  } else if (event.kind === 'session.read') {
    const { session, from, readPoint, level } = event;
    const id = sessionId(node, session);
    history.answered.set(id, from);
    if (history.readers.has(from)) history.served.set(id, { node: from, readPoint, level });
    else history.served.delete(id);
  } else if (event.kind === 'ro.ready') {
    history.readers.add(node);
  } else if (event.kind === 'recovery.done') {
    history.readers.delete(node);
  } else if (event.kind === 'split.attachment') {
    if (event.state === 'copied') history.handovers.push(history.events);
  } else if (event.kind === 'mark.vdl') {
    history.vdl = Math.max(history.vdl, event.value);
  } else if (event.kind === 'node.open') {
    // A driver that starts again has forgotten its clients' calls: their outcome stays open, which is unknown.
    history.lives.set(node, (history.lives.get(node) ?? 0) + 1);
    for (const id of [...history.open.keys()]) if (id.startsWith(`${node}/`)) lose(history, id, at);
  }
}

/** Operations of which nobody knows whether they took effect: answered so, or never. */
export const unknownOutcomes = (history: History): number =>
  history.operations.filter(({ outcome }) => outcome === 'unknown' || outcome === 'open').length;

/** One read or write of an operation; the value of a read is null where no answer has it. */
export interface RecordedAccess {
  readonly kind: 'r' | 'w';
  readonly key: string;
  readonly value: string | null;
}

/** What an operation read and wrote, in its order; null where the history does not have it. */
export function accessesOf({
  operation,
  key,
  value,
  read,
  outcome,
}: HistoryOperation): readonly RecordedAccess[] | null {
  if (operation === 'read') return [{ kind: 'r', key, value: outcome === 'ok' ? value : null }];
  if (operation === 'write' || operation === 'insert') return [{ kind: 'w', key, value }];
  if (operation !== 'txn') return null;
  const words = key.split(' ');
  const isOfLists = words[0] === LIST_LEVEL;
  let reads = 0;
  return words.flatMap((kind, i): RecordedAccess[] => {
    const of = words[i + 1] ?? '';
    if (i % 2 === 1 || kind === LIST_LEVEL || kind === LEVEL || kind === REFERS) return [];
    if (kind !== 'r') return [{ kind: 'w', key: of, value }];
    const found = read[reads++] ?? null;
    return [{ kind, key: of, value: found === null || !isOfLists ? found : (marksOf(found).at(-1) ?? '') }];
  });
}

/** Before the level of a transaction in its key: of one that appends to lists, and of any other. */
const LIST_LEVEL = 'at';
const LEVEL = 'in';
/** Before a row that a transaction refers to by a foreign key. */
const REFERS = 'e';

/** The isolation level that a transaction's key names, with spaces; null: it names none. */
export const levelOf = ({ operation, key }: HistoryOperation): string | null =>
  operation === 'txn' && (key.startsWith(`${LIST_LEVEL} `) || key.startsWith(`${LEVEL} `))
    ? (key.split(' ')[1] ?? '').replaceAll('-', ' ')
    : null;

/** Does it append marks to lists, at a level that it names? */
export const isOfLists = ({ operation, key }: HistoryOperation): boolean =>
  operation === 'txn' && key.startsWith(`${LIST_LEVEL} `);

/** Rows that were there for a transaction which refers to them by a foreign key, whatever they said; none until it is answered. */
export function referredBy({ operation, key, outcome }: HistoryOperation): readonly string[] {
  if (operation !== 'txn' || outcome !== 'ok') return [];
  const words = key.split(' ');
  return words.flatMap((kind, i) => (i % 2 === 0 && kind === REFERS ? [words[i + 1] ?? ''] : []));
}

/** Before a row that a transaction writes by emptying its table. */
const OVERWRITES = 'o';

/** Keys that it writes whatever its snapshot sees of them. */
export function overwrittenBy({ operation, key }: HistoryOperation): readonly string[] {
  if (operation !== 'txn') return [];
  const words = key.split(' ');
  return words.flatMap((kind, i) => (i % 2 === 0 && kind === OVERWRITES ? [words[i + 1] ?? ''] : []));
}

/** Marks of a list, in the order in which they were appended. */
export const marksOf = (list: string): readonly string[] => list.split(',').filter((mark) => mark !== '');

/** Lists that a transaction read whole, with their marks; none until it is answered. */
export function listsReadBy(
  one: HistoryOperation,
): readonly { readonly key: string; readonly marks: readonly string[] }[] {
  if (!isOfLists(one) || one.outcome !== 'ok') return [];
  const words = one.key.split(' ');
  const keys = words.flatMap((kind, i) => (i % 2 === 0 && kind === 'r' ? [words[i + 1] ?? ''] : []));
  return keys.flatMap((key, i) => {
    const list = one.read[i];
    return list === undefined ? [] : [{ key, marks: marksOf(list) }];
  });
}

/** A read or write of one key at the writer: a reader may lag behind what others have seen. */
export const isRegisterAccess = (
  one: HistoryOperation,
): one is HistoryOperation & { readonly operation: 'read' | 'write' } =>
  one.operation === 'write' || (one.operation === 'read' && one.served === null);

/** Operations on single keys under `prefix`, by key, with the last read of all at the end. */
export function registerHistories(history: History, prefix: string): Map<string, RegisterOperation[]> {
  const byKey = new Map<string, RegisterOperation[]>();
  for (const one of history.operations) {
    if (!one.key.startsWith(prefix) || !isRegisterAccess(one)) continue;
    const list = byKey.get(one.key) ?? [];
    byKey.set(one.key, list);
    const outcome = one.outcome === 'error' ? 'fail' : one.outcome === 'open' ? 'unknown' : one.outcome;
    list.push({
      kind: one.operation,
      value: one.value,
      called: one.called,
      returned: one.returned,
      outcome,
      id: `${one.client}@${one.calledAt}`,
    });
  }
  const end = history.events + 1;
  for (const [key, value] of history.lastReads) {
    const list = byKey.get(key) ?? [];
    byKey.set(key, list);
    list.push({ kind: 'read', value, called: end, returned: end + 1, outcome: 'ok', id: 'last read' });
  }
  return byKey;
}

/** Most operations on one key that were open at the same time; those that never returned do not count. */
export function longestOverlap(history: History): number {
  const open = new Map<string, number[]>();
  let most = 0;
  for (const one of history.operations) {
    const ends = (open.get(one.key) ?? []).filter((returned) => returned > one.called);
    if (Number.isFinite(one.returned)) ends.push(one.returned);
    open.set(one.key, ends);
    most = Math.max(most, ends.length);
  }
  return most;
}
