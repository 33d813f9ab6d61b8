// The executor's access methods, bound to one session, its transaction and snapshot for one call.

import type { Lsn, TxId } from '../../base/ids.ts';
import { sameBytes } from '../../base/same-bytes.ts';
import { has } from '../kernel/mutants.ts';
import type {
  Access,
  BuildStep,
  Conflict,
  FoundIndex,
  FoundRow,
  IndexDef,
  KeyBound,
  LockOutcome,
  NamedIndex,
  NewSequence,
  NewTable,
  NewView,
  PageWatch,
  Row,
  RowLock,
  ScanPosition,
  TableDef,
  Tid,
  Wanted,
  WriteOutcome,
} from '../sql/access.ts';
import { isEntered } from '../sql/evaluate.ts';
import { fail } from '../sql/failure.ts';
import { nextOfStream, seededStream } from '../sql/random-stream.ts';
import { randomNumber, randomUuid } from '../sql/random-uuid.ts';
import type { SequenceState } from '../sql/sequence.ts';
import { isInTablet } from '../sql/tablets.ts';
import { backendNumber } from './backend-number.ts';
import {
  createSchema,
  createTable,
  createType,
  createView,
  dropTable,
  findIndex,
  findRelation,
  findTable,
  findType,
  referrersOf,
  refuseDefinition,
  relationsIn,
  usersOf,
  usersOfType,
  viewsOf,
} from './catalog.ts';
import { createIndex, dropIndex, redefineTable, truncateTable } from './catalog-index.ts';
import type { Env, Session, SessionTx, Snapshot } from './engine-state.ts';
import { HEAP_START, nextInHeap } from './heap-scan.ts';
import { BUILD_START, type BuildPosition, buildNext } from './index-build.ts';
import { encodeKey, hasNullKey } from './key-codec.ts';
import { checkUnique, type KeyPosition, nextByKey, openKeyPosition } from './key-scan.ts';
import { flushDeferred } from './large-values.ts';
import { METADATA_START, type MetadataPosition, nextInMetadata } from './metadata-read.ts';
import type { HeapPosition } from './resumes.ts';
import { lockRow } from './row-locks.ts';
import { deleteRow, insertRow, updateRow } from './row-write.ts';
import {
  alterSequence,
  createSequence,
  currentValue,
  nextValue,
  sequenceState,
  setValue,
} from './sequences.ts';
import { watchOf, watchTuple } from './serial-watch.ts';
import { nextInSystem, openSystemScan, type SystemPosition } from './system-rows.ts';
import { takeSnapshot } from './transactions.ts';
import { rowAt, seesTuple, type TupleAt, tupleAt } from './versions.ts';

/** The one row of a sequence, once. */
interface SequencePosition {
  readonly kind: 'sequence';
  readonly isRead: boolean;
}

type Position = HeapPosition | KeyPosition | MetadataPosition | SystemPosition | SequencePosition;
// A position is opaque to the executor, which only keeps it and gives it back.
const opaque = (position: Position): ScanPosition => position as unknown as ScanPosition;
const known = (position: ScanPosition): Position => position as unknown as Position;

const isSameKey = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === b || (a !== null && b !== null && sameBytes(a, b));

const NO_CONFLICT: Conflict = { kind: 'none' };

/** Where a key scan may skip to: the same call came further before it lacked a page. */
function resumeKey(session: Session, position: KeyPosition): KeyPosition {
  const resume = session.keyResume;
  const isSame =
    resume !== null &&
    resume.relation === position.relation &&
    resume.to.descending === position.descending &&
    isSameKey(resume.from, position.last) &&
    isSameKey(resume.to.low, position.low) &&
    isSameKey(resume.to.high, position.high);
  return isSame ? resume.to : position;
}

/** A row is written to the tablet of its key alone: a key that moves it to another is a transaction over two groups (PCS-36). */
function checkTablet({ tablet, primaryKey, name }: TableDef, row: Row): WriteOutcome | null {
  const key = tablet && row[primaryKey[0] ?? -1];
  if (!tablet || key === undefined || key === null || isInTablet(tablet, key)) return null;
  const message = `a key of "${name}" belongs to another shard group than the statement`;
  return { kind: 'error', sqlstate: '0A000', message };
}

