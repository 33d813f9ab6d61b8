// `npm run shots -- [DIR] [--only 1920-dark-en,wide-zh] [--state hole] [--from pcs-log] [--pictures 1280-dark]`: every lens and state of the running app at
// eight widths, in both themes and both languages, and by a finger on four devices. A visit reaches each state once and shows it in all its
// faces, each measured for what has no room (room.mjs); axe looks at it in the first, in both themes. A face that `--pictures` names (`all`: each) is
// photographed, any other where something was found: `1920-dark-en-lens-wal-hole.png`. `--from`: begins with a state that starts a run.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { seriousFindings, setTheme } from './axe.mjs';
import { openLab, settle, withPage } from './lab-page.mjs';
import { findFreePort, servePreview } from './preview.mjs';
import { roomFaults, roomFaultsBelow, wearLetters } from './room.mjs';
import { visits } from './shot-faces.mjs';
import { states } from './shot-states.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./shot-faces.mjs').Face} Face */
/** @typedef {import('./shot-faces.mjs').Visit} Visit */
/** @typedef {import('./shot-states.mjs').State} State */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    state: { type: 'string' },
    from: { type: 'string' },
    pictures: { type: 'string', default: '1280-dark,640-light,touch-390,touch-820' },
    dist: { type: 'string' },
  },
});
const target = positionals[0] ?? join('test-results', 'shots');
/** For parts that are loaded on demand, and for what is laid out anew. */
const lazyMs = 500;
const layoutMs = 120;
const reachMs = 180_000;
/** Below this width the page is one column; px of its picture. */
const oneColumn = 1024;
const highest = 4000;

/** @type {(list: string, name: string) => boolean} */
const names = (list, name) => list.split(',').some((part) => name.includes(part));

/** Each state goes on from the one before, so those before a single one are reached without a look. */
const [first, last] = [values.from, values.state].map((named) => {
  const place = states.findIndex(({ name }) => name === named);
  if (named !== undefined && place === -1)
    throw new Error(`no state ${named}; there are ${states.map(({ name }) => name).join(', ')}`);
  return place === -1 ? undefined : place;
});
const wanted = states.slice(first, last === undefined ? undefined : last + 1);
const asked = visits.flatMap((visit) => {
  const { name, faces } = visit;
  const some = names(values.only, name) ? faces : faces.filter((face) => names(values.only, face.name));
  return some.length === 0 ? [] : [{ ...visit, faces: some }];
});
if (asked.length === 0) throw new Error(`--only ${values.only}: no face has this in its name`);

/** What was found, and in which faces of a state. @typedef {Map<string, string[]>} Findings */

const counts = { looks: 0, pictures: 0, findings: 0 };

/** A dialog may lie over the tabs, so the press is sent to them; a page of its own has none. @type {(page: Page, part: number) => Promise<void>} */
async function comeTo(page, part) {
  const tab = page.locator('.part-tabs [role=tab]').nth(part);
  if ((await tab.count()) > 0 && (await tab.getAttribute('aria-selected')) !== 'true')
    await tab.dispatchEvent('mousedown', { button: 0 });
}

/** @type {(page: Page, face: Face) => Promise<void>} */
async function wear(page, { width, height, theme, letters, part }) {
  await page.setViewportSize({ width, height });
  await wearLetters(page, letters);
  if (part !== undefined) await comeTo(page, part);
  await setTheme(page, theme);
  await page.mouse.move(width / 2, 0);
  await page.waitForTimeout(layoutMs);
  await settle(page);
}

/**
 * What has no room; looked at again where something was found that may still have been on its way. Boxes do not depend on the theme:
 * what is only seen when it is scrolled to is looked at in one of them.
 * @param {Page} page
 * @param {Face} face
 * @returns {Promise<readonly string[]>}
 */
async function look(page, { theme }) {
  const measured = theme === 'light' ? roomFaultsBelow : roomFaults;
  const found = await measured(page);
  if (found.length === 0) return found;
  await page.waitForTimeout(lazyMs);
  return measured(page);
}

