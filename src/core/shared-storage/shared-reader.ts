// State of a reader of a volume in files (docs/spec/logindex.md §5, §7): it mounts, asks the writer for a slot, opens LogIndex and WAL, and reads until its
// lease ends. A phase has what is good in it; the next one takes along what stays good. Plain data.

import type { Lsn, NodeId, Term, Time } from '../../base/ids.ts';
import { type MountHost, makeHost } from '../chunk/mount-host.ts';
import type { Waiter } from '../compute/attachment-life.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { LogIndex, Opening } from '../logindex/log-index.ts';
import type { PageKey } from '../page/page-key.ts';
import type { WalRecord } from './messages.ts';
import { makePageWork, type PageReplay, type PageWork } from './page-replay.ts';
import type { BackgroundWalk } from './reader-walk.ts';
import type { WalScan } from './wal-file.ts';

/** LI-65. */
export interface ReaderLock {
  readonly relation: number;
  readonly since: Time;
  isReplayed: boolean;
  /** Clients here hold its relation, which was traced. */
  isHeld: boolean;
}

/** What the writer has granted, and says of its log while the lease lasts (LI-61, LI-63). */
export interface Slot {
  readonly token: Term;
  readonly readyLsn: Lsn;
  readonly leaseUs: number;
  leaseFrom: Time;
  heardAt: Time;
  durableLsn: Lsn;
  /** Metadata that waits for what goes before it. */
  early: WalRecord[];
  /** LI-65: the writer's locks by their LSNs, in that order. */
  readonly locks: Map<Lsn, ReaderLock>;
}

/** A slot is asked for. `kept`: what it had parsed in its last one, which a promotion goes on from; null: nothing that is good. */
interface Joining {
  readonly kind: 'join';
  readonly heardAt: Time;
  readonly kept: PageReplay | null;
}

/** First the tables of LogIndex that the writer has saved, then WAL above them. */
export interface OpeningReader {
  readonly kind: 'opening';
  readonly slot: Slot;
  readonly kept: PageReplay | null;
  at:
    | { readonly kind: 'index'; readonly opening: Opening }
    | { readonly kind: 'scan'; readonly index: LogIndex };
  readonly scan: WalScan;
  /** As the writer said it last; and all below it is stored, so an empty pool lacks none of it. */
  consistentLsn: Lsn;
  readonly bgReplayedLsn: Lsn;
}

/** LI-60: it serves reads while its lease lasts. */
export interface ReadyReader {
  readonly kind: 'ready';
  readonly slot: Slot;
  readonly replay: PageReplay;
  readonly walk: BackgroundWalk;
  /** Pages of the MTR that is being parsed, with the first record of each. */
  readonly changed: Map<PageKey, Lsn>;
  /** LSNs of locks that are over. */
  readonly unlocked: Lsn[];
  /** LI-64: every lock at or below it is replayed. */
  lockReplayLsn: Lsn;
  /** The oldest read point of a view. */
  least: Lsn;
}

export type ReaderPhase = { readonly kind: 'mount' } | Joining | OpeningReader | ReadyReader;

/** Whose a call of the mount is. `epoch`: of the slot in which it was asked; an outcome for a slot that is gone says nothing. */
export type ReaderCall =
  | { readonly kind: 'mount' }
  | { readonly kind: 'index' | 'scan' | 'walk'; readonly epoch: number }
  | { readonly kind: 'load'; readonly epoch: number; readonly id: number };

export interface SharedReader<E> {
  config: NodeConfig;
  boot: number;
  readonly engine: E;
  /** The engine reads since the first slot that was ready; it goes on between slots, and its pages begin anew with each. */
  isOpened: boolean;
  /** Who writes the volume, as the metadata said last. */
  writer: { readonly node: NodeId; readonly token: Term } | null;
  readonly host: MountHost<ReaderCall>;
  phase: ReaderPhase;
  /** Of the last slot that was asked for; greater in each. */
  epoch: number;
  /** Of this slot, or for the next one. Loads are under way in phase `ready` only. */
  work: PageWork;
  waiters: Waiter[];
  /** A call has failed: none begins before. */
  restUntil: Time;
}

const LIVES = 1_000_000;
/** Sessions of an attachment that is made anew in the same life of its node. */
const LIFE_EPOCHS = 10_000;

export const makeSharedReader = <E>(
  program: EngineProgram<E>,
  config: NodeConfig,
  boot: number,
  incarnation: number,
): SharedReader<E> => ({
  config,
  boot,
  engine: program.makeEngine(config, true),
  isOpened: false,
  writer: null,
  host: makeHost(config),
  phase: { kind: 'mount' },
  epoch: boot * LIVES + incarnation * LIFE_EPOCHS,
  work: makePageWork(),
  waiters: [],
  restUntil: 0 as Time,
});

export const slotOf = <E>({ phase }: SharedReader<E>): Slot | null =>
  phase.kind === 'opening' || phase.kind === 'ready' ? phase.slot : null;

/** The visible LSN: 0 while it is not ready. */
export const applyLsnOf = <E>({ phase }: SharedReader<E>): Lsn =>
  phase.kind === 'ready' ? phase.replay.parser.applyLsn : (0 as Lsn);

/** What a promotion may go on from. */
export const parsedBy = ({ phase }: Pick<SharedReader<unknown>, 'phase'>): PageReplay | null => {
  if (phase.kind === 'ready') return phase.replay;
  return phase.kind === 'mount' ? null : phase.kept;
};
