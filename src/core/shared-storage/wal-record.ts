// What those who parse WAL know of a record (docs/spec/logindex.md LI-3, LI-20): not what it does, but which pages it names and how long it is.

import type { EncodedRecord } from '../log/record.ts';
import { pagesOf } from '../page/record-pages.ts';
import { ddlNote } from '../page/redo-ops.ts';
import type { WalRecord } from './messages.ts';

export const walRecordOf = ({ record, bytes }: EncodedRecord): WalRecord => ({
  lsn: record.lsn,
  prevLsn: record.prevVolume,
  length: bytes.length,
  mtrEnd: record.cpl,
  pages: pagesOf(record),
  ddl: ddlNote(record.op, record.payload),
});
