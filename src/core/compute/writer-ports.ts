// The log and the pages of a writer over a quorum log as its engine sees them, for one step.

import type { Lsn, NodeId, Term, TxId } from '../../base/ids.ts';
import type {
  EnginePorts,
  LogAppender,
  MetadataSource,
  PageSource,
  Room,
  RoomUse,
  ViewsQuestion,
} from '../engine/ports.ts';
import { forTrace, type RoleContext, send } from '../kernel/context.ts';
import type { MtrRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { appendMtr, canAppend } from '../quorum-log/writer-append.ts';
import { requestPage } from '../quorum-log/writer-reads.ts';
import type { WriterState } from '../quorum-log/writer-state.ts';

const HERE: Room = { kind: 'here' };

/** A class, because almost every step makes one, and closures would cost more; it is never kept in state. */
class WriterPorts implements EnginePorts, LogAppender, PageSource, MetadataSource {
  private readonly writer: WriterState;
  private readonly ctx: RoleContext;
  constructor(writer: WriterState, ctx: RoleContext) {
    this.writer = writer;
    this.ctx = ctx;
  }
  get log(): LogAppender {
    return this;
  }
  get pages(): PageSource {
    return this;
  }
  get metadata(): MetadataSource | null {
    return this.writer.meta === null ? null : this;
  }
  get volume(): string {
    return this.writer.volume;
  }
  get term(): Term {
    return this.writer.term;
  }
  get tail(): Lsn {
    return this.writer.tail;
  }
  get durable(): Lsn {
    return this.writer.vdl;
  }
  get readPoint(): Lsn {
    return this.writer.vdl;
  }
  get mayBegin(): boolean {
    return this.ctx.now <= this.writer.beginsUntil;
  }
  canAppend(count: number): boolean {
    return canAppend(this.writer, this.ctx, count);
  }
  roomFor(_count: number, use: RoomUse): Room {
    const { group, nodes } = this.writer.full;
    // WAL-77: what ends a transaction is appended all the same, and becomes durable when there is room
    if (group === null || use === 'end') return HERE;
    const what = `could not write to the log: no space left on the stores of ${group} (${nodes.join(', ')})`;
    return { kind: 'full', what };
  }
  append(
    records: readonly MtrRecord[],
    commit: boolean,
    tx: TxId,
    traceId: number,
  ): { first: Lsn; last: Lsn } {
    const { ctx } = this;
    // Only its event is the statement's: the batch that takes the records along is sent for whatever input comes to it.
    return appendMtr(
      this.writer,
      traceId === ctx.traceId ? ctx : forTrace(ctx, traceId),
      records,
      commit,
      tx,
    );
  }
  askViews(question: ViewsQuestion, of: NodeId | null): void {
    const { meta, volume } = this.writer;
    const to = of ?? meta;
    if (to !== null) send(this.ctx, to, { kind: 'GetViews', volume, ...question });
  }
  requestPage(blockKey: PageKey): void {
    requestPage(this.writer, this.ctx, blockKey);
  }
}

export const bindWriter = (writer: WriterState, ctx: RoleContext): EnginePorts =>
  new WriterPorts(writer, ctx);
