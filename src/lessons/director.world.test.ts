// The director between steps: where it stops, and what becomes of a tape that somebody else writes into.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { FactValue } from '../run-model/facts/evaluate.ts';
import { freshTape } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import {
  advance,
  ask,
  type Director,
  directorTape,
  findTrigger,
  fire,
  follow,
  isPassed,
  openLesson,
  stateOf,
  wasDone,
} from './director.ts';
import { readFact } from './facts.ts';
import type { Lesson } from './format.ts';
import { lessonOfFile } from './lesson-file.ts';
import { saveLesson } from './lesson-save.ts';
import { loadLesson } from './load-lesson.ts';
import { playOut, runScript } from './script.ts';
import { triggerOf } from './short-forms.ts';
import { stageNow } from './stage.ts';

const edge = await loadSqlEdge();

async function lessonOf(id: string): Promise<Lesson> {
  const lesson = await loadLesson(id);
  if ('error' in lesson) throw new Error(lesson.error);
  return lesson;
}

/** H01 with its first insert on the way. */
async function begun(): Promise<Director> {
  const lesson = await lessonOf('H01');
  const d = openLesson(lesson, edge);
  for (const step of lesson.steps.slice(0, 2)) fire(d, step);
  return d;
}

describe('where a step is', () => {
  test('`before` stands with the event at the queue’s head, `on` right behind it', async () => {
    const d = await begun();
    const before = findTrigger(d, triggerOf('before wal.receive node=store-2 group=g1'));
    const on = findTrigger(d, triggerOf('on wal.receive node=store-2 group=g1'));
    expect(on).toBe((before ?? 0) + 1);
    const received = (): FactValue => readFact(stateOf(d), 'count wal.receive node=store-2 group=g1');
    const seen = received();
    advance(d, before ?? 0);
    expect(received()).toBe(seen);
    advance(d, on ?? 0);
    expect(received()).toBe(Number(seen) + 1);
  });

  test('looking ahead changes nothing', async () => {
    const d = await begun();
    const now = stageNow(d.stage);
    const tape = directorTape(d);
    findTrigger(d, triggerOf('on commit.ack'));
    findTrigger(d, triggerOf('when writer vdl >= 111'));
    expect(stageNow(d.stage)).toBe(now);
    expect(directorTape(d)).toBe(tape);
  });

  test('an nth event counts from the last step, a state that is so is now, what never comes is null', async () => {
    const d = await begun();
    const first = findTrigger(d, triggerOf('on wal.send group=g1'));
    const third = findTrigger(d, triggerOf('on nth 3 wal.send group=g1'));
    expect(third).toBe(first);
    expect(findTrigger(d, triggerOf({ when: ['writer vdl >= 0', 'writer state = open'] }))).toBe(
      stageNow(d.stage),
    );
    expect(findTrigger(d, triggerOf('on volume.fenced'))).toBeNull();
    expect(findTrigger(d, triggerOf('at 1 ms'))).toBe(stageNow(d.stage));
  });

  test('a state is found at the instant it comes about', async () => {
    const d = await begun();
    const until = findTrigger(d, triggerOf('when writer vdl >= 111')) ?? 0;
    advance(d, until - 1);
    expect(stateOf(d).writer?.vdl).toBeLessThan(111);
    advance(d, until);
    expect(stateOf(d).writer?.vdl).toBe(111);
  });
});

