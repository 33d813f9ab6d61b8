// Leads the lab through a lesson. The guide (a worker with the lesson's own world) says at which instant the next beat
// is; the lab is told to stop there (`stopAt`), and when it stands the beat fires. What a person does in between goes on
// the tape, the lab pauses, the guide hears of it and says anew. One thing after the other: everything runs in a queue.

import type { Time } from '../../base/ids.ts';
import type { Lab, RunState } from '../../lab/api.ts';
import { type BeatPart, type LessonGuide, openGuide } from '../../lab/lesson-guide.ts';
import { loadLesson } from '../../lessons/catalogue.ts';
import type { Answer, Beat, Lesson } from '../../lessons/format.ts';
import { grade } from '../../lessons/grade.ts';
import { lessonOfFile } from '../../lessons/lesson-file.ts';
import {
  changeSession,
  type LessonSession,
  lessonStore,
  noteProgress,
  setSession,
} from '../../state/lesson-store.ts';
import { t } from '../i18n/i18n.ts';
import { showToast } from '../kit/toast.ts';
import { readingMs } from './reading.ts';
import { whenReady } from './when-ready.ts';
import './texts.ts';

/** The next stop: the instant, and which moment of which beat it is. */
interface Stop {
  readonly until: number;
  readonly beat: number;
  readonly part: BeatPart;
}

export interface LessonRun {
  /** Goes on to the next beat. */
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
  close(): void;
}

