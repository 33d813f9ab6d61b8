// Bands of faults: each lasting fault of the tape stands until what it did is undone, whatever undid it, and no longer.
// In a cluster of the first stack, so that its own faults are among them.

import { expect, test } from 'vitest';
import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import { makePrng, nextBelow } from '../base/prng.ts';
import { flights } from '../run-model/picture/flights.ts';
import type { FaultFrame, WorldFrame } from '../run-model/picture/frame.ts';
import { makePicture } from '../run-model/picture/picture.ts';
import {
  cloneRecorder,
  makeRecorder,
  type Recorder,
  recordCommand,
  recordEvents,
} from '../run-model/recorder/recorder.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { actionKinds, actionNames, tapes } from '../stacks/tapes.ts';
import type { Edge } from './fabric-state.ts';
import { setupRun } from './run-setup.ts';
import type { ActionName } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import { makeTape } from './tape-run.ts';
import { cloneWorld, injectAction, makeWorld, runWorld, type World } from './world.ts';

const preset = present(findPreset('cynosdb'), 'cynosdb');
const result = setupRun(known, makeTape(preset, { engine: 'test', seed: 7, actions: [] }));
if (!result.ok) throw new Error(result.error);
const { setup } = result;
const { cluster } = setup.spec;
const program = programOf(setup.program);
const edge: Edge = { parse: () => [] };

interface Lab {
  readonly world: World<unknown, unknown>;
  readonly recorder: Recorder;
}

function runOn({ world, recorder }: Lab, us: number): void {
  runWorld(
    world,
    {
      program,
      edge,
      tape: tapes,
      onTrace: (events) => recordEvents(known, recorder, events),
      onCommands: (node, commands) => {
        for (const { command, at } of commands) recordCommand(recorder, node, command, at);
      },
    },
    { until: (world.fabric.now + us) as Time },
  );
}

const booted: Lab = {
  world: makeWorld<unknown, unknown>(setup.spec),
  recorder: makeRecorder(known, cluster, setup.spec.params.lal),
};
runOn(booted, 20_000);

const freshLab = (): Lab => ({
  world: cloneWorld(booted.world, program),
  recorder: cloneRecorder(booted.recorder),
});

/** Does these lines now, and lets a tenth of a millisecond pass; answers when they were done. */
function act(lab: Lab, ...lines: readonly string[]): Time {
  const { now } = lab.world.fabric;
  for (const line of lines) {
    const action = parseAction(tapes, `${now / 1000} ${line}`);
    if ('error' in action) throw new Error(`${line}: ${action.error}`);
    injectAction(lab.world, action);
  }
  runOn(lab, 100);
  return now;
}

const pictureOf = ({ world, recorder }: Lab): WorldFrame =>
  makePicture(known, world.fabric, recorder, {
    preset: preset.name,
    time: world.fabric.now,
    failed: new Map(),
    describe: setup.describe,
  });

const bandsOf = (lab: Lab): readonly FaultFrame[] => pictureOf(lab).faults;
const ends = (lab: Lab): readonly (Time | null)[] => bandsOf(lab).map(({ until }) => until);

/** A message that is a long way from its end, by its name on the tape. */
function messageIn({ world }: Lab, from?: string, to?: string): { name: string; from: string; to: string } {
  const [found] = flights(world.fabric, setup.describe)
    .filter((one) => one.fate === 'flying' && (from === undefined || (one.from === from && one.to === to)))
    .sort((a, b) => b.arrivesAt - a.arrivesAt);
  const { id, ...ends } = present(found, 'a message in flight');
  return { name: id, from: ends.from, to: ends.to };
}

interface Case {
  /** Without `for`; `$` stands for a message in flight. */
  readonly fault: string;
  /** Each ends it by itself. */
  readonly remedies: readonly (readonly string[])[];
}

const power = [['restart store-1'], ['powerOn store-1 store-2'], ['powerCut']];
/** What a node forgets when it loses its power. */
const life = [['crash store-1', 'restart store-1'], ['powerOff store-1'], ['powerCut']];
const disk = [['diskOk store-1'], ...life];
const net = [['healAll'], ['heal rw-1 | store-1'], ['powerCut']];
const cuts = [['healAll'], ['powerCut']];

