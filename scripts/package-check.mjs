// The file that `npm pack` makes, as somebody has it who has nothing else: installed without a network into an empty folder, its example
// type-checked and run, a cluster served by `npx`, asked by node-postgres and psycopg, and the recorded run played again.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import pg from 'pg';
import { ensureBrowser, launchFlags } from './browser.mjs';

/** What somebody waits for who has typed one line. */
const MEGABYTES_MAX = 12;

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

/**
 * A command of the package, until what it says has the address; ended afterwards.
 * @param {string[]} args
 * @param {string} lastWords after which it has said all
 * @param {RegExp} address
 * @param {(address: string) => Promise<void>} use
 */
async function byNpx(args, lastWords, address, use) {
  const server = spawn('npx', ['--no-install', 'postdb-lab', ...args], {
    cwd: room,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = new Promise((done) => server.once('exit', done));
  for (let i = 0; i < 600 && !said.includes(lastWords) && server.exitCode === null; i++)
    await new Promise((done) => setTimeout(done, 50));
  const found = address.exec(said)?.[0] ?? '';
  check(`npx postdb-lab ${args[0]} says its address`, found !== '', said);
  try {
    if (found !== '') await use(found);
  } finally {
    if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
    await ended;
  }
}

/**
 * The lab that the package carries, in a browser.
 * @param {string} address
 */
async function look(address) {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: launchFlags });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const wrong = [];
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on(
      'response',
      (answer) => answer.status() >= 400 && wrong.push(`${answer.status()} ${answer.url()}`),
    );
    await page.goto(address);
    const state = page.getByRole('status', { name: 'run state' }).filter({ hasText: 'LIVE' });
    await state.waitFor({ timeout: 120_000 });
    check(
      'the lab of the package is live in Chromium, without a complaint',
      wrong.length === 0,
      wrong.join('\n'),
    );
  } finally {
    await browser.close();
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
  const megabytes = statSync(join(folder, file ?? '')).size / 1024 / 1024;
  check(`${megabytes.toFixed(1)} MB packed, of at most ${MEGABYTES_MAX}`, megabytes <= MEGABYTES_MAX);
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
  await byNpx(['serve', '--port', '0', '--record', tape], 'databases:', /postgresql:\S+/, ask);
  await byNpx(['--no-open', '--port', '0'], 'Ctrl C', /http:\S+/, look);
  const replay = run('npx', ['--no-install', 'postdb-lab', 'run', tape]);
  check(
    'npx postdb-lab run: the same hash',
    replay.isGood && replay.out.includes('as on the tape'),
    replay.out,
  );
  const wrong = run('npx', ['--no-install', 'postdb-lab', 'serve', '--pace', 'soon']);
  check('a wrong option is said', !wrong.isGood && wrong.out.includes('--pace soon'), wrong.out);
  const others = run('npx', ['--no-install', 'postdb-lab', '--host', '0.0.0.0']);
  check(
    'an address that others reach has to be meant',
    !others.isGood && others.out.includes('--reachable-by-others'),
    others.out,
  );
  const gone = run('npm', ['uninstall', ...options, 'postdb-lab']);
  const left = readdirSync(join(room, 'node_modules')).filter((name) => /postdb|\.bin/.test(name));
  check('uninstalled without a trace', gone.isGood && !left.includes('postdb-lab'), left.join());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
