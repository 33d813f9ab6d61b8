// What the screen asks a node to show of itself (view.ts).

import type { GroupId, NodeId } from '../../base/ids.ts';

export interface WantedPage {
  readonly blockKey: number;
  readonly at: number | null;
  /** The last record of the page's group at or below `at`, as a reader names it in its request (WAL-34); absent: `at`. */
  readonly groupAt?: number;
}

/** Bytes of a chunk of the shared device. */
export interface DevicePlace {
  readonly group: GroupId;
  readonly at: number;
  readonly length: number;
}

/** What the screen asks of a node's view: window of LSNs for lists, group. */
export interface ViewParams {
  readonly group: GroupId | null;
  /** Clip for list-like parts, `[first, end)`; null: the newest `span` LSNs. */
  readonly lsnWindow: readonly [number, number] | null;
  readonly span: number;
  /** True when the inspector or a lens needs the long form. */
  readonly detail: boolean;
  /** Stores list their records from this LSN on, whatever the window is: where a recovery would end depends on them. */
  readonly recordsFrom?: number;
  /** Log buffer, read points and waits of the writer. */
  readonly log?: boolean;
  /** Frames of the buffer pool, tables, and the stores' block index. */
  readonly pages?: boolean;
  /** Statements whose plans are measured. */
  readonly plans?: boolean;
  /** The file system as each mount has it, LogIndex, the blocks of chunks; and the bytes of these places, as each chunk server has them. */
  readonly files?: readonly DevicePlace[];
  /** Pages in full, each at a read point (null: the newest). */
  readonly wanted?: readonly WantedPage[];
  /** Transaction whose commit record the stores look up. */
  readonly commitOf?: number | null;
  /** The log of the metadata's members, and what `node` holds as of two of its entries. Null: the newest, and the one before `at`. */
  readonly metadata?: {
    readonly node: NodeId | null;
    readonly at: number | null;
    readonly base: number | null;
  };
}
