// State of the writer of a volume in files of a shared device (docs/spec/logindex.md §1, §6): how far WAL is written and durable, which pages
// are stored, what the mount is doing. Plain data; a life of the attachment begins under each token (FS-82).

import { present } from '../../base/assert.ts';
import type { Lsn, Term, Time } from '../../base/ids.ts';
import { type MountHost, makeHost } from '../chunk/mount-host.ts';
import { type Freeze, noFreeze } from '../compute/attachment-freeze.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { hasReaders } from '../kernel/attachments.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { EncodedRecord } from '../log/record.ts';
import { type FlushControl, type FlushLimits, makeFlushControl } from '../logindex/flush-control.ts';
import type { Opening } from '../logindex/log-index.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import { type Checkpoint, firstCheckpoint } from './control-file.ts';
import type { Gone } from './gone-relations.ts';
import type { Promoted, Promoting } from './promotion.ts';
import { makeSharing, type Sharing } from './sharing.ts';
import type { Snapshotting } from './snapshot-flush.ts';
import type { WalPosition, WalScan } from './wal-file.ts';

/** Of a reader that is promoted: WAL from where it had parsed to; records of it from `next` on are not in LogIndex yet. */
export interface TailPhase {
  readonly kind: 'tail';
  readonly scan: WalScan;
  next: number;
}

/** LI-38: pages that WAL changes and that are not asked for yet; jobs read those before them. */
export interface ReplayPhase {
  readonly kind: 'replay';
  readonly scan: WalScan;
  readonly toReplay: PageKey[];
}

/** The engine reads and writes. */
export interface OpenPhase {
  readonly kind: 'open';
  /** Of the record of its term. */
  readonly startLsn: Lsn;
  freeze: Freeze;
  /** Durable LSN that the engine has heard last. */
  notified: Lsn;
  /** Pages to be read, in the order in which they were asked for. */
  readonly reads: PageKey[];
  /** Pages that are here, and of which the engine has not heard. */
  readonly arrived: { readonly page: PageKey; readonly image: Uint8Array | null }[];
  /** The bgwriter's next turn has its timer. */
  isTurnArmed: boolean;
  /** Pages that may be written before it. */
  budget: number;
  /** LI-55: the gate at which statements waited for a frame last. */
  stalledAt: Lsn;
  /** Statements are refused for what is full, since then. */
  full: { readonly what: FullOf; readonly since: Time } | null;
  /** WAL is short of segments since then; `records`: of the shortest MTR that has found no room in it. */
  short: { readonly since: Time; readonly records: number } | null;
}

/**
 * `format` mkfs, where the volume was never open · `mount` P1, FS-61, FS-81 · `claim` H3 · `layout` directories and control · `index` what LogIndex has saved · `rebuild` LI-28 · `scan` WAL from
 * the checkpoint on · `replay` its pages · `cut` LI-73 · of a reader that is promoted `tail`, `tables` room in LogIndex for it, `redoStart` P4, `volume` the volume's page · `log` the record of
 * the term · `publish` H8 · `open` · `fenced` over, for whatever reason. A script is the calls that are still to be made.
 */
export type WriterPhase =
  | { readonly kind: 'format' | 'mount' | 'claim' | 'redoStart' | 'volume' }
  | { readonly kind: 'layout' | 'rebuild' | 'cut'; readonly script: Call[] }
  | { readonly kind: 'index'; readonly opening: Opening | null }
  | { readonly kind: 'scan'; readonly scan: WalScan }
  | ReplayPhase
  | TailPhase
  | { readonly kind: 'tables'; readonly script: Call[]; readonly tail: TailPhase }
  | { readonly kind: 'log' | 'publish'; readonly startLsn: Lsn }
  | OpenPhase
  | { readonly kind: 'fenced'; readonly over: Over };

