// A reader of shared storage parses WAL metadata (LI-34, LI-35): each record's entries go into LogIndex and pages in the pool become
// OUTDATE; no page is read or changed. applyLsn moves from MTR to MTR, so that a split is seen whole or not at all (LI-7).

import type { Lsn } from '../../base/ids.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { PageKey } from '../page/page-key.ts';
import { insertRecord, type LogIndex } from './log-index.ts';
import type { ReplayFrame } from './replay.ts';

export interface MetaRecord {
  readonly lsn: Lsn;
  readonly prevLsn: Lsn;
  /** Ends its MTR: its LSN is a CPL. */
  readonly mtrEnd: boolean;
  /** `FPSI`: a snapshot of its page, which it does not change (LI-51). */
  readonly kind: 'redo' | 'FPSI';
  readonly pages: readonly PageKey[];
}

export interface Parser {
  /** Last record whose entries are inserted. */
  parsedLsn: Lsn;
  /** Last CPL up to which every entry is inserted. */
  applyLsn: Lsn;
}

export type Parsed =
  | { readonly kind: 'parsed' }
  /** No free memory table: take the writer's meta, then parse the same records again. */
  | { readonly kind: 'LOGINDEX_WAIT' }
  /** Records are missing: the reader registers again. */
  | { readonly kind: 'JOURNAL_GAP'; readonly after: Lsn; readonly prevLsn: Lsn };

/** Records that were parsed before are passed over, so a batch may come twice. */
export function parseRecords(
  parser: Parser,
  index: LogIndex,
  cache: ReadonlyMap<PageKey, ReplayFrame>,
  records: readonly MetaRecord[],
  mutants: Mutants = [],
): Parsed {
  for (const { lsn, prevLsn, mtrEnd, kind, pages } of records) {
    if (lsn <= parser.parsedLsn) continue;
    if (prevLsn !== parser.parsedLsn) return { kind: 'JOURNAL_GAP', after: parser.parsedLsn, prevLsn };
    if (kind === 'redo') {
      if (insertRecord(index, lsn, pages, mutants) === 'LOGINDEX_WAIT') return { kind: 'LOGINDEX_WAIT' };
      for (const page of pages) {
        const frame = cache.get(page);
        if (frame !== undefined && (frame.kind === 'asked' || frame.pageLsn < lsn)) frame.isOutdated = true;
      }
    }
    parser.parsedLsn = lsn;
    if (mtrEnd) parser.applyLsn = lsn;
  }
  return { kind: 'parsed' };
}
