// Serializable transactions: snapshots as of repeatable read, and a watch for what could make them differ from any serial order
// (Cahill, Röhm, Fekete, "Serializable Isolation for Snapshot Databases", 2008; the rules and their order are PostgreSQL's
// predicate.c). A transaction that reads what a concurrent one replaces has a conflict out to it. Two conflicts in a row whose
// last transaction committed first may be a cycle: one of the three is refused (40001). What was read is remembered by
// predicate locks (predicate-locks.ts), which block nobody. All of it is in the writer's memory: no transaction outlives it.

import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { TableDef } from '../sql/access.ts';
import { fail } from '../sql/failure.ts';
import { isReady } from '../sql/table-def.ts';
import type { Env, SessionTx } from './engine-state.ts';
import {
  holdersOf,
  makePredicateLocks,
  type PredicateLocks,
  promoteLocks,
  readersOf,
  releasePredicates,
  type Target,
} from './predicate-locks.ts';

/** A serializable transaction, kept after its commit for as long as one that was concurrent with it goes on. */
export interface SerialTx {
  readonly id: number;
  /** How many serializable transactions had committed when its snapshot was taken. */
  readonly begunAfter: number;
  isReadOnly: boolean;
  hasWritten: boolean;
  /** Which commit it is in their order: when it is decided, and when others see it; 0 before. */
  prepared: number;
  committed: number;
  /** Another one has decided that it must not commit. */
  isDoomed: boolean;
  /** The first commit to which it had a conflict out when it committed itself; 0: none. */
  earliestOut: number;
  /** Those that read what it replaced, and those that replaced what it read. */
  readonly readers: number[];
  readonly writers: number[];
  readonly xids: number[];
}

export interface SerialState {
  commits: number;
  nextId: number;
  readonly txs: Map<number, SerialTx>;
  readonly xids: Map<number, number>;
  readonly locks: PredicateLocks;
}

const makeSerial = (): SerialState => ({
  commits: 0,
  nextId: 1,
  txs: new Map(),
  xids: new Map(),
  locks: makePredicateLocks(),
});

/** With the transaction's snapshot: from now on it is watched. */
export function beginSerial({ engine }: Env, tx: SessionTx): void {
  engine.serial ??= makeSerial();
  const { serial } = engine;
  const id = serial.nextId++;
  tx.serial = id;
  serial.txs.set(id, {
    id,
    begunAfter: serial.commits,
    isReadOnly: tx.isReadOnly,
    hasWritten: false,
    prepared: 0,
    committed: 0,
    isDoomed: false,
    earliestOut: 0,
    readers: [],
    writers: [],
    xids: [],
  });
}

/** An xid of the transaction, or of one of its levels. */
export function noteSerialXid({ engine: { serial } }: Env, tx: SessionTx, xid: number): void {
  const me = serialOf(serial, tx);
  if (serial === undefined || me === null) return;
  serial.xids.set(xid, me.id);
  me.xids.push(xid);
}

export const serialOf = (serial: SerialState | undefined, { serial: id }: SessionTx): SerialTx | null =>
  (id === undefined ? null : serial?.txs.get(id)) ?? null;

/** `me` has read what the transaction `id` replaces, or has replaced. May throw 40001. */
export function conflictOut(env: Env, serial: SerialState, me: SerialTx, id: number): void {
  const writer = serial.txs.get(id);
  if (writer === undefined || writer === me || writer.isDoomed) return;
  // A reader that writes nothing comes before a writer that has committed and has seen none commit before that reader's snapshot. Of a
  // writer whose commit is pending this is not known yet: what it had conflicts to is summed up only when it commits.
  const isOver = has(env.mutants, 'engine.pending-is-committed')
    ? writer.prepared !== 0
    : writer.committed !== 0;
  const isBefore = writer.earliestOut === 0 || me.begunAfter < writer.earliestOut;
  if (me.isReadOnly && isOver && isBefore) return;
  if (!isConcurrent(me, writer) || me.writers.includes(id)) return;
  addConflict(env, serial, me, me, writer);
}

/** Was it not over when the snapshot was taken? */
const isConcurrent = (me: SerialTx, other: SerialTx): boolean =>
  other.committed === 0 || other.committed > me.begunAfter;

