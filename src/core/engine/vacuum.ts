// Vacuum: what pruning may not do alone. Rows that are dead altogether go together with their index entry (their keys are
// read from their last version), and chains that crossed pages are shortened, so that no redirect is left in between.
// Works slot by slot; each step is one MTR and may be repeated after Blocked. VACUUM has SHARE UPDATE EXCLUSIVE on a table while
// it works on it and waits for it in line, as in PostgreSQL; a vacuum by itself takes no lock and passes a table that is taken.

import { has } from '../kernel/mutants.ts';
import {
  CROSS,
  HEAP_ONLY,
  heapRoom,
  prunableXid,
  redirectBlock,
  redirectFlags,
  redirectSlot,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
} from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import { heapPrunePayload, OP_HEAP_PRUNE, type PruneAction, type TuplePlace } from '../page/redo-ops.ts';
import type { TableDef, Tid } from '../sql/access.ts';
import { isEntered } from '../sql/evaluate.ts';
import { prepareDelete } from './btree.ts';
import { CATALOG, findTable } from './catalog.ts';
import type { Env, VacuumState } from './engine-state.ts';
import { encodeKey, makeTid, tidBlock, tidSlot, withTid } from './key-codec.ts';
import { vacuumParts } from './large-vacuum.ts';
import { storesLarge } from './large-values.ts';
import { appendChanges, type Change, getPage } from './pages.ts';
import { planPrune, pruneForRoom, versionStatus } from './prune.ts';
import { countBlocks, recordRoom, spaceOf } from './relation.ts';
import { lockRelation, releaseRelations } from './relation-locks.ts';
import { settingsOf } from './session-settings.ts';
import { computeHorizon, makeTx } from './transactions.ts';
import { forwardTid, hasSameKeySuccessor, keyRowAt, type TupleAt } from './versions.ts';

/** Places of one chain that one MTR may free; a longer chain is shortened in several. */
const MAX_PLACES = 6;
/** Slots looked at in one call. */
const SLOTS_PER_CALL = 64;
const SHARE_UPDATE_EXCLUSIVE = 4;

export const makeVacuum = (tables: readonly TableDef[]): VacuumState => ({
  tables,
  table: 0,
  block: 1,
  slot: 0,
});

/**
 * The table with the indexes that it has now: rows go with all their entries. Null: it was dropped, or somebody has it alone
 * and a vacuum by itself does not wait. 'waits': the session stands in the relation's line.
 */
function currentTable(env: Env, known: TableDef, isInternal: boolean): TableDef | 'waits' | null {
  const { engine, session } = env;
  if (known === CATALOG || !session) return known;
  const { relation } = known;
  if (isInternal) {
    if (engine.relationLine.some((lock) => lock.relation === relation && lock.isGranted)) return null;
  } else {
    session.tx ??= makeTx(env, settingsOf(session));
    if (!lockRelation(env, session, session.tx, relation, SHARE_UPDATE_EXCLUSIVE)) return 'waits';
  }
  const now = findTable(env, session, known.name);
  return now?.relation === relation ? now : null;
}

/** Each table is a transaction of its own, as in PostgreSQL: a later table's wait holds up nobody. */
function goToNext(env: Env, state: VacuumState, isInternal: boolean): void {
  state.table++;
  state.block = 1;
  state.slot = 0;
  delete state.bound;
  delete state.inParts;
  const { session } = env;
  if (isInternal || !session) return;
  session.tx = null;
  releaseRelations(env, session);
}

/**
 * Works on; true when all tables are done. False: to go on in a while, or (the session waits now) when it has the lock. May
 * throw Blocked, then `state` is where to go on.
 */
export function vacuumSome(env: Env, state: VacuumState, isInternal: boolean): boolean {
  for (let budget = SLOTS_PER_CALL; budget > 0; ) {
    const known = state.tables[state.table];
    if (!known) return true;
    const table = currentTable(env, known, isInternal);
    if (table === 'waits') return false;
    if (table !== null && state.bound !== undefined && state.inParts === true) {
      budget = vacuumParts(env, table, state, state.bound, budget);
      if (budget > 0) goToNext(env, state, isInternal);
      continue;
    }
    if (table === null || state.block >= countBlocks(env, table.relation)) {
      if (table !== null && state.bound !== undefined) beginParts(state);
      else goToNext(env, state, isInternal);
      continue;
    }
    if (state.bound === undefined && storesLarge(env, table.relation)) state.bound = computeHorizon(env);
    let page = getPage(env, blockKeyOf(table.relation, state.block));
    // What dies from now on may lie behind: it counts for the next vacuum.
    if (state.block === 1 && state.slot === 0) spaceOf(env, table.relation).dead = 0;
    if (state.slot === 0) page = vacuumPrune(env, table, state.block, page);
    while (state.slot < pageCount(page) && budget > 0) {
      const isCut = vacuumSlot(env, table, state.block, state.slot, page);
      page = getPage(env, blockKeyOf(table.relation, state.block));
      budget--;
      // Where parts follow, no version that is over may stay.
      if (!isCut || state.bound === undefined) state.slot++;
    }
    if (state.slot < pageCount(page)) return false;
    recordRoom(env, table.relation, state.block, heapRoom(page));
    state.block++;
    state.slot = 0;
    budget--;
  }
  return false;
}

function beginParts(state: VacuumState): void {
  state.inParts = true;
  state.block = 1;
  state.slot = 0;
}

