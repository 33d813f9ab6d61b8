// A split or merge that is under way, in the replicated state (docs/spec/placement.md PCS-46, PCS-122): which tablets give keys away, and who is to
// have them.

import { type Infer, nullable, oneOf, struct, text, uint } from '../../base/codec.ts';
import { term } from '../kernel/fields.ts';

export const splitEntry = struct({
  id: uint,
  table: uint,
  /** First relations of the tablet that is split, and of the one that is made. */
  relation: uint,
  child: uint,
  /** In text form, the least key that goes; empty: the middle of its rows. */
  key: text,
  volume: text,
  childVolume: text,
  /** Of the primary that is asked to give them away: another one would have to begin anew. */
  token: term,
  /** Of the proposer's clock, µs. */
  deadline: uint,
  why: oneOf('order', 'load', 'cold'),
  /** Of a merge: the tablet whose keys follow, which gives all of them away as the first one does. Null: it is a split. */
  other: nullable(struct({ relation: uint, volume: text, token: term })),
});
export type Split = Infer<typeof splitEntry>;

/** Who gives keys away. */
export const sourcesOf = ({ relation, volume, token, other }: Split) => [
  { relation, volume, token },
  ...(other === null ? [] : [other]),
];
