// Which modules the product runs: those that its entries import, directly or by way of others. What only tests import is none of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const workersIn = (/** @type {string} */ folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('-worker.ts'))
    .map((name) => join(folder, name));

/** The pages, their workers, and the command line with its own. */
const entries = () => [
  join('src', 'main.tsx'),
  join('src', 'embed.ts'),
  join('src', 'cli', 'main.ts'),
  ...workersIn(join('src', 'host')),
  ...workersIn(join('src', 'cli')),
];

/** `import type` and `export type` run nothing; a worker's file is named by a URL. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'|\bnew URL\(\s*'(\.[^']+)'/g;

/** @param {string} file @returns {string[]} */
export const importsOf = (file) =>
  [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map(([, from, lazy, url]) => normalize(join(dirname(file), from ?? lazy ?? url ?? '')))
    .filter((path) => /\.tsx?$/.test(path) && existsSync(path));

const isSupport = (/** @type {string} */ file) =>
  /[.-](?:test|fixture)\.tsx?$/.test(file) || /[\\/]testing[\\/]/.test(file);

/** All that is imported from these. @param {readonly string[]} from @param {(file: string) => boolean} follows */
function closure(from, follows) {
  const seen = new Set(from);
  for (const file of seen) if (follows(file)) for (const next of importsOf(file)) seen.add(next);
  return seen;
}

export const productCode = () => closure(entries(), () => true);

/**
 * Whether a test runs a module of the product, imported by itself or by the support that it imports; one that imports no module at
 * all reads the sources.
 * @param {string} file @param {ReadonlySet<string>} product
 */
export function runsProduct(file, product) {
  const modules = [...closure([file], isSupport)].filter((one) => !isSupport(one));
  return modules.length === 0 || modules.some((one) => product.has(one));
}
