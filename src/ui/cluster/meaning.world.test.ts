// What the builder says of a commit's time is what a run of the cluster measures: single clients, idle links.

import { beforeAll, expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import { loadSqlEdge } from '../../edge/sql-edge.ts';
import { makeParams } from '../../presets/parameters.ts';
import { watchRun } from '../../run-model/picture/watched-run.ts';
import { ENGINE } from '../../sim/engine.ts';
import type { Edge } from '../../sim/fabric-state.ts';
import { setupRun } from '../../sim/run-setup.ts';
import { makeTape } from '../../sim/tape-run.ts';
import { runWorld } from '../../sim/world.ts';
import { known } from '../../stacks/known.ts';
import { findPreset } from '../../stacks/presets.ts';
import {
  type Draft,
  draftOf,
  faultsOfDraft,
  presetOf,
  withCount,
  withDisk,
  withGroup,
  withLinks,
  withLoad,
  withZones,
  zonesOf,
} from './draft.ts';
import { type LatencyProfile, linksOf } from './latency-profiles.ts';
import { commitTimeOf, oneWayUs } from './meaning.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

function draftFrom(name: string): Draft {
  const preset = findPreset(name);
  if (preset === null) throw new Error(name);
  const kind = preset.architecture === 'postdb-v4' ? 'kv-tables' : 'kv-insert';
  return withLoad(draftOf(preset, 'mine'), {
    kind,
    rows: 1,
    clients: 1,
    thinkUs: 2000,
    readPercent: 0,
    valueBytes: 50,
  });
}

const linked = (draft: Draft, profile: LatencyProfile): Draft =>
  withLinks(draft, linksOf(profile, zonesOf(draft.preset)));

/** The client's median of a commit, and what is said of it, µs. */
function measured(draft: Draft) {
  const preset = presetOf(draft);
  expect(faultsOfDraft(draft)).toEqual([]);
  const made = makeParams(preset.profile, preset.changes, preset.cluster);
  if (!made.ok) throw new Error(made.error);
  const { profile, seed } = preset;
  const setup = setupRun(known, makeTape(preset, { engine: ENGINE, profile, seed }));
  if (!setup.ok) throw new Error(setup.error);
  const run = watchRun(known, setup.setup, edge, { preset: preset.name });
  runWorld(run.world, run.host, { until: ((preset.bootUntilMs + 4000) * 1000) as Time });
  const { metrics } = run.picture({ group: null, lsnWindow: null, span: 1, detail: false });
  const said = commitTimeOf(preset, made.params);
  if (said === null) throw new Error('nothing can commit');
  const client = 2 * oneWayUs({ preset, params: made.params }, 'a', 'a');
  return { commits: metrics.commits, us: metrics.latencyP50Us, said, client };
}

const cases: readonly (readonly [string, () => Draft])[] = [
  ['cynosdb as it is', () => draftFrom('cynosdb')],
  [
    'five stores of two zones far apart, four of five',
    () => {
      let draft = withZones(withCount(draftFrom('cynosdb'), 'store', 5), 2);
      for (const at of [0, 1]) draft = withGroup(draft, at, { vw: 4, vr: 2 });
      return linked(draft, 'regions');
    },
  ],
  ['three regions, two of three', () => linked(draftFrom('cynosdb'), 'regions')],
  [
    'a slow disk in a majority',
    () => withDisk(withDisk(draftFrom('cynosdb'), 'store-2', 'syncUs', 8000), 'store-3', 'syncUs', 8000),
  ],
  ['sharded over three regions', () => linked(draftFrom('postdb-v4'), 'regions')],
  ['a shared disk over three regions', () => linked(draftFrom('polardb'), 'regions')],
  ['a shared disk as it is', () => draftFrom('polardb')],
];

/** A sync may have to wait for the one before it, which the estimate leaves out. */
const busy = 1.6;

test.each(cases)('WAL-3, PRE-3, PRE-7 %s: a commit takes as long as is said', (_, draft) => {
  const { commits, us, said, client } = measured(draft());
  expect(commits).toBeGreaterThan(100);
  expect(us).toBeGreaterThan(0.95 * (said.lowUs + client));
  expect(us).toBeLessThan(busy * (said.highUs + client));
});
