// The command `postdb-lab` of the package: the lab in a browser, or, with the name of a command, what needs none (src/cli/package-main.ts).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../src/cli/package-main.ts';
import { OPEN_ARGUMENTS, openLab, withPgPort } from './open-lab.mjs';

const OPEN_USAGE = `usage:
  postdb-lab [--port 4173] [--no-open] [--pg [5433]] [--host ADDRESS --reachable-by-others]
      serves the lab on 127.0.0.1 and opens it in a browser; --pg: clients of PostgreSQL's protocol reach the open lab there
`;

const args = process.argv.slice(2);
const [first] = args;
const isLab = first === undefined || (first.startsWith('--') && !['--help', '--version'].includes(first));
/** The built lab lies beside this command, once it is packed. */
const labFolder = join(import.meta.dirname, 'lab');

/** Read where the package lies: it is packed with it. */
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));

process.exitCode = await runCommand(args, { usage: OPEN_USAGE, version }, isLab ? openIt : null);

function openIt() {
  return openLab(parseArgs({ args: withPgPort(args), options: OPEN_ARGUMENTS }).values, labFolder);
}
