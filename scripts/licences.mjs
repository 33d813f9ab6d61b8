// Notices of other people's code in what ships: which packages end in a bundle is what the bundler reports of its modules, for the page, each
// worker and the service worker, and for the package the closure of what goes along. What may not be shipped fails the build by its name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const licencesFile = 'licences.txt';

/** A licence that lets an unchanged copy be shipped beside code under MIT with its notice, and (EPL, MPL) with the address of its source. */
export const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'EPL-2.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'OFL-1.1',
  'Unlicense',
  'Zlib',
]);

/** In the styles and typefaces: they are no modules when a bundle is written. */
const WITHOUT_MODULE = ['tailwindcss', 'inter-ui', '@fontsource-variable/jetbrains-mono'];

/** Programs that packages carry compiled, without saying so in their own texts: files of scripts/licences. */
const COMPILED_IN = /** @type {Record<string, readonly string[]>} */ ({
  'libpg-query': ['libpg_query', 'postgresql'],
  '@electric-sql/pglite': ['postgresql'],
});

/** What a bundler puts in by itself. */
const HELPERS = /** @type {const} */ ([
  ['\0vite/', 'vite'],
  ['\0rolldown/', 'rolldown'],
]);

/**
 * @typedef {{name: string, version: string, licence: string, source: string, texts: readonly string[], inside: readonly string[]}} Notice
 * @typedef {{name: string, version: string, license?: unknown, licenses?: unknown, author?: unknown, repository?: unknown, homepage?: string, dependencies?: Record<string, string>}} Manifest
 */

/**
 * @param {string} folder
 * @returns {Manifest | null} null: this is no package's own folder
 */
function manifestOf(folder) {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return null;
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest.name === 'string' && typeof manifest.version === 'string' ? manifest : null;
}

/**
 * The folder of the package that a module is of; null: a module of the lab itself.
 * @param {string} id as the bundler names the module
 * @param {string} root
 */
export function packageOfModule(id, root = process.cwd()) {
  const [, helper] = HELPERS.find(([prefix]) => id.startsWith(prefix)) ?? [];
  if (helper !== undefined) return join(root, 'node_modules', helper);
  const [path = ''] = id.replace(/^\0/, '').split('?');
  if (!/[\\/]node_modules[\\/]/.test(path)) return null;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (manifestOf(folder) !== null) return folder;
  throw new Error(`${id} is of no package`);
}

/** @param {Manifest} manifest */
function licenceOf({ license, licenses }) {
  const said = license ?? (Array.isArray(licenses) ? licenses[0] : undefined);
  const type = typeof said === 'object' && said !== null && 'type' in said ? said.type : said;
  return typeof type === 'string' ? type : 'none';
}

/**
 * Of an SPDX expression: one side of OR is enough, both of AND are needed.
 * @param {string} expression
 */
export const isAllowed = (expression) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(/ or /i)
    .some((side) => side.split(/ and /i).every((one) => ALLOWED.has(one.trim())));

/** @param {Manifest} manifest */
function sourceOf({ name, version, repository, homepage }) {
  const said =
    typeof repository === 'object' && repository !== null && 'url' in repository
      ? repository.url
      : repository;
  const address = String(said ?? homepage ?? '')
    .replace(/^git\+/, '')
    .replace(/\.git$/, '');
  if (/^[\w-]+\/[\w.-]+$/.test(address)) return `https://github.com/${address}`;
  return /^https?:/.test(address) ? address : `npm package ${name}@${version}`;
}

const textsFolder = join(import.meta.dirname, 'licences');

/** @param {string} name */
const ownText = (name) => readFileSync(join(textsFolder, `${name}.txt`), 'utf8').trim();

/** @param {Manifest} manifest */
function authorOf({ name, author }) {
  const said = typeof author === 'object' && author !== null && 'name' in author ? author.name : author;
  return typeof said === 'string' ? said : `the authors of ${name}`;
}