/** A class, because every statement's every step makes one, and closures would cost more; it is never kept in state. */
class BoundAccess implements Access {
  readonly readPoint: Lsn;
  private readonly env: Env;
  private readonly session: Session;
  private readonly tx: SessionTx;
  private readonly snapshot: Snapshot;
  constructor(env: Env, session: Session, tx: SessionTx, snapshot: Snapshot) {
    this.readPoint = snapshot.readPoint;
    this.env = env;
    this.session = session;
    this.tx = tx;
    this.snapshot = snapshot;
  }
  get now(): number {
    return this.env.ctx.now;
  }
  get startedAt(): number {
    return this.tx.startedAt;
  }
  get backend(): number {
    return backendNumber(this.session.key);
  }
  drawUuid(): string {
    const { engine, ctx } = this.env;
    const { key, incarnation } = this.session;
    return randomUuid(ctx.now, `${engine.volume} ${key} ${incarnation} ${engine.nextXid}`, engine.drawn++);
  }
  drawRandom(): number {
    const { engine, ctx } = this.env;
    const { key, incarnation, random } = this.session;
    if (random !== undefined) return nextOfStream(random);
    return randomNumber(ctx.now, `${engine.volume} ${key} ${incarnation} ${engine.nextXid}`, engine.drawn++);
  }
  seedRandom(seed: number): void {
    if (this.env.engine.given) fail('0A000', 'setseed beside tables that are cut is not supported');
    this.session.random = seededStream(seed);
  }
  pagesSeen(): number {
    return this.env.pagesSeen;
  }
  watchPages(watch: PageWatch | null): PageWatch | null {
    const before = this.env.pageWatch;
    this.env.pageWatch = watch;
    return before;
  }
  findTable(name: string): TableDef | null {
    return findTable(this.env, this.session, name);
  }
  findIndex(name: string): FoundIndex | null {
    return findIndex(this.env, this.session, name);
  }
  createTable(table: NewTable): WriteOutcome {
    return refuseDefinition(this.env) ?? createTable(this.env, this.session, this.tx, table);
  }
  createIndex(table: TableDef, index: NamedIndex): WriteOutcome {
    return refuseDefinition(this.env) ?? createIndex(this.env, this.session, this.tx, table, index);
  }
  buildIndex(table: TableDef, index: IndexDef, from: ScanPosition | null): BuildStep {
    // A position is opaque to the executor, as those of scans are.
    const at = from === null ? BUILD_START : (from as unknown as BuildPosition);
    this.before();
    const step = buildNext(this.env, this.session, this.tx, table, index, at);
    if (step.kind !== 'ok') return step;
    return { kind: 'ok', next: step.next as unknown as ScanPosition | null };
  }
  dropIndex(table: TableDef, index: IndexDef): WriteOutcome {
    return refuseDefinition(this.env) ?? dropIndex(this.env, this.session, this.tx, table, index);
  }
  createSchema(name: string): WriteOutcome {
    return refuseDefinition(this.env) ?? createSchema(this.env, this.session, this.tx, name);
  }
  relationsIn(schema: string): readonly TableDef[] {
    return relationsIn(this.env, this.session, schema);
  }
  createType(name: string, labels: readonly string[]): WriteOutcome {
    return refuseDefinition(this.env) ?? createType(this.env, this.session, this.tx, name, labels);
  }
  findType(name: string): TableDef | null {
    return findType(this.env, this.session, name);
  }
  usersOfType(type: number): readonly TableDef[] {
    return usersOfType(this.env, this.session, type);
  }
  createView(view: NewView, replaced: TableDef | null): WriteOutcome {
    return refuseDefinition(this.env) ?? createView(this.env, this.session, this.tx, view, replaced);
  }
  viewsOf(relation: number): readonly TableDef[] {
    return viewsOf(this.env, this.session, relation);
  }
  referrersOf(relation: number): readonly TableDef[] {
    return referrersOf(this.env, this.session, relation);
  }
  dropTable(table: TableDef): WriteOutcome {
    return refuseDefinition(this.env) ?? dropTable(this.env, this.session, this.tx, table);
  }
  truncateTable(table: TableDef, part: number): WriteOutcome {
    return refuseDefinition(this.env) ?? truncateTable(this.env, this.session, this.tx, table, part);
  }
  redefineTable(from: TableDef, to: TableDef): WriteOutcome {
    return refuseDefinition(this.env) ?? redefineTable(this.env, this.session, this.tx, from, to);
  }
  latest(): Access {
    return new BoundAccess(this.env, this.session, this.tx, takeSnapshot(this.env));
  }
  parents(): Access {
    const isOfNow =
      this.tx.isolation === 'read committed' || has(this.env.mutants, 'engine.parents-as-of-now');
    return isOfNow ? this.latest() : this;
  }
  sees(table: TableDef, tid: Tid): boolean {
    const { env, tx } = this;
    if (tx.isolation === 'read committed') return true;
    const tuple = tupleAt(env, table.relation, tid);
    return tuple !== null && this.seesAt(tuple);
  }
  private seesAt({ page, at }: TupleAt): boolean {
    const { env, tx, snapshot } = this;
    return seesTuple(env, snapshot, tx.xid, page, at, { xid: 0, isSeen: false });
  }
  openScan(table: TableDef): ScanPosition {
    const { metadata } = table;
    if (table.sequence) return opaque({ kind: 'sequence', isRead: false });
    if (metadata === 'engine') return opaque(openSystemScan(this.env, this.session, table));
    return opaque(metadata === 'pcs' ? METADATA_START : HEAP_START);
  }
  openKeyScan(
    table: TableDef,
    index: IndexDef,
    low: KeyBound | null,
    high: KeyBound | null,
    descending: boolean,
  ): ScanPosition {
    return opaque(openKeyPosition(table, index, low, high, descending));
  }
  /** Before a read or write: what the row before it left to be done. */
  private before(): void {
    if (this.session.largeWork !== undefined) flushDeferred(this.env, this.session, this.tx);
  }
  scanRows(
    table: TableDef,
    opaquePosition: ScanPosition,
    atMost: number,
    wanted: Wanted,
  ): { readonly rows: readonly FoundRow[]; readonly position: ScanPosition } | null {
    this.before();
    return this.nextRows(table, opaquePosition, atMost, wanted);
  }
  private nextRows(
    table: TableDef,
    opaquePosition: ScanPosition,
    atMost: number,
    wanted: Wanted,
  ): { readonly rows: readonly FoundRow[]; readonly position: ScanPosition } | null {
    const { env, session, tx, snapshot } = this;
    const position = known(opaquePosition);
    let step: { readonly rows: readonly FoundRow[]; readonly position: Position } | null;
    if (position.kind === 'sequence') step = this.sequenceRow(table, position);
    else if (position.kind === 'system') step = nextInSystem(position, atMost);
    else if (position.kind === 'metadata') step = nextInMetadata(session, table, position);
    else {
      const reading = { snapshot, own: tx.xid, atMost, wanted, watch: watchOf(env, tx, snapshot) };
      if (position.kind === 'heap') step = nextInHeap(env, table, reading, position, session);
      else
        step = nextByKey(env, table, reading, resumeKey(session, position), (to) => {
          session.keyResume = { relation: position.relation, from: position.last, to };
        });
    }
    return step && { rows: step.rows, position: opaque(step.position) };
  }
  private sequenceRow(
    table: TableDef,
    { isRead }: SequencePosition,
  ): { readonly rows: readonly FoundRow[]; readonly position: SequencePosition } | null {
    if (isRead) return null;
    const { last, ahead, isCalled } = sequenceState(this.env, table);
    const row = [last, BigInt(ahead), isCalled];
    return { rows: [{ tid: -1, row }], position: { kind: 'sequence', isRead: true } };
  }
  createSequence(name: string, made: NewSequence): WriteOutcome {
    return refuseDefinition(this.env) ?? createSequence(this.env, this.session, this.tx, name, made);
  }
  alterSequence(sequence: TableDef, made: NewSequence): WriteOutcome {
    return refuseDefinition(this.env) ?? alterSequence(this.env, this.session, this.tx, sequence, made);
  }
  sequenceState(sequence: TableDef): SequenceState {
    return sequenceState(this.env, sequence);
  }
  nextValue(sequence: TableDef): bigint {
    return nextValue(this.env, this.session, this.tx, sequence);
  }
  setValue(sequence: TableDef, value: bigint, isCalled: boolean): bigint {
    return setValue(this.env, this.session, this.tx, sequence, value, isCalled);
  }
  currentValue(sequence: TableDef | null): bigint {
    return currentValue(this.session, sequence);
  }
  usersOf(sequence: number): readonly TableDef[] {
    return usersOf(this.env, this.session, sequence);
  }
  findRelation(relation: number): TableDef | null {
    return findRelation(this.env, this.session, relation);
  }
  findConflict(table: TableDef, index: IndexDef, row: Row): Conflict {
    this.before();
    return this.conflictOf(table, index, row);
  }
  private conflictOf(table: TableDef, index: IndexDef, row: Row): Conflict {
    const { env, tx, snapshot } = this;
    if (!isEntered(index, row) || hasNullKey(index, row)) return NO_CONFLICT;
    const live = checkUnique(env, table, index, tx.xid, encodeKey(table, index, row));
    if (live.kind === 'none') return NO_CONFLICT;
    if (live.kind === 'wait') return { kind: 'wait', tx: live.xid as TxId };
    const { tuple } = live;
    // Whether the row is left alone, and what its condition says, depends on it: it has been read (PostgreSQL keeps no lock of that).
    const watch = watchOf(env, tx, snapshot);
    if (watch !== null) watchTuple(watch, table.relation, tuple.tid);
    const isVisible = tx.isolation === 'read committed' || this.seesAt(tuple);
    return { kind: 'found', found: { tid: tuple.tid, row: rowAt(env, table, tuple) }, isVisible };
  }
  insertRow(table: TableDef, row: Row): WriteOutcome {
    this.before();
    return checkTablet(table, row) ?? insertRow(this.env, this.session, this.tx, table, row);
  }
  updateRow(table: TableDef, tid: Tid, row: Row): WriteOutcome {
    this.before();
    return checkTablet(table, row) ?? updateRow(this.env, this.session, this.tx, table, tid, row);
  }
  lockRow(table: TableDef, tid: Tid, lock: RowLock): LockOutcome {
    this.before();
    return lockRow(this.env, this.session, this.tx, table, tid, lock);
  }
  deleteRow(table: TableDef, tid: Tid): WriteOutcome {
    this.before();
    return deleteRow(this.env, this.session, this.tx, table, tid);
  }
}

export const makeAccess = (env: Env, session: Session, tx: SessionTx, snapshot: Snapshot): Access =>
  new BoundAccess(env, session, tx, snapshot);
