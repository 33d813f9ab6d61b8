// What a writer or a reader of a volume in files shows of itself (docs/spec/logindex.md §1, §4 to §7): watermarks, slots, pages by state,
// LogIndex. What is long is there only while a lens asks for it. What a mount shows stands in pfs/mount-view.ts.

import { MAX, type NodeId, type Time } from '../../base/ids.ts';
import type { FrameView, SessionAct } from '../engine/buffer-view.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { ViewParams, WantedPage } from '../kernel/view-params.ts';
import { type LogIndex, type MemState, memTable } from '../logindex/log-index.ts';
import { hashPage, slotOfHash } from '../logindex/page-hash.ts';
import { oldestApplyLsn } from '../logindex/reader-slots.ts';
import type { PageCache, ReplayFrame } from '../logindex/replay.ts';
import { collectLsns } from '../logindex/table.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Mount } from '../pfs/mount-state.ts';
import { type MountView, viewMount } from '../pfs/mount-view.ts';
import { countHeldBack, isHeldBack } from './page-writer.ts';
import { type RoomView, viewRoom } from './room.ts';
import type { SharedAttachment, WriterPhase } from './shared-attachment.ts';
import { applyLsnOf, type SharedReader, slotOf } from './shared-reader.ts';
import { gateOf } from './slot-keeper.ts';

/** A registered reader, as the writer counts it (LI-60 to LI-63). */
export interface SlotView {
  readonly reader: NodeId;
  readonly readyLsn: number;
  readonly applyLsn: number;
  readonly minUsedLsn: number;
  /** By the writer's clock, µs. */
  readonly leaseEnd: number;
}

/** A definition of the writer that waits for its readers (LI-64). */
export interface LockView {
  readonly relation: number;
  /** Of its table. */
  readonly table: string;
  readonly lockLsn: number;
  readonly sinceUs: number;
  /** Whose it is; null: its session has left. */
  readonly by: SessionAct | null;
  /** LI-65: by the writer's clock, µs; then readers give way, or the definition fails. */
  readonly lateAt: number;
  readonly doesCancel: boolean;
  /** Readers that have not replayed it, of so many. */
  readonly waitsFor: readonly NodeId[];
  readonly readers: number;
}

/** At a reader: a lock of the writer that it cannot replay, because of these clients (LI-65). */
export interface HeldLockView {
  readonly relation: number;
  readonly lockLsn: number;
  readonly users: readonly SessionAct[];
}

/**
 * `current` · at the writer `dirty`, `blocked` by LI-40, `writing` · at a reader `outdated` (LogIndex has records above it), `replaying` ·
 * `loading`: its image is on its way.
 */
export type SharedPageState =
  | 'current'
  | 'dirty'
  | 'blocked'
  | 'writing'
  | 'outdated'
  | 'replaying'
  | 'loading';

/** A page in a buffer. LSNs that it does not have are −1. */
export interface SharedPageView {
  readonly blockKey: number;
  readonly state: SharedPageState;
  /** LSN of the image. */
  readonly lsn: number;
  /** Every record of the page at or below it is in the image. */
  readonly completeLsn: number;
  /** First change that is not stored, and last change. */
  readonly oldestLsn: number;
  readonly latestLsn: number;
  /** Changes since it was written last. */
  readonly changes: number;
  /** Of its image in the copy buffer. */
  readonly copyLsn: number;
  /** Readers that have not applied its last change: by them it is blocked. */
  readonly by: readonly NodeId[];
}

export interface IndexTableView {
  readonly id: number;
  readonly state: MemState;
  readonly minLsn: number;
  readonly maxLsn: number;
  readonly entries: number;
  readonly usedSegments: number;
}

/** The records of a page in one table in memory. */
export interface IndexEntryView {
  readonly blockKey: number;
  readonly table: number;
  readonly slot: number;
  readonly lsns: readonly number[];
}

export interface IndexView {
  /** That a table may use. */
  readonly segments: number;
  readonly tablesPerFile: number;
  /** In memory, by id. */
  readonly tables: readonly IndexTableView[];
  /** As the meta that is durable has it (LI-27). */
  readonly maxTableId: number;
  readonly minFile: number;
  readonly startLsn: number;
  readonly maxLsn: number;
  /** Of the pages that are wanted. */
  readonly entries: readonly IndexEntryView[];
}

