// What chunk servers and mounts trace, and what they show of themselves.

import { event } from '../kernel/trace-table.ts';
import type { DevicePlace } from '../kernel/view-params.ts';

export interface ChunkView {
  readonly role: 'chunk';
  readonly chunks: readonly {
    readonly group: string;
    /** FS-71: it was elected, and has applied what was acknowledged before. */
    readonly isLeader: boolean;
    readonly term: number;
    readonly commit: number;
    readonly applied: number;
    readonly maxToken: number;
    /** Blocks that it has fetched or has still to fetch. */
    readonly wanted: number;
    readonly written: number;
    /** When asked for (`files`): of each block the index of the last entry in it, 0 where it was never written. */
    readonly versions?: readonly number[];
  }[];
  /** The places that are asked for, as its own replicas have them. */
  readonly bytes?: readonly PlaceView[];
}

export interface PlaceView extends DevicePlace {
  /** Null: a block of it is lacking. */
  readonly bytes: Uint8Array | null;
}

export interface FsView {
  readonly role: 'fs';
  readonly mode: string;
  readonly state: string;
  readonly headTx: number;
  readonly isBusy: boolean;
}

export const chunkTrace = {
  /** FS-71: it leads the group from this term on, and has applied all that was acknowledged before. */
  'chunk.leads': event(220, 2, { group: 'text', term: 'int' }),
  /** FS-70: durable at a majority, applied by the leader, and answered. `seq` 0: a token. */
  'chunk.acked': event(221, 1, { group: 'text', token: 'int', seq: 'int', index: 'int' }),
  'chunk.refused': event(222, 2, { group: 'text', token: 'int', seq: 'int', maxToken: 'int' }),
  /** FS-78: the block is damaged on this disk, or older than the snapshot it has. */
  'chunk.lacks': event(223, 2, { group: 'text', block: 'int' }),
  'chunk.repaired': event(224, 2, { group: 'text', block: 'int', index: 'int', from: 'text' }),
  /** Entries of the group's log are durable on this server; what it had at and above `first` is replaced. */
  'chunk.durable': event(233, 0, { group: 'text', first: 'int', last: 'int' }),
  /** FS-79: a replica begins from nothing, as one of the first of its group. */
  'chunk.made': event(242, 1, { group: 'text', member: 'int' }),
  /** FS-79: the disk is not the one that made the replica's promises: it takes part in nothing. */
  'chunk.identityLost': event(243, 3, { group: 'text', why: 'text' }),
  /** FS-79: it holds all again, and votes under its new identity from this entry on. */
  'chunk.admitted': event(244, 3, { group: 'text', node: 'text', member: 'int' }),
  /** FS-76: a server that had no replica of the group begins one, and asks for an identity. */
  'chunk.invited': event(114, 3, { group: 'text' }),
  /** FS-76: members of the group by the leader's newest configuration, at entry `index`; `outgoing` while two sets decide. */
  'chunk.members': event(115, 3, {
    group: 'text',
    index: 'int',
    voters: 'text',
    outgoing: 'text',
    learners: 'text',
  }),
  /** FS-76: nothing of the replica is on the disk any more; `through` −1: its mark was damaged, and counts for every entry. */
  'chunk.left': event(116, 3, { group: 'text', through: 'int' }),
  'fs.mounted': event(225, 3, { mode: 'text', token: 'int', headTx: 'int', error: 'text' }),
  /** FS-62: a reader's metadata went from transaction `from` to `to` by `txs` of the journal, or (`RELOAD`) anew. */
  'fs.synced': event(253, 1, { mode: 'text', from: 'int', to: 'int', txs: 'int' }),
  /** FS-38: the name of a file has gone, and what it has is freed by further transactions. */
  'fs.orphan': event(303, 0, { ino: 'int' }),
  'fs.done': event(226, 1, {
    mode: 'text',
    call: 'text',
    error: 'text',
    headTx: 'int',
    tailTx: 'int',
  }),
};

declare module '../kernel/view.ts' {
  interface RoleViews {
    chunk: ChunkView;
    fs: FsView;
  }
}

declare module '../kernel/trace.ts' {
  interface TraceTables {
    chunk: typeof chunkTrace;
  }
}
