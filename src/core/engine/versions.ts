// Versions of a row: reading tuples, following the chain from the position an index entry names (the root) to the version
// a snapshot sees, and to the newest one. A chain goes over redirects (pruned roots) and forward links, also to other
// pages, and for readers who came by an index it ends where the key changed. A chain may lead over more pages than the buffer has
// frames: a walk along it that lacks a page goes on from there, not from the root.

import {
  FROZEN,
  HEAP_ONLY,
  LARGE,
  NEW_KEY,
  redirectBlock,
  redirectSlot,
  slotOffset,
  slotType,
  slotTypes,
  tupleFlags,
  tupleForwardBlock,
  tupleForwardSlot,
  tupleXmax,
  tupleXmin,
  UPDATED,
} from '../page/heap-page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { FoundRow, Row, TableDef, Tid, Wanted } from '../sql/access.ts';
import { type Env, isOwn, type Session, type Snapshot } from './engine-state.ts';
import type { Reading } from './heap-scan.ts';
import { makeTid, tidBlock, tidSlot } from './key-codec.ts';
import type { ValueAt } from './large-codec.ts';
import { valuesOf } from './large-values.ts';
import { getPage, PageLost } from './pages.ts';
import type { ChainResume } from './resumes.ts';
import { watchTuple, watchVersion } from './serial-watch.ts';
import { isCommitted, isInProgress, seesXid } from './transactions.ts';
import { decodeAnyTuple, decodeTuple, decodeWanted } from './tuple-codec.ts';

/** Longest chain followed; a longer one is a loop in damaged pages. */
const MAX_HOPS = 100_000;

/** A tuple where it lies. */
export interface TupleAt {
  readonly page: Uint8Array;
  readonly at: number;
  readonly tid: Tid;
}

/** One function for all rows that have no large values. */
const NOT_LARGE: ValueAt = () => {
  throw new PageLost('a row without large values has one');
};
const valuesFor = (env: Env, table: TableDef, page: Uint8Array, at: number): ValueAt =>
  (tupleFlags(page, at) & LARGE) === 0 ? NOT_LARGE : valuesOf(env, table);

export const rowAt = (env: Env, table: TableDef, { page, at, tid }: TupleAt): Row =>
  decodeTuple(table, page, tidSlot(tid), at, valuesFor(env, table, page, at));

/** The row there, of columns that are not wanted null. */
export const wantedAt = (
  env: Env,
  table: TableDef,
  page: Uint8Array,
  slot: number,
  at: number,
  wanted: Wanted,
): Row =>
  wanted === null
    ? decodeTuple(table, page, slot, at, valuesFor(env, table, page, at))
    : decodeWanted(table, page, slot, at, wanted, valuesFor(env, table, page, at));

/**
 * The keys of a version that may have been undone with an ALTER TABLE: its row, of which columns that are in no index (and
 * not in `columns`) may be null.
 */
export function keyRowAt(
  env: Env,
  table: TableDef,
  { page, at, tid }: TupleAt,
  columns: readonly number[] = table.indexed,
): Row {
  const valueAt = valuesFor(env, table, page, at);
  if ((tupleFlags(page, at) & LARGE) === 0) return decodeAnyTuple(table, page, tidSlot(tid), at, valueAt);
  const wanted = table.columns.map((_, i) => columns.includes(i));
  return decodeWanted(table, page, tidSlot(tid), at, wanted, valueAt);
}

/** True when the version here surely has the keys of `row` in every index; false asks for a look at the encoded keys. */
export function hasKeyValuesOf(env: Env, table: TableDef, tuple: TupleAt, row: Row): boolean {
  const { indexed } = table;
  const wanted = (indexed[indexed.length - 1] ?? -1) + 1;
  const isLarge = (tupleFlags(tuple.page, tuple.at) & LARGE) !== 0;
  const old = isLarge
    ? keyRowAt(env, table, tuple)
    : decodeTuple(table, tuple.page, tidSlot(tuple.tid), tuple.at, NOT_LARGE, wanted);
  return indexed.every((column) => old[column] === row[column]);
}

