// `npm test`: every stage runs even when an earlier one failed; each prints its wall time. The last
// line is `N passed, N failed` over the whole run: test stages count their tests, the others one each.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countStage } from './count-reports.mjs';

const reportFolder = join('node_modules', '.cache', 'postdb-lab', 'reports');
const stageLimitMs = 15 * 60_000;
/** A log is read as text: no colours unless somebody watches. */
const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };

/**
 * @typedef {import('./count-reports.mjs').Count} Count
 * @typedef {{name: string, command: string[], report?: 'vitest' | 'playwright' | 'sweep', needs?: string}} Stage
 * @typedef {Count & {name: string, seconds: number}} Outcome
 */

/** @param {string} name */
const reportPath = (name) => join(reportFolder, `${name}.json`);

/**
 * @param {string} name
 * @param {string[]} chosen which config and projects
 * @returns {Stage}
 */
const vitestStage = (name, chosen) => ({
  name,
  report: 'vitest',
  command: [
    'vitest',
    'run',
    ...chosen,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${reportPath(name)}`,
  ],
});

/** @type {Stage[]} */
const stages = [
  { name: 'types', command: ['node', 'scripts/types.mjs'] },
  { name: 'lint', command: ['biome', 'check', '.'] },
  { name: 'knip', command: ['knip'] },
  vitestStage('unit', ['--project', 'engine', '--project', 'unit']),
  vitestStage('worlds', ['--config', 'scripts/worlds.config.mjs']),
  {
    // Random configuration, load and faults; as many seeds as fit, the same first ones every time.
    name: 'seeds',
    report: 'sweep',
    command: [
      'node',
      'scripts/sim.mjs',
      'sweep',
      ...['--preset', 'cynosdb', '--seeds', '1..2000', '--seconds', '30'],
      ...['--wall', '150', '--least', '40', '--json', reportPath('seeds')],
    ],
  },
  { name: 'build', command: ['node', 'scripts/build.mjs'] },
  {
    name: 'e2e',
    report: 'playwright',
    needs: 'build',
    command: ['playwright', 'test', '--reporter=list,json'],
  },
];

/**
 * Programs are started by their own script under node, without a shell.
 * @param {string} program
 */
function findProgram(program) {
  if (program === 'node') return { file: process.execPath, first: [] };
  const script = join('node_modules', '.bin', program);
  return process.platform === 'win32' ? { file: `${script}.cmd`, first: [] } : { file: script, first: [] };
}

/**
 * @param {Stage} stage
 * @returns {Promise<boolean>} whether it ended with exit code 0
 */
function runStage({ name, command }) {
  const [program = 'node', ...args] = command;
  const { file, first } = findProgram(program);
  return new Promise((resolve) => {
    const child = spawn(file, [...first, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...plainOutput, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(name) },
      timeout: stageLimitMs,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('exit', (code) => resolve(code === 0));
  });
}

/**
 * Which of the two it is, the stage says.
 * @param {string} path
 * @returns {import('./count-reports.mjs').Report | undefined}
 */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** @param {Outcome} outcome */
function formatOutcome({ name, passed, failed, skipped, seconds }) {
  const state = failed === 0 ? 'ok  ' : 'FAIL';
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${state} ${name.padEnd(7)} ${seconds.toFixed(1).padStart(7)} s   ${passed} passed, ${failed} failed${skips}`;
}

/** @returns {Promise<Outcome[]>} */
async function runAll() {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const stage of stages) {
    const startedAt = performance.now();
    const isBlocked = outcomes.some((earlier) => earlier.name === stage.needs && earlier.failed > 0);
    console.log(`\n== ${stage.name}${isBlocked ? `: not run, because ${stage.needs} failed` : ''}`);
    const isGreen = !isBlocked && (await runStage(stage));
    const seconds = (performance.now() - startedAt) / 1000;
    const report = stage.report === undefined ? undefined : readReport(reportPath(stage.name));
    const outcome = { name: stage.name, seconds, ...countStage(stage.report, report, isGreen) };
    outcomes.push(outcome);
    console.log(formatOutcome(outcome));
  }
  return outcomes;
}

rmSync(reportFolder, { recursive: true, force: true });
mkdirSync(reportFolder, { recursive: true });
const outcomes = await runAll();
const sum = (/** @type {keyof Count | 'seconds'} */ key) =>
  outcomes.reduce((total, one) => total + one[key], 0);
console.log(`\n== all stages, ${(sum('seconds') / 60).toFixed(1)} min`);
for (const outcome of outcomes) console.log(formatOutcome(outcome));
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
