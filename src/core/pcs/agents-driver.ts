// What the leader of the metadata remembers of the agents (docs/spec/agents.md PCS-90, PCS-91, PCS-99): plain data, made anew at each election.

import type { NodeId, Time } from '../../base/ids.ts';
import type { AnswerRow, ReportedMetric } from '../agent/messages.ts';
import type { AskedCommand } from '../kernel/commands.ts';

type Drift = '' | 'behind' | 'ahead' | 'different';

/** As the agent last reported. `drift`: it has not what it acknowledged, until it is healed. */
export interface KnownAgent {
  readonly boot: number;
  readonly incarnation: number;
  readonly order: number;
  readonly version: number;
  readonly sum: number;
  readonly waits: readonly string[];
  readonly at: Time;
  readonly drift: Drift;
  /** The last drift, healed or not. */
  readonly drifted: Drift;
}

/** The newest report of a node (PCS-95). */
export interface KnownMetrics {
  readonly boot: number;
  readonly incarnation: number;
  readonly order: number;
  readonly at: Time;
  readonly metrics: readonly ReportedMetric[];
}

export interface AskAnswer {
  readonly node: NodeId;
  /** The node's clock. */
  readonly t: number;
  readonly code: string;
  readonly rows: readonly AnswerRow[];
}

/** An operator's `Ask`, under way or over. */
export interface AskState {
  readonly at: number;
  readonly id: number;
  readonly nodes: readonly NodeId[];
  readonly command: AskedCommand;
  /** Of the configuration that the command needs first. */
  readonly version: number;
  readonly since: Time;
  answers: AskAnswer[];
  /** Null while it is under way. */
  missing: NodeId[] | null;
}

export interface RefusedPut {
  readonly at: number;
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  readonly code: string;
  readonly range: string;
}

export interface AgentsDriver {
  readonly known: Map<NodeId, KnownAgent>;
  readonly metrics: Map<NodeId, KnownMetrics>;
  /** By the order's key, the newest last. */
  readonly asks: Map<string, AskState>;
  refused: RefusedPut[];
  /** Its timer is set. */
  isArmed: boolean;
}

export const makeAgentsDriver = (): AgentsDriver => ({
  known: new Map(),
  metrics: new Map(),
  asks: new Map(),
  refused: [],
  isArmed: false,
});
