// A classic standby beside our readers, for contrast (docs/spec/readers.md READ-18, READ-31): what comes of the journal goes into a file of
// its own disk first; one start-up process replays the file in order, loads every page that is not here and changes it in place, so it
// waits for views that are open; after a start nothing is read before it has replayed from its restore point to MinRecoveryPoint.
// Its data files are the shared storage as of its join: what a copy of all data would cost is calculated (FENCE-54), not simulated.

import { blob, type Infer, struct } from '../../base/codec.ts';
import type { Lsn, Time } from '../../base/ids.ts';
import { type RoleContext, readKeys, storeWrites, trace, wakeAt } from '../kernel/context.ts';
import type { DiskImage, Input } from '../kernel/door.ts';
import { historyCodec, lsn, term } from '../kernel/fields.ts';
import { openWith, sealWith } from '../kernel/framing.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { CLASSIC_RESTART_POINT_US, CLASSIC_WAIT_US } from '../reader/reader-limits.ts';
import { readJournal, receive, restartStream } from '../reader/receiver.ts';
import { isOpened, type ReaderAttachment, type ReaderStep } from './reader-state.ts';

const VERSION = 1;
const CONTROL = 'classic/control';
const FILE = 'classic/log/';
const fileKey = (first: number): string => `${FILE}${`${first}`.padStart(16, '0')}`;

/** What a start begins with: the data files hold every change up to the restore point. */
const controlCodec = struct({ restorePoint: lsn, token: term, history: historyCodec });
const chunkCodec = struct({ firstLsn: lsn, endLsn: lsn, records: blob, vdl: lsn });

interface Chunk {
  readonly first: number;
  readonly end: number;
}

export interface ClassicPart {
  /** `reading`: its file; `replaying`: to MinRecoveryPoint, nothing is read before; `ready`. */
  phase: 'reading' | 'replaying' | 'ready';
  control: Infer<typeof controlCodec> | null;
  /** The file, ascending and without a gap. */
  file: Chunk[];
  /** Keys of it that are to be read back, and the read that is under way. */
  unread: string[];
  reading: number;
  /** The end of the replay; −1: not known before a writer has accepted it. */
  minRecovery: Lsn;
  /** Journals on their way to the file, by their write. */
  readonly storing: Map<number, MessageOf<'Journal'>>;
  restartPointAt: number;
  /** Since the node started: pages loaded for replay, and looks that found a view in the way. */
  readonly counts: { loaded: number; waits: number };
}

/** From the node's own disk. A file that cannot be read, or has a gap, ends there. */
export function openClassic(disk: DiskImage): ClassicPart {
  const bytes = disk.get(CONTROL);
  const opened = bytes && openWith(controlCodec, VERSION, bytes);
  const control = opened?.ok ? opened.value : null;
  const unread = control ? [...disk.keys()].filter((key) => key.startsWith(FILE)).sort() : [];
  return {
    phase: unread.length > 0 ? 'reading' : 'ready',
    control,
    file: [],
    unread,
    reading: -1,
    minRecovery: -1 as Lsn,
    storing: new Map(),
    restartPointAt: -1,
    counts: { loaded: 0, waits: 0 },
  };
}

/** True: its file is read first, and the writer is joined then. */
export function startClassic(attachment: ReaderAttachment, ctx: RoleContext): boolean {
  const { classic, receiver } = attachment;
  if (!classic?.control || classic.phase !== 'reading') return false;
  const { restorePoint, token, history } = classic.control;
  receiver.token = token;
  receiver.history = history;
  restartStream(receiver, restorePoint, []);
  readNext(classic, ctx);
  return true;
}

function readNext(classic: ClassicPart, ctx: RoleContext): void {
  const [key] = classic.unread;
  classic.reading = key === undefined ? -1 : readKeys(ctx, [key]);
}

/** A part of the file is here: its records wait for the replay, which begins when all of it has been read. */
export function onFileRead<E>(
  { attachment, ctx }: ReaderStep<E>,
  { id, values }: Extract<Input<Message>, { kind: 'readDone' }>,
): 'more' | 'read' | 'foreign' {
  const { classic, receiver } = attachment;
  if (!classic || id !== classic.reading) return 'foreign';
  classic.unread.shift();
  const [value] = values;
  const opened = value ? openWith(chunkCodec, VERSION, value) : null;
  const arrival = opened?.ok ? readJournal(opened.value) : null;
  if (opened?.ok && arrival && receive(receiver, arrival)) {
    classic.file.push({ first: arrival.firstLsn, end: arrival.endLsn });
    if (opened.value.vdl > receiver.vdl) receiver.vdl = opened.value.vdl;
  } else classic.unread.length = 0; // what follows continues nothing
  if (classic.unread.length > 0) {
    readNext(classic, ctx);
    return 'more';
  }
  classic.reading = -1;
  return 'read';
}

