// State of the base images that a node takes (docs/spec/wal.md WAL-71): plain data, one per group.

import type { GroupId, Lsn, NodeId, RequestNumber } from '../../../base/ids.ts';
import type { BaseHead, Descriptor } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import type { PageAt } from '../replica/group-state.ts';
import type { Group, ImageVersions, OfGroup } from '../replica/state.ts';

declare module '../replica/state.ts' {
  interface StoreState {
    /** Base images being taken, for new replicas and for those that have a group (WAL-71). */
    readonly imports: Map<GroupId, BaseImport>;
  }
  interface ControlOps {
    /** The base image that has come is taken under the replica's own log (WAL-71). */
    base: object;
  }
  interface PendingWrites {
    basePages: OfGroup & StoredChunk;
    baseCreated: OfGroup & { readonly made: Group };
  }
  interface PendingReads {
    base: OfGroup & ImageVersions & { readonly to: NodeId; readonly request: MessageOf<'BaseReq'> };
  }
}

export interface BaseImport {
  readonly volume: string;
  descriptor: Descriptor;
  readonly why: 'learner' | 'needBase';
  readonly donors: readonly NodeId[];
  /** Index of the donor asked. */
  donor: number;
  /** LSN of the image, −1 until the donor has named it. */
  base: Lsn;
  /** Last page key taken. */
  after: number;
  /** Durable here. */
  pages: PageAt[];
  total: number;
  bytes: number;
  head: BaseHead | null;
  /** Times that the donor was asked for a chunk without an answer, and how many are too many. */
  tries: number;
  patience: number;
  phase: ImportPhase;
  /** Pages of an image that was given up, to be deleted. */
  stale: PageAt[];
}

/**
 * Chunk after chunk is asked for and written; when the last is durable the image is taken. `asking` without a request waits for
 * the timer. Invariant: only the answer to `reqId` counts.
 */
export type ImportPhase =
  | { readonly kind: 'asking'; readonly reqId: RequestNumber | null }
  | { readonly kind: 'writing'; readonly reqId: RequestNumber }
  | { readonly kind: 'finishing' };

/** A chunk of the image that is being made durable. */
export interface StoredChunk {
  readonly taken: readonly PageAt[];
  readonly bytes: number;
  readonly done: boolean;
}
