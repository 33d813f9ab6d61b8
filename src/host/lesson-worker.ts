// The lesson worker: tells one lesson after the other on a world of its own (src/lessons/director.ts), at the instant
// the lab shows. Requests are worked off in order.

import { present } from '../base/assert.ts';
import { messageOf } from '../base/thrown.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import {
  advance,
  ask,
  type Director,
  findTrigger,
  fire,
  follow,
  isMet,
  isPassed,
  openLesson,
  spokenNow,
  truthOf,
  wasDone,
} from '../lessons/director.ts';
import type { Lesson, LessonStep } from '../lessons/format.ts';
import { lessonBeats } from '../lessons/lesson-beats.ts';
import { lessonOfFile } from '../lessons/lesson-file.ts';
import { saveLesson } from '../lessons/lesson-save.ts';
import { loadLesson } from '../lessons/load-lesson.ts';
import { countFaults, playOut, runScript } from '../lessons/script.ts';
import { stageNow } from '../lessons/stage.ts';
import { startTape } from '../lessons/start-tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printTape } from '../sim/tape-print.ts';
import { tapes } from '../stacks/tapes.ts';
import type {
  ChallengeState,
  LessonEvent,
  LessonOpened,
  LessonRequest,
  RecordedLesson,
  ScriptOutcome,
} from './lesson-messages.ts';

let director: Director | null = null;
let queue: Promise<void> = Promise.resolve();

const post = (event: LessonEvent): void => self.postMessage(event);
const current = (): Director => present(director, 'an open lesson');
const stepAt = (index: number): LessonStep => present(current().lesson.steps[index], `step ${index}`);

self.onmessage = (event: MessageEvent<LessonRequest>) => {
  const request = event.data;
  queue = queue.then(async () => {
    try {
      post({ kind: 'done', id: request.id, value: await handle(request) });
    } catch (error) {
      const text = messageOf(error);
      post({ kind: 'refused', id: request.id, error: text });
    }
  });
};

async function handle(request: LessonRequest): Promise<unknown> {
  switch (request.kind) {
    case 'open':
      return open(request);
    case 'record':
      return record(request);
    case 'follow': {
      const d = current();
      if (request.tape === null) advance(d, request.now);
      else follow(d, request.tape, request.now);
      return;
    }
    case 'find': {
      const step = stepAt(request.step);
      const trigger = request.part === 'reveal' && step.kind === 'predict' ? step.reveal : step.trigger;
      return findTrigger(current(), trigger);
    }
    case 'spoken':
      return spokenNow(current(), stepAt(request.step), request.part);
    case 'fire':
      return fire(current(), stepAt(request.step));
    case 'ask':
      ask(current(), stepAt(request.step));
      return;
    case 'wasDone':
      return wasDone(current());
    case 'truth': {
      const step = stepAt(request.step);
      return step.kind === 'predict' ? truthOf(current(), step) : null;
    }
    case 'right':
      current().predicted.add(stepAt(request.step).id);
      return;
    case 'passed':
      return isPassed(current());
    case 'script': {
      const { steps, missed, passed, truths } = playOut(current(), request.from);
      return { steps, missed, passed, truths: [...truths] } satisfies ScriptOutcome;
    }
    case 'save':
      return saveLesson(request.tape, request.now, request.title, await loadSqlEdge());
    case 'challenge': {
      const d = current();
      return { met: isMet(d), faults: countFaults(d, request.faultsFrom) } satisfies ChallengeState;
    }
  }
}

async function find(id: string, file: string | null): Promise<Lesson> {
  const found = file === null ? await loadLesson(id) : lessonOfFile(file);
  if ('error' in found) throw new Error(found.error);
  return found;
}

async function record({ lesson, file }: Extract<LessonRequest, { kind: 'record' }>): Promise<RecordedLesson> {
  const [found, edge] = await Promise.all([find(lesson, file), loadSqlEdge()]);
  const { steps, missed, tape } = runScript(found, edge);
  if (missed.length > 0) throw new Error(`lesson ${found.id} does not come to step ${missed.join(', ')}`);
  const parsed = parseTape(tapes, tape);
  if (!parsed.ok) throw new Error(`lesson ${found.id}, line ${parsed.line}: ${parsed.error}`);
  const header = { ...parsed.tape.header, marks: lessonBeats(found, steps) };
  const { lens, group, speed, ms } = found.start;
  return {
    tape: printTape(tapes, { ...parsed.tape, header }),
    startUs: ms * 1000,
    start: { lens, group, speed },
  };
}

async function open({ lesson, file }: Extract<LessonRequest, { kind: 'open' }>): Promise<LessonOpened> {
  const edge = await loadSqlEdge();
  const found = await find(lesson, file);
  director = openLesson(found, edge);
  return { tape: startTape(found), startUs: stageNow(director.stage) };
}
