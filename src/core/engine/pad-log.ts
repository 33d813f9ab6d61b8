// Padding: no-op records up to a wanted LSN, asked for by a tape (`padTo`), so that a lesson can speak of exact LSNs.
// They are records like any other, sent, stored and replayed. Each group has one page for them, in the last
// relation that is the system's own; its first no-op makes the page. An order is one MTR, or several when it is longer
// than LAL allows (WAL-8); it waits for room in the log like every writer (WAL-7).

import { assert } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { EMPTY, OP_NOOP } from '../page/redo-ops.ts';
import type { Env, PadOrder, Session } from './engine-state.ts';
import { appendChanges, type Change, getPage, PageLost, requireLog } from './pages.ts';
import { dropRunning, makeRunning, makeSession } from './sessions.ts';

const PAD_SESSION = '#pad';

/** Takes an order; it is carried out after those before it. */
export function orderPad(env: Env, order: PadOrder): void {
  const { engine, ctx } = env;
  if (engine.phase !== 'open') return;
  const known = engine.sessions.get(PAD_SESSION)?.running?.task;
  if (known?.kind === 'pad') {
    known.orders.push(order);
    return;
  }
  const session = makeSession(PAD_SESSION, '' as NodeId, '', 0, ctx.now);
  session.running = makeRunning({ kind: 'pad', orders: [order], absent: [] });
  session.isKnown = true;
  engine.sessions.set(PAD_SESSION, session);
  engine.ready.push(PAD_SESSION);
}

/** Page of a group's no-ops: the relation before the first one that tables get. */
function padKey(env: Env, group: number): PageKey {
  const relations = env.engine.config.groupRelations[group];
  assert(relations !== undefined, 'a group of the volume');
  return pageKey(relations.first - 1, 0, 0);
}

/** Works on the orders until one must wait. May throw Blocked. */
export function runPad(env: Env, session: Session): void {
  const { engine } = env;
  const task = session.running?.task;
  assert(task?.kind === 'pad', 'the session of the padding');
  for (let order = task.orders[0]; order !== undefined; order = task.orders[0]) {
    const count = Math.min(order.upTo - env.log.tail, order.mtrLimit);
    if (count <= 0) {
      task.orders.shift();
      continue;
    }
    requireLog(env, count);
    appendChanges(env, noops(env, task.absent, order, count));
  }
  dropRunning(env, session);
  engine.sessions.delete(PAD_SESSION);
}

/** The groups take turns, from the order's first record on. */
function noops(env: Env, absent: PageKey[], order: PadOrder, count: number): Change[] {
  const changes: Change[] = [];
  for (let i = 0; i < count; i++) {
    const group = order.groups[i % order.groups.length] ?? 0;
    const blockKey = padKey(env, group);
    const isMade = changes.some((change) => change.blockKey === blockKey) || hasPage(env, absent, blockKey);
    changes.push({ blockKey, op: OP_NOOP, init: !isMade, payload: EMPTY });
  }
  return changes;
}

/** Whether the group has its page; then it is here. May throw Blocked. */
function hasPage(env: Env, absent: PageKey[], blockKey: PageKey): boolean {
  if (absent.includes(blockKey) && !env.engine.pool.index.has(blockKey)) return false;
  try {
    getPage(env, blockKey);
    return true;
  } catch (error) {
    if (!(error instanceof PageLost)) throw error;
    absent.push(blockKey);
    if (env.session !== null) env.session.lostPage = null;
    return false;
  }
}
