// Conditions as a table, and the watch on a real run: it stops at the event, not after it.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { NEVER } from '../../sim/types.ts';
import { makeWorld, stepWorld } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { findPreset, presets } from '../../stacks/presets.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { makeNewEventsFeed } from '../recorder/new-events.ts';
import { makeRecorder, recordEvents } from '../recorder/recorder.ts';
import { readCondition } from './run-condition.ts';
import { isNear, lookOn, makeWatch, timeLimitOf, untilLimit } from './run-until.ts';

const cluster = present(findPreset('hook-hole') ?? undefined, 'the hook').cluster;

describe('conditions', () => {
  test.each([
    ['violation', { kind: 'violation' }],
    ['milestone', { kind: 'milestone' }],
    ['hole.open', { kind: 'event', event: 'hole.open', node: null }],
    ['hole.open at store-3', { kind: 'event', event: 'hole.open', node: 'store-3' }],
    ['VDL(v1) >= 1000', { kind: 'compare', value: 'VDL v1', operator: '>=', to: 1000 }],
    ['VDL>=1000', { kind: 'compare', value: 'VDL v1', operator: '>=', to: 1000 }],
    ['SCL(store-3, g2) == 120', { kind: 'compare', value: 'SCL store-3 g2', operator: '=', to: 120 }],
    ['time >= 120.5 ms', { kind: 'compare', value: 'time', operator: '>=', to: 120_500 }],
  ])('%s', (text, condition) => {
    expect(readCondition(known, text, cluster, [])).toEqual({ ok: true, condition });
  });

  test('and binds closer than or; parentheses win', () => {
    const loose = readCondition(known, 'milestone or violation and milestone', cluster, []);
    expect(loose).toMatchObject({ condition: { kind: 'or', right: { kind: 'and' } } });
    const tight = readCondition(known, '(milestone or violation) and milestone', cluster, []);
    expect(tight).toMatchObject({ condition: { kind: 'and', left: { kind: 'or' } } });
  });

  test.each([
    ['', 0, 'missing'],
    ['VDL >=', 6, 'missing'],
    ['VDL 1000', 4, '>= <= > < = !='],
    ['VDL >= many', 7, 'a number'],
    ['VDL(v2) >= 1', 4, 'no volume “v2”: v1'],
    ['SCL(store-9, g1) > 1', 4, 'no node “store-9”'],
    ['SCL(store-1 g1) > 1', 12, '“,” is expected'],
    ['hole.opened', 0, 'no event'],
    ['hole.open at', 12, 'missing'],
    ['milestone milestone', 10, 'not expected'],
    ['VDL ≥ 5', 4, 'not expected'],
  ])('%j is refused at %i', (text, position, error) => {
    const read = readCondition(known, text, cluster, []);
    expect(read).toMatchObject({ ok: false, position });
    expect(read.ok ? '' : read.error).toContain(error);
  });

  test('a time is a limit, alone or as one of two', () => {
    const limit = (text: string): number | null => {
      const read = readCondition(known, text, cluster, []);
      return read.ok ? timeLimitOf(read.condition) : -1;
    };
    expect(limit('time >= 5')).toBe(5000);
    expect(limit('time >= 5 or hole.open or time >= 3')).toBe(3000);
    expect(limit('time >= 5 and hole.open')).toBe(null);
    expect(untilLimit({ kind: 'milestone' }, 7, 50)).toBe(50);
    expect(untilLimit({ kind: 'milestone' }, 7, NEVER)).toBe(10_000_007);
  });
});

test('a watch stops at the first instant at which its condition holds, and the feed of new events has each event once', async () => {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const world = makeWorld<unknown, unknown>(spec);
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const edge = await loadSqlEdge();
  const read = readCondition(known, 'VDL >= 20', spec.cluster, []);
  const watch = makeWatch(known, present(read.ok ? read.condition : undefined, 'a condition'), recorder);
  const feed = makeNewEventsFeed();
  const delivered: number[] = [];
  let found = false;
  expect(isNear(watch)).toBe(true);
  while (!found) {
    const from = recorder.listed.length;
    const host = {
      program: programOf(program),
      edge,
      tape: tapes,
      onTrace: (e: Parameters<typeof recordEvents>[2]) => recordEvents(known, recorder, e),
    };
    if (!stepWorld(world, host, { until: NEVER, frameUs: 1, view: null })) break;
    found = lookOn(watch, recorder.listed.slice(from), recorder, world.fabric.now);
    const newEvents = feed.take(recorder);
    expect(newEvents.jumped).toBe(delivered.length === 0 && from === 0 && newEvents.jumped);
    delivered.push(...newEvents.events.map(({ index }) => index));
  }
  expect(recorder.gauges.get('vdl')?.get('v1')?.value).toBeGreaterThanOrEqual(20);
  const reached = recorder.listed.filter(({ event }) => event.kind === 'mark.vdl' && event.value >= 20);
  expect(new Set(reached.map(({ at }) => at)).size).toBe(1);
  const wanted = recorder.listed.filter(({ rank }) => rank >= 1);
  expect(delivered).toEqual(wanted.map(({ index }) => index));
  feed.restart();
  expect(feed.take(recorder)).toMatchObject({ jumped: true });
});