/** Pruning that may not be left for later: it waits for commit-log pages and for the log. */
function vacuumPrune(env: Env, table: TableDef, block: number, page: Uint8Array): Uint8Array {
  const pruned = pruneForRoom(env, table, block, page);
  const plan = planPrune(env, table.indexes.length > 0, block, pruned);
  if (plan.actions.length === 0) return pruned;
  const blockKey = blockKeyOf(table.relation, block);
  appendChanges(env, [
    { blockKey, op: OP_HEAP_PRUNE, init: false, payload: heapPrunePayload(plan.actions, plan.hint) },
  ]);
  return getPage(env, blockKey);
}

/** The chain behind a root: places that may go, and where it goes on (null: the row is dead; `last` has its key). */
interface Chain {
  readonly places: Tid[];
  readonly next: TuplePlace | null;
  readonly last: TupleAt | null;
}

/** True when the chain had more places than one MTR frees: what is left of it begins at the same slot. */
function vacuumSlot(env: Env, table: TableDef, block: number, slot: number, page: Uint8Array): boolean {
  if (table.indexes.length === 0 || !isRoot(page, slot)) return false;
  const root = makeTid(block, slot);
  const chain = walkChain(env, table, root);
  if (chain.next === null) {
    if (chain.last === null) return false;
    removeRow(env, table, root, chain.places, chain.last);
    return false;
  }
  if (chain.places.length < 2) return false;
  shorten(env, table, root, chain.places, chain.next);
  return chain.places.length >= MAX_PLACES;
}

/** Index entries name this slot. */
export function isRoot(page: Uint8Array, slot: number): boolean {
  const type = slotType(page, slot);
  const at = slotOffset(page, slot);
  if (type === slotTypes.redirect) return (redirectFlags(page, at) & CROSS) === 0;
  return type === slotTypes.tuple && (tupleFlags(page, at) & HEAP_ONLY) === 0;
}

function walkChain(env: Env, table: TableDef, root: Tid): Chain {
  const horizon = computeHorizon(env);
  const places: Tid[] = [];
  let tid = root;
  for (;;) {
    if (places.length >= MAX_PLACES)
      return { places, next: { block: tidBlock(tid), slot: tidSlot(tid) }, last: null };
    const page = getPage(env, blockKeyOf(table.relation, tidBlock(tid)));
    const slot = tidSlot(tid);
    const type = slotType(page, slot);
    const at = slotOffset(page, slot);
    const here: TuplePlace = { block: tidBlock(tid), slot };
    if (type === slotTypes.redirect) {
      places.push(tid);
      tid = makeTid(redirectBlock(page, at), redirectSlot(page, at));
      continue;
    }
    if (type !== slotTypes.tuple) return { places, next: here, last: null };
    const status = versionStatus(env, horizon, page, at);
    if (status === 'live') return { places, next: here, last: null };
    const tuple: TupleAt = { page, at, tid };
    if (status === 'aborted' && tid !== root) return { places, next: here, last: null };
    places.push(tid);
    if (status === 'aborted' || !hasSameKeySuccessor(tuple)) return { places, next: null, last: tuple };
    tid = forwardTid(tuple);
  }
}

/** Frees every place of a dead row together with its index entries. */
function removeRow(env: Env, table: TableDef, root: Tid, places: readonly Tid[], last: TupleAt): void {
  const changes: Change[] = [];
  const row = keyRowAt(env, table, last);
  for (const index of table.indexes) {
    if (!isEntered(index, row)) continue;
    const entry = prepareDelete(env, index.relation, withTid(encodeKey(table, index, row), root));
    if (entry && !has(env.mutants, 'engine.vacuum-leaves-entry')) changes.push(entry);
  }
  changes.push(...pruneChanges(env, table, places, null));
  appendChanges(env, changes);
  leavePlaces(env, table, places);
  recordRooms(env, table, places);
}

/** The root leads straight to `next`; what lay between is freed. */
function shorten(env: Env, table: TableDef, root: Tid, places: readonly Tid[], next: TuplePlace): void {
  appendChanges(
    env,
    pruneChanges(
      env,
      table,
      places.filter((tid) => tid !== root),
      { kind: 'redirect', slot: tidSlot(root), target: next, flags: 0 },
      root,
    ),
  );
  leavePlaces(env, table, places);
  recordRooms(env, table, places);
}

/** A walk that has come to a place which is free now begins anew. */
function leavePlaces({ engine }: Env, { relation }: TableDef, freed: readonly Tid[]): void {
  for (const session of engine.sessions.values()) {
    const { chainResume } = session;
    if (chainResume?.relation === relation && freed.includes(chainResume.tid)) session.chainResume = null;
  }
}

/** What was freed may lie in blocks that this vacuum has already passed. */
function recordRooms(env: Env, table: TableDef, places: readonly Tid[]): void {
  for (const block of new Set(places.map(tidBlock)))
    recordRoom(env, table.relation, block, heapRoom(getPage(env, blockKeyOf(table.relation, block))));
}

/** One prune record per page; the page's hint stays as it is. */
function pruneChanges(
  env: Env,
  table: TableDef,
  freed: readonly Tid[],
  redirect: PruneAction | null,
  root = 0,
): Change[] {
  const byBlock = new Map<number, PruneAction[]>();
  if (redirect) byBlock.set(tidBlock(root), [redirect]);
  for (const tid of freed) {
    const actions = byBlock.get(tidBlock(tid)) ?? [];
    actions.push({ kind: 'free', slot: tidSlot(tid) });
    byBlock.set(tidBlock(tid), actions);
  }
  return [...byBlock].map(([block, actions]) => {
    const blockKey = blockKeyOf(table.relation, block);
    const payload = heapPrunePayload(actions, prunableXid(getPage(env, blockKey)));
    return { blockKey, op: OP_HEAP_PRUNE, init: false, payload };
  });
}
