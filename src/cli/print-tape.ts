// `sim tape`: a fresh tape of a preset, to be edited and run.

import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export function printFreshTape(preset: string, seedText: string | undefined): ExitCode {
  const seed = seedText === undefined ? null : Number(seedText);
  if (seed !== null && !Number.isSafeInteger(seed)) {
    console.error(`--seed ${seedText} is not a whole number`);
    return exitCodes.usage;
  }
  const tape = freshTape(preset, seed);
  if ('error' in tape) {
    console.error(tape.error);
    return exitCodes.usage;
  }
  process.stdout.write(printTape(tape));
  return exitCodes.ok;
}
