// The file that `npm pack` makes, as somebody has it who has nothing else: installed without a network into an empty folder on Node 20, 22
// and 24, each command once by `npx`, and taken out again without a trace. On the Node that runs this also its example, type-checked and
// run, the lab in Chromium, and psycopg.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import pg from 'pg';
import { ensureBrowser, launchFlags } from './browser.mjs';

/** What somebody waits for who has typed one line. */
const MEGABYTES_MAX = 12;

/** Beside the Node that runs this: npm's package `node` brings them. */
const OTHER_NODES = ['22', '24'];

const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-package-'));
/** What somebody's account has before: nothing. */
const home = join(folder, 'home');
mkdirSync(home);
const offline = ['--offline', '--cache', join(folder, 'cache'), '--no-audit', '--no-fund'];
let failures = 0;

/**
 * An empty folder, and the Node that is found there.
 * @typedef {{path: string, env: NodeJS.ProcessEnv, version: string}} Room
 */

/**
 * @param {string} bin folder of the Node
 * @returns {Room}
 */
function makeRoom(bin) {
  const env = { ...process.env, HOME: home, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const { stdout } = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' });
  const version = stdout.trim();
  const path = join(folder, `room-${version}`);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "name": "room", "private": true, "type": "module" }\n');
  return { path, env, version };
}

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
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [where]
 */
function run(program, args, where = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    ...where,
    encoding: 'utf8',
    timeout: 600_000,
  });
  return { status, isGood: status === 0, out: `${stdout}${stderr}` };
}

/**
 * @param {Room} room
 * @param {string} program
 * @param {string[]} args
 */
const runIn = ({ path, env }, program, ...args) => run(program, args, { cwd: path, env });

/**
 * @param {Room} room
 * @param {string[]} args
 */
const npx = (room, ...args) => runIn(room, 'npx', '--no-install', 'postdb-lab', ...args);

/**
 * A command of the package, until what it says has the address; ended afterwards.
 * @param {Room} room
 * @param {string[]} args
 * @param {string} lastWords after which it has said all
 * @param {RegExp} address
 * @param {(address: string) => Promise<void>} use
 */