/** Of the one column all of it, in a window as high as it is. @param {Page} page @param {Face} face @param {string} name */
async function photograph(page, face, name) {
  const { width } = face;
  const high = await page.evaluate(() => document.querySelector('.frame')?.scrollHeight ?? 0);
  const isColumn = width < oneColumn && high > face.height;
  if (isColumn) await wear(page, { ...face, height: Math.min(high, highest) });
  await page.screenshot({ path: join(target, `${face.name}-${name}.png`) });
  if (isColumn) await wear(page, face);
  counts.pictures++;
}

/** @param {Page} page @param {Visit} visit @param {State} state @param {Findings} findings */
async function lookAtFaces(page, { faces }, { name, atWidth }, findings) {
  let { width } = faces[0] ?? { width: 0 };
  for (const face of faces) {
    // What lies over the page lies over each part of a phone.
    if (atWidth !== undefined && (face.part ?? 0) > 0) continue;
    const isWider = face.width !== width;
    width = face.width;
    await wear(page, face);
    if (isWider && atWidth !== undefined) {
      await atWidth(page);
      await wear(page, face);
    }
    const faults = await look(page, face);
    counts.looks++;
    for (const fault of faults) findings.set(fault, [...(findings.get(fault) ?? []), face.name]);
    if (faults.length === 0 && values.pictures !== 'all' && !names(values.pictures, face.name)) continue;
    await photograph(page, face, name);
  }
}

/** What a run is waited for may never happen in it. @param {Promise<void>} reached */
const inTime = (reached) =>
  Promise.race([
    reached,
    new Promise((_resolve, reject) => {
      setTimeout(() => reject(new Error(`not within ${reachMs / 1000} s`)), reachMs).unref();
    }),
  ]);

/** @param {Visit} visit @param {string} name @param {Findings} findings */
function report({ name: visit }, name, findings) {
  console.log(`${visit} ${name}: ${findings.size === 0 ? 'all has room' : `${findings.size} findings`}`);
  for (const [finding, faces] of findings) console.error(`  ${name}: ${finding} (${faces.join(' ')})`);
  counts.findings += findings.size;
}

/** @param {string} address @param {Visit} visit */
async function visitAll(address, visit) {
  const [first] = visit.faces;
  if (first === undefined) return;
  const { width, height, theme } = first;
  const { locale, isTouch = false } = visit;
  await withPage({ viewport: { width, height }, theme, locale, isTouch }, async (page) => {
    /** @type {Findings} */
    let findings = new Map();
    page.on('pageerror', ({ message }) => findings.set(`page error: ${message}`, [visit.name]));
    await openLab(page, address);
    for (const state of wanted) {
      try {
        await wear(page, first);
        await inTime(state.reach(page));
        if (values.state === undefined || state.name === values.state) {
          await page.waitForTimeout(lazyMs);
          await lookAtFaces(page, visit, state, findings);
          await wear(page, first);
          await state.atWidth?.(page);
          for (const one of await seriousFindings(page)) findings.set(`axe, ${one}`, [first.name]);
        }
      } catch (error) {
        const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
        findings.set(`not reached: ${why}`, [visit.name]);
      }
      if (values.state === undefined || state.name === values.state || findings.size > 0)
        report(visit, state.name, findings);
      findings = new Map();
    }
  });
}

if (values.dist === undefined) await build({ logLevel: 'warn' });
const server = await servePreview({
  port: await findFreePort(),
  ...(values.dist === undefined ? {} : { outDir: values.dist }),
});
mkdirSync(target, { recursive: true });
try {
  for (const visit of asked) await visitAll(server.address, visit);
} finally {
  await server.close();
}
console.log(`${counts.looks} looks, ${counts.pictures} pictures, ${counts.findings} findings`);
if (counts.findings > 0) process.exitCode = 1;
