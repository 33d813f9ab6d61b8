// Whether a recovery that a monitor hears of is still of any consequence (docs/spec/failover.md FENCE-16).

import type { NodeId } from '../../base/ids.ts';
import type { Volume } from './monitor.ts';

/**
 * A recovery under a greater token has read the replicas: what this one reads now are answers from before, the replicas refuse its
 * history, and what is acknowledged meanwhile is the other's.
 */
export function isOvertaken({ recoveries: { computed } }: Volume, own: number): boolean {
  for (const token of computed.keys()) if (token > own) return true;
  return false;
}

/** The token that a node recovers under; not known: above all. */
export const tokenUnder = ({ recoveries: { under } }: Volume, node: NodeId): number =>
  under.get(node) ?? Number.MAX_SAFE_INTEGER;
