// E45: what the console says of a statement that cannot be run.
import { expect, test } from './support/lab-fixture.ts';
import {
  expectToPass,
  readNumber,
  runInConsole,
  runState,
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
