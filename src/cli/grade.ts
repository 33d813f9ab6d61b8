// `sim grade ASSIGNMENT FOLDER`: every tape that was handed in, played on the assignment's cluster. `sim grade ASSIGNMENT --start NAME`
// prints the tape that a student begins with.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { messageOf } from '../base/thrown.ts';
import { assignmentOf, seedOf, startOf } from '../lessons/assignments/assignment.ts';
import { printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type Found, handInsOf } from './grade/hand-ins.ts';
import { type Outcome, printCsv, printJson, printPage, printTable, rowsOf } from './grade/report.ts';
import type { GradeAnswer, GradeAsked } from './grade-worker.ts';
import { makeThreads, TookTooLong } from './threads.ts';

const text = { type: 'string' } as const;
/** What the command line takes, beside the assignment and the folder. */
export const GRADE_ARGUMENTS = {
  csv: text,
  json: text,
  page: text,
  lab: { type: 'string', default: 'http://localhost:4173/' },
  start: text,
  workers: text,
  seconds: { type: 'string', default: '120' },
} as const;

interface GradeOptions {
  readonly csv?: string | undefined;
  readonly json?: string | undefined;
  readonly page?: string | undefined;
  readonly lab: string;
  readonly start?: string | undefined;
  readonly workers?: string | undefined;
  readonly seconds: string;
}

/** Of one replay, MiB of JavaScript's heap. */
const MOST_MEMORY = 1536;

function refuse(error: string): ExitCode {
  console.error(error);
  return exitCodes.usage;
}

/** 0: all passed; 1: some did not; 2: the assignment or the command line is wrong. */
export async function grade(paths: readonly string[], options: GradeOptions): Promise<ExitCode> {
  const [path, folder, ...others] = paths;
  if (path === undefined || others.length > 0) return refuse('grade takes an assignment and a folder');
  if (!existsSync(path)) return refuse(`${path} is not there`);
  const given = readFileSync(path, 'utf8');
  const read = assignmentOf(known, given);
  if (!read.ok) return refuse(`${path}: ${read.error}`);
  const { assignment } = read;
  if (options.start !== undefined) {
    process.stdout.write(printTape(known.tape, startOf(assignment, seedOf(assignment, options.start))));
    return exitCodes.ok;
  }
  if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory())
    return refuse(folder === undefined ? 'grade takes a folder of tapes' : `${folder} is no folder`);
  const lanes = options.workers === undefined ? availableParallelism() : Number(options.workers);
  const limitMs = Number(options.seconds) * 1000;
  if (!Number.isSafeInteger(lanes) || lanes < 1)
    return refuse(`--workers ${options.workers} is no number of threads`);
  if (!(limitMs > 0)) return refuse(`--seconds ${options.seconds} is no time`);
  const found = handInsOf(folder);
  if (found.length === 0) return refuse(`${folder} has no file`);
  const rows = rowsOf(await judgeAll(given, found, lanes, limitMs));
  console.log(printTable(assignment, rows));
  const passed = rows.filter((row) => row.passed).length;
  console.log(`\n${passed} of ${rows.length} passed`);
  if (options.csv !== undefined) writeFileSync(options.csv, printCsv(assignment, rows));
  if (options.json !== undefined) writeFileSync(options.json, printJson(assignment, rows));
  if (options.page !== undefined) writeFileSync(options.page, printPage(assignment, rows, options.lab));
  return passed === rows.length ? exitCodes.ok : exitCodes.violation;
}

async function judgeAll(
  assignment: string,
  found: readonly Found[],
  lanes: number,
  limitMs: number,
): Promise<readonly Outcome[]> {
  const threads = makeThreads('./grade-worker.mjs', lanes, {
    workerData: assignment,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    limitMs,
  });
  const outcomes = found.map(async (one): Promise<Outcome> => {
    const { name } = one;
    if ('error' in one) return { name, error: one.error };
    try {
      const asked: GradeAsked = { name, text: one.text };
      // A thread of this bundle answers so.
      const answer = (await threads.ask(asked)) as GradeAnswer;
      return answer.ok ? { name, judged: answer.judged } : { name, error: answer.error };
    } catch (error) {
      return { name, error: failureText(error, limitMs) };
    }
  });
  try {
    return await Promise.all(outcomes);
  } finally {
    await threads.close();
  }
}

function failureText(error: unknown, limitMs: number): string {
  if (error instanceof TookTooLong) return `the replay took more than ${limitMs / 1000} s`;
  return Object(error).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `the replay took more than ${MOST_MEMORY} MiB`
    : `the replay failed: ${messageOf(error)}`;
}
