// What the lessons' panel says and does, without a page: steps that keep their secrets, gaps by name, files, switches.

import { describe, expect, test } from 'vitest';
import { incidents } from '../../incidents/library.ts';
import { lessonEntries } from '../../lessons/catalogue.ts';
import type { Answer, Lesson, LessonStep, Question } from '../../lessons/format.ts';
import { afterOf, grade, paint } from '../../lessons/grade.ts';
import { loadLesson } from '../../lessons/load-lesson.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { mutants } from '../../stacks/mutants.ts';
import { tapes } from '../../stacks/tapes.ts';
import type { Compared } from '../../state/lesson-store.ts';
import { t } from '../i18n/i18n.ts';
import { findLens } from '../lens/registry.ts';
import { findRule } from '../rules/registry.ts';
import { describeGap, stepLines } from './describe.ts';
import { passedTo } from './lesson-playback.ts';
import { readingMs } from './reading.ts';
import { lineOf, type StepPlace, stepCount } from './step-items.ts';
import { caughtBy, isHook, mutantTape, switches, switchesOf } from './switches.ts';
import '../../words/lessons.en.json';

const ranges: Extract<Question, { form: 'ranges' }> = {
  form: 'ranges',
  first: 104,
  last: 116,
  types: ['data', 'hole'],
  start: [{ first: 104, last: 116, type: 'data' }],
  answer: 'store-3 list.g1',
};

async function lessonOf(id: string): Promise<Lesson> {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  return lesson;
}

describe('a prediction beside the truth', () => {
  test('E26 the lesson’s words for an answer are said of that answer only', async () => {
    const { steps } = await lessonOf('D06');
    const step = steps.find(({ id }) => id === 'open');
    if (step?.kind !== 'predict') throw new Error('D06 asks when the first commit is');
    expect(afterOf(step, 'before')).toBe(step.after);
    expect(afterOf(step, 'after').en).toContain('came out otherwise');
    // an answer that the words do not depend on
    expect(afterOf({ ...step, says: null }, 'after')).toBe(step.after);
  });

  const truth = [
    { first: 104, last: 108, type: 'data' },
    { first: 108, last: 112, type: 'hole' },
    { first: 112, last: 116, type: 'data' },
  ] as const;

  test('each differing stretch is one gap, named with what was drawn and what is so', () => {
    const drawn = paint(ranges.start, 106, 110, 'hole');
    const { right, gaps } = grade(ranges, drawn, truth);
    expect(right).toBe(false);
    expect(gaps.map((gap) => describeGap(ranges, gap, t))).toEqual([
      '[106,108): you drew “Hole, not asked”, it is “Durable”.',
      '[110,112): you drew “Durable”, it is “Hole, not asked”.',
    ]);
  });

  test('painting joins neighbours, so a drawing has one form', () => {
    const drawn = paint(paint(ranges.start, 108, 110, 'hole'), 110, 112, 'hole');
    expect(drawn).toEqual(truth);
    expect(grade(ranges, drawn, truth)).toEqual({ right: true, near: false, gaps: [] });
    expect(paint(drawn, 108, 112, 'data')).toEqual(ranges.start);
  });

  test('a number says how far off it was, and in which direction', () => {
    const number: Question = { form: 'number', low: 0, high: 9, answer: 'holes' };
    const words = (given: number): string[] =>
      grade(number, given, 4).gaps.map((gap) => describeGap(number, gap, t));
    expect(words(4)).toEqual([]);
    expect(words(6)).toEqual(['2 too high: you said 6, it is 4.']);
    expect(words(1)).toEqual(['3 too low: you said 1, it is 4.']);
  });

  test('an order and nodes are compared place by place', () => {
    const slots: Question = {
      form: 'nodes',
      slots: [
        { id: 'a', text: { en: 'Hole A', zh: '空洞 A' } },
        { id: 'b', text: { en: 'Hole B', zh: '空洞 B' } },
      ],
      nodes: ['store-1', 'store-2'],
      answer: ['first hole.sent.to', 'last hole.sent.to'],
    };
    const { gaps } = grade(slots, ['store-1', 'store-1'], ['store-1', 'store-2']);
    expect(gaps.map((gap) => describeGap(slots, gap, t))).toEqual([
      'Hole B: you said store-1, it is store-2.',
    ]);
  });

  test('words that are a sentence of their own stand in quotation marks', () => {
    const options = [
      { id: 'all', text: { en: '4: the waiting row, too', zh: '4：等待的也算' } },
      { id: 'committed', text: { en: '3: what is committed', zh: '3：已提交的' } },
    ];
    const choice: Question = { form: 'choice', options, answer: [{ option: 'committed', claims: [] }] };
    const order: Question = { form: 'order', items: options, answer: [] };
    const words = (question: Question, given: Answer, real: Answer): string[] =>
      grade(question, given, real).gaps.map((gap) => describeGap(question, gap, t));
    expect(words(choice, 'all', 'committed')).toEqual([
      'You said “4: the waiting row, too”; it is “3: what is committed”.',
    ]);
    expect(words(order, ['all', 'committed'], ['committed', 'all'])[0]).toBe(
      'Place 1: you said “4: the waiting row, too”, it is “3: what is committed”.',
    );
  });
});

