// The beats of a lesson that is presented or embedded: what each of its steps says, asks a person to do or asks them to predict, where its
// script plays it. Pure.

import type { Time } from '../base/ids.ts';

import { type Beat, makeBeat, printBeat } from '../sim/beat.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { Lesson, LessonStep, Words } from './format.ts';
import { nameParts } from './name-parts.ts';
import type { ScriptStep } from './script.ts';
import { choicesOf, fillStep, type StepPart } from './spoken.ts';

/** Where the script stopped for a step, in the order of the steps: a question is asked, then answered; free time begins, then ends. */
type Stop = Pick<ScriptStep, 'step' | 'until' | 'spoken'>;

const filled = (step: LessonStep, part: StepPart, stop: Stop | undefined): LessonStep =>
  stop?.spoken == null ? step : fillStep(step, part, stop.spoken);

/** What is seen at each stop of a step. */
function tell(silent: LessonStep, stops: readonly Stop[]): readonly Beat[] {
  const [first, second] = stops;
  if (first === undefined) return [];
  const at = first.until as Time;
  const step = filled(
    filled(silent, 'step', first),
    'reveal',
    silent.kind === 'predict' ? second : undefined,
  );
  switch (step.kind) {
    case 'act':
      return step.ask === null ? [] : [makeBeat(at, { title: step.ask })];
    case 'say':
      return [makeBeat(at, { title: step.text })];
    // An audience is free to nothing: the presenter reads it.
    case 'free':
      return [makeBeat(at, { notes: step.text })];
    case 'predict': {
      // A node is chosen on the map.
      const isOnMap = step.question.form === 'nodes';
      const answers = isOnMap ? [] : choicesOf(step.question).map(({ text }) => text);
      const asked = makeBeat(at, { title: step.ask, notes: step.hint, question: step.ask, answers });
      return second === undefined ? [asked] : [asked, makeBeat(second.until as Time, { title: step.after })];
    }
  }
}

const join = (one: Words, other: Words, between: string): Words => ({
  en: [one.en, other.en].filter((text) => text !== '').join(between),
  zh: [one.zh, other.zh].filter((text) => text !== '').join(between === ' ' ? '' : between),
});

/** Several steps at one instant are one beat, with all that they say; what has no title belongs to the one before it. */
function merge(beats: readonly Beat[]): readonly Beat[] {
  const merged: Beat[] = [];
  for (const beat of beats) {
    const last = merged.at(-1);
    const isOwn = last?.at !== beat.at && beat.title.en !== '';
    if (last === undefined || isOwn) merged.push(beat);
    else
      merged[merged.length - 1] = {
        at: last.at,
        title: join(last.title, beat.title, ' '),
        notes: join(last.notes, beat.notes, '\n'),
        question: join(last.question, beat.question, ' '),
        answers: [...last.answers, ...beat.answers],
      };
  }
  return merged;
}

export function lessonBeats({ steps }: Lesson, stops: readonly Stop[]): readonly TapeMark[] {
  const beats = steps.flatMap((step) =>
    tell(
      step,
      stops.filter(({ step: id }) => id === step.id),
    ),
  );
  return merge(beats).map((beat) => {
    const mark = printBeat(beat);
    return { ...mark, text: nameParts(mark.text) };
  });
}
