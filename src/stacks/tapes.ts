// Tapes with the actions of every stack: what reads, prints, checks and carries them out.

import { makeTapeTables, type TapeTables } from '../sim/tape-actions.ts';
import { stackActions } from './actions.ts';
import { moments } from './crash-moments.ts';
import { nodeKinds } from './node-kinds.ts';
import { presets } from './presets.ts';

export const tapes: TapeTables = makeTapeTables(
  stackActions.map(({ actions }) => actions),
  moments,
  nodeKinds,
  presets,
);
export const { kinds: actionKinds, names: actionNames } = tapes;
