// What a reader shows of the log's way to it (docs/spec/readers.md), and a writer of its readers. Pure; LSNs are inclusive,
// −1 is none, times are virtual µs.

import type { NodeId, Time } from '../../base/ids.ts';
import type { LogRecord } from '../log/record.ts';
import type { PageKey } from '../page/page-key.ts';
import type { SenderState } from './journal-sender.ts';
import type { RuntimeInfo } from './messages.ts';
import { REVOKE_US } from './reader-limits.ts';
import { applierOf, type ReceiverState } from './receiver.ts';

/** A record that is received and waits for VDL to reach the CPL of its MTR (READ-10). */
export interface HeldRecordView {
  readonly lsn: number;
  readonly blockKey: number;
  readonly cpl: boolean;
}

/**
 * Where a block's records of the Block–Journal table stand. `held`: none is released; `queued`: its applier has them;
 * `loading`: they wait for the page, which is on its way from the stores (READ-15).
 */
export type BlockJournalState = 'held' | 'queued' | 'loading';

/** A list of the Block–Journal table (READ-4). */
export interface BlockJournalView {
  readonly blockKey: number;
  /** Ascending. */
  readonly lsns: readonly number[];
  readonly state: BlockJournalState;
  /** The applier that it belongs to (READ-14). */
  readonly applier: number;
  /** Its records up to here are released; −1: none is. */
  readonly releasedTo: number;
}

/** Held records and lists of the table, as far as they are listed. */
export interface JournalView {
  readonly held: readonly HeldRecordView[];
  readonly blocks: readonly BlockJournalView[];
}

export interface ReceiverView {
  /** Token of the stream. */
  readonly token: number;
  /** Last LSN of the gap-free stream. */
  readonly receivedTo: number;
  /** VDL as last received. */
  readonly vdl: number;
  /** Highest CPL that VDL has released. */
  readonly releasedTo: number;
  /** The visible LSN (READ-12). */
  readonly applyLsn: number;
  /** Records that are received and not released. */
  readonly held: number;
  /** The Block–Journal table: its lists, and the records in them. */
  readonly blocks: number;
  readonly records: number;
  /** Released blocks that wait for each applier. */
  readonly appliers: readonly number[];
  /** Records since the node started. */
  readonly counts: {
    readonly received: number;
    readonly applied: number;
    readonly skipped: number;
    readonly discarded: number;
  };
  /** When asked for. */
  readonly journal?: JournalView;
}

/** A statement that waits for the visible LSN to reach `bound` (READ-41), at most `leftUs` longer. */
export interface LsnWaitView {
  readonly session: string;
  readonly node: NodeId;
  readonly bound: number;
  readonly leftUs: number;
}

/** A reader's part at a volume. */
export interface ReaderView extends ReceiverView {
  /** The writer that it is joined to, or asks. */
  readonly writer: NodeId | '';
  readonly session: 'joining' | 'joined' | 'revoked';
  readonly epoch: number;
  /** Since a message of the stream came. */
  readonly silentUs: number | null;
  /** As it reported last (READ-26). */
  readonly mrpl: number;
  readonly waits: number;
  /** The first of them. */
  readonly lsnWaits: readonly LsnWaitView[];
  /** Pages that the stores are asked for. */
  readonly pageReads: number;
  /** READ-6, READ-19; null before the first join. */
  readonly runtime: RuntimeInfo | null;
  /** Of a classic standby. */
  readonly classic?: ClassicView;
}

/** READ-18, READ-31: what a classic standby replays, and what that took since its node started. */
export interface ClassicView {
  readonly phase: 'reading' | 'replaying' | 'ready';
  readonly restorePoint: number;
  /** Its first read is possible from here on. */
  readonly minRecovery: number;
  /** Pages loaded to be changed, and looks that found a view in the way. */
  readonly loaded: number;
  readonly waits: number;
}

/** A reader's session as the writer has it (READ-24, READ-26). */
export interface ReaderLinkView {
  readonly reader: NodeId;
  readonly epoch: number;
  readonly sentTo: number;
  /** As it reported last. */
  readonly have: number;
  readonly applyLsn: number;
  /** It holds PGMRPL here. */
  readonly mrpl: number;
  readonly reportedUs: number;
  /** READ-28: without a report its session is revoked after this time. */
  readonly revokedInUs: number;
  /** READ-9: false: its queue was full, it will join again. */
  readonly isStreaming: boolean;
}

/** Held records and lists listed. */
const LISTED = 128;

function blockStates(r: ReceiverState): ReadonlyMap<PageKey, number> {
  const queued = new Map<PageKey, number>();
  for (const line of r.appliers) for (const { blockKey, cpl } of line) queued.set(blockKey, cpl);
  return queued;
}

function journalView(r: ReceiverState, wanted: ReadonlySet<number>): JournalView {
  const queued = blockStates(r);
  const lists = [...r.table].map(([blockKey, records]): BlockJournalView => {
    const loadingTo = r.loadingTo.get(blockKey);
    const queuedTo = queued.get(blockKey);
    return {
      blockKey,
      lsns: records.map(({ lsn }) => lsn),
      state: loadingTo !== undefined ? 'loading' : queuedTo !== undefined ? 'queued' : 'held',
      applier: applierOf(blockKey),
      releasedTo: Math.max(loadingTo ?? -1, queuedTo ?? -1),
    };
  });
  const first = lists.filter(({ blockKey }) => wanted.has(blockKey));
  const others = lists.filter(({ blockKey }) => !wanted.has(blockKey));
  return {
    held: r.held.slice(0, LISTED).map(({ lsn, blockKey, cpl }: LogRecord) => ({ lsn, blockKey, cpl })),
    blocks: [...first, ...others].slice(0, LISTED),
  };
}

/** `wanted`: pages whose lists come first; null: without lists. */
export function receiverView(r: ReceiverState, wanted: ReadonlySet<number> | null): ReceiverView {
  let records = 0;
  for (const list of r.table.values()) records += list.length;
  return {
    token: r.token,
    receivedTo: r.expected - 1,
    vdl: r.vdl,
    releasedTo: r.releasedLsn,
    applyLsn: r.applyLsn,
    held: r.held.length,
    blocks: r.table.size,
    records,
    appliers: r.appliers.map((line) => line.length),
    counts: { ...r.counts },
    ...(wanted === null ? {} : { journal: journalView(r, wanted) }),
  };
}

export const readerLinks = ({ links }: SenderState, now: Time): readonly ReaderLinkView[] =>
  [...links.values()].map(({ node, epoch, sentTo, have, applyLsn, mrpl, reportedAt, isStreaming }) => ({
    reader: node,
    epoch,
    sentTo,
    have,
    applyLsn,
    mrpl,
    reportedUs: Math.max(0, now - reportedAt),
    revokedInUs: Math.max(0, reportedAt + REVOKE_US - now),
    isStreaming,
  }));
