// The log and the pages of a volume in files as its engine sees them, for one step.

import type { Lsn, Term, TxId } from '../../base/ids.ts';
import type { EnginePorts, LogAppender, MtrRecord, PageSource, Room, RoomUse } from '../engine/ports.ts';
import { forTrace, type RoleContext } from '../kernel/context.ts';
import type { PageKey } from '../page/page-key.ts';
import { endLocks, shareLock } from './ddl-locks.ts';
import { isUnstored, requestPage, traceStall } from './page-writer.ts';
import { roomForLog, roomForPages } from './room.ts';
import { appendRecords, mayAppend } from './shared-log.ts';
import { type SharedSeat, volumeOf } from './shared-seat.ts';

class SharedPorts<E> implements EnginePorts, LogAppender, PageSource {
  readonly metadata = null;
  readonly joinsPages = true;
  private readonly seat: SharedSeat<E>;
  private readonly ctx: RoleContext;
  constructor(seat: SharedSeat<E>, ctx: RoleContext) {
    this.seat = seat;
    this.ctx = ctx;
  }
  get log(): LogAppender {
    return this;
  }
  get pages(): PageSource {
    return this;
  }
  get volume(): string {
    return volumeOf(this.seat);
  }
  get term(): Term {
    return this.seat.token;
  }
  get tail(): Lsn {
    return this.seat.log.tail;
  }
  get durable(): Lsn {
    return this.seat.log.durable;
  }
  get readPoint(): Lsn {
    return this.seat.log.durable;
  }
  canAppend(count: number): boolean {
    return mayAppend(this.seat, this.ctx, count);
  }
  roomFor(count: number, use: RoomUse): Room {
    return roomForLog(this.seat, this.ctx, count, use);
  }
  roomForPages(made: readonly PageKey[], use: RoomUse): Room {
    return roomForPages(this.seat, this.ctx, made, use);
  }
  append(
    records: readonly MtrRecord[],
    commit: boolean,
    tx: TxId,
    traceId: number,
  ): { readonly first: Lsn; readonly last: Lsn } {
    const { seat, ctx } = this;
    seat.log.isEmpty = false;
    return appendRecords(seat, traceId === ctx.traceId ? ctx : forTrace(ctx, traceId), records, commit, tx);
  }
  shareLock(session: string, relation: number): 'granted' | 'wait' | 'timeout' {
    return shareLock(this.seat, this.ctx, session, relation);
  }
  endLocks(session: string, kept: readonly number[]): void {
    endLocks(this.seat, session, kept);
  }
  requestPage(blockKey: PageKey): void {
    requestPage(this.seat, blockKey);
  }
  isUnstored(blockKey: PageKey): boolean {
    return isUnstored(this.seat, blockKey);
  }
  recordStall(): void {
    traceStall(this.seat, this.ctx);
  }
}

export const bindShared = <E>(seat: SharedSeat<E>, ctx: RoleContext): EnginePorts =>
  new SharedPorts(seat, ctx);
