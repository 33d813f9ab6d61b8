// What the engine tells about itself: the least read point it still needs, and the inspector's numbers.

import type { Lsn, Time } from '../../base/ids.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import { pageKind, pageKinds } from '../page/page.ts';
import { relationOf } from '../page/page-key.ts';
import type { TableDef } from '../sql/access.ts';
import { formatValue } from '../sql/text-form.ts';
import { countBuffer, frameViews, peekPage } from './buffer-pool.ts';
import type {
  BlockedSessionView,
  BufferView,
  OlderVersionView,
  OpenBlockView,
  SessionView,
  TableView,
} from './buffer-view.ts';
import { CATALOG } from './catalog.ts';
import type { EngineProgram, EngineRuntime } from './engine-program.ts';
import type { EngineState, Session, Waiting } from './engine-state.ts';
import { planViews } from './explained.ts';
import type { PageSource } from './ports.ts';
import { isLocked, waitsFor } from './waits-for.ts';

type PointPorts = { readonly pages: Pick<PageSource, 'readPoint'> };

/** WAL-25: the least read point of an open view, at most VDL. */
export function engineMinReadPoint(engine: EngineState, { pages }: PointPorts): Lsn {
  let least = pages.readPoint;
  for (const session of engine.sessions.values()) {
    const readPoint = session.tx?.snapshot?.readPoint;
    if (readPoint !== undefined && readPoint < least) least = readPoint;
  }
  return least;
}

/** READ-6, READ-19: what a reader is sent of transactions and locks. */
export function runtimeOf(engine: EngineState): EngineRuntime {
  const activeXids = [...engine.active.keys()];
  const locks = new Set<number>();
  for (const { tx } of engine.sessions.values()) for (const relation of tx?.uses ?? []) locks.add(relation);
  const { nextXid } = engine;
  return { nextXid, minXid: activeXids[0] ?? nextXid, activeXids, locks: [...locks].sort((a, b) => a - b) };
}

export function engineView(
  engine: EngineState,
  now: Time,
  params: ViewParams,
): ReturnType<EngineProgram<EngineState>['engineView']> {
  let lockWaits = 0;
  let sessions = 0;
  const blocked: BlockedSessionView[] = [];
  const blocks: OpenBlockView[] = [];
  for (const session of engine.sessions.values()) {
    if (session.node === '') continue;
    sessions++;
    if (blocks.length < SESSIONS_LISTED) addBlock(session, now, blocks);
    if (session.waiting === null) continue;
    if (isLocked(session.waiting)) lockWaits++;
    if (blocked.length < SESSIONS_LISTED) addBlocked(engine, session, session.waiting, blocked);
  }
  return {
    commitsWaiting: engine.commits.slice(0, 64).map(({ xid, scn, since }) => ({
      tx: xid,
      scn,
      sinceUs: now - since,
    })),
    activeTransactions: engine.active.size,
    lockWaits,
    blocked,
    blocks,
    sessions,
    buffer: countBuffer(engine.pool, engine.vdl),
    ...(params.pages === true || params.wanted ? { pages: bufferView(engine, params) } : {}),
    ...(params.plans === true ? { plans: planViews(engine) } : {}),
    ...(params.log === true ? { sessionViews: sessionViews(engine) } : {}),
  };
}

/** Sessions listed, pages of a tree shown. */
const SESSIONS_LISTED = 64;
const TREE_PAGES = 128;

/** Key of the session that a lock is waited for, or ''. */
function holderOf(engine: EngineState, waiting: Waiting): string {
  if (waiting.kind === 'relation' || waiting.kind === 'virtualxid' || waiting.kind === 'advisory')
    return waiting.holder;
  return waiting.kind === 'lock' ? (engine.active.get(waiting.xid)?.session ?? '') : '';
}

