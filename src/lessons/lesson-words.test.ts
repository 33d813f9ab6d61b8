// The words of lessons, as they are written: a number that a run has come to is a fact in braces, so that it is right whatever the run
// is. Typed are only numbers that the lesson itself gives, in a statement, a fault, a scale or a challenge, and those of `known`.

import { expect, test } from 'vitest';
import { lessonData, lessonNames } from '../../scripts/lessons.mjs';

/** Steps of the sources are called by letter and number: T1 to T5, P1 to P6, R1 to R7. */
const LABEL = /\b[TPR]\d\b/g;
const PLACE = /\{[A-Za-z][\w-]*\}/g;
const NUMBER = /\d+(?:\.\d+)?/g;
/** A position in the log. */
const POSITION = /\b(?:LSN|VDL|VCL|SCL|PGMRPL)s? (?:to |of |at )?\d|\[\d+, ?\d+\)/;

/** What may be typed though the lesson does not give it: of each, why. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  C01: { 107: 'what the UPDATE makes of 100', 1284: 'twelve accounts of 107' },
  D05: { 4: 'how often a reader reports, in ms' },
  F01: { 64: 'KiB of a segment of WAL', 2559: 'blocks of a chunk at full size', 2560: 'likewise' },
  F02: { 128: 'bytes of an object' },
  F04: { 32: 'transactions of a trim group', 256: 'entries of the journal' },
  H04: { 6: 'ms of the timer' },
  H09: { 50: 'times as slow: 5000 on the tape is percent' },
  P01: { 200: 'at that ms it is asked' },
  P07: { 30: 'ms that its reveal waits' },
  S01: { 20: 'what b adds', 40001: 'the code of a refusal' },
  X01: { 4: 'of the name postdb-v4' },
};
/** Names of files: of a relation, and of its file system’s path. */
const NAMES = /\/base\/\d+\.\d/g;

type Data = ReturnType<typeof lessonData>;

const numbersIn = (text: string): readonly string[] =>
  [...text.replaceAll(NAMES, '').replaceAll(PLACE, '').replaceAll(LABEL, '').matchAll(NUMBER)].map(([one]) =>
    String(Number(one)),
  );

/** All texts and numbers below a value. */
const partsOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(partsOf) : [String(value)];

/** Numbers of statements and faults; those by which log is filled up are positions. */
function givenBy({ start, steps, challenge }: Data): ReadonlySet<string> {
  const ofSteps = steps.flatMap(({ action, suggest, question }: Data) => [
    action,
    suggest,
    question?.low,
    question?.high,
  ]);
  const lines = partsOf([start.tape, start.config, ofSteps, challenge.budget, challenge.solution]);
  return new Set(lines.filter((line) => !/^(?:[\d.]+ )?padTo |Messages /.test(line)).flatMap(numbersIn));
}

/** Of the words of a language, those with a number that is not to be typed. */
function typed(data: Data, language: 'en' | 'zh'): readonly string[] {
  const given = givenBy(data);
  const isGoal = (key: string): boolean => key.startsWith('challenge.');
  const words: readonly (readonly [string, string])[] = Object.entries(data.words[language]);
  return words.flatMap(([key, text]) => {
    const strange = isGoal(key)
      ? []
      : numbersIn(text).filter((one) => !given.has(one) && known[data.id]?.[one] === undefined);
    // A goal names the positions that are to be reached.
    return strange.length > 0 || (POSITION.test(text) && !isGoal(key)) ? [`${key}: ${text}`] : [];
  });
}

test.each(lessonNames())('%s says the numbers of its run by facts', (name) => {
  const data = lessonData(name);
  expect(Object.keys(data.words.en).length).toBeGreaterThan(10);
  expect(typed(data, 'en')).toEqual([]);
  expect(typed(data, 'zh')).toEqual([]);
});

test('what may be typed is typed somewhere', () => {
  const unused = Object.entries(known).flatMap(([id, numbers]) => {
    const data = lessonData(id.toLowerCase());
    const said = new Set(partsOf(data.words).flatMap(numbersIn));
    const given = givenBy(data);
    return Object.keys(numbers)
      .filter((one) => !said.has(one) || given.has(one))
      .map((one) => `${id} ${one}`);
  });
  expect(unused).toEqual([]);
});

test('a number of the run that is typed is found, one of a fact, of a name and of a statement is not', () => {
  const data = {
    id: 'T',
    start: { tape: ['6.000 sql d1 "insert into t values (1, 500)"', '14.000 padTo rw-1 107 "g1"'] },
    steps: [],
    challenge: { budget: {}, solution: [] },
    words: { en: { a: 'up to 107', b: 'LSN 500', c: 'T1: {lsn}, {store-3} has 500', d: 'n1 has 7' }, zh: {} },
  };
  expect(typed(data, 'en').map((text) => text.slice(0, 1))).toEqual(['a', 'b', 'd']);
});
