// The glossary: every abbreviation that a text of the page says is explained, in both languages; a name is found where it
// stands, a label by what it says.

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { wordFiles } from '../../../scripts/words.mjs';
import { lessonEntries } from '../../lessons/catalogue.ts';
import { loadLesson } from '../../lessons/load-lesson.ts';
import { findLens } from '../lens/registry.ts';
import { ruleRegistry } from './registry.ts';
import { headOf, namesIn, termOf, termOfLabel, terms, termsIn } from './terms.ts';

/** What the readers of the page know: machines, files, keys of the keyboard, words of SQL and of its answers, a benchmark's name. */
const everyday = new Set(
  (
    'SQL ALTER CPU ID IO URL KB MB GB JSON CSV SVG PNG GIF ZIP EDN OK SIGMOD FIELD TRACE DEBUG INFO WARN ERROR ' +
    // Named where the sentence says what it is.
    'RDMA SPDK ' +
    'INSERT UPDATE DELETE SELECT WHERE AND WITH FOR SET BEGIN ISOLATION LEVEL REPEATABLE READ EXPLAIN ANALYZE YCSB CREATE DROP TABLE'
  ).split(' '),
);

const abbreviation = /(?<![\w-])[A-Z][A-Z]+(?:[a-z]?[A-Z]+)*(?![\w-])/g;

const specFolder = new URL('../../../docs/spec/', import.meta.url);
const spec = readdirSync(specFolder)
  .map((name) => readFileSync(new URL(name, specFolder), 'utf8'))
  .join('\n');

/** Every text of the page by where it comes from. */
async function visibleTexts(): Promise<readonly (readonly [where: string, text: string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const { area, en, zh } of wordFiles())
    for (const [key, text] of [...Object.entries(en), ...Object.entries(zh)])
      found.push([`${area} ${key}`, text]);
  for (const { slug, title, text } of ruleRegistry)
    for (const words of [title, text]) found.push([slug, words.en], [slug, words.zh]);
  for (const { key, text } of terms) found.push([`term ${key}`, text.en], [`term ${key}`, text.zh]);
  for (const { id } of lessonEntries) found.push(...wordsIn(id, await loadLesson(id)));
  return found;
}

/** Every pair of words in a lesson. */
function wordsIn(where: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { en, zh } = value as { en?: unknown; zh?: unknown };
  if (typeof en === 'string' && typeof zh === 'string')
    return [
      [where, en],
      [where, zh],
    ];
  return Object.values(value).flatMap((each) => wordsIn(where, each));
}

let texts: readonly (readonly [string, string])[] = [];
beforeAll(async () => {
  texts = await visibleTexts();
});

test('every abbreviation of a visible text has its entry', () => {
  expect(texts.length).toBeGreaterThan(2000);
  const unknown = texts.flatMap(([where, text]) => {
    const known = namesIn(text);
    return [
      ...text.replace(/\{\w+(?:, plural, one)?/g, (name) => ' '.repeat(name.length)).matchAll(abbreviation),
    ].flatMap(({ 0: word, index }) =>
      everyday.has(word) || known.some(({ first, last }) => first <= index && index < last)
        ? []
        : [`${word} in ${where}`],
    );
  });
  expect(unknown).toEqual([]);
});

test('no text has an encoded key', () => {
  expect(texts.filter(([, text]) => /blockKey|\d{8,}/.test(text))).toEqual([]);
});

describe('an entry', () => {
  test('says one thing, in both languages, and names rules and a lens that exist', () => {
    for (const { key, names, labels = [], gloss, text, ids, lens } of terms) {
      expect(names.length + labels.length, key).toBeGreaterThan(0);
      expect(text.en, key).toMatch(/^[A-Z].*\.$/);
      expect(text.zh, key).toMatch(/\p{Script=Han}.*。$/u);
      expect(gloss, key).toMatch(/\p{Script=Han}/u);
      expect(ids.length, key).toBeGreaterThan(0);
      for (const id of ids) expect(spec, `${key} ${id}`).toContain(`**${id}**`);
      if (lens !== null) expect(findLens(lens), key).toBeDefined();
    }
    expect(new Set(terms.map(({ key }) => key)).size).toBe(terms.length);
  });

  test('has its names for itself', () => {
    const all = terms.flatMap(({ names, labels = [] }) => [...names, ...labels]);
    expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  });
});

describe('a heading', () => {
  const headed = (key: string): readonly (string | undefined)[] => {
    const term = termOf(key);
    return term === undefined ? [] : [headOf(term, 'en'), headOf(term, 'zh'), term.full, term.gloss];
  };

  test.each([
    ['term', 'term', '任期', '', '任期'],
    ['hole', 'hole', '空洞', '', '空洞'],
    ['vdl', 'VDL', 'VDL', 'Volume durable LSN', '卷持久位点'],
    ['acked', 'acked', '已确认', '', '提交确认'],
  ])('of %s is in the language of the page; an abbreviation has its words in both', (key, ...expected) =>
    expect(headed(key)).toEqual(expected),
  );

  test('has no Chinese in English', () =>
    expect(terms.map((term) => headOf(term, 'en')).filter((head) => /\p{Script=Han}/u.test(head))).toEqual(
      [],
    ));
});

describe('a name', () => {
  const keysIn = (text: string): readonly string[] => namesIn(text).map(({ term }) => term.key);

  test.each([
    ['LSN 112 is durable on 2 of 3', ['lsn']],
    ['32 LSNs', ['lsn']],
    ['VCL = VDL 305', ['vcl', 'vdl']],
    ['a recovery now ends at VDL′ 305', ['vdlPrime']],
    ['N/Vw/Vr 3/2/2', ['quorum']],
    ['store-3 lacks [108, 112)', ['range']],
    ['写多数派已达到，VDL 为 305', ['quorum', 'vdl']],
    ['rw-1 and store-3', []],
  ] as const)('in %s', (text, keys) => expect(keysIn(text)).toEqual(keys));

  test('of a label by all it says, whatever its numbers', () => {
    const labels = ['tail', 'disk 3 pending', 'boot 12', 'tx 0 active', '2 volatile', '磁盘待写 3', 'whole'];
    expect(labels.map((label) => termOfLabel(label)?.key)).toEqual([
      'tail',
      'unsynced',
      'bootEpoch',
      'transaction',
      'unsynced',
      'unsynced',
      'whole',
    ]);
    expect(termOfLabel('the tail of the log')).toBeUndefined();
  });

  test('brings those that explain it', () => {
    const keys = termsIn('CPL 1000', 'en').map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['cpl', 'lsn', 'mtr']));
    expect(termOf('vdl')?.ids).toContain('WAL-17');
  });
});
