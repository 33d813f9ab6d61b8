// The notation of the worked vectors (docs/spec/placement.md §5) read and written: groups as `id: size/load [replicas] leader`,
// operators as `m1 1→4 (L=2)`. Nodes and groups are numbers there: node 1 is `1`, group 1 is `g1`.

import { present } from '../../../base/assert.ts';
import { groupId, type NodeId, nodeId } from '../../../base/ids.ts';
import {
  defaultPlacement,
  type PlacedGroup,
  type PlacedNode,
  type PlacementConfig,
  type PlacementState,
  type PlanOp,
} from '../placement-state.ts';
import type { Plan } from '../plan-placement.ts';

/** `1:10/4 [1,2,3] 2`; the leader `-` is null. */
export function readGroup(text: string): PlacedGroup {
  const match = present(/^(\d+):(\d+)\/(\d+) \[([\d,]*)\] (\d+|-)$/.exec(text.trim()), 'a group', text);
  const [, id = '', size, load, replicas = '', leader = '-'] = match;
  return {
    id: groupId(`g${id}`),
    size: Number(size),
    load: Number(load),
    replicas: replicas.split(',').map(nodeId),
    leader: leader === '-' ? null : nodeId(leader),
  };
}

export const upNode = (id: number | string): PlacedNode => ({
  id: nodeId(String(id)),
  state: 'up',
  weight: 1,
  capacity: 1_000_000,
  zone: `z${id}`,
});

interface Given {
  readonly nodes: number;
  /** Separated by `;`. */
  readonly groups: string;
  readonly config?: Partial<PlacementConfig>;
  /** By node. */
  readonly but?: Readonly<Record<number, Partial<PlacedNode>>>;
}

/** A state with what §12 says of those that say nothing. */
export function readState({ nodes, groups, config = {}, but = {} }: Given): PlacementState {
  return {
    config: { ...defaultPlacement, loadWeight: 0, ...config },
    nodes: Array.from({ length: nodes }, (_, i) => ({ ...upNode(i + 1), ...but[i + 1] })),
    groups: groups
      .split(';')
      .filter((one) => one.trim() !== '')
      .map(readGroup),
  };
}

const leads = (op: { readonly newLeader?: NodeId | null }): string =>
  op.newLeader === undefined ? '' : ` (L=${op.newLeader ?? '-'})`;

export function writeOp(op: PlanOp): string {
  const group = op.group.slice(1);
  switch (op.kind) {
    case 'move':
      return `m${group} ${op.from}→${op.to}${leads(op)}`;
    case 'replace':
      return `r${group} ${op.from}→${op.to}${leads(op)}`;
    case 'add':
      return `a${group} →${op.to}${leads(op)}`;
    case 'remove':
      return `d${group} ${op.from}→${leads(op)}`;
    case 'transfer':
      return `t${group} ${op.from}→${op.to}`;
    case 'blocked':
      return `blocked ${group} ${op.reason}`;
  }
}

export function writePlan({ ops, replicaLoad, leaderLoad, groups, tombstone }: Plan): Record<string, string> {
  return {
    ops: ops.map(writeOp).join('; '),
    R: [...replicaLoad.values()].join(),
    L: [...leaderLoad.values()].join(),
    leaders: groups.map(({ leader }) => leader ?? '-').join(),
    tombstone: tombstone.join(),
  };
}
