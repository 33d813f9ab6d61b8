// What a driver shows of itself: outcomes of its requests, those that wait, its copy of the shard map, its loads.

import type { GroupId, NodeId } from '../../base/ids.ts';

export interface ShardCopyView {
  readonly version: number;
  readonly schemaVersion: number;
  /** Somebody refused by it, or was silent, since it was last renewed. */
  readonly isDoubted: boolean;
  readonly groups: readonly {
    readonly group: GroupId;
    readonly leader: NodeId | null;
    readonly term: number;
    readonly memberEpoch: number;
    readonly geoEpoch: number;
  }[];
}

export interface DriverView {
  readonly role: 'driver';
  readonly bootEpoch: number;
  readonly clients: number;
  readonly ok: number;
  /** Requests that an error of the cluster ended, and those whose own statement was wrong or not allowed. */
  readonly failed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly inFlight: number;
  readonly retrying: number;
  readonly waiting: readonly { readonly session: string; readonly text: string; readonly sinceUs: number }[];
  /** The newest answers that were errors, newest first. */
  readonly errors: readonly {
    readonly session: string;
    readonly sqlstate: string;
    readonly message: string;
    readonly agoUs: number;
  }[];
  readonly mapVersion: number;
  readonly writer: NodeId | null;
  /** Where tables are cut: its copy of the shard map, which may be arbitrarily old (PCS-51). */
  readonly shards?: ShardCopyView;
  readonly workloads: readonly {
    readonly name: string;
    readonly kind: string;
    readonly clients: number;
    readonly thinkUs: number;
    readonly ratePerSecond: number;
  }[];
}

declare module '../kernel/view.ts' {
  interface RoleViews {
    driver: DriverView;
  }
}
