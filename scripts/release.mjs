// A release from one tag: holds the tag, package.json, the lock file, the engine and the newest heading of CHANGELOG.md against each
// other, then makes what is published: the package, the built page, their SHA-256 sums and the notes. `--dry-run` makes all of it without
// a tag, on whatever stands in the folder. The workflow `release` publishes what this has made; it does nothing else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';

const heading = /^## (\S+), engine (\S+)$/m;

/**
 * @typedef {{version: string, engine: string, notes: string}} Entry
 * @typedef {{tag: string, version: string, lockVersion: string, engine: string, changelog: string}} Told
 */

/**
 * The newest entry; null: there is none by its form.
 * @param {string} changelog
 * @returns {Entry | null}
 */
export function newestEntry(changelog) {
  const [, version, engine] = heading.exec(changelog) ?? [];
  if (version === undefined || engine === undefined) return null;
  const [, rest = ''] = changelog.split(/^## .*$/m);
  return { version, engine, notes: rest.trim() };
}

/**
 * What does not fit, each with what it is held against.
 * @param {Told} told
 * @returns {string[]}
 */
export function faultsOf({ tag, version, lockVersion, engine, changelog }) {
  const newest = newestEntry(changelog);
  const held = /** @type {const} */ ([
    ['the tag', tag, `v${version}`],
    ['package-lock.json', lockVersion, version],
    ['the newest heading of CHANGELOG.md', newest?.version, version],
    ['the engine of that heading', newest?.engine, engine],
  ]);
  const faults = held
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what} is ${found ?? 'missing'}, not ${wanted}`);
  if (newest?.notes === '') faults.push('CHANGELOG.md says nothing of this version');
  return faults;
}

/** As `sha256sum --check` reads it. @param {Record<string, Uint8Array>} files by name */
export const sumsOf = (files) =>
  Object.keys(files)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex')}  ${name}\n`,
    )
    .join('');

/** The same bytes for the same files. @param {string} folder */
export function zipOf(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const mtime = new Date(1980, 0, 1);
  const files = paths.map((path) => [path.slice(folder.length + 1).replaceAll(sep, '/'), readFileSync(path)]);
  return zipSync(Object.fromEntries(files), { level: 9, mtime });
}

export const engineOfSource = () =>
  /^export const ENGINE = '(.+)';$/m.exec(readFileSync(join('src', 'sim', 'engine.ts'), 'utf8'))?.[1] ?? '';

/** @returns {Omit<Told, 'tag'>} */
export function readTold() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  return { version, lockVersion: lock.packages[''].version, engine: engineOfSource(), changelog };
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? status}`);
  return stdout.trim();
}

/** What keeps a tag from being released: something that is not in it. @param {string} tag */
function faultsOfTree(tag) {
  const faults = [];
  if (run('git', ['status', '--porcelain']) !== '') faults.push('something is not committed');
  if (run('git', ['rev-parse', 'HEAD']) !== run('git', ['rev-list', '-n', '1', tag]))
    faults.push(`${tag} is another commit`);
  return faults;
}

/** @param {string} version @param {string} folder */
function make(version, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(process.execPath, [join('scripts', 'build.mjs')]);
  const page = `postdb-lab-${version}-page.zip`;
  writeFileSync(join(folder, page), zipOf('dist'));
  run('npm', ['pack', '--pack-destination', folder]);
  const names = readdirSync(folder);
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  writeFileSync(join(folder, 'SHA256SUMS'), sumsOf(files));
}

function main() {
  const { values } = parseArgs({
    options: {
      tag: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      out: { type: 'string', default: 'release' },
    },
  });
  const told = readTold();
  const isDry = values['dry-run'];
  if (!isDry && values.tag === undefined) throw new Error('--tag vX.Y.Z, or --dry-run');
  const tag = values.tag ?? `v${told.version}`;
  const faults = [...faultsOf({ ...told, tag }), ...(isDry ? [] : faultsOfTree(tag))];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  make(told.version, values.out);
  const notes = newestEntry(told.changelog)?.notes ?? '';
  // Beside the folder: what is published is all that lies in it.
  writeFileSync(`${values.out}-notes.md`, `Engine ${told.engine}\n\n${notes}\n`);
  console.log(`${tag}, engine ${told.engine}, in ${values.out}:`);
  console.log(readFileSync(join(values.out, 'SHA256SUMS'), 'utf8').trimEnd());
  if (isDry) console.log('a dry run: nothing is tagged or published');
}

if (import.meta.filename === process.argv[1])
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
