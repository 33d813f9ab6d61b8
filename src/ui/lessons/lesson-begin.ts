// Start of a lesson: its cluster stands where the lesson starts, nothing is said yet.

import type { Time } from '../../base/ids.ts';
import type { Lesson } from '../../lessons/format.ts';
import { changeSession, type LessonSession, setSession } from '../../state/lesson-store.ts';
import { type Going, stopReading } from './lesson-going.ts';
import { whenReady } from './when-ready.ts';

export const freshSession = (lesson: Lesson, auto: boolean): LessonSession => ({
  lesson,
  phase: 'loading',
  error: null,
  next: 0,
  said: null,
  asked: null,
  did: null,
  question: null,
  given: null,
  compared: null,
  free: null,
  results: new Map(),
  stops: [],
  auto,
  byScript: false,
  passed: null,
  challenge: null,
});

/** The lesson's cluster stands at the lesson's beginning; false: meanwhile the lesson was closed. */
export async function startOver(going: Going, auto: boolean): Promise<boolean> {
  const { lab, guide, lesson, file } = going;
  const isReady = await whenReady(
    lab,
    () => !going.closed,
    (mode) => changeSession({ phase: 'loading', error: mode }),
  );
  if (!isReady) return false;
  lab.returnToLive();
  going.before ??= { tape: await lab.liveTape(), time: lab.run().liveTime };
  stopReading(going);
  going.stop = null;
  setSession(freshSession(lesson, auto));
  const opened = await guide.open(lesson.id, file);
  await lab.startTape(opened.tape, opened.startUs as Time, file === null ? lesson.id : '');
  lab.setSpeed(lesson.start.speed);
  const { taped, runId } = lab.run();
  going.taped = taped;
  going.runId = runId;
  return true;
}

/** The challenge begins where the lesson does, with all its steps behind it. */
export async function startChallenge(going: Going): Promise<void> {
  if (!(await startOver(going, false))) return;
  const { liveTime, taped } = going.lab.run();
  changeSession({
    phase: 'standing',
    next: going.lesson.steps.length,
    challenge: { beganAt: liveTime, beganTaped: taped, hints: 0, faults: 0, met: false, ms: 0 },
  });
}
