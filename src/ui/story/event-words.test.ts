// A first difference may be any event: each of a real run, and every ordinary kind, has words in both languages.

import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import type { ListedEvent } from '../../sim/frame.ts';
import { traceKinds, traceRank } from '../../sim/trace-codec.ts';
import { setLanguage, t, textInBoth } from '../i18n/i18n.ts';
import { shootTransfers } from '../testing/world-frame.ts';
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
  const { cluster } = shot.frame;
  for (const listed of byKind.values()) {
    await setLanguage('zh-CN');
    expect(eventWords(listed, cluster, t), eventLine(listed)).toMatch(/\p{Script=Han}/u);
    expect(eventWords(listed, cluster, t)).not.toMatch(/\{\{/);
    await setLanguage('en');
    expect(eventWords(listed, cluster, t), eventLine(listed)).not.toMatch(/\{\{|^kind\.|\p{Script=Han}/u);
  }
  const cut = shot.events.find(({ event }) => event.kind === 'world.action' && event.action === 'cut');
  if (cut === undefined) throw new Error('the cut');
  expect(eventWords(cut, cluster, t)).toBe('cut rw-1–store-3, 4 ms');
  expect(eventLine(cut)).toContain('cut rw-1 | store-3 for 4.000 ms');
});
