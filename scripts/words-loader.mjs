// Files of words where Node itself loads modules of the screen: in the journeys, which name faults as the menus do.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { catalogue, moduleOf } from './words.mjs';

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/\/src\/words\/.*\.(?:en|zh)\.json$/.test(url)) return next(url, context);
  const source = moduleOf(fileURLToPath(url), pathToFileURL(catalogue).href);
  return { format: 'module', source, shortCircuit: true };
}