const fresh = (lesson: Lesson, auto: boolean): LessonSession => ({
  lesson,
  phase: 'loading',
  error: null,
  next: 0,
  said: null,
  asked: null,
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

/** Null: meanwhile nobody wants it any more, and nothing was begun. */
export async function openLessonRun(
  lab: Lab,
  id: string,
  file: string | null,
  isWanted: () => boolean,
): Promise<LessonRun | null> {
  const found = file === null ? await loadLesson(id) : lessonOfFile(file);
  if ('error' in found) throw new Error(found.error);
  if (!isWanted()) return null;
  setSession(fresh(found, false));
  return makeLessonRun(lab, found, file);
}

function makeLessonRun(lab: Lab, lesson: Lesson, file: string | null): LessonRun {
  const guide: LessonGuide = openGuide((detail) => fail(new Error(detail)));
  let queue: Promise<void> = Promise.resolve();
  let stop: Stop | null = null;
  /** Actions on the lab's tape that the guide knows of. */
  let taped = 0;
  let runId = '';
  let closed = false;
  /** The run that was on before the lesson: its tape brings it back. */
  let before: { readonly tape: string; readonly time: Time } | null = null;
  let reading: ReturnType<typeof setTimeout> | null = null;
  const session = (): LessonSession | null => lessonStore.getState().session;

  function fail(error: unknown): void {
    if (closed) return;
    changeSession({ phase: 'failed', error: error instanceof Error ? error.message : String(error) });
  }

  const enqueue = (work: () => Promise<void>): void => {
    queue = queue.then(async () => {
      if (!closed) await work();
    });
    queue = queue.catch(fail);
  };

  const stopReading = (): void => {
    if (reading !== null) clearTimeout(reading);
    reading = null;
  };

  const begin = async (): Promise<void> => {
    await startOver(session()?.auto ?? false);
    changeSession({ phase: 'running' });
    await findNext();
    proceed();
  };

  /** Asks the guide for the next stop and tells the lab. */
  const findNext = async (): Promise<void> => {
    const now = session();
    if (now === null) return;
    const part: BeatPart = now.question !== null ? 'reveal' : 'beat';
    const beat = part === 'reveal' ? now.next - 1 : now.next;
    if (beat >= lesson.beats.length) {
      stop = null;
      await lab.stopAt(null);
      return;
    }
    const until = await guide.find(beat, part);
    if (until === null) {
      stop = null;
      await lab.stopAt(null);
      changeSession({ phase: 'failed', error: 'missed' });
      return;
    }
    stop = { until, beat, part };
    await lab.stopAt(until as Time);
  };

  /** Lets time pass to the next stop; one that is now fires at once. */
  const proceed = (): void => {
    if (stop === null) return;
    changeSession({ phase: 'running' });
    lab.returnToLive();
    const here = stop;
    if (lab.run().liveTime >= here.until) enqueue(() => arrive(here));
    else lab.play();
  };

  const arrive = async (here: Stop): Promise<void> => {
    if (stop !== here) return;
    stop = null;
    await guide.follow(null, here.until);
    const beat = lesson.beats[here.beat];
    if (beat === undefined) return;
    if (here.part === 'reveal') await reveal(here.beat, beat);
    else await fireBeat(here.beat, beat);
  };

  const noteStop = (): void => changeSession({ stops: [...(session()?.stops ?? []), lab.run().liveTime] });

  const fireBeat = async (index: number, beat: Beat): Promise<void> => {
    changeSession({ compared: null, asked: null });
    if (beat.kind !== 'act' || beat.ask !== null) noteStop();
    if (beat.kind === 'act' && beat.ask !== null) {
      changeSession({ asked: beat, next: index, phase: 'standing' });
      stop = { until: lab.run().liveTime, beat: index, part: 'beat' };
      if (session()?.auto === true) readThen(beat.ask.en.length);
      return;
    }
    await done(index);
    if (beat.kind === 'act') {
      await findNext();
      proceed();
      return;
    }
    changeSession({ phase: 'standing' });
    if (beat.kind === 'say') changeSession({ said: beat });
    else if (beat.kind === 'predict') changeSession({ question: beat, given: null });
    else changeSession({ free: beat });
    await findNext();
    if (beat.kind === 'free') {
      await judge(false);
      return;
    }
    if (beat.kind === 'say' && session()?.auto === true) readThen(beat.text.en.length);
  };

  /** The beat at `index` fires on both sides. */
  const done = async (index: number): Promise<void> => {
    const lines = await guide.fire(index);
    if (lines.length > 0) {
      const result = await lab.actAll(lines);
      if (!result.ok) throw new Error(result.error);
      taped += lines.length;
    }
    changeSession({ next: index + 1 });
  };

  const reveal = async (index: number, beat: Beat): Promise<void> => {
    if (beat.kind !== 'predict') return;
    noteStop();
    await guide.fire(index);
    const truth = await guide.truth(index);
    const given = session()?.given ?? null;
    await compare(index, given, truth);
    changeSession({ question: null, given: null, phase: 'standing' });
    await findNext();
    if (index + 1 >= lesson.beats.length) await judge(false);
    if (session()?.auto === true) readThen(beat.after.en.length);
  };

  const compare = async (index: number, given: Answer | null, truth: Answer): Promise<void> => {
    const beat = lesson.beats[index];
    const now = session();
    if (beat?.kind !== 'predict' || now === null) return;
    const compared = {
      beat,
      given,
      truth,
      grade: given === null ? null : grade(beat.question, given, truth),
    };
    if (compared.grade?.right === true) await guide.right(index);
    changeSession({ compared, results: new Map([...now.results, [beat.id, compared]]) });
  };

  /** Auto: the next beat comes when there was time to read. */
  const readThen = (letters: number): void => {
    stopReading();
    reading = setTimeout(() => {
      reading = null;
      if (session()?.phase === 'standing') enqueue(goOn);
    }, readingMs(letters));
  };

  const goOn = async (): Promise<void> => {
    stopReading();
    const now = session();
    if (now === null || now.phase !== 'standing') return;
    if (now.asked !== null) {
      const { next } = now;
      changeSession({ asked: null, phase: 'running' });
      stop = null;
      await guide.follow(null, lab.run().liveTime);
      await done(next);
      await findNext();
      proceed();
      return;
    }
    changeSession({ compared: null });
    if (stop === null && now.next >= lesson.beats.length) await judge(true);
    else proceed();
  };

  /** Whether it is passed; `isEnd`: the person is through. */
  const judge = async (isEnd: boolean): Promise<void> => {
    await guide.follow(await lab.exportTape(), lab.run().liveTime);
    const passed = await guide.passed();
    changeSession({ passed, ...(isEnd ? { phase: 'done' } : {}) });
    if (passed && file === null && session()?.byScript !== true) noteProgress(lesson.id, { passed: true });
  };

  /** Somebody else put something on the tape: the guide hears the whole tape, and the next stop is found anew. */
  const refollow = async (): Promise<void> => {
    const run = lab.run();
    if (run.taped === taped || run.runId !== runId) return;
    const wasRunning = session()?.phase === 'running';
    taped = run.taped;
    await guide.follow(await lab.exportTape(), run.liveTime);
    const now = session();
    if (now === null || now.challenge !== null || now.free !== null || now.phase === 'done') return;
    if (now.asked !== null) return;
    await findNext();
    if (wasRunning) proceed();
  };

  const checkChallenge = async (): Promise<void> => {
    const now = session();
    if (now?.challenge == null || now.challenge.met) return;
    const { liveTime } = lab.run();
    await guide.follow(await lab.exportTape(), liveTime);
    const { met, faults } = await guide.challenge(now.challenge.beganTaped);
    const ms = (liveTime - now.challenge.beganAt) / 1000;
    const challenge = { ...now.challenge, met, faults, ms };
    changeSession({ challenge });
    if (!met) return;
    lab.pause();
    const budget = lesson.challenge?.budget;
    if (budget !== undefined && faults <= budget.faults && ms <= budget.ms && file === null)
      noteProgress(lesson.id, { best: { faults, ms, hints: challenge.hints } });
  };

  const skipToEnd = async (): Promise<void> => {
    stopReading();
    const now = session();
    if (now === null) return;
    const from = now.next;
    changeSession({
      phase: 'skipping',
      asked: null,
      question: null,
      compared: null,
      free: null,
      byScript: true,
    });
    lab.pause();
    await lab.stopAt(null);
    stop = null;
    await guide.follow(await lab.exportTape(), lab.run().liveTime);
    const outcome = await guide.script(from);
    for (const { until, lines } of outcome.steps) {
      await lab.runTo(until as Time);
      if (lines.length > 0) await lab.actAll(lines);
    }
    taped = lab.run().taped;
    for (const [id, truth] of outcome.truths) {
      const beat = lesson.beats.find((one) => one.id === id);
      if (beat?.kind !== 'predict') continue;
      const results = session()?.results ?? new Map();
      changeSession({ results: new Map([...results, [id, { beat, given: null, truth, grade: null }]]) });
    }
    changeSession({ phase: 'done', passed: outcome.passed, next: lesson.beats.length });
  };

  const startChallenge = async (): Promise<void> => {
    await startOver(false);
    const run = lab.run();
    changeSession({
      phase: 'standing',
      next: lesson.beats.length,
      challenge: { beganAt: run.liveTime, beganTaped: run.taped, hints: 0, faults: 0, met: false, ms: 0 },
    });
  };

  /** The lesson's cluster stands at the lesson's beginning. */
  const startOver = async (auto: boolean): Promise<void> => {
    await whenReady(lab);
    lab.returnToLive();
    before ??= { tape: await lab.exportTape(), time: lab.run().liveTime };
    stopReading();
    stop = null;
    setSession(fresh(lesson, auto));
    const opened = await guide.open(lesson.id, file);
    await lab.startTape(opened.tape, opened.startUs as Time);
    lab.setSpeed(lesson.start.speed);
    ({ taped, runId } = lab.run());
  };

  let checkedAt = 0;
  const onRun = (run: RunState): void => {
    const now = session();
    if (closed || now === null || run.mode === 'REVIEW' || run.mode === 'BOOTING') return;
    if (run.runId !== runId) {
      if (now.phase !== 'loading' && now.phase !== 'failed')
        changeSession({ phase: 'failed', error: 'left' });
      return;
    }
    if (now.challenge !== null) {
      if (run.liveTime - checkedAt < 500 && run.taped === taped) return;
      checkedAt = run.liveTime;
      taped = run.taped;
      enqueue(checkChallenge);
      return;
    }
    if (run.taped > taped) enqueue(refollow);
    if (stop === null || now.asked !== null) return;
    const here = stop;
    const isThere = run.liveTime >= here.until;
    // Play in the toolbar is *Next*, too.
    if (isThere && (run.playing || now.phase === 'running')) enqueue(() => arrive(here));
    else if (run.playing && now.phase === 'standing') changeSession({ phase: 'running', compared: null });
  };

  const offerBack = (): void => {
    if (before === null || lab.run().runId !== runId) return;
    const { tape, time } = before;
    showToast({
      kind: 'note',
      text: t('lessons.ended'),
      action: { label: t('lessons.backToRun'), run: () => void lab.startTape(tape, time) },
    });
  };

  const unsubscribe = lab.subscribe({ onRun });
  enqueue(begin);

  return {
    next: () => enqueue(goOn),
    doAsked: () => enqueue(goOn),
    answer: (given) => {
      changeSession({ given });
      enqueue(async () => proceed());
    },
    answerAgain: (given) =>
      enqueue(async () => {
        const now = session();
        const index = lesson.beats.findIndex((beat) => beat.id === now?.compared?.beat.id);
        if (now?.compared == null || index < 0) return;
        await compare(index, given, now.compared.truth);
      }),
    skip: () => enqueue(skipToEnd),
    setAuto: (auto) => {
      changeSession({ auto });
      if (auto && session()?.phase === 'standing' && session()?.question === null) readThen(0);
    },
    restart: () => enqueue(begin),
    startChallenge: () => enqueue(startChallenge),
    hint: () => {
      const challenge = session()?.challenge;
      if (challenge != null) changeSession({ challenge: { ...challenge, hints: challenge.hints + 1 } });
    },
    close: () => {
      closed = true;
      stopReading();
      unsubscribe();
      guide.close();
      void lab.stopAt(null).catch(() => {});
      setSession(null);
      offerBack();
    },
  };
}
