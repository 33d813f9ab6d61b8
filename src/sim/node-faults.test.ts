import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import type { Params } from '../core/kernel/params.ts';
import { tapes } from '../stacks/tapes.ts';
import { makeToyWorld, ms, toyHost } from '../stacks/toy/testing/toy-world.ts';
import type { TapeAction } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import type { TracedEvent } from './types.ts';
import { diskOf, isUp, runWorld, worldDigests } from './world.ts';

const act = (line: string): TapeAction => {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(`${line}: ${action.error}`);
  return action;
};

type Changes = readonly (readonly [name: keyof Params, value: number])[];

function run(lines: readonly string[], until: Time, changes: Changes = [], seed = 3) {
  const world = makeToyWorld(seed, lines.map(act), changes);
  const trace: TracedEvent[] = [];
  runWorld(world, { ...toyHost, onTrace: (events) => trace.push(...events) }, { until });
  return { world, trace };
}

const addsOf = (trace: readonly TracedEvent[], node: string): number[] =>
  trace.filter((t) => t.node === node && t.event.kind === 'toy.add').map((t) => t.at);

const within = (times: readonly number[], from: number, to: number): number[] =>
  times.filter((at) => at >= ms(from) && at < ms(to));

const t1 = nodeId('t1');

test('F10 crash loses what only memory knew; restart opens from the disk in a new life', () => {
  const { world, trace } = run(['10.0 crash t1 loseAll for 4.000 ms'], ms(30));
  const adds = addsOf(trace, 't1');
  expect(within(adds, 10, 14)).toEqual([]);
  expect(within(adds, 15, 30).length).toBeGreaterThan(15);
  const kinds = trace.filter((t) => t.node === 't1' && /node|world/.test(t.event.kind));
  expect(kinds.map((t) => [t.at, t.event.kind])).toEqual([
    [0, 'node.open'],
    [ms(10), 'node.down'],
    [ms(10), 'world.action'],
    [ms(14), 'world.action'],
    [ms(14), 'node.open'],
  ]);
  // What it had acknowledged is there: the counter is the sum of a log without gaps.
  const runner = world.runners.get(t1);
  expect(runner?.life).toBe(2);
  expect(runner?.state.log).toBe(
    [...diskOf(world, t1).keys()].filter((key) => key.startsWith('log/')).length,
  );
});

test('F16 F17 over many crashes unsynced writes survive, are lost and are torn', () => {
  const total = { survived: 0, lost: 0, torn: 0, damaged: 0 };
  for (let seed = 1; seed <= 40; seed++) {
    const world = makeToyWorld(seed, [act('10.35 crash t1'), act('11.0 restart t1')], [['diskSyncUs', 900]]);
    runWorld(world, toyHost, { until: ms(10.35) });
    const before = world.runners.get(t1);
    runWorld(world, toyHost, { until: ms(11.5) });
    const { counters } = before?.disk ?? { counters: { survived: 0, lost: 0, torn: 0 } };
    total.survived += counters.survived;
    total.lost += counters.lost;
    total.torn += counters.torn;
    total.damaged += world.runners.get(t1)?.state.damaged ?? 0;
  }
  expect(total.survived).toBeGreaterThan(5);
  expect(total.lost).toBeGreaterThan(5);
  expect(total.torn).toBeGreaterThan(5);
  // A torn log entry is found by its checksum when the node opens again.
  expect(total.damaged).toBeGreaterThan(2);
});

test('F12 a frozen node does nothing, its disk goes on, and on resume it works off what came, in order', () => {
  const { world, trace } = run(['10.0 freeze t1 for 5.000 ms'], ms(30));
  const plain = run([], ms(30));
  const adds = addsOf(trace, 't1');
  expect(within(adds, 10, 15)).toEqual([]);
  // Acknowledgements of the messages that waited come in a burst after the resume.
  expect(within(adds, 15, 17).length).toBeGreaterThan(within(addsOf(plain.trace, 't1'), 15, 17).length + 3);
  expect(adds.length).toBeGreaterThanOrEqual(addsOf(plain.trace, 't1').length - 1);
  expect(isUp(world, t1)).toBe(true);
  const synced = run(['10.0 freeze t1'], ms(20)).world.runners.get(t1);
  expect(synced?.disk.batches).toEqual([]);
  expect(synced?.inbox.items.length).toBeGreaterThan(5);
});

test('a crash while frozen loses the messages that waited', () => {
  const { world } = run(['10.0 freeze t1', '15.0 crash t1', '15.0 restart t1'], ms(15.001));
  expect(world.runners.get(t1)?.inbox.items).toEqual([]);
  expect(world.fabric.nodes[1]?.isFrozen).toBe(false);
});

test('F13 a slow processor works inputs off one by one, late', () => {
  const plain = run([], ms(30));
  const slow = run(['10.0 slowCpu t1 600 us for 15.000 ms'], ms(30));
  const late = (trace: readonly TracedEvent[]): number => within(addsOf(trace, 't1'), 10, 25).length;
  expect(late(slow.trace)).toBeLessThan(late(plain.trace) * 0.75);
  expect(within(addsOf(slow.trace, 't1'), 25, 30).length).toBeGreaterThan(late(plain.trace) / 3);
  // The disk is another device: its times are unchanged.
  expect(addsOf(slow.trace, 't2')).toEqual(addsOf(plain.trace, 't2'));
});

