// State of a reader of a volume in files (docs/spec/logindex.md §5, §7): what it has parsed of the log's metadata, pages with their replay
// frames, what it reads in shared storage now. Plain data.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type MountHost, makeHost } from '../chunk/mount-host.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { LogRecord } from '../log/record.ts';
import { type Find, startWalk, type Walk } from '../logindex/find.ts';
import type { LogIndex, Opening } from '../logindex/log-index.ts';
import type { ReplayFrame } from '../logindex/replay.ts';
import type { Entry } from '../logindex/table.ts';
import type { Parser } from '../logindex/wal-meta.ts';
import type { PageKey } from '../page/page-key.ts';
import type { PageChange } from '../page/redo.ts';
import type { Gone } from './gone-relations.ts';
import type { WalRecord } from './messages.ts';
import { makeWalBuffer, type WalBuffer, type WalPart } from './wal-buffer.ts';
import type { WalPosition, WalScan } from './wal-file.ts';

/** `mount` · `join` a slot is asked for · `index` the tables that its writer has saved · `scan` WAL from there · `ready` LI-60, while its lease lasts. */
export type ReaderPhase = 'mount' | 'join' | 'index' | 'scan' | 'ready';

/** A page that is to be brought to applyLsn, or (`rp`) as of an older view. */
export interface Wanted {
  readonly page: PageKey;
  readonly rp: Lsn | null;
  /** Background replay wants it, no statement. */
  readonly isBackground: boolean;
}

/** LI-36, LI-37: a page that is being brought on. */
export interface Load {
  readonly id: number;
  wanted: Wanted;
  /** `seek`, `history`: a snapshot of the page, and WAL from there on (LI-52). */
  stage: 'image' | 'seek' | 'history' | 'find' | 'wal';
  image: Uint8Array | null;
  source: 'POOL' | 'STORAGE' | 'SNAPSHOT';
  from: Lsn;
  /** applyLsn that the replay goes to. */
  at: Lsn;
  /** consistentLsn that was known when the image was asked for. */
  readonly start: Lsn;
  find: Find | null;
  lsns: readonly Lsn[];
  /** Records to apply that were found in WAL. */
  readonly found: Map<Lsn, LogRecord>;
  /** What it has read of WAL lately; the last part may go on behind what was parsed then. */
  parts: WalPart[];
  /** Where the call that is out reads WAL, and what was parsed then. */
  reading: { readonly position: WalPosition; readonly parsedEnd: WalPosition } | null;
  /** Other loads read the segments that it needs: as many parts had come then. −1: none does. */
  heldUpAt: number;
  scan: WalScan | null;
  /** Records of the page above a snapshot's image, through the last parsed one. */
  history: readonly PageChange[] | null;
}

/** LI-65. */
export interface ReaderLock {
  readonly relation: number;
  readonly since: Time;
  isReplayed: boolean;
  /** Clients here hold its relation, which was traced. */
  isHeld: boolean;
}

export interface Waiter {
  readonly from: NodeId;
  readonly message: MessageOf<'PointedRequest'>;
  readonly until: Time;
  readonly traceId: number;
}

/** Whose a call of the mount is. `epoch`: of the slot in which it was asked; an outcome for a slot that is gone says nothing. */
export type ReaderCall =
  | { readonly kind: 'mount' }
  | { readonly kind: 'index' | 'scan' | 'walk'; readonly epoch: number }
  | { readonly kind: 'load'; readonly epoch: number; readonly id: number };

