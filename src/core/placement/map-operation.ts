// The entries that change the shard map, and what each answers (docs/spec/pcs.md §5, the table of applyMeta).

import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import type { ShardId } from './shard-map.ts';

/** Whoever asks again under the same number gets the first answer (PCS-30, PCS-32). */
export interface RequestId {
  readonly client: string;
  readonly number: number;
}

/** What the proposer may have seen of the group: refused if it is another one by now (PCS-34). */
interface Seen {
  readonly reqId?: RequestId;
  readonly memberEpoch?: number;
  readonly geoEpoch?: number;
}
interface OfGroup extends Seen {
  readonly group: GroupId;
  readonly term?: Term;
}

export type MapOperation =
  | {
      readonly kind: 'createGroup';
      readonly reqId?: RequestId;
      readonly volume: string;
      readonly keyFirst: number;
      readonly keyEnd: number;
      readonly voters: readonly NodeId[];
      readonly leader: NodeId | null;
      readonly baseLsn: Lsn;
      readonly vw: number;
      readonly vr: number;
    }
  | ({ readonly kind: 'createShard'; readonly lsn: Lsn } & OfGroup)
  | ({ readonly kind: 'rollShard' | 'sealShard'; readonly end: Lsn } & OfGroup)
  | ({ readonly kind: 'setLeader'; readonly leader: NodeId; readonly term: Term } & OfGroup)
  | ({ readonly kind: 'addLearner' | 'removeLearner'; readonly node: NodeId } & OfGroup)
  | ({ readonly kind: 'enterJoint'; readonly add: NodeId | null; readonly remove: NodeId | null } & OfGroup)
  | ({ readonly kind: 'leaveJoint' | 'abortJoint' } & OfGroup)
  | ({
      readonly kind: 'splitGroup';
      readonly key: number;
      readonly atLsn: Lsn;
      /** The volume of the child; null: the parent's. */
      readonly newVolume: string | null;
    } & OfGroup);

export type OperationOf<K extends MapOperation['kind']> = Extract<MapOperation, { kind: K }>;

export type MapError =
  | 'NO_GROUP'
  | 'STALE_TERM'
  | 'WRONG_EPOCH'
  | 'CHANGE_IN_PROGRESS'
  | 'BAD_RANGE'
  | 'RANGE_OVERLAP'
  | 'OUT_OF_RANGE'
  | 'NO_SHARD'
  | 'BAD_END'
  | 'NOT_VOTER'
  | 'ALREADY_VOTER'
  | 'NOT_LEARNER'
  | 'NOT_JOINT'
  | 'LEADER_LEAVING'
  | 'INSUFFICIENT_NODES'
  | 'BAD_QUORUM';

/** What an answer tells besides; which of them, the operation says. */
export interface MapDetail {
  readonly group?: GroupId;
  readonly shard?: ShardId;
  readonly first?: Lsn;
  readonly end?: number;
  readonly term?: Term;
  readonly leader?: NodeId | null;
  readonly memberEpoch?: number;
  readonly geoEpoch?: number;
  readonly baseLsn?: Lsn;
  readonly voters?: readonly NodeId[];
  readonly outgoing?: readonly NodeId[];
}

export interface MapResult extends MapDetail {
  /** Null: done, or found done before (`existing`). */
  readonly error: MapError | null;
  readonly existing: boolean;
  /** After the operation. */
  readonly mapVersion: number;
}

/** The result of one operation, before it has a version. */
export type Outcome =
  | { readonly kind: 'changed' | 'existing'; readonly detail: MapDetail }
  | { readonly kind: 'refused'; readonly error: MapError; readonly detail: MapDetail };

export const changed = (detail: MapDetail): Outcome => ({ kind: 'changed', detail });
export const existing = (detail: MapDetail): Outcome => ({ kind: 'existing', detail });
export const refuse = (error: MapError, detail: MapDetail = {}): Outcome => ({
  kind: 'refused',
  error,
  detail,
});
