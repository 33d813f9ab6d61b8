// What a writer of shared storage keeps of its readers: slots, what each has been sent, and LogIndex (docs/spec/logindex.md §4, §7).

import type { Lsn, NodeId, Time } from '../../base/ids.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { LogIndex } from '../logindex/log-index.ts';
import type { Slots } from '../logindex/reader-slots.ts';
import type { Geometry } from '../logindex/table.ts';
import type { PageKey } from '../page/page-key.ts';
import type { Call } from '../pfs/mount-state.ts';
import type { WalRecord } from './messages.ts';

export const INDEX_DIRECTORY = '/logindex';

/** Of scaled layouts (docs/spec/presets.md). */
export const indexGeometry = ({ params }: NodeConfig): Geometry => ({
  segments: params.indexSegments,
  slots: 32,
  tablesPerFile: params.indexTables,
  memTables: params.indexMemory,
  keptTables: params.indexKept,
});

/** A reader's lease (LI-63), in heartbeats of a node. */
const LEASE_BEATS = 10;

/** How often the writer looks after its slots, and a reader reports. */
export const slotUs = ({ params }: NodeConfig): number => params.nodeHeartbeatMs * 1000;
export const leaseUsOf = (config: NodeConfig): number => LEASE_BEATS * slotUs(config);

/** LI-64: a relation that a session has alone. */
export interface SharedLock {
  readonly session: string;
  readonly relation: number;
  readonly lsn: Lsn;
  readonly since: Time;
  /** Every live reader has replayed it. */
  isGranted: boolean;
  isOver: boolean;
  /** LI-66: of the record that releases it; null: there is none yet. */
  endLsn: Lsn | null;
}

export interface Sharing {
  readonly slots: Slots;
  /** Of each registered reader what it has been sent. */
  readonly sessions: Map<NodeId, { readonly epoch: number; sentLsn: Lsn }>;
  /** Null until the opening has read it. */
  index: LogIndex | null;
  /** Records whose entries are not inserted yet. */
  line: { readonly lsn: Lsn; readonly pages: readonly PageKey[] }[];
  /** Metadata of records that some reader has not been sent. */
  recent: WalRecord[];
  locks: SharedLock[];
  /** Sessions that wait for readers look again. */
  isLate: boolean;
  /** gcFloor at which the oldest file of LogIndex was looked at last. */
  lookedAt: Lsn;
  /** The calls that let LogIndex's oldest file go. */
  trim: readonly Call[] | null;
}

export const makeSharing = (): Sharing => ({
  slots: new Map(),
  sessions: new Map(),
  index: null,
  line: [],
  recent: [],
  locks: [],
  isLate: false,
  lookedAt: 0 as Lsn,
  trim: null,
});

/** What a reader that registers at the durable end has to replay. */
export const locksAt = ({ locks }: { readonly locks: readonly SharedLock[] }, durable: Lsn) =>
  locks
    .filter(({ lsn, endLsn }) => lsn <= durable && (endLsn === null || endLsn > durable))
    .map(({ lsn, relation }) => ({ lsn, relation }));

/** A heartbeat has passed: a session that waits for readers looks whether it has waited long enough. */
export function tickLocks(sharing: Sharing): void {
  if (sharing.locks.some(({ isGranted, isOver }) => !isGranted && !isOver)) sharing.isLate = true;
}
