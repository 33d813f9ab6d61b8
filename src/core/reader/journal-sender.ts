// The journal sender of a writer (docs/spec/readers.md §2): one ordered stream of log records for each reader, with VDL and
// run-time information. The writer's own way never waits for a reader (READ-9): a reader that is too far behind loses its
// stream and joins again. Here are also the readers' pins (READ-24…28): MRPL of each session that is not revoked.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type RoleContext, send, trace, wakeAt } from '../kernel/context.ts';
import type { Descriptor, HistoryEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { type EncodedRecord, readRecords } from '../log/record.ts';
import { startOf } from './join.ts';
import type { RuntimeInfo } from './messages.ts';
import {
  JOURNAL_BYTES,
  MAX_EARLY,
  QUEUE_RECORDS,
  REPORT_US,
  REVOKE_US,
  SHIP_US,
  WINDOW_RECORDS,
} from './reader-limits.ts';

export const SHIP_TIMER = 'ro.ship';

/** What the sender reads of the writer, whose records above VDL it has in order. */
export interface JournalSource {
  readonly volume: string;
  readonly term: Term;
  readonly history: readonly HistoryEntry[];
  readonly startLsn: Lsn;
  readonly vdlPrime: Lsn;
  readonly tail: Lsn;
  readonly vdl: Lsn;
  readonly retained: readonly EncodedRecord[];
  readonly retainedFirst: Lsn;
  readonly groups: readonly { readonly descriptor: Descriptor; readonly groupTail: Lsn }[];
}

export interface ReaderLink {
  readonly node: NodeId;
  readonly epoch: number;
  /** Last LSN of its stream that was sent. */
  sentTo: Lsn;
  seq: number;
  have: Lsn;
  applyLsn: Lsn;
  mrpl: Lsn;
  reportedAt: Time;
  reports: number;
  /** False: its queue was full; it will join again. */
  isStreaming: boolean;
}

export interface SenderState {
  /** All records from `first` to `takenTo`. */
  window: EncodedRecord[];
  first: Lsn;
  takenTo: Lsn;
  readonly links: Map<NodeId, ReaderLink>;
  /** Readers of the cluster that have not joined in this term: since when they are waited for (WAL-25). */
  readonly awaited: Map<NodeId, Time>;
  /** Joins of nodes that the metadata has not named as readers yet, the newest of each. */
  readonly early: Map<NodeId, MessageOf<'RoJoin'>>;
  /** Nodes that are removed, and have no session for ever. */
  readonly ended: Set<NodeId>;
  /** Highest session epoch seen of each reader. */
  readonly epochs: Map<NodeId, number>;
  sentVdl: Lsn;
  shippedAt: number;
  infoAt: number;
  shipDue: boolean;
  readonly mutants: Mutants;
}

export const makeSender = (
  source: JournalSource,
  readers: readonly NodeId[],
  mutants: Mutants,
  now: Time,
): SenderState => ({
  window: [],
  first: source.startLsn,
  takenTo: (source.startLsn - 1) as Lsn,
  links: new Map(),
  awaited: new Map(readers.map((node) => [node, now])),
  early: new Map(),
  ended: new Set(),
  epochs: new Map(),
  sentVdl: -1 as Lsn,
  shippedAt: -1,
  infoAt: -1,
  shipDue: false,
  mutants,
});

/** Takes what was appended in this step, before VDL can pass it; then sends what is due. */
export function shipJournal(s: SenderState, source: JournalSource, ctx: RoleContext): void {
  for (let lsn = Math.max(s.takenTo + 1, source.retainedFirst); lsn <= source.tail; lsn++)
    s.window.push(source.retained[lsn - source.retainedFirst] as EncodedRecord);
  s.takenTo = source.tail;
  trimWindow(s, source.vdl);
  const isNew = s.sentVdl < source.vdl || hasUnsent(s);
  if (!isNew || s.links.size === 0) return;
  if (s.shippedAt >= 0 && ctx.now >= s.shippedAt && ctx.now < s.shippedAt + SHIP_US) {
    if (!s.shipDue) wakeAt(ctx, SHIP_TIMER, (s.shippedAt + SHIP_US) as Time);
    s.shipDue = true;
    return;
  }
  shipNow(s, source, ctx);
}

export function onShipTimer(s: SenderState, source: JournalSource, ctx: RoleContext): void {
  if (!s.shipDue) return;
  s.shipDue = false;
  shipNow(s, source, ctx);
}

function hasUnsent(s: SenderState): boolean {
  for (const link of s.links.values()) if (link.isStreaming && link.sentTo < s.takenTo) return true;
  return false;
}

/** The older half goes when twice the window is there: O(1) amortised. What VDL has not passed always stays. */
function trimWindow(s: SenderState, vdl: Lsn): void {
  if (s.window.length < 2 * WINDOW_RECORDS) return;
  const spare = Math.min(s.window.length - WINDOW_RECORDS, vdl + 1 - s.first);
  if (spare <= 0) return;
  s.window.splice(0, spare);
  s.first = (s.first + spare) as Lsn;
}

function shipNow(s: SenderState, source: JournalSource, ctx: RoleContext): void {
  s.shippedAt = ctx.now;
  s.sentVdl = source.vdl;
  for (const link of s.links.values()) if (link.isStreaming) shipTo(s, source, ctx, link);
}

function shipTo(s: SenderState, source: JournalSource, ctx: RoleContext, link: ReaderLink): void {
  if (s.takenTo - Math.max(link.have, s.first - 1) > QUEUE_RECORDS) {
    link.isStreaming = false;
    const { node: reader, have, sentTo } = link;
    trace(ctx, { kind: 'ro.dropped', reader, have, sentTo, volume: source.volume });
    return;
  }
  do {
    const from = link.sentTo + 1;
    let end = Math.max(from, s.first);
    let bytes = 0;
    const parts: Uint8Array[] = [];
    for (; end <= s.takenTo; end++) {
      const record = (s.window[end - s.first] as EncodedRecord).bytes;
      if (bytes > 0 && bytes + record.length > JOURNAL_BYTES) break;
      bytes += record.length;
      parts.push(record);
    }
    sendJournal(s, source, ctx, link, from as Lsn, Math.max(end, from) as Lsn, join(parts, bytes));
  } while (link.sentTo < s.takenTo);
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function sendJournal(
  s: SenderState,
  { volume, term: token, vdl, tail }: JournalSource,
  ctx: RoleContext,
  link: ReaderLink,
  firstLsn: Lsn,
  endLsn: Lsn,
  records: Uint8Array,
): void {
  const { node: reader, epoch } = link;
  send(ctx, reader, {
    kind: 'Journal',
    volume,
    reader,
    epoch,
    token,
    seq: link.seq++,
    firstLsn,
    endLsn,
    records:
      has(s.mutants, 'writer.journal-loses-last') && records.length > 0 ? withoutLast(records) : records,
    vdl: has(s.mutants, 'writer.journal-tail-as-vdl') ? tail : vdl,
  });
  link.sentTo = (endLsn - 1) as Lsn;
}

/** READ-30: the writer counts the reader's pin before it answers. */
export function onJoin(
  s: SenderState,
  source: JournalSource,
  ctx: RoleContext,
  join: MessageOf<'RoJoin'>,
  pgmrpl: Lsn,
  runtime: RuntimeInfo,
): void {
  const { reader, epoch } = join;
  const { vdl, history, volume } = source;
  const known = s.epochs.get(reader) ?? 0;
  if (epoch < known) send(ctx, reader, { kind: 'RoRevoke', volume, reader, epoch: known, why: 'old' });
  if (epoch <= known) return;
  const asked = has(s.mutants, 'writer.joins-ignore-history') ? { ...join, history } : join;
  const { keep, streamFrom } = startOf(asked, { ...source, first: s.first });
  const pin = Math.max(pgmrpl, join.mrpl < 0 ? vdl : Math.min(join.mrpl, vdl)) as Lsn;
  s.epochs.set(reader, epoch);
  s.awaited.delete(reader);
  s.links.set(reader, {
    node: reader,
    epoch,
    sentTo: (streamFrom - 1) as Lsn,
    seq: 0,
    have: (streamFrom - 1) as Lsn,
    applyLsn: Math.min(streamFrom - 1, vdl) as Lsn,
    mrpl: pin,
    reportedAt: ctx.now,
    reports: 0,
    isStreaming: true,
  });
  trace(ctx, { kind: 'ro.accepted', reader, epoch, vdl, keep, streamFrom, pin, volume });
  const { groups, term: token } = source;
  send(ctx, reader, {
    kind: 'RoAccept',
    volume,
    reader,
    epoch,
    token,
    history: [...history],
    vdl,
    keep,
    streamFrom,
    groupTails: groups.map(({ descriptor, groupTail }) => ({ group: descriptor.group, lsn: groupTail })),
    descriptors: groups.map(({ descriptor }) => descriptor),
    runtime,
  });
  s.sentVdl = -1 as Lsn;
}

/** READ-26: a report of an earlier session, or with a lower MRPL, is ignored. */
export function onReport(
  s: SenderState,
  { volume }: JournalSource,
  ctx: RoleContext,
  report: MessageOf<'RoReport'>,
): void {
  const { reader, epoch, have, applyLsn, mrpl } = report;
  const link = s.links.get(reader);
  if (!link || link.epoch !== epoch) {
    if (!link) send(ctx, reader, { kind: 'RoRevoke', volume, reader, epoch, why: 'unknown' });
    return;
  }
  link.reportedAt = ctx.now;
  link.reports++;
  link.have = Math.max(link.have, have) as Lsn;
  link.applyLsn = Math.max(link.applyLsn, applyLsn) as Lsn;
  if (mrpl > link.mrpl) link.mrpl = mrpl;
}

/** READ-28: first the session epoch is revoked, so that later reports of it are ignored, then its pin is gone. */
export function revokeReader(
  s: SenderState,
  { volume }: JournalSource,
  ctx: RoleContext,
  reader: NodeId,
  why: 'silent' | 'operator' | 'removed',
): void {
  const link = s.links.get(reader);
  if (!link) return;
  s.links.delete(reader);
  const { epoch, mrpl } = link;
  trace(ctx, { kind: 'ro.revoked', reader, epoch, mrpl, why, volume });
  send(ctx, reader, { kind: 'RoRevoke', volume, reader, epoch, why });
}

/** PCS-79: a node that is removed loses its session, and then its pin (READ-28); of one that had none in this term the trace says so. */
export function endRemoved(
  s: SenderState,
  source: JournalSource,
  ctx: RoleContext,
  removed: readonly NodeId[],
): void {
  for (const reader of removed) {
    if (s.ended.has(reader)) continue;
    s.ended.add(reader);
    s.awaited.delete(reader);
    if (s.links.has(reader)) revokeReader(s, source, ctx, reader, 'removed');
    else
      trace(ctx, { kind: 'ro.revoked', reader, epoch: 0, mrpl: -1, why: 'removed', volume: source.volume });
  }
}

/** A join that came before the metadata said that the node is a reader; beyond the limit it comes again. */
export function keepEarly(s: SenderState, join: MessageOf<'RoJoin'>): void {
  if (s.early.size < MAX_EARLY || s.early.has(join.reader)) s.early.set(join.reader, join);
}

/** Those of them that may join now. */
export function takeEarly({ early }: SenderState, readers: readonly NodeId[]): MessageOf<'RoJoin'>[] {
  const joins = [...early.values()].filter(({ reader }) => readers.includes(reader));
  for (const { reader } of joins) early.delete(reader);
  return joins;
}

/** With the writer's heartbeats: silent readers are revoked, the others get run-time information. */
export function tendReaders(
  s: SenderState,
  source: JournalSource,
  ctx: RoleContext,
  runtime: RuntimeInfo,
): void {
  const { now } = ctx;
  for (const [reader, link] of s.links)
    if (now >= link.reportedAt + REVOKE_US) revokeReader(s, source, ctx, reader, 'silent');
  for (const [reader, since] of s.awaited) {
    if (now < since + REVOKE_US) continue;
    s.awaited.delete(reader);
    trace(ctx, { kind: 'ro.revoked', reader, epoch: 0, mrpl: -1, why: 'silent', volume: source.volume });
  }
  if (s.infoAt >= 0 && now >= s.infoAt && now < s.infoAt + REPORT_US) return;
  s.infoAt = now;
  const { volume, term: token, vdl, groups } = source;
  const descriptors = groups.map(({ descriptor }) => descriptor);
  for (const { node: reader, epoch, isStreaming } of s.links.values())
    if (isStreaming)
      send(ctx, reader, { kind: 'RuntimeInfo', volume, reader, epoch, token, vdl, descriptors, runtime });
}

/** MRPLs of the readers; a reader that has yet to report to this writer holds PGMRPL where it is (WAL-25). */
export function readerPins(s: SenderState, pgmrpl: Lsn): number[] {
  if (has(s.mutants, 'writer.drops-reader-pins')) return [];
  const pins = [...s.links.values()]
    .filter(({ reports }) => reports > 0 || !has(s.mutants, 'writer.pins-late'))
    .map(({ mrpl }) => mrpl as number);
  return s.awaited.size > 0 ? [...pins, pgmrpl] : pins;
}

function withoutLast(records: Uint8Array): Uint8Array {
  const read = readRecords(records).records;
  return records.subarray(0, records.length - (read[read.length - 1]?.bytes.length ?? 0));
}
