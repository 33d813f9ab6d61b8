// The lessons of the library: src/lessons/library/x.json, with its words beside it in x.en.json and x.zh.json. Put together, each is a
// lesson file (docs/lessons.md) and a module that is loaded by itself; the list of them has only what a menu shows. Both are made when
// the page, a test or a command is built, so that a lesson is three files and nothing else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'src', 'lessons', 'library');
/** The order in which they are best taken; a lesson that it does not name comes after those that it names. */
const orderFile = join(root, 'src', 'lessons', 'order.json');

/** What catalogue.ts and load-lesson.ts import. */
const LIST = 'virtual:lesson-entries';
const LIBRARY = 'virtual:lesson-library';
const ONE = 'virtual:lesson/';

/** @param {string} path */
const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error}`);
  }
};

/** @param {string} name of the file, `h01` */
const filesOf = (name) => ['json', 'en.json', 'zh.json'].map((ending) => join(folder, `${name}.${ending}`));

/** @returns {string[]} the lessons by the names of their files */
export const lessonNames = () =>
  readdirSync(folder)
    .flatMap((file) => /^([^.]+)\.json$/.exec(file)?.[1] ?? [])
    .sort();

/**
 * The lesson file of three. Words that are not there are missing in it: a test says so.
 * @param {string} name
 * @returns {Record<string, any>}
 */
export function lessonData(name) {
  const [own = '', en = '', zh = ''] = filesOf(name);
  const { $schema, ...lesson } = readJson(own);
  return {
    ...lesson,
    words: { en: existsSync(en) ? readJson(en) : {}, zh: existsSync(zh) ? readJson(zh) : {} },
  };
}

/** What the list of lessons shows, in its order. */
function entries() {
  /** @type {string[]} */
  const order = readJson(orderFile);
  const found = lessonNames().map((name) => {
    const { id, level, minutes, start, words } = lessonData(name);
    const both = (/** @type {string} */ key) => ({ en: words.en[key] ?? id, zh: words.zh[key] ?? id });
    return {
      id,
      title: both('title'),
      topic: both('topic'),
      level,
      minutes,
      preset: typeof start.cluster === 'string' ? start.cluster : null,
    };
  });
  const place = (/** @type {string} */ id) => (order.includes(id) ? order.indexOf(id) : order.length);
  return found.sort((a, b) => place(a.id) - place(b.id));
}

/** @param {string} id @returns {string | null} the module, null: it is none of these */
export function lessonModule(id) {
  if (id === LIST) return `export const entries = ${JSON.stringify(entries())};`;
  if (id === LIBRARY) {
    const loaders = lessonNames().map(
      (name) => `${JSON.stringify(lessonData(name).id)}: () => import(${JSON.stringify(ONE + name)})`,
    );
    return `export const lessons = { ${loaders.join(', ')} };`;
  }
  return id.startsWith(ONE) ? `export default ${JSON.stringify(lessonData(id.slice(ONE.length)))};` : null;
}

/** @returns {import('vite').Plugin} */
export const lessons = () => ({
  name: 'postdb-lab:lessons',
  enforce: 'pre',
  resolveId: { filter: { id: /^virtual:lesson/ }, handler: (id) => `\0${id}` },
  load: {
    filter: { id: /^\0virtual:lesson/ },
    handler(id) {
      const name = id.slice(1 + ONE.length);
      const files = id.startsWith(`\0${ONE}`)
        ? filesOf(name)
        : [orderFile, ...lessonNames().flatMap(filesOf)];
      for (const file of files) this.addWatchFile(file);
      return lessonModule(id.slice(1));
    },
  },
});
