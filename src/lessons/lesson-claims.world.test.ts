// What lessons say, held against their own runs: each step's claims are so in the state that the reader sees, its values are there, and what it
// calls by name is there (docs/lessons.md, Facts and claims).

import { beforeAll, describe, expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { lessonEntries, loadLesson } from './catalogue.ts';
import { type Director, openLesson, stateOf } from './director.ts';
import { copyDirector } from './director-fixture.ts';
import { judgeClaim, readFact } from './facts.ts';
import type { Lesson, LessonStep, Words } from './format.ts';
import { playOut, type ScriptRun } from './script.ts';
import { fillStep, OTHERWISE, placesIn } from './spoken.ts';

const edge = await loadSqlEdge();

const lessons: Lesson[] = [];
for (const { id } of lessonEntries) {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  lessons.push(lesson);
}

/** Words that a step says of the run, at one of its moments; a question and free time claim nothing. */
const claimsOf = (step: LessonStep): readonly (readonly string[])[] => {
  switch (step.kind) {
    case 'say':
      return [step.claims];
    case 'predict':
      // That the truth is the answer it speaks of is a claim as well.
      return [step.says === null ? step.afterClaims : ['says', ...step.afterClaims]];
    default:
      return [];
  }
};

const textsOf = (step: LessonStep): readonly Words[] => {
  switch (step.kind) {
    case 'act':
      return step.ask === null ? [] : [step.ask];
    case 'predict':
      return [step.ask, step.hint, step.after];
    case 'free':
      return [step.text, ...step.suggest.map(({ text }) => text)];
    case 'say':
      return [step.text];
  }
};

describe.each(lessons)('lesson $id', (lesson) => {
  let opened: Director;
  let played: Director;
  let run: ScriptRun;
  beforeAll(() => {
    opened = openLesson(lesson, edge);
    played = copyDirector(opened);
    run = playOut(played, 0);
  });

  test('every claim of its steps is so when it is said', () => {
    const wrong = run.steps.flatMap(({ step, spoken }) =>
      spoken === null || spoken.isSo
        ? []
        : [{ step, claims: spoken.claims.filter(({ isSo }) => !isSo), values: spoken.values }],
    );
    expect(wrong).toEqual([]);
  });

  test('each step that says something of the run claims something', () => {
    const silent = lesson.steps.filter((step) => claimsOf(step).some((claims) => claims.length === 0));
    expect(silent.map(({ id }) => id)).toEqual([]);
  });

  test('most claims are of what happens in it: they are not so at its beginning', () => {
    const state = stateOf(opened);
    const [first, ...later] = lesson.steps.filter(({ kind }) => kind === 'say');
    expect(first).toBeDefined();
    const fresh = later.filter(({ claims }) => claims.some((claim) => !judgeClaim(state, claim).isSo));
    expect(fresh.length).toBeGreaterThanOrEqual(later.length / 2);
  });

  test('what stands in braces is a fact of the step, or a node, group or volume of the cluster', () => {
    const { cluster } = played.stage.world.fabric;
    const known = new Set([
      ...cluster.nodes.map(({ id }) => `${id}`),
      ...cluster.groups.map(({ id }) => `${id}`),
      ...stateOf(played)
        .fields('group.made')
        .map(({ group }) => String(group)),
      ...stateOf(played)
        .fields('recovery.done')
        .map(({ volume }) => String(volume)),
    ]);
    const unknown = lesson.steps.flatMap((step) =>
      textsOf(step)
        .flatMap(({ en, zh }) => [...placesIn(en), ...placesIn(zh)])
        .filter((name) => step.facts[name] === undefined && !known.has(name)),
    );
    expect(unknown).toEqual([]);
    for (const step of lesson.steps)
      for (const [name, fact] of Object.entries(step.facts)) {
        expect(
          textsOf(step).some(({ en }) => placesIn(en).includes(name)),
          `${step.id} ${name}`,
        ).toBe(true);
        expect(() => readFact(stateOf(played), fact)).not.toThrow();
      }
  });
});

test('without its key action the lesson leaves out what did not come about', () => {
  const lesson = present(
    lessons.find(({ id }) => id === 'H01'),
    'lesson H01',
  );
  const d = openLesson(lesson, edge);
  // The message arrives: there is no hole, and nothing to fill.
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
