// The page says what the registry and the specification have, in both languages, and misses no rule that Why? may ask of.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { t } from '../i18n/i18n.ts';
import { ruleRegistry, specFileOf } from '../rules/registry.ts';
import { terms } from '../rules/terms.ts';
import { aboutText, ruleRevision } from './about-text.ts';
import { disagreements, modelRows, rowOfRule } from './content.ts';
import '../../words/about.en.json';

test.each(modelRows.map((row) => [row.id, row] as const))(
  'row %s is bilingual and cites sentences that exist',
  (_id, row) => {
    for (const id of row.ids)
      expect(readFileSync(new URL(`../../../${specFileOf(id)}`, import.meta.url), 'utf8')).toContain(
        `- **${id}**`,
      );
    for (const text of [row.part, row.real, row.simplified, row.absent]) {
      expect(text.en).not.toBe('');
      expect(text.zh === '–' || /\p{Script=Han}|PolarFS/u.test(text.zh)).toBe(true);
    }
  },
);

test('every rule of the registry has its row; the longest beginning decides', () => {
  for (const { slug } of ruleRegistry) expect(rowOfRule(slug), slug).toBeDefined();
  expect(rowOfRule('wal.vdl-is-cpl')?.id).toBe('quorum');
  expect(rowOfRule('wal.truncated-removed')?.id).toBe('recovery');
  expect(rowOfRule('nobody.knows')).toBeUndefined();
});

test('disagreements and the glossary are bilingual; terms are unique', () => {
  for (const { text } of disagreements) expect(text.zh).toMatch(/\p{Script=Han}/u);
  for (const { text, gloss } of terms) {
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(gloss).toMatch(/\p{Script=Han}/u);
  }
  expect(new Set(terms.map(({ key }) => key)).size).toBe(terms.length);
});

test('the page as text has versions and every row', () => {
  const text = aboutText([{ name: 'engine', value: '9' }], 'en', t);
  expect(text).toContain('engine: 9');
  for (const row of modelRows) expect(text).toContain(row.real.en);
  expect(ruleRevision()).toMatch(/^[0-9a-f]{8}$/);
});
