// When something that is owed breaks its rule: after its bound, from when on it stood at every look.

import { beforeAll, expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { duesOf } from '../../stacks/cynosdb/dues.ts';
import { makeMonitors } from '../checks/monitors.ts';
import type { Edge } from '../fabric-state.ts';
import { findPreset } from '../presets.ts';
import { programOf } from '../programs.ts';
import { setupRun } from '../run-setup.ts';
import { makeWorld, runWorld } from '../world.ts';
import { drawDense } from './draw-dense.ts';
import { checkDues, makeStandingDues } from './standing-dues.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

/** The first 0.4 s of a dense run, looked at every 16 windows; what breaks, and how many dues there were. */
function look(broken: readonly string[], seed: number) {
  const preset = findPreset('cynosdb');
  if (preset === null) throw new Error('no preset');
  const made = setupRun(drawDense(preset, seed, 400_000, broken, true));
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  const dues = makeStandingDues();
  let owed = 0;
  const world = makeWorld<unknown, unknown>(spec);
  const stop = (): boolean => {
    if (world.windows >= dues.nextAt) owed += duesOf(world).length;
    checkDues(dues, monitors, world);
    return monitors.violations.length > 0;
  };
  runWorld(world, { program: programOf(program), edge }, { until: 400_000 as Time, stop });
  return { owed, rules: monitors.violations.map(({ rule }) => rule) };
}

test('WAL-27 page reads and holes are owed in a sound run, and given in time', () => {
  const { owed, rules } = look([], 1);
  expect(owed).toBeGreaterThan(20);
  expect(rules).toEqual([]);
});

test('WAL-25 a floor above an open snapshot is seen at the next look', () => {
  expect(look(['compute.floor-ignores-snapshots'], 1).rules).toEqual(['read.floor-below-readers']);
});
