// What an undo takes back.

import type { TapeAction } from '../sim/tape-actions.ts';

/** An action that a person or operator did; a preset's own load and a power cut are nobody's. */
export const isUndoable = ({ at, kind }: TapeAction): boolean => at > 0 && kind !== 'powerCut';
