// A split that is under way, in the replicated state (docs/spec/pcs.md PCS-46): which tablet gives keys away, and who is to have them.

import { type Infer, oneOf, struct, text, uint } from '../../base/codec.ts';
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
  why: oneOf('order', 'load'),
});
export type Split = Infer<typeof splitEntry>;
