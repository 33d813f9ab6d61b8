// What the tape does is said in both languages: each kind of action, with nothing left open.

import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { printAction } from '../../sim/tape-print.ts';
import { drawAction } from '../../sim/testing/random-actions.ts';
import { findPreset } from '../../stacks/presets.ts';
import { actionNames, tapes } from '../../stacks/tapes.ts';
import { setLanguage, type Translate, t } from '../i18n/i18n.ts';
import { actionWords, lineWords } from './action-words.ts';

beforeAll(() => vi.stubGlobal('document', { documentElement: { lang: 'en' } }));
afterEach(() => setLanguage('en'));

test.each(actionNames)('%s has words in both languages', async (name) => {
  const cluster = findPreset('cynosdb')?.cluster;
  if (cluster === undefined) throw new Error('cynosdb');
  for (let seed = 0; seed < 12; seed++) {
    const action = drawAction(tapes, makePrng(seed, 'action'), name, cluster, 300, 0 as Time);
    const line = printAction(tapes, action);
    await setLanguage('en');
    const english = actionWords(action, t);
    await setLanguage('zh-CN');
    const chinese = actionWords(action, t);
    expect(english).not.toMatch(/\{\{|undefined|NaN|^word\./);
    expect(english).not.toMatch(/\p{Script=Han}/u);
    expect(chinese).not.toMatch(/\{\{|undefined|NaN|^word\./);
    expect(chinese).toMatch(/\p{Script=Han}/u);
    // Read back from the tape's own line.
    expect(lineWords(line, t)).toBe(chinese);
  }
});

test('a band says what the reference picture says, and a line of another version itself', async () => {
  expect(lineWords('cut rw-1 | store-3 for 6.000 ms', t)).toBe('cut rw-1–store-3 for 6 ms');
  expect(lineWords('cut rw-1 > store-3', t)).toBe('cut rw-1→store-3');
  expect(lineWords('crash store-2', t)).toBe('crash store-2');
  expect(lineWords('unheard of store-2', t)).toBe('unheard of store-2');
  await setLanguage('zh-CN');
  expect(lineWords('cut rw-1 | store-3 for 6.000 ms', t)).toBe('切断 rw-1–store-3，持续 6 ms');
  expect(lineWords('crash store-2', t)).toBe('store-2 宕机');
});

test('the words of a line are those of the texts as they are now', () => {
  expect(lineWords('crash store-2', t)).toBe('crash store-2');
  const other: Translate = (key, ...params) => (key === 'word.crash' ? 'falls' : t(key, ...params));
  expect(lineWords('crash store-2', other)).toBe('falls');
});
