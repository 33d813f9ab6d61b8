// The log and the pages of a volume in files as its engine sees them, for one step.

import type { Lsn, Term, TxId } from '../../base/ids.ts';
import type { KeptWhy } from '../engine/buffer-pool.ts';
import type { EnginePorts, LogAppender, PageSource, Room, RoomUse } from '../engine/ports.ts';
import { forTrace, type RoleContext } from '../kernel/context.ts';
import type { MtrRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import { endLocks, shareLock } from './ddl-locks.ts';
import { traceKept } from './page-orders.ts';
import { isUnstored, requestPage, traceStall } from './page-writer.ts';
import { roomForLog, roomForPages } from './room.ts';
import { type SharedAttachment, volumeOf } from './shared-attachment.ts';
import { appendRecords, mayAppend } from './shared-log.ts';

class SharedPorts<E> implements EnginePorts, LogAppender, PageSource {
  readonly metadata = null;
  readonly joinsPages = true;
  private readonly attachment: SharedAttachment<E>;
  private readonly ctx: RoleContext;
  constructor(attachment: SharedAttachment<E>, ctx: RoleContext) {
    this.attachment = attachment;
    this.ctx = ctx;
  }
  get log(): LogAppender {
    return this;
  }
  get pages(): PageSource {
    return this;
  }
  get volume(): string {
    return volumeOf(this.attachment);
  }
  get term(): Term {
    return this.attachment.token;
  }
  get tail(): Lsn {
    return this.attachment.log.tail;
  }
  get durable(): Lsn {
    return this.attachment.log.durable;
  }
  get readPoint(): Lsn {
    return this.attachment.log.durable;
  }
  canAppend(count: number): boolean {
    return mayAppend(this.attachment, this.ctx, count);
  }
  roomFor(count: number, use: RoomUse): Room {
    return roomForLog(this.attachment, this.ctx, count, use);
  }
  roomForPages(made: readonly PageKey[], use: RoomUse): Room {
    return roomForPages(this.attachment, this.ctx, made, use);
  }
  append(
    records: readonly MtrRecord[],
    commit: boolean,
    tx: TxId,
    traceId: number,
  ): { readonly first: Lsn; readonly last: Lsn } {
    const { attachment, ctx } = this;
    attachment.log.isEmpty = false;
    return appendRecords(
      attachment,
      traceId === ctx.traceId ? ctx : forTrace(ctx, traceId),
      records,
      commit,
      tx,
    );
  }
  shareLock(session: string, relation: number): 'granted' | 'wait' | 'timeout' {
    return shareLock(this.attachment, this.ctx, session, relation);
  }
  endLocks(session: string, kept: readonly number[]): void {
    endLocks(this.attachment, session, kept);
  }
  requestPage(blockKey: PageKey): void {
    requestPage(this.attachment, blockKey);
  }
  isUnstored(blockKey: PageKey): boolean {
    return isUnstored(this.attachment, blockKey);
  }
  recordKept(blockKey: PageKey, why: KeptWhy): void {
    traceKept(this.attachment, this.ctx, blockKey, why);
  }
  recordStall(): void {
    traceStall(this.attachment, this.ctx);
  }
}

export const bindShared = <E>(attachment: SharedAttachment<E>, ctx: RoleContext): EnginePorts =>
  new SharedPorts(attachment, ctx);
