// How far two tapes tell the same: what was simulated of one up to there holds for the other.

import type { Time } from '../base/ids.ts';
import type { Tape } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { printLine } from '../sim/tape-print.ts';
import { NEVER } from '../sim/types.ts';
import { tapes } from '../stacks/tapes.ts';

/** Virtual time up to which both worlds are one, or null when they are different runs from the start. */
export function samePast(a: Tape, b: Tape): Time | null {
  const settings = ({ header }: Tape): string =>
    JSON.stringify([header.preset, header.own, header.profile, header.changes, header.seed, header.mutants]);
  if (settings(a) !== settings(b)) return null;
  let same = 0;
  while (same < a.actions.length && same < b.actions.length && isSame(a.actions[same], b.actions[same]))
    same++;
  const rest = [...a.actions.slice(same), ...b.actions.slice(same)];
  // A power cut reaches back: nodes are marked at its stamps, long before it.
  if (rest.some((action) => action.kind === 'powerCut')) return null;
  return rest.reduce<number>((first, action) => Math.min(first, action.at), NEVER) as Time;
}

const isSame = (a: TapeAction | undefined, b: TapeAction | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && printLine(tapes, a) === printLine(tapes, b));
