// SIGKILL of the whole browser under load, in `npm run deep` again and again: no acknowledged row is ever missing, and the exported tape
// comes to the same disks without a browser.
import type { Page } from '@playwright/test';
import { isDeep } from './support/deep.ts';
import { expectHeld, holdCommits, watchHolds } from './support/failpoints.ts';
import { isUneven, powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import { endDigest, exportTape, pause, query, setSpeed, waitForLive } from './support/lab-page.ts';

const KILLS = { least: isDeep ? 5 : 1, most: 10 } as const;
/** So many of them find the storage nodes' disks at different points of the run. */
const UNEVEN_KILLS = isDeep ? 2 : 1;
const ACKS_BEFORE_A_KILL = 6;
/** A kill by itself mostly falls between two windows, when all disks are alike: the first and every second one has this node held. */
const HELD = 'store-2';

/** Inserts row after row from now on; what is acknowledged is reported to this process before the next is sent. */
async function insertWithoutEnd(lab: Lab, page: Page, from: number): Promise<readonly number[]> {
  const acked: number[] = [];
  await lab.browser().context.exposeBinding('tellAcked', (_source, id: number) => {
    acked.push(id);
  });
  await page.evaluate((first) => {
    const tell: unknown = Reflect.get(window, 'tellAcked');
    const insert = async (): Promise<void> => {
      for (let id = first; ; id++) {
        const { result } = await window.lab.sql('writer', `insert into notes values (${id})`, {
          runToReply: false,
        });
        const isDone = result.outcome === 'ok' && result.statements.every(({ kind }) => kind === 'done');
        if (isDone && typeof tell === 'function') await tell(id);
      }
    };
    void insert();
  }, from);
  return acked;
}

test.use({ build: 'failpoints', storage: 'profile' });

test('SIGKILL under load: every acknowledged row, and the same disks headless', async ({ lab }) => {
  let page = lab.page();
  await watchHolds(page);
  await lab.goto();
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  const acked: number[] = [];
  const uneven = (tape: string): number => powerCutsOf(tape).filter(isUneven).length;
  let kills = 0;
  for (; kills < KILLS.least || uneven(await exportTape(page)) < UNEVEN_KILLS; kills++) {
    expect(kills, 'kills until enough of them were uneven').toBeLessThan(KILLS.most);
    await setSpeed(page, 'max');
    const fresh = await insertWithoutEnd(lab, page, (kills + 1) * 10_000);
    await expect.poll(() => fresh.length).toBeGreaterThanOrEqual(ACKS_BEFORE_A_KILL);
    if (kills % 2 === 0) {
      await holdCommits(page, HELD);
      await expectHeld(page, HELD);
    }
    await lab.kill();
    acked.push(...fresh);
    page = await lab.reopen();
    await watchHolds(page);
    await lab.goto();
    await waitForLive(page);
    await expect(page.getByRole('status').filter({ hasText: /^Recovered after a power cut/ })).toBeVisible();
    const present = new Set((await query(page, 'select id from notes')).map(([id]) => Number(id)));
    expect(acked.filter((id) => !present.has(id))).toEqual([]);
    expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
  }
  await pause(page);
  const tape = await exportTape(page);
  const hosted = await endDigest(page);
  expect(powerCutsOf(tape)).toHaveLength(kills);
  const headless = await replayHeadless(tape);
  expect(headless.divergences).toEqual([]);
  expect(headless.nodes).toEqual(hosted.nodes);
});
