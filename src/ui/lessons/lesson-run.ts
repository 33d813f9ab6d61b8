// Controller of a running lesson. The guide (a worker with the lesson's own world) says at which instant the next step
// is; the lab stops there (`stopAt`), and when it stands the step fires. What a person does in between goes on
// the tape, the lab pauses, the guide hears of it and says anew. One thing after the other: everything runs in a queue.

import { messageOf } from '../../base/thrown.ts';
import type { Lab, RunState } from '../../lab/api.ts';
import { openGuide } from '../../lab/lesson-guide.ts';
import type { Answer, Lesson } from '../../lessons/format.ts';
import { loadLesson } from '../../lessons/load-lesson.ts';
import type { Spoken, StepPart } from '../../lessons/spoken.ts';
import { changeSession, setSession } from '../../state/lesson-store.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { freshSession, startChallenge, startOver } from './lesson-begin.ts';
import { type Going, sessionNow, stopReading } from './lesson-going.ts';
import { checkChallenge } from './lesson-judge.ts';
import { arrive, compare, findNext, goOn, onDoneByHand, proceed, readThen } from './lesson-playback.ts';
import { skipToEnd } from './lesson-skip.ts';
import '../../words/lessons.en.json';

/** A challenge is looked at again when this much virtual time has passed. */
const CHECK_EVERY_US = 500;

export interface LessonRun {
  /** Goes on to the next step. */
  next(): void;
  /** Does what the person was asked to do. */
  doAsked(): void;
  answer(given: Answer): void;
  /** The answer again, after the truth was shown. */
  answerAgain(given: Answer): void;
  skip(): void;
  setAuto(auto: boolean): void;
  restart(): void;
  startChallenge(): void;
  hint(): void;
  /** In the presenter's window, with its steps as beats. */
  present(): void;
  /** What a step claims, with the values that it has now. */
  spoken(index: number, part: StepPart): Promise<Spoken>;
  close(): void;
}

/** What a file has to be is loaded with the first one. */
async function readFile(file: string): Promise<Lesson | { readonly error: string }> {
  const { lessonOfFile } = await import('../../lessons/lesson-file.ts');
  return lessonOfFile(file);
}

/** Null: meanwhile nobody wants it any more, and nothing was begun. */
export async function openLessonRun(
  lab: Lab,
  id: string,
  file: string | null,
  isWanted: () => boolean,
): Promise<LessonRun | null> {
  const found = file === null ? await loadLesson(id) : await readFile(file);
  if ('error' in found) throw new Error(found.error);
  if (!isWanted()) return null;
  setSession(freshSession(found, false));
  return makeLessonRun(lab, found, file);
}

function makeGoing(lab: Lab, lesson: Lesson, file: string | null): Going {
  let queue: Promise<void> = Promise.resolve();
  const fail = (error: unknown): void => {
    if (going.closed) return;
    changeSession({ phase: 'failed', error: messageOf(error) });
  };
  const going: Going = {
    lab,
    guide: openGuide((detail) => fail(new Error(detail))),
    lesson,
    file,
    stop: null,
    taped: 0,
    runId: '',
    closed: false,
    before: null,
    reading: null,
    enqueue: (work) => {
      queue = queue.then(async () => {
        if (!going.closed) await work();
      });
      queue = queue.catch(fail);
    },
  };
  return going;
}

