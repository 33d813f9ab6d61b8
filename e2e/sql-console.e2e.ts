// E45: what the console says of a statement that cannot be run; E32: a value of a result leads back to its statement
// through the lenses; to whom statements go when there is a second volume, and that
// both volumes outlive a reload.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { ENGINE } from '../src/sim/engine.ts';
import { deep } from './support/deep.ts';
import { expect, test } from './support/lab-fixture.ts';
import {
  expectToPass,
  exportTape,
  leaveByEscape,
  pause,
  query,
  readNumber,
  runInConsole,
  runState,
  startTape,
  waitForLive,
  watermark,
} from './support/lab-page.ts';

test(
  'E45 an error has its code and position, a missing feature its name, and the cluster goes on; E32 a value leads to its statement; a restored volume is asked by itself',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await page.keyboard.press('5');
    const wrong = await runInConsole(page, 'select id,\n  from from accounts');
    await expect(wrong.getByRole('alert')).toContainText(/^42601 .*at line 2, column 3 \(position 14\)$/);
    const unknown = await runInConsole(page, 'select owner, surname from accounts');
    await expect(unknown.getByRole('alert')).toContainText(/^42703 .*surname.*at line 1, column 15/);
    const missing = await runInConsole(page, 'create table limited (t timetz)');
    await expect(missing.getByRole('alert')).toContainText(/^0A000 .*timetz.*at line 1/);
    const right = await runInConsole(page, 'select count(*) from accounts');
    await expect(right.getByRole('cell', { name: '100' })).toBeVisible();
    const described = await runInConsole(page, '\\d accounts');
    await expect(described.getByRole('row', { name: /owner text/ })).toBeVisible();
    await expect(runState(page)).toHaveText('LIVE');
    const vdl = watermark(page, 'VDL', 'v1');
    await expectToPass(vdl, await readNumber(vdl));
    await test.step('PCS-94 PCS-99 the trace of a statement is opened, read and exported by keyboard', () =>
      openTrace(page));
    await test.step('E32 a value of a result leads to its statement; each hop focuses its lens', () =>
      followValue(page));
    await test.step('beside a restored volume the console asks the volume that was chosen, and an LSN is of one of them', () =>
      askRestored(page));
  },
);

const lens = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true });

