// What the metadata node shows of itself: token and writer of the volume, members of its groups, changes under way.

import type { GroupId, NodeId } from '../../base/ids.ts';
import type { MembershipView } from '../kernel/membership.ts';
import type { NodeState } from '../placement/placement-state.ts';
import type { PlanReason } from '../placement/plan-reason.ts';
import type { AgentsView } from './agents-view.ts';
import type { LogView, VersionsView } from './log-view.ts';
import type { RestoreView, VolumeView } from './restore-view.ts';

/** A membership change under way (wal.md §10). */
export interface MoveView {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly phase: 'removing' | 'removed' | 'learner' | 'joint' | 'leaving' | 'aborting';
  /** The replica's disk was lost: it cannot be rolled back to being a member. */
  readonly isLost: boolean;
  readonly sinceUs: number;
  /** The sets before this step: it is complete when they, too, have it (WAL-62). */
  readonly before: readonly (readonly NodeId[])[];
  /** Members that have this step, durably. */
  readonly acked: readonly NodeId[];
  /** vw of every set before and after it have. */
  readonly isComplete: boolean;
  /** SCL the new member must reach (WAL-64), once known, and what it has reported. */
  readonly target: number | null;
  readonly scl: number | null;
}

export interface MetaGroupView {
  readonly group: GroupId;
  readonly members: MembershipView;
  readonly move: MoveView | null;
}

/** The node as a member of the metadata's Raft log (docs/spec/raft.md). */
export interface MemberView {
  readonly term: number;
  readonly commit: number;
  /** `starting`: it reads its disk, or has been elected and has not applied all yet. From `spare` on: why it runs under no identity. */
  readonly member:
    | 'starting'
    | 'follower'
    | 'preCandidate'
    | 'candidate'
    | 'leader'
    | 'spare'
    | 'removed'
    | 'empty'
    | 'damaged'
    | 'older'
    | 'foreign';
  /** Its name as a member: with `#n` from the node's second identity on. Empty: it has none. */
  readonly as: string;
  readonly leader: NodeId | null;
  /** In this term. */
  readonly votedFor: NodeId | null;
  readonly voters: readonly NodeId[];
  /** While the configuration is joint, else empty. */
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
  /** The change of members that is open, by what is committed here; `step`: what it waits for. */
  readonly change: {
    readonly node: NodeId;
    readonly want: 'in' | 'out';
    readonly step: 'identity' | 'learner' | 'joint' | 'leaving';
    readonly sinceUs: number;
  } | null;
  /** The last entry of its log, and the last that is durable. */
  readonly last: number;
  readonly durable: number;
}

/** A node that may write the volume, as the leader knows it. */
export interface HaMemberView {
  readonly node: NodeId;
  readonly priority: number;
  readonly up: boolean;
  /** Since its last heartbeat, µs; −1: none came. */
  readonly silentUs: number;
  /** By its newest report: what it has applied, or VDL of the writer; −1: this life of it has reported nothing. */
  readonly applyLsn: number;
}

export interface ComputeGroupView {
  readonly volume: string;
  /** In the order in which they would be chosen (FENCE-20): those that are up first. */
  readonly members: readonly HaMemberView[];
  readonly readers: readonly NodeId[];
  /** While a switchover is under way (FENCE-33). */
  readonly target: NodeId | null;
  /** A holder that is silent for so long is given up, µs. */
  readonly failoverAfterUs: number;
}

/** A group of the shard map (PCS-36, PCS-37), beside what `MetaGroupView` has of its members. */
export interface ShardGroupView {
  readonly group: GroupId;
  readonly volume: string;
  /** Null: it is being elected. */
  readonly leader: NodeId | null;
  readonly term: number;
  readonly geoEpoch: number;
  /** Page keys, `[keyFirst, keyEnd)`. */
  readonly keyFirst: number;
  readonly keyEnd: number;
  /** PCS-96: bytes of its pages and kept log, and requests in the last window, as its leader reported them; null: this node does not lead the metadata. */
  readonly size: number | null;
  readonly load: number | null;
  /** In LSN order; `end` −1: it is open. */
  readonly shards: readonly { readonly id: number; readonly first: number; readonly end: number }[];
}

