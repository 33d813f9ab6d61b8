// P9: log records applied to pages, and inserted into LogIndex and found in it, with the records of P2's load as a replica received them.
// References: the same records into a `Map` by LSN; and a `Map` of lists by page, which is what LogIndex does in memory.

import type { Lsn } from '../src/base/ids.ts';
import { type EncodedRecord, type LogRecord, readRecords } from '../src/core/log/record.ts';
import { startFind, stepFind } from '../src/core/logindex/find.ts';
import { insertEntry, type LogIndex, openLogIndex } from '../src/core/logindex/log-index.ts';
import { firstMeta } from '../src/core/logindex/meta.ts';
import { fullGeometry } from '../src/core/logindex/testing/full-geometry.ts';
import type { PageKey } from '../src/core/page/page-key.ts';
import { changeInPlace } from '../src/core/page/redo.ts';
import { benchP2 } from './clusters.ts';
import { alternate, type Bench, type Row, rateOf, type Sample } from './harness.ts';
import { makeVirtualRun } from './virtual-run.ts';

const LOADED_US = 1_000_000;
const REACH = 0.3;
/** Fits into the memory tables of the seed's geometry. */
const INDEXED = 30_000;

interface Log {
  readonly batches: readonly Uint8Array[];
  readonly records: readonly LogRecord[];
  readonly pageBytes: number;
}

async function recordLog(): Promise<Log> {
  const batches = new Map<string, { readonly first: number; readonly records: Uint8Array }>();
  const run = await makeVirtualRun(
    benchP2(),
    {},
    {
      onBatch: ({ group, first, records }) => {
        const name = `${group} ${first}`;
        if (!batches.has(name)) batches.set(name, { first, records });
      },
    },
  );
  run.forUs(LOADED_US);
  // A batch may have come twice, cut otherwise.
  const byLsn = new Map<number, EncodedRecord>();
  const inOrder = [...batches.values()].sort((a, b) => a.first - b.first).map(({ records }) => records);
  for (const bytes of inOrder) for (const one of readRecords(bytes).records) byLsn.set(one.record.lsn, one);
  const records = [...byLsn.values()].map(({ record }) => record).sort((a, b) => a.lsn - b.lsn);
  return { batches: inOrder, records, pageBytes: run.spec.params.pageBytes };
}

function replay(records: readonly LogRecord[], pageBytes: number): number {
  const pages = new Map<PageKey, Uint8Array>();
  let skipped = 0;
  for (const record of records) {
    const page = pages.get(record.blockKey);
    if (page !== undefined) changeInPlace(page, false, record);
    else if (record.init) {
      const fresh = new Uint8Array(pageBytes);
      changeInPlace(fresh, true, record);
      pages.set(record.blockKey, fresh);
    } else skipped++; // its page is from before the first batch
  }
  return skipped;
}

/** In memory tables only: nothing is saved. */
function indexOf(records: readonly LogRecord[]): LogIndex {
  const index = openLogIndex(fullGeometry, firstMeta, []);
  for (const { blockKey, lsn } of records)
    if (insertEntry(index, blockKey, lsn) === 'LOGINDEX_WAIT')
      throw new Error(`no memory table for LSN ${lsn}`);
  return index;
}

const listsOf = (records: readonly LogRecord[]): Map<PageKey, Lsn[]> => {
  const lists = new Map<PageKey, Lsn[]>();
  for (const { blockKey, lsn } of records) {
    const list = lists.get(blockKey);
    if (list) list.push(lsn);
    else lists.set(blockKey, [lsn]);
  }
  return lists;
};

function findAll(index: LogIndex, pages: readonly PageKey[], last: Lsn): number {
  let found = 0;
  for (const page of pages) {
    const result = stepFind(index, startFind(index, page, 0 as Lsn, last), null);
    if (result.kind !== 'found') throw new Error(`a table is not in memory: ${result.kind}`);
    found += result.lsns.length;
  }
  return found;
}

/** Inserts and look-ups of LogIndex in memory: records a second that are inserted, or found with those of their page. */
async function logIndexRows(all: readonly LogRecord[]): Promise<Row[]> {
  const records = all.slice(0, INDEXED);
  const lists = listsOf(records);
  const index = indexOf(records);
  const last = records.at(-1)?.lsn ?? (0 as Lsn);
  const pages = [...lists.keys()];
  const [some] = pages;
  if (some === undefined || findAll(index, pages, last) !== records.length)
    throw new Error('LogIndex lacks records');
  const samples = await alternate({
    inserted: () => rateOf(records.length, () => void indexOf(records)),
    lists: () => rateOf(records.length, () => void listsOf(records)),
    found: () => rateOf(records.length, () => void findAll(index, pages, last)),
    copied: () =>
      rateOf(records.length, () => {
        for (const page of pages) lists.get(page)?.filter((lsn) => lsn <= last);
      }),
  });
  const rowOf = (name: string, of: Sample, reference: Sample, note: string): Row => ({
    id: 'P9',
    name,
    value: of.median,
    unit: 'records/s',
    reference: reference.median,
    referenceName: 'Map of lists by page',
    ratio: of.median / reference.median,
    spread: of.spread,
    reach: `≥ ${REACH} ×`,
    isReached: of.median >= REACH * reference.median,
    note,
  });
  return [
    rowOf(
      'inserted into LogIndex',
      samples.inserted,
      samples.lists,
      `${records.length} records, ${pages.length} pages`,
    ),
    rowOf('found in LogIndex', samples.found, samples.copied, 'all records of each page, tables in memory'),
  ];
}

async function run(): Promise<Row[]> {
  const { batches, records, pageBytes } = await recordLog();
  const skipped = replay(records, pageBytes);
  if (skipped > records.length / 100) throw new Error(`${skipped} of ${records.length} records have no page`);
  const count = batches.reduce((sum, bytes) => sum + readRecords(bytes).records.length, 0);
  const samples = await alternate({
    applied: () => rateOf(records.length, () => replay(records, pageBytes)),
    read: () =>
      rateOf(count, () => {
        for (const bytes of batches) readRecords(bytes);
      }),
    map: () =>
      rateOf(records.length, () => {
        const map = new Map<number, LogRecord>();
        for (const record of records) map.set(record.lsn, record);
      }),
  });
  const rowOf = (name: string, { median, spread }: Sample, note: string): Row => ({
    id: 'P9',
    name,
    value: median,
    unit: 'records/s',
    reference: samples.map.median,
    referenceName: 'Map insert by LSN',
    ratio: median / samples.map.median,
    spread,
    reach: `≥ ${REACH} ×`,
    isReached: median >= REACH * samples.map.median,
    note,
  });
  return [
    rowOf('applied to pages', samples.applied, `${records.length} records of P2's load`),
    rowOf('read from batches and checked', samples.read, 'framing, checksum, fields'),
    ...(await logIndexRows(records)),
  ];
}

export const bench: Bench = { id: 'P9', title: 'log replay', run };