describe('steps', () => {
  const at = async (id: string, next: number): Promise<StepPlace> => ({
    lesson: await lessonOf(id),
    next,
    results: new Map(),
    phase: 'standing',
    asked: null,
    compared: null,
  });

  test('what is to come keeps its secret; the newest step is the current one', async () => {
    const lines = stepLines(await at('H01', 1), t);
    expect(lines.filter(({ state }) => state === 'now')).toHaveLength(1);
    expect(lines[0]?.state).toBe('now');
    const later = lines.filter(({ state }) => state === 'later').map(({ text }) => text);
    expect(new Set(later)).toEqual(
      new Set(['Watch', 'Your turn', 'Predict', 'Compare with what is so', 'Free play']),
    );
  });

  test('a prediction is the current step until it is revealed', async () => {
    const { steps } = await lessonOf('H01');
    const index = steps.findIndex(({ kind }) => kind === 'predict');
    const place = await at('H01', index + 1);
    const current = (results: StepPlace['results']): string | undefined =>
      stepLines({ ...place, results }, t).find(({ state }) => state === 'now')?.text;
    expect(current(new Map())).toBe('Predict');
    const compared = { step: steps[index] } as unknown as Compared;
    expect(current(new Map([[steps[index]?.id ?? '', compared]]))).toBe('Compare with what is so');
  });

  test('what came of a prediction is counted when the person has gone on from it', async () => {
    const { steps } = await lessonOf('H01');
    const index = steps.findIndex(({ kind }) => kind === 'predict');
    const place = await at('H01', index + 1);
    const compared = { step: steps[index] } as unknown as Compared;
    const results = new Map([[steps[index]?.id ?? '', compared]]);
    const counts = [place, { ...place, results, compared }, { ...place, results }].map(
      (one) => stepCount(one).done,
    );
    expect(counts).toEqual([index, index + 1, index + 2].map((n) => n - index + (counts[0] ?? 0)));
  });

  test('what is asked of the person now is the current step, and not counted as done', async () => {
    const { steps } = await lessonOf('D01');
    const index = steps.findIndex((step) => step.kind === 'act' && step.ask !== null);
    const step = steps[index];
    if (step?.kind !== 'act') throw new Error('D01 asks for nothing');
    const asked = { ...(await at('D01', index)), asked: step };
    const now = stepLines(asked, t).filter(({ state }) => state === 'now');
    expect(now).toEqual([{ id: step.id, state: 'now', text: 'Your turn' }]);
    const after = await at('D01', index + 1);
    expect(stepCount(after).done).toBe(stepCount(asked).done + 1);
    // The strip and the mark on the timeline have one number for it.
    expect([stepCount(asked).at, stepCount(after).at]).toEqual([
      lineOf(asked.lesson, index),
      lineOf(asked.lesson, index),
    ]);
  });

  test('the counter counts the lines of the list, one after the other, to the last of them', async () => {
    for (const { id } of lessonEntries) {
      const { steps } = await lessonOf(id);
      const results = new Map(steps.map((step) => [step.id, {} as Compared]));
      const counts = await Promise.all(
        [...steps, null].map(async (_, next) => stepCount({ ...(await at(id, next)), results })),
      );
      const lines = stepLines({ ...(await at(id, steps.length)), phase: 'done', results }, t);
      expect(counts.at(-1)?.of, id).toBe(lines.length);
      expect(stepCount({ ...(await at(id, steps.length)), phase: 'done', results }).done, id).toBe(
        lines.length,
      );
    }
  });
});

