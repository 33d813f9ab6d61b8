// The recorded picture that a tape's run passes: a link shows it while the run is being replayed.

import type { Keyframe } from '../run-model/picture/keyframe.ts';
import { freshTape } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { recordedFor } from './recorded-picture.ts';

/** What a run does up to a time follows from these. */
const pastOf = ({ header, actions }: Tape, until: number): string => {
  const { preset, profile, changes, seed, mutants } = header;
  const lines = actions.filter(({ at }) => at <= until).map((action) => printLine(tapes, action));
  return JSON.stringify([preset, profile, changes, seed, mutants, lines]);
};

/** Null: there is none, or the run was another one by then. */
export async function pictureOfTape(text: string): Promise<Keyframe | null> {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) return null;
  const { preset, seed, end } = parsed.tape.header;
  const recorded = await recordedFor({ preset, seed });
  const fresh = freshTape(presets, preset, seed);
  if (recorded === null || 'error' in fresh || (end !== null && end.at < recorded.at)) return null;
  return pastOf(parsed.tape, recorded.at) === pastOf(fresh, recorded.at) ? recorded : null;
}
