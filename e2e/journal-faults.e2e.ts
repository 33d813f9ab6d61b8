// Faults of the journal that PolarFS keeps, by menus alone (docs/spec/polarfs.md FS-52, FS-57, FS-62): a reader that does not follow it, a
// journal that goes round while a reader sleeps, and a leader record that is torn on one server.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  chooseFromMenu,
  node,
  passTime,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';
import { expectPassed, watchPassing } from './support/passing.ts';

const STOP = 'Stop its sync of the file system’s journal';
const ALLOW = 'Let it sync the journal again';

/** Transaction of the journal that the metadata of each mount is the state after, where the cluster stands. */
async function heads(page: Page): Promise<Readonly<Record<string, number>>> {
  const known: Record<string, number> = {};
  for (const { id, view } of (await standingFrame(page)).nodes)
    for (const role of view?.roles ?? [])
      if (role.role === 'compute' && role.shared) known[id] = role.shared.headTx;
  return known;
}

async function chooseRare(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'Fault', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Rare events', exact: true }).press('ArrowRight');
  await page.getByRole('menuitem', { name: entry, exact: true }).press('Enter');
}

test(
  'FS-52 FS-57 FS-62 a reader stays behind in the journal and follows it again; the journal goes round without one; a leader record is torn',
  deep,
  async ({ lab }) => {
    await watchPassing(lab.page());
    const page = await lab.goto();
    await waitForLive(page);
    await standOn(page, 'polardb');
    await passTime(page, 150_000);
    await chooseFromMenu(page, node(page, 'ro-1'), STOP);
    await passTime(page, 50_000);
    await query(page, 'create table notes (id int primary key)');
    await passTime(page, 50_000);
    const behind = await heads(page);
    expect(behind['ro-1']).toBeLessThan(behind['rw-1'] ?? 0);
    expect(behind['ro-2']).toBeGreaterThan(behind['ro-1'] ?? Number.NaN);
    await chooseFromMenu(page, node(page, 'ro-1'), ALLOW);
    await passTime(page, 200_000);
    const again = await heads(page);
    expect(again['ro-1']).toBeGreaterThanOrEqual(behind['rw-1'] ?? Number.NaN);

    await chooseRare(page, 'Fill the journal while a reader sleeps');
    await expectPassed(page, /^toast: The files of \d+ tables filled the journal/);
    await chooseRare(page, 'Tear the leader record on a chunk server');
    await expectPassed(page, /^toast: The write of the leader record is torn on cs-\d/);
    await passTime(page, 200_000);
    await query(page, 'insert into notes values (1)');
    expect(await query(page, 'select count(*) from notes')).toEqual([['1']]);
    expect((await standingFrame(page)).violations).toEqual([]);
  },
);
