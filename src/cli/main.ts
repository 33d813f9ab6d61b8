// `npm run sim -- …`: the lab without a browser. Exit codes: 0 all well, 1 a rule was violated (or hashes differ),
// 2 the command line or a tape is wrong, 70 the harness itself failed.

import { parseArgs } from 'node:util';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { compare } from './compare.ts';
import { docs } from './doc-tables.ts';
import { digests } from './event-digest.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { runFates } from './fates.ts';
import { fsckTape } from './fsck.ts';
import { fuzz } from './fuzz.ts';
import { runMutants } from './mutants.ts';
import { runLesson } from './run-lesson.ts';
import { runTape } from './run-tape.ts';
import { runSaysCommand } from './says.ts';
import { sweep } from './sweep.ts';
import { runWaits } from './waits.ts';

function printFreshTape(preset: string, seedText: string | undefined): ExitCode {
  const seed = seedText === undefined ? null : Number(seedText);
  if (seed !== null && !Number.isSafeInteger(seed)) {
    console.error(`--seed ${seedText} is not a whole number`);
    return exitCodes.usage;
  }
  const tape = freshTape(presets, preset, seed);
  if ('error' in tape) {
    console.error(tape.error);
    return exitCodes.usage;
  }
  process.stdout.write(printTape(tapes, tape));
  return exitCodes.ok;
}

const USAGE = `usage:
  sim run TAPE [--until MS] [--hash] [--trace FILE] [--history FILE] [--json]
      replays a tape at full speed under all monitors
  sim fsck TAPE [--at MS] [--json]
      replays a tape and checks the structure of every page at VDL: heap, index, free space, catalog, commit log
  sim tape PRESET [--seed N]
      prints a fresh tape of a preset
  sim sweep --preset PRESET --seeds A..B [--minutes M] [--seconds S] [--shard I/N] [--wall S] [--broken NAME] [--json FILE] [--workers N] [--save DIR] [--least N] [--first] [--redo full|every]
      random configuration, load and faults for each seed, then heal and check; M or S is the virtual time of chaos,
      --wall stops starting seeds after that many wall seconds but not before --least were started,
      --first ends with the first failing seed, --redo full holds all reads and everything again and again against the log, every also looks at each cut of it, --save keeps the tapes of failing seeds
  sim lesson ID|FILE [--tape]
      a lesson by its script: its steps, the truth of its questions, whether it passes; or the tape it makes
  sim compare [--fault FAULT] [--load LOAD] [--seed N] [--json | --tape COLUMN]
      one load and one logical fault on three architectures: a table whose figures name their events, or the tape of a column
  sim mutants [--preset PRESET] [--seeds A..B] [--seconds S] [--only ID,…] [--workers N] [--clean] [--dense]
      each planted bug alone over dense seeds, or over the fates of its small world, until a monitor catches it: first catcher
      and seeds or fates to catch; --clean runs the same seeds without any first, --dense runs all over seeds
  sim digests [--write]
      the events of every recorded tape against their recorded digests (docs/testing.md says when to record them anew)
  sim docs [--write]
      tables and snippets of documents against the code that they are made from
  sim waits [--preset PRESET] [--seeds A..B] [--seconds S] [--quota N] [--aim WAIT] [--workers N] [--json FILE]
      what is said of waits in states of swept runs, tried on clones; N states of each kind for a seed;
      --aim draws runs that have more of a rare wait, --json adds the counts to those that the file has
  sim says [--preset PRESET] [--seeds A..B] [--seconds S] [--tape FILE]
      what captions claim in dense runs, or in that of a tape, held against the run; and captions that lie on purpose
  sim fates [--world NAME,…] [--quota N] [--part 'ACTIVITY: KIND'] [--shard I/N] [--broken NAME] [--first] [--workers N] [--save DIR] [--tape]
      a node loses power and keeps any part of what it had not synced (all, none, one kind of key, all but one, each beginning),
      in small worlds that are copied at such moments; N of the moments that are alike; --tape prints the worlds
  sim fuzz [--inputs N] [--seed S]
      mutated bytes for every decoder of messages and disk values, half of them with a valid checksum`;

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [command, ...rest] = argv;
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    switch (command) {
      case 'run': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { until: text, hash: flag, trace: text, history: text, json: flag },
        });
        const path = onlyOne(positionals, 'run takes one tape');
        return await runTape(path, values);
      }
      case 'fsck': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { at: text, json: flag },
        });
        const path = onlyOne(positionals, 'fsck takes one tape');
        return await fsckTape(path, values);
      }
      case 'tape': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { seed: text },
        });
        const preset = onlyOne(positionals, 'tape takes one preset');
        return printFreshTape(preset, values.seed);
      }
      case 'sweep': {
        const { values } = parseArgs({
          args: rest,
          options: {
            preset: { type: 'string', default: 'cynosdb' },
            seeds: text,
            minutes: text,
            seconds: text,
            shard: text,
            wall: text,
            broken: text,
            json: text,
            workers: text,
            save: text,
            least: text,
            first: flag,
            redo: text,
          },
        });
        return await sweep(values);
      }
      case 'digests': {
        const { values } = parseArgs({ args: rest, options: { write: flag } });
        return await digests(values);
      }
      case 'docs': {
        const { values } = parseArgs({ args: rest, options: { write: flag } });
        return docs(values);
      }
      case 'fates': {
        const { values } = parseArgs({
          args: rest,
          options: {
            world: text,
            quota: text,
            part: text,
            tape: flag,
            shard: text,
            broken: text,
            first: flag,
            workers: text,
            save: text,
          },
        });
        return await runFates(values);
      }
      case 'fuzz': {
        const { values } = parseArgs({ args: rest, options: { inputs: text, seed: text } });
        return await fuzz(values);
      }
      case 'mutants': {
        const { values } = parseArgs({
          args: rest,
          options: {
            preset: { type: 'string', default: 'cynosdb' },
            seeds: text,
            seconds: text,
            only: text,
            workers: text,
            clean: flag,
            dense: flag,
          },
        });
        return await runMutants(values);
      }
      case 'waits': {
        const { values } = parseArgs({
          args: rest,
          options: {
            preset: { type: 'string', default: 'cynosdb' },
            seeds: text,
            seconds: text,
            quota: text,
            aim: text,
            workers: text,
            json: text,
          },
        });
        return await runWaits(values);
      }
      case 'says': {
        const { values } = parseArgs({
          args: rest,
          options: {
            preset: { type: 'string', default: 'cynosdb' },
            seeds: text,
            seconds: text,
            tape: text,
          },
        });
        return await runSaysCommand(values);
      }
      case 'compare': {
        const { values } = parseArgs({
          args: rest,
          options: {
            fault: { type: 'string', default: 'killWriter' },
            load: { type: 'string', default: 'transfers' },
            seed: { type: 'string', default: '7' },
            json: flag,
            tape: text,
          },
        });
        return await compare(values);
      }
      case 'lesson': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { tape: flag },
        });
        const name = onlyOne(positionals, 'lesson takes one lesson');
        return await runLesson(name, values);
      }
      default:
        throw new UsageError(command === undefined ? 'a command is missing' : `unknown command ${command}`);
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !isArgumentError(error)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return exitCodes.usage;
  }
}

function onlyOne(positionals: readonly string[], usage: string): string {
  const [first] = positionals;
  if (first === undefined || positionals.length > 1) throw new UsageError(usage);
  return first;
}

class UsageError extends Error {}

const isArgumentError = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = exitCodes.harness;
  },
);