export interface SharedReader<E> {
  config: NodeConfig;
  boot: number;
  readonly engine: E;
  /** Who writes the volume, as the metadata said last, and under which token. */
  writer: NodeId | null;
  writerToken: Term;
  host: MountHost<ReaderCall>;
  phase: ReaderPhase;
  isOpened: boolean;
  epoch: number;
  token: Term;
  readyLsn: Lsn;
  leaseFrom: Time;
  leaseUs: number;
  heardAt: Time;
  durableLsn: Lsn;
  consistentLsn: Lsn;
  parser: Parser;
  index: LogIndex | null;
  opening: Opening | null;
  scan: WalScan | null;
  /** Metadata that waits for what goes before it. */
  early: WalRecord[];
  /** Where records lie, and where the next one begins. */
  places: Map<number, { readonly position: WalPosition; readonly length: number }>;
  end: WalPosition;
  wal: WalBuffer;
  frames: Map<PageKey, ReplayFrame>;
  /** Null: a page that was never stored. */
  images: Map<PageKey, Uint8Array | null>;
  /** LI-65: the writer's locks by their LSNs, in that order. */
  locks: Map<Lsn, ReaderLock>;
  /** LSNs of locks that are over. */
  unlocked: Lsn[];
  /** LI-64: every lock at or below it is replayed. */
  lockReplayLsn: Lsn;
  /** Relations whose files go, as far as it has parsed. */
  gone: Gone[];
  /** Pages of the MTR that is being parsed, with the first record of each. */
  changed: Map<PageKey, Lsn>;
  wanted: Wanted[];
  /** A reader has one, a writer that was promoted several. */
  loads: Load[];
  nextLoad: number;
  /** Pages that a replay has passed, as of these points: views there need not wait until records no longer come. */
  passed: { readonly page: PageKey; readonly rp: Lsn; readonly image: Uint8Array | null }[];
  walk: Walk;
  held: Entry | null;
  bgReplayedLsn: Lsn;
  /** The walk has nothing to read until more is parsed. */
  isWalked: boolean;
  /** Records of other pages than the volume's have come. */
  hasData: boolean;
  /** What it had parsed in its last slot: a promotion goes on from there. */
  kept: Parsed | null;
  waiters: Waiter[];
  least: Lsn;
  restUntil: Time;
}

/** A prefix of the log that is durable for ever, and pages at points of it. */
export type Parsed = Pick<
  SharedReaderPart,
  | 'parser'
  | 'index'
  | 'places'
  | 'end'
  | 'wal'
  | 'frames'
  | 'images'
  | 'bgReplayedLsn'
  | 'consistentLsn'
  | 'hasData'
  | 'gone'
>;
type SharedReaderPart = ReturnType<typeof emptyPart>;

export const keptOf = <E>(reader: SharedReader<E>): Parsed => {
  const { parser, index, places, end, wal, frames, images, bgReplayedLsn, consistentLsn, hasData, gone } =
    reader;
  return { parser, index, places, end, wal, frames, images, bgReplayedLsn, consistentLsn, hasData, gone };
};

const LIVES = 1_000_000;
/** Sessions of a seat that is made anew in the same life of its node. */
const LIFE_EPOCHS = 10_000;

export function makeSharedReader<E>(
  program: EngineProgram<E>,
  config: NodeConfig,
  boot: number,
  life: number,
): SharedReader<E> {
  return {
    config,
    boot,
    engine: program.makeEngine(config, true),
    writer: null,
    writerToken: 0 as Term,
    host: makeHost(config, boot * 64 + life),
    isOpened: false,
    epoch: boot * LIVES + life * LIFE_EPOCHS,
    ...emptyPart(),
    phase: 'mount',
    kept: null,
    waiters: [],
    restUntil: 0 as Time,
  };
}

/** What a slot begins with: nothing of what an earlier one had is good (LI-63). */
const emptyPart = () => ({
  token: 0 as Term,
  readyLsn: 0 as Lsn,
  leaseFrom: 0 as Time,
  leaseUs: 0,
  heardAt: 0 as Time,
  durableLsn: 0 as Lsn,
  consistentLsn: 0 as Lsn,
  parser: { parsedLsn: 0 as Lsn, applyLsn: 0 as Lsn },
  index: null as LogIndex | null,
  opening: null as Opening | null,
  scan: null as WalScan | null,
  early: [] as WalRecord[],
  places: new Map<number, { readonly position: WalPosition; readonly length: number }>(),
  end: 0,
  wal: makeWalBuffer(),
  frames: new Map<PageKey, ReplayFrame>(),
  images: new Map<PageKey, Uint8Array | null>(),
  locks: new Map<Lsn, ReaderLock>(),
  unlocked: [] as Lsn[],
  lockReplayLsn: 0 as Lsn,
  gone: [] as Gone[],
  changed: new Map<PageKey, Lsn>(),
  wanted: [] as Wanted[],
  loads: [] as Load[],
  nextLoad: 1,
  passed: [] as SharedReader<unknown>['passed'],
  walk: startWalk(0 as Lsn),
  held: null as Entry | null,
  bgReplayedLsn: 0 as Lsn,
  isWalked: true,
  hasData: false,
  least: 0 as Lsn,
});

export function emptyReader<E>(reader: SharedReader<E>): void {
  Object.assign(reader, emptyPart());
}
