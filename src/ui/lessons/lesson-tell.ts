// Tells a lesson: finds the next stop, lets the lab run to it, and does there what the beat is for. A beat that is at
// once follows without a stop; one that a person is to read or to do waits for them.

import type { Time } from '../../base/ids.ts';
import type { BeatPart } from '../../lab/lesson-guide.ts';
import type { Answer, Beat } from '../../lessons/format.ts';
import { grade } from '../../lessons/grade.ts';
import { changeSession } from '../../state/lesson-store.ts';
import { type Going, type Stop, sessionNow, stopReading } from './lesson-going.ts';
import { judge } from './lesson-judge.ts';
import { readingMs } from './reading.ts';

/** Asks the guide for the next stop and tells the lab. */
export async function findNext(going: Going): Promise<void> {
  const { lab, guide, lesson } = going;
  const now = sessionNow();
  if (now === null) return;
  const part: BeatPart = now.question !== null ? 'reveal' : 'beat';
  const beat = part === 'reveal' ? now.next - 1 : now.next;
  if (beat >= lesson.beats.length) {
    going.stop = null;
    await lab.stopAt(null);
    return;
  }
  const until = await guide.find(beat, part);
  if (until === null) {
    going.stop = null;
    await lab.stopAt(null);
    changeSession({ phase: 'failed', error: 'missed' });
    return;
  }
  going.stop = { until, beat, part };
  await lab.stopAt(until as Time);
}

/** Lets time pass to the next stop; one that is now fires at once. */
export function proceed(going: Going): void {
  const { lab, stop } = going;
  if (stop === null) return;
  changeSession({ phase: 'running' });
  lab.returnToLive();
  if (lab.run().liveTime >= stop.until) going.enqueue(() => arrive(going, stop));
  else lab.play();
}

export async function arrive(going: Going, here: Stop): Promise<void> {
  if (going.stop !== here) return;
  going.stop = null;
  await going.guide.follow(null, here.until);
  const beat = going.lesson.beats[here.beat];
  if (beat === undefined) return;
  if (here.part === 'reveal') await reveal(going, here.beat, beat);
  else await fireBeat(going, here.beat, beat);
}

/** The person goes on: what was asked of them is done, or what they have read is over. */
export async function goOn(going: Going): Promise<void> {
  stopReading(going);
  const now = sessionNow();
  if (now === null || now.phase !== 'standing') return;
  if (now.asked !== null) {
    // What was said before it is over: the deed stands there until the cluster has come to the next step.
    changeSession({ asked: null, said: null, did: now.asked, phase: 'running' });
    going.stop = null;
    await going.guide.follow(null, going.lab.run().liveTime);
    await fireBoth(going, now.next);
    await findNext(going);
    proceed(going);
    return;
  }
  changeSession({ compared: null });
  if (going.stop === null && now.next >= going.lesson.beats.length) await judge(going, true);
  else proceed(going);
}

/** Auto: the next beat comes when there was time to read. */
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
  const beat = going.lesson.beats[index];
  const now = sessionNow();
  if (beat?.kind !== 'predict' || now === null) return;
  const compared = {
    beat,
    given,
    truth,
    grade: given === null ? null : grade(beat.question, given, truth),
  };
  if (compared.grade?.right === true) await going.guide.right(index);
  changeSession({ compared, results: new Map([...now.results, [beat.id, compared]]) });
}

function noteStop({ lab }: Going): void {
  changeSession({ stops: [...(sessionNow()?.stops ?? []), lab.run().liveTime] });
}

async function fireBeat(going: Going, index: number, beat: Beat): Promise<void> {
  changeSession({ compared: null, asked: null });
  if (beat.kind !== 'act' || beat.ask !== null) noteStop(going);
  if (beat.kind === 'act' && beat.ask !== null) {
    changeSession({ asked: beat, did: null, next: index, phase: 'standing' });
    going.stop = { until: going.lab.run().liveTime, beat: index, part: 'beat' };
    if (sessionNow()?.auto === true) readThen(going, beat.ask.en.length);
    return;
  }
  await fireBoth(going, index);
  if (beat.kind === 'act') {
    await findNext(going);
    proceed(going);
    return;
  }
  changeSession({ did: null, phase: 'standing' });
  if (beat.kind === 'say') changeSession({ said: beat });
  else if (beat.kind === 'predict') changeSession({ question: beat, given: null });
  else changeSession({ free: beat });
  await findNext(going);
  if (beat.kind === 'free') {
    await judge(going, false);
    return;
  }
  if (beat.kind === 'say' && sessionNow()?.auto === true) readThen(going, beat.text.en.length);
}

/** The beat at `index` fires on both sides: the guide's stage and the lab. */
async function fireBoth(going: Going, index: number): Promise<void> {
  const lines = await going.guide.fire(index);
  if (lines.length > 0) {
    const result = await going.lab.actAll(lines);
    if (!result.ok) throw new Error(result.error);
    going.taped += lines.length;
  }
  changeSession({ next: index + 1 });
}

async function reveal(going: Going, index: number, beat: Beat): Promise<void> {
  if (beat.kind !== 'predict') return;
  noteStop(going);
  await going.guide.fire(index);
  const truth = await going.guide.truth(index);
  const given = sessionNow()?.given ?? null;
  await compare(going, index, given, truth);
  changeSession({ question: null, given: null, phase: 'standing' });
  await findNext(going);
  if (index + 1 >= going.lesson.beats.length) await judge(going, false);
  if (sessionNow()?.auto === true) readThen(going, beat.after.en.length);
}
