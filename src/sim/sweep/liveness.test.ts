// When something that is owed breaks its rule: after its bound, from when on it stood at every look.

import { beforeAll, expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import type { Mutants } from '../../core/kernel/mutants.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { batchesTaken, livenessBoundsOf } from '../../stacks/cynosdb/liveness-bounds.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import { programOf, programs } from '../../stacks/programs.ts';
import { tapes } from '../../stacks/tapes.ts';
import { makeMonitors } from '../checks/monitors.ts';
import { ENGINE } from '../engine.ts';
import type { Edge } from '../fabric-state.ts';
import { setupRun } from '../run-setup.ts';
import type { Tape } from '../tape.ts';
import { parseTape } from '../tape-parse.ts';
import { makeWorld, runWorld } from '../world.ts';
import { drawDense } from './draw-dense.ts';
import { checkLiveness, makeLivenessWatch } from './liveness.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

function dense(mutants: Mutants, seed: number): Tape {
  const preset = findPreset('cynosdb');
  if (preset === null) throw new Error('no preset');
  return drawDense(known, preset, seed, 400_000, mutants, true);
}

function tapeWith(header: readonly string[], actions: readonly string[]): Tape {
  const head = ['postdb-tape 1', `engine ${ENGINE}`, 'preset cynosdb', 'profile demo', 'seed 3'];
  const parsed = parseTape(tapes, [...head, ...header, ...actions, ''].join('\n'));
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
  return parsed.tape;
}

/** Two clients commit; for 5 ms the writer reaches no store, so what it sends then is lost to all of them. */
const blackout = (...mutants: Mutants): Tape =>
  tapeWith(
    mutants.map((name) => `broken ${name}`),
    [
      '0.000 workload d1 transfers kind=transfer rows=20 clients=2 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true',
      ...['store-1', 'store-2', 'store-3'].map((store) => `200.000 cut rw-1 > ${store} for 5 ms`),
    ],
  );

/** A run looked at every 16 windows: what breaks, how many were owed, how many of them of a commit after `until / 4`. */
function look(tape: Tape, until: number) {
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const liveness = makeLivenessWatch();
  let owed = 0;
  let commits = 0;
  const world = makeWorld<unknown, unknown>(spec);
  const stop = (): boolean => {
    if (world.windows >= liveness.nextAt) {
      const now = livenessBoundsOf(world);
      owed += now.length;
      if (world.fabric.now > until / 4)
        commits += now.filter(({ rule }) => rule === 'commit.acked-in-time').length;
    }
    checkLiveness(programs, liveness, monitors, world);
    return monitors.violations.length > 0;
  };
  runWorld(world, { program: programOf(program), edge, tape: tapes }, { until: until as Time, stop });
  return { owed, commits, rules: monitors.violations.map(({ rule }) => rule) };
}

test('WAL-27 page reads and holes are owed in a sound run, and given in time', () => {
  const { owed, rules } = look(dense([], 1), 400_000);
  expect(owed).toBeGreaterThan(20);
  expect(rules).toEqual([]);
});

test('WAL-25 a floor above an open snapshot is seen at the next look', () => {
  expect(look(dense(['compute.floor-ignores-snapshots'], 1), 400_000).rules).toEqual([
    'read.floor-below-readers',
  ]);
});

test('WAL-12 WAL-19 a commit whose log was lost to every store is acknowledged once it is sent again', () => {
  const { commits, rules } = look(blackout(), 800_000);
  expect(commits).toBeGreaterThan(0);
  expect(rules).toEqual([]);
});

test('M78 WAL-12 a writer that never sends again owes its commits after the bound', () => {
  expect(look(blackout('writer.no-resend'), 4_000_000).rules).toEqual(['commit.acked-in-time']);
});

test('WAL-75 a store that has restarted away from the metadata owes no page: its replicas are unchecked (cynosdb seed 464)', () => {
  const tape = tapeWith(
    ['set bufferPages 36'],
    [
      '0.000 workload d1 pages kind=ycsb-a rows=200 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=200 load=true',
      '300.000 partition meta-1 store-1 store-3 | d1 rw-1 store-2 for 3000.000 ms',
      '300.100 crash store-2 for 20.000 ms',
    ],
  );
  expect(look(tape, 3_000_000)).toMatchObject({ rules: [] });
});

test.each([
  [8 * 1024 * 1024, 64 * 1024, 4],
  [5794, 3592, 1], // sweep cynosdb seed 38: a commit that waited for 20 rounds was given 5
  [4096, 8192, 1],
  [8192, 4096, 2],
])('WAL-12 of room for %i bytes and batches of %i a store takes %i in a round', (room, batch, taken) => {
  expect(batchesTaken(room, batch)).toBe(taken);
});
