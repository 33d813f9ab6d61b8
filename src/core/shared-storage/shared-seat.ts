// State of the writer of a volume in files of a shared device (docs/spec/logindex.md §1, §6): how far WAL is written and durable, which pages
// are stored, what the mount is doing. Plain data; a life of the seat begins under each token (FS-82).

import type { Lsn, Term, Time } from '../../base/ids.ts';
import { type MountHost, makeHost } from '../chunk/mount-host.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { NodeConfig } from '../kernel/door.ts';
import { hasReaders } from '../kernel/seats.ts';
import type { EncodedRecord } from '../log/record.ts';
import { type FlushControl, type FlushLimits, makeFlushControl } from '../logindex/flush-control.ts';
import type { Opening } from '../logindex/log-index.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import { type Checkpoint, firstCheckpoint } from './control-file.ts';
import type { Gone } from './gone-relations.ts';
import type { Promoting } from './promotion.ts';
import { makeSharing, type Sharing } from './sharing.ts';
import type { Snapshotting } from './snapshot-flush.ts';
import type { WalPosition, WalScan } from './wal-file.ts';

/**
 * `format` mkfs, where the volume was never open · `mount` P1, FS-61, FS-81 · `claim` H3 · `layout` directories and control · `index` what LogIndex has saved · `rebuild` LI-28 · `scan` WAL from
 * the checkpoint on · `replay` its pages · `cut` LI-73 · of a reader that is promoted `tail` WAL from where it had parsed to, `tables` room in LogIndex, `redoStart` P4, `volume` the volume's page ·  `log` the record of the term · `publish` H8 · `open` · `fenced`.
 */
export type SharedPhase =
  | 'format'
  | 'mount'
  | 'claim'
  | 'layout'
  | 'index'
  | 'rebuild'
  | 'scan'
  | 'replay'
  | 'cut'
  | 'tail'
  | 'tables'
  | 'redoStart'
  | 'volume'
  | 'log'
  | 'publish'
  | 'open'
  | 'fenced';

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

/** What of a device is full (FS-46): blocks for data, inodes for files, or the log; empty: nothing. */
export type FullOf = '' | 'data' | 'files' | 'log';

export interface SharedSeat<E> {
  config: NodeConfig;
  boot: number;
  engine: E;
  phase: SharedPhase;
  /** Numbers its requests to the metadata: greater in each life of the seat. */
  requests: number;
  token: Term;
  isCreated: boolean;
  host: MountHost<WriterCall>;
  /** Jobs that have begun, side by side; the calls of each go one after the other. */
  jobs: Running[];
  nextJob: number;
  log: WriterLog;
  flush: FlushControl;
  checkpoint: Checkpoint;
  /** Changed pages that the engine's buffer does not have: by replay, until it asks for them or they are stored. */
  held: Map<PageKey, Uint8Array>;
  /** LI-40, 5: images of the copy buffer. */
  copied: Map<PageKey, Uint8Array>;
  /** LI-51: the page that is stored behind a snapshot, or null. */
  snapshot: Snapshotting | null;
  /** The page that the gate held back last, so that it is traced once. */
  blockedAt: Lsn;
  /** LI-55: the gate at which statements waited for a frame last. */
  stalledAt: Lsn;
  /** Of a cluster with readers. */
  sharing: Sharing | null;
  indexOpening: Opening | null;
  /** Of a reader that was promoted, until P6. */
  promotion: Promoting | null;
  /** Relations whose files are to go, in the order of their LSNs. */
  gone: Gone[];
  /** Found by this writer, or by the one before it on this node; until LogIndex is made anew. */
  damage: Damage | null;
  /** W2: until when what runs may end; null: it takes requests. */
  freezeBy: Time | null;
  /** It appends nothing more. */
  isFrozen: boolean;
  /** W3. */
  isHandedOver: boolean;
  over: Over | null;
  /** Pages to be read, in the order in which they were asked for. */
  reads: PageKey[];
  /** Pages that are here, and of which the engine has not heard. */
  arrived: { readonly page: PageKey; readonly image: Uint8Array | null }[];
  /** Pages that may be written before the next turn. */
  budget: number;
  /** Jobs whose call failed; neither they nor the opening's go on before `restUntil`. */
  later: Job[];
  restUntil: Time;
  /** The bgwriter's next turn has its timer. */
  isTurnArmed: boolean;
  scan: WalScan | null;
  /** Pages that replay has still to load, with where they are found. */
  toReplay: PageKey[];
  /** Somebody waits for room that another chunk of the device has. */
  wantsChunk: boolean;
  /** Statements are refused for what is full, since then. */
  full: FullOf;
  fullSince: Time;
  /** Since when WAL is short of segments. */
  shortSince: Time | null;
  /** Records of the shortest MTR that has found no room in it since. */
  shortFor: number;
  /** Calls of the layout and of the cut that are still to be made. */
  script: Call[];
  startLsn: Lsn;
  /** Page writes that ended, and the last notice of both to the engine. */
  stored: number;
  notified: Lsn;
  notifiedStored: number;
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

/** What is the same at the beginning of every life. */
const newLife = <E>(program: EngineProgram<E>, config: NodeConfig, boot: number, requests: number) => ({
  engine: program.makeEngine(config, false),
  phase: 'mount' as SharedPhase,
  requests,
  token: 0 as Term,
  isCreated: false,
  // reads of another life must not be taken for its own
  host: makeHost<WriterCall>(config, boot * 64 + requests),
  jobs: [] as Running[],
  nextJob: 1,
  log: emptyLog(),
  flush: makeFlushControl(flushLimits(config.params), 1 as Lsn),
  checkpoint: firstCheckpoint,
  held: new Map<PageKey, Uint8Array>(),
  copied: new Map<PageKey, Uint8Array>(),
  snapshot: null as Snapshotting | null,
  blockedAt: -1 as Lsn,
  stalledAt: -1 as Lsn,
  sharing: hasReaders(config.cluster) ? makeSharing() : null,
  indexOpening: null as Opening | null,
  promotion: null as Promoting | null,
  gone: [] as Gone[],
  freezeBy: null as Time | null,
  isFrozen: false,
  isHandedOver: false,
  damage: null as Damage | null,
  over: null as Over | null,
  reads: [] as PageKey[],
  arrived: [] as SharedSeat<E>['arrived'],
  budget: 0,
  later: [] as Job[],
  restUntil: 0 as Time,
  isTurnArmed: false,
  scan: null as WalScan | null,
  toReplay: [] as PageKey[],
  wantsChunk: false,
  full: '' as FullOf,
  fullSince: 0 as Time,
  shortSince: null as Time | null,
  shortFor: 1,
  script: [] as Call[],
  startLsn: 0 as Lsn,
  stored: 0,
  notified: -1 as Lsn,
  notifiedStored: 0,
});

/** `requests`: greater than that of every seat that this life of the node has had. */
export const makeSharedSeat = <E>(
  program: EngineProgram<E>,
  config: NodeConfig,
  boot: number,
  requests: number,
): SharedSeat<E> => ({ config, boot, ...newLife(program, config, boot, requests) });

export const volumeOf = <E>({ config }: SharedSeat<E>): string => config.cluster.volume;
export const isOpen = <E>({ phase }: SharedSeat<E>): boolean => phase === 'open';