/**
 * @param {string} folder of a package
 * @returns {Notice}
 */
export function noticeOf(folder) {
  const manifest = manifestOf(folder);
  if (manifest === null) throw new Error(`${folder} is no package`);
  const files = readdirSync(folder).filter((name) =>
    /^(?:licen[cs]e|copying|notice|ofl|copyright)/i.test(name),
  );
  const texts = files.sort().map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const { name, version } = manifest;
  const licence = licenceOf(manifest);
  // The one licence that packages are found under which carry no text.
  if (texts.length === 0 && licence === 'MIT')
    texts.push(`Copyright (c) ${authorOf(manifest)}\n\n${ownText('mit')}`);
  const inside = (COMPILED_IN[name] ?? []).map((part) => `It carries, compiled:\n\n${ownText(part)}`);
  return { name, version, licence, source: sourceOf(manifest), texts, inside };
}

/**
 * Names what may not be shipped, or gives the file.
 * @param {string} what it is of
 * @param {Iterable<string>} folders of packages
 */
export function licencesOf(what, folders) {
  const byName = new Map(
    [...folders].map((folder) => noticeOf(folder)).map((one) => [`${one.name} ${one.version}`, one]),
  );
  const notices = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const refused = notices.filter(({ licence, texts }) => !isAllowed(licence) || texts.length === 0);
  if (refused.length > 0)
    throw new Error(
      `${what}: may not be shipped, by its licence or for want of its text: ${refused.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(', ')}. What may: scripts/licences.mjs`,
    );
  const rule = '-'.repeat(80);
  const parts = notices.map(
    ({ name, version, licence, source, texts, inside }) =>
      `${rule}\n${name} ${version}\nLicence: ${licence}\nSource: ${source}\n\n${[...texts, ...inside].join('\n\n')}\n`,
  );
  const own = readFileSync('LICENSE', 'utf8').trim();
  return `PostDB Lab\n\n${own}\n\n${rule}\nWhat ${what} carries of others, ${notices.length} packages:\n${notices.map(({ name, version, licence }) => `  ${name} ${version}, ${licence}`).join('\n')}\n\n${parts.join('\n')}`;
}

/**
 * Packages by the modules of every bundle that a build writes.
 * @param {string} what
 */
export function collectLicences(what) {
  /** @type {Set<string>} */
  const folders = new Set();
  return {
    /**
     * For each bundle, that of a worker, too.
     * @returns {import('vite').Plugin}
     */
    ofBundle: () => ({
      name: 'postdb-lab:modules-of-bundle',
      apply: 'build',
      generateBundle(_options, bundle) {
        for (const chunk of Object.values(bundle))
          for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
            const folder = packageOfModule(id);
            if (folder !== null) folders.add(folder);
          }
      },
    }),
    /** @param {Iterable<string>} [more] folders of packages */
    text: (more = []) => licencesOf(what, [...folders, ...more]),
  };
}

export const stylesPackages = () => WITHOUT_MODULE.map((name) => join('node_modules', name));

/**
 * Folders of packages and of all that they need, as an installation has them.
 * @param {readonly string[]} names
 * @param {string} from the folder whose packages they are
 * @returns {Set<string>}
 */
export function closureOf(names, from = process.cwd()) {
  /** @type {Set<string>} */
  const found = new Set();
  /** @type {(name: string, from: string) => void} */
  const add = (name, of) => {
    let folder = of;
    while (manifestOf(join(folder, 'node_modules', name)) === null) {
      if (folder === dirname(folder)) throw new Error(`${name} is not installed for ${of}`);
      folder = dirname(folder);
    }
    const own = join(folder, 'node_modules', name);
    if (found.has(own)) return;
    found.add(own);
    for (const needed of Object.keys(manifestOf(own)?.dependencies ?? {})) add(needed, own);
  };
  for (const name of names) add(name, from);
  return found;
}