const cases: { readonly [K in ActionName]?: Case } = {
  crash: { fault: 'crash store-1', remedies: power },
  crashLosing: { fault: 'crashLosing store-1 "log/"', remedies: power },
  crashKeeping: { fault: 'crashKeeping store-1 only "/log/"', remedies: power },
  wipeDisk: { fault: 'wipeDisk store-1', remedies: power },
  rollbackDisk: { fault: 'rollbackDisk store-1', remedies: power },
  powerOff: {
    fault: 'powerOff store-1 store-2',
    remedies: [['powerOn store-1 store-2'], ['restart store-1', 'restart store-2'], ['powerCut']],
  },
  freeze: { fault: 'freeze store-1', remedies: [['resume store-1'], ...life] },
  slowCpu: { fault: 'slowCpu store-1 100 us', remedies: [['slowCpu store-1 0 us'], ...life] },
  clock: { fault: 'clock store-1 50.000 ms', remedies: [['clock store-1 0.000 ms'], ...life] },
  clockDrift: { fault: 'clockDrift store-1 1000', remedies: [['clockDrift store-1 0'], ...life] },
  diskSlow: { fault: 'diskSlow store-1 1000 %', remedies: [['diskSlow store-1 100 %'], ...disk] },
  diskRoom: { fault: 'diskRoom store-1 50 %', remedies: [['diskRoom store-1 100 %'], ...disk] },
  diskStall: { fault: 'diskStall store-1', remedies: disk },
  diskFull: { fault: 'diskFull store-1', remedies: disk },
  diskFailSync: { fault: 'diskFailSync store-1', remedies: disk },
  diskFailRead: { fault: 'diskFailRead store-1', remedies: disk },
  isolate: {
    fault: 'isolate store-1',
    remedies: [['heal store-1 | rw-1 store-2 store-3 meta-1 d1'], ...cuts],
  },
  partition: {
    fault: 'partition store-1 | rw-1 store-2',
    remedies: [['heal store-1 | rw-1', 'heal store-2 | store-1'], ...cuts],
  },
  cut: { fault: 'cut rw-1 | store-1', remedies: net },
  hold: { fault: 'hold rw-1 > store-1', remedies: [['release rw-1 | store-1'], ...net] },
  latency: { fault: 'latency rw-1 | store-1 : 9.000 ms', remedies: net },
  jitter: { fault: 'jitter rw-1 | store-1 : 9.000 ms', remedies: net },
  bandwidth: { fault: 'bandwidth rw-1 | store-1 : 256', remedies: net },
  loss: { fault: 'loss rw-1 | store-1 : 20 %', remedies: [['loss rw-1 | store-1 : 0 %'], ...net] },
  duplicate: {
    fault: 'duplicate rw-1 | store-1 : 20 %',
    remedies: [['duplicate rw-1 | store-1 : 0 %'], ...net],
  },
  reorder: { fault: 'reorder rw-1 | store-1 : 20 %', remedies: [['reorder rw-1 | store-1 : 0 %'], ...net] },
  corrupt: { fault: 'corrupt rw-1 | store-1 : 20 %', remedies: [['corrupt rw-1 | store-1 : 0 %'], ...net] },
  holdMessage: {
    fault: 'holdMessage $',
    remedies: [
      ['releaseMessage $'],
      ['deliverMessage $'],
      ['dropMessage $'],
      ['delayMessage $ 1.000 ms'],
      ['release $from > $to'],
      ['heal $from | $to'],
      ['isolate $to'],
      ['healAll'],
      ['powerCut'],
    ],
  },
  pauseHoles: {
    fault: 'pauseHoles store-1',
    remedies: [['resumeHoles store-1'], cluster.groups.map(({ id }) => `resumeHoles store-1 ${id}`), ...life],
  },
};

const lasting = actionNames.filter((name) => actionKinds[name].isFault && actionKinds[name].isLasting);

test('every fault that lasts is among the cases', () => {
  expect(Object.keys(cases).sort()).toEqual([...lasting].sort());
});

