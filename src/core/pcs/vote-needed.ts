// Whether a node may give up its vote on the metadata, or be no more one that could vote (docs/spec/placement.md PCS-80): by what the leader has committed, or by what the screen
// shows of it. Pure.

import type { NodeId } from '../../base/ids.ts';

export interface VoteFacts {
  readonly voters: readonly NodeId[];
  /** Others that are up and may hold the metadata: without a place in its log, or about to have one. */
  readonly spares: readonly NodeId[];
  /** Nodes that are to leave. */
  readonly offline: readonly NodeId[];
  /** Voters that the cluster was laid out with. */
  readonly fewest: number;
}

/**
 * Without the node there would be too few, even if every spare node were given a place: the last spare one is needed as long as a voter whose
 * place it is to take is leaving.
 */
export function isVoteNeeded(node: NodeId, { voters, spares, offline, fewest }: VoteFacts): boolean {
  const standing = new Set([...voters, ...spares].filter((one) => !offline.includes(one)));
  return standing.delete(node) && standing.size < fewest;
}
