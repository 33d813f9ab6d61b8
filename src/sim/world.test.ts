import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { makePrng, nextUint32 } from '../base/prng.ts';
import { nodeKinds } from '../stacks/node-kinds.ts';
import { actionNames, tapes } from '../stacks/tapes.ts';
import { makeToyWorld, ms, type ToyWorld, toyHost, toyRun } from '../stacks/toy/testing/toy-world.ts';
import { digestImage } from './digests.ts';
import { resumeFabric } from './resume.ts';
import type { ActionName, TapeAction } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import { noLimits } from './testing/no-limits.ts';
import { drawAction } from './testing/random-actions.ts';
import type { OutReply, TracedEvent } from './types.ts';
import {
  cloneWorld,
  diskOf,
  injectAction,
  isUp,
  runWorld,
  stepWorld,
  worldDigests,
  worldHash,
} from './world.ts';

const END = ms(30);
const { cluster } = toyRun(1);

/** Everything but power cuts, whose stamps must belong to the run, and what only a cluster's metadata or readers can do. */
const notDrawn: readonly ActionName[] = [
  'powerCut',
  'moveReplica',
  'rollbackMove',
  'addPcs',
  'removePcs',
  'nameArchiver',
  'restore',
  'cancelRestore',
  'dropVolume',
  'session',
  'revokeReader',
  'switchover',
  'moveToHa',
  'removeNode',
  'splitGroup',
  'mergeGroups',
  'transferGroup',
  'transferPcs',
  'putConfig',
  'ask',
  'editConfig',
  'offline',
  'cancelOffline',
  'checkpoint',
];
const drawable: readonly ActionName[] = actionNames.filter((name) => !notDrawn.includes(name));

/** The toy's client sends three messages every 700 µs: names one that should be on its way. */
function aimAtMessage(action: TapeAction, seed: number): TapeAction[] {
  if (!('message' in action)) return [action];
  const tick = Math.floor(action.at / 700);
  const aimed = { ...action, at: (tick * 700 + 150) as Time, message: `c1.${3 * tick + 1 + (seed % 3)}.0` };
  if (action.kind !== 'releaseMessage') return [aimed];
  return [
    { ...aimed, kind: 'holdMessage', forUs: null },
    { ...aimed, at: (aimed.at + 900) as Time },
  ];
}

const tapeFrom = (draws: readonly (readonly [seed: number, at: number, name: number])[]): TapeAction[] =>
  draws
    .flatMap(([seed, at, draw]) => {
      const name = drawable[draw % drawable.length] as ActionName;
      return aimAtMessage(drawAction(tapes, makePrng(seed, 'action'), name, cluster, 300, at as Time), seed);
    })
    .sort((a, b) => a.at - b.at);

const arbitraryActions = fc
  .noBias(fc.array(fc.tuple(fc.nat(), fc.nat(END), fc.nat(1000)), { maxLength: 30, size: 'max' }))
  .map(tapeFrom);

const act = (line: string): TapeAction => {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(`${line}: ${action.error}`);
  return action;
};

interface Run {
  readonly world: ToyWorld;
  readonly trace: TracedEvent[];
  readonly replies: OutReply[];
}

function run(seed: number, actions: readonly TapeAction[], until: Time, frameUs?: number): Run {
  const world = makeToyWorld(seed, actions);
  const trace: TracedEvent[] = [];
  const replies: OutReply[] = [];
  const host = {
    ...toyHost,
    onTrace: (events: readonly TracedEvent[]) => trace.push(...events),
    onReply: (reply: OutReply) => replies.push(reply),
  };
  runWorld(world, host, frameUs === undefined ? { until } : { until, frameUs });
  return { world, trace, replies };
}

/** The same run, in windows whose limits are drawn. */
function runCutAtRandom(seed: number, actions: readonly TapeAction[], until: Time, cuts: number): Run {
  const world = makeToyWorld(seed, actions);
  const trace: TracedEvent[] = [];
  const replies: OutReply[] = [];
  const host = {
    ...toyHost,
    onTrace: (events: readonly TracedEvent[]) => trace.push(...events),
    onReply: (reply: OutReply) => replies.push(reply),
  };
  const prng = makePrng(cuts, 'cuts');
  for (let at = 0; at < until; ) {
    at = Math.min(until, at + 1 + (nextUint32(prng) % 700));
    runWorld(world, host, { until: at as Time, frameUs: 1 + (nextUint32(prng) % 400) });
  }
  return { world, trace, replies };
}

