// Embeds in a page of another site: what they show, what they load, what they keep (nothing), and what the page around them keeps
// (its scroll, its keys). The lab itself is framed by nobody.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FrameLocator, Page } from '@playwright/test';
import { movingLimit } from '../scripts/initial-scripts.mjs';
import { encodeTape } from '../src/lab/share.ts';
import { freshTape } from '../src/sim/run-setup.ts';
import { printTape } from '../src/sim/tape-print.ts';
import { presets } from '../src/stacks/presets.ts';
import { tapes } from '../src/stacks/tapes.ts';
import { embedHash } from '../src/ui/embed/embed-link.ts';
import { deep } from './support/deep.ts';
import { type ForeignPage, serveForeignPage } from './support/foreign-page.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, pause, waitForLive } from './support/lab-page.ts';

const tape = (): string => {
  const fresh = freshTape(presets, 'cynosdb', 7);
  if ('error' in fresh) throw new Error(fresh.error);
  return encodeTape(`${printTape(tapes, fresh)}60.000 crash store-2\n`);
};

const hashOf = (show: string): string =>
  embedHash({ show, tape: tape(), lesson: null, atMs: 58, language: 'en', theme: 'light', poster: '' });

const frameOf = (address: string, show: string, more = ''): string =>
  `<iframe src="${address}embed.html${hashOf(show).replaceAll('&', '&amp;')}" width="720" height="480" ${more}></iframe>`;

const time = (embed: FrameLocator) => embed.getByRole('status', { name: 'virtual time' });

const ms = async (embed: FrameLocator): Promise<number> =>
  Number.parseFloat((await time(embed).textContent()) ?? '');

async function withForeignPage(body: string, use: (foreign: ForeignPage) => Promise<void>): Promise<void> {
  const foreign = await serveForeignPage(body);
  try {
    await use(foreign);
  } finally {
    foreign.close();
  }
}

/** Bytes of the page's scripts as they are sent packed; workers are counted apart. */
const scriptsOf = (page: Page): (() => number) => {
  const names = new Set<string>();
  page.on('request', (request) => {
    const name = basename(new URL(request.url()).pathname);
    if (name.endsWith('.js') && !name.includes('worker')) names.add(name);
  });
  return () =>
    [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join('dist', 'assets', name))).length, 0);
};

