// The seam between the shell and an architecture, held by a stack that is nothing but its folders and a line in each
// registry: a tape of it runs under its monitor, with its gauges, its crash point and its planted bug.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { messageTable } from '../../core/cluster/messages.ts';
import { readCondition } from '../../run-model/facts/condition.ts';
import { lookOn, makeWatch } from '../../run-model/facts/watch.ts';
import { makeRecorder, metricsOf, type Recorder, recordEvents } from '../../run-model/recorder/recorder.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { parseTape } from '../../sim/tape-parse.ts';
import { printTape } from '../../sim/tape-print.ts';
import { makeWorld, runWorld } from '../../sim/world.ts';
import { known } from '../known.ts';
import { isOffered, offeredPresets } from '../preset-names.ts';
import { findPreset } from '../presets.ts';
import { programOf } from '../programs.ts';
import { tapes } from '../tapes.ts';
import { tallyMessages } from './messages.ts';

const headed = (lines: readonly string[], ...header: readonly string[]): string =>
  ['postdb-tape 1', 'engine 1', 'preset tally', 'profile demo', 'seed 7', ...header, ...lines, ''].join('\n');

const adds = ['10.000 tallyAdd t1 5', '20.000 tallyAdd t1 7', '30.000 tallyAdd t2 100'];

/** Runs a tape to 200 ms; what each condition became true at. */
function run(text: string, ...conditions: readonly string[]): { recorder: Recorder; metAt: number[] } {
  const parsed = parseTape(tapes, text);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const recorder = makeRecorder(known, spec.cluster, spec.params.lal);
  const watches = conditions.map((condition) => {
    const read = readCondition(known, condition, spec.cluster, []);
    if (!read.ok) throw new Error(read.error);
    return makeWatch(known, read.value, recorder);
  });
  const metAt = conditions.map(() => -1);
  const world = makeWorld<unknown, unknown>(spec);
  const edge = { parse: () => [] };
  runWorld(
    world,
    {
      program: programOf(program),
      edge,
      tape: tapes,
      onTrace(events) {
        const from = recorder.listed.length;
        recordEvents(known, recorder, events);
        const fresh = recorder.listed.slice(from);
        const at = events.at(-1)?.at ?? 0;
        watches.forEach((watch, i) => {
          if (metAt[i] === -1 && lookOn(watch, fresh, recorder, at)) metAt[i] = at;
        });
      },
    },
    { until: 200_000 as Time },
  );
  return { recorder, metAt };
}

const doneIn = ({ listed }: Recorder): readonly (readonly [number, number])[] =>
  listed.flatMap(({ event }) => (event.kind === 'tally.done' ? [[event.amount, event.total] as const] : []));

test('a tape prints and reads back; its numbers are summed, once every follower has them', () => {
  const parsed = parseTape(tapes, headed(adds));
  if (!parsed.ok) throw new Error(parsed.error);
  expect(printTape(tapes, parsed.tape)).toContain('10.000 tallyAdd t1 5');
  const { recorder } = run(headed(adds));
  expect(doneIn(recorder)).toEqual([
    [5, 5],
    [7, 12],
  ]);
  expect(recorder.listed.filter(({ event }) => event.kind === 'tally.durable')).toHaveLength(4);
  expect(recorder.monitors.violations).toEqual([]);
  expect(recorder.monitors.exercised).toEqual({ 'tally.sum': 3 });
});

test('its gauges stand in the metrics and in conditions, of its own runs only', () => {
  const { recorder, metAt } = run(headed(adds), 'tally >= 12', 'held(t2) >= 5', 'tally.done');
  const [whole = -1, held = -1, first = -1] = metAt;
  expect(held).toBeGreaterThan(10_000);
  expect(first).toBeGreaterThanOrEqual(held);
  expect(whole).toBeGreaterThan(20_000);
  expect(metricsOf(known, recorder, 200_000 as Time, new Map())).toMatchObject({ tallyTotal: 12 });
  const other = findPreset('cynosdb')?.cluster;
  if (other === undefined) throw new Error('cynosdb');
  expect(readCondition(known, 'tally >= 12', other, []).ok).toBe(false);
  expect(metricsOf(known, makeRecorder(known, other, 32), 0 as Time, new Map())).not.toHaveProperty(
    'tallyTotal',
  );
  expect(Object.keys(makeRecorder(known, other, 32).monitors.exercised)).not.toContain('tally.sum');
});

test('a crash is aimed at its step; what was durable is there again', () => {
  const { recorder } = run(headed(['9.000 crashOn t2 before tallied', ...adds, '60.000 restart t2']));
  expect(recorder.listed.some(({ event, node }) => event.kind === 'node.down' && node === 't2')).toBe(true);
  expect(doneIn(recorder)).toEqual([]);
  const again = run(
    headed([...adds, '60.000 crash t1 loseAll', '80.000 restart t1', '100.000 tallyAdd t1 1']),
  );
  expect(doneIn(again.recorder)).toEqual([
    [5, 5],
    [7, 12],
    [1, 13],
  ]);
  expect(again.recorder.monitors.violations).toEqual([]);
});

test('its monitor catches its planted bug', () => {
  const { recorder } = run(headed(adds, 'broken tally.counts-twice'));
  expect(recorder.monitors.violations).toMatchObject([{ rule: 'tally.sum', message: 'total 10, not 5' }]);
});

test('its messages have tags of their own; nobody is offered it', () => {
  const tags = [...Object.values(messageTable), ...Object.values(tallyMessages)].map(({ tag }) => tag);
  expect(new Set(tags).size).toBe(tags.length);
  expect(offeredPresets).not.toContain('tally');
  expect(isOffered('tally')).toBe(false);
});

test('nothing outside its folders names it but the registries', () => {
  // An election may tally votes: what is meant is the stack, its files and what it declares.
  const names = /(['"/`]tally)|tally[A-Z./]|Tally/;
  const registries = [
    'stacks/actions.ts',
    'stacks/checks.ts',
    'stacks/nodes.ts',
    'stacks/registry.ts',
    'stacks/runtimes.ts',
    'ui/stacks/registry.ts',
    'ui/stacks/tables.ts',
    // Written from the files of words.
    'words/types.ts',
  ];
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(ts|tsx|css)$/.test(path),
  );
  const naming = files.filter((path) => names.test(readFileSync(`src/${path}`, 'utf8')));
  const outside = naming.filter((path) => !/^(?:(?:ui\/)?stacks|words)\/tally\//.test(path));
  expect(outside.sort()).toEqual(registries);
});
