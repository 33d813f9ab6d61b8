// The name of a node that is added by a click: the first that no node of the run has had (PCS-78).

import type { NodeId } from '../../base/ids.ts';
import { nextName } from '../../sim/node-templates.ts';
import type { FaultContext } from './entry.ts';

/** @param prefix what names of its template begin with */
export const newNodeName = ({ frame: { cluster, gone = [] } }: FaultContext, prefix: string): NodeId =>
  nextName(
    { ...cluster, nodes: [...cluster.nodes, ...gone.map((id) => ({ id, zone: '', roles: [] }))] },
    prefix,
  );
