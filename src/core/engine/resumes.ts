// How far a call of a session came before it lacked a page: it is made again from its beginning, and finds here what it need not look
// at once more, and which pages are held for it meanwhile.

import type { Lsn } from '../../base/ids.ts';
import type { PageKey } from '../page/page-key.ts';
import type { TableDef, Tid } from '../sql/access.ts';

/** The next slot to look at. */
export interface HeapPosition {
  readonly kind: 'heap';
  readonly block: number;
  readonly slot: number;
}

export interface ScanResume {
  readonly relation: number;
  readonly fromBlock: number;
  readonly fromSlot: number;
  readonly block: number;
  readonly slot: number;
}

/**
 * How far a walk along the versions of the row at `root` has come: to a place that another page names, which nothing but a vacuum
 * frees. It holds for whoever sees what `xid` wrote (0: everybody), the version that replaced the one before.
 */
export interface ChainResume {
  readonly relation: number;
  readonly root: Tid;
  readonly tid: Tid;
  readonly xid: number;
  /** Versions passed. */
  readonly hop: number;
}

/** A definition, and its row in the catalog. */
export interface CatalogEntry {
  readonly tid: Tid;
  readonly table: TableDef;
}

/** What a call has read of the catalog (catalog-pass.ts). */
export interface CatalogPass {
  /** Of the engine, as of its beginning. */
  readonly catalogChanges: number;
  /** Of a reader whose view is older than the newest definitions: its read point; else −1. */
  readonly readPoint: Lsn;
  readonly entries: CatalogEntry[];
  position: HeapPosition;
  scanResume: ScanResume | null;
  isWhole: boolean;
  /** By what is asked: blocks before this one were looked at. */
  readonly lookedAt: Map<string, number>;
}

/** Pages of a waiting session, and its right to hold them. */
export interface Holding {
  readonly pins: PageKey[];
  hasTicket: boolean;
  /** Pages that the running call has lacked so far; one of them, and how often it was lacked since (waits.ts, `goesInCircles`). */
  lacked: number;
  marked: PageKey | null;
  markedAgain: number;
}
