// `node scripts/icons.mjs`: draws the icons of the installed lab from public/favicon.svg, once it has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ensureBrowser, launchFlags } from './browser.mjs';

const folder = 'public';
const svg = readFileSync(join(folder, 'favicon.svg'), 'utf8');
const ground = /<rect[^>]*fill="(#[0-9A-F]{6})"/i.exec(svg)?.[1];
if (ground === undefined) throw new Error('favicon.svg has no ground to fill the corners with');

/**
 * `isCut`: the system cuts a shape of its own out of it, so the ground reaches every corner and the drawing stays within the
 * circle of four fifths that is never cut.
 */
const icons = [
  { name: 'icon-192.png', size: 192, isCut: false },
  { name: 'icon-512.png', size: 512, isCut: false },
  { name: 'icon-maskable-512.png', size: 512, isCut: true },
  { name: 'apple-touch-icon.png', size: 180, isCut: true },
];

const browser = await chromium.launch({ executablePath: ensureBrowser(), headless: true, args: launchFlags });
const page = await browser.newPage();
for (const { name, size, isCut } of icons) {
  await page.setViewportSize({ width: size, height: size });
  const inner = isCut ? Math.round(size * 0.8) : size;
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${isCut ? ground : 'transparent'}">
      <img style="width:${inner}px;height:${inner}px" src="data:image/svg+xml,${encodeURIComponent(svg)}">`,
  );
  await page.waitForFunction(() => document.images[0]?.complete === true);
  writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }));
}
await browser.close();
