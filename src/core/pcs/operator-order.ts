// Orders of operators to the metadata (docs/spec/pcs.md PCS-99, PCS-108) as they travel between its nodes.

import { type Codec, encodeWhole, type Infer, nullable, oneOf, union, variant } from '../../base/codec.ts';
import { crc32c } from '../../base/crc32c.ts';
import { group, node } from '../kernel/fields.ts';

const order = union({
  moveReplica: variant(0, { group: nullable(group), from: node, to: node }),
  rollbackMove: variant(1, { group: nullable(group) }),
  nameArchiver: variant(2, { group: nullable(group), to: node }),
  changePcs: variant(3, { node, want: oneOf('in', 'out') }),
});
export type OperatorOrder = Infer<typeof order>;
export const orderCodec: Codec<OperatorOrder> = order;

/** Tells orders of the same instant apart. */
export const sumOfOrder = (one: OperatorOrder): number => crc32c(encodeWhole(orderCodec, one));