async function byNpx(room, args, lastWords, address, use) {
  const server = spawn('npx', ['--no-install', 'postdb-lab', ...args], {
    cwd: room.path,
    env: room.env,
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
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
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
async function isPage(address) {
  const answer = await fetch(address);
  check('the page of the package is served', answer.ok && (await answer.text()).includes('<script'));
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
}

/**
 * @param {string} address
 * @param {Room} room
 */
function askInPython(address, room) {
  const python = '/usr/bin/python3';
  if (!runIn(room, python, '-c', 'import psycopg').isGood)
    console.log('skipped: python3-psycopg is not installed');
  else {
    const script = join('node_modules', 'postdb-lab', 'examples', 'transfer.py');
    const { isGood, out } = runIn(room, python, script, address);
    check('the example in Python', isGood && out.startsWith('08007') && out.includes('it was made'), out);
  }
}

/** @param {Room} room */
function tryExample(room) {
  // What the application and its test have of their own.
  for (const name of ['pg', 'vitest', '@types/pg', '@types/node']) {
    const target = join(room.path, 'node_modules', name);
    mkdirSync(join(target, '..'), { recursive: true });
    symlinkSync(resolve('node_modules', name), target, 'dir');
  }
  cpSync(join(room.path, 'node_modules', 'postdb-lab', 'examples'), room.path, { recursive: true });
  const strict =
    '--noEmit --strict --module nodenext --target es2023 --allowImportingTsExtensions --types node';
  const compiler = resolve('node_modules', 'typescript', 'bin', 'tsc');
  const typed = runIn(room, 'node', compiler, ...strict.split(' '), 'transfer.test.ts');
  check('the example type-checks against the types of the package', typed.isGood, typed.out);
  const tested = runIn(room, 'node', resolve('node_modules', 'vitest', 'vitest.mjs'), 'run');
  check('the example: the wrong one is found, the right one passes', tested.isGood, tested.out);
  console.log(`     ${/Duration .*/.exec(tested.out)?.[0] ?? ''}`);
}

/** @param {Room} room */
function tryTesting(room) {
  const script = `import { startCluster } from 'postdb-lab/testing';
    const cluster = await startCluster({ preset: 'cynosdb', seed: 1 });
    cluster.run(40);
    console.log(cluster.check().violations.length, cluster.tape().slice(0, 13));
    await cluster.stop();`;
  const { isGood, out } = runIn(room, 'node', '--input-type=module', '-e', script);
  check('postdb-lab/testing: a cluster, judged', isGood && out.startsWith('0 postdb-tape'), out);
}

/**
 * Each command once.
 * @param {Room} room
 * @param {(address: string) => Promise<void>} useClient
 * @param {(address: string) => Promise<void>} usePage
 */
async function tryCommands(room, useClient, usePage) {
  const tape = join(folder, `${room.version}.tape`);
  await byNpx(room, ['serve', '--port', '0', '--record', tape], 'databases:', /postgresql:\S+/, useClient);
  await byNpx(room, ['--no-open', '--port', '0'], 'Ctrl C', /http:\S+/, usePage);
  const replay = npx(room, 'run', tape);
  check('run: the same hash', replay.isGood && replay.out.includes('as on the tape'), replay.out);
  const swept = npx(room, 'sweep', '--seeds', '1..2', '--seconds', '1');
  check('sweep: two seeds', swept.isGood && swept.out.includes('2 seeds, 0 failed'), swept.out);
  // So few claims are not judged in full, which is its answer 1; one that is false is what must not be.
  const says = npx(room, 'says', '--tape', tape, '--quota', '1');
  check('says: no claim of the tape is false', /\d judged, 0 false/.test(says.out), says.out);
  const help = npx(room, 'help');
  check('help', help.isGood && help.out.includes('postdb-lab sweep'), help.out);
  const version = npx(room, '--version');
  check(
    '--version',
    version.isGood && /^\d+\.\d+\.\d+, engine \d+\.\d+\.\d+\n/.test(version.out),
    version.out,
  );
  const wrong = npx(room, 'serve', '--pace', 'soon');
  check('a wrong option is said', wrong.status === 2 && wrong.out.includes('--pace soon'), wrong.out);
  const others = npx(room, '--host', '0.0.0.0');
  check(
    'an address that others reach has to be meant',
    others.status === 2 && others.out.includes('--reachable-by-others'),
    others.out,
  );
}

/** @param {Room} room */
function takeOut(room) {
  const gone = runIn(room, 'npm', 'uninstall', ...offline, 'postdb-lab');
  const modules = join(room.path, 'node_modules');
  const left = ['', '.bin'].flatMap((sub) =>
    existsSync(join(modules, sub)) ? readdirSync(join(modules, sub)) : [],
  );
  const ofHome = readdirSync(home).filter((name) => name !== '.npm');
  const ofRoom = readdirSync(room.path).filter(
    (name) => !/^(?:package(?:-lock)?\.json|node_modules)$/.test(name),
  );
  const trace = [
    ...left.filter((name) => name.includes('postdb')),
    ...ofHome,
    ...ofRoom.filter((name) => !name.startsWith('transfer')),
  ];
  check('uninstalled without a trace', gone.isGood && trace.length === 0, `${trace.join()}${gone.out}`);
}

/**
 * The folders of the Nodes that can be had.
 * @returns {string[]}
 */
function otherNodes() {
  const path = join(folder, 'nodes');
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{ "private": true }\n');
  const wanted = OTHER_NODES.map((major) => `node${major}@npm:node@${major}`);
  const fetched = run('npm', ['install', '--no-audit', '--no-fund', ...wanted], { cwd: path });
  return OTHER_NODES.flatMap((major) => {
    const bin = join(path, 'node_modules', `node${major}`, 'bin');
    if (fetched.isGood && run(join(bin, 'node'), ['--version']).isGood) return [bin];
    console.log(`skipped: Node ${major} could not be had from the registry`);
    return [];
  });
}

try {
  const packed = run('npm', ['pack', '--pack-destination', folder]);
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'none.tgz');
  check('npm pack', packed.isGood && existsSync(file), packed.out);
  const megabytes = statSync(file).size / 1024 / 1024;
  check(`${megabytes.toFixed(1)} MB packed, of at most ${MEGABYTES_MAX}`, megabytes <= MEGABYTES_MAX);
  const own = dirname(process.execPath);
  for (const bin of [own, ...otherNodes()]) {
    const room = makeRoom(bin);
    console.log(`\nNode ${room.version}`);
    const installed = runIn(room, 'npm', 'install', ...offline, file);
    check('it installs without a network', installed.isGood, installed.out);
    tryTesting(room);
    if (bin === own) tryExample(room);
    const useClient = async (/** @type {string} */ address) => {
      await ask(address);
      if (bin === own) askInPython(address, room);
    };
    await tryCommands(room, useClient, bin === own ? look : isPage);
    takeOut(room);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
