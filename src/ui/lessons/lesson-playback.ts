// Playback of a lesson: finds the next stop, lets the lab run to it, and does there what the step is for. A step that is at
// once follows without a stop; one that a person is to read or to do waits for them.

import type { Time } from '../../base/ids.ts';
import type { Speed } from '../../lab/api.ts';
import type { Answer, LessonStep } from '../../lessons/format.ts';
import { afterOf, grade } from '../../lessons/grade.ts';
import type { StepPart } from '../../lessons/spoken.ts';
import { changeSession, type LessonSession } from '../../state/lesson-store.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { type Going, keepSpoken, type Stop, sessionNow, stopReading } from './lesson-going.ts';
import { judge } from './lesson-judge.ts';
import { readingMs } from './reading.ts';
import { lineOf } from './step-items.ts';
import '../../words/lessons.en.json';

/** Asks the guide for the next stop and lets the lab stop there. */
export async function findNext(going: Going): Promise<void> {
  const { lab, guide, lesson } = going;
  const now = sessionNow();
  if (now === null) return;
  const part: StepPart = now.question !== null ? 'reveal' : 'step';
  const step = part === 'reveal' ? now.next - 1 : now.next;
  if (step >= lesson.steps.length) {
    going.stop = null;
    await lab.stopAt(null);
    return;
  }
  const until = await guide.find(step, part);
  if (until === null) {
    going.stop = null;
    await lab.stopAt(null);
    changeSession({ phase: 'failed', error: 'missed' });
    return;
  }
  going.stop = { until, step, part };
  await lab.stopAt(until as Time);
}

/** Wall seconds that a person waits for a step at the lesson's pace at most, and how many of them are left where more would be. */
const waitMost = 5;
const watched = 3;

/** Lets time pass to the next stop; one that is now fires at once, and of a long way only the end is seen at the lesson's pace. */
export function proceed(going: Going): void {
  const { lab, stop } = going;
  if (stop === null) return;
  changeSession({ phase: 'running' });
  lab.returnToLive();
  const { liveTime, speed } = lab.run();
  const until = passedTo(liveTime, stop.until, speed);
  if (liveTime >= stop.until) going.enqueue(() => arrive(going, stop));
  else if (until !== null) going.enqueue(() => passQuickly(going, stop, until));
  else lab.play();
}

/** Virtual µs up to which a way is passed at full speed; null: at this speed (µs a second) nobody waits too long for its end. */
export const passedTo = (from: number, until: number, speed: Speed): Time | null =>
  speed === 'max' || until - from <= waitMost * speed ? null : ((until - watched * speed) as Time);

/** At full speed to shortly before the stop, and says so. */
async function passQuickly(going: Going, stop: Stop, until: Time): Promise<void> {
  const { lab } = going;
  if (going.stop !== stop) return;
  const from = lab.run().liveTime;
  await lab.runTo(until);
  showToast({ kind: 'note', text: t('lessons.quietPassed', { ms: Math.round((until - from) / 1000) }) });
  if (going.stop === stop && sessionNow()?.phase === 'running') lab.play();
}

export async function arrive(going: Going, here: Stop): Promise<void> {
  if (going.stop !== here) return;
  going.stop = null;
  await going.guide.follow(null, here.until);
  const step = keepSpoken(here.step, here.part, await going.guide.spoken(here.step, here.part));
  if (step === null) return;
  if (here.part === 'reveal') await reveal(going, here.step, step);
  else await fireStep(going, here.step, step);
}

/** The person goes on: what was asked of them is done, or what they have read is over. */
export async function goOn(going: Going): Promise<void> {
  stopReading(going);
  const now = sessionNow();
  if (now === null || now.phase !== 'standing') return;
  if (now.asked !== null) {
    // What was said before it is over: what was done stays on the screen until the cluster has come to the next step.
    changeSession({ asked: null, said: null, did: now.asked, phase: 'running' });
    going.stop = null;
    await going.guide.follow(null, going.lab.run().liveTime);
    await fireBoth(going, now.next);
    await findNext(going);
    proceed(going);
    return;
  }
  changeSession({ compared: null });
  if (going.stop === null && now.next >= going.lesson.steps.length) await judge(going, true);
  else proceed(going);
}

