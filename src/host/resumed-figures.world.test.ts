// Figures of a run that goes on from its disks: what was before the power cut was not seen, so it is neither zero nor known,
// and what is said since adds up with what a replay of the whole tape counts.

import { beforeAll, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { gaugeIn, withViews } from '../run-model/gauges/gauges.ts';
import type { MetricsFrame } from '../run-model/picture/frame.ts';
import { makeRecorder, metricsOf, type Recorder, recordEvents } from '../run-model/recorder/recorder.ts';
import { digestImage } from '../sim/digests.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { resumeFabric } from '../sim/resume.ts';
import { freshTape, type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { diskOf, makeWorld, runWorld, type World, worldViews } from '../sim/world.ts';
import { gauges } from '../stacks/gauges.ts';
import { known } from '../stacks/known.ts';
import { nodeKinds } from '../stacks/node-kinds.ts';
import { presets } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const ms = (count: number): Time => (count * 1000) as Time;
const view: ViewParams = { group: null, lsnWindow: null, span: 32, detail: false };
const CUT = ms(300);

function setupWith(more: readonly TapeAction[]): RunSetup {
  const tape = freshTape(presets, 'cynosdb', 3);
  if ('error' in tape) throw new Error(tape.error);
  const made = setupRun(known, { ...tape, actions: [...tape.actions, ...more] });
  if (!made.ok) throw new Error(made.error);
  return made.setup;
}

interface Followed {
  readonly setup: RunSetup;
  readonly world: World<unknown, unknown>;
  readonly recorder: Recorder;
}

const follow = (setup: RunSetup, resumedAt: Time | null): Followed => ({
  setup,
  world: makeWorld<unknown, unknown>(setup.spec),
  recorder: makeRecorder(known, setup.spec.cluster, setup.spec.params.lal, resumedAt),
});

/** What a picture at this time says. */
function figuresAt({ setup, world, recorder }: Followed, until: Time): MetricsFrame {
  const program = programOf(setup.program);
  runWorld(
    world,
    { program, edge, tape: tapes, onTrace: (events) => recordEvents(known, recorder, events) },
    { until },
  );
  for (const [node, shown] of worldViews(world, program, view)) {
    const record = recorder.nodes.get(node);
    if (record !== undefined) record.view = shown;
  }
  return metricsOf(known, recorder, until, world.fabric.traffic.bytesBy);
}

const vdlIn = ({ recorder }: Followed): number | null => {
  const views = [...recorder.nodes].map(([node, { view: shown }]) => [node, shown] as const);
  return gaugeIn(gauges, withViews(gauges, recorder.gauges, views), 'VDL', 'v1');
};

test('WAL-18 a run opened from its disks never shows a VDL below the one it had, and counts commits from then on', () => {
  const whole = follow(setupWith([]), null);
  const before = figuresAt(whole, CUT);
  expect(before).toMatchObject({ since: 0 });
  expect([before.commits > 10, (before.vdl ?? -1) > 10]).toEqual([true, true]);
  const stamps = whole.world.fabric.nodes.map(({ spec, stamp, life }) => ({
    node: spec.id,
    until: stamp?.until ?? ms(0),
    ordinal: stamp?.ordinal ?? 0,
    life,
    hash: stamp?.hash ?? '0'.repeat(16),
    disk: digestImage(diskOf(whole.world, spec.id)),
  }));
  const cut: TapeAction = { at: CUT, kind: 'powerCut', stamps };
  const opened = follow(setupWith([cut]), CUT);
  Object.assign(opened.world.fabric, resumeFabric(nodeKinds, opened.setup.spec));
  for (const { id } of opened.setup.spec.cluster.nodes)
    opened.world.images.set(id, new Map(diskOf(whole.world, id)));
  let unknown = 0;
  let shown: MetricsFrame = figuresAt(opened, CUT);
  for (let at = CUT; at <= CUT + ms(250); at = (at + 500) as Time) {
    shown = figuresAt(opened, at);
    expect(shown.since).toBe(CUT);
    expect(shown.vdl ?? null).toBe(vdlIn(opened));
    if (shown.vdl === undefined) unknown++;
    else expect(shown.vdl).toBeGreaterThanOrEqual(before.vdl ?? -1);
  }
  // Until recovery has found it nobody knows it.
  expect([unknown > 0, shown.vdl !== undefined, shown.commits > 0]).toEqual([true, true, true]);
  const replayed = follow(setupWith([cut]), null);
  const after = figuresAt(replayed, (CUT + ms(250)) as Time);
  expect(replayed.world.fabric.divergences).toEqual([]);
  expect([after.commits, after.vdl]).toEqual([before.commits + shown.commits, shown.vdl]);
});