/** Of a writer that was promoted (§8): what its background replay is of, how far it is, and who has had pages replayed. */
export interface PromotionView {
  readonly token: number;
  readonly redoStart: number;
  readonly endLsn: number;
  /** Its background replay has handled every record at or below it. */
  readonly bgReplayedLsn: number;
  /** Pages that were replayed for the opening, for statements, and by background replay. */
  readonly opening: number;
  readonly onDemand: number;
  readonly inBackground: number;
  /** The first ones that statements waited for. */
  readonly demanded: readonly number[];
  /** P6 is reached. */
  readonly isOver: boolean;
}

export interface SharedView {
  /** At a reader: `mount` · `join` a slot is asked for · `index` and `scan` it is opened · `ready` LI-60. */
  readonly phase: WriterPhase['kind'] | 'join' | 'ready';
  readonly durableLsn: number;
  readonly consistentLsn: number;
  /** −1 at a reader. */
  readonly redoLsn: number;
  readonly gcFloor: number;
  /** The gate of flushes (LI-6); −1: no reader, or it is one. */
  readonly oldestApplyLsn: number;
  /** −1 at a writer. */
  readonly applyLsn: number;
  /** At a reader that has parsed records of an MTR whose end has not come; absent: none. */
  readonly parsedLsn?: number;
  readonly bgReplayedLsn: number;
  readonly readyLsn: number;
  /** End of a reader's lease by its own clock, µs. */
  readonly leaseEnd: number;
  readonly slots: readonly SlotView[];
  /** From P4 on; absent: this writer was not promoted. */
  readonly promotion?: PromotionView;
  /** At a writer: relations that sessions have alone, and wait for readers to replay that (LI-64); absent: none. */
  readonly locks?: readonly LockView[];
  /** At a reader; absent: none. */
  readonly heldLocks?: readonly HeldLockView[];
  /** Of a writer that refuses statements for want of room (FS-46), or when asked for (`files`). */
  readonly room?: RoomView;
  readonly dirty: number;
  readonly blocked: number;
  readonly copied: number;
  readonly outdated: number;
  /** Transaction of the file system that its metadata is the state after; −1: nothing is mounted. */
  readonly headTx: number;
  /** When asked for (`pages`). */
  readonly frames?: readonly SharedPageView[];
  /** When asked for (`files`). */
  readonly mount?: MountView;
  readonly index?: IndexView;
}

declare module '../compute/compute-view.ts' {
  interface ComputeView {
    /** Of a node whose volume lies in files of a shared device. */
    readonly shared?: SharedView;
  }
}

const noPage = {
  lsn: -1,
  completeLsn: -1,
  oldestLsn: -1,
  latestLsn: -1,
  changes: 0,
  copyLsn: -1,
  by: [],
} as const;

/** Pages of the writer's buffer, and those that are not stored yet. */
function writerPages<E>(attachment: SharedAttachment<E>, frames: readonly FrameView[]): SharedPageView[] {
  const { flush, held } = attachment;
  const slots = [...(attachment.sharing?.slots ?? [])];
  const inPool = new Map(frames.map((frame) => [frame.blockKey as PageKey, frame]));
  const keys = new Set([...inPool.keys(), ...held.keys(), ...flush.list.keys(), ...flush.writes.keys()]);
  return [...keys]
    .sort((a, b) => a - b)
    .map((key): SharedPageView => {
      const frame = inPool.get(key);
      const dirty = flush.list.get(key);
      const latestLsn = dirty?.latestLsn ?? -1;
      const by = slots
        .filter(([, { applyLsn }]) => dirty !== undefined && isHeldBack(attachment, applyLsn, dirty))
        .map(([reader]) => reader);
      return {
        ...noPage,
        blockKey: key,
        state: frame?.loading
          ? 'loading'
          : flush.writes.has(key)
            ? 'writing'
            : dirty === undefined
              ? 'current'
              : by.length > 0
                ? 'blocked'
                : 'dirty',
        lsn: frame?.lsn ?? latestLsn,
        oldestLsn: dirty?.oldestLsn ?? -1,
        latestLsn,
        changes: dirty?.modifiedCount ?? 0,
        copyLsn: flush.copies.get(key)?.latestLsn ?? -1,
        by,
      };
    });
}

