// A site of two engines as its readers find it: an older build, made of these sources with another name and one delay changed, lies below
// the newest on three static servers. A link, a file, an embed and a saved run of the older open in its folder, and the link comes to
// the hash that the older engine makes of it headless; one of an engine that is not kept says so.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { deflateSync } from 'fflate';
import { ensureBrowser, launchFlags } from './browser.mjs';
import { commonHosts, serveCommonly } from './common-hosts.mjs';
import { engineOfSource } from './release.mjs';
import { folderOf, putTogether } from './site.mjs';

const OLDER = '0.0.9';
const GONE = '0.0.1';
/** Until where the link plays, virtual ms. */
const END_MS = 60;
const WAIT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'postdb-lab-two-engines-'));
const older = join(folder, 'older');
const newest = engineOfSource();
let failures = 0;

/**
 * @param {string} what
 * @param {boolean} isGood
 * @param {unknown} [shown]
 */
function check(what, isGood, shown = '') {
  if (!isGood) failures++;
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${what}${isGood ? '' : `\n${shown}`}`);
}

/**
 * @param {string} cwd
 * @param {string[]} args
 */
function node(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

/**
 * @param {string} path
 * @param {string} from
 * @param {string} to
 */
function change(path, from, to) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/** The sources as they are, but for their engine's name and how long an acknowledged write is on its way. */
function makeOlder() {
  mkdirSync(older);
  const sources = [
    'src',
    'scripts',
    'public',
    'docs',
    'index.html',
    'embed.html',
    'vite.config.ts',
    'LICENSE',
  ];
  const settings = readdirSync('.').filter((name) => /^(?:package|tsconfig).*\.json$/.test(name));
  for (const name of [...sources, ...settings]) cpSync(name, join(older, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(older, 'node_modules'), 'dir');
  change(join(older, 'src', 'sim', 'engine.ts'), `'${newest}'`, `'${OLDER}'`);
  const delay = "['linkBaseUs', 'µs', [50, MINUTE_US], [1000, ";
  change(join(older, 'src', 'presets', 'parameters.ts'), `${delay}300`, `${delay}700`);
  node(older, join('scripts', 'build.mjs'));
}

/**
 * What the engine of these sources makes of the tape.
 * @param {string} sources
 * @param {string} tape
 */
function hashOf(sources, tape) {
  const path = join(folder, 'link.tape');
  writeFileSync(path, tape);
  const { hash } = JSON.parse(
    node(sources, join('scripts', 'sim.mjs'), 'run', path, '--until', String(END_MS), '--json'),
  );
  return String(hash);
}

/** A tape of the older engine, with its end and the hash there. */
function makeTape() {
  const fresh = node(older, join('scripts', 'sim.mjs'), 'tape', 'cynosdb', '--seed', '7');
  const lines = '20.000 cut rw-1 | store-3 for 6 ms\n40.000 crash store-2\n';
  const hash = hashOf(older, `${fresh}${lines}`);
  check('the newest engine would play it otherwise', hashOf('.', `${fresh}${lines}`) !== hash);
  return { tape: `${fresh.replace(/\n\n/, `\nend ${END_MS}.000 ${hash}\n\n`)}${lines}`, hash };
}

/** @param {string} tape */
const packed = (tape) =>
  `1.${Buffer.from(deflateSync(new TextEncoder().encode(tape), { level: 9 })).toString('base64url')}`;

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const runState = (page) => page.getByRole('status', { name: 'run state' });

/**
 * @param {Page} page
 * @param {string} engine
 */
const isIn = (page, engine) => new URL(page.url()).pathname.endsWith(`/${folderOf(engine)}/`);

/**
 * @param {Page} page
 * @param {string} hash
 */
async function playsTo(page, hash) {
  await runState(page).filter({ hasText: 'REPLAY' }).waitFor({ timeout: WAIT_MS });
  await page.evaluate("lab.setSpeed('max')");
  for (let i = 0; i < 400; i++) {
    const digest = await page.evaluate('lab.endDigest()');
    if (/** @type {{hash: string}} */ (digest).hash === hash) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

/**
 * @param {Page} page
 * @param {string} address
 * @param {{tape: string, hash: string}} made
 */
async function openLink(page, address, { tape, hash }) {
  await page.goto(`${address}#/lab&r=${packed(tape)}`);
  await page.waitForURL(`**/${folderOf(OLDER)}/#**`, { timeout: WAIT_MS });
  check('a link of the older opens in its folder, and comes to its own hash', await playsTo(page, hash));
  const banner = await page.getByText('The replay differs from the recording').count();
  check('nothing says that it is another run', banner === 0);
}

