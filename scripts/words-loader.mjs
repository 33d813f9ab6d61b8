// Files of words, and lessons, where Node itself loads modules of the screen: in the journeys, which name faults as the menus do and know
// a lesson's steps.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lessonModule } from './lessons.mjs';
import { catalogue, moduleOf } from './words.mjs';

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith('virtual:lesson')) return next(specifier, context);
  return { url: specifier, shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const lesson = lessonModule(url);
  if (lesson !== null) return { format: 'module', source: lesson, shortCircuit: true };
  if (!/\/src\/words\/.*\.(?:en|zh)\.json$/.test(url)) return next(url, context);
  const source = moduleOf(fileURLToPath(url), pathToFileURL(catalogue).href);
  return { format: 'module', source, shortCircuit: true };
}
