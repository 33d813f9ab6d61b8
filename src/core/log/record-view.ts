// A log record as views show it: its chain links, its kind and the transaction that wrote it.

import type { GroupId } from '../../base/ids.ts';
import { opName } from '../page/redo-ops.ts';
import { txOf } from '../page/redo-read.ts';
import type { LogRecord } from './record.ts';

export interface RecordView {
  readonly lsn: number;
  readonly group: GroupId;
  readonly mtrFirst: number;
  readonly cpl: boolean;
  readonly commit: boolean;
  readonly kind: string;
  readonly blockKey: number;
  readonly prevVolume: number;
  readonly prevGroup: number;
  readonly prevBlock: number;
  readonly term: number;
  /** Transaction that wrote it, where the record says so (a page split belongs to none). */
  readonly tx?: number;
}

export function recordView(record: LogRecord): RecordView {
  const tx = txOf(record);
  return {
    lsn: record.lsn,
    group: record.group,
    mtrFirst: record.mtrFirst,
    cpl: record.cpl,
    commit: record.commit,
    kind: opName(record.op),
    blockKey: record.blockKey,
    prevVolume: record.prevVolume,
    prevGroup: record.prevGroup,
    prevBlock: record.prevBlock,
    term: record.term,
    ...(tx === null ? {} : { tx }),
  };
}
