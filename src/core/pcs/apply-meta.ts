// What a committed metadata entry does (docs/spec/failover.md FENCE-1, FENCE-2, FENCE-16; pcs.md PCS-33): pure, so that every
// member of the log reaches the same state.

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { noConfiguration } from '../agent/settings.ts';
import { firstIdentity } from '../consensus/identities.ts';
import type { ClusterSpec, GroupSpec } from '../kernel/cluster-spec.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { type ArchiverResult, nameArchiver } from './archivers.ts';
import { beginChunkMove, type ChunkMoveResult, endChunkMove } from './chunk-moves.ts';
import { applySwitch, groupOfVolume, initialGroups, type SwitchResult } from './compute-groups.ts';
import { type ConfigResult, putConfig } from './configuration.ts';
import { joinNode, type NodesResult, removeNode } from './joined-nodes.ts';
import { admitPcs, changePcs, endPcsChange, type MembersResult } from './members.ts';
import { beginMerge, cutMerge } from './merges.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { beginMove, type MoveResult, stepMove } from './moves.ts';
import { setOffline } from './offline-nodes.ts';
import { initialPcs, pcsNodes } from './pcs-nodes.ts';
import { clientOf, recordRequest, resultOf } from './requests.ts';
import { beginRestore, dropVolume, endRestore, type RestoreResult } from './restores.ts';
import {
  activateTable,
  followMembers,
  makeGroup,
  noSharding,
  prepareTable,
  rollShard,
  type ShardingResult,
} from './sharding.ts';
import { beginSplit, cutSplit, endSplit } from './splits.ts';
import { mayAsk, placeOf, volumeNamed } from './volumes.ts';

export type MetaResult =
  | { readonly kind: 'granted'; readonly token: Term }
  | { readonly kind: 'TOKEN_RACE'; readonly token: Term }
  | { readonly kind: 'writerSet'; readonly repeated: boolean }
  | { readonly kind: 'STALE_TERM' }
  /** FENCE-2: the volume is another node's. */
  | { readonly kind: 'NOT_CHOSEN' }
  /** What the request came to when it was done (PCS-30). */
  | { readonly kind: 'repeated'; readonly code: string; readonly value: number }
  | MoveResult
  | ArchiverResult
  | RestoreResult
  | MembersResult
  | ConfigResult
  | SwitchResult
  | NodesResult
  | ShardingResult
  | ChunkMoveResult;

/** Nodes that may write the volume that the cluster was made with; a spare one waits for a volume of its own. */
export const firstWriters = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes
    .filter(
      ({ roles, isSpare, isReader, haPriority }) =>
        roles.includes('compute') && !isSpare && (!isReader || haPriority !== undefined),
    )
    .map(({ id }) => id);

/** Metadata of a cluster whose volume does not exist yet. */
export const initialContent = (cluster: ClusterSpec): MetaContent => ({
  applied: 0,
  sum: 0,
  volumes: cluster.placement ? [] : [firstVolumeOf(cluster)],
  restores: [],
  dropped: [],
  archivers: [],
  mapBase: 0,
  groupsMade: cluster.groups.length,
  requests: [],
  ...firstMembers(cluster),
  change: null,
  configuration: noConfiguration,
  puts: [],
  computeGroups: initialGroups(cluster),
  joined: [],
  removed: [],
  ...(cluster.placement && { sharding: noSharding() }),
});

const firstVolumeOf = (cluster: ClusterSpec): VolumeContent => ({
  name: cluster.volume,
  writers: firstWriters(cluster),
  token: 0 as Term,
  holder: null,
  writer: null,
  state: 'CREATING',
  created: false,
  mapVersion: 1,
  groups: cluster.groups.map(descriptorOf),
  moves: [],
});

/** PCS-4: as the log's first entry has it. */
function firstMembers(cluster: ClusterSpec): Pick<MetaContent, 'pcs' | 'members' | 'config'> {
  const pcs = pcsNodes(cluster);
  const members = initialPcs(cluster).map((node) => ({
    node,
    member: firstIdentity(pcs, node),
    incarnation: 0,
  }));
  return {
    pcs,
    members,
    config: { voters: members.map(({ member }) => member), outgoing: [], learners: [] },
  };
}

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