/** Tables that are cut into tablets (PCS-85); `relation`: the first of a tablet's, by which its page keys begin. */
export interface CutTableView {
  readonly name: string;
  readonly version: number;
  readonly state: 'prepared' | 'active' | 'dropping';
  /** In key order; `from`: the least key as text, of the first empty. */
  readonly tablets: readonly {
    readonly relation: number;
    readonly from: string;
    readonly keyFirst: number;
  }[];
}

/** An operator that the planner would begin next, or why it cannot (PCS-66 to PCS-71). */
export interface PlannedOpView {
  readonly group: GroupId;
  readonly from: NodeId | null;
  readonly to: NodeId | null;
  /** `ISOLATE`: a transfer away from a hot group that stays (PCS-74). */
  readonly why: PlanReason | 'ISOLATE';
}

export interface PlanView {
  /** In the order in which they would be begun, with what is under way counted as done (PCS-75). */
  readonly ops: readonly PlannedOpView[];
  /** R(x) and L(x) of each node (PCS-62), what is under way counted as done. */
  readonly nodes: readonly {
    readonly node: NodeId;
    readonly state: string;
    readonly cost: number;
    readonly leaderCost: number;
  }[];
  /** T and T_L: a move pays by more than this (PCS-64, PCS-65). */
  readonly tolerance: number;
  readonly leaderTolerance: number;
  /** Only what was lost is replaced: nodes came, or were ordered to leave, a moment ago (PCS-75). */
  readonly isSettling: boolean;
}

export interface ShardingView {
  readonly schemaVersion: number;
  readonly tables: readonly CutTableView[];
  readonly groups: readonly ShardGroupView[];
  /** Under way (PCS-113): `child` is to have the upper keys of `group`. */
  readonly splits: readonly {
    readonly group: GroupId;
    readonly child: GroupId;
    readonly other: GroupId | null;
  }[];
  /** Nodes that replicas are to leave (PCS-79). */
  readonly offline: readonly NodeId[];
  /** At the leader, in the long form. */
  readonly plan?: PlanView | null;
}

export interface StorageView {
  /** Servers that replicas are to leave. */
  readonly offline: readonly NodeId[];
  /** Exchanges of chunks that are ordered; `phase`: what of them is there, by the report of the chunk's leader. */
  readonly moves: readonly {
    readonly group: GroupId;
    readonly from: NodeId | null;
    readonly to: NodeId | null;
    readonly why: string;
    readonly phase: 'order' | 'learner' | 'joint' | 'cleaning';
  }[];
  /** At the leader: what is planned besides. */
  readonly plan: readonly PlannedOpView[];
}

export interface MetaView extends MemberView {
  readonly role: 'meta';
  readonly bootEpoch: number;
  readonly applied: number;
  readonly token: number;
  readonly holder: NodeId | null;
  readonly writer: NodeId | null;
  readonly volumeState: VolumeView['state'];
  readonly mapVersion: number;
  /** All that there are by what is applied here. `state`: null, this node does not lead, and so cannot know (PCS-81, PCS-82). */
  readonly nodes: readonly {
    readonly node: NodeId;
    readonly up: boolean;
    readonly state: NodeState | null;
  }[];
  readonly groups: readonly MetaGroupView[];
  /** Where tables are cut into tablets. */
  readonly sharding?: ShardingView;
  /** Where chunks have a choice of servers (FS-77), or a store was to be drained (PCS-100). */
  readonly storage?: StorageView;
  /** HA and RO group of a volume whose writer the metadata chooses (FENCE-18). */
  readonly computeGroups?: readonly ComputeGroupView[];
  /** Newest version of the configuration, once there is one. */
  readonly configVersion?: number;
  /** All volumes and restores, once there has been more than the first volume. */
  readonly volumes?: readonly VolumeView[];
  readonly restores?: readonly RestoreView[];
  /** Where a lens asks for them (`ViewParams.metadata`). */
  readonly log?: LogView | null;
  readonly versions?: VersionsView | null;
  /** Once anything was ever set or asked. */
  readonly agents?: AgentsView | null;
}

declare module '../kernel/view.ts' {
  interface RoleViews {
    meta: MetaView;
  }
}