function makeLessonRun(lab: Lab, lesson: Lesson, file: string | null): LessonRun {
  const going = makeGoing(lab, lesson, file);
  const { guide, enqueue } = going;
  const begin = async (): Promise<void> => {
    if (!(await startOver(going, sessionNow()?.auto ?? false))) return;
    changeSession({ phase: 'running' });
    await findNext(going);
    proceed(going);
  };
  const unsubscribe = lab.subscribe({ onRun: watchRun(going) });
  enqueue(begin);
  const next = (): void => enqueue(() => goOn(going));
  return {
    next,
    doAsked: next,
    answer: (given) => {
      changeSession({ given });
      enqueue(async () => proceed(going));
    },
    answerAgain: (given) =>
      enqueue(async () => {
        const now = sessionNow();
        const index = lesson.steps.findIndex((step) => step.id === now?.compared?.step.id);
        if (now?.compared == null || index < 0) return;
        await compare(going, index, given, now.compared.truth);
      }),
    skip: () => enqueue(() => skipToEnd(going)),
    setAuto: (auto) => {
      changeSession({ auto });
      if (auto && sessionNow()?.phase === 'standing' && sessionNow()?.question === null) readThen(going, 0);
    },
    restart: () => enqueue(begin),
    startChallenge: () => enqueue(() => startChallenge(going)),
    hint: () => {
      const challenge = sessionNow()?.challenge;
      if (challenge != null) changeSession({ challenge: { ...challenge, hints: challenge.hints + 1 } });
    },
    present: () =>
      enqueue(async () => {
        const { presentLesson } = await import('./present-lesson.ts');
        await presentLesson(lab, lesson.id, file);
      }),
    spoken: (index, part) =>
      new Promise((resolve, reject) => {
        enqueue(async () => {
          await guide.follow(await lab.liveTape(), lab.run().liveTime);
          await guide.spoken(index, part).then(resolve, reject);
        });
      }),
    close: () => {
      going.closed = true;
      stopReading(going);
      unsubscribe();
      guide.close();
      void lab.stopAt(null).catch(() => {});
      setSession(null);
      offerBack(going);
    },
  };
}

/** Sees where the lab is: at the stop, in a run of somebody else's, or with something new on its tape. */
function watchRun(going: Going): (run: RunState) => void {
  let checkedAt = 0;
  let wasPlaying = false;
  return (run) => {
    const isBegun = run.playing && !wasPlaying;
    wasPlaying = run.playing;
    const now = sessionNow();
    if (going.closed || now === null || run.mode === 'REVIEW' || run.mode === 'BOOTING') return;
    if (run.runId !== going.runId) {
      if (now.phase !== 'loading' && now.phase !== 'failed')
        changeSession({ phase: 'failed', error: 'left' });
      return;
    }
    if (now.challenge !== null) {
      if (run.liveTime - checkedAt < CHECK_EVERY_US && run.taped === going.taped) return;
      checkedAt = run.liveTime;
      going.taped = run.taped;
      going.enqueue(() => checkChallenge(going));
      return;
    }
    if (run.taped > going.taped) going.enqueue(() => refollow(going));
    const here = going.stop;
    if (here === null) return;
    // Play in the toolbar is *Next*, and *Do it* where the person was asked to do something.
    if (now.asked !== null) {
      if (isBegun) going.enqueue(() => goOn(going));
      return;
    }
    const isThere = run.liveTime >= here.until;
    if (isThere && (run.playing || now.phase === 'running')) going.enqueue(() => arrive(going, here));
    else if (run.playing && now.phase === 'standing') changeSession({ phase: 'running', compared: null });
  };
}

/** Somebody else put something on the tape: the guide hears the whole tape, and the next stop is found anew. */
async function refollow(going: Going): Promise<void> {
  const { lab, guide } = going;
  const run = lab.run();
  if (run.taped === going.taped || run.runId !== going.runId) return;
  const wasRunning = sessionNow()?.phase === 'running';
  going.taped = run.taped;
  await guide.follow(await lab.liveTape(), run.liveTime);
  const now = sessionNow();
  if (now === null || now.challenge !== null || now.free !== null || now.phase === 'done') return;
  if (now.asked !== null) {
    if (await guide.wasDone()) await onDoneByHand(going, now);
    return;
  }
  await findNext(going);
  if (wasRunning) proceed(going);
}

function offerBack({ lab, before, runId }: Going): void {
  if (before === null || lab.run().runId !== runId) return;
  const { tape, time } = before;
  showToast({
    kind: 'note',
    text: t('lessons.ended'),
    action: { label: t('lessons.backToRun'), run: () => void lab.startTape(tape, time) },
  });
}
