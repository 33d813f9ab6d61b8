// The presets: src/presets/<architecture>/<name>.cluster, the lines of a cluster (docs/spec/presets.md). The page's first load has their
// names and what a list or a link asks of them; their text is loaded where one is started. Both are made when the page, a test or a
// command is built, so that a preset is one file.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = join(resolve(import.meta.dirname, '..'), 'src', 'presets');
/** The order in which they are offered; a preset that it does not name comes after those of its architecture that it names. */
const orderFile = join(folder, 'order.json');

const NAMES = 'virtual:preset-names';
const FILES = 'virtual:preset-files';

const presetFiles = () => {
  /** @type {string[]} */
  const order = JSON.parse(readFileSync(orderFile, 'utf8'));
  const place = (/** @type {string} */ name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: architecture }) =>
      readdirSync(join(folder, architecture))
        .filter((file) => file.endsWith('.cluster'))
        .map((file) => {
          const path = join(folder, architecture, file);
          const name = file.slice(0, -'.cluster'.length);
          // comments are for who reads the file
          const text = readFileSync(path, 'utf8').replaceAll(/^#.*\n/gm, '');
          return { name, architecture, path, text };
        }),
    )
    .sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1));
};

/** @param {string} id @returns {string | null} the module, null: it is none of these */
export function presetModule(id) {
  if (id === NAMES) {
    const names = presetFiles().map(({ name, architecture, text }) => ({
      name,
      architecture,
      isHidden: /^hidden$/m.test(text),
      seed: Number(/^seed (\d+)$/m.exec(text)?.[1] ?? 1),
    }));
    return `export const names = ${JSON.stringify(names)};`;
  }
  if (id !== FILES) return null;
  const files = Object.fromEntries(presetFiles().map(({ name, text }) => [name, text]));
  return `export const files = ${JSON.stringify(files)};`;
}

/** @returns {import('vite').Plugin} */
export const presets = () => ({
  name: 'postdb-lab:presets',
  enforce: 'pre',
  resolveId: { filter: { id: /^virtual:preset/ }, handler: (id) => `\0${id}` },
  load: {
    filter: { id: /^\0virtual:preset/ },
    handler(id) {
      for (const { path } of presetFiles()) this.addWatchFile(path);
      return presetModule(id.slice(1));
    },
  },
});
