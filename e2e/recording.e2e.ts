// A stretch of time as a film: made in the lab, played in a page of its own.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { decode, decodeFrame } from 'modern-gif';
import { deep } from './support/deep.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { act, leaveByEscape, pause, waitForLive } from './support/lab-page.ts';

interface Saved {
  readonly name: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

async function saved(page: Page, save: () => Promise<void>): Promise<Saved> {
  const started = page.waitForEvent('download');
  await save();
  const file = await started;
  return { name: file.suggestedFilename(), bytes: Buffer.from(readFileSync(await file.path())) };
}

const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Record a stretch of time' });

interface Wish {
  readonly As?: string;
  readonly Shape?: string;
  readonly 'A second shows'?: string;
}

/** Fills the dialog in; answers what is recorded, ms. */
async function choose(
  page: Page,
  ms: number,
  wish: Wish,
): Promise<{ readonly from: number; readonly to: number }> {
  const dialog = dialogOf(page);
  for (const [label, option] of Object.entries(wish))
    await dialog.getByRole('combobox', { name: label }).selectOption(option);
  const to = Number(await dialog.getByRole('spinbutton', { name: 'To, ms' }).inputValue());
  await dialog.getByRole('spinbutton', { name: 'From, ms' }).fill((to - ms).toFixed(3));
  return { from: to - ms, to };
}

async function record(page: Page): Promise<Saved> {
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Record', exact: true }).click();
  const save = dialog.getByRole('button', { name: 'Save' });
  await expect(save).toBeVisible();
  return saved(page, () => save.click());
}

interface Played {
  readonly duration: number;
  readonly seekableTo: number;
  readonly size: readonly [number, number];
  /** In how many values of red, green and blue two pictures differ visibly. */
  readonly firstAndLast: number;
  readonly lastAndPicture: number;
  readonly firstAndPicture: number;
}

/** Plays a film in a page that has nothing to do with the lab, and holds its ends against a picture. */
async function playAlone(lab: Lab, film: Saved, picture: Saved): Promise<Played> {
  const page = await lab.browser().context.newPage();
  const texts = [film, picture].map(({ bytes }) => bytes.toString('base64'));
  return page.evaluate(async ([filmText = '', pictureText = '']) => {
    const urlOf = (text: string, type: string): string =>
      URL.createObjectURL(
        new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], { type }),
      );
    const video = document.createElement('video');
    video.muted = true;
    document.body.append(video);
    const heard = (name: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        video.addEventListener(name, resolve, { once: true });
        video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
      });
    const loaded = heard('loadeddata');
    video.src = urlOf(filmText, 'video/webm');
    await loaded;
    const image = new Image();
    image.src = urlOf(pictureText, 'image/png');
    await image.decode();
    const { videoWidth: width, videoHeight: height } = video;
    const pixels = (of: CanvasImageSource): Uint8ClampedArray => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.drawImage(of, 0, 0, width, height);
      return context.getImageData(0, 0, width, height).data;
    };
    const at = async (time: number): Promise<Uint8ClampedArray> => {
      const there = heard('seeked');
      video.currentTime = time;
      await there;
      return pixels(video);
    };
    /** Far above what an encoder changes. */
    const visible = 80;
    const differ = (one: Uint8ClampedArray, other: Uint8ClampedArray): number =>
      one.reduce((sum, value, i) => sum + (Math.abs(value - (other[i] ?? 0)) > visible ? 1 : 0), 0);
    const last = await at(video.duration - 0.01);
    const first = await at(0);
    const still = pixels(image);
    const begun = heard('playing');
    await video.play();
    await begun;
    await heard('ended');
    return {
      duration: video.duration,
      seekableTo: video.seekable.length === 0 ? 0 : video.seekable.end(0),
      size: [width, height] as const,
      firstAndLast: differ(first, last),
      lastAndPicture: differ(last, still),
      firstAndPicture: differ(first, still),
    };
  }, texts);
}

test(
  'a stretch of the map as WebM in 16:9: it plays in a page of its own, has a duration, is sought in, and ends with the picture of its last moment',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    await pause(page);
    const stood = await page.evaluate(() => window.lab.frame()?.time);
    const more = page.getByRole('button', { name: 'More of the map' });
    await more.click();
    const picture = await saved(page, () =>
      page.getByRole('menuitem', { name: 'PNG for slides, 16:9', exact: true }).click(),
    );
    await more.click();
    await page.getByRole('menuitem', { name: 'A stretch of time …' }).click();
    const { to } = await choose(page, 5, { Shape: 'slide', 'A second shows': '10' });
    expect(Math.round(to * 1000)).toBe(stood);
    await expect(dialogOf(page).getByText('14 pictures, 0.6 s')).toBeVisible();
    const film = await record(page);
    expect(film.name).toMatch(/ms-map-16x9\.webm$/);
    await expect(dialogOf(page).locator('video')).toHaveJSProperty('error', null);
    await expect
      .poll(() =>
        dialogOf(page)
          .locator('video')
          .evaluate((video: HTMLVideoElement) => video.duration),
      )
      .toBeGreaterThan(0);
    const played = await playAlone(lab, film, picture);
    expect(played.size).toEqual([1920, 1080]);
    expect(played.duration).toBeCloseTo(14 / 25, 1);
    expect(played.seekableTo).toBeCloseTo(played.duration, 1);
    expect(played.firstAndLast).toBeGreaterThan(500);
    expect(played.lastAndPicture * 5).toBeLessThan(played.firstAndPicture);
    await leaveByEscape(page, dialogOf(page));
    // The run stands where it stood.
    await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('PAUSED');
    expect(await page.evaluate(() => window.lab.frame()?.time)).toBe(stood);
  },
);

