// Nodes that replicas are to leave (docs/spec/pcs.md PCS-79, PCS-80, PCS-100; polarfs.md FS-77): hosts where tables are cut, else stores or
// chunk servers. The entry that orders it, or takes the order back, and who has such an order. Pure.

import type { NodeId } from '../../base/ids.ts';
import { noStorage } from './chunk-moves.ts';
import type { NodesResult } from './joined-nodes.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

export const offlineNodes = ({ sharding, storage }: Pick<MetaContent, 'sharding' | 'storage'>) =>
  (sharding ?? storage)?.offline ?? ([] as readonly NodeId[]);

type SetOffline = Extract<MetaOperation, { kind: 'setOffline' }>;

/** `code`: why its proposer, who knows which nodes are up, refuses it. */
export function setOffline(content: MetaContent, { node: id, isOffline, code }: SetOffline): NodesResult {
  if (content.removed.includes(id)) return { kind: 'nodeRefused', node: id, code: 'NODE_TOMBSTONED' };
  if (code !== '') return { kind: 'nodeRefused', node: id, code };
  const others = offlineNodes(content).filter((one) => one !== id);
  const offline = isOffline ? [...others, id] : others;
  if (content.sharding) content.sharding.offline = offline;
  else content.storage = { ...(content.storage ?? noStorage()), offline };
  return { kind: 'nodeDrain', node: id, isOffline };
}
