// The Chinese texts of the whole project: Latin words from the list only, full-width punctuation, one word for one term.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lessonData, lessonNames } from '../scripts/lessons.mjs';
import { wordFiles } from '../scripts/words.mjs';
import { type ChineseText, chineseTexts } from './testing/chinese-texts.ts';
import { chineseFaults } from './testing/chinese-words.ts';

const source = new URL('./', import.meta.url).pathname;

/** How a term of the glossary is written, and its gloss: names, not sentences. */
const isSpelling = (key: string): boolean => /^term\..+\.(?:names?|labels)$/.test(key);

const textsOf = (path: string): readonly ChineseText[] => {
  const text = readFileSync(join(source, path), 'utf8');
  return /\p{Script=Han}/u.test(text) ? chineseTexts(path, text) : [];
};

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|(?:^|\/)testing\//.test(path),
);

test('every Chinese text: words of the list, full-width punctuation, one word for one term', () => {
  const texts = [
    ...files.flatMap((path) => textsOf(path).map((text) => ({ path, ...text }))),
    ...lessonNames().flatMap((name) => {
      const { en, zh }: Record<string, Record<string, string>> = lessonData(name).words;
      return Object.entries(zh ?? {}).map(([key, text]) => ({
        path: `${name}: ${key}`,
        zh: text,
        en: en?.[key] ?? null,
      }));
    }),
    ...wordFiles().flatMap(({ area, en, zh }) =>
      Object.entries(zh)
        .filter(([key]) => !isSpelling(key))
        .map(([key, text]) => ({ path: `${area}: ${key}`, zh: text, en: en[key] ?? null })),
    ),
  ];
  expect(texts.length).toBeGreaterThan(4000);
  expect(texts.filter(({ en }) => en === null).length).toBeLessThan(100);
  const found = texts.flatMap(({ path, ...text }) =>
    chineseFaults(text).map((fault) => `${path} “${text.zh}”: ${fault}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ['untranslated', 'Metrics', '停靠栏：Metrics', 'Latin word: Metrics'],
  ['a text that is English altogether', 'token', 'token', 'Latin word: token'],
  ['a half-width colon', 'Builder: idle', '构建器: 空闲', 'half-width punctuation'],
  ['a half-width comma', 'Read, written', '已读, 已写', 'half-width punctuation'],
  ['half-width brackets', 'Read (again)', '读取(再次)', 'half-width punctuation'],
  ['a stray space', 'Table read', '表 已读', 'space between Chinese words'],
  ['another word', 'The writer waits', '写者等待', '写者: 写节点 is the word'],
  ['the term is missing', 'A chunk is full', '块已满', '\\bchunks?\\b(?! server): chunk is missing'],
])('%s is found', (_what, en, zh, fault) => {
  expect(chineseFaults({ en, zh })).toContain(fault);
});

test('a text as it should be passes, with a gloss, a name and a line of the tape', () => {
  const texts = [
    '首个分片在切换点封闭 (sealed)：无空隙',
    '{node} 的 VDL 到 {lsn}，rw-1 继续',
    '先 crash rw-1 for 5 ms',
  ];
  for (const zh of texts) expect(chineseFaults({ en: 'x', zh })).toEqual([]);
});

test('texts are found in every form in which they stand', () => {
  const code = `
    export const a = { en: 'one', zh: '一' };
    say(at.next, 'four ' + 'more', '四' + '个');
    const alone = '五';`;
  expect(chineseTexts('x.ts', code).map(({ en, zh }) => [en, zh])).toEqual([
    ['one', '一'],
    ['four more', '四个'],
    [null, '五'],
  ]);
});