function readerPages(cache: PageCache): SharedPageView[] {
  return [...cache]
    .sort(([a], [b]) => a - b)
    .map(([blockKey, frame]) => ({ ...noPage, blockKey, ...readerPage(frame) }));
}

function readerPage(frame: ReplayFrame): Pick<SharedPageView, 'state' | 'lsn' | 'completeLsn'> {
  if (frame.kind === 'asked') return { state: 'loading', lsn: -1, completeLsn: 0 };
  const { kind, isOutdated, pageLsn: lsn, completeLsn } = frame;
  return { state: kind === 'replaying' ? kind : isOutdated ? 'outdated' : 'current', lsn, completeLsn };
}

function viewIndex(index: LogIndex, wanted: readonly WantedPage[]): IndexView {
  const { geometry: g, meta, activeId } = index;
  const tables = Array.from({ length: g.memTables }, (_, i) => memTable(index, activeId - i)).flatMap(
    (mem) => mem ?? [],
  );
  tables.reverse();
  return {
    segments: g.segments - 1,
    tablesPerFile: g.tablesPerFile,
    tables: tables.map(({ state, table: { id, minLsn, maxLsn, entries, usedSegments } }) => ({
      id,
      state,
      minLsn,
      maxLsn,
      entries,
      usedSegments,
    })),
    maxTableId: meta.maxTableId,
    minFile: meta.minFile,
    startLsn: meta.startLsn,
    maxLsn: meta.maxLsn,
    entries: wanted.flatMap(({ blockKey }) =>
      tables.flatMap(({ table }) => {
        const lsns: PageLsns = [];
        if (table.entries > 0) collectLsns(g, table, blockKey as PageKey, 0, MAX, lsns);
        const slot = slotOfHash(hashPage(blockKey as PageKey), g.slots);
        return lsns.length === 0 ? [] : [{ blockKey, table: table.id, slot, lsns: lsns.reverse() }];
      }),
    ),
  };
}
type PageLsns = Parameters<typeof collectLsns>[5];

const known = (lsn: number): number => (lsn === MAX ? -1 : lsn);

function viewLocks<E>(
  program: EngineProgram<E>,
  { sharing, engine, config }: SharedAttachment<E>,
  now: Time,
): Pick<SharedView, 'locks'> {
  const waiting = (sharing?.locks ?? []).filter(({ isGranted, isOver }) => !isGranted && !isOver);
  if (sharing === null || waiting.length === 0) return {};
  const slots = [...sharing.slots];
  return {
    locks: waiting.map(({ session, relation, lsn, since }) => ({
      relation,
      table: program.reader?.tableName(engine, relation) ?? '',
      lockLsn: lsn,
      sinceUs: now - since,
      by: program.reader?.sessionAct(engine, session) ?? null,
      lateAt: since + config.params.ddlTimeoutMs * 1000,
      doesCancel: config.params.ddlCancels === 1,
      waitsFor: slots.flatMap(([reader, { lockReplayLsn }]) => (lockReplayLsn < lsn ? [reader] : [])),
      readers: slots.length,
    })),
  };
}

function viewHeldLocks<E>(program: EngineProgram<E>, reader: SharedReader<E>): Pick<SharedView, 'heldLocks'> {
  const { engine, isOpened } = reader;
  const held = [...(slotOf(reader)?.locks ?? [])].filter(([, { isReplayed }]) => !isReplayed);
  if (!isOpened || held.length === 0) return {};
  return {
    heldLocks: held.map(([lockLsn, { relation }]) => ({
      relation,
      lockLsn,
      users: program.reader?.lockUsers(engine, lockLsn, relation) ?? [],
    })),
  };
}

function viewPromotion<E>({ token, redo }: SharedAttachment<E>): Pick<SharedView, 'promotion'> {
  const promotion = redo.kind === 'logIndex' ? redo.promotion : redo.promoted;
  if (promotion === undefined) return {};
  const isOver = redo.kind === 'wal';
  const { bounds } =
    'bounds' in promotion ? promotion : { bounds: { ...promotion, bgReplayedLsn: promotion.endLsn } };
  if (bounds === null) return {};
  const { redoStart, endLsn, bgReplayedLsn } = bounds;
  return { promotion: { token, redoStart, endLsn, bgReplayedLsn, ...promotion.counts, isOver } };
}