test('every lesson opens a lens that exists, and each Why? a rule that has words', async () => {
  const ruleOf = (step: LessonStep): string[] => ('rule' in step && step.rule !== null ? [step.rule] : []);
  for (const { id } of lessonEntries) {
    const { start, steps, rules } = await lessonOf(id);
    expect(findLens(start.lens), `${id} ${start.lens}`).toBeDefined();
    for (const rule of [...rules, ...steps.flatMap(ruleOf)])
      expect(findRule(rule), `${id} ${rule}`).toBeDefined();
  }
});

test('a caption stands long enough to be read', () => {
  expect(readingMs(0)).toBe(readingMs(30));
  expect(readingMs(140)).toBeGreaterThan(9000);
});

describe('break-the-protocol switches', () => {
  test('FENCE-52 the panel or an incident has each mechanism of a switch of the writer that can be turned off', () => {
    const counterparts = incidents.flatMap(({ counterpart }) =>
      'off' in counterpart ? [counterpart.off] : [],
    );
    const offered = [...switches.map(({ name }) => name), ...counterparts];
    for (const name of [
      'store.no-token-check',
      'store.token-in-memory-only',
      'recovery.read-before-token', // H4 before H2
      'recovery.opens-at-one', // clients are answered before H5
      'store.no-truncate',
      'shared.consistent-passes-replay', // FENCE-35
      'engine.forgets-clients', // no monitor sees it while it runs: the incident `retry` counts
    ])
      expect(offered).toContain(name);
  });
  test('each is a planted bug that a monitor catches, named by its rule', () => {
    expect(switches.length).toBeGreaterThan(8);
    expect(new Set(switches.map(({ name }) => name)).size).toBe(switches.length);
    for (const { name } of switches) {
      expect(mutants.map((mutant) => mutant.name)).toContain(name);
      expect(findRule(caughtBy(name)), name).toBeDefined();
    }
  });

  test('each architecture has those of its own, and only where a log is replicated those of that', () => {
    const of = (preset: string): string[] => switchesOf(preset).map(({ name }) => name);
    for (const name of [
      'shared.no-logindex',
      'shared.no-flush-gate',
      'shared.no-outdate',
      'pfs.leader-first',
    ]) {
      expect(of('polardb')).toContain(name);
      expect([...of('cynosdb'), ...of('postdb-v4')]).not.toContain(name);
    }
    // PCS-51: an old map is accepted
    expect(of('postdb-v4')).toEqual(
      expect.arrayContaining([
        'compute.reads-unconfirmed',
        'attachment.splits-unfrozen',
        'store.no-truncate',
      ]),
    );
    expect(of('cynosdb')).not.toContain('compute.reads-unconfirmed');
    expect(of('polardb')).not.toContain('store.no-truncate');
  });

  test('they are on the tape of their run, and the hook has none', () => {
    const parsed = parseTape(tapes, mutantTape('cynosdb', 7, ['store.ack-before-durable']));
    expect(parsed.ok && parsed.tape.header.mutants).toEqual(['store.ack-before-durable']);
    expect(isHook('hook-hole')).toBe(true);
    expect(isHook('cynosdb')).toBe(false);
  });
});

test('a way of more than five seconds at the lesson’s pace is passed up to three before its end', () => {
  expect(passedTo(0, 5000, 1000)).toBeNull();
  expect(passedTo(0, 5001, 1000)).toBe(2001);
  expect(passedTo(10_000, 60_000, 2000)).toBe(54_000);
  expect(passedTo(0, 1e9, 'max')).toBeNull();
});
