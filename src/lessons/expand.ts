// A lesson as it is written becomes the lesson that is played: short forms are read, what is left out is what it usually is, and each
// text is taken from the words of both languages by the step's id and the field. What is wrong in a file is found before
// (lesson-file.ts).

import type { Challenge, Lesson, LessonStart, LessonStep, Question, ScriptAction, Words } from './format.ts';
import type { WrittenLesson, WrittenQuestion, WrittenStep } from './lesson-schema.ts';
import { saidOf } from './schema-parts.ts';
import { focusOf, messageActionOf, rangesOf, triggerOf } from './short-forms.ts';

/** The text of a key in both languages. */
type Say = (key: string) => Words;

const actionOf = (lines: readonly string[]): ScriptAction =>
  lines.map((line) => messageActionOf(line) ?? line);

const startOf = (written: WrittenLesson['start']): LessonStart => ({
  seed: null,
  tape: [],
  lens: 'wal',
  group: 'g1',
  speed: 1000,
  ...written,
  cluster: saidOf(written.cluster),
});

function questionOf(written: WrittenQuestion, say: Say): Question {
  const named = (ids: readonly string[], field: string) =>
    ids.map((id) => ({ id, text: say(`${field}.${id}`) }));
  switch (written.form) {
    case 'choice': {
      const answer = written.answer.map(({ option, claims = [] }) => ({ option, claims }));
      return { ...written, options: named(written.options, 'option'), answer };
    }
    case 'number':
      return written;
    case 'mark':
      return { ...written, label: say('label') };
    case 'ranges':
      return { ...written, start: rangesOf(written.start) };
    case 'order':
      return { ...written, items: named(written.items, 'item') };
    case 'nodes':
      return { ...written, slots: named(written.slots, 'slot') };
  }
}

function stepOf(written: WrittenStep, index: number, sayOf: Say): LessonStep {
  const { id = `step-${index + 1}`, facts = {}, claims = [], trigger = 'next' } = written;
  const base = { id, trigger: triggerOf(trigger), facts, claims };
  const say: Say = (field) => sayOf(`${id}.${field}`);
  const shown = ({ focus, rule }: Extract<WrittenStep, { kind: 'say' | 'predict' }>) => ({
    focus: focus === undefined ? null : focusOf(focus),
    rule: rule ?? null,
  });
  switch (written.kind) {
    case 'act': {
      const { action, asks = false, isKey = false } = written;
      return { ...base, kind: 'act', action: actionOf(action), ask: asks ? say('ask') : null, isKey };
    }
    case 'say':
      return { ...base, kind: 'say', text: say('text'), ...shown(written) };
    case 'predict': {
      const { question, reveal = 'next', says = null, afterClaims = [] } = written;
      const isDrawn = question.form === 'ranges' && typeof says === 'string';
      return {
        ...base,
        kind: 'predict',
        ask: say('ask'),
        hint: say('hint'),
        question: questionOf(question, say),
        reveal: triggerOf(reveal),
        says: isDrawn ? rangesOf(says) : says,
        after: say('after'),
        afterClaims,
        ...shown(written),
      };
    }
    case 'free': {
      const { ms, suggest = [] } = written;
      const offered = suggest.map((line, i) => ({ text: say(`suggest.${i + 1}`), line }));
      return { ...base, kind: 'free', text: say('text'), ms, suggest: offered };
    }
  }
}

function challengeOf(written: WrittenLesson['challenge'], say: Say, hints: number): Challenge | null {
  if (written === undefined) return null;
  return {
    ...written,
    goal: say('challenge.goal'),
    hints: Array.from({ length: hints }, (_, i) => say(`challenge.hint.${i + 1}`)),
    solution: written.solution.map(({ ms, action }) => ({ ms, action: actionOf(action) })),
  };
}

/** `onKey` hears of each text that the lesson has. */
export function expandLesson(written: WrittenLesson, onKey: (key: string) => void = () => undefined): Lesson {
  const { id, level, minutes, rules = [], start, steps, pass, challenge } = written;
  const { en, zh } = written.words ?? { en: {}, zh: {} };
  const say: Say = (key) => {
    onKey(key);
    return { en: en[key] ?? '', zh: zh[key] ?? '' };
  };
  // As many hints as there are words of.
  let hints = 0;
  while (en[`challenge.hint.${hints + 1}`] !== undefined) hints++;
  return {
    id,
    title: say('title'),
    topic: say('topic'),
    level,
    minutes,
    rules,
    goal: say('goal'),
    start: startOf(start),
    steps: steps.map((step, index) => stepOf(step, index, say)),
    pass,
    passWords: say('pass'),
    challenge: challengeOf(challenge, say, hints),
  };
}