/** `frames`: of its engine's buffer, when they are asked for. */
export function viewWriter<E>(
  program: EngineProgram<E>,
  attachment: SharedAttachment<E>,
  now: Time,
  { pages, files, wanted = [] }: ViewParams,
  frames: readonly FrameView[],
): SharedView {
  const { flush, log, sharing, phase, host } = attachment;
  const slots = sharing?.slots ?? new Map();
  const gate = oldestApplyLsn(slots);
  const dirty = [...flush.list.values()];
  const isFull = phase.kind === 'open' && phase.full !== null;
  const room = isFull || files ? viewRoom(attachment, now) : null;
  return {
    phase: phase.kind,
    durableLsn: log.durable,
    consistentLsn: flush.consistentLsn,
    redoLsn: attachment.checkpoint.redoLsn,
    gcFloor: flush.gcFloor,
    oldestApplyLsn: known(gate),
    applyLsn: -1,
    bgReplayedLsn: -1,
    readyLsn: -1,
    leaseEnd: -1,
    slots: [...(sharing?.slots ?? [])].map(([reader, slot]) => ({
      reader,
      readyLsn: slot.readyLsn,
      applyLsn: slot.applyLsn,
      minUsedLsn: slot.minUsedLsn,
      leaseEnd: slot.leaseEnd,
    })),
    ...viewPromotion(attachment),
    ...viewLocks(program, attachment, now),
    ...(room !== null && { room }),
    dirty: dirty.length,
    blocked: countHeldBack(attachment, gateOf(attachment)),
    copied: flush.copies.size,
    outdated: 0,
    ...viewMounted(host, files !== undefined),
    ...(pages && { frames: writerPages(attachment, frames) }),
    ...(files && sharing?.index && { index: viewIndex(sharing.index, wanted) }),
  };
}

/** A mount whose metadata has not been read knows nothing yet: its empty state is not the file system's. */
function viewMounted(
  { mount }: { readonly mount: Mount | null },
  isAsked: boolean,
): Pick<SharedView, 'headTx' | 'mount'> {
  if (mount === null || mount.state === 'closed') return { headTx: -1 };
  return { headTx: mount.position.tx, ...(isAsked && { mount: viewMount(mount) }) };
}

export function viewReader<E>(
  program: EngineProgram<E>,
  reader: SharedReader<E>,
  { pages, files, wanted = [] }: ViewParams,
): SharedView {
  const { phase, host } = reader;
  const slot = slotOf(reader);
  const replay = phase.kind === 'ready' ? phase.replay : null;
  const opening = phase.kind === 'opening' ? phase : null;
  const known = replay ?? opening ?? { consistentLsn: 0, bgReplayedLsn: 0 };
  const index = replay?.index ?? (opening?.at.kind === 'scan' ? opening.at.index : null);
  const cache: PageCache = replay?.cache ?? new Map();
  return {
    phase: phase.kind === 'opening' ? phase.at.kind : phase.kind,
    durableLsn: slot?.durableLsn ?? 0,
    consistentLsn: known.consistentLsn,
    redoLsn: -1,
    gcFloor: -1,
    oldestApplyLsn: -1,
    applyLsn: applyLsnOf(reader),
    ...(replay !== null &&
      replay.parser.parsedLsn > replay.parser.applyLsn && { parsedLsn: replay.parser.parsedLsn }),
    bgReplayedLsn: known.bgReplayedLsn,
    readyLsn: slot?.readyLsn ?? 0,
    leaseEnd: slot === null ? 0 : slot.leaseFrom + slot.leaseUs,
    slots: [],
    dirty: 0,
    blocked: 0,
    copied: 0,
    outdated: [...cache.values()].filter(({ isOutdated }) => isOutdated).length,
    ...viewMounted(host, files !== undefined),
    ...viewHeldLocks(program, reader),
    ...(pages && { frames: readerPages(cache) }),
    ...(files && index !== null && { index: viewIndex(index, wanted) }),
  };
}
