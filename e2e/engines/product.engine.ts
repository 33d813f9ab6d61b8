// What the lab is, in every engine: the first minute by its chips, a console, three presets, a lesson, a link, two tabs; and each
// tape comes to the same hash, states and disks as without a browser.
import { loadSqlEdge } from '../../src/edge/sql-edge.ts';
import { loadLesson } from '../../src/lessons/load-lesson.ts';
import { runScript } from '../../src/lessons/script.ts';
import { deep } from '../support/deep.ts';
import { replayHeadless } from '../support/headless.ts';
import {
  act,
  endDigest,
  exportTape,
  passTime,
  query,
  runUntil,
  setSpeed,
  startTape,
} from '../support/lab-page.ts';
import { expectPassed, notePassing } from '../support/passing.ts';
import { expectSame, sameRuns, tapeOf, withEnd } from '../support/same-run.ts';
import type { EnginePage } from './engine.ts';
import { expect, test } from './engine-fixture.ts';
import { node, pause, undo, waitForLive, waitForRecovery, waitForState } from './engine-page.ts';

const button = (name: string | RegExp) => ({ role: 'button', name }) as const;

test(
  'E02 the first minute by its chips: a hole is found and filled, a quorum is lost and comes back, a twin dies',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await page.evaluate(notePassing, false);
    await waitForLive(page);
    await page.click(button('Cut rw-1–store-3 for 6 ms'));
    await expectPassed(page, /^link rw-1–store-3, cut$/);
    await expectPassed(page, /^caption: store-3 is cut off, yet record \d+ is on disk at 2 of 3/);
    await expectPassed(page, /^caption: .*store-3 missed \d+ records\. No client waited\./);
    await page.click(button('Now cut off store-2, store-3'));
    await expectPassed(page, /^caption: .*rw-1 reaches only 1 of 3 replicas of g1, it needs 2/);
    await page.click(button('Heal rw-1–store-2, rw-1–store-3'));
    await expectPassed(page, /^caption: .*A quorum is back: .*None failed\./);
    await page.click(button('What if rw-1 dies right now?'));
    await waitForState(page, /TWIN/);
    await expectPassed(page, /^caption: .*every acknowledged commit, the last at LSN \d+, is in it/);
  },
);

test(
  'E19 a crash by the menu of a node, undone and done again, is there in the next life',
  deep,
  async ({ lab }) => {
    const page = await lab.goto('#/lab');
    await waitForLive(page);
    await pause(page);
    await page.click(node('store-3', 'up'), 'right');
    await page.click({ role: 'menuitem', name: 'Crash (power cut)' });
    await page.count(node('store-3', 'down'), 1);
    const crashed = await endDigest(page);
    await undo(page);
    await page.count(node('store-3', 'up'), 1);
    await waitForState(page, /^PAUSED$/);
    await page.reload();
    await waitForRecovery(page);
    await pause(page);
    await page.key('Control', 'Shift', 'Z');
    await page.count(node('store-3', 'down'), 1);
    expect((await endDigest(page)).nodes).toEqual(crashed.nodes);
  },
);

test('E45 the console: rows by a key, an error with its code and place', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await page.click({ role: 'tab', name: 'SQL' });
  const within = { role: 'region', name: 'Results' } as const;
  const statement = { role: 'textbox', name: 'SQL statement' } as const;
  await page.fill(statement, 'select count(*) from accounts');
  await page.click(button('Run to my reply'));
  await page.count({ role: 'cell', name: '100', within }, 1);
  await page.fill(statement, 'select owner, surname from accounts');
  await page.click(button('Run to my reply'));
  await page.reads({ role: 'alert', within }, /42703 .*surname/);
  await page.fill(statement, 'select 40 + 2 as answer');
  await page.key('Control', 'Enter');
  await page.count({ role: 'cell', name: '42', within }, 1);
});

test(
  'three architectures, one after the other, each at work and each with an answer',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    for (const preset of ['cynosdb', 'postdb-v4', 'polardb']) {
      await page.evaluate((name) => window.lab.startRun({ preset: name, seed: 7 }), preset);
      await expect.poll(() => page.evaluate(() => window.lab.frame()?.preset)).toBe(preset);
      await waitForLive(page);
      await query(page, 'create table kept(id int primary key, v int)');
      await query(page, 'insert into kept values (1, 11)');
      expect(await query(page, 'select v from kept where id = 1'), preset).toEqual([['11']]);
      expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
    }
    await page.reload();
    await waitForRecovery(page);
    expect(await query(page, 'select v from kept where id = 1')).toEqual([['11']]);
  },
);

test('E27 the script of a lesson passes as it does headless', deep, async ({ lab }) => {
  const lesson = await loadLesson('H03');
  if ('error' in lesson) throw new Error(lesson.error);
  const headless = await runScript(lesson, await loadSqlEdge());
  const page = await lab.goto('#/lessons/H03');
  const panel = { role: 'complementary', name: 'Lessons' } as const;
  await page.click({ ...button('Skip to the end'), within: panel });
  await page.reads({ role: 'status', name: 'Lesson status', within: panel }, /Passed by the script/);
  const live = await endDigest(page);
  expect([live.time, live.hash]).toEqual([headless.endUs, headless.hash]);
});

test('E13 a link replays the run in another tab, to the same hash', deep, async ({ lab }) => {
  const page = await lab.goto();
  await waitForLive(page);
  await act(page, 'cut rw-1 | store-3 for 6 ms');
  await runUntil(page, 'time >= 70');
  await pause(page);
  const { hash } = await endDigest(page);
  await page.click(button('Share'));
  const dialog = { role: 'dialog', name: 'Share this run' } as const;
  await page.reads(dialog, new RegExp(hash));
  const [link] = await page.all({ role: 'textbox', name: /^Link/, within: dialog });
  await page.key('Escape');
  const guest = await lab.newTab();
  await guest.open(link?.value ?? '');
  await waitForState(guest, /^REPLAY$/);
  await setSpeed(guest, 'max');
  await expect.poll(async () => (await endDigest(guest)).hash).toBe(hash);
});

test('E16 a second tab watches, a third takes over', deep, async ({ lab }) => {
  const owner = await lab.goto();
  await waitForLive(owner);
  const elsewhere = { role: 'dialog', name: 'This run is open in another tab' } as const;
  const watcher = await lab.newTab();
  await watcher.click({ ...button('Watch'), within: elsewhere });
  await waitForState(watcher, /^MIRROR$/);
  const taker = await lab.newTab();
  await taker.click({ ...button('Take over'), within: elsewhere });
  await waitForLive(taker);
  const timeOn = (page: EnginePage) => page.evaluate(() => window.lab.frame()?.time ?? 0);
  const before = await timeOn(taker);
  for (const page of [owner, watcher]) {
    await waitForState(page, /^MIRROR$/);
    await expect.poll(() => timeOn(page)).toBeGreaterThan(before);
  }
});

for (const { preset, seed, untilMs, lines } of sameRuns)
  test(`${preset}, seed ${seed}: the same hash, states and disks as headless`, deep, async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    const tape = tapeOf(preset, seed, lines);
    await startTape(page, tape, untilMs * 1000);
    expectSame(await endDigest(page), await replayHeadless(withEnd(tape, untilMs)));
    // Now with a power cut: the reload's, taken onto the tape where it happened.
    await page.reload();
    await waitForLive(page);
    await passTime(page, 15_000);
    await pause(page);
    expectSame(await endDigest(page), await replayHeadless(await exportTape(page)));
  });
