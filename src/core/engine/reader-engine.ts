// The engine on a reader (docs/spec/readers.md): it serves SELECT at read points that the journal has made visible. Every
// page, the commit log included, is read as of the view's read point, so a commit is seen there exactly when its SCN is at
// or below it, and no list of transactions is needed. Nothing is pruned, logged or written.

import type { Lsn } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { type PageKey, relationOf } from '../page/page-key.ts';
import { dropLoading, emptyPool, findPage, isLoading, reloadPage, startLoading } from './buffer-pool.ts';
import { CATALOG } from './catalog.ts';
import { makeEnv } from './engine-env.ts';
import { type EngineState, type Env, forgetTables } from './engine-state.ts';
import { engineMinReadPoint } from './engine-view.ts';
import { addVersion, applyVersion, trimAllVersions } from './page-versions.ts';
import { makeRoom } from './pages.ts';
import type { EnginePorts, ReaderCache } from './ports.ts';
import { runReady } from './run-loop.ts';
import { wakeFrameWaiters, wakeSession } from './waits.ts';

/** The volume can be read. */
export function openReader(engine: EngineState, ctx: RoleContext, ports: EnginePorts): void {
  makeEnv(engine, ctx, ports);
  engine.phase = 'open';
  engine.volume = ports.log.volume;
  engine.nextXid = Number.MAX_SAFE_INTEGER;
}

export function readerCache(engine: EngineState, ctx: RoleContext, ports: EnginePorts): ReaderCache {
  const { pool, versions } = engine;
  return {
    load(blockKey) {
      if (!makeRoom(makeEnv(engine, ctx, ports), 1, [])) return false;
      startLoading(pool, blockKey);
      ports.pages.requestPage(blockKey);
      return true;
    },
    isViewed: () => engineMinReadPoint(engine, ports) < ports.pages.readPoint,
    state(blockKey) {
      if (!pool.index.has(blockKey)) return 'absent';
      return isLoading(pool, blockKey) ? 'loading' : 'here';
    },
    apply(blockKey, records) {
      if (!versions) return;
      const mrpl = engineMinReadPoint(engine, ports);
      if (applyVersion(pool, versions, blockKey, records, mrpl)) return;
      // READ-4: they do not continue this page, so the page is not what it should be.
      reloadPage(pool, blockKey);
      ports.pages.requestPage(blockKey);
    },
    outdate(blockKey, upTo) {
      const page = versions ? findPage(pool, blockKey) : null;
      if (!versions || page === null) return;
      if (upTo >= engineMinReadPoint(engine, ports)) addVersion(versions, blockKey, page, upTo);
      reloadPage(pool, blockKey);
      if (engine.pageWaiters.has(blockKey)) ports.pages.requestPage(blockKey);
      else dropLoading(pool, blockKey);
    },
    released(blockKey, cpl) {
      if (!versions || relationOf(blockKey) !== CATALOG.relation) return;
      versions.catalogLsn = cpl;
      forgetTables(engine);
      engine.plans.clear();
    },
  };
}

/** A page as of an older read point has come; null: there is none. */
export function onVersion(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  blockKey: PageKey,
  rp: Lsn,
  page: Uint8Array | null,
): void {
  if (page !== null && engine.versions) addVersion(engine.versions, blockKey, page, rp);
  wakeReaders(engine, blockKey, (env) => {
    if (page === null && env.session) env.session.lostPage = blockKey;
  });
  runReady(makeEnv(engine, ctx, ports));
}

/** READ-28: the page is not to be had at `rp`; views at or below it cannot go on. */
export function onStale(
  engine: EngineState,
  ctx: RoleContext,
  ports: EnginePorts,
  blockKey: PageKey,
  rp: Lsn,
): void {
  wakeReaders(engine, blockKey, ({ session }) => {
    const at = session?.tx?.snapshot?.readPoint ?? rp;
    if (session && at <= rp) session.stale = 'belowFloor';
  });
  dropLoading(engine.pool, blockKey);
  wakeFrameWaiters(engine);
  runReady(makeEnv(engine, ctx, ports));
}

/** Whoever waits for the page goes on and looks again; its frame stays. */
function wakeReaders(
  engine: EngineState,
  blockKey: PageKey,
  mark: (env: Pick<Env, 'session'>) => void,
): void {
  for (const key of engine.pageWaiters.get(blockKey) ?? []) {
    const session = engine.sessions.get(key);
    if (session?.waiting?.kind !== 'page' || session.waiting.blockKey !== blockKey) continue;
    mark({ session });
    wakeSession(engine, key, 'page');
  }
  engine.pageWaiters.delete(blockKey);
}

/** READ-30: the stream begins anew; what is in use is read again. */
export function restartReader(engine: EngineState, ports: EnginePorts): void {
  engine.versions?.older.clear();
  forgetTables(engine);
  engine.plans.clear();
  for (const blockKey of emptyPool(engine.pool)) ports.pages.requestPage(blockKey);
}

/** READ-17: what no open view can need any more goes. */
export function trimReader(engine: EngineState, ports: EnginePorts): Lsn {
  const mrpl = engineMinReadPoint(engine, ports);
  if (engine.versions) trimAllVersions(engine.versions, mrpl);
  return mrpl;
}

/** READ-28: the reader's session is revoked: what waits is not answered from old pages. A statement that waits for a page fails now and
 * lets go of its pages, so that none is asked for again whose relation may be gone when the reader has joined (LI-66). */
export function endViews(engine: EngineState, ctx: RoleContext, ports: EnginePorts): void {
  for (const [key, session] of engine.sessions) {
    if (!session.tx) continue;
    session.stale = 'revoked';
    wakeSession(engine, key, 'page');
  }
  runReady(makeEnv(engine, ctx, ports));
}