test('the same tape cut into windows three ways gives one hash, one trace, one set of replies', () => {
  const total = {
    actions: 0,
    crashes: 0,
    lost: 0,
    corrupted: 0,
    duplicated: 0,
    reordered: 0,
    events: 0,
    extraWindows: 0,
  };
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), arbitraryActions, (seed, actions) => {
      const whole = run(seed, actions, END);
      const fine = run(seed, actions, END, 17);
      const random = runCutAtRandom(seed, actions, END, seed ^ 0x5555);
      for (const other of [fine, random]) {
        expect(worldDigests(other.world)).toEqual(worldDigests(whole.world));
        expect(other.trace).toEqual(whole.trace);
        expect(other.replies).toEqual(whole.replies);
        expect(other.world.fabric.traffic.counters).toEqual(whole.world.fabric.traffic.counters);
        expect(other.world.events).toBe(whole.world.events);
      }
      total.extraWindows += fine.world.windows - whole.world.windows;
      const { counters } = whole.world.fabric.traffic;
      total.actions += actions.length;
      total.crashes += whole.trace.filter(({ event }) => event.kind === 'node.down').length;
      total.lost += counters.lost + counters.cutOff;
      total.corrupted += counters.corrupted;
      total.duplicated += counters.duplicated;
      total.reordered += counters.reordered;
      total.events += whole.world.events;
      for (const { event } of whole.trace) {
        if (event.kind === 'world.action' && event.hadEffect) kinds.add(event.action);
      }
    }),
    { numRuns: 300, seed: 20 },
  );
  // Not vacuous: all kinds of faults had an effect.
  expect(total.crashes).toBeGreaterThan(20);
  expect(total.lost).toBeGreaterThan(200);
  expect(total.corrupted).toBeGreaterThan(20);
  expect(total.duplicated).toBeGreaterThan(20);
  expect(total.reordered).toBeGreaterThan(20);
  expect(total.events).toBeGreaterThan(10_000);
  expect(total.extraWindows).toBeGreaterThan(10_000);
  const clients = ['sql', 'cancel', 'disconnect', 'workload', 'workloadSet', 'workloadStop'];
  expect(drawable.filter((name) => !kinds.has(name) && !clients.includes(name))).toEqual([]);
});

test('a cloned twin runs identically, and what is done to it leaves the original alone', () => {
  let clonedInFlight = 0;
  fc.assert(
    fc.property(fc.nat(), arbitraryActions, fc.nat(END), (seed, actions, at) => {
      const { world } = run(seed, actions, at as Time);
      const before = worldHash(world);
      const twin = cloneWorld(world, toyHost.program);
      const other = cloneWorld(world, toyHost.program);
      clonedInFlight += world.fabric.traffic.inboxes.flat().length;
      injectAction(other, act('0.0 crash t1'));
      runWorld(other, toyHost, { until: END });
      runWorld(twin, toyHost, { until: END });
      expect(worldHash(world)).toBe(before);
      runWorld(world, toyHost, { until: END });
      expect(worldDigests(world)).toEqual(worldDigests(twin));
      expect(worldHash(world)).toBe(worldHash(run(seed, actions, END).world));
    }),
    { numRuns: 60, seed: 12 },
  );
  expect(clonedInFlight).toBeGreaterThan(50);
});

test('a clone shares every byte array and no other object', () => {
  const { world } = run(3, [act('5.0 crash t1')], ms(12));
  const twin = cloneWorld(world, toyHost.program);
  let shared = 0;
  const walk = (a: unknown, b: unknown): void => {
    if (typeof a !== 'object' || a === null) return;
    if (a instanceof Uint8Array) {
      expect(b).toBe(a);
      shared++;
      return;
    }
    expect(b).not.toBe(a);
    if (a instanceof Map && b instanceof Map) for (const [key, item] of a) walk(item, b.get(key));
    else if (a instanceof Set) return;
    else for (const key of Object.keys(a)) walk(Reflect.get(a, key), Reflect.get(b as object, key));
  };
  walk(world, twin);
  expect(shared).toBeGreaterThan(20);
});

test('one flipped PRNG draw changes the hash: of a node, of a link, of a disk', () => {
  const reference = worldHash(run(7, [], END).world);
  expect(worldHash(run(7, [], END).world)).toBe(reference);
  const flips: readonly ((world: ToyWorld) => void)[] = [
    (world) => void nextUint32(present(world.runners.get(nodeId('c1'))).state.prng),
    (world) => void nextUint32(present(world.fabric.traffic.links[0]?.[1]).prng),
    (world) => void nextUint32(present(world.runners.get(nodeId('t2'))).disk.prng),
  ];
  const hashes = flips.map((flip) => {
    const { world } = run(7, [], ms(10));
    flip(world);
    runWorld(world, toyHost, { until: END });
    return worldHash(world);
  });
  expect(new Set([reference, ...hashes]).size).toBe(4);
  expect(worldHash(run(8, [], END).world)).not.toBe(reference);
});

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('missing');
  return value;
}

