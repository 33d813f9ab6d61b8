// Stages of a test command (`npm test`, `npm run deep`): every one runs even when an earlier one failed, each prints its
// wall time, and the last line is `N passed, N failed` over all of them: what reports its tests counts them, the rest one each.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countStage } from './count-reports.mjs';

const reportFolder = join('node_modules', '.cache', 'postdb-lab', 'reports');
/** A log is read as text: no colours unless somebody watches. */
const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };

/**
 * @typedef {import('./count-reports.mjs').Count} Count
 * @typedef {{name: string, command: string[], report?: 'vitest' | 'playwright' | 'sweep', needs?: string,
 *   env?: Record<string, string>}} Stage
 * @typedef {Count & {name: string, seconds: number}} Outcome
 */

/** @param {string} name */
export const reportPath = (name) => join(reportFolder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`);

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
 * @param {number} limitMs
 * @returns {Promise<boolean>} whether it ended with exit code 0
 */
function runStage({ name, command, env }, limitMs) {
  const [program = 'node', ...args] = command;
  const { file, first } = findProgram(program);
  return new Promise((resolve) => {
    const child = spawn(file, [...first, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...plainOutput, ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(name) },
      timeout: limitMs,
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

/**
 * @param {Outcome} outcome
 * @param {number} nameWidth
 */
export function formatOutcome({ name, passed, failed, skipped, seconds }, nameWidth) {
  const state = failed === 0 ? 'ok  ' : 'FAIL';
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${state} ${name.padEnd(nameWidth)} ${seconds.toFixed(1).padStart(7)} s   ${passed} passed, ${failed} failed${skips}`;
}

/**
 * Runs the stages in their order and sets the exit code.
 * @param {Stage[]} stages
 * @param {number} limitMs for each of them
 * @returns {Promise<Outcome[]>}
 */
export async function runStages(stages, limitMs) {
  for (const { name } of stages) rmSync(reportPath(name), { force: true });
  mkdirSync(reportFolder, { recursive: true });
  const nameWidth = Math.max(...stages.map(({ name }) => name.length));
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const stage of stages) {
    const startedAt = performance.now();
    const isBlocked = outcomes.some((earlier) => earlier.name === stage.needs && earlier.failed > 0);
    console.log(`\n== ${stage.name}${isBlocked ? `: not run, because ${stage.needs} failed` : ''}`);
    const isGreen = !isBlocked && (await runStage(stage, limitMs));
    const seconds = (performance.now() - startedAt) / 1000;
    const report = stage.report === undefined ? undefined : readReport(reportPath(stage.name));
    const outcome = { name: stage.name, seconds, ...countStage(stage.report, report, isGreen) };
    outcomes.push(outcome);
    console.log(formatOutcome(outcome, nameWidth));
  }
  printWhole(outcomes);
  return outcomes;
}

/**
 * Every stage in a line, and the last line over all of them; sets the exit code.
 * @param {readonly Outcome[]} outcomes
 */
export function printWhole(outcomes) {
  const nameWidth = Math.max(...outcomes.map(({ name }) => name.length));
  const sum = (/** @type {keyof Count | 'seconds'} */ key) =>
    outcomes.reduce((total, one) => total + one[key], 0);
  console.log(`\n== all stages, ${(sum('seconds') / 60).toFixed(1)} min`);
  for (const outcome of outcomes) console.log(formatOutcome(outcome, nameWidth));
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
