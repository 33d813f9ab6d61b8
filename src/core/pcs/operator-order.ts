// Orders of operators to the metadata (docs/spec/agents.md PCS-99, pcs.md PCS-108) as they travel between its nodes.

import {
  bool,
  type Codec,
  encodeWhole,
  type Infer,
  list,
  nullable,
  oneOf,
  text,
  uint,
  union,
  variant,
} from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import { askedCommandCodec } from '../agent/messages.ts';
import { group, node } from '../kernel/fields.ts';

const order = union({
  moveReplica: variant(0, { group: nullable(group), from: node, to: node }),
  rollbackMove: variant(1, { group: nullable(group) }),
  nameArchiver: variant(2, { group: nullable(group), to: node }),
  changePcs: variant(3, { node, want: oneOf('in', 'out') }),
  putConfig: variant(4, { scope: text, key: text, value: text, expect: nullable(uint) }),
  ask: variant(5, { nodes: list(node), command: askedCommandCodec }),
  transferPcs: variant(6, { node }),
  switchover: variant(20, { volume: text, target: node }),
  moveToHa: variant(21, { volume: text, node, priority: uint }),
  removeNode: variant(30, { node }),
  setOffline: variant(31, { node, isOffline: bool }),
  splitGroup: variant(40, { group, key: text }),
  mergeGroups: variant(41, { group, other: group }),
  transferGroup: variant(42, { group, to: node }),
});
export type OperatorOrder = Infer<typeof order>;
export const orderCodec: Codec<OperatorOrder> = order;

/** Tells orders of the same instant apart. */
export const sumOfOrder = (one: OperatorOrder): number => crc32c(encodeWhole(orderCodec, one));
