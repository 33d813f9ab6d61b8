// Finds, or installs, the browsers beside Chromium that journeys run in: Firefox, and WebKit, of which WebKitGTK's MiniBrowser
// is nearest to Safari. `npm test` installs what is missing where it may, and says elsewhere what to do.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, installPackages } from './browser.mjs';

/** @typedef {'firefox' | 'webkit'} EngineName */

/** Debian's; Ubuntu's `firefox` is a stub that installs a snap. */
const packages = { firefox: ['firefox-esr'], webkit: ['webkit2gtk-driver', 'xvfb'] };

/** @returns {string | undefined} the path of a Firefox that starts */
export const findFirefox = () => process.env.POSTDB_LAB_FIREFOX ?? findProgram(['firefox-esr', 'firefox']);

function findMiniBrowser() {
  const libraries = ['/usr/lib', '/usr/libexec', '/usr/lib64'].filter((folder) => existsSync(folder));
  const folders = libraries.flatMap((library) => [
    library,
    ...readdirSync(library, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.endsWith('-linux-gnu'))
      .map(({ name }) => join(library, name)),
  ]);
  return folders
    .flatMap((folder) => ['4.1', '4.0'].map((api) => join(folder, `webkit2gtk-${api}`, 'MiniBrowser')))
    .find((path) => existsSync(path));
}

/** @returns {{driver: string, xvfb: string, browser: string} | undefined} */
export function findWebKit() {
  const driver = findProgram(['WebKitWebDriver'], '--help');
  const xvfb = findProgram(['Xvfb'], '-help');
  const browser = findMiniBrowser();
  return driver && xvfb && browser ? { driver, xvfb, browser } : undefined;
}

const finders = { firefox: findFirefox, webkit: findWebKit };

/** @param {EngineName} engine */
export const isInstalled = (engine) => finders[engine]() !== undefined;

/** @param {EngineName} engine */
export const howToInstall = (engine) =>
  `${engine} is not installed, so its journeys do not run. On Debian: apt-get install ${packages[engine].join(' ')}`;

/** Whoever sets it has journeys fail whose engine is missing; they are skipped otherwise. */
export const areAllDemanded = () => Boolean(process.env.POSTDB_LAB_ALL_ENGINES);

export function installEngines() {
  const names = /** @type {EngineName[]} */ (Object.keys(packages));
  const missing = names.filter((engine) => !isInstalled(engine));
  if (missing.length > 0) installPackages(missing.flatMap((engine) => packages[engine]));
}
