// The configuration and the agents as the leader of the metadata knows them (docs/spec/agents.md PCS-91, PCS-92, PCS-99): what the PCS lens shows.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ReportedMetric } from '../agent/messages.ts';
import { type Setting, sumOf } from '../agent/settings.ts';
import type { AskAnswer, KnownAgent, RefusedPut } from './agents-driver.ts';
import { standingNodes } from './joined-nodes.ts';
import type { MetaState } from './meta-state.ts';
import { isLeading } from './pcs-raft.ts';

/** `known` null: it has not reported to this leader. */
export interface AgentRow {
  readonly node: NodeId;
  readonly known:
    | (Pick<KnownAgent, 'version' | 'waits' | 'drift' | 'drifted'> & { readonly ageUs: number })
    | null;
  readonly isCurrent: boolean;
  /** As its agent last reported to this leader (PCS-95); null: not yet. */
  readonly measured: { readonly ageUs: number; readonly metrics: readonly ReportedMetric[] } | null;
}

export interface AskView {
  readonly at: number;
  readonly command: string;
  readonly nodes: readonly NodeId[];
  readonly answers: readonly AskAnswer[];
  /** Null while it is under way. */
  readonly missing: readonly NodeId[] | null;
}

export interface AgentsView {
  readonly version: number;
  readonly settings: readonly Setting[];
  readonly rows: readonly AgentRow[];
  /** The newest first. */
  readonly refused: readonly RefusedPut[];
  readonly asks: readonly AskView[];
}

/** Null at a node that does not lead, and while there is nothing to show. */
export function agentsView(state: MetaState, now: Time): AgentsView | null {
  const { content, agents, config } = state;
  const { version, settings } = content.configuration;
  const isEmpty = version === 0 && agents.refused.length === 0 && agents.asks.size === 0;
  if (!isLeading(state) || isEmpty) return null;
  const wanted = sumOf(content.configuration);
  return {
    version,
    settings,
    rows: standingNodes(content, config.cluster).map(({ id: node }) => {
      const known = agents.known.get(node);
      const report = agents.metrics.get(node);
      const measured =
        report === undefined ? null : { ageUs: Math.max(0, now - report.at), metrics: report.metrics };
      if (known === undefined) return { node, known: null, isCurrent: version === 0, measured };
      const { version: has, waits, drift, drifted, at, sum } = known;
      const isCurrent = has === version && sum === wanted;
      return {
        node,
        known: { version: has, waits, drift, drifted, ageUs: Math.max(0, now - at) },
        isCurrent,
        measured,
      };
    }),
    refused: agents.refused.toReversed(),
    asks: [...agents.asks.values()]
      .map(({ at, command, nodes: asked, answers, missing }) => ({
        at,
        command: command.kind,
        nodes: asked,
        answers,
        missing,
      }))
      .toReversed(),
  };
}
