// Ages in a node's view go on while the node does nothing: a picture says how long something has waited at its own time.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import type { DriverView } from '../../core/client/driver-view.ts';
import type { NodeView } from '../../core/kernel/view.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { freshTape, setupRun } from '../../sim/run-setup.ts';
import { runWorld } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { presets } from '../../stacks/presets.ts';
import { agedView } from './aged-view.ts';
import { watchRun } from './watched-run.ts';

const edge = await loadSqlEdge();
const params = { group: null, lsnWindow: null, span: 32, detail: true };

test('ages of any depth grow, all else is the same object', () => {
  const still = { role: 'x', lists: [1, 2], parts: [{ sinceUs: null }] };
  const old = { node: nodeId('n'), roles: [still, { role: 'y', waiting: [{ sinceUs: 5 }, { ageUs: 7 }] }] };
  const aged = agedView(old as unknown as NodeView, 10) as unknown as typeof old;
  expect(aged.roles[0]).toBe(still);
  expect(aged.roles[1]).toEqual({ role: 'y', waiting: [{ sinceUs: 15 }, { ageUs: 17 }] });
  expect(agedView(old as unknown as NodeView, 0)).toBe(old);
});

/** A preset's drivers as pictures have them, at later and later instants. */
function driversOf(preset: string): (at: number) => readonly DriverView[] {
  const tape = freshTape(presets, preset, 7);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(known, tape);
  if (!made.ok) throw new Error(made.error);
  const { world, host, picture } = watchRun(known, made.setup, edge, { preset });
  return (at) => {
    runWorld(world, host, { until: at as Time });
    const roles = picture(params).nodes.flatMap((node) => node.view?.roles ?? []);
    return roles.filter((role): role is DriverView => role.role === 'driver');
  };
}

test('a statement that waits has waited as much longer as the next picture is later, whatever its driver did since', () => {
  const drivers = driversOf('hook-hole');
  const waiting = (at: number) =>
    new Map(drivers(at)[0]?.waiting.map(({ session, sinceUs }) => [session, sinceUs]));
  const STEP_US = 37;
  let before = waiting(120_000);
  let followed = 0;
  for (let at = 120_000 + STEP_US; at < 123_000; at += STEP_US) {
    const now = waiting(at);
    for (const [session, age] of now) {
      const earlier = before.get(session);
      // A session asks anew within a step.
      if (earlier === undefined || age < STEP_US) continue;
      expect(age - earlier, `${session} at ${at}`).toBe(STEP_US);
      followed++;
    }
    before = now;
  }
  expect(followed).toBeGreaterThan(50);
});

test('the statement that has waited longest comes first', () => {
  const drivers = driversOf('postdb-v4');
  let several = 0;
  for (let at = 100_000; at < 130_000; at += 200)
    for (const { waiting } of drivers(at)) {
      const ages = waiting.map(({ sinceUs }) => sinceUs);
      expect(ages).toEqual(ages.toSorted((a, b) => b - a));
      if (ages.length > 1) several++;
    }
  expect(several).toBeGreaterThan(5);
});