async function openTrace(page: Page): Promise<void> {
  await pause(page);
  const answer = await runInConsole(page, 'update accounts set balance = balance + 1 where id = 3');
  await answer.getByRole('button', { name: 'Open the trace' }).focus();
  await page.keyboard.press('Enter');
  const traces = lens(page, 'Way of a statement');
  // Two replicas of three have answered; the third may not have heard of it yet.
  const drawing = traces.getByRole('img', { name: /\d+ spans on [45] nodes/ });
  await drawing.focus();
  const nodes = Number(/on (\d) nodes/.exec((await drawing.getAttribute('aria-label')) ?? '')?.[1]);
  await page.keyboard.press('End');
  const chosen = traces.getByRole('region', { name: 'The chosen span' });
  await expect(chosen).toContainText(/store-\d write/);
  await page.keyboard.press('Home');
  await expect(chosen).toContainText('d1 statement');
  await traces.getByRole('button', { name: 'Export' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'OTLP/JSON' }).focus();
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  const { resourceSpans } = JSON.parse(await readFile(await file.path(), 'utf8'));
  // A resource for the driver, the writer and each replica.
  expect(resourceSpans).toHaveLength(nodes);
  await leaveByEscape(page, page.getByRole('dialog', { name: 'Export' }));
  // PCS-93: the log of all nodes beside it; a record of the trace leads back to its span.
  await traces.getByRole('tab', { name: 'Trace' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(traces.getByRole('tab', { selected: true })).toHaveText('Log');
  const log = traces.getByRole('table', { name: 'Log of all nodes' });
  await expect(log.getByRole('row', { name: /INFO rw-1 engine commit.ack/ }).first()).toBeVisible();
}

async function followValue(page: Page): Promise<void> {
  // A cluster that stands collects no version that is asked for.
  await pause(page);
  await query(page, 'update accounts set balance = 4242 where id = 7');
  const answer = await runInConsole(page, 'select balance from accounts where id = 7');
  await answer.getByRole('cell', { name: '4242' }).getByRole('button').click();
  await expect(lens(page, 'Page versions')).toBeVisible();
  const list = page
    .getByRole('tabpanel', { name: 'SQL' })
    .getByRole('list', { name: 'where 4242 comes from' });
  const hops = list.getByRole('listitem');
  await expect(hops).toHaveCount(7);
  await expect(hops.nth(0)).toContainText('balance = 4242');
  await expect(hops.nth(1)).toContainText(/row accounts, accounts#\d+ slot \d+/);
  await expect(hops.nth(2)).toContainText(/page accounts#\d+ @ \d+/);
  await expect(hops.nth(6)).toContainText('update accounts set balance = 4242 where id = 7');
  await pause(page);
  await hops.nth(4).getByRole('button').click();
  await expect(lens(page, 'MTR and CPL')).toBeVisible();
  await hops.nth(2).getByRole('button').click();
  await expect(lens(page, 'Page versions')).toBeVisible();
  await expect(lens(page, 'Page versions').getByRole('region', { name: 'rows on the page' })).toContainText(
    '4242',
  );
  await hops.nth(5).getByRole('button').click();
  await expect(lens(page, 'MTR and CPL')).toBeVisible();
  for (const i of [0, 1]) {
    await page.keyboard.press('5');
    await expect(lens(page, 'Page versions')).toHaveCount(0);
    await hops.nth(i).getByRole('button').click();
    await expect(lens(page, 'Page versions')).toBeVisible();
  }
  // The record stands in the log, unless GC has dropped it; the statement is a row of the event list.
  await hops.nth(3).getByRole('button').click();
  await expect(lens(page, 'WAL & holes')).toBeVisible();
  await expect(lens(page, 'Page versions')).toHaveCount(0);
  await hops.nth(6).getByRole('button').click();
  await expect(page.getByRole('tab', { name: 'Events' })).toHaveAttribute('aria-selected', 'true');
  const row = page.getByRole('log', { name: 'Events' }).locator('[aria-current=true]');
  await expect(row).toContainText('sql.start');
  await expect(row).toBeInViewport();
}

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

async function askRestored(page: Page): Promise<void> {
  await startTape(page, restored, 121_000);
  await page.evaluate(() => window.lab.runUntil('recovery.done at rw-2'));
  await expect(runState(page)).toHaveText('PAUSED');

  await page.getByRole('tab', { name: 'SQL' }).click();
  // Answers of the run before, and the value that was followed in it, say nothing of this one.
  await expect(page.getByRole('article')).toHaveCount(0);
  await expect(page.getByRole('list', { name: /^where .* comes from$/ })).toHaveCount(0);
  const target = page.getByRole('combobox', { name: 'Statements go to' });
  await target.selectOption('d1 · v2');
  const there = await runInConsole(page, 'select count(*) from notes');
  await expect(there.getByRole('cell', { name: '3', exact: true })).toBeVisible();
  await target.selectOption('d1 · v1');
  const here = await runInConsole(page, 'select id, note from notes');
  await expect(here.getByRole('row')).toHaveCount(2);
  expect(await exportTape(page)).toMatch(/sql d1 A@v2 "select count/);
  expect(await exportTape(page)).toMatch(/sql d1 A "select id, note/);

  // The pages lens looks at one volume: its writer's marks, its groups' pages.
  await runState(page).click();
  await page.keyboard.press('4');
  const pages = lens(page, 'Page versions');
  await expect(pages.getByRole('status', { name: 'VDL of rw-1', exact: true })).toBeVisible();
  await pages.getByRole('combobox', { name: 'Volume' }).selectOption('v2');
  await expect(pages.getByRole('status', { name: 'VDL of rw-2', exact: true })).toBeVisible();

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
}

test('two sessions on one clock: who waits and for whom, an order that is saved and opened again, and a deadlock by its script', async ({
  lab,
}) => {
  const page = await lab.goto();
  await waitForLive(page);
  await pause(page);
  await page.getByRole('tab', { name: 'SQL' }).click();
  const type = async (session: string, text: string): Promise<void> => {
    await page.getByRole('tab', { name: `Session ${session}` }).click();
    await page.getByRole('textbox', { name: 'SQL statement' }).fill(text);
    await page.getByRole('button', { name: 'Run to my reply' }).click();
  };
  const order = page.getByRole('table', { name: 'Statements of all sessions in the order of time' });
  const left = page.getByRole('tabpanel', { name: /^Session/ });
  await type('A', 'begin isolation level repeatable read; update accounts set balance = 1 where id = 1');
  await expect(left).toContainText(/in a transaction on rw-1 for .*repeatable read.*snapshot at LSN/);
  await page.getByRole('button', { name: 'New session' }).click();
  await type('B', 'update accounts set balance = balance + 5 where id = 1');
  await expect(left).toContainText('waits for Session A');
  await expect(runState(page)).toHaveText('PAUSED');
  await expect(order.getByRole('row').last()).toContainText('waits for Session A');
  await type('A', 'commit');
  await expect(order.getByRole('row').filter({ hasText: 'commit' })).toContainText('COMMIT');
  // What it waited for is over: it goes on when time does.
  await page.getByRole('tab', { name: 'Session B' }).click();
  await page.getByRole('button', { name: 'On to its answer' }).click();
  await expect(order.getByRole('row').last()).toContainText('UPDATE 1');
  await type('B', 'select balance from accounts where id = 1');
  await expect(order.getByRole('row').last().getByRole('cell', { name: '6', exact: true })).toBeVisible();
  await expect(page.getByRole('tab', { name: /Session/ })).toHaveText(['Session A', 'Session B']);
  await test.step('a ROLLBACK by the strip’s button is among the answers', async () => {
    await type('A', 'begin; update accounts set balance = 2 where id = 2');
    await expect(order.getByRole('row').last()).toContainText('UPDATE 1');
    await type('B', 'update accounts set balance = 3 where id = 2');
    await expect(left).toContainText('waits for Session A');
    await page.getByRole('button', { name: 'ROLLBACK of A at d1' }).first().click();
    const rowOf = (text: string): Locator => order.getByRole('row').filter({ hasText: text });
    await expect(rowOf('ROLLBACK')).toHaveCount(1);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    // what was waited for comes as a row of its own
    await expect(rowOf('balance = 3').last()).toContainText('UPDATE 1');
    await expect(rowOf('ROLLBACK').last()).toContainText('ms virtual');
    await pause(page);
  });
  await type('B', 'begin; select nonsense');
  await expect(left).toContainText('a statement failed: only a rollback ends it');
  await type('B', 'rollback');
  await expect(left).not.toContainText('only a rollback ends it');

  const saved = async (entry: string): Promise<string> => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Interleaving' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
    return (await download).path();
  };
  const spec = await saved('Save as a spec');
  expect(await readFile(spec, 'utf8')).toMatch(
    /^session a\nstep a1 [\s\S]*\npermutation a1 b1 a2 b2 a3 b3 a4 b4 b5\n$/,
  );
  const open = async (file: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Interleaving' }).click();
    await page.getByRole('menuitem', { name: 'Open a spec …' }).click();
    await (await chooser).setFiles(file);
  };
  await open('scripts/isolation/specs/deadlock.spec');
  const bar = page.getByRole('region', { name: 'Interleaving deadlock.spec' });
  await bar.getByRole('button', { name: 'All steps' }).click();
  await expect(bar).toContainText(/(\d+) of \1 steps/);
  await expect(order.getByRole('row').last()).toContainText('drop table t');
  await expect(order.getByRole('alert').filter({ hasText: 'nobody could go on' })).toContainText(
    'was chosen to give up',
  );
  const transcript = await saved('Save the transcript');
  expect(await readFile(transcript, 'utf8')).toMatch(
    /step (a\d+): update t set v = 1 where id = 2; <waiting \.\.\.>\nstep b\d+: update t set v = 2 where id = 1;\nstep \1: <\.\.\. completed>\nERROR: {2}deadlock detected/,
  );
  await bar.getByRole('button', { name: 'Close the spec' }).click();
  await open(spec);
  await expect(page.getByRole('region', { name: /^Interleaving/ })).toContainText('next: a1, session A');
});

/** As pg_dump 15 writes three tables, and a function that the lab has not. */
const DUMP = `--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE sql
    AS $$ select n * 2; $$;

CREATE TABLE public.author (
    id integer NOT NULL,
    name text NOT NULL
);
CREATE TABLE public.book (
    id integer NOT NULL,
    author integer,
    title text DEFAULT 'none; yet'::text
);
CREATE TABLE public.loan (
    book integer NOT NULL,
    since date
);

COPY public.author (id, name) FROM stdin;
1\tUrsula
2\tItalo
\\.

COPY public.book (id, author, title) FROM stdin;
1\t1\tThe Dispossessed
2\t2\tInvisible Cities
3\t2\t\\N
\\.

COPY public.loan (book, since) FROM stdin;
\\.

ALTER TABLE ONLY public.author
    ADD CONSTRAINT author_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.book
    ADD CONSTRAINT book_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.book
    ADD CONSTRAINT book_author_fkey FOREIGN KEY (author) REFERENCES public.author(id);
`;

test(
  'psql’s commands in the console: a dump opened, copies both ways, records, a watch, and a statement of before',
  deep,
  async ({ lab }) => {
    const page = await lab.goto();
    await waitForLive(page);
    await pause(page);
    await page.getByRole('tab', { name: 'SQL' }).click();
    const files = (name: string, text: string) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    });
    const answers = page.getByRole('region', { name: 'Results' });

    const opened = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Datasets' }).click();
    await page.getByRole('menuitem', { name: /^A file/ }).click();
    await (await opened).setFiles(files('library.sql', DUMP));
    const load = page.getByRole('region', { name: 'Load of a dataset' });
    await expect(load.getByRole('status')).toHaveText('library.sql: 10 of 11 requests are done.');
    await load.getByText('One statement was refused').click();
    await expect(load.getByRole('listitem')).toHaveText(
      /^line 10: CREATE FUNCTION public\.twice\(n integer\) RETURNS integer → 0A000 /,
    );

    const joined = await runInConsole(
      page,
      'select b.title, a.name from public.book b join public.author a on a.id = b.author order by b.id',
    );
    await expect(joined.getByRole('row', { name: 'Invisible Cities Italo' })).toBeVisible();
    await type(page, '\\x');
    await expect(joined.getByRole('rowheader', { name: 'title' })).toHaveCount(3);
    await expect(joined.getByText('Record 3')).toBeVisible();
    await type(page, '\\x off');
    await expect(joined.getByRole('row', { name: 'Invisible Cities Italo' })).toBeVisible();
    await expect(joined).toContainText(/ms/);
    await type(page, '\\timing');
    await expect(joined.getByText(/^[\d.]+ ms$/)).toHaveCount(0);
    await type(page, '\\timing on');

    const chosen = page.waitForEvent('filechooser');
    await type(page, "\\copy public.loan from 'loans.csv' with (format csv)");
    await (await chosen).setFiles(files('loans.csv', '1,2026-11-30\r\n3,2026-11-29\r\n'));
    await expect(load.getByRole('status')).toHaveText('loans.csv: 1 of 1 requests are done.');
    const saved = page.waitForEvent('download');
    await type(page, '\\copy (select book, since from public.loan order by book) to loans.txt');
    const file = await saved;
    expect(file.suggestedFilename()).toBe('loans.txt');
    expect(await readFile((await file.path()) ?? '', 'utf8')).toBe('1\t2026-11-30\n3\t2026-11-29\n');

    await page.getByRole('button', { name: 'Session settings' }).click();
    await page.getByRole('menuitem', { name: 'SERIALIZABLE' }).click();
    const set = answers.getByRole('article').last();
    await expect(set).toContainText("set default_transaction_isolation = 'serializable'");
    await expect(set).toHaveAttribute('aria-busy', 'false');
    await expect(set.getByRole('alert')).toHaveCount(0);

    await type(page, 'select count(*) from public.loan; \\watch 0.002');
    await expect(page.getByText('Run again every 0.002 s of virtual time')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const counted = answers.getByRole('article').filter({ hasText: 'select count(*) from public.loan' });
    await expect.poll(() => counted.count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'End', exact: true }).click();
    await expect(page.getByText('Run again every 0.002 s of virtual time')).toHaveCount(0);
    await pause(page);

    const editor = page.getByRole('textbox', { name: 'SQL statement' });
    await editor.click();
    await page.keyboard.press('Control+r');
    await page.getByRole('combobox', { name: 'Search in statements of before' }).fill('b join');
    await page.keyboard.press('Enter');
    await expect(editor).toContainText('from public.book b join public.author');
    await expect(editor).toBeFocused();
  },
);

async function type(page: Page, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'SQL statement' });
  await editor.fill(text);
  await page.keyboard.press('Control+Enter');
}