/** The person has done by hand what the step asked for. */
export async function onDoneByHand(going: Going, { asked, next }: LessonSession): Promise<void> {
  stopReading(going);
  changeSession({ asked: null, said: null, did: asked, phase: 'running', next: next + 1 });
  going.stop = null;
  await findNext(going);
  proceed(going);
}

/** Auto: the next step comes when there was time to read. */
export function readThen(going: Going, letters: number): void {
  stopReading(going);
  going.reading = setTimeout(() => {
    going.reading = null;
    if (sessionNow()?.phase === 'standing') going.enqueue(() => goOn(going));
  }, readingMs(letters));
}

/** Lays an answer of the question at `index` beside the truth. */
export async function compare(
  going: Going,
  index: number,
  given: Answer | null,
  truth: Answer,
): Promise<void> {
  const now = sessionNow();
  const step = now?.lesson.steps[index];
  if (step?.kind !== 'predict' || now === null) return;
  const compared = {
    step,
    given,
    truth,
    grade: given === null ? null : grade(step.question, given, truth),
    after: afterOf(step, truth),
  };
  if (compared.grade?.right === true) await going.guide.right(index);
  changeSession({ compared, results: new Map([...now.results, [step.id, compared]]) });
}

/** A prediction has two lines: the question, and what came of it. */
function recordStop({ lab }: Going, index: number, after = 0): void {
  const now = sessionNow();
  if (now === null) return;
  changeSession({ stops: [...now.stops, { at: lab.run().liveTime, n: lineOf(now.lesson, index) + after }] });
}

async function fireStep(going: Going, index: number, step: LessonStep): Promise<void> {
  changeSession({ compared: null, asked: null });
  if (step.kind !== 'act' || step.ask !== null) recordStop(going, index);
  if (step.kind === 'act' && step.ask !== null) {
    changeSession({ asked: step, did: null, next: index, phase: 'standing' });
    going.stop = { until: going.lab.run().liveTime, step: index, part: 'step' };
    await going.guide.ask(index);
    if (sessionNow()?.auto === true) readThen(going, step.ask.en.length);
    return;
  }
  await fireBoth(going, index);
  if (step.kind === 'act') {
    await findNext(going);
    proceed(going);
    return;
  }
  changeSession({ did: null, phase: 'standing' });
  if (step.kind === 'say') changeSession({ said: step });
  else if (step.kind === 'predict') changeSession({ question: step, given: null });
  else changeSession({ free: step });
  await findNext(going);
  if (step.kind === 'free') {
    await judge(going, false);
    return;
  }
  if (step.kind === 'say' && sessionNow()?.auto === true) readThen(going, step.text.en.length);
}

/** The step at `index` fires on both sides: the guide's stage and the lab. */
async function fireBoth(going: Going, index: number): Promise<void> {
  const lines = await going.guide.fire(index);
  if (lines.length > 0) {
    const result = await going.lab.actAll(lines);
    if (!result.ok) throw new Error(result.error);
    going.taped += lines.length;
  }
  changeSession({ next: index + 1 });
}

async function reveal(going: Going, index: number, step: LessonStep): Promise<void> {
  if (step.kind !== 'predict') return;
  recordStop(going, index, 1);
  await going.guide.fire(index);
  const truth = await going.guide.truth(index);
  const given = sessionNow()?.given ?? null;
  await compare(going, index, given, truth);
  changeSession({ question: null, given: null, phase: 'standing' });
  await findNext(going);
  if (index + 1 >= going.lesson.steps.length) await judge(going, false);
  if (sessionNow()?.auto === true) readThen(going, step.after.en.length);
}
