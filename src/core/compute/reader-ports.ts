// What a reader's engine works on: pages at the visible LSN, missing ones from the stores, and a log that nobody writes
// (docs/spec/readers.md READ-3, READ-20).

import type { Lsn, NodeId, Term, TxId } from '../../base/ids.ts';
import type { EnginePorts, LogAppender, MetadataSource, PageSource, ViewsQuestion } from '../engine/ports.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import type { PageKey } from '../page/page-key.ts';
import { groupOfPage, requestVersion } from '../reader/reader-reads.ts';
import { groupReadPoint } from '../reader/receiver.ts';
import type { ReaderAttachment } from './reader-state.ts';

export class ReaderPorts implements EnginePorts, LogAppender, PageSource, MetadataSource {
  readonly term = 0 as Term;
  private readonly attachment: ReaderAttachment;
  private readonly ctx: RoleContext;
  private readonly meta: NodeId;
  /** `meta`: the first node of the metadata. */
  constructor(attachment: ReaderAttachment, ctx: RoleContext, meta: NodeId) {
    this.attachment = attachment;
    this.ctx = ctx;
    this.meta = meta;
  }
  get log(): LogAppender {
    return this;
  }
  get pages(): PageSource {
    return this;
  }
  get metadata(): MetadataSource {
    return this;
  }
  get volume(): string {
    return this.attachment.volume;
  }
  get tail(): Lsn {
    return this.attachment.receiver.vdl;
  }
  get durable(): Lsn {
    return this.attachment.receiver.vdl;
  }
  /** READ-20. */
  get readPoint(): Lsn {
    const { receiver, mutants } = this.attachment;
    return has(mutants, 'reader.reads-at-vdl') ? ((receiver.expected - 1) as Lsn) : receiver.applyLsn;
  }
  canAppend(): boolean {
    return false;
  }
  append(_records: readonly unknown[], _commit: boolean, _tx: TxId): { first: Lsn; last: Lsn } {
    return { first: -1 as Lsn, last: -1 as Lsn };
  }
  askViews(question: ViewsQuestion, of: NodeId | null): void {
    const { volume } = this.attachment;
    send(this.ctx, of ?? this.meta, { kind: 'GetViews', volume, ...question });
  }
  requestPage(blockKey: PageKey): void {
    const { receiver, classic } = this.attachment;
    // what a classic standby replays may lie below PGMRPL: its data files are of MinRecoveryPoint
    this.request(blockKey, Math.max(receiver.releasedLsn, classic?.minRecovery ?? -1) as Lsn, true);
  }
  requestVersion(blockKey: PageKey, readPoint: Lsn): void {
    this.request(blockKey, readPoint, false);
  }
  groupReadPoint(blockKey: PageKey, readPoint: Lsn): Lsn {
    const { reads, receiver } = this.attachment;
    const group = groupOfPage(reads, blockKey)?.group;
    return group === undefined ? readPoint : groupReadPoint(receiver, group, readPoint);
  }
  private request(blockKey: PageKey, rp: Lsn, isNewest: boolean): void {
    const { reads, receiver } = this.attachment;
    requestVersion(reads, this.ctx, blockKey, rp, isNewest, (group, at) =>
      groupReadPoint(receiver, group, at),
    );
  }
}
