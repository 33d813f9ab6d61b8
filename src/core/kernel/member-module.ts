// A node's membership in its cluster as a table that its room owns (core/pcs/node-member.ts): it sends the node's heartbeats, follows the
// leader of the metadata, raises the boot epoch of a node whose disk is lost, and ends a node that was removed.

import type { NodeId, Time } from '../../base/ids.ts';
import type { IdCounter, RoleContext } from './context.ts';
import type { DiskImage, Input, NodeConfig } from './door.ts';
import type { MessageTable } from './message-table.ts';
import type { Message } from './messages.ts';
import type { HeartbeatPart } from './role.ts';

/** What the node knows of itself. */
export interface NodeIncarnation {
  bootEpoch: number;
  readonly ids: IdCounter;
  /** The node's clock when it had booted: names this life to the metadata (WAL-75). */
  readonly bootedAt: Time;
  readonly config: Pick<NodeConfig, 'mutants'>;
}

/** The part of a role that takes part in heartbeats, with its state. A node of several roles has several. */
export interface HeartbeatSource {
  readonly part: HeartbeatPart<never>;
  readonly state: never;
  readonly ctx: RoleContext;
}

/** What the membership asks of its node in a step. */
export interface MemberPort {
  /** Of the node's first role. */
  readonly ctx: RoleContext;
  readonly node: NodeIncarnation;
  readonly sources: () => readonly HeartbeatSource[];
}

export interface MemberModule<S> {
  /** It hears these messages before the role that they are for. */
  readonly hears: readonly Message['kind'][];
  /** Null: the node is no member of anything. */
  readonly open: (config: NodeConfig, disk: DiskImage) => S | null;
  /** Once the boot epoch is durable. */
  readonly start: (state: S, port: MemberPort) => void;
  readonly step: (state: S, input: Input<Message>, port: MemberPort) => void;
  /** The store with this id is its own. */
  readonly owns: (state: S, store: number) => boolean;
  /** The node to which a message goes that is addressed to `to`. */
  readonly route: (state: S, to: NodeId, message: Message, table: MessageTable) => NodeId;
}

/** Its state is known to its own functions only. */
export interface AnyMember extends Omit<MemberModule<never>, 'open'> {
  readonly open: (config: NodeConfig, disk: DiskImage) => unknown;
}

/** Whose timers these are. */
export const MEMBER = 'node';
