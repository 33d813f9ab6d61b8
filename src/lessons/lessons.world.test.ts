// The lint of lessons: each is replayed headless by its script. All steps come in their order, it passes with its script
// and not without its key action, both languages are there and short enough, it takes no longer than it says.

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { isDeep } from '../testing/depth.ts';
import { linesOf } from './actions.ts';
import { lessonEntries } from './catalogue.ts';
import { advance, type Director, findTrigger, openLesson, stateOf } from './director.ts';
import { copyDirector } from './director-fixture.ts';
import type { Lesson, LessonStep, Words } from './format.ts';
import { grade } from './grade.ts';
import { freshSteps, silentSteps, unknownPlaces, unusedFacts } from './lesson-claims-fixture.ts';
import { loadLesson } from './load-lesson.ts';
import { countFaults, playOut, runScript, type ScriptRun } from './script.ts';
import { fillStep, OTHERWISE } from './spoken.ts';
import { stageNow, tapeLines } from './stage.ts';

const edge = await loadSqlEdge();

/** The challenge by its solution, after the lesson: whether it is met, and what it cost. */
function solveChallenge(d: Director): {
  readonly met: boolean;
  readonly faults: number;
  readonly ms: number;
} {
  const { challenge } = d.lesson;
  if (challenge === null) return { met: false, faults: 0, ms: 0 };
  const beganAt = stageNow(d.stage);
  const before = d.stage.world.fabric.tape.length;
  for (const { ms, action } of challenge.solution) {
    advance(d, beganAt + ms * 1000);
    tapeLines(d.stage, linesOf(stateOf(d), action));
  }
  const faults = countFaults(d, before);
  const until = findTrigger(d, { kind: 'when', claims: challenge.pass });
  return { met: until !== null, faults, ms: ((until ?? beganAt) - beganAt) / 1000 };
}

const lessons: Lesson[] = [];
for (const { id } of lessonEntries) {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  lessons.push(lesson);
}

const isFirstOfItsPreset = (lesson: Lesson): boolean =>
  lessons.find(({ start }) => start.cluster === lesson.start.cluster) === lesson;

/** Captions are read while the cluster runs; what is asked may be a little longer. */
const CAPTION = { en: 140, zh: 60 };
const QUESTION = { en: 170, zh: 75 };
/** Reading speed by which a lesson's length is judged: letters in a second, and seconds to answer a question. */
const LETTERS_A_SECOND = 15;
const ANSWER_SECONDS = 20;

const captionsOf = (step: LessonStep): readonly Words[] => {
  switch (step.kind) {
    case 'say':
      return [step.text];
    case 'act':
      return step.ask === null ? [] : [step.ask];
    case 'free':
      return [step.text, ...step.suggest.map(({ text }) => text)];
    case 'predict':
      return [step.after, step.hint];
  }
};

const wordsOf = ({ title, goal, topic, passWords, steps, challenge }: Lesson): readonly Words[] => [
  title,
  goal,
  topic,
  passWords,
  ...steps.flatMap(captionsOf),
  ...steps.flatMap((step) => (step.kind === 'predict' ? [step.ask] : [])),
  ...steps.flatMap((step) => {
    if (step.kind !== 'predict') return [];
    const { question } = step;
    if (question.form === 'choice') return question.options.map(({ text }) => text);
    if (question.form === 'order') return question.items.map(({ text }) => text);
    if (question.form === 'nodes') return question.slots.map(({ text }) => text);
    return question.form === 'mark' ? [question.label] : [];
  }),
  ...(challenge === null ? [] : [challenge.goal, ...challenge.hints]),
];

