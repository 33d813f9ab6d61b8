// Sequences in the engine: a row of the catalog says what one is like, a page of its own where it stands. Drawing is no part of the
// transaction: a rollback gives nothing back. The page is ahead of what was given out by up to 32 values, so that most draws
// write no log; what remains of them is known to this writer alone, and lost with it, so after a crash no value comes twice.

import { reach } from '../kernel/limits.ts';
import { has } from '../kernel/mutants.ts';
import { blockKeyOf, VOLUME_KEY } from '../page/page-key.ts';
import { OP_SEQUENCE_SET, sequenceSetPayload } from '../page/redo-ops.ts';
import { readSequence, type SequencePage, volumeRelationSerial } from '../page/system-page.ts';
import type { NewSequence, TableDef, WriteOutcome } from '../sql/access.ts';
import { encodeTable } from '../sql/catalog-row.ts';
import { fail } from '../sql/failure.ts';
import { checkSetValue, drawNext, type SequenceDef, type SequenceState } from '../sql/sequence.ts';
import { makeTableDef, SEQUENCE_COLUMNS } from '../sql/table-def.ts';
import {
  CATALOG,
  checkNamesFree,
  countersChange,
  insertDefinition,
  NO_IDS_LEFT,
  relationOfSerial,
} from './catalog.ts';
import { changeTable } from './catalog-index.ts';
import type { Env, SequenceMemory, Session, SessionTx } from './engine-state.ts';
import { headerChange } from './new-relation.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { encodeRow } from './row-codec.ts';
import { requireXid } from './transactions.ts';

/** Of the relation that has the sequence's page. */
const STATE_BLOCK = 1;

const stateChange = (storage: number, state: SequencePage, init: boolean): Change => ({
  blockKey: blockKeyOf(storage, STATE_BLOCK),
  op: OP_SEQUENCE_SET,
  init,
  payload: sequenceSetPayload(state),
});

const newPages = (storage: number, { last, isCalled }: SequenceState): Change[] => [
  headerChange(storage),
  stateChange(storage, { value: last, isCalled }, true),
];

export function createSequence(
  env: Env,
  session: Session,
  tx: SessionTx,
  name: string,
  { def, state }: NewSequence,
): WriteOutcome {
  const taken = checkNamesFree(env, tx, [name]);
  if (taken) return taken;
  const xid = requireXid(env, session, tx);
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const [relation = 0, storage = 0] = [0, 1].map((i) => relationOfSerial(env, serial + i));
  if (relation === 0 || storage === 0) return NO_IDS_LEFT;
  const definition = {
    ...makeTableDef(relation, name, SEQUENCE_COLUMNS, []),
    sequence: { ...def, storage },
  };
  const bytes = encodeRow(CATALOG.columns, encodeTable(definition));
  return insertDefinition(env, tx, xid, `sequence "${name}"`, bytes, [
    countersChange(env, serial + 2),
    ...newPages(storage, state),
  ]);
}

/** ALTER SEQUENCE and RESTART: a page of its own for the new state, so that they can be undone. */
export function alterSequence(
  env: Env,
  session: Session,
  tx: SessionTx,
  sequence: TableDef,
  { def, state }: NewSequence,
): WriteOutcome {
  // An xid first: reserving xids writes the same counters.
  requireXid(env, session, tx);
  const serial = volumeRelationSerial(getPage(env, VOLUME_KEY));
  const storage = relationOfSerial(env, serial);
  if (storage === 0) return NO_IDS_LEFT;
  const change = (one: TableDef): TableDef => ({ ...one, sequence: { ...def, storage } });
  const beside = [countersChange(env, serial + 1), ...newPages(storage, state)];
  return changeTable(env, session, tx, sequence, change, beside);
}

const definitionOf = ({ sequence, name }: TableDef): SequenceDef =>
  sequence ?? fail('42809', `"${name}" is not a sequence`);

/** Where it stands: this writer's memory knows more than the page. */
export function sequenceState(env: Env, table: TableDef): SequenceState {
  return memoryOf(env, definitionOf(table)).state;
}