/** A row is written that others may have read: its place, or the place where it would have been found. May throw 40001. */
export const checkWrite = (env: Env, tx: SessionTx, targets: readonly Target[]): void =>
  meetReaders(env, tx, (locks) => holdersOf(locks, targets));

/** All rows of a relation go at once, by TRUNCATE or DROP (CheckTableForSerializableConflictIn). May throw 40001. */
const checkRewrite = (env: Env, tx: SessionTx, relation: number): void =>
  meetReaders(env, tx, (locks) => readersOf(locks, relation));

function meetReaders(env: Env, tx: SessionTx, readers: (locks: PredicateLocks) => readonly number[]): void {
  const { serial } = env.engine;
  const me = serialOf(serial, tx);
  if (serial === undefined || me === null) return;
  if (me.isDoomed) refuse(env, me, me.id, 'pivot, during conflict in checking');
  me.hasWritten = true;
  if (has(env.mutants, 'engine.ignores-predicates')) return;
  for (const id of readers(serial.locks)) {
    const reader = serial.txs.get(id);
    if (reader === undefined || reader === me || reader.isDoomed || !isConcurrent(me, reader)) continue;
    if (!reader.writers.includes(me.id)) addConflict(env, serial, me, reader, me);
  }
}

/**
 * A definition changes (`to` null: its table goes). Whoever has read rows that go with it is met; who has read by an index that
 * goes, or from pages that others come in the place of, has read the whole table as it is from now on. An undone change leaves
 * them with more than they have read, which refuses more and never less. May throw 40001.
 */
export function keepReaders(env: Env, tx: SessionTx, from: TableDef, to: TableDef | null): void {
  const { serial } = env.engine;
  if (serial === undefined) return;
  const isRewritten = to?.relation !== from.relation;
  if (isRewritten && has(env.mutants, 'engine.rewrites-unwatched')) return;
  if (isRewritten) checkRewrite(env, tx, from.relation);
  if (to !== null && !has(env.mutants, 'engine.forgets-readers-of-index')) promoteReaders(serial, from, to);
}

/** What the table still has of relations that writers enter rows in stays as it is. */
export function promoteReaders({ locks }: SerialState, from: TableDef, to: TableDef): void {
  const kept = enteredBy(to);
  for (const relation of enteredBy(from))
    if (!kept.includes(relation)) promoteLocks(locks, relation, to.relation);
}

const enteredBy = ({ relation, indexes }: TableDef): readonly number[] => [
  relation,
  ...indexes.filter(isReady).map((index) => index.relation),
];

/** FlagRWConflict: decided before it is added. */
function addConflict(env: Env, serial: SerialState, me: SerialTx, reader: SerialTx, writer: SerialTx): void {
  if (isDangerous(env, serial, reader, writer)) {
    if (me === writer) refuse(env, me, writer.id, 'pivot, during write');
    else if (writer.prepared !== 0) refuse(env, me, writer.id, 'conflict out to pivot, during read');
    writer.isDoomed = true;
  }
  reader.writers.push(writer.id);
  writer.readers.push(reader.id);
}

/** OnConflict_CheckForSerializationFailure: does the conflict from `reader` to `writer` complete a dangerous structure? */
function isDangerous(env: Env, serial: SerialState, reader: SerialTx, writer: SerialTx): boolean {
  // The writer has committed and was itself a reader of one that committed before it.
  if (writer.committed !== 0 && writer.earliestOut !== 0) return true;
  const later = some(serial, writer.writers, (last) => {
    const isDecided = has(env.mutants, 'engine.pending-is-open') ? last.committed !== 0 : last.prepared !== 0;
    const isFirst =
      isDecided &&
      (reader.committed === 0 || last.prepared <= reader.committed) &&
      (writer.committed === 0 || last.prepared <= writer.committed);
    return isFirst && (!reader.isReadOnly || last.prepared <= reader.begunAfter);
  });
  if (later) return true;
  if (writer.prepared === 0 || reader.isReadOnly) return false;
  return some(
    serial,
    reader.readers,
    (first) =>
      !first.isDoomed &&
      (first.committed === 0 || first.committed >= writer.prepared) &&
      (!first.isReadOnly || first.begunAfter >= writer.prepared),
  );
}

