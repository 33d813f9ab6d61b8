// Files of words, lessons and presets, where Node itself loads modules of the screen: in the journeys, which name faults as the menus do and know
// a lesson's steps.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lessonModule } from './lessons.mjs';
import { presetModule } from './presets.mjs';
import { catalogue, moduleOf } from './words.mjs';

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  if (!/^virtual:(?:lesson|preset)/.test(specifier)) return next(specifier, context);
  return { url: specifier, shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  const made = lessonModule(url) ?? presetModule(url);
  if (made !== null) return { format: 'module', source: made, shortCircuit: true };
  if (!/\/src\/words\/.*\.(?:en|zh)\.json$/.test(url)) return next(url, context);
  const source = moduleOf(fileURLToPath(url), pathToFileURL(catalogue).href);
  return { format: 'module', source, shortCircuit: true };
}