function addBlocked(
  engine: EngineState,
  { name, node }: Session,
  waiting: Waiting,
  blocked: BlockedSessionView[],
): void {
  if (waiting.kind === 'commit' || waiting.kind === 'turn') return;
  const holder = engine.sessions.get(holderOf(engine, waiting));
  blocked.push({
    session: name,
    node,
    waiting: waiting.kind,
    waitsFor: waitsFor(waiting),
    ...(waiting.kind === 'lock' && waiting.row ? { row: waiting.row } : {}),
    ...(holder ? { holder: { session: holder.name, node: holder.node } } : {}),
  });
}

function addBlock({ name, node, block, tx }: Session, now: Time, blocks: OpenBlockView[]): void {
  const isFailed = block === 'failed';
  if (!isFailed && (tx === null || block !== 'explicit')) return;
  blocks.push({
    session: name,
    node,
    isFailed,
    isolation: tx?.isolation ?? null,
    sinceUs: tx === null ? 0 : now - tx.startedAt,
    tx: tx?.xid ?? 0,
    readPoint: tx?.snapshot?.readPoint ?? -1,
    rowLocks: tx?.rowLocks?.rows.length ?? 0,
  });
}

/** Sessions that hold a read point, have written or wait for something. */
function sessionViews(engine: EngineState): SessionView[] {
  const views: SessionView[] = [];
  for (const { name, node, tx, waiting } of engine.sessions.values()) {
    if (node === '' || (tx === null && waiting === null)) continue;
    if (views.length >= SESSIONS_LISTED) break;
    views.push({
      session: name,
      node,
      tx: tx?.xid ?? 0,
      readPoint: tx?.snapshot?.readPoint ?? -1,
      waiting: waiting?.kind ?? null,
      waitsFor: waitsFor(waiting),
    });
  }
  return views;
}

const tableView = ({
  name,
  relation,
  keyRelation,
  columns,
  base,
  primaryKey,
  indexes,
}: TableDef): TableView => ({
  name,
  relation,
  keyRelation,
  columns: columns.map(({ name: column, type, missing }) => ({
    name: column,
    type,
    ...(missing !== undefined && { missing: formatValue(missing) ?? '' }),
  })),
  ...(base !== undefined && { base }),
  primaryKey,
  indexes: indexes
    .filter(({ constraint }) => constraint !== 'primary')
    .map((index) => ({ name: index.name, relation: index.relation })),
});

/** The page, and when it is one of a B+tree all of the tree that are in the buffer. */
function withTree(engine: EngineState, blockKey: number): readonly number[] {
  const page = peekPage(engine.pool, blockKey);
  if (page === null) return [];
  if (pageKind(page) !== pageKinds.btree) return [blockKey];
  const relation = relationOf(blockKey);
  return [...engine.pool.index.keys()].filter((key) => relationOf(key) === relation);
}

function imagesOf(engine: EngineState, params: ViewParams): BufferView['images'] {
  const keys = new Set((params.wanted ?? []).flatMap(({ blockKey }) => withTree(engine, blockKey)));
  return [...keys]
    .sort((a, b) => a - b)
    .slice(0, TREE_PAGES)
    .flatMap((blockKey) => {
      const bytes = peekPage(engine.pool, blockKey);
      return bytes === null ? [] : [{ blockKey, bytes }];
    });
}

function olderVersions({ versions }: EngineState, params: ViewParams): Pick<BufferView, 'older'> {
  if (!versions) return {};
  const keys = new Set((params.wanted ?? []).map(({ blockKey }) => blockKey));
  const older = [...versions.older]
    .filter(([blockKey]) => keys.has(blockKey))
    .flatMap(([blockKey, list]) =>
      list.map(({ page, lsn, upTo }): OlderVersionView => ({ blockKey, lsn, upTo, bytes: page })),
    );
  return { older };
}

function bufferView(engine: EngineState, params: ViewParams): BufferView {
  return {
    frames: frameViews(engine.pool, engine.vdl),
    tables: [CATALOG, ...(engine.given ?? engine.tables).values()]
      .filter(({ view, sequence }) => !view && !sequence)
      .map(tableView),
    pageBytes: engine.config.pageBytes,
    images: imagesOf(engine, params),
    ...olderVersions(engine, params),
    active: [...engine.active.keys()],
    nextXid: engine.nextXid,
  };
}