test('streams are keyed by place and life: a fault on one link leaves the draws of the others alone', () => {
  const plain = run(5, [], END).world;
  const faulty = run(5, [act('3.0 loss c1 > t1 : 50 %')], END).world;
  const prngOf = (world: ToyWorld, from: number, to: number): unknown =>
    present(world.fabric.traffic.links[from]?.[to]).prng;
  expect(prngOf(faulty, 0, 1)).not.toEqual(prngOf(plain, 0, 1));
  expect(prngOf(faulty, 0, 2)).toEqual(prngOf(plain, 0, 2));
  expect(prngOf(faulty, 2, 0)).toEqual(prngOf(plain, 2, 0));
});

test('actions go first at their time, in line order, before anything that arrives then', () => {
  const plain = run(9, [], ms(5));
  const add = present(plain.trace.find(({ event, node }) => event.kind === 'toy.add' && node === 't1'));
  const at = (add.at / 1000).toFixed(3);
  const crashed = run(9, [act(`${at} crash t1`)], ms(5));
  expect(crashed.trace.filter(({ node, event }) => node === 't1' && event.kind === 'toy.add')).toEqual([]);
  // Down and up again at one instant: what arrives then meets the new life.
  const bounced = run(9, [act(`${at} crash t1`), act(`${at} restart t1`)], ms(5));
  const opened = bounced.trace.filter(({ node, event }) => node === 't1' && event.kind === 'node.open');
  expect(opened.map((e) => [e.at, e.event])).toEqual([
    [0, { kind: 'node.open', incarnation: 1 }],
    [add.at, { kind: 'node.open', incarnation: 2 }],
  ]);
  // The other way round the restart finds the node up, and it stays down.
  const reversed = run(9, [act(`${at} restart t1`), act(`${at} crash t1`)], ms(5));
  expect(isUp(reversed.world, nodeId('t1'))).toBe(false);
});

test('a person’s action gets the next time not released, goes on the tape, and replays to the same hash', () => {
  const { world, replies } = run(4, [], ms(10));
  const { action, requestId } = injectAction(world, act('0.0 sql c1 "abc"'));
  expect(action.at).toBe(10_000);
  injectAction(world, act('0.0 cut c1 | t1 for 2.0 ms'));
  const later = injectAction(world, act('20.0 crash t3'));
  expect(later.action.at).toBe(20_000);
  const host = { ...toyHost, onReply: (reply: OutReply) => replies.push(reply) };
  runWorld(world, host, { until: END });
  expect(replies.map((reply) => [reply.requestId, reply.result.outcome])).toEqual([[requestId, 'ok']]);
  const replay = run(4, world.fabric.tape, END);
  expect(worldHash(replay.world)).toBe(worldHash(world));
  expect(replay.replies.map((reply) => reply.requestId)).toEqual([requestId]);
});

test('a request at the time of another action keeps its id when its tape is replayed', () => {
  const actions = ['10.0 sql c1 "a"', '10.0 healAll', '10.0 sql c1 "bb"', '11.0 sql c1 "c"'].map(act);
  expect(
    run(4, actions, END)
      .replies.map((reply) => reply.requestId)
      .sort(),
  ).toEqual(['q10000.0', 'q10000.2', 'q11000.0']);
});

type Stamps = Extract<TapeAction, { kind: 'powerCut' }>['stamps'];

/**
 * What a browser would find after a kill: each node's disk as of its own last commit. A node that is down was stamped
 * by the last write of its crash, as the beginning of its next life.
 */
function stampsOf(world: ToyWorld, crashedAt: Time = ms(0)): Stamps {
  return world.fabric.nodes.map(({ spec, stamp, life, status }) => ({
    node: spec.id,
    until: status === 'up' ? (stamp?.until ?? ms(0)) : crashedAt,
    ordinal: stamp?.ordinal ?? 0,
    life: status === 'up' ? life : life + 1,
    hash: stamp?.hash ?? '0'.repeat(16),
    disk: digestImage(diskOf(world, spec.id)),
  }));
}

test('a power cut with unequal stamps replays to the same disks, and the run goes on alike', () => {
  let unequal = 0;
  let behind = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const actions = [act('4.0 loss c1 | t1 t2 : 20 %'), act('9.0 crash t2 for 3.0 ms')];
    // Stamps taken at three places: nodes are at most one window apart, and a node without writes is further behind.
    const early = run(seed, actions, ms(14));
    const late = run(seed, actions, ms(14.25));
    const [a, b] = [stampsOf(early.world), stampsOf(late.world)];
    const stamps = a.map((stamp, i) => (i % 2 === 0 ? stamp : present(b[i])));
    unequal += new Set(stamps.map(({ until }) => until)).size > 1 ? 1 : 0;
    behind += stamps.filter((stamp, i) => stamp.disk !== b[i]?.disk).length;
    const cut: TapeAction = { at: ms(14.3), kind: 'powerCut', stamps };
    const cutWorld = run(seed, [...actions, cut], ms(14.3));
    stepWorld(cutWorld.world, toyHost, { ...noLimits, until: ms(14.4) });
    expect(cutWorld.world.fabric.divergences).toEqual([]);
    for (const stamp of stamps) expect(digestImage(diskOf(cutWorld.world, stamp.node))).toBe(stamp.disk);
    runWorld(cutWorld.world, toyHost, { until: END });
    const again = run(seed, [...actions, cut], END, 23);
    expect(worldHash(again.world)).toBe(worldHash(cutWorld.world));
  }
  expect(unequal).toBeGreaterThan(6);
  expect(behind).toBeGreaterThan(3);
});

