// What the leader of the metadata remembers of definitions at nodes and of drivers that watch the map: heard anew by each leader.

import type { NodeId } from '../../base/ids.ts';

export interface MapDriver {
  /** Who gets every new version, and by which role it routes; they ask again of each leader. */
  readonly watchers: Map<NodeId, 'driver' | 'compute'>;
  /** What was last given out. */
  given: string;
}

export const makeMapDriver = (): MapDriver => ({ watchers: new Map(), given: '' });

/** What the leader has heard of a compute node, in this leadership. */
export interface SchemaHeard {
  /** The life of the node that said so. */
  boot: number;
  version: number;
  /** Names the last report that was answered in that life; 0: none. */
  at: number;
  /** At which tick it was last answered: for schemaLeaseMs from then on it may serve. */
  answeredAt: number;
}

export interface SchemaDriver {
  readonly nodes: Map<NodeId, SchemaHeard>;
  /** Timers of a heartbeat's time since this node leads: a clock that is set forward makes one of them early, and no more. */
  ticks: number;
}

export const makeSchemaDriver = (): SchemaDriver => ({ nodes: new Map(), ticks: 0 });
