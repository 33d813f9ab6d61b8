// What the leader of the metadata remembers of definitions at nodes and of drivers that watch the map: heard anew by each leader.

import type { NodeId, Time } from '../../base/ids.ts';

export interface MapDriver {
  /** Drivers that get every new version; they ask again of each leader. */
  readonly watchers: Set<NodeId>;
  /** What was last given out. */
  given: string;
}

export const makeMapDriver = (): MapDriver => ({ watchers: new Set(), given: '' });

/** What the leader has heard of a compute node, in this leadership. */
interface SchemaHeard {
  version: number;
  /** The node's clock at its last report, which the next answer repeats. */
  at: number;
  /** When it was last answered: for schemaLeaseMs from then on it may serve. */
  answeredAt: Time;
}

export interface SchemaDriver {
  readonly nodes: Map<NodeId, SchemaHeard>;
  /** Since when this node leads. */
  since: Time;
}

export const makeSchemaDriver = (): SchemaDriver => ({ nodes: new Map(), since: 0 as Time });