test.each(lasting)('the band of %s stands until its own end or any of its remedies', (name) => {
  const { fault, remedies } = present(cases[name], name);
  const filled = (lab: Lab): ((line: string) => string) => {
    const message = fault.includes('$') ? messageIn(lab) : { name: '', from: '', to: '' };
    return (line) =>
      line.replace('$from', message.from).replace('$to', message.to).replace('$', message.name);
  };
  const own = freshLab();
  const begun = act(own, `${filled(own)(fault)} for 2.000 ms`);
  expect(ends(own)).toEqual([null]);
  runOn(own, 5000);
  expect(ends(own)).toEqual([begun + 2000]);
  for (const remedy of remedies) {
    const lab = freshLab();
    const fill = filled(lab);
    act(lab, fill(fault));
    // Something else on the tape ends nothing.
    act(lab, 'freeze d1', 'resume d1', 'diskOk store-3', 'heal store-2 | store-3');
    runOn(lab, 1000);
    expect(bandsOf(lab)[0]?.until, fault).toBe(null);
    const at = act(lab, ...remedy.map(fill));
    expect(bandsOf(lab)[0], `${fault}, then ${remedy.join('; ')}`).toEqual({
      text: fill(fault),
      at: bandsOf(lab)[0]?.at,
      until: at,
    });
  }
});

test('a remedy of some of what a fault did leaves its band; the last part ends it', () => {
  const lab = freshLab();
  const parts = [
    'powerOff store-1 store-2',
    'isolate store-3',
    'hold rw-1 > store-1 store-2',
    `pauseHoles store-3`,
  ];
  act(lab, ...parts);
  act(lab, 'restart store-1', 'heal store-3 | rw-1', 'release rw-1 > store-1', 'resumeHoles store-3 g1');
  expect(ends(lab)).toEqual([null, null, null, null]);
  // The part is over: the same thing done anew has a band of its own.
  act(lab, 'crash store-1', 'cut store-3 | rw-1');
  const at = act(
    lab,
    'restart store-2',
    'heal store-3 | store-1 store-2 meta-1 d1',
    'release rw-1 > store-2',
    'resumeHoles store-3 g2',
  );
  expect(ends(lab)).toEqual([at, at, at, at, null, null]);
});

test('a later fault in the same place takes the place of the earlier one', () => {
  const lab = freshLab();
  act(lab, 'loss rw-1 | store-1 : 20 %');
  const second = act(lab, 'loss rw-1 | store-1 : 60 %');
  expect(ends(lab)).toEqual([second, null]);
  const neutral = act(lab, 'loss rw-1 | store-1 : 0 %');
  expect(ends(lab)).toEqual([second, neutral, neutral]);
});

const normalLinks = JSON.stringify(pictureOf(booted).links);

/** True when nothing in the picture is as only a fault makes it. */
function isUnharmed(frame: WorldFrame): boolean {
  return (
    JSON.stringify(frame.links) === normalLinks &&
    frame.flights.every(({ fate }) => fate !== 'held') &&
    frame.nodes.every(
      (node) =>
        node.status === 'up' &&
        node.clockOffsetUs === 0 &&
        node.slowCpuUs === 0 &&
        node.clockDriftPpm === undefined &&
        Object.entries(node.diskFaults).every(([name, value]) =>
          name.endsWith('Percent') ? value === 100 : value === false,
        ),
    )
  );
}

test('over random faults and remedies a band stands exactly while something of the cluster is not as it was made', () => {
  const prng = makePrng(1, 'fault spans');
  const pick = <T>(items: readonly T[]): T => present(items[nextBelow(prng, items.length)], 'an item');
  // What the picture shows: the pause of repair is in no picture.
  const shown = Object.values(cases).filter(({ fault }) => !fault.startsWith('pauseHoles'));
  const seen = { open: 0, closed: 0 };
  for (let round = 0; round < 12; round++) {
    const lab = freshLab();
    for (let turn = 0; turn < 25; turn++) {
      const { fault, remedies } = pick(shown);
      const flying = flights(lab.world.fabric, setup.describe);
      const message = flying.length === 0 ? null : pick(flying);
      const lines = nextBelow(prng, 3) === 0 ? [fault] : pick(remedies);
      const filled = lines.map((line) =>
        line
          .replace('$from', message?.from ?? 'rw-1')
          .replace('$to', message?.to ?? 'store-1')
          .replace('$', message?.id ?? 'rw-1.1.0'),
      );
      act(lab, ...filled);
      runOn(lab, 500);
      const frame = pictureOf(lab);
      const isOpen = frame.faults.some(({ until }) => until === null);
      expect(isOpen, `${filled.join('; ')}: ${JSON.stringify(frame.faults.at(-1))}`).toBe(!isUnharmed(frame));
      seen[isOpen ? 'open' : 'closed']++;
    }
  }
  expect(Math.min(seen.open, seen.closed)).toBeGreaterThan(30);
});
