// A lesson is data and nothing else: every lesson of the library is a lesson file in two languages, and a file that is none is refused
// with what is wrong, and where.

import { toJsonSchema } from '@valibot/to-json-schema';
import { describe, expect, test } from 'vitest';
import { lessonData, lessonNames } from '../../scripts/lessons.mjs';
import { lessonEntries } from './catalogue.ts';
import type { Lesson } from './format.ts';
import { lessonOfData, lessonOfFile } from './lesson-file.ts';
import { lessonSchema } from './lesson-schema.ts';
import { loadLesson } from './load-lesson.ts';
import order from './order.json' with { type: 'json' };

async function lessonOf(id: string): Promise<Lesson> {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  return lesson;
}

test.each(lessonNames())('%s.json and its words in both languages are a lesson file', async (name) => {
  const data = lessonData(name);
  const lesson = lessonOfData(data);
  expect('error' in lesson ? lesson.error : lesson.id.toLowerCase()).toBe(name);
  expect(lesson).toStrictEqual(await lessonOf(data.id));
});

describe('the list', () => {
  test('has every lesson with what the lesson says of itself, in the order in which they are best taken', async () => {
    expect(lessonEntries.map(({ id }) => id.toLowerCase()).sort()).toEqual(lessonNames());
    expect(lessonEntries.slice(0, order.length).map(({ id }) => id)).toEqual(order);
    for (const { preset, ...entry } of lessonEntries) {
      const lesson = await lessonOf(entry.id);
      expect(lesson).toMatchObject(entry);
      const { cluster } = lesson.start;
      expect(preset).toBe(cluster.includes('\n') ? null : cluster);
    }
  });

  test('calls one topic by one name', () => {
    const names = new Set(lessonEntries.map(({ topic }) => `${topic.en} ${topic.zh}`));
    expect(names.size).toBe(new Set(lessonEntries.map(({ topic }) => topic.en)).size);
    expect(names.size).toBe(new Set(lessonEntries.map(({ topic }) => topic.zh)).size);
  });
});

