// Structure check of what belongs to no table: the volume's metadata page, the commit log, the catalog, the client table.

import { BadBytes } from '../../base/bytes.ts';
import { CATALOG, namesOf } from '../../core/engine/catalog.ts';
import { CLIENT_RELATION } from '../../core/engine/client-table.ts';
import { PageLost } from '../../core/engine/pages.ts';
import { commitLogKey } from '../../core/engine/transactions.ts';
import { pageKinds } from '../../core/page/page.ts';
import { type PageKey, pageKey, VOLUME_KEY } from '../../core/page/page-key.ts';
import {
  clientEntries,
  isCommittedBit,
  readSequence,
  volumeXidLimit,
  xidsPerPage,
} from '../../core/page/system-page.ts';
import type { TableDef } from '../../core/sql/access.ts';
import { decodeTable } from '../../core/sql/catalog-row.ts';
import type { SequenceDef } from '../../core/sql/sequence.ts';
import { isRelation } from '../../core/sql/table-def.ts';
import { checkHeap } from './check-heap.ts';
import { blocksOf, type Fsck, pageOf, report } from './volume-pages.ts';

/** Reads the xid limit, which everything else is held against; false when the volume is empty. */
export function checkVolume(fsck: Fsck): boolean {
  const { pages } = fsck.source;
  if (pages.size === 0) return false;
  if (!pages.has(VOLUME_KEY)) {
    report(fsck, 'volume.missing', '', VOLUME_KEY, -1, '');
    return false;
  }
  const page = pageOf(fsck, '', VOLUME_KEY, pageKinds.volume);
  fsck.xidLimit = page === null ? 0 : volumeXidLimit(page);
  return fsck.xidLimit > 0;
}

export function checkCommitLog(fsck: Fsck): void {
  const { pageBytes } = fsck.source;
  const perPage = xidsPerPage(pageBytes);
  for (let first = 0; first < fsck.xidLimit; first += perPage) {
    const key = commitLogKey(first, pageBytes);
    if (!fsck.source.pages.has(key)) {
      report(fsck, 'clog.missing', '', key, -1, `xid ${first} < ${fsck.xidLimit}`);
      continue;
    }
    const page = pageOf(fsck, '', key, pageKinds.commitLog);
    if (page === null) continue;
    for (let xid = Math.max(first, fsck.xidLimit); xid < first + perPage; xid++)
      if (isCommittedBit(page, xid - first))
        report(fsck, 'clog.beyond', '', key, -1, `xid ${xid} ≥ ${fsck.xidLimit}`);
  }
}

/** The catalog as a heap, and the tables that it defines. */
export function checkCatalog(fsck: Fsck): TableDef[] {
  const heap = checkHeap(fsck, CATALOG);
  const tables: TableDef[] = [];
  const names = new Set<string>();
  const relations = new Set<number>();
  for (const { tid, row } of heap.visible) {
    const key = pageKey(CATALOG.relation, 0, tid.block);
    let table: TableDef;
    try {
      table = decodeTable(row);
    } catch (error) {
      if (!(error instanceof PageLost || error instanceof BadBytes)) throw error;
      report(fsck, 'catalog.row', CATALOG.name, key, tid.slot, error.message);
      continue;
    }
    takeNames(fsck, names, table, key, tid.slot);
    for (const relation of [table.relation, ...table.indexes.map((index) => index.relation)]) {
      if (relations.has(relation)) report(fsck, 'catalog.twice', table.name, key, tid.slot, `${relation}`);
      relations.add(relation);
    }
    if (table.sequence) checkSequence(fsck, table, table.sequence);
    else if (table.view === undefined && isRelation(table)) tables.push(table);
  }
  return tables;
}

/** Tables of the metadata (PCS-83) stand in no page, and what they are stored in is their tablets'. */
export function checkDefined(fsck: Fsck, tables: readonly TableDef[]): void {
  const names = new Set<string>();
  for (const table of tables) takeNames(fsck, names, table, pageKey(CATALOG.relation, 0, 0), -1);
}

/** Tables, views, sequences and indexes share their names (PCS-85). */
function takeNames(fsck: Fsck, names: Set<string>, table: TableDef, key: PageKey, place: number): void {
  for (const name of namesOf(table)) {
    if (names.has(name)) report(fsck, 'catalog.twice', table.name, key, place, name);
    names.add(name);
  }
}

/** A sequence stands at a value that it may have, on the one page of its relation. */
function checkSequence(fsck: Fsck, { name }: TableDef, { storage, min, max }: SequenceDef): void {
  const blocks = blocksOf(fsck, name, storage, pageKinds.sequence);
  const key = pageKey(storage, 0, 1);
  const page = blocks.get(1);
  if (blocks.size > 1) report(fsck, 'sequence.state', name, key, -1, `${blocks.size} pages`);
  if (page === undefined) return;
  const { value } = readSequence(page);
  if (value < min || value > max) report(fsck, 'sequence.state', name, key, -1, `${value}`);
}

export function checkClients(fsck: Fsck): void {
  const seen = new Set<string>();
  for (let block = 0; block < fsck.source.clientBlocks; block++) {
    const key = pageKey(CLIENT_RELATION, 0, block);
    if (!fsck.source.pages.has(key)) continue;
    const page = pageOf(fsck, '', key, pageKinds.clients);
    if (page === null) continue;
    clientEntries(page).forEach(({ hashLow, hashHigh, xid }, place) => {
      const name = `${hashLow}/${hashHigh}`;
      if (hashLow % fsck.source.clientBlocks !== block || seen.has(name) || xid <= 0 || xid >= fsck.xidLimit)
        report(fsck, 'clients.entry', '', key, place, `${name}, xid ${xid}`);
      seen.add(name);
    });
  }
}