test('three embeds in a page of another site: each plays once it is seen, steps and begins again; nothing is kept, scroll and keys are the page’s', async ({
  lab,
}) => {
  const page = lab.page();
  const far = '<div style="height:1600px">a lecture</div>';
  const body = `<h1>Course</h1>${frameOf(lab.address, 'map')}${far}${frameOf(lab.address, 'wal')}${far}${frameOf(lab.address, 'spaceTime')}`;
  await withForeignPage(body, async ({ address }) => {
    const bytes = scriptsOf(page);
    await page.goto(address);
    const [map, wal, last] = [0, 1, 2].map((i) => page.frameLocator('iframe').nth(i)) as [
      FrameLocator,
      FrameLocator,
      FrameLocator,
    ];
    await test.step('the first plays, the others show their poster', async () => {
      await expect(map.getByRole('group', { name: /^store-1, / })).toBeVisible();
      await expect.poll(() => ms(map)).toBeGreaterThan(58.5);
      console.log(`scripts of an embed’s page until it moves: ${(bytes() / 1024).toFixed(1)} KB gzip`);
      expect(bytes()).toBeLessThanOrEqual(movingLimit);
      for (const other of [wal, last]) {
        await expect(other.getByText(/cynosdb · seed 7 · 58 ms/)).toBeVisible();
        await expect(other.getByRole('button', { name: 'Play' })).toBeEnabled();
      }
    });
    await test.step('pause, step, reset', async () => {
      await map.getByRole('button', { name: 'Pause' }).click();
      await expect(map.getByRole('button', { name: 'Play' })).toBeVisible();
      const before = await ms(map);
      await map.getByRole('button', { name: 'Step' }).click();
      await expect.poll(() => ms(map)).toBeGreaterThan(before);
      await map.getByRole('button', { name: 'Reset' }).click();
      await expect(time(map)).toHaveText('58.000 ms');
    });
    await test.step('the wheel over an embed and the keys scroll the page', async () => {
      const box = await page.locator('iframe').first().boundingBox();
      await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200);
      await page.mouse.wheel(0, 700);
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
      await page.locator('h1').click({ force: true });
      const before = await page.evaluate(() => scrollY);
      await page.keyboard.press('End');
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
    });
    await test.step('the last is in sight now, and shows its lens', async () => {
      await expect(last.getByRole('region', { name: 'Space-time' })).toBeVisible();
      await expect.poll(() => ms(last)).toBeGreaterThan(58);
    });
  });
  await test.step('where it could keep something, of the lab’s own site, it keeps nothing and reads nothing', async () => {
    lab.complaints.expect(/favicon\.ico/);
    await page.goto(`${lab.address}favicon.svg`);
    await page.evaluate(() => localStorage.setItem('postdb-lab:settings', '{"theme":"dark","labels":false}'));
    await page.goto(`${lab.address}embed.html${hashOf('map')}`);
    await expect(page.getByRole('group', { name: /^store-1, / })).toBeVisible();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.getByRole('button', { name: 'Pause' }).click();
    const kept = await page.evaluate(async () => ({
      databases: (await indexedDB.databases()).length,
      texts: { ...localStorage },
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
    const texts = { 'postdb-lab:settings': '{"theme":"dark","labels":false}' };
    expect(kept).toEqual({ databases: 0, texts, workers: 0 });
  });
});

test(
  'a lesson in a page of another site: it waits at each step with its words, plays to the next, steps, begins again; the dialog gives its snippet',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lessons/H01');
    await expect(page.getByRole('button', { name: 'Next', exact: true })).toBeEnabled();
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this run' });
    await dialog.getByText('Embed in a page').click();
    await dialog.getByRole('checkbox', { name: /^With its lesson.*H01 Birth of a hole/ }).check();
    const snippet = await dialog.getByRole('textbox', { name: /^Snippet/ }).inputValue();
    expect(snippet).toContain('lesson=H01');
    expect(snippet).not.toContain('r=1.');
    const guest = await lab.browser().context.newPage();
    const bytes = scriptsOf(guest);
    await withForeignPage(snippet, async ({ address }) => {
      await guest.goto(address);
      const embed = guest.frameLocator('iframe');
      const words = embed.getByRole('region', { name: 'What the step says' });
      await test.step('it stands at its first step', async () => {
        await expect(words).toContainText('Three replicas keep the log.');
        await expect(words).toContainText('1 / 7');
        await expect(embed.getByRole('button', { name: 'Play' })).toBeEnabled();
        console.log(`scripts of a lesson’s page until it moves: ${(bytes() / 1024).toFixed(1)} KB gzip`);
        expect(bytes()).toBeLessThanOrEqual(movingLimit);
      });
      const begun = await ms(embed);
      await test.step('play leads to the next, and stands there', async () => {
        await embed.getByRole('button', { name: 'Play' }).click();
        await expect(words).toContainText('An INSERT became four records');
        await expect(words).toContainText('2 / 7');
        await expect(embed.getByRole('button', { name: 'Play' })).toBeVisible();
        expect(await ms(embed)).toBeGreaterThan(begun);
      });
      await test.step('step, step before, reset', async () => {
        const stood = await ms(embed);
        await embed.getByRole('button', { name: 'Step', exact: true }).click();
        await expect.poll(() => ms(embed)).toBeGreaterThan(stood);
        await embed.getByRole('button', { name: 'Step before' }).click();
        await expect.poll(() => ms(embed)).toBe(stood);
        await embed.getByRole('button', { name: 'Reset' }).click();
        await expect.poll(() => ms(embed)).toBe(begun);
        await expect(words).toContainText('1 / 7');
      });
      await expect(embed.getByRole('link', { name: 'Open in PostDB Lab' })).toHaveAttribute(
        'href',
        './#/lessons/H01',
      );
      await guest.goto(`${lab.address}embed.html#v=1&show=map&lesson=Z99`);
      await expect(guest.getByRole('alert')).toContainText('there is no lesson Z99');
    });
  },
);

test(
  'an embed without storage plays; in a sandbox that does not let it run it says what it needs',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    await page.addInitScript(() => {
      if (window.top === window.self) return;
      const refuse = (): never => {
        throw new DOMException('storage is refused', 'SecurityError');
      };
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, { get: refuse });
    });
    const body = [
      frameOf(lab.address, 'map', 'sandbox="allow-scripts allow-same-origin"'),
      frameOf(lab.address, 'map', 'sandbox="allow-scripts"'),
      frameOf(lab.address, 'map', 'sandbox'),
    ].join('');
    lab.complaints.expect(/CORS|ERR_FAILED|sandboxed|ERR_BLOCKED/);
    await withForeignPage(body, async ({ address }) => {
      await page.goto(address);
      const embeds = page.frameLocator('iframe');
      await expect.poll(() => ms(embeds.nth(0))).toBeGreaterThan(58.2);
      for (const i of [1, 2])
        await expect(embeds.nth(i).getByText('allow-scripts allow-same-origin').first()).toHaveCSS(
          'opacity',
          '1',
        );
    });
  },
);

test(
  'the lab in a frame: refused by its header; where a host sends none, it says so and starts nothing',
  deep,
  async ({ lab, hostBuild }) => {
    const bare = await hostBuild('/lab/');
    const page = lab.page();
    lab.complaints.expect(/frame-ancestors|X-Frame-Options|frame because/);
    const body = `<iframe name="headers" src="${lab.address}"></iframe><iframe name="bare" src="${bare}"></iframe>`;
    await withForeignPage(body, async ({ address }) => {
      await page.goto(address);
      await expect(
        page
          .frameLocator('[name=bare]')
          .getByRole('heading', { name: /does not run inside of another page/ }),
      ).toBeVisible();
      expect(page.workers()).toEqual([]);
      expect(await page.locator('[name=headers]').evaluate((frame: HTMLIFrameElement) => frame.name)).toBe(
        'headers',
      );
      const refused = page.frame({ name: 'headers' });
      expect(refused?.url()).toMatch(/^chrome-error:/);
    });
  },
);

test(
  'Share gives a snippet with a picture of this moment, which a page of another site shows and plays',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    await pause(page);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Share this run' });
    await dialog.getByText('Embed in a page').click();
    const snippet = await dialog.getByRole('textbox', { name: /^Snippet/ }).inputValue();
    expect(snippet.length).toBeLessThan(32 * 1024);
    const guest = await lab.browser().context.newPage();
    // Nothing plays by itself where a person asked for stillness: the poster stands.
    await guest.emulateMedia({ reducedMotion: 'reduce' });
    await withForeignPage(snippet, async ({ address }) => {
      await guest.goto(address);
      const embed = guest.frameLocator('iframe');
      const poster = embed.getByRole('img');
      await expect(poster).toBeVisible();
      expect(await poster.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(300);
      await embed.getByRole('button', { name: 'Play' }).click();
      await expect(embed.getByRole('group', { name: /^store-3, / })).toBeVisible();
      await expect(embed.getByRole('link', { name: 'Open in PostDB Lab' })).toHaveAttribute(
        'href',
        /#\/lab&r=1\./,
      );
    });
  },
);
