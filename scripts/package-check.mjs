// The file that `npm pack` makes, as somebody has it who has nothing else: installed without a network into an empty folder, its example
// type-checked and run, a cluster served by `npx`, asked by node-postgres and psycopg, and the recorded run played again.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';

const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-package-'));
const room = join(folder, 'room');
mkdirSync(room);
let failures = 0;

/**
 * @param {string} what
 * @param {boolean} isGood
 * @param {string} [shown]
 */
function check(what, isGood, shown = '') {
  if (!isGood) failures++;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${what}${isGood || shown === '' ? '' : `\n${shown}`}`);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} cwd
 */
function run(program, args, cwd = room) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 600_000 });
  return { isGood: status === 0, out: `${stdout}${stderr}` };
}

/** @param {string} tape */
async function serveByNpx(tape) {
  const server = spawn('npx', ['--no-install', 'postdb-lab', 'serve', '--port', '0', '--record', tape], {
    cwd: room,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = new Promise((done) => server.once('exit', done));
  for (let i = 0; i < 600 && !said.includes('databases:') && server.exitCode === null; i++)
    await new Promise((done) => setTimeout(done, 50));
  const address = /postgresql:\S+/.exec(said)?.[0] ?? '';
  check('npx postdb-lab serve says its address', address !== '', said);
  try {
    if (address !== '') await ask(address);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
    await ended;
  }
}

/** @param {string} address */
async function ask(address) {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  await client.query("call lab.crash('store-3')");
  const { rows } = await client.query("select node from lab.nodes where status = 'down'");
  check(
    'node-postgres: a fault and a view',
    JSON.stringify(rows) === '[{"node":"store-3"}]',
    JSON.stringify(rows),
  );
  await client.end();
  const python = '/usr/bin/python3';
  if (!run(python, ['-c', 'import psycopg']).isGood) console.log('skipped: python3-psycopg is not installed');
  else {
    const { isGood, out } = run(python, [
      join('node_modules', 'postdb-lab', 'examples', 'transfer.py'),
      address,
    ]);
    check('the example in Python', isGood && out.startsWith('08007') && out.includes('it was made'), out);
  }
}

try {
  const packed = run('npm', ['pack', '--pack-destination', folder], process.cwd());
  const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  check('npm pack', packed.isGood && file !== undefined, packed.out);
  writeFileSync(join(room, 'package.json'), '{ "name": "room", "private": true, "type": "module" }\n');
  const options = ['--offline', '--cache', join(folder, 'cache'), '--no-audit', '--no-fund'];
  const installed = run('npm', ['install', ...options, join(folder, file ?? '')]);
  check('it installs without a network', installed.isGood, installed.out);

  // What the application and its test have of their own.
  for (const name of ['pg', 'vitest', '@types/pg', '@types/node']) {
    const target = join(room, 'node_modules', name);
    mkdirSync(join(target, '..'), { recursive: true });
    symlinkSync(resolve('node_modules', name), target, 'dir');
  }
  cpSync(join(room, 'node_modules', 'postdb-lab', 'examples'), room, { recursive: true });
  const strict =
    '--noEmit --strict --module nodenext --target es2023 --allowImportingTsExtensions --types node';
  const compiler = resolve('node_modules', 'typescript', 'bin', 'tsc');
  const typed = run(process.execPath, [compiler, ...strict.split(' '), 'transfer.test.ts']);
  check('the example type-checks against the types of the package', typed.isGood, typed.out);
  const tested = run(process.execPath, [resolve('node_modules', 'vitest', 'vitest.mjs'), 'run']);
  check('the example: the wrong one is found, the right one passes', tested.isGood, tested.out);
  console.log(`     ${/Duration .*/.exec(tested.out)?.[0] ?? ''}`);

  const tape = join(folder, 'run.tape');
  await serveByNpx(tape);
  const replay = run('npx', ['--no-install', 'postdb-lab', 'run', tape]);
  check(
    'npx postdb-lab run: the same hash',
    replay.isGood && replay.out.includes('as on the tape'),
    replay.out,
  );
  const wrong = run('npx', ['--no-install', 'postdb-lab', 'serve', '--pace', 'soon']);
  check('a wrong option is said', !wrong.isGood && wrong.out.includes('--pace soon'), wrong.out);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
