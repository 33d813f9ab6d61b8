// `npm run types`: checks every TypeScript project, as many at once as there are cores; prints all errors, fails on any.
// What the keys of the words take is written first (scripts/words.mjs).
// `npm run types -- PATH…`: only these files or folders, with their tests and what they import, under the options of their projects.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { writeWordTypes } from './words.mjs';

/** @typedef {{references: {path: string}[], include: string[]}} Config */

/** @type {(path: string) => Config} */
const readConfig = (path) => JSON.parse(readFileSync(path, 'utf8'));

// The order is tsconfig.json's, which names the longest first.
const projects = readConfig('tsconfig.json').references.map(({ path }) => path);
const compiler = join('node_modules', 'typescript', 'bin', 'tsc');

/**
 * In one thread: several over one project check a part of it each, and much of it twice.
 * @param {string} path
 * @returns {Promise<{printed: string, isGreen: boolean}>}
 */
async function check(path) {
  const args = [compiler, '-p', path, '--pretty', 'false', '--singleThreaded'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { printed: out + err, isGreen: code === 0 };
}

const isTest = (/** @type {string} */ path) => /\.test\.tsx?$/.test(path);

const isIn = (/** @type {string} */ path, /** @type {string[]} */ folders) =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** @type {(folder: string) => string[]} */
const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => /\.(tsx?|mjs)$/.test(file));

/**
 * A configuration for each project that has files under these paths. Beside them it takes the files that add to open types (messages,
 * events), in the project's folders and in those below them all.
 * @param {string[]} paths
 */
function narrowed(paths) {
  const folder = resolve('node_modules', '.cache', 'postdb-lab', `types-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const asked = paths.flatMap((path) => (/\.\w+$/.test(path) ? [path] : filesUnder(path)));
  const plainFolders = (/** @type {Config} */ { include }) => include.filter((one) => !one.includes('*'));
  const common = plainFolders(readConfig('tsconfig.core.json'));
  // The screen's sources are checked in one program with their tests: it is the largest, and in two all below it would be checked twice.
  const screen = plainFolders(readConfig('tsconfig.web.json'));
  const hasTests = asked.some(isTest);
  const declaring = filesUnder('src').filter(
    (file) =>
      !isTest(file) &&
      (file.endsWith('.d.ts') || /^declare (module|global)/m.test(readFileSync(file, 'utf8'))),
  );
  return projects.flatMap((project) => {
    const config = readConfig(project);
    const own = plainFolders(config);
    const takesTests = config.include.some((one) => one.includes('.test.'));
    const files = asked.filter((file) =>
      isTest(file) || (hasTests && isIn(file, screen)) ? takesTests : isIn(file, own),
    );
    if (files.length === 0) return [];
    const isOfScreen = files.some((file) => /^(src\/(ui|state|lab|cli)|e2e|bench|scripts)\//.test(file));
    const beside = declaring.filter((file) => isOfScreen || isIn(file, [...common, ...own]));
    const path = join(folder, project);
    const all = [...files, ...beside].map((file) => resolve(file));
    writeFileSync(path, JSON.stringify({ extends: resolve(project), files: all, include: [] }));
    return [path];
  });
}

writeWordTypes();
const paths = process.argv.slice(2).map((path) => path.replace(/\/+$/, ''));
const asked = paths.length === 0 ? projects : narrowed(paths);
const waiting = [...asked];
let failed = 0;
async function checkInTurn() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { printed, isGreen } = await check(next);
    process.stdout.write(printed);
    if (!isGreen) failed += 1;
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, checkInTurn));
if (asked.length === 0) console.error('No TypeScript project has files there.');
if (failed > 0) console.error(`${failed} of ${asked.length} TypeScript projects have errors.`);
process.exitCode = failed > 0 || asked.length === 0 ? 1 : 0;