test('a power cut is a keyframe: a world opened from the stamped disks goes on as the replayed one', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const actions = [
      act('9.0 crash t2 drawn'),
      act('9.0 cut c1 | t3 for 2.0 ms'),
      act('20.0 sql c1 "after"'),
    ];
    const found = run(seed, actions, ms(12)).world;
    const cut: TapeAction = { at: ms(12.5), kind: 'powerCut', stamps: stampsOf(found, ms(9)) };
    const tape = [...actions.slice(0, 2), cut, ...actions.slice(2)];
    const replayed = run(seed, tape, END).world;
    expect(replayed.fabric.divergences).toEqual([]);
    const opened = makeToyWorld(seed, tape.slice(0, 3));
    Object.assign(opened.fabric, resumeFabric(nodeKinds, toyRun(seed, tape.slice(0, 3))));
    opened.fabric.tape.push(...tape.slice(3));
    for (const { spec } of found.fabric.nodes) opened.images.set(spec.id, new Map(diskOf(found, spec.id)));
    runWorld(opened, toyHost, { until: END });
    expect(worldDigests(opened)).toEqual(worldDigests(replayed));
    expect(isUp(opened, nodeId('t2'))).toBe(true);
  }
});

test('two power cuts on one tape, the second soon after the first', () => {
  const first: TapeAction = { at: ms(10), kind: 'powerCut', stamps: stampsOf(run(5, [], ms(9.5)).world) };
  const between = run(5, [first], ms(10.9)).world;
  const second: TapeAction = { at: ms(11), kind: 'powerCut', stamps: stampsOf(between) };
  const { world } = run(5, [first, second], END);
  expect(world.fabric.divergences).toEqual([]);
  expect(world.fabric.epoch).toBe(2);
  expect(worldHash(run(5, [first, second], END, 31).world)).toBe(worldHash(world));
});

test('a power cut whose stamps do not belong to the run is reported, node by node', () => {
  const { world } = run(2, [], ms(10));
  const stamps = stampsOf(world).map((stamp, i) => (i === 1 ? { ...stamp, disk: 'f'.repeat(16) } : stamp));
  const wrong = stamps.map((stamp, i) => (i === 2 ? { ...stamp, hash: 'e'.repeat(16) } : stamp));
  const lived = wrong.map((stamp, i) => (i === 3 ? { ...stamp, life: 9 } : stamp));
  const replay = run(2, [{ at: ms(11), kind: 'powerCut', stamps: lived }], ms(12)).world;
  expect(replay.fabric.divergences).toHaveLength(3);
  expect(replay.fabric.divergences.join('\n')).toMatch(/t2 at .*\nt1: disk .*\nt3: life 9 was not reached/);
});

test('after a power cut every node is up, every fault over, nothing old in flight', () => {
  const before = [
    '1.0 crash t1',
    '1.0 cut c1 | t2',
    '1.0 freeze t3',
    '1.0 hold c1 > t3',
    '1.0 clock c1 9.0 ms',
  ];
  const cut: TapeAction = { at: ms(10), kind: 'powerCut', stamps: [] };
  const { world, trace } = run(6, [...before.map(act), cut], ms(10.001));
  expect(world.fabric.nodes.map(({ status }) => status)).toEqual(['up', 'up', 'up', 'up']);
  const inFlight = world.fabric.traffic.inboxes.flat();
  expect(inFlight.filter(({ sentAt }) => sentAt < ms(10))).toEqual([]);
  expect(world.fabric.traffic.held).toEqual([]);
  expect(world.fabric.traffic.links.flat().some(({ isCut, isHeld }) => isCut || isHeld)).toBe(false);
  // Without stamps nothing had been written anywhere: every disk is empty.
  for (const { spec } of world.fabric.nodes) expect(diskOf(world, spec.id).size).toBe(0);
  expect(trace.filter(({ event }) => event.kind === 'node.down')).toHaveLength(4);
  runWorld(world, toyHost, { until: ms(20) });
  expect(diskOf(world, nodeId('t3')).size).toBeGreaterThan(0);
});
