// Commands of the package `postdb-lab` that need no browser, for whoever has not the sources of the lab (scripts/package-command.mjs).

import { parseArgs } from 'node:util';
import { ENGINE } from '../sim/engine.ts';
import { type ExitCode, exitCodes, isArgumentError } from './exit-codes.ts';
import { GRADE_ARGUMENTS, grade } from './grade.ts';
import type { OpenPool } from './open-pool.ts';
import { RUN_ARGUMENTS, runTape } from './run-tape.ts';
import { runSaysCommand, SAYS_ARGUMENTS } from './says.ts';
import { SERVE_ARGUMENTS, serve } from './serve.ts';
import { SWEEP_ARGUMENTS, sweep } from './sweep.ts';
import { startThreads } from './threads.ts';

const USAGE = `  postdb-lab serve [--preset PRESET | --tape FILE] [--seed N] [--port 5433] [--pace asked|hold|max|1|SLOWDOWN] [--record FILE]
      a cluster behind an address of PostgreSQL's protocol on 127.0.0.1; --record writes its tape when it is ended
  postdb-lab run TAPE [--until MS] [--hash] [--trace FILE] [--history FILE] [--json]
      plays a tape again under all monitors
  postdb-lab sweep [--preset PRESET] [--cluster FILE|drawn] [--seeds A..B] [--minutes M | --seconds S] [--shard I/N] [--wall S]
                   [--broken NAME] [--save DIR] [--first] [--json FILE] [--workers N]
      random configuration, load and faults for each seed, then heal and check; --save keeps the tapes of failing seeds
  postdb-lab says [--preset PRESET] [--seeds A..B] [--seconds S] [--tape FILE]… [--lesson ID|all]… [--quota N] [--json FILE] [--workers N]
      what captions claim in swept runs, or in those of tapes and lessons, held against the run
  postdb-lab grade ASSIGNMENT FOLDER [--csv FILE] [--json FILE] [--page FILE] [--lab ADDRESS] [--workers N] [--seconds S]
  postdb-lab grade ASSIGNMENT --start NAME
      plays each tape in the folder on the assignment's cluster: who passed, which goals, rules violated, tapes that are the same;
      --start prints the tape that a student begins with`;

/** No queue: what speaks with one is not in the package. */
const ownThreads: OpenPool = async (_options, { lanes }) => startThreads(lanes);

/** The package as whoever calls it has it. `usage`: what is said of commands beside those here. */
interface Package {
  readonly usage: string;
  readonly version: string;
}

async function run([command, ...args]: readonly string[], { usage, version }: Package): Promise<ExitCode> {
  switch (command) {
    case 'serve':
      return serve(parseArgs({ args, options: SERVE_ARGUMENTS }).values);
    case 'run': {
      const { values, positionals } = parseArgs({ args, allowPositionals: true, options: RUN_ARGUMENTS });
      const [tape, ...others] = positionals;
      if (tape === undefined || others.length > 0) break;
      return runTape(tape, values);
    }
    case 'sweep':
      return sweep(parseArgs({ args, options: SWEEP_ARGUMENTS }).values, ownThreads, 'npx postdb-lab');
    case 'says':
      return runSaysCommand(parseArgs({ args, options: SAYS_ARGUMENTS }).values, ownThreads);
    case 'grade': {
      const { values, positionals } = parseArgs({ args, allowPositionals: true, options: GRADE_ARGUMENTS });
      return grade(positionals, values);
    }
    case '--version':
      console.log(`${version}, engine ${ENGINE}`);
      return exitCodes.ok;
    case '--help':
    case 'help':
      console.log(usage);
      return exitCodes.ok;
    default:
  }
  console.error(usage);
  return exitCodes.usage;
}

/**
 * `other`: carries out a command beside these; null: it is one of these. What is wrong with the arguments is said with the usage of all.
 */
export async function runCommand(
  args: readonly string[],
  { usage, version }: Package,
  other: (() => Promise<number>) | null,
): Promise<number> {
  const all = usage + USAGE;
  try {
    return await (other === null ? run(args, { usage: all, version }) : other());
  } catch (error) {
    console.error(isArgumentError(error) ? `${error.message}\n\n${all}` : error);
    return isArgumentError(error) ? exitCodes.usage : exitCodes.harness;
  }
}