/** What it may ask a writer to continue from; −1: it has no file. */
export const haveOf = (attachment: ReaderAttachment): Lsn =>
  (isOpened(attachment) || (attachment.classic?.file.length ?? 0) > 0
    ? attachment.receiver.expected - 1
    : -1) as Lsn;

/** Accepted: what it replays before its first read, or, where the writer cannot continue its file, a file that begins anew. */
export function onClassicAccepted(
  attachment: ReaderAttachment,
  ctx: RoleContext,
  { vdl, token, history, groupTails }: MessageOf<'RoAccept'>,
  isKept: boolean,
): void {
  const { classic, receiver, volume } = attachment;
  if (!classic) return;
  const restorePoint = isKept ? (classic.control?.restorePoint ?? vdl) : vdl;
  const writes = [];
  if (!isKept) {
    for (const { first } of classic.file) writes.push({ key: fileKey(first), bytes: null });
    classic.file = [];
    classic.storing.clear();
  } else for (const { group, lsn: tail } of groupTails) receiver.groupTails.set(group, tail);
  classic.control = { restorePoint, token, history };
  writes.push({ key: CONTROL, bytes: sealWith(controlCodec, VERSION, classic.control) });
  storeWrites(ctx, writes);
  classic.minRecovery = vdl;
  classic.restartPointAt = ctx.now;
  if (classic.phase === 'ready') return;
  classic.phase = receiver.applyLsn >= vdl ? 'ready' : 'replaying';
  if (classic.phase === 'replaying')
    trace(ctx, {
      kind: 'ro.replay',
      from: receiver.applyLsn,
      to: vdl,
      records: receiver.held.length,
      volume,
    });
}

/** Before MinRecoveryPoint nothing is read (READ-31). */
export const isReplaying = ({ classic }: ReaderAttachment): boolean =>
  classic !== undefined && classic.phase !== 'ready';

/** Into the file; it counts as received once it is durable. False: it is not for the file. */
export function storeJournal(
  { classic }: ReaderAttachment,
  ctx: RoleContext,
  m: MessageOf<'Journal'>,
): boolean {
  if (!classic || m.records.length === 0) return false;
  const { firstLsn, endLsn, records, vdl } = m;
  const bytes = sealWith(chunkCodec, VERSION, { firstLsn, endLsn, records, vdl });
  classic.storing.set(storeWrites(ctx, [{ key: fileKey(firstLsn), bytes }]), m);
  return true;
}

/** The Journal that is durable in the file, or null: the write was another, or failed. */
export function onFileWritten(
  { classic }: ReaderAttachment,
  { id, error }: Extract<Input<Message>, { kind: 'diskDone' }>,
): MessageOf<'Journal'> | null {
  const m = classic?.storing.get(id);
  if (!classic || !m) return null;
  classic.storing.delete(id);
  return error === null ? m : null;
}

/** It continues what was there: the file is so much longer. */
export function addToFile(
  { classic }: ReaderAttachment,
  { firstLsn, endLsn, records }: MessageOf<'Journal'>,
): void {
  if (classic && records.length > 0) classic.file.push({ first: firstLsn, end: endLsn });
}

/** READ-18: the replay goes on when the view that is in its way may have ended. */
export function awaitViews(attachment: ReaderAttachment, ctx: RoleContext, timer: string): void {
  if (!attachment.classic || attachment.applyDue) return;
  attachment.classic.counts.waits++;
  attachment.applyDue = true;
  wakeAt(ctx, timer, (ctx.now + CLASSIC_WAIT_US) as Time);
}

/** A restart point: the data files hold what was replayed, and the file before it goes. */
export function tendClassic(attachment: ReaderAttachment, ctx: RoleContext): void {
  const { classic, receiver, volume } = attachment;
  if (
    !classic?.control ||
    !isOpened(attachment) ||
    ctx.now < classic.restartPointAt + CLASSIC_RESTART_POINT_US
  )
    return;
  classic.restartPointAt = ctx.now;
  const restorePoint = receiver.applyLsn;
  const gone = classic.file.filter(({ end }) => end - 1 <= restorePoint);
  classic.file = classic.file.filter(({ end }) => end - 1 > restorePoint);
  classic.control = { ...classic.control, restorePoint };
  const control = { key: CONTROL, bytes: sealWith(controlCodec, VERSION, classic.control) };
  storeWrites(ctx, [control, ...gone.map(({ first }) => ({ key: fileKey(first), bytes: null }))]);
  trace(ctx, { kind: 'ro.restartPoint', restorePoint, volume });
}
