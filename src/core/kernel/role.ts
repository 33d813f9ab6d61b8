// A role as a table that its room owns: how it opens, starts, steps and shows itself, and which of a node's inputs are
// its own. kernel/node.ts composes a node from such tables; what a message's receiver is stands in the message's spec.

import type { NodeId, Time } from '../../base/ids.ts';
import type { OperatorCommand } from './commands.ts';
import type { RoleContext } from './context.ts';
import type { DiskImage, Input, NodeConfig } from './door.ts';
import type { ReplicaKnown, ReplicaReport } from './fields.ts';
import type { Message } from './messages.ts';
import type { Params } from './params.ts';
import type { Role, RoleView } from './view.ts';
import type { ViewParams } from './view-params.ts';

/** What a role puts into its node's heartbeats to the metadata, and what it does with the answers (PCS-96, WAL-75). */
export interface HeartbeatPart<S> {
  readonly replicas: (state: S) => readonly ReplicaReport[];
  /** Sent beside each heartbeat. */
  readonly sendReports: (state: S, ctx: RoleContext, metadata: NodeId) => void;
  /** A replica found at the start waits to be compared with what the metadata knows of it. */
  readonly awaitsCheck: (state: S) => boolean;
  /** Compares; true when the disk has lost what it had promised. */
  readonly check: (state: S, ctx: RoleContext, known: readonly ReplicaKnown[]) => boolean;
  /** The volume exists, or the node's boot epoch was raised. */
  readonly learn: (state: S, volumeExists: boolean, bootEpoch: number) => void;
}

/** A node whose boot epoch is durable. */
export interface Boot {
  readonly bootEpoch: number;
  /** It sends heartbeats to the metadata. */
  readonly beats: boolean;
}

export interface RoleModule<S> {
  readonly name: Role;
  /** Part of the ids of the role's disk requests (context.ts): 0 to 63, fixed for ever. */
  readonly tag: number;
  readonly commands: readonly OperatorCommand['kind'][];
  /** Takes the statements of clients. */
  readonly takesStatements?: true;
  /** Has something to save when its node is instructed to end in good order (HOLE-51). */
  readonly savesAtStop?: true;
  /** What it sends goes to the node that it names, whatever the membership says. */
  readonly namesNodes?: true;
  readonly heartbeat?: HeartbeatPart<S>;
  /** It runs with these parameters from now on; what it has begun goes on as it was. */
  readonly configure?: (state: S, params: Params) => void;
  /** Takes no more work of clients; the requests that it still has. */
  readonly drain?: (state: S, ctx: RoleContext) => number;
  readonly open: (config: NodeConfig, disk: DiskImage, bootEpoch: number) => S;
  /** Once the boot epoch is durable. */
  readonly start: (state: S, ctx: RoleContext, boot: Boot) => void;
  readonly step: (state: S, input: Input<Message>, ctx: RoleContext) => void;
  readonly view: (state: S, params: ViewParams, now: Time) => RoleView;
}

/** A role among others: its state is known to its own functions only. */
export interface AnyRole extends Omit<RoleModule<never>, 'open'> {
  readonly open: (config: NodeConfig, disk: DiskImage, bootEpoch: number) => unknown;
}
