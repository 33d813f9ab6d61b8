// Every write transaction of the fabric and of every node is strict: seen from inside their workers, whose own scripts
// are served with an observer in front of them.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, query, waitForLive } from './support/lab-page.ts';

test.use({ storage: 'profile' });

interface Write {
  readonly database: string;
  readonly durability: string;
}

/** Tells of every write transaction that a worker begins, as the browser itself describes it. */
const observer = `{
  const told = new BroadcastChannel('write-transactions');
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...args) {
    const transaction = begin.apply(this, args);
    if (transaction.mode === 'readwrite')
      told.postMessage({ database: this.name, durability: transaction.durability });
    return transaction;
  };
}
`;

/** Kept in the page: a call out of it for each would take longer than the transaction. */
const watchWrites = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const writes: unknown[] = [];
    Object.assign(window, { writes });
    new BroadcastChannel('write-transactions').onmessage = ({ data }) => writes.push(data);
  });

const writesSoFar = (page: Page): Promise<readonly Write[]> =>
  page.evaluate(() => Reflect.get(window, 'writes'));

test('every write transaction of every database is strict', deep, async ({ lab, hostBuild }) => {
  const address = await hostBuild('/', (name, text) =>
    /(node|storage|fabric)-worker-[^/]*\.js$/.test(name) ? `${observer}${text}` : text,
  );
  const page = lab.page();
  await watchWrites(page);
  await page.goto(address);
  await waitForLive(page);
  await query(page, 'create table notes(id int primary key)');
  await query(page, 'insert into notes values (1)');
  // A crash writes the survivors, a restart stamps a new life.
  await act(page, 'crash store-2');
  await query(page, 'insert into notes values (2)');
  await act(page, 'restart store-2');
  await query(page, 'insert into notes values (3)');
  // A keyframe of before the crash is written a while after it.
  const everyone = ['d1', 'fabric', 'keyframes', 'meta-1', 'rw-1', 'store-1', 'store-2', 'store-3'];
  const named = async () =>
    [...new Set((await writesSoFar(page)).map(({ database }) => database.split('/').at(-1)))].sort();
  await expect.poll(named).toEqual(everyone);
  await expect.poll(async () => (await writesSoFar(page)).length).toBeGreaterThan(50);
  const writes = await writesSoFar(page);
  expect(writes.filter(({ durability }) => durability !== 'strict')).toEqual([]);
});