/** The tuple at a position, or null when the slot holds none. */
export function tupleAt(env: Env, relation: number, tid: Tid): TupleAt | null {
  const page = getPage(env, blockKeyOf(relation, tidBlock(tid)));
  const slot = tidSlot(tid);
  return slotType(page, slot) === slotTypes.tuple ? { page, at: slotOffset(page, slot), tid } : null;
}

/** The tuple at a position, over redirects. */
export const tupleBehind = (env: Env, relation: number, tid: Tid): TupleAt | null =>
  tupleOnChain(env, null, { relation, root: tid, tid, xid: 0, hop: 0 }, tidBlock(tid));

/** The tuple of a chain, over redirects. A place on another page than the one before (`block`) is remembered in the session. */
function tupleOnChain(env: Env, session: Session | null, from: ChainResume, block: number): TupleAt | null {
  const { relation } = from;
  let place = from;
  let onBlock = block;
  for (let step = 0; step < MAX_HOPS; step++) {
    const { tid } = place;
    if (session && tidBlock(tid) !== onBlock) session.chainResume = place;
    onBlock = tidBlock(tid);
    const page = getPage(env, blockKeyOf(relation, onBlock));
    const slot = tidSlot(tid);
    const type = slotType(page, slot);
    if (type === slotTypes.unused) return null;
    const at = slotOffset(page, slot);
    if (type === slotTypes.tuple) return { page, at, tid };
    place = { ...from, tid: makeTid(redirectBlock(page, at), redirectSlot(page, at)) };
  }
  throw new PageLost(`relation ${relation}: redirects in a circle at ${from.tid}`);
}

/** Where the session has come to on the chain; null: it begins. */
function resumeOf({ session }: Env, relation: number, root: Tid): ChainResume | null {
  const resume = session?.chainResume ?? null;
  return resume?.root === root && resume.relation === relation ? resume : null;
}

/** The first tuple of a walk. */
function firstOnChain(env: Env, relation: number, root: Tid, resume: ChainResume | null): TupleAt | null {
  const from = resume ?? { relation, root, tid: root, xid: 0, hop: 0 };
  return tupleOnChain(env, env.session, from, tidBlock(from.tid));
}

/** The tuple that replaced `tuple`, which `hop` others were before. */
function nextOnChain(env: Env, relation: number, root: Tid, tuple: TupleAt, hop: number): TupleAt | null {
  const xid = tupleXmax(tuple.page, tuple.at);
  const next = { relation, root, tid: forwardTid(tuple), xid, hop: hop + 1 };
  return tupleOnChain(env, env.session, next, tidBlock(tuple.tid));
}

export const isFrozen = (tuple: TupleAt): boolean => (tupleFlags(tuple.page, tuple.at) & FROZEN) !== 0;
export const forwardTid = (tuple: TupleAt): Tid =>
  makeTid(tupleForwardBlock(tuple.page, tuple.at), tupleForwardSlot(tuple.page, tuple.at));
/** A successor that the index leads to as well. */
export const hasSameKeySuccessor = (tuple: TupleAt): boolean =>
  (tupleFlags(tuple.page, tuple.at) & (UPDATED | NEW_KEY)) === UPDATED;

/** What the snapshot says of the writer of the version looked at before: rows that lie together were often written together. */
export interface SeenXid {
  xid: number;
  isSeen: boolean;
}

/** Is this version the one the snapshot sees? */
export function seesTuple(
  env: Env,
  snapshot: Snapshot,
  own: number,
  page: Uint8Array,
  at: number,
  seen: SeenXid,
): boolean {
  if ((tupleFlags(page, at) & FROZEN) === 0) {
    const xmin = tupleXmin(page, at);
    if (xmin !== seen.xid) {
      seen.isSeen = seesXid(env, snapshot, own, xmin);
      seen.xid = xmin;
    }
    if (!seen.isSeen) return false;
  }
  const xmax = tupleXmax(page, at);
  return xmax === 0 || !seesXid(env, snapshot, own, xmax);
}