/** Calls of the file system that belong together; the next begins when the one before it has ended (FS-44). */
export type Job = { readonly calls: readonly Call[]; at: number } & (
  | { readonly kind: 'segment' | 'recycle' | 'drop' | 'index' | 'indexEnd' | 'walk' | 'remove' | 'grow' }
  /** WAL through this LSN. */
  | { readonly kind: 'wal'; readonly first: Lsn; readonly lsn: Lsn; readonly bytes: number }
  | { readonly kind: 'read'; readonly page: PageKey }
  /** LI-51: what is stored of the page that is snapshotted. */
  | { readonly kind: 'before' }
  | PageJob
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'replay'; readonly load: number }
);

/** An image of a page, with its pageLsn and the gate that let it pass (LI-40); MAX: there is none. */
interface PageJob {
  readonly kind: 'page';
  readonly page: PageKey;
  readonly lsn: Lsn;
  readonly gate: Lsn;
  readonly how: 'buffer' | 'copy' | 'snapshot';
}

export type JobOf<K extends Job['kind']> = Extract<Job, { readonly kind: K }>;

/** A job that has begun. */
export interface Running {
  readonly id: number;
  readonly job: Job;
  /** Its call is under way; else it waits for its turn. */
  isOut: boolean;
}

/** Whose a call of the mount is: the opening's, also to make room or to replay a page first, or a job's. */
export type WriterCall =
  | { readonly kind: 'opening' | 'room' }
  | { readonly kind: 'load' | 'job'; readonly id: number };

export interface WriterLog {
  tail: Lsn;
  durable: Lsn;
  /** Appended, and in no write yet. */
  buffered: EncodedRecord[];
  /** Where the next record goes. */
  end: WalPosition;
  /** Where the buffered ones begin; the bytes before them in that sector. */
  written: WalPosition;
  sector: Uint8Array;
  /** Segments that are zero-filled: up to here, and none below the first. */
  segments: number;
  firstSegment: number;
  /** Of each MTR above the checkpoint, ascending. */
  places: { readonly lsn: Lsn; readonly position: WalPosition }[];
  /** Tail at which it was traced that there is no room. */
  refusedAt: Lsn;
  /** No record but of terms: the catalog is yet to be made. */
  isEmpty: boolean;
}

/** How a writer ended. `fenced`: `seen` is another's token; `lost`: only another mount, under another token, can tell what is stored, or reads what a promotion cannot. */
export interface Over {
  readonly why: 'fenced' | 'lost';
  readonly seen: Term;
}

/** A table of LogIndex, or what it led to, that is not whole (LI-28). */
export interface Damage {
  readonly table: number;
  readonly why: string;
}

/**
 * How it reaches the end of the log that is there. `wal` by WAL from the checkpoint on, or it is there; `damage` was found by the writer before it on
 * this node, until LogIndex is made anew; `promoted`: it was promoted, and that is over. `logIndex` as a reader that was promoted, until P6.
 */
export type Redo =
  | { readonly kind: 'wal'; readonly damage: Damage | null; readonly promoted?: Promoted }
  | { readonly kind: 'logIndex'; readonly promotion: Promoting };

/** What of a device is full (FS-46): blocks for data, inodes for files, or the log. */
export type FullOf = 'data' | 'files' | 'log';

export interface SharedAttachment<E> {
  config: NodeConfig;
  boot: number;
  readonly engine: E;
  phase: WriterPhase;
  /** Numbers its requests to the metadata: greater in each attachment of this life of the node. */
  readonly requests: number;
  readonly token: Term;
  readonly host: MountHost<WriterCall>;
  /** Jobs that have begun, side by side; the calls of each go one after the other. */
  readonly jobs: Running[];
  nextJob: number;
  readonly log: WriterLog;
  flush: FlushControl;
  checkpoint: Checkpoint;
  /** Changed pages that the engine's buffer does not have: by replay, until it asks for them or they are stored. */
  readonly held: Map<PageKey, Uint8Array>;
  /** LI-40, 5: images of the copy buffer. */
  readonly copied: Map<PageKey, Uint8Array>;
  /** LI-51: the page that is stored behind a snapshot, or null. */
  snapshot: Snapshotting | null;
  /** The gate at which a page was refused last, so that it is traced once. */
  blockedAt: Lsn;
  /** Pages that the gate holds back, as it was traced last; −1: it was not. */
  heldBack: number;
  /** Of a cluster with readers. */
  readonly sharing: Sharing | null;
  redo: Redo;
  /** Relations whose files are to go, in the order of their LSNs. */
  gone: Gone[];
  /** Jobs whose call failed; neither they nor the opening's go on before `restUntil`. */
  readonly later: Job[];
  restUntil: Time;
  /** LI-47: an operator has asked for a checkpoint. */
  wantsCheckpoint: boolean;
  /** Somebody waits for room that another chunk of the device has. */
  wantsChunk: boolean;
  /** A page was stored, or there may be room: who waits in the engine looks again. */
  looksAgain: boolean;
}

