// Pages that LogIndex brings on, at a reader and at the writer that it becomes (docs/spec/logindex.md LI-36 to LI-39, LI-70): the log as far as it is
// parsed, pages as of points of it, and the loads that are under way. Plain data.

import type { Lsn } from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { LogRecord } from '../log/record.ts';
import type { Find } from '../logindex/find.ts';
import type { LogIndex } from '../logindex/log-index.ts';
import type { PageCache } from '../logindex/replay.ts';
import type { Parser } from '../logindex/wal-meta.ts';
import { type PageKey, VOLUME_KEY } from '../page/page-key.ts';
import type { Gone } from './gone-relations.ts';
import { makeWalBuffer, type WalBuffer, type WalPart } from './wal-buffer.ts';
import type { WalPosition, WalScan } from './wal-file.ts';

/** A prefix of the log that is durable for ever, and pages at points of it. */
export interface PageReplay {
  readonly parser: Parser;
  readonly index: LogIndex;
  /** Where records lie, and where the next one begins. */
  readonly places: Map<number, { readonly position: WalPosition; readonly length: number }>;
  end: WalPosition;
  readonly wal: WalBuffer;
  readonly cache: PageCache;
  /** As the writer said it last. */
  consistentLsn: Lsn;
  bgReplayedLsn: Lsn;
  /** Records of other pages than the volume's have come. */
  hasData: boolean;
  /** Relations whose files go, as far as it has parsed. */
  readonly gone: Gone[];
}

export const makePageReplay = (
  index: LogIndex,
  parsedLsn: Lsn,
  end: WalPosition,
  { consistentLsn, bgReplayedLsn }: Pick<PageReplay, 'consistentLsn' | 'bgReplayedLsn'>,
): PageReplay => ({
  parser: { parsedLsn, applyLsn: parsedLsn },
  index,
  places: new Map(),
  end,
  wal: makeWalBuffer(),
  cache: new Map(),
  consistentLsn,
  bgReplayedLsn,
  hasData: false,
  gone: [],
});

/** A promotion begins with a change of the volume's page: a reader has it at hand, as far as it has parsed, however old what is stored may be. */
export const isPinned = (page: PageKey): boolean => page === VOLUME_KEY;

/** A page that is to be brought to applyLsn, or (`rp`) as of an older view. */
export interface PageRequest {
  readonly page: PageKey;
  readonly rp: Lsn | null;
  /** Background replay asks for it, no statement. */
  readonly isBackground: boolean;
}

/** Pages that somebody waits for. */
export interface PageWork {
  /** In this order, those of statements first. No load brings one of them on. */
  readonly requests: PageRequest[];
  /** A reader has one, a writer that was promoted several. */
  readonly loads: Load[];
  nextLoad: number;
  /** Pages that a replay has passed, as of these points: views there need not wait until records no longer come. */
  readonly passed: { readonly page: PageKey; readonly rp: Lsn; readonly image: Uint8Array | null }[];
}

export const makePageWork = (): PageWork => ({ requests: [], loads: [], nextLoad: 1, passed: [] });

/**
 * `image` its file is read · `seek` WAL, for a snapshot of the page, `history` WAL from the place that it names (LI-52) · `find` LogIndex, for its records above the
 * image · `wal` those records.
 */
export type LoadStage =
  | { readonly kind: 'image' }
  | { readonly kind: 'seek' | 'history'; readonly scan: WalScan }
  | { readonly kind: 'find'; readonly find: Find }
  | { readonly kind: 'wal'; readonly lsns: readonly Lsn[] };

/** LI-36, LI-37: a page that is being brought on. */
export interface Load {
  readonly id: number;
  request: PageRequest;
  stage: LoadStage;
  image: Uint8Array | null;
  source: 'POOL' | 'STORAGE' | 'SNAPSHOT';
  from: Lsn;
  /** applyLsn that the replay goes to. */
  at: Lsn;
  /** consistentLsn that was known when the image was asked for. */
  readonly start: Lsn;
  /** Records to apply that were found in WAL. */
  readonly found: Map<Lsn, LogRecord>;
  /** What it has read of WAL lately; the last part may go on behind what was parsed then. */
  parts: WalPart[];
  /** Where the call that is out reads WAL, and what was parsed then. */
  reading: { readonly position: WalPosition; readonly parsedEnd: WalPosition } | null;
  /** Other loads read the segments that it needs: as many parts had come then. −1: none does. */
  heldUpAt: number;
}

/** What one step of a replay works with. */
export interface ReplayStep {
  readonly replay: PageReplay;
  readonly work: PageWork;
  readonly config: NodeConfig;
  readonly ctx: RoleContext;
}