/** Applies one entry to `content` in place; entries come in the order of the log, each once. A request is done once (PCS-30). */
export function applyMeta(content: MetaContent, operation: MetaOperation, mutants: Mutants = []): MetaResult {
  const known = resultOf(content, clientOf(operation), operation);
  if (known !== null) return { kind: 'repeated', code: known.code, value: known.value };
  const result = applyOperation(content, operation, mutants);
  recordRequest(content, operation, result);
  return result;
}

function applyOperation(content: MetaContent, operation: MetaOperation, mutants: Mutants): MetaResult {
  switch (operation.kind) {
    case 'grantToken':
      if (!mayAsk(content, operation.volume, operation.from, mutants)) return { kind: 'NOT_CHOSEN' };
      return grantToken(written(content, operation.volume), operation);
    case 'setWriter':
      return setWriter(written(content, operation.volume), operation.from, operation.term, operation.state);
    case 'beginMove':
    case 'memberStep': {
      const place = placeOf(content, operation.group);
      const result =
        operation.kind === 'beginMove'
          ? beginMove(content, place, operation)
          : stepMove(place, operation, mutants);
      followMembers(content, operation.group);
      return result;
    }
    case 'setOffline':
      return setOffline(content, operation);
    case 'beginChunkMove':
      return beginChunkMove(content, operation);
    case 'endChunkMove':
      return endChunkMove(content, operation);
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
    case 'changePcs':
      return changePcs(content, operation);
    case 'admitPcs':
      return admitPcs(content, operation);
    case 'endPcsChange':
      return endPcsChange(content, operation.node);
    case 'putConfig':
      return putConfig(content, operation);
    case 'joinNode':
      return joinNode(content, operation);
    case 'removeNode':
      return removeNode(content, operation, mutants);
    case 'prepareTable':
      return prepareTable(content, operation, mutants);
    case 'activateTable':
      return activateTable(content, operation.version);
    case 'makeGroup':
      return makeGroup(content, operation, mutants);
    case 'rollShard':
      return rollShard(content, operation, mutants);
    case 'beginSplit':
      return beginSplit(content, operation);
    case 'cutSplit':
      return cutSplit(content, operation);
    case 'endSplit':
      return endSplit(content, operation);
    case 'beginMerge':
      return beginMerge(content, operation);
    case 'cutMerge':
      return cutMerge(content, operation);
    case 'promote':
    case 'setState':
    case 'switchover':
    case 'moveToHa':
    case 'fenceVolume':
    case 'setLeader': {
      const { volume } = operation;
      return applySwitch(volumeNamed(content, volume), groupOfVolume(content, volume), operation, mutants);
    }
  }
}

/** The volume that an entry of its writer names; it may have been dropped since, and then the entry does nothing. */
const written = (content: MetaContent, volume: string): VolumeContent | null => volumeNamed(content, volume);

type Grant = Extract<MetaOperation, { kind: 'grantToken' }>;

/** FENCE-1: old + 1, once per request. */
function grantToken(volume: VolumeContent | null, { from, expect }: Grant): MetaResult {
  if (volume === null) return { kind: 'TOKEN_RACE', token: 0 as Term };
  if (expect !== null && expect !== volume.token) return { kind: 'TOKEN_RACE', token: volume.token };
  const token = (volume.token + 1) as Term;
  volume.token = token;
  volume.holder = from;
  volume.state = volume.created ? 'FENCING' : 'CREATING';
  volume.mapVersion++;
  return { kind: 'granted', token };
}

/** FENCE-16: only the last granted token may appoint a writer. OPEN is reached after the volume was created (WAL-4). */
function setWriter(
  volume: VolumeContent | null,
  from: NodeId,
  term: Term,
  state: 'RECOVERING' | 'OPEN',
): MetaResult {
  if (volume === null || term !== volume.token || from !== volume.holder) return { kind: 'STALE_TERM' };
  const isBehind = volume.writer === from && volume.state === 'OPEN' && state === 'RECOVERING';
  if (isBehind || (volume.writer === from && volume.state === state))
    return { kind: 'writerSet', repeated: true };
  volume.writer = from;
  volume.state = state;
  if (state === 'OPEN') volume.created = true;
  volume.mapVersion++;
  return { kind: 'writerSet', repeated: false };
}
