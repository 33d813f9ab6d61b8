// E45: what the console says of a statement that cannot be run; to whom statements go when there is a second volume, and that
// both volumes outlive a reload.
import { ENGINE } from '../src/sim/run-setup.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  expectToPass,
  exportTape,
  readNumber,
  runInConsole,
  runState,
  startTape,
  waitForLive,
  watermark,
} from './support/lab-page.ts';

test('E45 an error has its code and position, a missing feature its name, and the cluster goes on', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  const wrong = await runInConsole(page, 'select id,\n  from from accounts');
  await expect(wrong.getByRole('alert')).toContainText(/^42601 .*at line 2, column 3 \(position 14\)$/);
  const unknown = await runInConsole(page, 'select owner, surname from accounts');
  await expect(unknown.getByRole('alert')).toContainText(/^42703 .*surname.*at line 1, column 15/);
  const missing = await runInConsole(page, 'select 1 from accounts a join accounts b on a.id = b.id');
  await expect(missing.getByRole('alert')).toContainText(/^0A000 .*join.*at line 1/i);
  const right = await runInConsole(page, 'select count(*) from accounts');
  await expect(right.getByRole('cell', { name: '100' })).toBeVisible();
  await expect(runState(page)).toHaveText('LIVE');
  const vdl = watermark(page, 'VDL', 'v1');
  await expectToPass(vdl, await readNumber(vdl));
});

const restored = [
  'postdb-tape 1',
  `engine ${ENGINE}`,
  'preset cynosdb-backup',
  'profile demo',
  'set archiveSegmentLsns 16',
  'set archiveMaxMs 10',
  'seed 7',
  '',
  '6.000 sql d1 "create table notes (id int primary key, note text)"',
  "12.000 sql d1 \"insert into notes values (1, 'ada'), (2, 'bob'), (3, 'cyd')\"",
  '60.000 sql d1 "delete from notes where id <= 2"',
  '120.000 restore v1 to time 50.000 ms as v2',
  '',
].join('\n');

test('beside a restored volume the console asks the volume that was chosen, and an LSN is of one of them', async ({
  lab,
}) => {
  test.slow();
  const page = await lab.goto();
  await waitForLive(page);
  await startTape(page, restored, 121_000);
  await page.evaluate(() => window.lab.runUntil('recovery.done at rw-2'));
  await expect(runState(page)).toHaveText('PAUSED');

  await page.getByRole('tab', { name: 'SQL' }).click();
  const target = page.getByRole('combobox', { name: 'Statements go to' });
  await target.selectOption('d1 · v2');
  const there = await runInConsole(page, 'select count(*) from notes');
  await expect(there.getByRole('cell', { name: '3', exact: true })).toBeVisible();
  await target.selectOption('d1 · v1');
  const here = await runInConsole(page, 'select id, note from notes');
  await expect(here.getByRole('row')).toHaveCount(2);
  expect(await exportTape(page)).toMatch(/sql d1 console@v2 "select count/);
  expect(await exportTape(page)).toMatch(/sql d1 console "select id, note/);

  // The pages lens looks at one volume: its writer's marks, its groups' pages.
  await runState(page).click();
  await page.keyboard.press('4');
  const lens = page.getByRole('region', { name: 'Page versions' });
  await expect(lens.getByRole('status', { name: 'VDL of rw-1', exact: true })).toBeVisible();
  await lens.getByRole('combobox', { name: 'Volume' }).selectOption('v2');
  await expect(lens.getByRole('status', { name: 'VDL of rw-2', exact: true })).toBeVisible();

  // A reload is a power cut: the restored volume has been written to since, and the backup goes on from its manifest.
  await target.selectOption('d1 · v2');
  await runInConsole(page, "insert into notes values (4, 'dee')");
  await page.reload();
  await waitForLive(page);
  await page.getByRole('tab', { name: 'SQL' }).click();
  await target.selectOption('d1 · v2');
  const again = await runInConsole(page, 'select count(*) from notes');
  await expect(again.getByRole('cell', { name: '4', exact: true })).toBeVisible();
  await target.selectOption('d1 · v1');
  await runInConsole(page, "insert into notes values (5, 'eve')");
  expect(await page.evaluate(() => window.lab.runUntil('archive.manifest'))).toMatchObject({ end: 'found' });
  expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
});
