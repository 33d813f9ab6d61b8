// Whether a node may give up its vote on the metadata (docs/spec/placement.md PCS-80): by what the leader has committed, or by what the screen
// shows of it. Pure.

import type { NodeId } from '../../base/ids.ts';

export interface VoteFacts {
  readonly voters: readonly NodeId[];
  /** Nodes that are up, may hold the metadata, and have no place in its log. */
  readonly spares: readonly NodeId[];
  /** Nodes that are to leave. */
  readonly offline: readonly NodeId[];
  /** Voters that the cluster was laid out with. */
  readonly fewest: number;
}

/** Without the node's vote there would be too few, even if every spare node were given a place. */
export const isVoteNeeded = (node: NodeId, { voters, spares, offline, fewest }: VoteFacts): boolean =>
  voters.includes(node) &&
  new Set([...voters, ...spares].filter((one) => one !== node && !offline.includes(one))).size < fewest;
