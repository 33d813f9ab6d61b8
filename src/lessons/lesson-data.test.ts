// A lesson is data and nothing else: as a file it is the same lesson, and a file that is none is refused with what is wrong, and where.

import { describe, expect, test } from 'vitest';
import { lessonEntries, loadLesson } from './catalogue.ts';
import type { Lesson } from './format.ts';
import { lessonOfFile, printLesson } from './lesson-file.ts';

async function lessonOf(id: string): Promise<Lesson> {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  return lesson;
}

/** Places at which a value is no data. */
function functionsIn(value: unknown, place = ''): readonly string[] {
  if (typeof value === 'function') return [place];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => functionsIn(one, `${place}.${name}`));
}

test.each(lessonEntries.map(({ id }) => id))('%s is the same lesson as a file', async (id) => {
  const lesson = await lessonOf(id);
  expect(functionsIn(lesson)).toEqual([]);
  expect(JSON.parse(JSON.stringify(lesson))).toStrictEqual(lesson);
  expect(lessonOfFile(printLesson(lesson))).toStrictEqual(lesson);
});

test('a function in a lesson is found', () => {
  expect(functionsIn({ steps: [{ action: () => [] }], pass: [] })).toEqual(['.steps.0.action']);
});

describe('a file', () => {
  type Changed = Record<string, unknown>;
  type Change = (lesson: Changed & { readonly steps: readonly Changed[] }) => void;

  /** H01 as a file, changed. */
  async function errorOf(change: Change): Promise<string> {
    const data = JSON.parse(printLesson(await lessonOf('H01'))) as Parameters<Change>[0];
    change(data);
    const read = lessonOfFile(JSON.stringify(data));
    return 'error' in read ? read.error : '';
  }

  const at = (lesson: Parameters<Change>[0], kind: string): Changed => {
    const found = lesson.steps.find((step) => step.kind === kind);
    if (found === undefined) throw new Error(`H01 has no step ${kind}`);
    return found;
  };

  test.each<[name: string, change: Change, error: string]>([
    [
      'another format',
      (data) => Object.assign(data, { format: 'postdb-lesson 1' }),
      'is not of format "postdb-lesson 2"',
    ],
    ['a field that there is none of', (data) => Object.assign(data, { colour: 'red' }), 'colour'],
    ['no title in Chinese', (data) => Object.assign(data, { title: { en: 'x' } }), 'title.zh'],
    [
      'a claim that compares nothing',
      (data) => Object.assign(data, { pass: ['store-3 is down'] }),
      'pass.0: "store-3 is down", at character 9: a role and a field are missing',
    ],
    [
      'a claim of an event that there is none of',
      (data) => Object.assign(at(data, 'say'), { claims: ['holes = 0', 'count hole.opened = 0'] }),
      'steps.0.claims.1: "count hole.opened = 0", at character 7: "hole.opened" is no kind of event',
    ],
    [
      'a fact of a field that there is none of',
      (data) => Object.assign(at(data, 'say'), { facts: { lsn: 'last commit.ack.lns' } }),
      'steps.0.facts.lsn: "last commit.ack.lns", at character 6: an event commit.ack has no field “lns”, but',
    ],
    [
      'a trigger of a kind that there is none of',
      (data) =>
        Object.assign(at(data, 'say'), { trigger: { kind: 'on', event: 'hole.opened', where: {}, nth: 1 } }),
      'steps.0.trigger.event',
    ],
    [
      'a tape line with a brace that is not closed',
      (data) => Object.assign(at(data, 'act'), { action: ['crash {leader'] }),
      'steps.1.action.0: "crash {leader", at character 14: “}” is expected',
    ],
    [
      'a tape line that is none',
      (data) => Object.assign(at(data, 'act'), { action: ['explode store-3'] }),
      'step b2, "explode store-3"',
    ],
    [
      'an answer that is no option',
      (data) =>
        Object.assign(at(data, 'predict'), {
          question: {
            form: 'choice',
            options: [{ id: 'yes', text: { en: 'yes', zh: '是' } }],
            answer: [{ option: 'no', claims: [] }],
          },
        }),
      'the answer "no" is none of the options',
    ],
    [
      'a tape that cannot be read',
      (data) => Object.assign(data.start as Changed, { tape: ['rubbish'] }),
      'start, line 7 of the tape',
    ],
    [
      'two steps of one id',
      (data) => Object.assign(at(data, 'act'), { id: 'b1' }),
      'steps: two steps have one id',
    ],
  ])('with %s is refused, with what and where', async (_name, change, error) => {
    expect(await errorOf(change)).toContain(error);
  });

  test.each([
    ['nonsense', 'this is not JSON'],
    ['[]', 'a lesson file is a JSON object'],
    ['{}', 'is not of format'],
  ])('%s is refused', (text, error) => {
    const read = lessonOfFile(text);
    expect('error' in read ? read.error : '').toContain(error);
  });
});
