// The client table's entries as a task of an engine (docs/spec/placement.md PCS-47, FENCE-43): read, to be sent to another primary, or put on record
// as another primary sent them. It waits for pages and for room in the log like any session.

import { type Lsn, MAX } from '../../base/ids.ts';
import { pageKey } from '../page/page-key.ts';
import { clientSetPayload, OP_CLIENT_SET } from '../page/redo-ops.ts';
import { clientDisplacedXid, clientEntries, clientsPerPage, findClient } from '../page/system-page.ts';
import { CLIENT_RELATION, clientXid, isAfterCommit, UNFINISHED } from './client-table.ts';
import type { CarriedClient, ClientsTask } from './clients-task.ts';
import { appendCommit } from './commit.ts';
import type { Env, Session } from './engine-state.ts';
import { appendChanges, getPage, PageLost, requireLog } from './pages.ts';
import { dropRunning } from './sessions.ts';
import { isCommitted, makeTx, requireXid } from './transactions.ts';

export const CLIENTS_SESSION = '#clients';

const clientKey = (block: number) => pageKey(CLIENT_RELATION, 0, block);

/** May throw Blocked. */
export function runClients(env: Env, session: Session, task: ClientsTask): void {
  const { engine } = env;
  if (task.put !== null && !hasXid(env, session, task, task.put)) return;
  const lsn = task.put === null ? (-1 as Lsn) : putAll(env, task, task.put);
  if (task.put === null) readAll(env, task);
  dropRunning(env, session);
  engine.sessions.delete(CLIENTS_SESSION);
  engine.clientsDone = { found: task.found, lsn };
}

function readAll(env: Env, task: ClientsTask): void {
  const { clientBlocks } = env.engine.config.limits;
  for (; task.at < clientBlocks; task.at++) {
    const page = pageOf(env, task.at);
    if (page === null) continue;
    const found = clientEntries(page)
      .filter((entry) => isCommitted(env, entry.xid) || isAfterCommit(env, entry))
      .map(({ xid, ...entry }) => (isCommitted(env, xid) ? entry : { ...entry, part: UNFINISHED }));
    // who is not on a page that was full is not known there either: as many unknown ones as make it full
    const isFull = clientDisplacedXid(page) > 0;
    const missing = isFull ? clientsPerPage(page.length) + 1 - found.length : 0;
    for (let i = 0; i < missing; i++)
      task.found.push({ hashLow: task.at, hashHigh: 0xffff_ffff - i, incarnation: 0, sequence: 0, part: 0 });
    task.found.push(...found);
  }
}

/** PCS-122: who gave away an empty tablet has committed nothing here. False: a commit in its stead is on its way. */
function hasXid(
  env: Env,
  session: Session,
  task: ClientsTask,
  put: NonNullable<ClientsTask['put']>,
): boolean {
  const { running } = session;
  if (!put.isEmpty || task.xid !== undefined || running === null) return true;
  session.tx ??= makeTx(env, { isolation: 'read committed', isReadOnly: false });
  const xid = requireXid(env, session, session.tx);
  appendCommit(env, session, running, session.tx, 0);
  task.xid = xid;
  return false;
}

/** One record each: an entry counts by a transaction that has committed already. */
function putAll(env: Env, task: ClientsTask, put: NonNullable<ClientsTask['put']>): Lsn {
  const xid = task.xid ?? clientXid(env, put.node, put.name);
  if (xid === null) return MAX as Lsn; // nobody hears that it is done
  const { clientBlocks } = env.engine.config.limits;
  for (; task.at < put.clients.length; task.at++) {
    const entry = put.clients[task.at];
    if (entry === undefined) continue;
    const block = entry.hashLow % clientBlocks;
    const page = pageOf(env, block);
    const isMade = page !== null;
    // PCS-122: two tablets may know the same client, and the later of its requests is the one that may come again
    if (page !== null && isLater(findClient(page, entry.hashLow, entry.hashHigh), entry)) continue;
    requireLog(env, 1);
    const change = { blockKey: clientKey(block), op: OP_CLIENT_SET, init: !isMade };
    appendChanges(env, [{ ...change, payload: clientSetPayload({ ...entry, xid }) }]);
    env.engine.clientBlocks[block] = 'made';
  }
  return env.log.tail;
}

type Request = Pick<CarriedClient, 'incarnation' | 'sequence' | 'part'>;

const isLater = (known: Request | null, { incarnation, sequence, part }: Request): boolean =>
  known !== null && (known.incarnation - incarnation || known.sequence - sequence || known.part - part) > 0;

/** Null: the volume has no such page. */
function pageOf(env: Env, block: number): Uint8Array | null {
  const { clientBlocks } = env.engine;
  if (clientBlocks[block] === 'absent') return null;
  try {
    const page = getPage(env, clientKey(block));
    clientBlocks[block] = 'made';
    return page;
  } catch (error) {
    if (!(error instanceof PageLost)) throw error;
    if (env.session !== null) env.session.lostPage = null;
    clientBlocks[block] = 'absent';
    return null;
  }
}
