// Finds, or fetches, the Chromium that tests, benches and pictures run in.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Quiet, reproducible, and allowed to run as root in a container. */
export const launchFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // An address that is no secure context, as a lecture's own is: browsers take `localhost` for one.
  '--host-resolver-rules=MAP plain-http.test 127.0.0.1',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A file of the right name may be a distribution's stub, or lack its libraries.
 * @param {string} path
 * @param {string} asked what it answers and ends at once
 */
function canStart(path, asked = '--version') {
  return spawnSync(path, [asked], { stdio: 'ignore', timeout: 300_000 }).status === 0;
}

/**
 * @param {readonly string[]} names of a program, the first that starts is taken
 * @param {string} [asked]
 * @returns {string | undefined} its path
 */
export function findProgram(names, asked) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      if (isExecutable(path) && canStart(path, asked)) return path;
    }
  }
  return undefined;
}

const findSystemChromium = () => findProgram(systemNames);

function findPlaywrightChromium() {
  const path = chromium.executablePath();
  return path && existsSync(path) && canStart(path) ? path : undefined;
}

function isRootOnDebian() {
  if (process.getuid?.() !== 0) return false;
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Output goes to stderr: stdout may belong to a script that prints a result.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  process.stderr.write(`$ ${command} ${args.join(' ')}\n`);
  const done = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    timeout: 1_800_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}

function installWithPlaywright() {
  return run(process.execPath, [join('node_modules', 'playwright', 'cli.js'), 'install', 'chromium']);
}

/**
 * Root on Debian only.
 * @param {readonly string[]} packages
 * @returns {boolean} whether they are installed now
 */
export const installPackages = (packages) =>
  isRootOnDebian() &&
  run('apt-get', ['update']) &&
  run('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);

/**
 * Named by POSTDB_LAB_CHROMIUM, else the system's, else Playwright's, else installed now.
 * @returns {string} the path of an executable Chromium
 */
export function ensureBrowser() {
  const named = process.env.POSTDB_LAB_CHROMIUM;
  if (named) {
    if (!isExecutable(named)) throw new Error(`POSTDB_LAB_CHROMIUM names ${named}, which cannot be executed`);
    return named;
  }
  const present = findSystemChromium() ?? findPlaywrightChromium();
  if (present) return present;
  if (installWithPlaywright()) {
    const installed = findPlaywrightChromium();
    if (installed) return installed;
  }
  if (installPackages(['chromium'])) {
    const installed = findSystemChromium();
    if (installed) return installed;
  }
  throw new Error('No Chromium found. Install one, or set POSTDB_LAB_CHROMIUM to its path.');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) console.log(ensureBrowser());
