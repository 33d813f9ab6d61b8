// Page reads of a reader (docs/spec/readers.md READ-21, READ-22; wal.md WAL-24, WAL-27): one replica of the page's group is
// asked at (page, read point); on READ_POINT_AHEAD or silence the next one. A reader knows no SCLs, so the group read point
// says what it needs. The same page may be asked for at several read points at once.

import type { GroupId, Lsn, NodeId, RequestNumber, Time } from '../../base/ids.ts';
import { type RoleContext, send, takeRequestNumber, trace, wakeAt } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { PageKey } from '../page/page-key.ts';

export const READER_READ_TIMER = 'ro.read';

export interface ReaderRead {
  readonly reqId: RequestNumber;
  readonly blockKey: PageKey;
  readonly rp: Lsn;
  readonly groupRp: Lsn;
  /** Its page is kept up by the journal from here on (READ-15); else it is read as of an older point. */
  readonly isNewest: boolean;
  /** Place among the group's replicas. */
  asked: number;
  refusals: number;
  deadline: Time;
}

export interface ReaderReads {
  readonly volume: string;
  readonly timeoutUs: number;
  descriptors: readonly Descriptor[];
  readonly pending: Map<RequestNumber, ReaderRead>;
  timerAt: number;
}

export const makeReaderReads = (volume: string, timeoutUs: number): ReaderReads => ({
  volume,
  timeoutUs,
  descriptors: [],
  pending: new Map(),
  timerAt: -1,
});

export const groupOfPage = (r: ReaderReads, blockKey: PageKey): Descriptor | undefined =>
  r.descriptors.find(({ keyFirst, keyEnd }) => blockKey >= keyFirst && blockKey < keyEnd);

const replicasOf = ({ sets, learners }: Descriptor): readonly NodeId[] => [
  ...new Set([...sets.flat(), ...learners]),
];

/** Asking again for what is asked does nothing. */
export function requestVersion(
  r: ReaderReads,
  ctx: RoleContext,
  blockKey: PageKey,
  rp: Lsn,
  isNewest: boolean,
  groupRpOf: (group: GroupId, rp: Lsn) => Lsn,
): void {
  for (const read of r.pending.values())
    if (read.blockKey === blockKey && (read.rp === rp || (isNewest && read.isNewest))) return;
  const group = groupOfPage(r, blockKey);
  if (!group) return;
  const read: ReaderRead = {
    reqId: takeRequestNumber(ctx),
    blockKey,
    rp,
    groupRp: groupRpOf(group.group, rp),
    isNewest,
    asked: -1,
    refusals: 0,
    deadline: ctx.now,
  };
  r.pending.set(read.reqId, read);
  askNext(r, ctx, read);
  if (r.timerAt < 0) arm(r, ctx);
}

function askNext(r: ReaderReads, ctx: RoleContext, read: ReaderRead): void {
  read.deadline = (ctx.now + r.timeoutUs) as Time;
  const descriptor = groupOfPage(r, read.blockKey);
  if (!descriptor) return;
  const replicas = replicasOf(descriptor);
  read.asked = (read.asked < 0 ? read.blockKey : read.asked + 1) % replicas.length;
  const to = replicas[read.asked];
  if (to === undefined) return;
  const { group, memberEpoch, geoEpoch } = descriptor;
  const { reqId, blockKey, rp, groupRp } = read;
  const { volume } = r;
  send(ctx, to, { kind: 'ReadPage', volume, group, reqId, blockKey, rp, groupRp, memberEpoch, geoEpoch });
  trace(ctx, { kind: 'page.read', group, blockKey, readPoint: rp, from: to });
}

function arm(r: ReaderReads, ctx: RoleContext): void {
  let least = -1;
  for (const { deadline } of r.pending.values()) if (least < 0 || deadline < least) least = deadline;
  r.timerAt = least;
  if (least >= 0) wakeAt(ctx, READER_READ_TIMER, least as Time);
}

/** WAL-27: who has not answered in time is left for the next. */
export function onReaderReadTimer(r: ReaderReads, ctx: RoleContext): void {
  r.timerAt = -1;
  for (const read of [...r.pending.values()])
    if (read.deadline <= ctx.now) {
      read.refusals = 0;
      askNext(r, ctx, read);
    }
  arm(r, ctx);
}

export type VersionReply =
  | { readonly kind: 'page'; readonly read: ReaderRead; readonly page: Uint8Array | null }
  /** READ-28: below PGMRPL. */
  | { readonly kind: 'stale'; readonly read: ReaderRead; readonly floor: number }
  /** The reader's members or geometry are old: it joins again to learn them. */
  | { readonly kind: 'epoch' };

/** What a reply brought; null: nothing yet. */
export function onVersionReply(
  r: ReaderReads,
  ctx: RoleContext,
  reply: MessageOf<'PageReply'>,
): VersionReply | null {
  const read = r.pending.get(reply.reqId);
  if (!read || read.blockKey !== reply.blockKey) return null;
  const { refused } = reply;
  if (refused === null) {
    if (reply.pageLsn > read.rp) return null; // WAL-35; the timer asks another
    r.pending.delete(read.reqId);
    return { kind: 'page', read, page: reply.page };
  }
  if (refused.code === 'NO_SUCH_PAGE') {
    r.pending.delete(read.reqId);
    return { kind: 'page', read, page: null };
  }
  if (refused.code === 'STALE_READ_POINT') {
    r.pending.delete(read.reqId);
    return { kind: 'stale', read, floor: refused.current };
  }
  read.refusals++;
  const count = groupOfPage(r, read.blockKey)?.sets.flat().length ?? 0;
  if (read.refusals < count) askNext(r, ctx, read);
  const isOld =
    refused.code === 'EPOCH_AHEAD' || refused.code === 'STALE_EPOCH' || refused.code === 'WRONG_GROUP';
  return isOld ? { kind: 'epoch' } : null;
}
