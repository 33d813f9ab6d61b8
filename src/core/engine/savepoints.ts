// Savepoints: levels of a transaction that can be undone alone. A level that writes has an xid of its own, so undoing it is
// what undoing a transaction is: nothing is written, its xid is never committed. For others all xids of a transaction are in
// progress until it ends; they are committed by one MTR, whose last record is the commit record (WAL-5).

import { has } from '../kernel/mutants.ts';
import { fail } from '../sql/failure.ts';
import { type Env, forgetTables, type Session, type SessionTx } from './engine-state.ts';
import { markRelations, type RelationMark, releaseRelations } from './relation-locks.ts';
import { releaseRows } from './row-lock-table.ts';
import type { TxSettings } from './session-settings.ts';

/** Subtransactions with an xid: more would not fit into a commit record. */
export const SUBTRANSACTIONS_MAX = 64;
export const SAVEPOINTS_MAX = 256;

/** A level, from its SAVEPOINT on. */
export interface Savepoint {
  readonly name: string;
  /** 0 until it writes. */
  xid: number;
  /** Of released levels within it. */
  readonly released: number[];
  readonly relations: RelationMark;
  readonly changedCatalog: boolean;
  /** Relations that were gone before it. */
  readonly gone: number;
  readonly settings: TxSettings | null;
}

/** Those that are committed with the transaction, in order. */
export const subXids = ({ released, savepoints }: SessionTx): readonly number[] =>
  [...released, ...savepoints.flatMap((level) => [...xidsOf(level)])].sort((a, b) => a - b);

const xidsOf = ({ xid, released }: Savepoint): readonly number[] =>
  xid === 0 ? released : [xid, ...released];

export function defineSavepoint(env: Env, session: Session, tx: SessionTx, name: string): void {
  if (tx.savepoints.length >= SAVEPOINTS_MAX)
    fail('53400', `a transaction can have at most ${SAVEPOINTS_MAX} savepoints`);
  tx.savepoints.push({
    name,
    xid: 0,
    released: [],
    relations: markRelations(env, session),
    changedCatalog: tx.changedCatalog,
    gone: tx.gone?.length ?? 0,
    settings: tx.settings,
  });
}

/** The newest level of that name; 3B001 when there is none. */
function findLevel({ savepoints }: SessionTx, name: string): number {
  const at = savepoints.findLastIndex((level) => level.name === name);
  return at < 0 ? fail('3B001', `savepoint "${name}" does not exist`) : at;
}

/** The level becomes part of the one around it. */
export function releaseSavepoint(env: Env, tx: SessionTx, name: string): void {
  const at = findLevel(tx, name);
  const levels = tx.savepoints.splice(at);
  const around = tx.savepoints[at - 1]?.released ?? tx.released;
  if (has(env.mutants, 'engine.release-forgets')) return;
  for (const level of levels) around.push(...xidsOf(level));
}

/** Undoes the level and those within it; it begins anew. Answers the xids that have ended. */
export function undoTo(env: Env, session: Session, tx: SessionTx, name: string): readonly number[] {
  const at = findLevel(tx, name);
  const ended = undoFrom(env, session, tx, at);
  tx.savepoints.length = at;
  defineSavepoint(env, session, tx, name);
  return ended;
}

/** A statement failed: its level is undone and waits for ROLLBACK TO. */
export const undoInnermost = (env: Env, session: Session, tx: SessionTx): readonly number[] =>
  undoFrom(env, session, tx, tx.savepoints.length - 1);

function undoFrom(env: Env, session: Session, tx: SessionTx, at: number): readonly number[] {
  const level = tx.savepoints[at];
  if (!level) return [];
  const gone = tx.savepoints.slice(at).flatMap(xidsOf);
  for (const one of tx.savepoints.slice(at)) {
    one.xid = 0;
    one.released.length = 0;
  }
  releaseRelations(env, session, level.relations);
  releaseRows(env, tx, gone);
  if (tx.changedCatalog) forgetTables(env.engine);
  tx.changedCatalog = level.changedCatalog;
  if (tx.gone) tx.gone.length = level.gone;
  tx.settings = level.settings;
  if (!has(env.mutants, 'engine.undo-keeps-level')) return gone;
  tx.released.push(...gone);
  return [];
}

/** Refuses another xid when the transaction has as many as it may have. */
export function checkSubtransactions(tx: SessionTx): void {
  if (subXids(tx).length < SUBTRANSACTIONS_MAX) return;
  fail('53400', `a transaction can have at most ${SUBTRANSACTIONS_MAX} subtransactions that write`);
}
