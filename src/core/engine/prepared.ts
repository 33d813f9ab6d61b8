// Transactions that are prepared (docs/spec/transactions.md TXN-1 to TXN-6): they stand in the volume's metadata page from the commit of the
// statement that prepared them until somebody decides them. Here each has a session of its own, which has the transaction and asks for
// nothing: others see its xids in progress and wait for its rows, and no client's end takes it away. What prepares or decides is a
// small transaction itself, `twoPhase`, so that it is durable, acknowledged and put on record as any commit (WAL-19, FENCE-43).

import { assert, present } from '../../base/assert.ts';
import type { Lsn, NodeId } from '../../base/ids.ts';
import { trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { VOLUME_KEY } from '../page/page-key.ts';
import { preparedEntries } from '../page/prepared-list.ts';
import { decidePayload, OP_TX_DECIDE, OP_TX_PREPARE, preparePayload } from '../page/redo-ops.ts';
import { considerVacuum } from './auto-vacuum.ts';
import type { Env, Session, SessionTx } from './engine-state.ts';
import type { Change } from './pages.ts';
import { releaseRelations } from './relation-locks.ts';
import { releaseRows } from './row-lock-table.ts';
import { subXids } from './savepoints.ts';
import { makeSession } from './sessions.ts';
import { endXid, makeTx } from './transactions.ts';

const keyOf = (gid: string): string => `#prepared/${gid}`;

export const payloadOf = (gid: string, tx: SessionTx): Uint8Array =>
  preparePayload({ gid, xid: tx.xid, subs: subXids(tx), written: tx.written });

/** What its commit record says beside its own xid. */
export function twoPhaseChanges(
  { mutants }: Env,
  { twoPhase }: SessionTx,
): {
  readonly changes: readonly Change[];
  readonly xids: readonly number[];
} {
  if (twoPhase === undefined) return NOTHING;
  const { kind, gid, of } = twoPhase;
  const inVolumePage = { blockKey: VOLUME_KEY, init: false };
  if (kind === 'prepare') {
    if (has(mutants, 'engine.prepare-forgotten')) return NOTHING;
    return { changes: [{ ...inVolumePage, op: OP_TX_PREPARE, payload: payloadOf(gid, of) }], xids: [] };
  }
  const changes = [{ ...inVolumePage, op: OP_TX_DECIDE, payload: decidePayload(of.xid) }];
  if (kind === 'rollback') return { changes, xids: [] };
  return { changes, xids: [of.xid, ...(has(mutants, 'engine.decide-without-levels') ? [] : subXids(of))] };
}

const NOTHING = { changes: [], xids: [] } as const;

/** Its commit is durable. */
export function settleTwoPhase(env: Env, session: Session, tx: SessionTx, scn: Lsn): void {
  const { twoPhase } = tx;
  if (twoPhase === undefined) return;
  const { kind, gid, of } = twoPhase;
  const { engine } = env;
  const { volume } = env.log;
  if (kind === 'prepare') {
    of.rowLocks = tx.rowLocks;
    tx.rowLocks = null;
    giveTo(env, gid, of);
    passHolders(env, session.key, keyOf(gid));
    present(engine.prepared?.get(gid), 'a name that is being prepared is taken').state = 'prepared';
    trace(env.ctx, { kind: 'tx.prepared', volume, tx: of.xid, gid, scn });
    return;
  }
  const holder = present(engine.sessions.get(keyOf(gid)), 'what is decided was prepared');
  engine.prepared?.delete(gid);
  holder.tx = null;
  trace(env.ctx, { kind: 'tx.decided', volume, tx: of.xid, gid, outcome: kind, scn });
  releaseRelations(env, holder);
  engine.sessions.delete(holder.key);
  releaseRows(env, of);
  for (const xid of [...subXids(of), of.xid]) endXid(env, xid);
  for (const relation of of.written) considerVacuum(env, relation);
}

/** The transaction is its own session's from now on. */
function giveTo({ engine, ctx }: Env, gid: string, tx: SessionTx): void {
  const session = makeSession(keyOf(gid), '' as NodeId, gid, 0, ctx.now);
  session.tx = tx;
  tx.snapshot = null;
  engine.sessions.set(session.key, session);
  for (const xid of [tx.xid, ...subXids(tx)]) {
    const top = xid === tx.xid ? 0 : tx.xid;
    engine.active.set(xid, { session: session.key, top, scn: -1 }); // in its place, where it has one
  }
}

/** CREATE INDEX CONCURRENTLY waits on for whoever has the transaction now. */
function passHolders({ engine }: Env, from: string, to: string): void {
  for (const { running } of engine.sessions.values()) {
    if (running?.task.kind !== 'index') continue;
    const { waitsFor } = running.task.work;
    const at = waitsFor?.indexOf(from) ?? -1;
    if (at >= 0) waitsFor?.splice(at, 1, to);
  }
}

/** TXN-3: what the volume's page has when its writer starts. Rows that a transaction has only locked are free. */
export function loadPrepared(env: Env, page: Uint8Array): void {
  const { engine } = env;
  const entries = preparedEntries(page);
  if (entries.length === 0 || has(env.mutants, 'engine.doubt-is-abort')) return;
  engine.prepared = new Map();
  for (const { gid, xid, subs, written } of entries) {
    const tx: SessionTx = {
      ...makeTx(env, { isolation: 'read committed', isReadOnly: false }),
      xid,
      written: [...written],
      uses: written.map((relation) => relation * 4 + 3),
      released: [...subs],
    };
    giveTo(env, gid, tx);
    engine.prepared.set(gid, { state: 'prepared', bytes: 0 });
    trace(env.ctx, { kind: 'tx.inDoubt', volume: env.log.volume, tx: xid, gid });
  }
  const ascending = [...engine.active].sort(([a], [b]) => a - b);
  engine.active.clear();
  for (const [xid, active] of ascending) engine.active.set(xid, active);
  assert((ascending.at(-1)?.[0] ?? 0) < engine.nextXid, 'prepared transactions are older than new ones');
}

/** The transaction of a name that somebody may decide. */
export const preparedTx = ({ engine }: Env, gid: string): SessionTx | null =>
  engine.sessions.get(keyOf(gid))?.tx ?? null;
