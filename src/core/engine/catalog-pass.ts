// A pass over the catalog's pages that goes on where a call had to stop. The catalog may have more pages than the buffer: a call that
// lacks one of them and is made again finds the first ones evicted by then, and would never come to an end if it began anew each time.
// What a session has read stays with it until its call comes through, and counts only as long as no definition has changed since.

import type { Lsn } from '../../base/ids.ts';
import { slotOffset, slotType, slotTypes } from '../page/heap-page.ts';
import { pageCount } from '../page/page.ts';
import { blockKeyOf } from '../page/page-key.ts';
import type { TableDef } from '../sql/access.ts';
import { decodeTable } from '../sql/catalog-row.ts';
import type { Env, SessionTx } from './engine-state.ts';
import { HEAP_START, nextInHeap } from './heap-scan.ts';
import { makeTid } from './key-codec.ts';
import { getPage, readPointOf } from './pages.ts';
import { countBlocks } from './relation.ts';
import type { CatalogEntry, CatalogPass } from './resumes.ts';
import { takeSnapshot } from './transactions.ts';
import { rowAt, type TupleAt } from './versions.ts';

const NEWEST = -1 as Lsn;

/** Rows of the catalog read together. */
const CATALOG_ROWS = 64;

/** A transaction has written into the catalog. */
export function recordCatalogChange({ engine }: Env, tx: SessionTx): void {
  tx.changedCatalog = true;
  engine.catalogChanges++;
}

/** A reader that reads as of a point before the last change of the catalog finds the definitions of that point (READ-19). */
export const keepsCatalog = (env: Env): boolean =>
  !env.engine.versions || readPointOf(env) >= env.engine.versions.catalogLsn;

function passOf(env: Env): CatalogPass {
  const { engine, session } = env;
  const { catalogChanges } = engine;
  const readPoint = keepsCatalog(env) ? NEWEST : readPointOf(env);
  const kept = session?.catalogPass;
  if (kept?.catalogChanges === catalogChanges && kept.readPoint === readPoint) return kept;
  const pass: CatalogPass = {
    catalogChanges,
    readPoint,
    entries: [],
    position: HEAP_START,
    scanResume: null,
    isWhole: false,
    lookedAt: new Map(),
  };
  if (session) session.catalogPass = pass;
  return pass;
}

/** The definitions that are visible now to a transaction, its own included, in the order of their rows. May throw Blocked between two of them. */
export function* catalogEntries(env: Env, catalog: TableDef, own: number): Generator<CatalogEntry, void> {
  const pass = passOf(env);
  yield* pass.entries;
  while (!pass.isWhole) {
    const reading = { snapshot: takeSnapshot(env), own, atMost: CATALOG_ROWS, wanted: null, watch: null };
    const step = nextInHeap(env, catalog, reading, pass.position, pass);
    if (step === null) {
      pass.isWhole = true;
      return;
    }
    const found = step.rows.map(({ row, tid }): CatalogEntry => ({ tid, table: decodeTable(row) }));
    pass.entries.push(...found);
    pass.position = step.position;
    yield* found;
  }
}

/** Looks at each version of a row, whoever has written it, until `judge` answers; `what`: the question, the same at each call. */
export function judgeVersions<T>(
  env: Env,
  catalog: TableDef,
  what: string,
  judge: (tuple: TupleAt, table: TableDef) => T | null,
): T | null {
  const { lookedAt } = passOf(env);
  const blocks = countBlocks(env, catalog.relation);
  for (let block = lookedAt.get(what) ?? 1; block < blocks; block++) {
    const page = getPage(env, blockKeyOf(catalog.relation, block));
    for (let slot = 0; slot < pageCount(page); slot++) {
      if (slotType(page, slot) !== slotTypes.tuple) continue;
      const tuple = { page, at: slotOffset(page, slot), tid: makeTid(block, slot) };
      const answer = judge(tuple, decodeTable(rowAt(env, catalog, tuple)));
      if (answer !== null) return answer;
    }
    lookedAt.set(what, block + 1);
  }
  return null;
}
