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
import { conditionStarts, readCondition } from './condition.ts';
import { isNear, lookOn, makeWatch, timeLimitOf, untilLimit } from './watch.ts';

const cluster = present(findPreset('hook-hole') ?? undefined, 'the hook').cluster;

describe('conditions', () => {
  const world = (what: string) => ({ kind: 'world', what, text: what });
  const gauge = (text: string, word: string, place: string | null) => ({ kind: 'gauge', text, word, place });
  const promoteKinds = known.trace.traceKinds.filter((kind) => kind.startsWith('promote.'));
  const value = (number: number) => ({ kind: 'value', value: number });
  const at = (node: string) => [{ field: ['node'], operator: '=', value: [node] }];

  test.each([
    ['violation', { kind: 'violation' }],
    ['milestone', { kind: 'milestone' }],
    ['hole.open', { kind: 'event', kinds: ['hole.open'], filters: [] }],
    ['hole.open at store-3', { kind: 'event', kinds: ['hole.open'], filters: at('store-3') }],
    ['hole.open node=store-3', { kind: 'event', kinds: ['hole.open'], filters: at('store-3') }],
    ['promote.*', { kind: 'event', kinds: promoteKinds }],
    ['VDL(v1) >= 1000', { left: gauge('VDL(v1)', 'VDL', 'v1'), operator: '>=', right: value(1000) }],
    ['VDL (v1) >= 1000', { left: gauge('VDL (v1)', 'VDL', 'v1'), operator: '>=', right: value(1000) }],
    ['VDL>=1000', { left: gauge('VDL', 'VDL', null), operator: '>=', right: value(1000) }],
    ['SCL(store-3, g2) == 120', { left: { place: 'store-3 g2' }, operator: '=', right: value(120) }],
    ['SCL(store-3,g2)<120', { left: { place: 'store-3 g2' }, operator: '<', right: value(120) }],
    ['time >= 120.5 ms', { left: world('time'), operator: '>=', right: value(120.5) }],
    [
      'SCL(store-1, g1) - SCL(store-3, g1) >= 40',
      { left: { kind: 'sum', first: { place: 'store-1 g1' } }, right: value(40) },
    ],
    ['VDL < tail', { left: { word: 'VDL' }, operator: '<', right: { word: 'tail', place: null } }],
  ])('%s', (text, condition) => {
    expect(readCondition(known, text, cluster, [])).toMatchObject({ ok: true, value: condition });
  });

  test('and binds closer than or; parentheses win', () => {
    const loose = readCondition(known, 'milestone or violation and milestone', cluster, []);
    expect(loose).toMatchObject({ value: { kind: 'or', right: { kind: 'and' } } });
    const tight = readCondition(known, '(milestone or violation) and milestone', cluster, []);
    expect(tight).toMatchObject({ value: { kind: 'and', left: { kind: 'or' } } });
  });

  test.each([
    ['', 0, 'missing'],
    ['VDL >=', 6, 'missing'],
    ['VDL 1000', 4, 'not expected'],
    ['VDL >= many', 7, 'a number'],
    ['VDL(v2) >= 1', 4, 'no volume “v2”: v1'],
    ['SCL(store-9, g1) > 1', 4, 'no node “store-9”'],
    ['SCL(store-1 g1) > 1', 12, '“,” is expected'],
    ['hole.opened', 0, 'no event'],
    ['hole.open at', 12, 'missing'],
    ['milestone milestone', 10, 'not expected'],
    ['VDL ≥ 5', 4, 'not expected'],
    ['VDL', 3, '>= <= > < = !='],
    ['VDL(v1 >= 1', 11, '“)” is expected'],
    ['SCL >= 1', 3, '“(” is expected'],
    ['VDL >= 1 or', 11, 'missing'],
    ['(milestone or violation', 23, '“)” is expected'],
    ['milestone)', 9, 'not expected'],
    ['VDL >= 1 >= 2', 9, 'not expected'],
    ['hole.open begin=1', 10, 'has no field “begin”'],
    ['hole.open store-3', 10, 'not expected'],
    ['hole.open node=store-9', 15, 'no node “store-9”'],
    ['milestone or store-3 status = down', 13, 'not followed here'],
    ['count hole.open > 3', 0, 'not followed here'],
    ['holes = 0', 0, 'not followed here'],
    ['VDL >= {last mark.vdl.value}', 8, 'not followed here'],
  ])('%j is refused at %i', (text, position, error) => {
    const read = readCondition(known, text, cluster, []);
    expect(read).toMatchObject({ ok: false, position });
    expect(read.ok ? '' : read.error).toContain(error);
  });

  test('what a condition may begin with can be read once it is finished', () => {
    const starts = conditionStarts(known, cluster);
    expect(starts).toContain('SCL(store-1, g1) >= ');
    for (const start of starts) {
      const text = start.endsWith(' ') ? `${start}1` : start;
      expect(readCondition(known, text, cluster, []), text).toMatchObject({ ok: true });
    }
  });

  test('a time is a limit, alone or as one of two', () => {
    const limit = (text: string): number | null => {
      const read = readCondition(known, text, cluster, []);
      return read.ok ? timeLimitOf(read.value) : -1;
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
  const watch = makeWatch(known, present(read.ok ? read.value : undefined, 'a condition'), recorder);
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
