// The client table (FENCE-43, in the form this issue needs): a few pages that hold, for each client, the request whose
// transaction changed the table last. The entry is written just before the commit record and counts only if that
// transaction is committed, so it is durable exactly when the commit is. With it a new writer can answer a repeated
// request without doing it twice.

import { hashText, makeHash } from '../../base/hash.ts';
import { reach } from '../kernel/limits.ts';
import { has } from '../kernel/mutants.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { clientSetPayload, OP_CLIENT_SET } from '../page/redo-ops.ts';
import { type ClientEntry, clientDisplacedXid, findClient } from '../page/system-page.ts';
import type { Env, Session } from './engine-state.ts';
import { type Change, getPage, requirePage } from './pages.ts';
import { isCommitted, isInProgress } from './transactions.ts';

/** The table's relation, in the volume's first group. It has `clientBlocks` pages; a full one displaces its oldest entry. */
export const CLIENT_RELATION = 2;

function hashSession(session: Pick<Session, 'node' | 'name'>): {
  readonly low: number;
  readonly high: number;
} {
  const h = makeHash();
  hashText(h, session.node);
  hashText(h, session.name);
  return { low: h.lo >>> 0, high: h.hi >>> 0 };
}

const clientKey = (block: number): PageKey => pageKey(CLIENT_RELATION, 0, block);

/** Whether the volume has the page of the session's entry; then it is here. May throw Blocked. */
function hasClientPage(env: Env, session: Session, block: number): boolean {
  const { clientBlocks } = env.engine;
  if (clientBlocks[block] === 'absent') return false;
  const blockKey = clientKey(block);
  if (clientBlocks[block] === 'unknown' && session.lostPage === blockKey) {
    clientBlocks[block] = 'absent';
    session.lostPage = null;
    return false;
  }
  requirePage(env, blockKey);
  clientBlocks[block] = 'made';
  return true;
}

/** The transaction by which a client is on record; null: it was displaced. */
export function clientXid(env: Env, node: Session['node'], name: string): number | null {
  const hash = hashSession({ node, name });
  const page = getPage(env, clientKey(hash.low % env.engine.config.limits.clientBlocks));
  return findClient(page, hash.low, hash.high)?.xid ?? null;
}

/** In the place of a statement's number: it commits more than once, and this was not the last time. */
export const UNFINISHED = 0x7fff;
/**
 * Beside the statement's number: an earlier statement of the request had committed. The entry takes the place of that commit's, so where
 * its own transaction did not come to commit, the request has still been carried out in part (FENCE-43).
 */
const AFTER_COMMIT = 0x8000;

/** What the table proves about a request of an earlier life of the writer; `displaced`: it has forgotten entries, and has none of the session. */
export type EarlierOutcome = 'none' | 'committed' | 'unknown' | 'displaced';

/**
 * Was this request of `statements` statements carried out before? `committed` needs the commit on record to be its last
 * possible one; a request that committed in the middle and got no further on record is unknown.
 */
export function findEarlier(env: Env, session: Session, statements: number): EarlierOutcome {
  const { sequence } = session;
  if (has(env.mutants, 'engine.forgets-clients')) return 'none';
  const hash = hashSession(session);
  const block = hash.low % env.engine.config.limits.clientBlocks;
  if (!hasClientPage(env, session, block)) return 'none';
  const page = getPage(env, clientKey(block));
  const entry = findClient(page, hash.low, hash.high);
  if (!entry) {
    if (clientDisplacedXid(page) === 0 || has(env.mutants, 'engine.displaced-is-new')) return 'none';
    reach(env.ctx, env.engine.config.limits, 'clientBlocks');
    return 'displaced';
  }
  if (entry.incarnation !== session.incarnation || entry.sequence < sequence) return 'none';
  if (entry.sequence > sequence) return 'unknown';
  if (isInProgress(env, entry.xid)) return 'unknown';
  if (!isCommitted(env, entry.xid)) return isAfterCommit(env, entry) ? 'unknown' : 'none';
  const part = entry.part & UNFINISHED;
  if (part === UNFINISHED) return 'unknown';
  if (part >= statements - 1 || has(env.mutants, 'engine.part-is-all')) return 'committed';
  return has(env.mutants, 'engine.part-is-none') ? 'none' : 'unknown';
}

/** Has the entry's request committed something, whatever became of the entry's own transaction? */
export const isAfterCommit = (
  { mutants }: Pick<Env, 'mutants'>,
  { part }: Pick<ClientEntry, 'part'>,
): boolean => (part & AFTER_COMMIT) !== 0 && !has(mutants, 'engine.forgets-first-commit');

/** The change that puts the request on record, which has committed before or not; its MTR precedes the commit record. */
export function clientChange(
  env: Env,
  session: Session,
  xid: number,
  part: number,
  hasCommitted: boolean,
): Change {
  const hash = hashSession(session);
  const block = hash.low % env.engine.config.limits.clientBlocks;
  const isMade = hasClientPage(env, session, block);
  const payload = clientSetPayload({
    hashLow: hash.low,
    hashHigh: hash.high,
    incarnation: session.incarnation,
    sequence: session.sequence,
    xid,
    part: hasCommitted ? part | AFTER_COMMIT : part,
  });
  return { blockKey: clientKey(block), op: OP_CLIENT_SET, init: !isMade, payload };
}

/** After the change was appended. */
export function recordClientMade(env: Env, session: Session): void {
  env.engine.clientBlocks[hashSession(session).low % env.engine.config.limits.clientBlocks] = 'made';
}