describe('a story that somebody writes into', () => {
  test('is replayed from its tape, and goes on from there', async () => {
    const d = await begun();
    advance(d, stageNow(d.stage) + 100);
    const now = stageNow(d.stage);
    const tape = `${directorTape(d)}${(now / 1000).toFixed(3)} crash store-2\n`;
    follow(d, tape, now + 1);
    expect(stateOf(d).node('store-2').status).toBe('down');
    expect(findTrigger(d, triggerOf('on commit.ack'))).not.toBeNull();
    const again = openLesson(d.lesson, edge);
    follow(again, tape, now + 1);
    expect(stateOf(again).time).toBe(stateOf(d).time);
    expect(playOut(again, 4).hash).toBe(playOut(d, 4).hash);
  });

  test('a lesson can be lost by it: without two stores nothing commits', async () => {
    const d = await begun();
    const tape = `${directorTape(d)}40.100 crash store-1\n40.100 crash store-2\n`;
    follow(d, tape, 40_200);
    const run = playOut(d, 2);
    expect(run.missed.length).toBeGreaterThan(0);
    expect(run.passed).toBe(false);
  });

  test('what was predicted right stays so when the tape is replayed', async () => {
    const d = await begun();
    d.predicted.add('list');
    follow(d, `${directorTape(d)}41.000 healAll\n`, 41_100);
    expect(d.predicted.has('list')).toBe(true);
    expect(isPassed(d)).toBe(false);
  });
});

test('a saved lesson opens as the lesson of its tape, and passes by its script', async () => {
  const { tape } = runScript(await lessonOf('H01'), edge);
  const text = saveLesson(tape, 60_000, 'A lost message', edge);
  const lesson = lessonOfFile(text);
  if ('error' in lesson) throw new Error(lesson.error);
  expect(lesson.title.en).toBe('A lost message');
  const again = runScript(lesson, edge);
  expect(again.missed).toEqual([]);
  expect(again.passed).toBe(true);
  expect(again.endUs).toBe(60_000);
  const actions = (text_: string): string[] => text_.split('\n').filter((one) => /^[0-9]/.test(one));
  expect(actions(again.tape)).toEqual(actions(tape));
  expect(runScript(lesson, edge, { withoutKey: true }).passed).toBe(false);
});

test('PRE-9: a saved lesson of a cluster that no preset names lays it out, and is the same run', async () => {
  const said = readFileSync('src/presets/cynosdb/cynosdb-5.cluster', 'utf8');
  const fresh = freshTape(presets, said.replace('cluster cynosdb-5', 'cluster five\nset lal 64'), 3);
  if ('error' in fresh) throw new Error(fresh.error);
  const tape = `${printTape(tapes, { ...fresh, header: { ...fresh.header, mutants: ['hole.not-clipped'] } })}50.000 crash store-5\n`;
  const written = JSON.parse(saveLesson(tape, 60_000, 'Five stores', edge));
  expect(written.start).toMatchObject({ seed: 3, broken: ['hole.not-clipped'] });
  expect(written.start.cluster).toContain('group store-1..5 write=3 read=3');
  const lesson = lessonOfFile(JSON.stringify(written));
  if ('error' in lesson) throw new Error(lesson.error);
  const run = runScript(lesson, edge);
  expect([run.missed, run.passed]).toEqual([[], true]);
  const read = (text: string) => {
    const parsed = parseTape(tapes, text);
    if (!parsed.ok) throw new Error(parsed.error);
    const { header, actions } = parsed.tape;
    return { header: { ...header, marks: [], end: null }, actions };
  };
  expect(read(run.tape)).toEqual(read(tape));
});

describe('a step that the person does by hand', () => {
  test('has fired once the newest actions on the tape are those that it asks for, and triggers count from there', async () => {
    const lesson = await lessonOf('P06');
    const index = lesson.steps.findIndex((step) => step.kind === 'act');
    const step = lesson.steps[index];
    if (step?.kind !== 'act') throw new Error('no step that acts');
    const d = openLesson(lesson, edge);
    const lab = openLesson(lesson, edge);
    ask(d, step);
    expect(wasDone(d)).toBe(false);
    fire(lab, { ...step, action: ['freeze n3 for 1.000 ms'] });
    follow(d, directorTape(lab), stageNow(lab.stage));
    expect(wasDone(d)).toBe(false);
    fire(lab, step);
    follow(d, directorTape(lab), stageNow(lab.stage));
    expect(wasDone(d)).toBe(true);
    expect(findTrigger(d, triggerOf('on pcs.change.begin want=in'))).toBeGreaterThan(stageNow(d.stage));
    // it is done once
    expect(wasDone(d)).toBe(false);
  });
});
