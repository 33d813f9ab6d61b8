// Commands of operators and of the load, which reach a node as `operatorCommand`. Each role takes its own.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { StatementTree } from './client-calls.ts';
import type { WorkloadSpec } from './workload-spec.ts';

/** WAL-43, WAL-44: a CPL, or the newest commit at or before a time (virtual µs). */
export type RestorePoint =
  | { readonly kind: 'lsn'; readonly lsn: number }
  | { readonly kind: 'time'; readonly at: number };

/** PCS-90: what agents are asked to do. */
export type AskedCommand =
  | { readonly kind: 'getConfig' }
  | { readonly kind: 'setLogLevel'; readonly module: string; readonly level: string }
  | { readonly kind: 'dump' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'getMetrics' };

/**
 * Commands of operators and of the load, by the role that takes them. A stack of its own roles extends it (declaration
 * merging) and with it `OperatorCommand`; at run time a role's module lists the kinds it takes.
 */
export interface RoleCommands {
  driver:
    | {
        readonly kind: 'workload';
        readonly name: string;
        readonly spec: WorkloadSpec;
        readonly statements: readonly StatementTree[];
      }
    | { readonly kind: 'workloadSet'; readonly name: string; readonly spec: Partial<WorkloadSpec> }
    /** READ-46: where the session's statements go, and what its reads wait for. */
    | {
        readonly kind: 'session';
        readonly session: string;
        readonly target: string;
        readonly level: 'session' | 'eventual';
        /** READ-42: bound of its next request; −1: none. */
        readonly waitLsn: number;
      }
    /** The session's client is gone: it ends with all that it has open. */
    | { readonly kind: 'endSession'; readonly session: string }
    | { readonly kind: 'workloadStop'; readonly name: string }
    /** Repeated to the metadata until it answers: a new volume beside its source, as of a point of its archive (WAL-45). */
    | {
        readonly kind: 'restore';
        readonly source: string;
        readonly to: RestorePoint;
        readonly volume: string;
      }
    /** A restore that is not done is given up, and what is loaded of it deleted. */
    | { readonly kind: 'cancelRestore'; readonly volume: string }
    /** A restored volume is given up, with all that it holds. */
    | { readonly kind: 'dropVolume'; readonly volume: string };
  meta: /** A replica of the group (null: of every group that has one there) moves; to itself: it is made anew. */
    | {
        readonly kind: 'moveReplica';
        readonly at: Time;
        readonly group: GroupId | null;
        readonly from: NodeId;
        readonly to: NodeId;
      }
    | { readonly kind: 'rollbackMove'; readonly at: Time; readonly group: GroupId | null }
    /** This store archives the group (null: all of the backed up volume) from now on (WAL-40). */
    | {
        readonly kind: 'nameArchiver';
        readonly at: Time;
        readonly group: GroupId | null;
        readonly to: NodeId;
      }
    /** The node becomes a member of the metadata's log under a new identity, or is one no more (PCS-106). */
    | {
        readonly kind: 'changePcs';
        readonly at: Time;
        readonly node: NodeId;
        readonly want: 'in' | 'out';
      }
    /** PCS-92: a key of the configuration, `expect`: only if that is the newest version; `value` `unset`: the next scope decides. */
    | {
        readonly kind: 'putConfig';
        readonly at: Time;
        readonly scope: string;
        readonly key: string;
        readonly value: string;
        readonly expect: number | null;
      }
    /** PCS-99: one command for the agent of each of these nodes. */
    | {
        readonly kind: 'ask';
        readonly at: Time;
        readonly nodes: NodeId[];
        readonly command: AskedCommand;
      }
    /** FENCE-33: the volume's writer hands over to this standby, and nothing is discarded. */
    | { readonly kind: 'switchover'; readonly at: Time; readonly volume: string; readonly target: NodeId }
    /** FENCE-18: a reader becomes a standby. */
    | {
        readonly kind: 'moveToHa';
        readonly at: Time;
        readonly volume: string;
        readonly node: NodeId;
        readonly priority: number;
      }
    /** PCS-46: the group's tablet gives its keys from `key` on to a group of their own; empty: those of the upper half of its rows. */
    | { readonly kind: 'splitGroup'; readonly at: Time; readonly group: GroupId; readonly key: string }
    /** PCS-122: the tablets of two groups, which are neighbours, become one. */
    | {
        readonly kind: 'mergeGroups';
        readonly at: Time;
        readonly group: GroupId;
        readonly other: GroupId;
      }
    /** PCS-121: another replica of the tablet's group is to be its primary. */
    | {
        readonly kind: 'transferGroup';
        readonly at: Time;
        readonly group: GroupId;
        readonly to: NodeId;
      }
    /** PCS-27: the leader of the metadata's log hands over to this voter. */
    | { readonly kind: 'transferPcs'; readonly at: Time; readonly node: NodeId }
    /** PCS-79: the node serves no more, and ends. */
    | { readonly kind: 'removeNode'; readonly at: Time; readonly node: NodeId }
    /** PCS-79: replicas leave the node, which ends then; or it is to stay. */
    | { readonly kind: 'setOffline'; readonly at: Time; readonly node: NodeId; readonly isOffline: boolean };
  compute: /** `volume`: at which attachment; empty: at that of the cluster's own. No-op records up to this LSN, the groups in turn. */
    | {
        readonly kind: 'padTo';
        readonly volume: string;
        readonly upTo: number;
        readonly groups: readonly GroupId[];
      }
    /** Reads a page as of an older read point, to look at it only. */
    | {
        readonly kind: 'readPage';
        readonly volume: string;
        readonly blockKey: number;
        readonly readPoint: number;
      }
    /** A page leaves the buffer if it may (WAL-10), is kept there, or is kept no more. */
    | {
        readonly kind: 'evictPage' | 'pinPage' | 'unpinPage';
        readonly volume: string;
        readonly blockKey: number;
      }
    /** LI-47: a checkpoint now, however few LSNs the last one is behind. */
    | { readonly kind: 'checkpoint'; readonly volume: string }
    /** READ-28: the session of a reader ends, whatever it still reads. */
    | { readonly kind: 'revokeReader'; readonly volume: string; readonly reader: NodeId };
  agent: /** A person changes the node's copy of the configuration, past the metadata (drift). */ {
    readonly kind: 'editConfig';
    readonly key: string;
    readonly value: string;
  };
  /** The replica of the group (null: every one) requests no hole, or requests again. */
  store: { readonly kind: 'pauseHoles'; readonly group: GroupId | null; readonly isPaused: boolean };
}

export type OperatorCommand = RoleCommands[keyof RoleCommands];
