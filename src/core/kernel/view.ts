// What a node shows of itself: one plain view per role, computed where the node lives (`nodeView`), pure and tested
// headless. The screen draws nothing else. Each role's view is in a file of its own.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { ComputeView } from '../compute/compute-view.ts';
import type { StoreView } from '../log-store/store-view.ts';
import type { ObjectStoreView } from '../object-store/object-store-view.ts';
import type { MetaView } from '../pcs/pcs-view.ts';
import type { AgentView } from './agent-view.ts';

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
  readonly failed: number;
  readonly unknown: number;
  readonly inFlight: number;
  readonly retrying: number;
  readonly waiting: readonly { readonly session: string; readonly text: string; readonly sinceUs: number }[];
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

/** The view of each role. A stack of its own roles extends it (declaration merging) and with it `Role` and `RoleView`. */
export interface RoleViews {
  meta: MetaView;
  compute: ComputeView;
  store: StoreView;
  driver: DriverView;
  objectStore: ObjectStoreView;
}

export type RoleView = RoleViews[keyof RoleViews];

/** A node's roles in the order of its configuration. */
export interface NodeView {
  readonly node: NodeId;
  readonly roles: readonly RoleView[];
  /** Once it has a configuration, where a lens asks for the metadata. */
  readonly agent?: AgentView;
}
