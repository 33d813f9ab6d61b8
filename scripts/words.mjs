// The words of the screen: src/words/<area>.{en,zh}.json, ICU messages by key. They are compiled when the page, a test or a
// command is built, so that no parser is loaded. The types of the keys
// (src/words/types.ts) are written from them by `npm ci` and `npm run types`: they are not kept in the repository.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import compile from 'icu-minify/compile';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'src', 'words');
const typesFile = join(folder, 'types.ts');
/** What takes a module's words in. */
export const catalogue = join(root, 'src', 'ui', 'i18n', 'texts.ts');
/** Its Chinese is loaded by who reads Chinese: the first load holds it not. */
const firstArea = 'first';

/** @typedef {'en' | 'zh'} Suffix */

/**
 * The messages of one file.
 * @param {string} path
 * @returns {Record<string, string>}
 */
const readWords = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** @returns {string[]} the areas, by their path in src/words */
const wordAreas = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.en.json'))
    .map((path) => path.replaceAll('\\', '/').slice(0, -'.en.json'.length))
    .sort();

/** @param {string} area @param {Suffix} suffix */
const wordFile = (area, suffix) => join(folder, `${area}.${suffix}.json`);

/** @returns {{area: string, en: Record<string, string>, zh: Record<string, string>}[]} every area with its messages */
export const wordFiles = () =>
  wordAreas().map((area) => ({
    area,
    en: readWords(wordFile(area, 'en')),
    zh: readWords(wordFile(area, 'zh')),
  }));

/** @param {Suffix} suffix @returns {ReadonlyMap<string, string>} every message of a language by its key */
export const wordsIn = (suffix) => new Map(wordFiles().flatMap((file) => Object.entries(file[suffix])));

/**
 * @param {string} path
 * @returns {string} a statement that adds its words
 */
function addition(path) {
  const compiled = Object.entries(readWords(path)).map(([key, message]) => {
    try {
      return [key, compile(message)];
    } catch (error) {
      throw new Error(`${relative(root, path)}: ${key}: ${message}: ${error}`);
    }
  });
  const language = path.endsWith('.zh.json') ? 'zh-CN' : 'en';
  return `addWords('${language}', ${JSON.stringify(Object.fromEntries(compiled))});`;
}

/** @param {string} path @returns {string[]} what its import adds */
const filesOf = (path) =>
  relative(folder, path).startsWith(`${firstArea}.`)
    ? [path]
    : [path, path.replace(/\.en\.json$/, '.zh.json')];

/**
 * The module that stands for a file of words.
 * @param {string} path
 * @param {string} to where the catalogue is imported from
 */
export const moduleOf = (path, to) =>
  [`import { addWords } from ${JSON.stringify(to)};`, ...filesOf(path).map(addition)].join('\n');

/**
 * `import './card.en.json'` adds an area's words to the catalogue, in English and 中文; of the first area each language by itself.
 * @returns {import('vite').Plugin}
 */
export const words = () => ({
  name: 'postdb-lab:words',
  enforce: 'pre',
  resolveId: {
    filter: { id: /\.(?:en|zh)\.json$/ },
    handler(id, importer) {
      const path = id.startsWith('.') ? resolve(dirname(importer ?? root), id) : resolve(root, `.${id}`);
      // Without its ending, by which JSON is recognised.
      const name = relative(folder, path).replaceAll('\\', '/').slice(0, -'.json'.length);
      return path.startsWith(folder) ? `\0words:${name}` : null;
    },
  },
  load: {
    filter: { id: /^\0words:/ },
    handler(id) {
      const path = join(folder, `${id.slice('\0words:'.length)}.json`);
      for (const file of filesOf(path)) this.addWatchFile(file);
      return moduleOf(path, catalogue);
    },
  },
});

/** The parts of a compiled message: `[name]`, `[name, 2, {one, other}]` (a plural) and words. @typedef {string | number | object} Part */

/**
 * The arguments of a compiled message, each with its type.
 * @param {unknown} part
 * @param {Map<string, 'number' | 'Value'>} found
 */
function collectArguments(part, found) {
  if (!Array.isArray(part)) return;
  for (const each of part) {
    if (!Array.isArray(each)) continue;
    const [name, type, branches] = each;
    if (type === undefined) found.set(name, found.get(name) ?? 'Value');
    else if (type === 2) {
      found.set(name, 'number');
      for (const branch of Object.values(branches)) collectArguments(branch, found);
    } else throw new Error(`only {name} and {name, plural, …} are known here, and this is neither: ${each}`);
  }
}

/** @param {string} message @returns {ReadonlyMap<string, 'number' | 'Value'>} */
export function argumentsOf(message) {
  /** @type {Map<string, 'number' | 'Value'>} */
  const found = new Map();
  collectArguments(compile(message), found);
  return found;
}

/** @returns {string} src/words/types.ts as it is to be */
function wordTypes() {
  const areas = wordAreas();
  const withArguments = areas
    .flatMap((area) => Object.entries(readWords(wordFile(area, 'en'))))
    .flatMap(([key, message]) => {
      const fields = [...argumentsOf(message)].map(([name, type]) => `${name}: ${type}`).sort();
      return fields.length === 0 ? [] : [`  '${key}': { ${fields.join('; ')} };`];
    })
    .sort();
  const files = areas.map((area) => `  typeof import('./${area}.en.json')`);
  return `// Written by \`node scripts/words.mjs\` from the English files: every key, and what a message takes.

type Value = string | number;

/** Every key there is, whichever area it is of. */
export type WordKey = keyof (${files.join(' &\n').trimStart()});

/** What the messages take that take anything. */
export interface WordArguments {
${withArguments.join('\n')}
}
`;
}

export const writeWordTypes = () => {
  const wanted = wordTypes();
  if (!existsSync(typesFile) || readFileSync(typesFile, 'utf8') !== wanted) writeFileSync(typesFile, wanted);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeWordTypes();
