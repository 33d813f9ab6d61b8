// The lab elsewhere, in every engine: an incident presented to an audience, an embed in a page of another site, a picture, and a stretch of
// time as a film, where the engine encodes one.
import { encodeTape } from '../../src/lab/share.ts';
import { freshTape } from '../../src/sim/run-setup.ts';
import { printTape } from '../../src/sim/tape-print.ts';
import { presets } from '../../src/stacks/presets.ts';
import { tapes } from '../../src/stacks/tapes.ts';
import { embedHash } from '../../src/ui/embed/embed-link.ts';
import { deep } from '../support/deep.ts';
import { serveForeignPage } from '../support/foreign-page.ts';
import { act } from '../support/lab-page.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { pause, waitForLive } from './engine-page.ts';

const button = (name: string | RegExp) => ({ role: 'button', name }) as const;
const place = { role: 'status', within: { role: 'region', name: 'Notes' } } as const;
const title = { role: 'heading', name: /^Now: |^An old|^No monitor/ } as const;

test('E37 an incident is presented by keys, in two windows of one run', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await page.click(button(/^All presets/));
  await page.fill({ role: 'searchbox', name: 'Filter' }, 'split brain');
  await page.click(button('Play An old primary wakes: The protocol holds'));
  await page.click({ ...button('Present'), within: { role: 'region', name: 'Incident' } });
  await page.reads(place, /Beat 1 of 3/);
  const audience = await lab.newTab('#/present/audience');
  await audience.reads(title, /An old primary wakes/);
  const time = (of: EnginePage): Promise<number> => of.evaluate(() => window.lab.frame()?.time ?? -1);
  for (const [beat, at, words] of [
    [2, 150_000, /freeze rw-1/],
    [3, 330_000, /No monitor reports a violation/],
  ] as const) {
    // The clicker beside the audience: its window is the one in front.
    await audience.key('PageDown');
    await audience.key('PageDown');
    await page.reads(place, new RegExp(`Beat ${beat} of 3`));
    await expect.poll(() => time(audience)).toBe(at);
    await audience.reads(title, words);
  }
  await audience.close();
});

test('an embed in a page of another site plays once it is seen, and keeps nothing', deep, async ({ lab }) => {
  const fresh = freshTape(presets, 'cynosdb', 7);
  if ('error' in fresh) throw new Error(fresh.error);
  const tape = encodeTape(`${printTape(tapes, fresh)}60.000 crash store-2\n`);
  const hash = embedHash({
    show: 'map',
    tape,
    lesson: null,
    atMs: 58,
    language: 'en',
    theme: 'light',
    poster: '',
  });
  const src = `${lab.address}embed.html${hash}`.replaceAll('&', '&amp;');
  const foreign = await serveForeignPage(
    `<h1>Course</h1><iframe src="${src}" width="720" height="480"></iframe>`,
  );
  try {
    const page = lab.page();
    await page.open(foreign.address);
    const embed = page.frame();
    const time = { role: 'status', name: 'virtual time' } as const;
    await embed.reads(time, /^(58\.[5-9]|59|6\d)/);
    const stored = await embed.evaluate(async () => ({
      databases: (await indexedDB.databases()).length,
      texts: localStorage.length,
    }));
    expect(stored).toEqual({ databases: 0, texts: 0 });
  } finally {
    foreign.close();
  }
});

test(
  'a picture for slides, and a stretch of time: as a video where the engine encodes one, else it says so and offers frames',
  deep,
  async ({ lab, engineName }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await act(page, 'cut rw-1 | store-3 for 6 ms');
    await pause(page);
    await page.evaluate(() => {
      const saved: Blob[] = [];
      Object.assign(window, { saved });
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob: Blob) => {
        saved.push(blob);
        return make(blob);
      };
    });
    const newest = (type: string) =>
      page.evaluate(async (wanted) => {
        const saved: Blob[] = Reflect.get(window, 'saved');
        const blob = saved.findLast((one) => one.type === wanted);
        if (blob === undefined) return null;
        const url = URL.createObjectURL(blob);
        if (wanted === 'image/png') {
          const image = new Image();
          image.src = url;
          await image.decode();
          return { bytes: blob.size, size: [image.naturalWidth, image.naturalHeight], duration: 0 };
        }
        if (wanted !== 'video/webm') return { bytes: blob.size, size: [], duration: 0 };
        const video = document.createElement('video');
        video.src = url;
        await new Promise((resolve, reject) => {
          video.onloadeddata = resolve;
          video.onerror = () => reject(new Error(video.error?.message));
        });
        const { videoWidth, videoHeight, duration } = video;
        return { bytes: blob.size, size: [videoWidth, videoHeight], duration };
      }, type);
    await page.click(button('More of the map'));
    await page.click({ role: 'menuitem', name: 'PNG for slides, 16:9' });
    await expect.poll(async () => (await newest('image/png'))?.size).toEqual([1920, 1080]);

    await page.click(button('More of the map'));
    await page.click({ role: 'menuitem', name: 'A stretch of time …' });
    const dialog = { role: 'dialog', name: 'Record a stretch of time' } as const;
    await page.count({ ...button('Record'), within: dialog }, 1);
    const [{ value: to = '' } = {}] = await page.all({ role: 'spinbutton', name: 'To, ms', within: dialog });
    await page.fill({ role: 'spinbutton', name: 'From, ms', within: dialog }, (Number(to) - 0.2).toFixed(3));
    const offered = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLOptionElement>('[role=dialog] [aria-label=As] option')].map(
        ({ value }) => value,
      ),
    );
    const hasVideo = offered.includes('webm');
    console.log(`${engineName} ${hasVideo ? 'encodes' : 'encodes no'} video`);
    const [{ text = '' } = {}] = await page.all(dialog);
    if (hasVideo) expect(text).not.toContain('encodes no video');
    else {
      expect(text).toContain('This browser encodes no video');
      expect(offered).toEqual(['gif', 'frames']);
    }
    await page.click({ ...button('Record'), within: dialog });
    await page.count({ ...button('Save'), within: dialog }, 1);
    const film = await newest(hasVideo ? 'video/webm' : 'image/gif');
    expect(film?.bytes).toBeGreaterThan(1000);
    if (hasVideo) expect(film?.duration).toBeCloseTo(6 / 25, 1);
  },
);