const flushLimits = ({
  copySlots,
  copyLag,
  snapshotOldLsns: old,
  snapshotReplayLsns: replay,
  snapshotChanges,
}: NodeConfig['params']): FlushLimits => ({
  copySlots,
  copyLag,
  minModified: 5,
  snapshot: old === 0 ? null : { old, replay, minModified: snapshotChanges },
});

const emptyLog = (): WriterLog => ({
  tail: 0 as Lsn,
  durable: 0 as Lsn,
  buffered: [],
  end: 0,
  written: 0,
  sector: new Uint8Array(),
  segments: 0,
  firstSegment: 0,
  places: [],
  refusedAt: -1 as Lsn,
  isEmpty: true,
});

/** `requests`: greater than that of every attachment that this life of the node has had. */
export const makeSharedAttachment = <E>(
  program: EngineProgram<E>,
  config: NodeConfig,
  { boot, requests, token }: Pick<SharedAttachment<E>, 'boot' | 'requests' | 'token'>,
  redo: Redo,
): SharedAttachment<E> => ({
  config,
  boot,
  engine: program.makeEngine(config, false),
  phase: { kind: 'mount' },
  requests,
  token,
  // reads of another life must not be taken for its own
  host: makeHost(config),
  jobs: [],
  nextJob: 1,
  log: emptyLog(),
  flush: makeFlushControl(flushLimits(config.params), 1 as Lsn),
  checkpoint: firstCheckpoint,
  held: new Map(),
  copied: new Map(),
  snapshot: null,
  blockedAt: -1 as Lsn,
  heldBack: -1,
  sharing: hasReaders(config.cluster) ? makeSharing() : null,
  redo,
  gone: [],
  later: [],
  restUntil: 0 as Time,
  wantsCheckpoint: false,
  wantsChunk: false,
  looksAgain: false,
});

export const volumeOf = <E>({ config }: SharedAttachment<E>): string => config.cluster.volume;
export const isOpen = <E>({ phase }: SharedAttachment<E>): boolean => phase.kind === 'open';
/** It serves until it begins to hand over. */
export const openPhase = (startLsn: Lsn, durable: Lsn): OpenPhase => ({
  kind: 'open',
  startLsn,
  freeze: noFreeze,
  notified: durable,
  reads: [],
  arrived: [],
  isTurnArmed: false,
  budget: 0,
  stalledAt: -1 as Lsn,
  full: null,
  short: null,
});
export const openOf = <E>({ phase }: SharedAttachment<E>): OpenPhase | null =>
  phase.kind === 'open' ? phase : null;
/** Of who serves the engine, which begins once the volume is open. */
export const servingOf = <E>(attachment: SharedAttachment<E>): OpenPhase =>
  present(openOf(attachment), 'an open volume');
export const isFreezing = <E>({ phase }: SharedAttachment<E>): boolean =>
  phase.kind === 'open' && phase.freeze.kind !== 'none';
export const promotionOf = <E>({ redo }: SharedAttachment<E>): Promoting | null =>
  redo.kind === 'logIndex' ? redo.promotion : null;
/** For which LogIndex is to be made anew. */
export const damageOf = <E>({ redo }: SharedAttachment<E>): Damage | null =>
  redo.kind === 'logIndex' ? redo.promotion.damage : redo.damage;
export const overOf = <E>({ phase }: SharedAttachment<E>): Over | null =>
  phase.kind === 'fenced' ? phase.over : null;
