// A tape from a file, ready to run; what is wrong with it is printed with its line.

import { readFileSync } from 'node:fs';
import type { Time } from '../base/ids.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';

/** Without an end on the tape and without a time asked for a run goes on for this long, virtual µs after its last action. */
const DEFAULT_TAIL_US = 1_000_000;

/** Null after an error was printed. `untilText`: a time in virtual ms given by `option`. */
export function openTape(
  path: string,
  option: string,
  untilText: string | undefined,
): { readonly setup: RunSetup; readonly until: Time } | null {
  const refuse = (error: string): null => {
    console.error(error);
    return null;
  };
  const parsed = parseTape(tapes, readFileSync(path, 'utf8'));
  if (!parsed.ok) return refuse(`${path}:${parsed.line}: ${parsed.error}`);
  const result = setupRun(known, parsed.tape);
  if (!result.ok) return refuse(`${path}: ${result.error}`);
  const untilMs = untilText === undefined ? null : Number(untilText);
  if (untilMs !== null && !(untilMs >= 0))
    return refuse(`${option} ${untilText} is not a time in virtual ms`);
  const { header, actions } = result.setup.tape;
  const last = actions[actions.length - 1];
  const until =
    untilMs === null ? (header.end?.at ?? (last?.at ?? 0) + DEFAULT_TAIL_US) : Math.round(untilMs * 1000);
  return { setup: result.setup, until: until as Time };
}