test('F14 a clock set forward makes timers due at once, set back makes them late; it never shows less than zero', () => {
  const ticks = (lines: readonly string[]): number[] => {
    const world = makeToyWorld(3, lines.map(act));
    const before = (): number => world.fabric.traffic.sentBy[0] ?? 0;
    const times: number[] = [];
    for (let at = 0; at < ms(12); at += 100) {
      const sent = before();
      runWorld(world, toyHost, { until: at as Time });
      if (before() > sent) times.push(at);
    }
    return times;
  };
  const plain = ticks([]);
  const forward = ticks(['5.0 clock c1 50.000 ms']);
  const back = ticks(['5.0 clock c1 -3.000 ms']);
  const after = (times: readonly number[]): number => times.find((at) => at > ms(5)) ?? 0;
  expect(after(forward)).toBeLessThan(after(plain));
  expect(after(back)).toBeGreaterThanOrEqual(after(plain) + 2900);
  const world = makeToyWorld(3, [act('0.0 clock c1 -60.000 ms')]);
  runWorld(world, toyHost, { until: ms(5) });
  expect(world.runners.get(nodeId('c1'))?.clockOffsetUs).toBe(-60_000);
});

test.each([
  ['F20', 'diskFull', 'DISK_FULL'],
  ['F22', 'diskFailSync', 'EIO'],
])('%s %s: the node gets an error, acknowledges nothing meanwhile, and goes on after', (_, kind, error) => {
  const { trace } = run([`10.0 ${kind} t1 for 5.000 ms`], ms(30));
  const traced = trace.filter((t) => t.node === 't1' && t.event.kind === 'disk.error');
  expect(traced.length).toBeGreaterThan(4);
  expect(traced.every((t) => t.event.kind === 'disk.error' && t.event.error === error)).toBe(true);
  expect(within(addsOf(trace, 't1'), 10.4, 15)).toEqual([]);
  expect(within(addsOf(trace, 't1'), 16, 30).length).toBeGreaterThan(10);
});

test('F21 a stalled disk stops acknowledgements and gives them all back; a slow one delays them', () => {
  const plain = addsOf(run([], ms(30)).trace, 't1');
  const stalled = addsOf(run(['10.0 diskStall t1 for 5.000 ms'], ms(30)).trace, 't1');
  expect(within(stalled, 10, 15)).toEqual([]);
  expect(stalled.length).toBeGreaterThanOrEqual(plain.length - 1);
  const slow = addsOf(run(['10.0 diskSlow t1 1000 % for 15.000 ms'], ms(40)).trace, 't1');
  expect(within(slow, 10.3, 12.2)).toEqual([]);
  expect(slow.length).toBeGreaterThanOrEqual(plain.length - 1);
});

test('F23 a read error and F18 bit rot reach the node: traced, and found by the checksum', () => {
  const failing = run(['10.0 diskFailRead t1 for 15.000 ms'], ms(40)).trace;
  expect(failing.some((t) => t.node === 't1' && t.event.kind === 'disk.error')).toBe(true);
  const rotten = Array.from({ length: 12 }, (_, i) => `${10 + i}.0 bitRot t1 "log/"`);
  const { world } = run([...rotten, '25.0 crash t1', '25.0 restart t1'], ms(26));
  expect(world.runners.get(t1)?.state.damaged).toBeGreaterThan(5);
  // Rot strikes one node alone.
  expect(world.runners.get(nodeId('t2'))?.state.damaged).toBe(0);
});

test('diskOk ends every fault of the disk', () => {
  const faults = ['diskFull', 'diskStall', 'diskFailSync', 'diskFailRead'].map((kind) => `10.0 ${kind} t1`);
  const { world } = run([...faults, '10.0 diskSlow t1 500 %', '12.0 diskOk t1'], ms(13));
  expect(world.runners.get(t1)?.disk.faults).toEqual({
    slowPercent: 100,
    roomPercent: 100,
    full: false,
    failSync: false,
    failRead: false,
    stall: false,
  });
});

test('DISK_FULL comes by itself at the named limit of the node', () => {
  const { world, trace } = run([], ms(400), [['diskLimitBytes', 65_536]], 3);
  expect(trace.some((t) => t.event.kind === 'disk.error')).toBe(false);
  const small = run([], ms(4000), [['diskLimitBytes', 65_536]], 3);
  expect(small.trace.some((t) => t.event.kind === 'disk.error' && t.event.error === 'DISK_FULL')).toBe(true);
  expect(small.world.runners.get(t1)?.disk.durableBytes).toBeLessThanOrEqual(65_536);
  expect(world.events).toBeLessThan(small.world.events);
});

test('a node keeps its last hash when it goes down, and a world’s digests tell lives apart', () => {
  const { world } = run(['10.0 crash t1'], ms(20));
  const [, down] = worldDigests(world);
  expect(down).toMatchObject({ node: 't1', life: 1, isUp: false, hash: '', state: '' });
  const plain = worldDigests(run([], ms(20)).world)[1];
  expect(down?.past).not.toBe(plain?.past);
});
