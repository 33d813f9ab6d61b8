// Seeds of sweeps that found something, up to where they found it (docs/checkers.md).

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { findPreset } from '../sim/presets.ts';
import { programOf } from '../sim/programs.ts';
import { setupRun } from '../sim/run-setup.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import { makeWorld, runWorld } from '../sim/world.ts';

test('WAL-39 seed 181: a truncation that was durable before its node could trace it takes no acknowledgement back', async () => {
  const preset = findPreset('cynosdb');
  if (preset === null) throw new Error('no preset');
  const made = setupRun(drawScenario(preset, 181, 120_000_000, []).tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  const world = makeWorld<unknown, unknown>(spec);
  const heard: string[] = [];
  runWorld(
    world,
    {
      program: programOf(program),
      edge: await loadSqlEdge(),
      onTrace: (events) => {
        for (const traced of events) {
          observe(monitors, traced);
          const { event } = traced;
          if (event.kind === 'recovery.info' && event.replica === 'store-2' && traced.at > 57_000_000)
            heard.push(`${event.group} ${event.scl}`);
        }
      },
    },
    { until: 57_400_000 as Time },
  );
  expect(heard).toContain('g1 190661'); // it had acknowledged 190675 under the term before
  expect(monitors.violations).toEqual([]);
});
