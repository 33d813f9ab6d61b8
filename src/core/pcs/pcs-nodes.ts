// The nodes of the metadata as a cluster is laid out (docs/spec/pcs.md PCS-1, PCS-4).

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/door.ts';

/** In the order of the cluster's list, which the numbers of members go by. */
export const pcsNodes = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);

/** Those that the log begins with; a spare one waits until it is added. */
export const initialPcs = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles, isSpare }) => roles.includes('meta') && isSpare !== true).map(({ id }) => id);
