// Stages of a test command (`npm test`, `npm run deep`): every one runs even when an earlier one failed, each prints its
// wall time, and the last line is `N passed, N failed` over all of them: what reports its tests counts them, the rest one each.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countStage, journeysNotRun } from './count-reports.mjs';

const reportFolder = join('node_modules', '.cache', 'postdb-lab', 'reports');
/** A log is read as text: no colours unless somebody watches. */
const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };

/**
 * @typedef {import('./count-reports.mjs').Count} Count
 * @typedef {{name: string, command: string[], report?: 'vitest' | 'playwright' | 'sweep', needs?: string,
 *   env?: Record<string, string>}} Stage
 * @typedef {Count & {name: string, seconds: number, notRun?: readonly string[]}} Outcome
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
 * @param {boolean} isAlone prints as it goes on; one beside others prints once it has ended
 * @returns {Promise<boolean>} whether it ended with exit code 0
 */
function runStage({ name, command, env }, limitMs, isAlone) {
  const [program = 'node', ...args] = command;
  const { file, first } = findProgram(program);
  return new Promise((resolve) => {
    const out = isAlone ? 'inherit' : 'pipe';
    const child = spawn(file, [...first, ...args], {
      stdio: ['ignore', out, out],
      env: { ...process.env, ...plainOutput, ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath(name) },
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    /** @type {Buffer[]} */
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => printed.push(piece));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(printed));
      resolve(code === 0);
    });
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
 * Runs the stages in their order, those of a list beside each other, and sets the exit code.
 * @param {(Stage | Stage[])[]} stages
 * @param {number} limitMs for each of them
 * @returns {Promise<Outcome[]>}
 */
export async function runStages(stages, limitMs) {
  const all = stages.flat();
  for (const { name } of all) rmSync(reportPath(name), { force: true });
  mkdirSync(reportFolder, { recursive: true });
  const nameWidth = Math.max(...all.map(({ name }) => name.length));
  /** @type {Outcome[]} */
  const outcomes = [];
  const begunAt = performance.now();
  for (const next of stages) {
    const group = [next].flat();
    const ended = await Promise.all(
      group.map(async (stage) => {
        const startedAt = performance.now();
        const isBlocked = outcomes.some((earlier) => earlier.name === stage.needs && earlier.failed > 0);
        console.log(`\n== ${stage.name}${isBlocked ? `: not run, because ${stage.needs} failed` : ''}`);
        const isGreen = !isBlocked && (await runStage(stage, limitMs, group.length === 1));
        const seconds = (performance.now() - startedAt) / 1000;
        const report = stage.report === undefined ? undefined : readReport(reportPath(stage.name));
        const outcome = {
          name: stage.name,
          seconds,
          notRun: report === undefined ? [] : journeysNotRun(report),
          ...countStage(stage.report, report, isGreen),
        };
        console.log(formatOutcome(outcome, nameWidth));
        return outcome;
      }),
    );
    outcomes.push(...ended);
  }
  printWhole(outcomes, (performance.now() - begunAt) / 1000);
  return outcomes;
}

/**
 * Every stage in a line, and the last line over all of them; sets the exit code.
 * @param {readonly Outcome[]} outcomes
 * @param {number} seconds that all of them took together
 */
export function printWhole(outcomes, seconds) {
  const nameWidth = Math.max(...outcomes.map(({ name }) => name.length));
  const sum = (/** @type {keyof Count} */ key) => outcomes.reduce((total, one) => total + one[key], 0);
  console.log(`\n== all stages, ${(seconds / 60).toFixed(1)} min`);
  for (const outcome of outcomes) {
    console.log(formatOutcome(outcome, nameWidth));
    for (const line of outcome.notRun ?? []) console.log(`     ${line}`);
  }
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
