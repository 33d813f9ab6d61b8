// `npm run bench [-- --only P2,catch-up] [--json FILE]`: runs bench/*-bench.ts, prints one table.
// A measure that fails is reported and makes the exit code 1; a reach that is missed does not.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBrowser } from './browser.mjs';
import { bundleForNode } from './bundle.mjs';

/**
 * @typedef {import('../bench/harness.ts').Bench} Bench
 * @typedef {import('../bench/harness.ts').Row} Row
 */

const benchFolder = 'bench';

function readOptions() {
  try {
    const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
    return { jsonFile: values.json, only: values.only?.split(',').map((id) => id.trim().toUpperCase()) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('Usage: npm run bench -- [--only P2,P8] [--json FILE]');
    process.exit(2);
  }
}

/** Benches and their workers are bundled together, so that `new URL('./x-worker.mjs', import.meta.url)` holds. */
async function loadBenches() {
  const entries = readdirSync(benchFolder).filter((name) => /-(bench|worker)\.ts$/.test(name));
  const all = ['harness.ts', ...entries].map((name) => join(benchFolder, name));
  const folder = await bundleForNode('bench', all, ['src', benchFolder, 'scripts', 'e2e']);
  /** @param {string} name */
  const load = (name) => import(pathToFileURL(resolve(folder, name)).href);
  /** @type {Bench[]} */
  const benches = [];
  for (const name of entries.filter((entry) => entry.endsWith('-bench.ts')).sort()) {
    const module = await load(name.replace(/\.ts$/, '.mjs'));
    if (module.bench === undefined) throw new Error(`${benchFolder}/${name} exports no \`bench\``);
    benches.push(module.bench);
  }
  /** @type {typeof import('../bench/harness.ts')} */
  const harness = await load('harness.mjs');
  /** Those without a number come last. */
  const placeOf = (/** @type {Bench} */ { id }) =>
    Number(/^P(\d+)$/.exec(id)?.[1] ?? Number.MAX_SAFE_INTEGER);
  return { harness, benches: benches.sort((a, b) => placeOf(a) - placeOf(b)) };
}

/**
 * @param {Bench[]} benches
 * @param {string[] | undefined} only
 */
function choose(benches, only) {
  if (only === undefined) return benches;
  const unknown = only.filter((id) => !benches.some((bench) => bench.id === id));
  if (unknown.length === 0) return benches.filter((bench) => only.includes(bench.id));
  const known = [...new Set(benches.map((bench) => bench.id))].join(', ');
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${known}.`);
  process.exit(2);
}

/** @param {boolean} withBrowser */
function describeMachine(withBrowser) {
  const cores = os.cpus();
  const machine = {
    cores: os.availableParallelism(),
    processor: cores[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    node: process.version,
    browser: 'none',
  };
  if (!withBrowser) return machine;
  if (!existsSync('dist/index.html'))
    throw new Error('A browser bench needs dist/: run `npm run build` first.');
  const executablePath = ensureBrowser();
  process.env.POSTDB_LAB_CHROMIUM = executablePath;
  const version = execFileSync(executablePath, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return { ...machine, browser: version.trim() };
}

const { jsonFile, only } = readOptions();
const { harness, benches } = await loadBenches();
const chosen = choose(benches, only);
const machine = describeMachine(chosen.some((bench) => bench.needsBrowser === true));
console.log(
  Object.entries(machine)
    .map(([name, value]) => `${name}: ${value}`)
    .join('  ·  '),
);
/** @type {Row[]} */
const rows = [];
for (const bench of chosen) {
  process.stderr.write(`${bench.id} ${bench.title} …\n`);
  try {
    rows.push(...(await bench.run()));
  } catch (error) {
    console.error(`${bench.id} ${bench.title} failed:`, error);
    process.exitCode = 1;
  }
}
console.log(`\n${harness.formatTable(rows)}`);
if (jsonFile !== undefined) {
  writeFileSync(jsonFile, `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`);
}
