// Nodes that replicas are to leave (docs/spec/placement.md PCS-79, PCS-80, PCS-100; polarfs.md FS-77): hosts where tables are cut, else stores or
// chunk servers. The entry that orders it, or takes the order back, and which nodes have such an order. Pure.

import type { NodeId } from '../../base/ids.ts';
import { noStorage } from './chunk-moves.ts';
import type { NodesResult } from './joined-nodes.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

interface HasOffline {
  readonly offline: readonly NodeId[];
}

/** Of the content, or of a view of it. */
export const offlineNodes = ({
  sharding,
  storage,
}: {
  readonly sharding?: HasOffline;
  readonly storage?: HasOffline;
}): readonly NodeId[] => (sharding ?? storage)?.offline ?? [];

type SetOffline = Extract<MetaOperation, { kind: 'setOffline' }>;

/** `code`: why its proposer, who knows which nodes are up, refuses it. */
export function setOffline(content: MetaContent, { node: id, isOffline, code }: SetOffline): NodesResult {
  if (content.removed.includes(id)) return { kind: 'nodeRefused', node: id, code: 'NODE_TOMBSTONED' };
  if (code !== '') return { kind: 'nodeRefused', node: id, code };
  endDrain(content, id);
  if (isOffline) putOffline(content, [...offlineNodes(content), id]);
  return { kind: 'nodeDrain', node: id, isOffline };
}

/** The node stays, or is removed. */
export function endDrain(content: MetaContent, id: NodeId): void {
  const others = offlineNodes(content).filter((one) => one !== id);
  if (others.length < offlineNodes(content).length) putOffline(content, others);
}

function putOffline(content: MetaContent, offline: readonly NodeId[]): void {
  if (content.sharding) content.sharding.offline = [...offline];
  else content.storage = { ...(content.storage ?? noStorage()), offline: [...offline] };
}