describe.each(lessons)('lesson $id', (lesson) => {
  /** At its beginning: what comes before is played once. */
  let opened: Director;
  let end: Director;
  let played: ScriptRun;
  beforeAll(() => {
    opened = openLesson(lesson, edge);
    end = copyDirector(opened);
    played = playOut(end, 0);
  });

  test('every step comes, in order, and the script passes without violating a rule', () => {
    expect(played.missed).toEqual([]);
    expect(played.passed).toBe(true);
    expect(played.violations).toEqual([]);
    const order = lesson.steps.map(({ id }) => id);
    const seen = [...new Set(played.steps.map(({ step }) => step))];
    expect(seen).toEqual(order);
    const ends = played.steps.map(({ until }) => until);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });

  test.runIf(isDeep || isFirstOfItsPreset(lesson))('played anew from its tape it is the same run', () => {
    expect(runScript(lesson, edge).hash).toBe(played.hash);
  });

  test('it has a key action', () => {
    expect(lesson.steps.some((step) => step.kind === 'act' && step.isKey)).toBe(true);
  });

  // It waits in vain for as long as a trigger may take.
  test.runIf(isDeep || isFirstOfItsPreset(lesson))('without its key action it does not pass', () => {
    expect(playOut(copyDirector(opened), 0, true).passed).toBe(false);
  });

  test('the truth of each question is graded right, and something else wrong', () => {
    const { truths } = played;
    const questions = lesson.steps.filter((step) => step.kind === 'predict');
    expect(questions.length).toBeGreaterThan(0);
    for (const { id, question } of questions) {
      const truth = truths.get(id);
      expect(truth, id).toBeDefined();
      if (truth === undefined) continue;
      expect(grade(question, truth, truth)).toEqual({ right: true, near: false, gaps: [] });
      const other =
        question.form === 'ranges' ? question.start : typeof truth === 'number' ? truth + 1 : ['nobody'];
      expect(grade(question, typeof truth === 'string' ? 'other' : other, truth).right, id).toBe(false);
    }
  });

  test('what is said after an answer is said of the answer that is so', () => {
    for (const step of lesson.steps)
      if (step.kind === 'predict' && step.says !== null)
        expect(played.truths.get(step.id), step.id).toEqual(step.says);
  });

  test('every claim of its steps is so when it is said', () => {
    const wrong = played.steps.flatMap(({ step, spoken }) => {
      const claims = spoken?.claims.filter(({ isSo }) => !isSo) ?? [];
      return spoken === null || (spoken.isSo && claims.length === 0)
        ? []
        : [{ step, claims, values: spoken.values }];
    });
    expect(wrong).toEqual([]);
  });

  test('each step that says something of the run claims something, mostly what was not so at the beginning', () => {
    expect(silentSteps(lesson)).toEqual([]);
    const { all, fresh } = freshSteps(lesson, opened);
    expect(fresh).toBeGreaterThanOrEqual(all / 2);
  });

  test('what stands in braces is a fact of the step, or a node, group or volume of the cluster', () => {
    expect(unknownPlaces(lesson, end)).toEqual([]);
    expect(unusedFacts(lesson, end)).toEqual([]);
  });

  test('both languages are complete and captions are short', () => {
    for (const { en, zh } of wordsOf(lesson)) {
      expect(en.length, en).toBeGreaterThan(1);
      expect(zh, en).toMatch(/[\u4e00-\u9fff]|^VDL$|^PGMRPL$/);
    }
    for (const { en, zh } of lesson.steps.flatMap(captionsOf)) {
      expect(en.length, en).toBeLessThanOrEqual(CAPTION.en);
      expect([...zh].length, zh).toBeLessThanOrEqual(CAPTION.zh);
    }
    for (const step of lesson.steps) {
      if (step.kind !== 'predict') continue;
      expect(step.ask.en.length, step.ask.en).toBeLessThanOrEqual(QUESTION.en);
      expect([...step.ask.zh].length, step.ask.zh).toBeLessThanOrEqual(QUESTION.zh);
    }
  });

  test('it takes no longer than it says, and never more than five minutes', () => {
    const letters = lesson.steps.flatMap(captionsOf).reduce((sum, { en }) => sum + en.length, 0);
    const questions = lesson.steps.filter(({ kind }) => kind === 'predict').length;
    const shown = (played.ms * 1000) / lesson.start.speed;
    const minutes = (letters / LETTERS_A_SECOND + questions * ANSWER_SECONDS + shown) / 60;
    expect(minutes).toBeLessThanOrEqual(lesson.minutes);
    expect(lesson.minutes).toBeLessThanOrEqual(5);
  });

  test.runIf(isDeep || isFirstOfItsPreset(lesson))(
    'its challenge can be met within its budget, and is not met by doing nothing',
    () => {
      const challenge = present(lesson.challenge, 'the challenge of lesson', lesson.id);
      const solved = solveChallenge(copyDirector(opened));
      expect(solved.met).toBe(true);
      expect(solved.faults).toBeLessThanOrEqual(challenge.budget.faults);
      expect(solved.ms).toBeLessThanOrEqual(challenge.budget.ms);
      expect(findTrigger(opened, { kind: 'when', claims: challenge.pass })).toBeNull();
    },
  );
});

test('without its key action the lesson leaves out what did not come about', () => {
  const lesson = present(
    lessons.find(({ id }) => id === 'C11'),
    'lesson C11',
  );
  const d = openLesson(lesson, edge);
  // The zone stays up: its stores are not down, and nothing of theirs is filled.
  const run = playOut(d, 0, true);
  const left = run.steps.flatMap(({ step, spoken }) => {
    const said = present(
      lesson.steps.find(({ id }) => id === step),
      step,
    );
    return spoken === null || said.kind !== 'say' ? [] : [fillStep(said, 'step', spoken)];
  });
  const words = left.flatMap((step) => (step.kind === 'say' ? [step.text] : []));
  expect(words).toContain(OTHERWISE);
  expect(words.filter((text) => text !== OTHERWISE).length).toBeGreaterThan(0);
});

test('what a person does beside it moves the positions in the log, and the lesson still speaks', () => {
  const lesson = present(
    lessons.find(({ id }) => id === 'C01'),
    'lesson C01',
  );
  const d = openLesson(lesson, edge);
  tapeLines(d.stage, ['sql d1 mine "create table mine (id int primary key)"']);
  const run = playOut(d, 0);
  const claims = run.steps.flatMap(({ spoken }) => spoken?.claims ?? []);
  expect(claims.some(({ isOwn, isSo }) => isOwn && !isSo)).toBe(true);
  expect(run.steps.filter(({ spoken }) => spoken?.isSo === false)).toEqual([]);
});
