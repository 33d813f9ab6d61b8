// Pruning one heap page: versions that nobody can see any more make room. Positions that an index entry or another
// page's link names (heads) stay as redirects to the first version still alive; versions in between are freed at once.
// The last version of a row that is dead altogether stays while the table has an index, because vacuum needs its key.
// Pruning is never necessary: when a commit-log page is missing or the log is full, it is left for later.

import { ownedCopy } from '../../base/owned-bytes.ts';
import { has } from '../kernel/mutants.ts';
import {
  CROSS,
  FROZEN,
  HEAP_ONLY,
  heapEndPrune,
  heapRoom,
  NEW_KEY,
  prunableXid,
  redirectBlock,
  redirectFlags,
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
import { pageCount } from '../page/page.ts';
import type { PageKey } from '../page/page-key.ts';
import { blockKeyOf } from '../page/page-key.ts';
import { heapPrunePayload, OP_HEAP_PRUNE, type PruneAction, type TuplePlace } from '../page/redo-ops.ts';
import type { TableDef } from '../sql/access.ts';
import { putPage } from './buffer-pool.ts';
import type { Env } from './engine-state.ts';
import { appendChanges, getPage } from './pages.ts';
import { Blocked } from './ports.ts';
import { recordRoom } from './relation.ts';
import { computeHorizon, isCommitted, isInProgress } from './transactions.ts';

/** `dead`: nobody sees it; `aborted`: it never existed; `live`: anything else. */
export type VersionStatus = 'live' | 'dead' | 'aborted';

export function versionStatus(env: Env, horizon: number, page: Uint8Array, at: number): VersionStatus {
  const xmin = tupleXmin(page, at);
  if ((tupleFlags(page, at) & FROZEN) === 0) {
    if (isInProgress(env, xmin)) return 'live';
    if (!isCommitted(env, xmin)) return 'aborted';
  }
  const xmax = tupleXmax(page, at);
  return xmax !== 0 && xmax < horizon && isCommitted(env, xmax) ? 'dead' : 'live';
}

/** The page after pruning it if that can free anything; the same page otherwise. */
export function pruneForRoom(env: Env, table: TableDef, block: number, page: Uint8Array): Uint8Array {
  const hint = prunableXid(page);
  if (hint === 0 || hint >= computeHorizon(env)) return page;
  return prunePage(env, table, block, page);
}

/** Prunes a page that a reader found nearly full. */
export function pruneOnAccess(env: Env, table: TableDef, block: number, page: Uint8Array): Uint8Array {
  if (env.engine.versions || heapRoom(page) * 5 > page.length) return page;
  return pruneForRoom(env, table, block, page);
}

function prunePage(env: Env, table: TableDef, block: number, page: Uint8Array): Uint8Array {
  try {
    const plan = planPrune(env, table.indexes.length > 0, block, page);
    if (plan.actions.length === 0 && plan.hint === prunableXid(page)) return page;
    const blockKey = blockKeyOf(table.relation, block);
    if (plan.actions.length === 0 && has(env.mutants, 'engine.hint-unlogged'))
      return hintUnlogged(env, blockKey, page, plan.hint);
    appendChanges(env, [
      { blockKey, op: OP_HEAP_PRUNE, init: false, payload: heapPrunePayload(plan.actions, plan.hint) },
    ]);
    const pruned = getPage(env, blockKey);
    recordRoom(env, table.relation, block, heapRoom(pruned));
    return pruned;
  } catch (error) {
    if (error instanceof Blocked) return page;
    throw error;
  }
}

/** Of `engine.hint-unlogged`. */
function hintUnlogged(env: Env, blockKey: PageKey, page: Uint8Array, hint: number): Uint8Array {
  const hinted = ownedCopy(page);
  heapEndPrune(hinted, hint);
  putPage(env.engine.pool, blockKey, hinted);
  return hinted;
}

interface PrunePlan {
  readonly actions: PruneAction[];
  hint: number;
}

export function planPrune(env: Env, hasIndex: boolean, block: number, page: Uint8Array): PrunePlan {
  const horizon = computeHorizon(env);
  const count = pageCount(page);
  const status: (VersionStatus | null)[] = [];
  for (let slot = 0; slot < count; slot++)
    status.push(
      slotType(page, slot) === slotTypes.tuple
        ? versionStatus(env, horizon, page, slotOffset(page, slot))
        : null,
    );
  const plan: PrunePlan = { actions: [], hint: 0 };
  const gone = new Set<number>();
  for (let slot = 0; slot < count; slot++)
    if (isHead(page, slot)) pruneChain(page, block, slot, hasIndex, status, plan.actions, gone);
  for (let slot = 0; slot < count; slot++) {
    if (status[slot] == null || gone.has(slot)) continue;
    finishVersion(page, slot, status[slot] as VersionStatus, hasIndex, horizon, plan, gone);
  }
  return plan;
}

/** Frees aborted versions that nothing leads to, freezes old ones, and computes the hint of the page. */
function finishVersion(
  page: Uint8Array,
  slot: number,
  status: VersionStatus,
  hasIndex: boolean,
  horizon: number,
  plan: PrunePlan,
  gone: Set<number>,
): void {
  const at = slotOffset(page, slot);
  const flags = tupleFlags(page, at);
  if (status === 'aborted') {
    if ((flags & HEAP_ONLY) === 0 && hasIndex) return;
    plan.actions.push({ kind: 'free', slot });
    gone.add(slot);
    return;
  }
  if ((flags & FROZEN) === 0 && tupleXmin(page, at) < horizon) plan.actions.push({ kind: 'freeze', slot });
  const xmax = tupleXmax(page, at);
  if (status === 'live' && xmax >= horizon && (plan.hint === 0 || xmax < plan.hint)) plan.hint = xmax;
}

/** Something outside this page's chains leads to the slot. */
function isHead(page: Uint8Array, slot: number): boolean {
  const type = slotType(page, slot);
  if (type === slotTypes.redirect) return true;
  if (type !== slotTypes.tuple) return false;
  return (tupleFlags(page, slotOffset(page, slot)) & (HEAP_ONLY | CROSS)) !== HEAP_ONLY;
}

/** Collapses the dead beginning of one chain. */
function pruneChain(
  page: Uint8Array,
  block: number,
  head: number,
  hasIndex: boolean,
  status: readonly (VersionStatus | null)[],
  actions: PruneAction[],
  gone: Set<number>,
): void {
  const headAt = slotOffset(page, head);
  const isRedirect = slotType(page, head) === slotTypes.redirect;
  const flags = (isRedirect ? redirectFlags(page, headAt) : tupleFlags(page, headAt)) & CROSS;
  if (isRedirect && redirectBlock(page, headAt) !== block) return;
  const first = isRedirect ? redirectSlot(page, headAt) : head;
  if (status[first] !== 'dead') return;
  const dead: number[] = [];
  let current = first;
  let target: TuplePlace | null = { block, slot: first };
  // A place that another page's link may still name is the head of a chain of its own (vacuum can put it behind a root
  // of its own page): it is left to that chain, or it would be freed here and changed there.
  while (
    status[current] === 'dead' &&
    (current === head || !isHead(page, current)) &&
    !dead.includes(current)
  ) {
    dead.push(current);
    target = successor(page, current);
    if (target === null || target.block !== block) break;
    current = target.slot;
    if (slotType(page, current) !== slotTypes.tuple) break;
  }
  if (dead.length === 0) return;
  if (target === null) {
    // the row is dead altogether
    if (!hasIndex && flags === 0) {
      if (isRedirect) actions.push({ kind: 'free', slot: head });
      free(dead, actions, gone);
      return;
    }
    const last = dead.pop() as number;
    if (last === head || dead.length === 0) return;
    target = { block, slot: last };
  }
  actions.push({ kind: 'redirect', slot: head, target, flags });
  gone.add(head);
  free(
    dead.filter((slot) => slot !== head),
    actions,
    gone,
  );
}

function free(slots: readonly number[], actions: PruneAction[], gone: Set<number>): void {
  for (const slot of slots) {
    actions.push({ kind: 'free', slot });
    gone.add(slot);
  }
}

/** Where the next version of the same key is, or null when the row ended here. */
function successor(page: Uint8Array, slot: number): TuplePlace | null {
  const at = slotOffset(page, slot);
  if ((tupleFlags(page, at) & (UPDATED | NEW_KEY)) !== UPDATED) return null;
  return { block: tupleForwardBlock(page, at), slot: tupleForwardSlot(page, at) };
}