/** The version of the row at `root` that the snapshot sees. */
export function findVisible(
  env: Env,
  table: TableDef,
  { snapshot, own, wanted, watch }: Pick<Reading, 'snapshot' | 'own' | 'wanted' | 'watch'>,
  root: Tid,
): FoundRow | null {
  const { relation } = table;
  const known = resumeOf(env, relation, root);
  const resume = known && (known.xid === 0 || seesXid(env, snapshot, own, known.xid)) ? known : null;
  let tuple = firstOnChain(env, relation, root, resume);
  for (let hop = resume?.hop ?? 0; tuple !== null && hop < MAX_HOPS; hop++) {
    if (hop > 0 && (tupleFlags(tuple.page, tuple.at) & HEAP_ONLY) === 0) return null;
    const { page, at, tid } = tuple;
    if (!isFrozen(tuple) && !seesXid(env, snapshot, own, tupleXmin(page, at))) {
      if (watch !== null) watchVersion(watch, page, at, false);
      return null;
    }
    const xmax = tupleXmax(page, at);
    if (xmax === 0 || !seesXid(env, snapshot, own, xmax)) {
      if (watch !== null) {
        watchVersion(watch, page, at, true);
        watchTuple(watch, relation, tid);
      }
      return { tid, row: wantedAt(env, table, page, tidSlot(tid), at, wanted) };
    }
    if (!hasSameKeySuccessor(tuple)) return null;
    tuple = nextOnChain(env, relation, root, tuple, hop);
  }
  return null;
}

/** The newest committed version that replaced `tuple` (whose xmax is committed), or null when the row was deleted. */
export function findNewest(env: Env, table: TableDef, tuple: TupleAt): FoundRow | null {
  let current: TupleAt | null = tuple;
  for (let hop = 0; current !== null && hop < MAX_HOPS; hop++) {
    const xmax = tupleXmax(current.page, current.at);
    const isReplaced = xmax !== 0 && !isInProgress(env, xmax) && isCommitted(env, xmax);
    if (!isReplaced) return { tid: current.tid, row: rowAt(env, table, current) };
    if ((tupleFlags(current.page, current.at) & UPDATED) === 0) return null;
    current = tupleBehind(env, table.relation, forwardTid(current));
  }
  return null;
}

export type Liveness =
  | { readonly kind: 'none' }
  | { readonly kind: 'live'; readonly tuple: TupleAt }
  | { readonly kind: 'wait'; readonly xid: number };

/** Does a row live at `root` (for uniqueness: counting everything committed, and what is in progress as a wait)? */
export function checkLive(env: Env, { relation }: TableDef, own: number, root: Tid): Liveness {
  const known = resumeOf(env, relation, root);
  const resume = known && (known.xid === 0 || isReplacedBy(env, own, known.xid)) ? known : null;
  let tuple = firstOnChain(env, relation, root, resume);
  for (let hop = resume?.hop ?? 0; tuple !== null && hop < MAX_HOPS; hop++) {
    if (hop > 0 && (tupleFlags(tuple.page, tuple.at) & HEAP_ONLY) === 0) break;
    const xmin = tupleXmin(tuple.page, tuple.at);
    if (!isFrozen(tuple) && !isOwn(env, own, xmin)) {
      if (isInProgress(env, xmin)) return { kind: 'wait', xid: xmin };
      if (!isCommitted(env, xmin)) break;
    }
    const xmax = tupleXmax(tuple.page, tuple.at);
    if (xmax === 0) return { kind: 'live', tuple };
    if (!isOwn(env, own, xmax)) {
      if (isInProgress(env, xmax)) return { kind: 'wait', xid: xmax };
      if (!isCommitted(env, xmax)) return { kind: 'live', tuple };
    }
    if (!hasSameKeySuccessor(tuple)) break;
    tuple = nextOnChain(env, relation, root, tuple, hop);
  }
  return { kind: 'none' };
}

/** The replacing transaction is committed, or this one. */
export const isReplacedBy = (env: Env, own: number, xmax: number): boolean =>
  isOwn(env, own, xmax) || (!isInProgress(env, xmax) && isCommitted(env, xmax));
