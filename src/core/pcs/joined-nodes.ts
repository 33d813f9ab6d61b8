// Nodes that were added to the cluster while it runs, and those that were removed (docs/spec/pcs.md PCS-3, placement.md PCS-79, PCS-100; READ-1): the
// entries and what they change. A reader enters the volume's RO group and leaves it: no group, page, log record or token changes. Pure.

import { bool, list, struct, text } from '../../base/codec.ts';
import type { NodeId } from '../../base/ids.ts';
import { attachedNodes, MAX_READERS, readersOf, roGroupOf } from '../kernel/attachments.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { node } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { hasNode } from '../placement/membership.ts';
import { followServer, mayLeave } from './chunk-moves.ts';
import { groupOfVolume } from './compute-groups.ts';
import { holdsPlace } from './members.ts';
import type { Receivers } from './messages.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { endDrain } from './offline-nodes.ts';
import { withPlace } from './pcs-nodes.ts';
import { volumeNamed } from './volumes.ts';

const joinedNode = struct({ node, volume: text, zone: text, roles: list(text), isReader: bool });
export const joinedCodec = list(joinedNode);

export type NodesResult =
  | { readonly kind: 'nodeJoined'; readonly node: NodeId }
  | { readonly kind: 'nodeRemoved'; readonly node: NodeId; readonly wasReader: boolean }
  | { readonly kind: 'nodeDrain'; readonly node: NodeId; readonly isOffline: boolean }
  | { readonly kind: 'nodeRefused'; readonly node: NodeId; readonly code: NodeRefusal };
export type NodeRefusal =
  | 'NODE_TOMBSTONED'
  | 'TOO_MANY_READERS'
  | 'IN_HA_GROUP'
  | 'NOT_MEMBER'
  /** PCS-79, PCS-80. */
  | 'NOT_DRAINED'
  | 'PCS_VOTER'
  | 'INSUFFICIENT_NODES';

type Join = Extract<MetaOperation, { kind: 'joinNode' }>;
type Remove = Extract<MetaOperation, { kind: 'removeNode' }>;

/** Whether the nodes are still those that the cluster was laid out with. */
export const hasChanged = ({ joined, removed }: MetaContent): boolean =>
  joined.length > 0 || removed.length > 0;

export const isRemoved = ({ removed }: Pick<MetaContent, 'removed'>, id: NodeId): boolean =>
  removed.includes(id);
export const isJoined = ({ joined }: MetaContent, id: NodeId): boolean =>
  joined.some(({ node: one }) => one === id);

/** Nodes that the cluster has now: of those that it was laid out with and those that have joined, who was not removed. */
export const standingNodes = (
  { joined, removed }: MetaContent,
  { nodes }: Pick<ClusterSpec, 'nodes'>,
): { readonly id: NodeId; readonly roles: readonly string[] }[] =>
  [...nodes, ...joined.map(({ node: id, roles }) => ({ id, roles }))].filter(
    ({ id }) => !isRemoved({ removed }, id),
  );

const readersJoined = ({ joined }: MetaContent, volume: string): NodeId[] =>
  joined.filter((one) => one.isReader && one.volume === volume).map(({ node: id }) => id);

/** `listed`: readers of the cluster's list. */
const readersWith = (content: MetaContent, volume: string, listed: readonly NodeId[]): NodeId[] =>
  [...listed, ...readersJoined(content, volume)].filter((id) => !isRemoved(content, id));

/** No further reader may join (READ-1). */
export const isFull = (content: MetaContent, volume: string, listed: readonly NodeId[]): boolean =>
  readersWith(content, volume, listed).length >= MAX_READERS;

/** Who may join the volume's stream: readers, standbys, and nodes that may write it while they do not. Null: as it was laid out. */
export function receiversOf(content: MetaContent, name: string, cluster: ClusterSpec): Receivers | null {
  const volume = hasChanged(content) && name === cluster.volume ? volumeNamed(content, name) : null;
  if (volume === null) return null;
  const listed = groupOfVolume(content, name) === null ? readersOf(cluster) : attachedNodes(cluster);
  const { mapVersion } = volume;
  const removed = content.removed.filter((id) => !isStoreOnly(content, id, cluster));
  return { mapVersion, nodes: readersWith(content, name, listed), removed };
}

