// The agent of a node as a table that its room owns (core/agent; docs/spec/agents.md PCS-90): it keeps the cluster's configuration on the
// node's disk, says which parameters the roles run with, and carries out the commands of the metadata's leader.

import type { AgentView } from './agent-view.ts';
import type { OperatorCommand } from './commands.ts';
import type { RoleContext } from './context.ts';
import type { DiskImage, Input, NodeConfig } from './door.ts';
import type { Message } from './messages.ts';
import type { Metric } from './metrics.ts';
import type { Params } from './params.ts';

/** What the agent asks of its node in a step. */
export interface AgentPort {
  readonly ctx: RoleContext;
  readonly bootEpoch: number;
  /** Every role runs with these parameters from now on. */
  readonly configure: (params: Params) => void;
  /** Statistics of each role, as text. */
  readonly dump: () => readonly (readonly [name: string, value: string])[];
  /** Of all roles (PCS-95). */
  readonly metrics: () => readonly Metric[];
  /** Roles that can take no new work; requests that they still have. Null: none of them takes work of clients. */
  readonly drain: () => number | null;
}

export interface AgentModule<S> {
  readonly commands: readonly OperatorCommand['kind'][];
  readonly open: (config: NodeConfig, disk: DiskImage) => S;
  /** What the node's roles open with. */
  readonly params: (state: S) => Params;
  /** Once the boot epoch is durable. */
  readonly start: (state: S, port: AgentPort) => void;
  readonly step: (state: S, input: Input<Message>, port: AgentPort) => void;
  /** Null while nothing was ever set or damaged here. */
  readonly view: (state: S) => AgentView | null;
}

/** Its state is known to its own functions only. */
export interface AnyAgent extends Omit<AgentModule<never>, 'open'> {
  readonly open: (config: NodeConfig, disk: DiskImage) => unknown;
}

/** Whom a message is for beside the roles, whose timer it is, and its part of disk ids (context.ts). */
export const AGENT = 'agent';
export const AGENT_TAG = 63;
