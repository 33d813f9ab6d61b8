// Every write transaction of the fabric and of every node is strict: seen from inside their workers, whose own scripts
// are served with an observer in front of them.
import type { Page } from '@playwright/test';
import { expect, test } from './support/lab-fixture.ts';
import { act, query, setSpeed, waitForLive } from './support/lab-page.ts';

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

async function watchWrites(page: Page): Promise<readonly Write[]> {
  const writes: Write[] = [];
  await page.exposeBinding('tellWrite', (_source, write: Write) => {
    writes.push(write);
  });
  await page.addInitScript(() => {
    new BroadcastChannel('write-transactions').onmessage = ({ data }) => {
      const tell: unknown = Reflect.get(window, 'tellWrite');
      if (typeof tell === 'function') tell(data);
    };
  });
  return writes;
}

test('every write transaction of every database is strict', async ({ lab, hostBuild }) => {
  const address = await hostBuild('/', (name, text) =>
    /(node|fabric)-worker-[^/]*\.js$/.test(name) ? `${observer}${text}` : text,
  );
  const page = lab.page();
  const writes = await watchWrites(page);
  await page.goto(address);
  await waitForLive(page);
  await setSpeed(page, 'max');
  await query(page, 'create table notes(id int primary key)');
  await query(page, 'insert into notes values (1)');
  // A crash writes the survivors, a restart stamps a new life.
  await act(page, 'crash store-2');
  await query(page, 'insert into notes values (2)');
  await act(page, 'restart store-2');
  await query(page, 'insert into notes values (3)');
  const databases = new Set(writes.map(({ database }) => database.split('/').at(-1)));
  const everyone = ['d1', 'fabric', 'meta-1', 'rw-1', 'store-1', 'store-2', 'store-3'];
  expect([...databases].sort()).toEqual(everyone);
  expect(writes.length).toBeGreaterThan(50);
  expect(writes.filter(({ durability }) => durability !== 'strict')).toEqual([]);
});
