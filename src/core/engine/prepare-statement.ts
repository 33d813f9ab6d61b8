// PREPARE TRANSACTION, COMMIT PREPARED and ROLLBACK PREPARED (docs/spec/transactions.md TXN-1, TXN-4, TXN-5).

import { VOLUME_KEY } from '../page/page-key.ts';
import { hasPreparedRoom } from '../page/prepared-list.ts';
import type { SqlError } from '../sql/failure.ts';
import type { Analysed } from '../sql/statement.ts';
import type { Env, Running, Session, SessionTx } from './engine-state.ts';
import { getPage } from './pages.ts';
import { payloadOf, preparedTx } from './prepared.ts';
import { failStatement } from './request-steps.ts';
import { abortTx, makeTx, requireXid } from './transactions.ts';

const error = (sqlstate: string, message: string): SqlError => ({ sqlstate, message, position: null });

/** As in PostgreSQL a block that cannot be prepared is over. May throw Blocked, and has then changed nothing. */
export function prepareTransaction(env: Env, session: Session, running: Running, gid: string): void {
  const { tx } = session;
  if (session.block !== 'explicit' || tx === null) {
    const message = 'PREPARE TRANSACTION can only be used in transaction blocks';
    failStatement(env, session, running, error('25P01', message));
    return;
  }
  requireXid(env, session, tx);
  const page = getPage(env, VOLUME_KEY);
  const payload = payloadOf(gid, tx);
  const refusal = refusePrepare(env, session, tx, gid, hasRoom(env, page, payload));
  session.block = 'none';
  if (refusal !== null) {
    abortTx(env, session, refusal.sqlstate);
    failStatement(env, session, running, refusal);
    return;
  }
  env.engine.prepared ??= new Map();
  env.engine.prepared.set(gid, { state: 'preparing', bytes: payload.length });
  const { uses, settings, rowLocks } = tx;
  const own = makeTx(env, { isolation: 'read committed', isReadOnly: false });
  session.tx = { ...own, uses, settings, rowLocks, twoPhase: { kind: 'prepare', gid, of: tx } };
  running.task = { kind: 'commit', tag: 'PREPARE TRANSACTION' };
}

/** Those that are on their way into the page count as well. */
function hasRoom({ engine }: Env, page: Uint8Array, payload: Uint8Array): boolean {
  let more = 0;
  for (const { state, bytes } of engine.prepared?.values() ?? [])
    if (state === 'preparing') more += 2 + bytes;
  return hasPreparedRoom(page, payload, more);
}

function refusePrepare(
  { engine }: Env,
  { key }: Session,
  tx: SessionTx,
  gid: string,
  isRoom: boolean,
): SqlError | null {
  const unbuilt = (what: string): SqlError => error('0A000', `cannot PREPARE a transaction that ${what}`);
  if (tx.isolation === 'serializable') return unbuilt('is serializable');
  if (tx.changedCatalog || tx.gone !== undefined) return unbuilt('has changed definitions');
  if (engine.relationLine.some((one) => one.session === key)) return unbuilt('has locked a table');
  if (engine.advisory?.some((one) => one.session === key)) return unbuilt('has advisory locks');
  if (engine.prepared?.has(gid)) return error('42710', `transaction identifier "${gid}" is already in use`);
  return isRoom ? null : error('53200', 'maximum number of prepared transactions reached');
}

export function decidePrepared(
  env: Env,
  session: Session,
  running: Running,
  { gid, isCommit }: Extract<Analysed, { kind: 'endPrepared' }>,
): void {
  const known = env.engine.prepared?.get(gid);
  const of = preparedTx(env, gid);
  if (known === undefined || of === null) {
    const message = `prepared transaction with identifier "${gid}" does not exist`;
    failStatement(env, session, running, error('42704', message));
    return;
  }
  if (known.state === 'deciding') {
    const message = `prepared transaction with identifier "${gid}" is busy`;
    failStatement(env, session, running, error('55000', message));
    return;
  }
  known.state = 'deciding';
  const own = makeTx(env, { isolation: 'read committed', isReadOnly: false });
  session.tx = { ...own, twoPhase: { kind: isCommit ? 'commit' : 'rollback', gid, of } };
  running.task = { kind: 'commit', tag: isCommit ? 'COMMIT PREPARED' : 'ROLLBACK PREPARED' };
}
