// What a committed metadata entry does (docs/spec/failover.md FENCE-1, FENCE-2, FENCE-16; pcs.md PCS-33): pure, so that every
// member of the log reaches the same state.

import { present } from '../../base/assert.ts';
import type { GroupId, Lsn, NodeId, Term } from '../../base/ids.ts';
import type { ClusterSpec, GroupSpec } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { type ArchiverResult, nameArchiver } from './archivers.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { beginMove, type MoveResult, stepMove } from './moves.ts';
import { recordOrder } from './orders.ts';
import { beginRestore, dropVolume, endRestore, type RestoreResult } from './restores.ts';
import { volumeNamed, volumeOfGroup } from './volumes.ts';

export type MetaResult =
  | { readonly kind: 'granted'; readonly token: Term; readonly repeated: boolean }
  | { readonly kind: 'TOKEN_RACE'; readonly token: Term }
  | { readonly kind: 'writerSet'; readonly repeated: boolean }
  | { readonly kind: 'STALE_TERM' }
  | MoveResult
  | ArchiverResult
  | RestoreResult;

/** Nodes that may write the volume that the cluster was made with; a spare one waits for a volume of its own. */
export const firstWriters = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles, isSpare }) => roles.includes('compute') && !isSpare).map(({ id }) => id);

/** Metadata of a cluster whose volume does not exist yet. */
export const initialContent = (cluster: ClusterSpec): MetaContent => ({
  applied: 0,
  sum: 0,
  volumes: [
    {
      name: cluster.volume,
      writers: firstWriters(cluster),
      token: 0 as Term,
      holder: null,
      writer: null,
      state: 'CREATING',
      created: false,
      mapVersion: 1,
      groups: cluster.groups.map(descriptorOf),
      grants: [],
      moves: [],
    },
  ],
  restores: [],
  dropped: [],
  archivers: [],
  mapBase: 0,
  groupsMade: cluster.groups.length,
  orders: [],
});

const descriptorOf = (group: GroupSpec): Descriptor => ({
  group: group.id,
  sets: [[...group.replicas]],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: group.keyFirst,
  keyEnd: group.keyEnd,
  baseLsn: 0 as Lsn,
  vw: group.vw,
  vr: group.vr,
});

/** Applies one entry to `content` in place; entries come in the order of the log, each once. */
export function applyMeta(content: MetaContent, operation: MetaOperation): MetaResult {
  const result = applyOperation(content, operation);
  recordOrder(content, operation, result);
  return result;
}

function applyOperation(content: MetaContent, operation: MetaOperation): MetaResult {
  switch (operation.kind) {
    case 'grantToken':
      return grantToken(written(content, operation.volume), operation);
    case 'setWriter':
      return setWriter(written(content, operation.volume), operation.from, operation.term, operation.state);
    case 'beginMove':
      return beginMove(holding(content, operation.group), operation);
    case 'memberStep':
      return stepMove(holding(content, operation.group), operation);
    case 'beginRestore':
      return beginRestore(content, operation);
    case 'nameArchiver':
      return nameArchiver(content, operation);
    case 'endRestore':
      return endRestore(content, operation);
    case 'refuseOrder':
      return { ...operation, kind: 'orderRefused' };
    case 'dropVolume':
      return dropVolume(content, operation.volume);
  }
}

const firstOf = ({ volumes }: MetaContent): VolumeContent => present(volumes[0], 'the first volume');

/** The volume that an entry of its writer names; it may have been dropped since, and then the entry does nothing. */
const written = (content: MetaContent, volume: string): VolumeContent | null => volumeNamed(content, volume);

/** The volume that has the group; the first answers for one that nobody has. */
export const holding = (content: MetaContent, group: GroupId): VolumeContent =>
  volumeOfGroup(content, group) ?? firstOf(content);

type Grant = Extract<MetaOperation, { kind: 'grantToken' }>;

/** FENCE-1: old + 1, once per request. A request of an earlier life of its node (late, or repeated) gets no new token. */
function grantToken(volume: VolumeContent | null, { from, boot, reqId, expect }: Grant): MetaResult {
  if (volume === null) return { kind: 'TOKEN_RACE', token: 0 as Term };
  const last = volume.grants.find((grant) => grant.from === from);
  if (last && last.boot === boot && last.reqId === reqId)
    return { kind: 'granted', token: last.token, repeated: true };
  const isOfEarlierLife = last !== undefined && boot < last.boot;
  if (isOfEarlierLife || (expect !== null && expect !== volume.token))
    return { kind: 'TOKEN_RACE', token: volume.token };
  const token = (volume.token + 1) as Term;
  volume.token = token;
  volume.holder = from;
  volume.state = volume.created ? 'FENCING' : 'CREATING';
  volume.grants = [...volume.grants.filter((grant) => grant.from !== from), { from, boot, reqId, token }];
  volume.mapVersion++;
  return { kind: 'granted', token, repeated: false };
}

/** FENCE-16: only the last granted token may appoint a writer. OPEN is reached after the volume was created (WAL-4). */
function setWriter(
  volume: VolumeContent | null,
  from: NodeId,
  term: Term,
  state: 'RECOVERING' | 'OPEN',
): MetaResult {
  if (volume === null || term !== volume.token) return { kind: 'STALE_TERM' };
  const isBehind = volume.writer === from && volume.state === 'OPEN' && state === 'RECOVERING';
  if (isBehind || (volume.writer === from && volume.state === state))
    return { kind: 'writerSet', repeated: true };
  volume.writer = from;
  volume.state = state;
  if (state === 'OPEN') volume.created = true;
  volume.mapVersion++;
  return { kind: 'writerSet', repeated: false };
}
