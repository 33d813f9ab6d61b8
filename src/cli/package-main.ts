// `npx postdb-lab …`: the command of the package, for whoever has not the sources of the lab.

import { parseArgs } from 'node:util';
import { type ExitCode, exitCodes, isArgumentError } from './exit-codes.ts';
import { RUN_ARGUMENTS, runTape } from './run-tape.ts';
import { SERVE_ARGUMENTS, serve } from './serve.ts';

const USAGE = `usage:
  postdb-lab serve [--preset PRESET | --tape FILE] [--seed N] [--port 5433] [--pace asked|hold|max|1|SLOWDOWN] [--record FILE]
      a cluster behind an address of PostgreSQL's protocol on 127.0.0.1; --record writes its tape when it is ended
  postdb-lab run TAPE [--until MS] [--hash] [--trace FILE] [--history FILE] [--json]
      plays a tape again under all monitors`;

async function main([command, ...args]: readonly string[]): Promise<ExitCode> {
  switch (command) {
    case 'serve':
      return serve(parseArgs({ args, options: SERVE_ARGUMENTS }).values);
    case 'run': {
      const { values, positionals } = parseArgs({ args, allowPositionals: true, options: RUN_ARGUMENTS });
      const [tape, ...others] = positionals;
      if (tape === undefined || others.length > 0) break;
      return runTape(tape, values);
    }
    case '--help':
    case 'help':
      console.log(USAGE);
      return exitCodes.ok;
    default:
  }
  console.error(USAGE);
  return exitCodes.usage;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(isArgumentError(error) ? `${error.message}\n\n${USAGE}` : error);
    process.exitCode = isArgumentError(error) ? exitCodes.usage : exitCodes.harness;
  },
);
