// P9, the half that exists: log records applied to pages, with the records of P2's load as a replica received them. The
// reference inserts the same records into a `Map` by LSN. The other half, LogIndex, waits for LogIndex.

import { type EncodedRecord, type LogRecord, readRecords } from '../src/core/log/record.ts';
import type { PageKey } from '../src/core/page/page-key.ts';
import { changeInPlace } from '../src/core/page/redo.ts';
import { benchScale } from '../src/stacks/cynosdb/presets.ts';
import { alternate, type Bench, type Row, rateOf, type Sample } from './harness.ts';
import { makeVirtualRun } from './virtual-run.ts';

const LOADED_US = 1_000_000;
const REACH = 0.3;

interface Log {
  readonly batches: readonly Uint8Array[];
  readonly records: readonly LogRecord[];
  readonly pageBytes: number;
}

async function recordLog(): Promise<Log> {
  const batches = new Map<string, { readonly first: number; readonly records: Uint8Array }>();
  const run = await makeVirtualRun(
    benchScale('bench-p2', 2, 64),
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
    rowOf(
      'applied to pages',
      samples.applied,
      `${records.length} records of P2's load; LogIndex waits for LogIndex`,
    ),
    rowOf('read from batches and checked', samples.read, 'framing, checksum, fields'),
  ];
}

export const bench: Bench = { id: 'P9', title: 'log replay', run };
