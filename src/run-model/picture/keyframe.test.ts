import { expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { makeWorld, runWorld, worldHash } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { programOf } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { type Keyframe, recordKeyframe } from './keyframe.ts';

const edge = await loadSqlEdge();

function record(preset: string, seed: number): Keyframe {
  const keyframe = recordKeyframe(known, preset, seed, edge);
  if ('error' in keyframe) throw new Error(keyframe.error);
  return keyframe;
}

/** The same run as a host makes it: in windows of at most `frameUs`. */
function hashAt(preset: string, seed: number, until: Time, frameUs: number): string {
  const tape = freshTape(presets, preset, seed);
  if ('error' in tape) throw new Error(tape.error);
  const result = setupRun(known, tape);
  if (!result.ok) throw new Error(result.error);
  const world = makeWorld<unknown, unknown>(result.setup.spec);
  runWorld(world, { program: programOf(result.setup.program), edge, tape: tapes }, { until, frameUs });
  return worldHash(world);
}

test('PRE-4 the keyframe is of a cluster at work at the end of its boot', () => {
  const { at, frame } = record('hook-hole', 7);
  expect(at).toBe(40_000);
  expect(frame.time).toBe(at);
  expect(
    frame.nodes.every(({ status, view, disk }) => status === 'up' && view !== null && disk !== null),
  ).toBe(true);
  expect(frame.metrics.commits).toBeGreaterThan(5);
  expect(frame.flights.length).toBeGreaterThan(0);
  expect(frame.violations).toEqual([]);
});

test.each(['hook-hole', 'postdb-v4', 'polardb'])(
  'a run of %s with the same seed reaches the keyframe however its windows are cut, another seed does not',
  (preset) => {
    const { at, hash } = record(preset, 7);
    expect(hashAt(preset, 7, at, 16)).toBe(hash);
    expect(hashAt(preset, 8, at, 16)).not.toBe(hash);
  },
);

test('the keyframe reads back from its file as it was recorded', () => {
  const keyframe = record('hook-hole', 7);
  expect(JSON.parse(JSON.stringify(keyframe))).toEqual(keyframe);
});

test('an unknown preset is refused with the known ones', () => {
  expect(recordKeyframe(known, 'hook', 7, edge)).toMatchObject({
    error: expect.stringContaining('hook-hole'),
  });
});
