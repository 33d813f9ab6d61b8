// A site of several builds: the newest at its top, each older one below it, 0.20.0 in `v/0-20-0/`, so that a link or a file of an older engine opens
// with that (src/lab/engine-place.ts) for as long as its folder lies there.
//   node scripts/site.mjs --out site dist release/postdb-lab-0.1.0-page.zip 0.19.0=older-dist
// The newest first; a build is a folder or the file of a release. Of one that does not say its engine (engines.json) it stands before it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { unzipSync } from 'fflate';

const enginesFile = 'engines.json';
const headersFile = '_headers';
const isEngine = (/** @type {unknown} */ name) => typeof name === 'string' && /^\d+\.\d+\.\d+$/.test(name);

/** Without dots: `serve` takes what stands behind one for a file's ending, and lists the folder. @param {string} engine */
export const folderOf = (engine) => `v/${engine.replaceAll('.', '-')}`;

/** @typedef {{folder: string, engine: string}} Build */

/**
 * The files of a release's page in a folder.
 * @param {string} path
 * @param {string} folder
 */
function unpack(path, folder) {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
    const target = normalize(join(folder, name));
    if (!target.startsWith(folder + sep)) throw new Error(`${path}: ${name} lies outside`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  return folder;
}

/**
 * @param {string} said `FOLDER`, `FILE.zip`, or one of these behind `ENGINE=`
 * @param {string} temporary
 * @returns {Build}
 */
function readBuild(said, temporary) {
  const [, given, path = said] = /^(\d+\.\d+\.\d+)=(.+)$/.exec(said) ?? [];
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  const folder = statSync(path).isDirectory() ? path : unpack(path, mkdtempSync(join(temporary, 'build-')));
  if (!existsSync(join(folder, 'index.html'))) throw new Error(`${path} is no build: it has no index.html`);
  const engines = join(folder, enginesFile);
  const own = existsSync(engines) ? JSON.parse(readFileSync(engines, 'utf8')).newest : undefined;
  const engine = own ?? given;
  if (!isEngine(engine)) throw new Error(`${path} does not say its engine: ENGINE=${path}`);
  if (given !== undefined && given !== engine)
    throw new Error(`${path} is of engine ${engine}, not ${given}`);
  return { folder, engine };
}

/**
 * What the older build says of its own files, of its folder.
 * @param {string} headers
 * @param {string} engine
 */
export const headersBelow = (headers, engine) =>
  headers
    .split(/^(?=\/)/m)
    .filter((block) => !block.startsWith('/*\n'))
    .map((block) => `/${folderOf(engine)}${block}`)
    .join('');

/**
 * @param {readonly string[]} builds the newest first
 * @param {string} out
 * @returns {{newest: string, kept: string[]}}
 */
export function putTogether(builds, out) {
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  const temporary = mkdtempSync(join(tmpdir(), 'postdb-lab-site-'));
  try {
    const [newest, ...older] = builds.map((said) => readBuild(said, temporary));
    if (newest === undefined) throw new Error('a site needs a build');
    const names = [newest, ...older].map(({ engine }) => engine);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new Error(`two builds are of engine ${twice}`);
    cpSync(newest.folder, out, { recursive: true });
    const headers = [];
    for (const { folder, engine } of older) {
      const target = join(out, folderOf(engine));
      cpSync(folder, target, { recursive: true });
      const own = join(target, headersFile);
      if (existsSync(own)) headers.push(headersBelow(readFileSync(own, 'utf8'), engine));
      // Only the newest opens without a network; hosts read one file of headers, at the top.
      for (const name of ['sw.js', headersFile, 'v'])
        rmSync(join(target, name), { recursive: true, force: true });
    }
    const top = join(out, headersFile);
    if (existsSync(top)) writeFileSync(top, readFileSync(top, 'utf8') + headers.join(''));
    const site = { newest: newest.engine, kept: older.map(({ engine }) => engine) };
    writeFileSync(join(out, enginesFile), `${JSON.stringify(site)}\n`);
    return site;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1])
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string', default: 'site' } },
    });
    const { newest, kept } = putTogether(positionals, values.out);
    console.log(`${values.out}: engine ${newest}${kept.map((engine) => `, ${folderOf(engine)}/`).join('')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
