// A first difference may be any event: each of a real run, and every ordinary kind, has words in both languages.

import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { pageKey } from '../../core/page/page-key.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { traceKinds, traceRank } from '../../stacks/trace.ts';
import { setLanguage, t, textInBoth } from '../i18n/i18n.ts';
import { eventText } from '../model/event-text.ts';
import { namePages } from '../model/known-names.ts';
import { shootTransfers, shootWorld } from '../testing/world-frame.ts';
import { hasCaption } from './captions.ts';
import { eventLine, eventWords } from './event-words.ts';

beforeAll(() => vi.stubGlobal('document', { documentElement: { lang: 'en' } }));
afterEach(() => setLanguage('en'));

test('every kind is said: by its caption, or as what an ordinary one is', async () => {
  await setLanguage('zh-CN');
  const wordless = traceKinds.filter((kind) => !hasCaption(kind) && textInBoth(`kind.${kind}`).length !== 2);
  expect(wordless).toEqual([]);
  expect(traceKinds.filter((kind) => traceRank(kind) < 2 && !hasCaption(kind)).length).toBeGreaterThan(10);
});

test('the events of a run with a cut and a crash, in words of the page; their lines stay as they are', async () => {
  const shot = shootTransfers(
    await loadSqlEdge(),
    52,
    '40.000 cut rw-1 | store-3 for 4.000 ms',
    '45.000 crash store-2 for 2.000 ms',
  );
  const byKind = new Map<string, ListedEvent>(shot.events.map((listed) => [listed.event.kind, listed]));
  expect(byKind.size).toBeGreaterThan(25);
  for (const listed of byKind.values()) {
    await setLanguage('zh-CN');
    expect(eventWords(listed, shot.frame, t), eventLine(listed)).toMatch(/\p{Script=Han}/u);
    expect(eventWords(listed, shot.frame, t)).not.toMatch(/\{\{/);
    await setLanguage('en');
    expect(eventWords(listed, shot.frame, t), eventLine(listed)).not.toMatch(/\{\{|^kind\.|\p{Script=Han}/u);
  }
  const cut = shot.events.find(({ event }) => event.kind === 'world.action' && event.action === 'cut');
  if (cut === undefined) throw new Error('the cut');
  expect(eventWords(cut, shot.frame, t)).toBe('cut rw-1–store-3 for 4 ms');
  expect(eventLine(cut)).toContain('cut rw-1 | store-3 for 4.000 ms');
});

test.each(['hook-hole', 'cynosdb'])(
  'no event of the recorded run of %s shows the key of a page',
  async (preset) => {
    const tape = readFileSync(new URL(`../../cli/recorded/${preset}.tape`, import.meta.url), 'utf8');
    // With a page of a table read by its key, which the recorded ones do not do.
    const lines = [
      ...tape.split('\n').filter((line) => /^(set |[\d.]+ )/.test(line)),
      `90.000 readPage rw-1 ${heap} 100`,
    ];
    const { events, frame } = shootWorld({
      edge: await loadSqlEdge(),
      preset,
      lines: lines.sort((a, b) => timeOf(a) - timeOf(b)),
      atMs: 120,
      view: {},
    });
    const keys = new Set(
      events.flatMap(({ event }) =>
        'blockKey' in event && event.blockKey > 9999 ? [String(event.blockKey)] : [],
      ),
    );
    expect(keys.size).toBeGreaterThan(3);
    for (const listed of events) {
      // What was typed on the tape stays as it is there.
      const line = listed.event.kind === 'world.action' ? '' : eventText(listed.event);
      for (const language of ['en', 'zh-CN'] as const) {
        await setLanguage(language);
        const said = `${eventWords(listed, frame, t)} ${line}`;
        for (const number of said.match(/\d{5,}/g) ?? []) expect(keys, said).not.toContain(number);
      }
    }
  },
);

/** First block of the first relation of a user. */
const heap = pageKey(4, 0, 1);
const timeOf = (line: string): number => (line.startsWith('set') ? -1 : Number.parseFloat(line));

test('a message that names a page by its key says its name; other numbers stay', () => {
  expect(namePages(`page ${heap} at 120 for read point 118`)).toBe(
    'page relation 4#1 at 120 for read point 118',
  );
  expect(namePages(`store/g1/page/${heap}/300`)).toBe('store/g1/page/relation 4#1/300');
  expect(namePages('3 pages of 120')).toBe('3 pages of 120');
});
