// What an engine is asked about its client table for another primary, and what comes of it (docs/spec/placement.md PCS-47).

import type { Lsn, NodeId } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';

/** A request that a client has committed, as the table has it. */
export type CarriedClient = Extract<MessageOf<'SplitStep'>['step'], { kind: 'clients' }>['clients'][number];

/** Work on the client table for another primary; `at`: the next page, or entry. */
export interface ClientsTask {
  readonly kind: 'clients';
  at: number;
  /** To put on record, by the commit of the session that has copied the rows; null: the table is read. */
  readonly put: {
    readonly clients: readonly CarriedClient[];
    readonly node: NodeId;
    readonly name: string;
    /** It had no rows to copy. */
    readonly isEmpty: boolean;
  } | null;
  readonly found: CarriedClient[];
  /** Of a session that had no rows to copy: the transaction that is committed in its stead. */
  xid?: number;
}

/** What came of it: entries that were read, or the LSN of the last that was put. */
export interface ClientsDone {
  readonly found: readonly CarriedClient[];
  readonly lsn: Lsn;
}