test(
  'a lens as GIF, the map as frames; a film that is given up leaves nothing, and the run goes on as before; a stretch that cannot be recorded is refused in words',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    await page.evaluate(() => window.lab.step('milestones'));
    const dialog = dialogOf(page);

    await test.step('a lens as GIF', async () => {
      const lens = page.locator('[data-region="lens"]');
      await lens.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: 'A stretch of time …' }).click();
      await choose(page, 3, { As: 'gif', 'A second shows': '5' });
      await expect(dialog.getByText('7 pictures, 0.7 s')).toBeVisible();
      const { name, bytes } = await record(page);
      expect(name).toMatch(/\.gif$/);
      const gif = decode(bytes);
      expect([gif.frames.length, gif.frames.map(({ delay }) => delay)]).toEqual([7, Array(7).fill(100)]);
      expect(Math.max(gif.width, gif.height)).toBeLessThanOrEqual(960);
      const [first, last] = [decodeFrame(bytes, 0, gif), decodeFrame(bytes, 6, gif)];
      expect(first.data.some((value, i) => value !== last.data[i])).toBe(true);
      await expect(dialog.getByRole('img', { name })).toHaveJSProperty('complete', true);
      await dialog.getByRole('button', { name: 'Record another' }).click();
    });

    await test.step('the map as frames', async () => {
      await dialog.getByRole('combobox', { name: 'Picture' }).selectOption('map');
      const { from } = await choose(page, 1, { As: 'frames', 'A second shows': '10' });
      await expect(dialog.getByText('4 pictures, 0.2 s')).toBeVisible();
      const { bytes } = await record(page);
      const files = unzipSync(bytes);
      expect(Object.keys(files)).toEqual(
        [0, 0.4, 0.8, 1].map((ms, i) => `000${i}-${(from + ms).toFixed(3)}ms.png`),
      );
      for (const png of Object.values(files)) expect([...png.slice(1, 4)]).toEqual([...Buffer.from('PNG')]);
      expect(new Set(Object.values(files).map((png) => Buffer.from(png).toString('base64'))).size).toBe(4);
      await dialog.getByRole('button', { name: 'Record another' }).click();
    });

    await test.step('refused in words', async () => {
      const to = dialog.getByRole('spinbutton', { name: 'To, ms' });
      const record = dialog.getByRole('button', { name: 'Record', exact: true });
      await to.fill('900000');
      await expect(dialog.getByText(/^This run has 0\.000 to /)).toBeVisible();
      await expect(record).toBeDisabled();
      await to.fill('0');
      await expect(dialog.getByText('It has to begin before it ends.')).toBeVisible();
      await expect(record).toBeDisabled();
      await leaveByEscape(page, dialog);
    });

    await test.step('given up, by the palette, while the run is on', async () => {
      await page.evaluate(() => window.lab.play());
      await waitForLive(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('record a stretch');
      await page.getByRole('option', { name: 'Record a stretch of time', exact: true }).click();
      await dialog.getByRole('button', { name: 'Record', exact: true }).click();
      await expect.poll(() => page.evaluate(() => window.lab.run().mode)).toBe('REVIEW');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(dialog.getByRole('button', { name: 'Record', exact: true })).toBeEnabled();
      await waitForLive(page);
    });
  },
);

test(
  'where the browser encodes no video the lab says so and offers GIF and frames',
  deep,
  async ({ lab }) => {
    const page = lab.page();
    await page.addInitScript(() => Reflect.deleteProperty(window, 'VideoEncoder'));
    await page.goto(lab.address);
    await waitForLive(page);
    await page.getByRole('button', { name: 'More of the map' }).click();
    await page.getByRole('menuitem', { name: 'A stretch of time …' }).click();
    const dialog = dialogOf(page);
    await expect(dialog.getByText(/encodes no video/)).toBeVisible();
    const kinds = dialog.getByRole('combobox', { name: 'As' }).locator('option');
    expect(await kinds.evaluateAll((all) => all.map((one) => one.getAttribute('value')))).toEqual([
      'gif',
      'frames',
    ]);
  },
);