const STORE_ONLY = 'store';

/** Of no interest to who has sessions with readers. */
const isStoreOnly = ({ joined }: MetaContent, id: NodeId, { nodes }: ClusterSpec): boolean =>
  (joined.find((one) => one.node === id) ?? nodes.find((one) => one.id === id))?.roles.join() === STORE_ONLY;

/** Whom drivers read from (READ-46); null: as the cluster was laid out. */
export function readGroupOf(content: MetaContent, volume: string, cluster: ClusterSpec): NodeId[] | null {
  if (!hasChanged(content) || volume !== cluster.volume) return null;
  const group = groupOfVolume(content, volume);
  if (group === null) return readersWith(content, volume, roGroupOf(cluster));
  if (group.readers.length > 0) return [...group.readers];
  const writer = volumeNamed(content, volume)?.writer;
  return group.members.map(({ node: id }) => id).filter((id) => id !== writer);
}

/** PCS-3: the same for a node that has joined before. */
export function joinNode(
  content: MetaContent,
  { node: id, volume, zone, roles, isReader, listed }: Join,
): NodesResult {
  if (isRemoved(content, id)) return { kind: 'nodeRefused', node: id, code: 'NODE_TOMBSTONED' };
  if (isJoined(content, id)) return { kind: 'nodeJoined', node: id };
  if (isReader && isFull(content, volume, listed))
    return { kind: 'nodeRefused', node: id, code: 'TOO_MANY_READERS' };
  content.joined = [...content.joined, { node: id, volume, zone, roles, isReader }];
  content.pcs = [...withPlace(content.pcs, id, roles)];
  followServer(content, roles);
  const group = isReader ? groupOfVolume(content, volume) : null;
  if (group !== null) group.readers = [...group.readers, id];
  if (isReader) changeMap(content, volume);
  return { kind: 'nodeJoined', node: id };
}

/**
 * PCS-79: in a group, in a set that an open change of members began with, which waits for a quorum of each (WAL-62), or where a replica
 * that was removed is to be made anew (WAL-71).
 */
export const isHost = ({ volumes }: MetaContent, id: NodeId): boolean =>
  volumes.some(
    ({ groups, moves }) =>
      groups.some((one) => hasNode(one, id)) ||
      moves.some(
        ({ before, phase, to }) =>
          before.some((set) => set.includes(id)) || (phase === 'removed' && to === id),
      ),
  );

/** The name is used up for ever. A standby leaves the HA group first. */
export function removeNode(
  content: MetaContent,
  { node: id, volume, listed }: Remove,
  mutants: Mutants = [],
): NodesResult {
  const refuse = (code: NodeRefusal): NodesResult => ({ kind: 'nodeRefused', node: id, code });
  if (isRemoved(content, id)) return refuse('NODE_TOMBSTONED');
  const group = groupOfVolume(content, volume);
  if (group?.members.some(({ node: one }) => one === id)) return refuse('IN_HA_GROUP');
  const isHasty = has(mutants, 'pcs.removes-undrained') || has(mutants, 'pcs.removes-server-early');
  if (!isHasty && isHost(content, id)) return refuse('NOT_DRAINED');
  if (!isHasty && !mayLeave(content, id)) return refuse('NOT_DRAINED');
  if (holdsPlace(content, id) && !has(mutants, 'pcs.removes-voter')) return refuse('PCS_VOTER');
  const wasReader = readersWith(content, volume, listed).includes(id);
  endDrain(content, id);
  content.removed = [...content.removed, id];
  // of a store that is gone it says on that it was one
  content.joined = content.joined.filter(({ node: one, roles }) => one !== id || roles.join() === STORE_ONLY);
  if (group !== null) group.readers = group.readers.filter((one) => one !== id);
  if (wasReader) changeMap(content, volume);
  return { kind: 'nodeRemoved', node: id, wasReader };
}

function changeMap(content: MetaContent, name: string): void {
  const volume = volumeNamed(content, name);
  if (volume !== null) volume.mapVersion++;
}
