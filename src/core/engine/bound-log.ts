// The writer's log as the engine sees it, for one step.

import type { Lsn, Term, TxId } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { PageKey } from '../page/page-key.ts';
import { appendMtr, canAppend } from '../quorum-log/writer-append.ts';
import { requestPage } from '../quorum-log/writer-reads.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';
import type { LogPort, MtrRecord } from './access.ts';

/** A class, because almost every step makes one, and closures would cost more; it is never kept in state. */
class BoundLog implements LogPort {
  private readonly writer: WriterState;
  private readonly ctx: RoleContext;
  constructor(writer: WriterState, ctx: RoleContext) {
    this.writer = writer;
    this.ctx = ctx;
  }
  get term(): Term {
    return this.writer.term;
  }
  get vdl(): Lsn {
    return this.writer.vdl;
  }
  get tail(): Lsn {
    return this.writer.tail;
  }
  canAppend(count: number): boolean {
    return canAppend(this.writer, this.ctx, count);
  }
  appendMtr(records: readonly MtrRecord[], commit: boolean, tx: TxId): { first: Lsn; last: Lsn } {
    return appendMtr(this.writer, this.ctx, records, commit, tx);
  }
  requestPage(blockKey: PageKey): void {
    requestPage(this.writer, this.ctx, blockKey);
  }
}

export const bindLog = (writer: WriterState, ctx: RoleContext): LogPort => new BoundLog(writer, ctx);