const some = ({ txs }: SerialState, ids: readonly number[], test: (tx: SerialTx) => boolean): boolean =>
  ids.some((id) => {
    const tx = txs.get(id);
    return tx !== undefined && test(tx);
  });

/** PreCommit_CheckForSerializationFailure: the transaction may commit (from here on it cannot be refused), or 40001. */
export function prepareSerial(env: Env, tx: SessionTx): void {
  const { serial } = env.engine;
  const me = serialOf(serial, tx);
  if (serial === undefined || me === null || me.prepared !== 0) return;
  const isDeaf = has(env.mutants, 'engine.commits-doomed');
  if (me.isDoomed && !isDeaf) refuse(env, me, me.id, 'pivot, during commit attempt');
  for (const near of me.readers) {
    const reader = serial.txs.get(near);
    if (reader === undefined || reader.committed !== 0 || reader.isDoomed) continue;
    const isPivot = some(
      serial,
      reader.readers,
      (far) => far === me || (far.committed === 0 && !far.isReadOnly && !far.isDoomed),
    );
    if (!isPivot) continue;
    if (reader.prepared !== 0) refuse(env, me, near, 'commit attempt with conflict in from prepared pivot');
    reader.isDoomed = true;
  }
  me.prepared = ++serial.commits;
  if (has(env.mutants, 'engine.pending-is-seen')) me.committed = me.prepared;
}

/** The transaction is over; what nobody needs any more of it and of earlier ones is forgotten. */
export function endSerial(env: Env, tx: SessionTx, isCommitted: boolean): void {
  const { serial } = env.engine;
  const me = serialOf(serial, tx);
  if (serial === undefined || me === null) return;
  if (isCommitted && !has(env.mutants, 'engine.forgets-committed-readers')) commitSerial(serial, me);
  else forget(serial, me);
  let oldest = Number.POSITIVE_INFINITY;
  for (const { committed, begunAfter } of serial.txs.values())
    if (committed === 0) oldest = Math.min(oldest, begunAfter);
  for (const one of [...serial.txs.values()])
    if (one.committed !== 0 && one.committed <= oldest) forget(serial, one);
}

/** ReleasePredicateLocks: what the conflicts with those that are over have come to. */
function commitSerial(serial: SerialState, me: SerialTx): void {
  me.committed = ++serial.commits;
  if (!me.hasWritten) me.isReadOnly = true;
  for (const id of [...me.writers]) {
    const writer = serial.txs.get(id);
    if (writer === undefined || writer.committed === 0) continue;
    if (!me.isReadOnly && (me.earliestOut === 0 || writer.prepared < me.earliestOut))
      me.earliestOut = writer.prepared;
    unlink(me, writer);
  }
  for (const id of [...me.readers]) {
    const reader = serial.txs.get(id);
    if (reader !== undefined && (reader.committed !== 0 || reader.isReadOnly)) unlink(reader, me);
  }
}

function unlink(reader: SerialTx, writer: SerialTx): void {
  reader.writers.splice(reader.writers.indexOf(writer.id), 1);
  writer.readers.splice(writer.readers.indexOf(reader.id), 1);
}

function forget(serial: SerialState, me: SerialTx): void {
  for (const id of [...me.writers]) {
    const writer = serial.txs.get(id);
    if (writer !== undefined) unlink(me, writer);
  }
  for (const id of [...me.readers]) {
    const reader = serial.txs.get(id);
    if (reader !== undefined) unlink(reader, me);
  }
  for (const xid of me.xids) serial.xids.delete(xid);
  releasePredicates(serial.locks, me.id);
  serial.txs.delete(me.id);
}

/** 40001; the event says between which transactions and why, in predicate.c's words. */
export function refuse(env: Env, me: SerialTx, pivot: number, reason: string): never {
  const serial = env.engine.serial;
  const at = serial?.txs.get(pivot) ?? me;
  const xidOf = (id: number | undefined): number => serial?.txs.get(id ?? 0)?.xids[0] ?? 0;
  trace(env.ctx, {
    kind: 'tx.unserializable',
    volume: env.log.volume,
    tx: me.xids[0] ?? 0,
    pivot: at.xids[0] ?? 0,
    reader: xidOf(at.readers.at(-1)),
    writer: xidOf(at.writers.at(-1)),
    reason,
  });
  return fail('40001', 'could not serialize access due to read/write dependencies among transactions');
}
