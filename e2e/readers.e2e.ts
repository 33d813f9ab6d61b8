// Readers at 1280 × 800 (docs/spec/readers.md): the preset by its name, a session that reads its own write at a reader, versions of
// one page at writer, readers and stores, a frozen reader that lags and holds PGMRPL, its revocation; and a share link of all that.
import type { Locator, Page } from '@playwright/test';
import { isDeep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import { act, node, openPreset, pause, playLink, query, standingFrame } from './support/lab-page.ts';

async function runOn(page: Page, us: number): Promise<void> {
  const to = (await page.evaluate(() => window.lab.run().liveTime)) / 1000 + us / 1000;
  const done = await page.evaluate((text) => window.lab.runUntil(text), `time >= ${to}`);
  expect(done.ok).toBe(true);
}

const lensOf = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const journal = (page: Page): Locator => lensOf(page, 'Journal to readers');

async function attachmentsOf(page: Page) {
  const { nodes } = await standingFrame(page);
  return new Map(
    nodes.flatMap(({ id, view }) =>
      (view?.roles ?? []).flatMap((role) => (role.role === 'compute' ? [[id as string, role] as const] : [])),
    ),
  );
}

/** As the table of readers says it: number of the column `heading` in the reader's row. */
async function numberOf(page: Page, reader: string, column: number): Promise<number> {
  const row = journal(page)
    .getByRole('region', { name: 'Readers of v1' })
    .getByRole('row')
    .filter({ hasText: reader });
  return Number(((await row.getByRole('cell').nth(column).textContent()) ?? '').replace(/\D/g, ''));
}

const lagColumn = 3;

test.use({ browserOptions: { viewport: { width: 1280, height: 800 } } });

test('READ-1 READ-24 READ-28 READ-43 a session reads its own write at a reader; one page on all nodes; a frozen reader lags, holds PGMRPL and is revoked; a share link', async ({
  lab,
}) => {
  const page = await openPreset(lab, 'cynosdb-ro');

  await test.step('READ-1 the preset has two readers, which are no writers', async () => {
    await runOn(page, 120_000);
    for (const id of ['ro-1', 'ro-2'])
      await expect(node(page, id)).toHaveAccessibleName(/reader, up, sees all up to \d+/);
    await expect(node(page, 'rw-1')).toHaveAccessibleName(/writer, up, log safe up to \d+/);
  });

  const answered = (): Promise<readonly { from: string; scn: number; bound: number }[]> =>
    page.evaluate(async () => {
      const query = { from: 0, to: window.lab.run().liveTime + 1, minRank: 0, known: null, limit: 10_000 };
      const past = await window.lab.past({ ...query, kinds: ['session.read'], withMessages: false });
      return past.events.flatMap(({ event }) =>
        event.kind === 'session.read' && event.session === 'me' ? [event] : [],
      );
    });

  await test.step('READ-43 a session reads its own write, and the read was answered by a reader', async () => {
    await act(page, 'session d1 me any session');
    await query(page, 'update accounts set balance = 4711 where id = 7', 'me');
    expect(await query(page, 'select balance from accounts where id = 7', 'me')).toEqual([['4711']]);
    // The write is answered by the writer with its SCN; the read waits at a reader until it has that.
    await expect.poll(async () => (await answered()).length).toBe(2);
    const [write, read] = await answered();
    expect(write?.from).toBe('rw-1');
    expect(read?.from).toMatch(/^ro-[12]$/);
    expect(read?.bound).toBe(write?.scn);
  });

  await test.step('READ-21 READ-23 one row’s way: from its statement to the buffer, both readers and three stores', async () => {
    await query(page, "insert into accounts values (4712, 'way', 1)", 'me');
    await expect.poll(async () => (await answered()).length).toBe(3);
    const scn = (await answered()).at(-1)?.scn ?? 0;
    for (const id of ['ro-1', 'ro-2']) {
      await act(page, `session d1 at-${id} ${id} session ${scn}`);
      const text = 'select owner from accounts where id = 4712';
      expect(await query(page, text, `at-${id}`)).toEqual([['way']]);
    }
    await runOn(page, 60_000); // the stores build pages meanwhile
    await pause(page);
    const at = await page.evaluate(async (upTo) => {
      const query = { from: 0, to: window.lab.run().liveTime, minRank: 0, known: null, limit: 10_000 };
      const past = await window.lab.past({ ...query, kinds: ['ro.pageRead'], withMessages: false });
      // the heap page is the last one that the statement looked at
      const read = past.events.findLast(
        ({ node: where, event }) =>
          where === 'ro-2' &&
          event.kind === 'ro.pageRead' &&
          event.readPoint >= upTo &&
          event.pageLsn <= upTo,
      )?.event;
      return read?.kind === 'ro.pageRead' ? { page: read.blockKey, lsn: read.pageLsn } : null;
    }, scn);
    if (at === null) throw new Error('ro-2 has read no page of it');
    await page.keyboard.press('4');
    const lens = lensOf(page, 'Page versions');
    await lens.getByRole('combobox', { name: 'page' }).selectOption(String(at.page));
    await lens.getByRole('button', { name: 'Show as a table' }).click();
    const copies = lens.getByRole('table', { name: /^Versions of / });
    for (const id of ['rw-1', 'ro-1', 'ro-2', 'store-1', 'store-2', 'store-3'])
      await expect(
        copies
          .getByRole('row')
          .filter({ hasText: id })
          .filter({ hasText: String(at.lsn) })
          .first(),
      ).toBeVisible();
    await lens.getByRole('button', { name: 'Show as a table' }).click();
  });

  await test.step('R-5 READ-12 READ-23 READ-42 an index splits while a reader scans: it keeps the old tree, the next scan has the new one whole', async () => {
    if (!isDeep) return;
    await query(page, 'create table many (id int primary key, body text)', 'me');
    await query(page, "insert into many values (0, 'first')", 'me');
    await act(page, `session d1 scan ro-1 session ${(await answered()).at(-1)?.scn ?? 0}`);
    await query(page, 'begin isolation level repeatable read', 'scan');
    expect(await query(page, 'select count(*), min(id) from many', 'scan')).toEqual([['1', '0']]);
    const rows = Array.from({ length: 900 }, (_, i) => `(${i + 1}, 'row ${i + 1}')`);
    await query(page, `insert into many values ${rows.join(', ')}`, 'me');
    await runOn(page, 30_000);
    expect(await query(page, 'select count(*), max(id) from many', 'scan')).toEqual([['1', '0']]);
    await query(page, 'commit', 'scan');
    expect(await query(page, 'select count(*), max(id) from many', 'scan')).toEqual([['901', '900']]);
    expect(await query(page, 'select body from many where id = 777', 'scan')).toEqual([['row 777']]);
  });

  await test.step('READ-20 the lens of page versions by its key: a row for the writer, each reader and each store', async () => {
    await pause(page);
    await page.keyboard.press('4');
    const lens = lensOf(page, 'Page versions');
    await expect(lens).toBeVisible();
    await lens.getByRole('button', { name: 'Show as a table' }).focus();
    await page.keyboard.press('Enter');
    const table = lens.getByRole('table', { name: /^Versions of / });
    for (const id of ['rw-1', 'ro-1', 'ro-2', 'store-1', 'store-2', 'store-3'])
      await expect(table.getByRole('row').filter({ hasText: id }).first()).toBeVisible();
    const attachments = await attachmentsOf(page);
    const applied = attachments.get('ro-1')?.reader?.applyLsn ?? -1;
    expect(applied).toBeGreaterThan(0);
    await expect(table.getByRole('row').filter({ hasText: 'ro-1' }).last()).toContainText(String(applied));
    await page.keyboard.press('Enter');
    await expect(lens.locator('svg[data-plot]').first()).toBeVisible();
  });

  await test.step('READ-24 a reader is frozen by keyboard: it lags, and PGMRPL stays at its pin', async () => {
    await page.keyboard.press('3');
    await expect(journal(page)).toBeVisible();
    await journal(page).getByRole('button', { name: 'Freeze', exact: true }).focus();
    await page.keyboard.press('Enter');
    await expect(node(page, 'ro-1')).toHaveAccessibleName(/frozen/);
    for (let i = 0; i < 4; i++) await query(page, `update accounts set balance = ${i} where id = 8`, 'me');
    await runOn(page, 150_000);
    await expect
      .poll(() => numberOf(page, 'ro-1', lagColumn))
      .toBeGreaterThan(await numberOf(page, 'ro-2', lagColumn));
    await expect(journal(page)).toContainText('ro-1 holds the oldest read back.');
    const writer = (await attachmentsOf(page)).get('rw-1');
    const pin = writer?.readers?.find(({ reader }) => reader === 'ro-1')?.mrpl;
    expect(writer?.pgmrpl).toBe(pin);
    expect(writer?.pgmrpl).toBeLessThan(writer?.vdl ?? 0);
  });

  await test.step('READ-28 its session is revoked: the pin is gone', async () => {
    const before = (await attachmentsOf(page)).get('rw-1')?.pgmrpl ?? 0;
    await journal(page).getByRole('button', { name: 'Revoke its session' }).click();
    await runOn(page, 150_000);
    const writer = (await attachmentsOf(page)).get('rw-1');
    expect(writer?.readers?.some(({ reader }) => reader === 'ro-1')).toBe(false);
    expect(writer?.pgmrpl).toBeGreaterThan(before);
    await expect(journal(page)).not.toContainText('ro-1 holds the oldest read back.');
  });

  await test.step('READ-30 it goes on, joins again and catches up', async () => {
    await journal(page).getByRole('button', { name: 'Resume' }).click();
    await runOn(page, 300_000);
    await expect.poll(() => numberOf(page, 'ro-1', lagColumn)).toBeLessThan(64);
    expect((await attachmentsOf(page)).get('ro-1')?.reader?.session).toBe('joined');
  });

  await test.step('E13 a link of it plays the same run elsewhere', async () => {
    if (!isDeep) return;
    await pause(page);
    const guest = await playLink(page, await lab.newTab());
    await guest.keyboard.press('3');
    await expect(journal(guest)).toContainText(/Readers of v1/);
    const there = async (): Promise<number> =>
      (await numberOf(guest, 'ro-1', 2)) - (await numberOf(page, 'ro-1', 2));
    await expect.poll(there).toBe(0);
  });
});
