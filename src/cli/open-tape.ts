// A tape from a file, ready to run; what is wrong with it is printed with its line, and when what waited for a condition was done.

import { readFileSync } from 'node:fs';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { waitingFault } from '../run-model/facts/waiting-fault.ts';
import { settleTape } from '../run-model/settle.ts';
import { type RunSetup, setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';

/** Without an end on the tape and without a time asked for a run goes on for this long, virtual µs after its last action. */
const DEFAULT_TAIL_US = 1_000_000;

/** Null after an error was printed. `untilText`: a time in virtual ms given by `option`. */
export async function openTape(
  path: string,
  option: string,
  untilText: string | undefined,
): Promise<{ readonly setup: RunSetup; readonly until: Time } | null> {
  const refuse = (error: string): null => {
    console.error(error);
    return null;
  };
  const parsed = parseTape(tapes, readFileSync(path, 'utf8'));
  if (!parsed.ok) return refuse(`${path}:${parsed.line}:${parsed.column}: ${parsed.error}`);
  const fault = waitingFault(known, parsed.tape);
  if (fault !== null) return refuse(`${path}:${fault.line}:${fault.column}: ${fault.error}`);
  const { tape: fixed, done, undone } = settleTape(known, await loadSqlEdge(), parsed.tape);
  for (const { line, at } of done) console.error(`${path}:${line}: done at ${at / 1000} ms`);
  for (const line of undone) console.error(`${path}:${line}: its condition has not come about`);
  const result = setupRun(known, fixed);
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