test('the published schema is what is checked: `npx vitest run src/lessons/lesson-data.test.ts -u` writes it', async () => {
  const schema = toJsonSchema(lessonSchema, { errorMode: 'ignore' });
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const text = JSON.stringify({ $schema, title: 'A lesson of PostDB Lab', ...schema }, null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot('../../docs/lesson.schema.json');
});

/** A cluster that no preset names. */
const lines = [
  'cluster two-zones',
  'architecture cynosdb',
  'node d1 driver a',
  'node meta-1 meta a',
  'node rw-1 writer a',
  'node store-1..4 store a,b',
  'group store-1..4 write=3 read=2',
  'boot 40.000',
  'seed 11',
];

describe('a file', () => {
  type Changed = Record<string, unknown>;
  interface Data extends Changed {
    readonly start: Changed;
    readonly steps: readonly Changed[];
    readonly words: { readonly en: Changed; readonly zh: Changed };
  }

  /** H01, changed. */
  function errorOf(change: (data: Data) => void): string {
    const data = structuredClone(lessonData('h01')) as unknown as Data;
    change(data);
    const read = lessonOfFile(JSON.stringify(data));
    return 'error' in read ? read.error : '';
  }

  const at = ({ steps }: Data, kind: string): Changed => {
    const found = steps.find((step) => step.kind === kind);
    if (found === undefined) throw new Error(`H01 has no step ${kind}`);
    return found;
  };
  /** Fields of the lesson, or of its first step of a kind. */
  const set = (fields: Changed) => (data: Data) => Object.assign(data, fields);
  const setAt = (kind: string, fields: Changed) => (data: Data) => Object.assign(at(data, kind), fields);

  test('that is not changed is the lesson', () => expect(errorOf(() => undefined)).toBe(''));

  test.each<[name: string, change: (data: Data) => void, error: string]>([
    [
      'another format',
      set({ format: 'postdb-lesson 3' }),
      'the file is not of format "postdb-lesson 4": it is of "postdb-lesson 3"',
    ],
    ['a field that there is none of', set({ colour: 'red' }), 'H01, colour: '],
    ['no cluster', (data) => delete data.start.cluster, 'H01, start.cluster: '],
    [
      'a preset that there is none of',
      (data) => Object.assign(data.start, { cluster: 'oracle' }),
      'H01, start.cluster: unknown preset oracle; known: cynosdb, ',
    ],
    [
      'PRE-9: a cluster whose writes may miss each other',
      (data) => Object.assign(data.start, { cluster: lines.with(6, 'group store-1..4 write=2 read=3') }),
      'H01, start.cluster: line 7, group g1: 2 × 2 ≤ 4: two writes of 2 of 4 copies may miss each other',
    ],
    [
      'PRE-9: a line of a cluster that there is none of',
      (data) => Object.assign(data.start, { cluster: lines.with(2, 'nodes d1 driver a') }),
      'H01, start.cluster: line 3: unknown line nodes of a cluster',
    ],
    [
      'PRE-9: a cluster that is called as a preset is',
      (data) => Object.assign(data.start, { cluster: lines.with(0, 'cluster cynosdb') }),
      'H01, start.cluster: line 1, cluster: cynosdb is the name of a preset or an architecture',
    ],
    [
      'PRE-6: a parameter that does not fit the cluster',
      (data) => Object.assign(data.start, { config: { linkBaseUs: 100 } }),
      'H01, start, line 8 of the tape: PRE-6: linkBaseUs = 100 µs is below latencyFloorUs = 300 µs',
    ],
    [
      'a planted bug that there is none of',
      (data) => Object.assign(data.start, { broken: ['store.lies'] }),
      'H01, start.broken: there is no planted bug store.lies',
    ],
    ['no words', (data) => delete (data as Changed).words, 'H01, words: they are missing'],
    ['no title in Chinese', ({ words }) => delete words.zh.title, 'H01, words.zh: "title" is missing'],
    [
      'no words of a step',
      ({ words }) => delete words.en['list.hint'],
      'H01, words.en: "list.hint" is missing',
    ],
    [
      'words of no step',
      ({ words }) => Object.assign(words.zh, { 'lst.hint': '提示' }),
      'H01, words.zh: "lst.hint" is of no step and no field',
    ],
    [
      'a hint in one language',
      ({ words }) => Object.assign(words.zh, { 'challenge.hint.3': '提示' }),
      'H01, words.zh: "challenge.hint.3" is of no step and no field',
    ],
    [
      'a claim that compares nothing',
      set({ pass: ['store-3 is down'] }),
      'H01, pass.0: "store-3 is down", at character 9: a role and a field are missing',
    ],
    [
      'a claim of an event that there is none of',
      setAt('say', { claims: ['holes = 0', 'count hole.opened = 0'] }),
      'H01, step 1 "three-replicas", claims.1: "count hole.opened = 0", at character 7: "hole.opened" is no kind of event',
    ],
    [
      'a fact of a field that there is none of',
      setAt('say', { facts: { lsn: 'last commit.ack.lns' } }),
      'H01, step 1 "three-replicas", facts.lsn: "last commit.ack.lns", at character 6: an event commit.ack has no field “lns”, but',
    ],
    [
      'a trigger that is none',
      setAt('say', { trigger: 'after 41 ms' }),
      'H01, step 1 "three-replicas", trigger: "after 41 ms" is no trigger: next, at 41 ms, on EVENT',
    ],
    [
      'a trigger of a kind of event that there is none of',
      setAt('say', { trigger: 'on nth 2 hole.opened node=store-3' }),
      'trigger: "on nth 2 hole.opened node=store-3": "hole.opened" is no kind of event',
    ],
    [
      'a trigger of two events',
      setAt('say', { trigger: 'on hole.open or hole.closed' }),
      'trigger: "on hole.open or hole.closed": a trigger waits for one kind of event',
    ],
    [
      'a trigger of a field that there is none of',
      setAt('predict', { reveal: 'before wal.receive nod=store-3' }),
      'H01, step 7 "list", reveal: "wal.receive nod=store-3", at character 13: an event wal.receive has no field “nod”',
    ],
    [
      'a trigger of a claim that is none',
      setAt('say', { trigger: { when: ['holes = 0', 'holes'] } }),
      'H01, step 1 "three-replicas", trigger.when.1: "holes", at character 6: one of >= <=',
    ],
    [
      'a place that is none',
      setAt('say', { focus: 'lsns 108-112' }),
      'step 1 "three-replicas", focus: "lsns 108-112" is no place: store-3, rw-1 > store-3',
    ],
    [
      'a tape line with a brace that is not closed',
      setAt('act', { action: ['crash {leader'] }),
      'H01, step 2, action.0: "crash {leader", at character 14: “}” is expected',
    ],
    [
      'a tape line that is none',
      setAt('act', { action: ['explode store-3'] }),
      'H01, step 2 "step-2", "explode store-3"',
    ],
    [
      'messages of a family that there is none of',
      setAt('act', { action: ['dropMessages mail rw-1 > store-3'] }),
      'H01, step 2, action.0: "dropMessages mail rw-1 > store-3": mail is no family of messages: ',
    ],
    [
      'messages that go nowhere',
      setAt('act', { action: ['holdMessages wal rw-1'] }),
      'action.0: "holdMessages wal rw-1": it is written dropMessages FAMILY FROM > TO',
    ],
    ['a step that says something and has no id', (data) => delete at(data, 'say').id, 'H01, step 1, id: '],
    [
      'a step that asks and has no id',
      setAt('act', { asks: true }),
      'H01, step 2: a step that asks has to have an id',
    ],
    [
      'an answer that is no option',
      setAt('predict', {
        question: { form: 'choice', options: ['yes'], answer: [{ option: 'no' }] },
      }),
      'H01, step 7 "list", question: the answer "no" is none of the options',
    ],
    [
      'a drawing that is none',
      (data) => Object.assign(at(data, 'predict').question as Changed, { start: 'data 104-116' }),
      'H01, step 7 "list", question.start: "data 104-116" is no status list',
    ],
    [
      'a tape that cannot be read',
      (data) => Object.assign(data.start, { tape: ['rubbish'] }),
      'H01, start, line 7 of the tape',
    ],
    ['two steps of one id', setAt('predict', { id: 'drop' }), 'H01, step 7: two steps have the id "drop"'],
  ])('with %s is refused, with what and where', (_name, change, error) => {
    expect(errorOf(change)).toContain(error);
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

test.each(['nope', 'constructor', '__proto__'])('there is no lesson %s', async (id) =>
  expect(await loadLesson(id)).toEqual({ error: `there is no lesson ${id}` }),
);
