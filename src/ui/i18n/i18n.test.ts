// Both catalogues are complete and say the same with the same parameters; nothing visible stands outside of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import compile from 'icu-minify/compile';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { argumentsOf, wordFiles, wordsIn } from '../../../scripts/words.mjs';
import { detectLanguage, loadChinese, setLanguage, t, translateLoose } from './i18n.ts';
import { named, sentence } from './sentence.ts';
import '../../words/cynosdb/recovery.en.json';

const uiFolder = new URL('../', import.meta.url).pathname;
const english = wordsIn('en');
const chinese = wordsIn('zh');
beforeAll(loadChinese);

test('中文 has every key of English and none beyond, and a key stands in one area', () => {
  expect(wordFiles().length).toBeGreaterThan(70);
  // A term may have a spelling in one language only.
  const keys = (words: object): readonly string[] =>
    Object.keys(words).filter((key) => !/^term\..+\.(?:names|labels)$/.test(key));
  for (const { area, en, zh } of wordFiles()) expect(keys(zh), area).toEqual(keys(en));
  expect(wordFiles().flatMap(({ en }) => Object.keys(en)).length).toBe(english.size);
});

test('both take the same, and Chinese has one plural form', () => {
  for (const [key, text] of chinese) {
    expect(text, key).not.toMatch(/, plural,/);
    const taken = argumentsOf(english.get(key) ?? '');
    // A language may leave out the node's name where the sentence already says it, never add one.
    for (const name of argumentsOf(text).keys()) expect([...taken.keys()], key).toContain(name);
  }
});

test('a message that is no ICU message is refused with what is wrong', () => {
  expect(() => compile('{name')).toThrow('EXPECT_ARGUMENT_CLOSING_BRACE');
  expect(() => argumentsOf('{at, date}')).toThrow('only {name} and {name, plural, …} are known here');
});

test('no text is empty and none looks like a key', () => {
  for (const [key, text] of [...english, ...chinese]) {
    expect(text.trim(), key).not.toBe('');
    expect(text, key).not.toMatch(/^[a-z]+\.[a-zA-Z]+$/);
  }
});

afterEach(() => setLanguage('en'));

// `setLanguage` writes the document's language; tests have none.
Object.assign(globalThis, { document: { documentElement: { lang: '' } } });

test('a parameter and a plural are put in', () => {
  expect(t('watermark.of', { mark: 'VDL', what: 'v1' })).toBe('VDL of v1');
  expect(t('holes.count', { count: 1 })).toBe('one hole');
  expect(t('holes.count', { count: 4 })).toBe('4 holes');
  setLanguage('zh-CN');
  expect(t('holes.count', { count: 1 })).toBe('1 个空洞');
  expect(document.documentElement.lang).toBe('zh-CN');
});

test('a key from data that nobody knows shows itself', () => {
  expect(translateLoose('progress.boot', {})).toBe('Starting workers');
  expect(translateLoose('progress.nobody', {})).toBe('progress.nobody');
});

test('the browser’s first language decides', () => {
  expect(detectLanguage(['zh-TW', 'en'])).toBe('zh-CN');
  expect(detectLanguage(['de', 'zh'])).toBe('en');
});

function listFiles(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listFiles(path, wanted);
    return wanted.test(path) ? [path] : [];
  });
}

/** Text between tags, and attributes that are read out: words of a language. Acronyms and units may stand. */
const allowed =
  /^(?:PostDB Lab|ev|rw|SCL|NCL|NWL|VDL|L|1|→|·|–|null|English|中文|React Flow|= PGCL|LSN|Ctrl K|✓)$/;

test('no component writes words that are not from the catalogue', () => {
  const found: string[] = [];
  for (const path of listFiles(uiFolder, /\.tsx$/)) {
    const text = readFileSync(path, 'utf8')
      .replace(/\/\/.*$/gm, '')
      .replace(/\/\*[\s\S]*?\*\//g, '');
    const bodies = [...text.matchAll(/>(?:\n\s*)?([A-Za-z][A-Za-z ,.'…-]*)\s*</g)].map(
      (match) => match[1] ?? '',
    );
    const attributes = [...text.matchAll(/(?:aria-label|title|placeholder|alt)="([^"]+)"/g)].map(
      (m) => m[1] ?? '',
    );
    for (const words of [...bodies, ...attributes])
      if (!allowed.test(words.trim()) && !isTypeText(words)) found.push(`${path}: ${words}`);
  }
  expect(found).toEqual([]);
});

/** `Record<string, X>`, `a > b.c < d` and the like: angle brackets around a name are no markup. */
function isTypeText(words: string): boolean {
  return (
    /^[A-Z][A-Za-z]*$/.test(words.trim()) ||
    /^(?:string|number|boolean|unknown|typeof .*|\w+\.\w+)$/.test(words.trim())
  );
}

test('in Chinese a parameter has spaces beside it if it is a Latin name, and none if it is Chinese', async () => {
  const got = (meta: string): string => translateLoose('recovery.gotToken', { meta, token: 2 });
  await setLanguage('zh-CN');
  expect(got('meta-1')).toBe('从 meta-1 得到令牌 2');
  expect(got('元数据')).toBe('从元数据得到令牌 2');
  await setLanguage('en');
  expect(got('meta-1')).toBe('token 2 from meta-1');
});

/** A translated part with a colon or a full stop that is English's. */
const handMade = /\bt\('[^`\n]*\)\}(?:: |\.`)|, t\)\}(?:: |\.`)|: \$\{(?:t\(|\w+\([^`\n]*, t\))/;

test('what is put together from translated parts has the punctuation of the language', () => {
  const found = listFiles(uiFolder, /\.tsx?$/)
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => handMade.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
  setLanguage('zh-CN');
  expect(named('store-1', sentence('空闲', t), t)).toBe('store-1：空闲。');
});
