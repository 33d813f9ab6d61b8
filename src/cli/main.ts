// `npm run sim -- …`: the lab without a browser. Exit codes: 0 all well, 1 a rule was violated (or hashes differ),
// 2 the command line or a tape is wrong, 70 the harness itself failed.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { clusterOfFile } from './cluster-option.ts';
import { compare } from './compare.ts';
import { docs } from './doc-tables.ts';
import { digests } from './event-digest.ts';
import { type ExitCode, exitCodes, isArgumentError } from './exit-codes.ts';
import { runFates } from './fates.ts';
import { fsckTape } from './fsck.ts';
import { fuzz } from './fuzz.ts';
import { GRADE_ARGUMENTS, grade } from './grade.ts';
import { CampaignLeft, QueueRefused } from './jobs/pool.ts';
import { merge } from './merge.ts';
import { runMutants } from './mutants.ts';
import { openPool } from './open-pool.ts';
import { runLesson } from './run-lesson.ts';
import { RUN_ARGUMENTS, runTape } from './run-tape.ts';
import { runSaysCommand, SAYS_ARGUMENTS } from './says.ts';
import { SERVE_ARGUMENTS, serve } from './serve.ts';
import { SWEEP_ARGUMENTS, sweep } from './sweep.ts';
import { USAGE } from './usage.ts';
import { runWaits } from './waits.ts';

function printFreshTape(name: string, seedText: string | undefined): ExitCode {
  const seed = seedText === undefined ? null : Number(seedText);
  if (seed !== null && !Number.isSafeInteger(seed)) {
    console.error(`--seed ${seedText} is not a whole number`);
    return exitCodes.usage;
  }
  const said = existsSync(name) ? clusterOfFile(name) : ({ ok: true, said: name } as const);
  const tape = said.ok ? freshTape(presets, said.said, seed) : said;
  if ('error' in tape) {
    console.error(tape.error);
    return exitCodes.usage;
  }
  process.stdout.write(printTape(tapes, tape));
  return exitCodes.ok;
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [command, ...rest] = argv;
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const pool = { queue: text, campaign: text, workers: text };
  try {
    switch (command) {
      case 'run': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: RUN_ARGUMENTS,
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
        const name = onlyOne(positionals, 'tape takes one preset or cluster');
        return printFreshTape(name, values.seed);
      }
      case 'sweep': {
        const { values } = parseArgs({ args: rest, options: { ...SWEEP_ARGUMENTS, ...pool } });
        return await sweep(values, openPool, 'npm run sim --');
      }
      case 'digests': {
        const { values } = parseArgs({ args: rest, options: { write: flag } });
        return await digests(values);
      }
      case 'docs': {
        const { values } = parseArgs({ args: rest, options: { write: flag } });
        return await docs(values);
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
            ...pool,
            save: text,
          },
        });
        return await runFates(values);
      }
      case 'fuzz': {
        const { values } = parseArgs({
          args: rest,
          options: { inputs: text, seed: text, seeds: text, ...pool },
        });
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
            ...pool,
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
            ...pool,
            json: text,
          },
        });
        return await runWaits(values);
      }
      case 'says': {
        const { values } = parseArgs({ args: rest, options: { ...SAYS_ARGUMENTS, ...pool } });
        return await runSaysCommand(values, openPool);
      }
      case 'merge': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { json: text },
        });
        return merge(positionals, values);
      }
      case 'worker': {
        const options = { queue: text, workers: text, browser: flag, idle: text };
        const { values } = parseArgs({ args: rest, options });
        // What speaks with a queue is loaded by what needs it.
        const { runWorker } = await import('./queue/worker.ts');
        return await runWorker(values);
      }
      case 'campaign': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: { queue: text },
        });
        const { campaignCommand } = await import('./queue/campaign-commands.ts');
        return await campaignCommand(positionals, values, main);
      }
      case 'serve': {
        const { values } = parseArgs({ args: rest, options: SERVE_ARGUMENTS });
        return await serve(values);
      }
      case 'grade': {
        const { values, positionals } = parseArgs({
          args: rest,
          allowPositionals: true,
          options: GRADE_ARGUMENTS,
        });
        return await grade(positionals, values);
      }
      case 'compare': {
        const { values } = parseArgs({
          args: rest,
          options: {
            fault: { type: 'string', default: 'killWriter' },
            load: { type: 'string', default: 'transfers' },
            seed: { type: 'string', default: '7' },
            column: { ...text, multiple: true },
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
          options: { tape: flag, fact: { ...text, multiple: true }, view: { ...text, multiple: true } },
        });
        const name = onlyOne(positionals, 'lesson takes one lesson');
        return await runLesson(name, {
          tape: values.tape,
          facts: values.fact ?? [],
          views: values.view ?? [],
        });
      }
      default:
        throw new UsageError(command === undefined ? 'a command is missing' : `unknown command ${command}`);
    }
  } catch (error) {
    if (error instanceof QueueRefused) {
      console.error(error.message);
      return exitCodes.usage;
    }
    // The pool has said why, and how to go on.
    if (error instanceof CampaignLeft) return exitCodes.harness;
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

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exitCode = exitCodes.harness;
  },
);
