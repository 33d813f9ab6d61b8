// "Run until …": what cannot be read is said in both languages, with the place, and a time that has passed is no end.

import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { present } from '../../base/assert.ts';
import { readCondition } from '../../run-model/facts/condition.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { setLanguage, t } from '../i18n/i18n.ts';
import { factFaultText } from '../i18n/refusal-text.ts';
import { timeFault } from './until-words.ts';

beforeAll(() => vi.stubGlobal('document', { documentElement: { lang: 'en' } }));
afterEach(() => setLanguage('en'));

describe.each(['en', 'zh-CN'] as const)('%s', (language) => {
  test.each([
    'VDL >= many',
    'VDL 1000',
    'VDL >=',
    'SCL(store-9, g1) > 1',
    'SCL(store-1 g1) > 1',
    'hole.opened',
    'milestone milestone',
    'x'.repeat(201),
  ])('%j is refused in words of its own', async (text) => {
    await setLanguage(language);
    const read = readCondition(known, text, present(findPreset('hook-hole')?.cluster, 'the hook'), []);
    if (read.ok) throw new Error('it was read');
    const words = factFaultText(read.fault);
    if (language === 'en') expect(words).toBe(read.error);
    else expect(words).toMatch(/\p{Script=Han}/u);
    expect(words).not.toContain('until.');
  });
});

test('a time has to be a number of ms that is still to come', () => {
  expect(timeFault('150', 43_000, t)).toBe('');
  expect(timeFault('43.001', 43_000, t)).toBe('');
  expect(timeFault('43', 43_000, t)).toContain('43.000');
  expect(timeFault('1', 43_000, t)).toContain('43.000');
  expect(timeFault('abc', 43_000, t)).toBe(timeFault('-1', 43_000, t));
});
