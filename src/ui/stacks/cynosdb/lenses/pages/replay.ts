// A read at a point as a store does it (WAL-35), one step at a time: the base version, each record of the chain up to the
// read point, and where it stops. The steps' pages come out of the same redo as the store's own.

import { BadBytes } from '../../../../../base/bytes.ts';
import { lsn } from '../../../../../base/ids.ts';
import type { ChainRecordView, StorePageView } from '../../../../../core/log-store/store-view.ts';
import type { PageKey } from '../../../../../core/page/page-key.ts';
import { applyRecords } from '../../../../../core/page/redo.ts';
import { type ReadChange, readChange } from '../../../../../core/page/redo-read.ts';

export interface ReplayStep {
  readonly kind: 'base' | 'apply' | 'stop';
  /** LSN of the base, of the record, or of the first record beyond the read point. */
  readonly lsn: number;
  readonly record: ChainRecordView | null;
  readonly change: ReadChange | null;
  /** The page after this step; null when its base is on disk only, or nothing is there yet. */
  readonly page: Uint8Array | null;
}

function applyTo(page: Uint8Array | null, record: ChainRecordView, pageBytes: number): Uint8Array | null {
  if (page === null && !record.init) return null;
  const change = { ...record, lsn: lsn(record.lsn), blockKey: record.blockKey as PageKey };
  try {
    return applyRecords(page, [change], pageBytes);
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

/** `until`: the read point; records after it are not applied, the first of them is the stop. */
export function replaySteps(view: StorePageView, pageBytes: number): readonly ReplayStep[] {
  const steps: ReplayStep[] = [];
  let page = view.base;
  if (view.baseLsn >= 0) steps.push({ kind: 'base', lsn: view.baseLsn, record: null, change: null, page });
  for (const record of view.records) {
    if (record.lsn <= view.baseLsn) continue;
    if (record.lsn > view.at) {
      steps.push({ kind: 'stop', lsn: record.lsn, record, change: readChange(record), page });
      return steps;
    }
    page = applyTo(page, record, pageBytes);
    steps.push({ kind: 'apply', lsn: record.lsn, record, change: readChange(record), page });
  }
  return steps;
}

/** The page as the read gives it. */
export const replayed = (steps: readonly ReplayStep[]): Uint8Array | null => steps.at(-1)?.page ?? null;

/** The record that made the version in `slot`, as far as the chain still has it. */
export function recordOfSlot(view: StorePageView, slot: number): ChainRecordView | null {
  const made = view.records.filter((record) => {
    if (record.lsn > view.at) return false;
    const change = readChange(record);
    return (change.kind === 'insert' || change.kind === 'update') && change.slot === slot;
  });
  return made.at(-1) ?? null;
}
