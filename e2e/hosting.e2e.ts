// The build works from any static host and sub-path, and its policy holds with and without headers.
import type { Page } from '@playwright/test';
import { securityHeaders } from '../scripts/security-headers.mjs';
import { expect, test } from './support/lab-fixture.ts';
import { query, waitForLive } from './support/lab-page.ts';

async function insertInlineScript(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineScriptRan = true';
    document.head.append(script);
    return Reflect.get(window, 'inlineScriptRan');
  });
}

test('the served preview sends every header, and refuses an inline script', async ({ lab }) => {
  const page = lab.page();
  const response = await page.goto(lab.address);
  const sent = response?.headers() ?? {};
  for (const [name, value] of Object.entries(securityHeaders)) expect(sent[name.toLowerCase()]).toBe(value);
  await expect(page.getByText('store-1').first()).toBeVisible();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  lab.complaints.expect(/inline/);
  expect(await insertInlineScript(page)).toBeUndefined();
});

test('a static host without headers, under a sub-path, shows the lab; the page brings its own policy', async ({
  lab,
  hostBuild,
}) => {
  const address = await hostBuild('/teaching/databases/');
  const page = lab.page();
  const missing: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) missing.push(response.url());
  });
  await page.goto(address);
  await waitForLive(page);
  // Parsed, run and answered: every part that a statement needs was found under the sub-path.
  await query(page, 'create table notes(id int primary key)');
  expect(await query(page, 'select count(*) from notes')).toEqual([['0']]);
  expect(missing).toEqual([]);
  lab.complaints.expect(/inline/);
  expect(await insertInlineScript(page)).toBeUndefined();
});