/**
 * @param {Page} page
 * @param {string} address
 * @param {string} tape
 */
async function openGone(page, address, tape) {
  await page.goto('about:blank');
  await page.goto(`${address}#/lab&r=${packed(tape.replace(OLDER, GONE).replace(/^end .*\n/m, ''))}`);
  const said = page.getByText(`This was recorded with engine ${GONE}, which is not kept on this site.`);
  await said.waitFor({ timeout: WAIT_MS });
  check('a link of an engine that is not kept opens here, and says so', !isIn(page, GONE));
}

/**
 * @param {Page} page
 * @param {string} address
 * @param {string} tape
 */
async function openFile(page, address, tape) {
  await page.goto('about:blank');
  await page.goto(`${address}?storage=memory`);
  await runState(page).filter({ hasText: 'LIVE' }).waitFor({ timeout: WAIT_MS });
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Open a tape …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Open a tape' });
  await dialog.getByLabel('or paste its text').fill(tape);
  const opened = page.waitForEvent('popup');
  await dialog.getByRole('button', { name: `Open with engine ${OLDER}` }).click();
  const there = await opened;
  await runState(there).filter({ hasText: 'REPLAY' }).waitFor({ timeout: WAIT_MS });
  check('a file of the older is opened in its folder', isIn(there, OLDER), there.url());
  await there.close();
}

/**
 * @param {Page} page
 * @param {string} address
 * @param {string} tape
 */
async function openEmbed(page, address, tape) {
  await page.goto('about:blank');
  await page.goto(`${address}embed.html#v=1&show=map&at=10&lang=en&r=${packed(tape)}`);
  await page.waitForURL(`**/${folderOf(OLDER)}/embed*`, { timeout: WAIT_MS });
  await page.getByRole('group', { name: /^store-1, / }).waitFor({ timeout: WAIT_MS });
  check('an embed of the older moves, in its folder', true);
}

/**
 * @param {Page} page
 * @param {string} address
 */
async function openSaved(page, address) {
  const sql = (/** @type {string} */ text) =>
    page.evaluate(`lab.sql('check', ${JSON.stringify(text)}, { runToReply: true })`);
  const isLive = () => runState(page).filter({ hasText: 'LIVE' }).waitFor({ timeout: WAIT_MS });
  await page.goto('about:blank');
  await page.goto(`${address}${folderOf(OLDER)}/`);
  await isLive();
  await sql('create table kept_here (id int primary key)');
  await sql('insert into kept_here values (76)');
  await page.goto('about:blank');
  await page.goto(address);
  const refused = page.getByRole('dialog', { name: 'The saved run could not be opened' });
  await refused.getByRole('button', { name: `Open it with engine ${OLDER}` }).click({ timeout: WAIT_MS });
  await page.waitForURL(`**/${folderOf(OLDER)}/**`, { timeout: WAIT_MS });
  await isLive();
  const answer = JSON.stringify(await sql('select id from kept_here'));
  check('a saved run of the older goes on in its folder, with its rows', answer.includes('"76"'), answer);
  const answered = await page.evaluate(
    'navigator.serviceWorker.getRegistration().then((one) => one?.scope ?? "")',
  );
  check('no service worker but the newest’s', !String(answered).includes('/v/'), answered);
}

try {
  makeOlder();
  const made = makeTape();
  const site = join(folder, 'site');
  putTogether(['dist', join(older, 'dist')], site);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: launchFlags });
  try {
    for (const host of commonHosts) {
      console.log(`\n${host}, under /teaching/lab/`);
      const server = await serveCommonly(host, 'teaching/lab', site);
      const context = await browser.newContext();
      const page = await context.newPage();
      await openLink(page, server.address, made);
      if (host === 'sirv-cli') {
        await openGone(page, server.address, made.tape);
        await openFile(page, server.address, made.tape);
      }
      await openEmbed(page, server.address, made.tape);
      if (host === 'sirv-cli') await openSaved(page, server.address);
      await context.close();
      await server.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures > 0 ? 1 : 0;
