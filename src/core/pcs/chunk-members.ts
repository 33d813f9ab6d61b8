// Members of a chunk's group as its leader reports them (docs/spec/polarfs.md FS-76).

import type { NodeId } from '../../base/ids.ts';

export interface ChunkMembers {
  /** Of the configuration, committed. */
  readonly index: number;
  readonly voters: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
}

export const hasMember = ({ voters, outgoing, learners }: ChunkMembers, node: NodeId): boolean =>
  voters.includes(node) || outgoing.includes(node) || learners.includes(node);
