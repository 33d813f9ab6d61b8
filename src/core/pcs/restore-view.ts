// What the screen shows of volumes beside the first one, and of the restores that make them (WAL-45).

import type { GroupId, NodeId } from '../../base/ids.ts';

/** A replica of a volume that is being restored: objects of its base image and log that are durable there. */
export interface RestoreReplicaView {
  readonly group: GroupId;
  readonly node: NodeId;
  readonly phase: 'waiting' | 'loading' | 'loaded' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

/** A restore to a point in time (WAL-45); `code`, `object`, `group`: what stopped it. */
export interface RestoreView {
  readonly volume: string;
  readonly source: string;
  readonly lsn: number;
  readonly state: 'loading' | 'done' | 'failed';
  readonly code: string;
  readonly object: string;
  readonly group: string;
  readonly sinceUs: number;
  readonly replicas: readonly RestoreReplicaView[];
}

export interface VolumeView {
  readonly name: string;
  readonly token: number;
  readonly writer: NodeId | null;
  readonly state: 'OPEN' | 'FREEZING' | 'FENCING' | 'RECOVERING' | 'CREATING';
  readonly groups: readonly GroupId[];
}