function memoryOf(env: Env, { storage }: SequenceDef): SequenceMemory {
  const known = env.engine.sequences?.get(storage);
  if (known) return known;
  const { value, isCalled } = readSequence(getPage(env, blockKeyOf(storage, STATE_BLOCK)));
  return { state: { last: value, isCalled, ahead: 0 }, lsn: env.log.durable };
}

function remember(env: Env, { storage }: SequenceDef, memory: SequenceMemory): void {
  const { engine } = env;
  engine.sequences ??= new Map();
  const { limits } = engine.config;
  if (engine.sequences.size >= limits.cachedTables && !engine.sequences.has(storage)) {
    // What is forgotten continues from its page: some values are left out.
    reach(env.ctx, limits, 'cachedTables');
    engine.sequences.clear();
  }
  engine.sequences.set(storage, memory);
}

/** May throw Blocked, and has drawn nothing then. */
export function nextValue(env: Env, session: Session, tx: SessionTx, table: TableDef): bigint {
  const def = definitionOf(table);
  const before = memoryOf(env, def);
  const drawn = session.sequences?.get(table.relation);
  const isCached = drawn?.storage === def.storage && drawn.last !== null && drawn.last !== drawn.cached;
  if (isCached) {
    waitForLog(env, session, tx, before);
    const last = (drawn.last ?? 0n) + def.increment;
    recordDrawn(session, table, { ...drawn, last });
    return last;
  }
  const { result, cached, state, logged } = drawNext(table.name, def, before.state);
  let { lsn } = before;
  if (logged !== null && !has(env.mutants, 'engine.sequence-not-logged')) {
    requireXid(env, session, tx);
    lsn = appendChanges(
      env,
      [stateChange(def.storage, { value: logged, isCalled: true }, false)],
      false,
      tx.xid,
    );
  } else waitForLog(env, session, tx, before);
  remember(env, def, { state, lsn });
  recordDrawn(session, table, { storage: def.storage, last: result, cached });
  return result;
}

/** Whoever gets a value whose record is not durable has its commit wait for it: no value is seen that a crash gives again. */
function waitForLog(env: Env, session: Session, tx: SessionTx, { lsn }: SequenceMemory): void {
  if (lsn > env.log.durable) requireXid(env, session, tx);
}

function recordDrawn(
  session: Session,
  { relation }: TableDef,
  drawn: { readonly storage: number; readonly last: bigint | null; readonly cached: bigint },
): void {
  session.sequences ??= new Map();
  if (session.sequences.size >= DRAWN_MAX && !session.sequences.has(relation)) session.sequences.clear();
  session.sequences.set(relation, drawn);
  session.lastSequence = relation;
}

/** Sequences of which a session remembers its last value; beyond it forgets all. */
const DRAWN_MAX = 256;

export function setValue(
  env: Env,
  session: Session,
  tx: SessionTx,
  table: TableDef,
  value: bigint,
  isCalled: boolean,
): bigint {
  const def = definitionOf(table);
  checkSetValue(table.name, def, value);
  getPage(env, blockKeyOf(def.storage, STATE_BLOCK));
  requireXid(env, session, tx);
  const lsn = appendChanges(env, [stateChange(def.storage, { value, isCalled }, false)], false, tx.xid);
  remember(env, def, { state: { last: value, isCalled, ahead: 0 }, lsn });
  const { lastSequence } = session;
  const last = isCalled ? value : (session.sequences?.get(table.relation)?.last ?? null);
  recordDrawn(session, table, { storage: def.storage, last, cached: last ?? value });
  if (lastSequence === undefined) delete session.lastSequence;
  else session.lastSequence = lastSequence;
  return value;
}

/** 55000 when the session has drawn none. */
export function currentValue(session: Session, table: TableDef | null): bigint {
  const relation = table?.relation ?? session.lastSequence;
  const last = relation === undefined ? null : (session.sequences?.get(relation)?.last ?? null);
  if (last !== null) return last;
  if (table === null) return fail('55000', 'lastval is not yet defined in this session');
  return fail('55000', `currval of sequence "${table.name}" is not yet defined in this session`);
}
