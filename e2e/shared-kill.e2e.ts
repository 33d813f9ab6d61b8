// SIGKILL of the browser in a promotion of shared storage, and in a transaction of the file system's journal, five times each (docs/spec/logindex.md
// LI-72, polarfs.md FS-66): afterwards one writer is open, every acknowledged row is there, the mounted metadata has no fault, and the
// exported tape ends with the same disks without a browser.
import type { Page } from '@playwright/test';
import { deep } from './support/deep.ts';
import { powerCutsOf, replayHeadless } from './support/headless.ts';
import { expect, type Lab, test } from './support/lab-fixture.ts';
import {
  act,
  endDigest,
  exportTape,
  passTime,
  pause,
  query,
  standingFrame,
  standOn,
  waitForLive,
} from './support/lab-page.ts';

/** Virtual µs from the writer's death: from the grant of its token to the end of background replay. */
const IN_PROMOTION = [31_000, 40_000, 52_000, 64_000, 78_000] as const;
/** Virtual µs between two looks at the journal: pages of a new table are stored, each file by two transactions and more. */
const LOOKS = [300, 400, 500, 600, 700] as const;
const SETTLED_US = 400_000;

interface Attachment {
  readonly node: string;
  readonly isOpen: boolean;
  readonly headTx: number;
}

/** Nodes that write the volume, or are about to, where the cluster stands. */
async function attachments(page: Page): Promise<Attachment[]> {
  const { nodes } = await standingFrame(page);
  return nodes.flatMap(({ id, status, view }) =>
    status === 'up'
      ? (view?.roles ?? []).flatMap((role) =>
          role.role === 'compute' && role.mode === 'rw'
            ? [{ node: id as string, isOpen: role.state === 'open', headTx: role.shared?.headTx ?? -1 }]
            : [],
        )
      : [],
  );
}

async function writers(page: Page): Promise<string[]> {
  return (await attachments(page)).flatMap(({ node, isOpen }) => (isOpen ? [node] : []));
}

async function killAndReopen(lab: Lab): Promise<Page> {
  await lab.kill();
  const page = await lab.reopen();
  await lab.goto();
  await waitForLive(page);
  await pause(page);
  return page;
}

async function expectWhole(page: Page, rows: number): Promise<void> {
  expect(await writers(page)).toHaveLength(1);
  const found = await query(page, 'select id from notes order by id');
  expect(found.map(([id]) => Number(id))).toEqual(Array.from({ length: rows }, (_, n) => n));
  expect(await page.evaluate(() => window.lab.frame()?.violations)).toEqual([]);
}

async function expectSameHeadless(page: Page, kills: number): Promise<void> {
  const tape = await exportTape(page);
  const hosted = await endDigest(page);
  expect(powerCutsOf(tape)).toHaveLength(kills);
  const headless = await replayHeadless(tape);
  expect(headless.divergences).toEqual([]);
  expect(headless.nodes).toEqual(hosted.nodes);
}

async function begin(lab: Lab): Promise<Page> {
  const page = await lab.goto();
  await waitForLive(page);
  await standOn(page, 'polardb');
  await passTime(page, 60_000);
  await query(page, 'create table notes(id int primary key)');
  return page;
}

test.use({ storage: 'profile', browserOptions: { viewport: { width: 1280, height: 800 } } });

test(
  'LI-72 FENCE-24 SIGKILL in a promotion, five times: one writer, every acknowledged row, the same disks headless',
  deep,
  async ({ lab }) => {
    let page = await begin(lab);
    let inPromotion = 0;
    for (const [i, atUs] of IN_PROMOTION.entries()) {
      await query(page, `insert into notes values (${i})`);
      const [writer] = await writers(page);
      expect(writer).toBeDefined();
      await act(page, `crash ${writer}`);
      await passTime(page, atUs);
      if ((await writers(page)).length === 0) inPromotion++;
      page = await killAndReopen(lab);
      await act(page, `restart ${writer}`);
      await passTime(page, SETTLED_US);
      await expectWhole(page, i + 1);
    }
    expect(inPromotion).toBeGreaterThanOrEqual(3);
    await expectSameHeadless(page, IN_PROMOTION.length);
  },
);

test(
  'FS-52 FS-66 SIGKILL between the transactions of the journal for a new table, five times: every acknowledged row, no fault in the metadata, the same disks headless',
  deep,
  async ({ lab }) => {
    let page = await begin(lab);
    await passTime(page, SETTLED_US);
    const headTx = async (): Promise<number> => (await attachments(page))[0]?.headTx ?? -1;
    for (const [i, lookUs] of LOOKS.entries()) {
      await query(page, `insert into notes values (${i})`);
      await query(page, `create table t${i} (id int primary key)`);
      // The answer comes before the picture of it.
      await pause(page);
      const before = await headTx();
      for (let look = 0; look < 200 && (await headTx()) === before; look++) await passTime(page, lookUs);
      const killed = await headTx();
      page = await killAndReopen(lab);
      await passTime(page, SETTLED_US);
      await expectWhole(page, i + 1);
      // the first transaction for the table is committed, the next ones are not; what was under way goes on
      const end = await headTx();
      expect([before < killed, killed < end]).toEqual([true, true]);
      expect(await query(page, `select count(*) from t${i}`)).toEqual([['0']]);
    }
    await expectSameHeadless(page, LOOKS.length);
  },
);
