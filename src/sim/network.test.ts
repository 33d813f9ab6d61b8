import { expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import type { Params } from '../core/kernel/params.ts';
import { flights } from '../run-model/picture/flights.ts';
import { tapes } from '../stacks/tapes.ts';
import {
  describeToyFrame,
  makeToyWorld,
  ms,
  type ToyWorld,
  toyHost,
} from '../stacks/toy/testing/toy-world.ts';
import { drawLatency, makeLink } from './network.ts';
import type { TapeAction } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import { noLimits } from './testing/no-limits.ts';
import type { TracedEvent } from './types.ts';
import { runWorld, stepWorld } from './world.ts';

const act = (line: string): TapeAction => {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(`${line}: ${action.error}`);
  return action;
};

type Changes = readonly (readonly [name: keyof Params, value: number])[];

/** Runs to the time; answers the trace besides the world. */
function run(lines: readonly string[], until: Time, changes: Changes = [], seed = 3) {
  const world = makeToyWorld(seed, lines.map(act), changes);
  const trace: TracedEvent[] = [];
  runWorld(world, { ...toyHost, onTrace: (events) => trace.push(...events) }, { until });
  return { world, trace, counters: world.fabric.traffic.counters };
}

/** All that is in flight, sorted by its name. */
const inFlight = (world: ToyWorld) => flights(world.fabric, describeToyFrame);

/** Every message that ever flew, from pictures at every step. */
function pictures(lines: readonly string[], until: Time, changes: Changes = [], seed = 3) {
  const world = makeToyWorld(seed, lines.map(act), changes);
  const seen = new Map<
    string,
    { from: string; to: string; sentAt: number; arrivesAt: number; fate: string }
  >();
  while (stepWorld(world, toyHost, { ...noLimits, until })) {
    for (const { id, from, to, sentAt, arrivesAt, fate } of inFlight(world)) {
      seen.set(id, { from, to, sentAt, arrivesAt, fate });
    }
  }
  return { world, seen };
}

test('PRE-3 latency is base plus a draw of the jitter, by zone; PRE-2 never below the floor', () => {
  const { seen } = pictures([], ms(40));
  const delays = (from: string, to: string): number[] =>
    [...seen.values()].filter((f) => f.from === from && f.to === to).map((f) => f.arrivesAt - f.sentAt);
  // c1 and t1 are in zone a (300 to 400 µs), t2 in b (500 to 600 µs).
  expect(delays('c1', 't1').length).toBeGreaterThan(40);
  expect(Math.min(...delays('c1', 't1'))).toBeGreaterThanOrEqual(300);
  expect(Math.max(...delays('c1', 't1'))).toBeLessThanOrEqual(400);
  expect(Math.min(...delays('c1', 't2'))).toBeGreaterThanOrEqual(500);
  expect(Math.max(...delays('c1', 't2'))).toBeLessThanOrEqual(600);
  expect(new Set(delays('c1', 't2')).size).toBeGreaterThan(20);
});

test('PRE-3 a heavy tail is mostly short and sometimes very long', () => {
  const link = makeLink(1, 'a', 'b', 0, { baseUs: 1000, jitterUs: 1000, isHeavyTailed: true });
  const draws = Array.from({ length: 4000 }, () => drawLatency(link)).sort((a, b) => a - b);
  expect(draws[0]).toBeGreaterThanOrEqual(1000);
  expect(draws[2000]).toBeLessThan(2000);
  expect(draws[3960]).toBeGreaterThan(10_000);
  expect(draws[3999]).toBeLessThanOrEqual(1000 + 30_000 + 62);
});

test('PRE-3 a direction delivers in the order sent, however large the jitter', () => {
  const { seen } = pictures([], ms(40), [
    ['linkJitterUs', 3000],
    ['resendMs', 100],
    ['reqTimeoutMs', 100],
    ['readTimeoutMs', 100],
    ['recoveryRetryMs', 100],
  ]);
  const links = new Set([...seen.values()].map((f) => `${f.from}>${f.to}`));
  let equalised = 0;
  for (const link of links) {
    const list = [...seen.values()].filter((f) => `${f.from}>${f.to}` === link);
    for (let i = 1; i < list.length; i++) {
      expect(list[i]?.arrivesAt).toBeGreaterThanOrEqual(list[i - 1]?.arrivesAt ?? 0);
      if (list[i]?.arrivesAt === list[i - 1]?.arrivesAt) equalised++;
    }
  }
  expect(equalised).toBeGreaterThan(10);
});

test('F04 reorder lets later messages overtake', () => {
  const { world, seen } = pictures(['0.0 reorder c1 > t1 : 50 %'], ms(40), [['linkJitterUs', 100]]);
  const list = [...seen.values()].filter((f) => f.from === 'c1' && f.to === 't1');
  const overtaken = list.filter((f, i) => i > 0 && f.arrivesAt < (list[i - 1]?.arrivesAt ?? 0));
  expect(overtaken.length).toBeGreaterThan(5);
  expect(world.fabric.traffic.counters.reordered).toBeGreaterThan(10);
});

test('F01 loss, F03 duplicate, F08 corrupt act on the named direction and nowhere else', () => {
  const plain = run([], ms(40));
  const added = (trace: readonly TracedEvent[], node: string): number =>
    trace.filter((t) => t.node === node && t.event.kind === 'toy.add').length;
  const lossy = run(['0.0 loss c1 > t1 : 50 %'], ms(40));
  expect(added(lossy.trace, 't1')).toBeLessThan(added(plain.trace, 't1') * 0.8);
  expect(added(lossy.trace, 't1')).toBeGreaterThan(added(plain.trace, 't1') * 0.2);
  expect(added(lossy.trace, 't2')).toBe(added(plain.trace, 't2'));
  expect(lossy.counters.lost).toBeGreaterThan(10);

  const double = run(['0.0 duplicate c1 > t1 : 100 %'], ms(40));
  expect(added(double.trace, 't1')).toBeGreaterThan(added(plain.trace, 't1') * 1.8);
  expect(added(double.trace, 't2')).toBe(added(plain.trace, 't2'));

  const bad = run(['0.0 corrupt c1 > t1 : 100 %'], ms(40));
  expect(added(bad.trace, 't1')).toBe(0);
  const traced = bad.trace.filter((t) => t.event.kind === 'net.corrupt');
  expect(traced.length).toBeGreaterThan(40);
  expect(traced.every((t) => t.node === 't1' && t.causeNode === 'c1')).toBe(true);
});

test('PRE-3 a cut loses what is sent during it and what is in flight when it begins, in its direction only', () => {
  const before = run([], ms(5));
  const flying = inFlight(before.world).filter((f) => f.from === 'c1' && f.to === 't2');
  expect(flying.length).toBeGreaterThan(0);
  const at = (ms(5) / 1000).toFixed(3);
  const { world, trace, counters } = run([`${at} cut c1 > t2 for 6.000 ms`], ms(30));
  expect(counters.cutOff).toBeGreaterThanOrEqual(flying.length + 7);
  const adds = trace.filter((t) => t.node === 't2' && t.event.kind === 'toy.add').map((t) => t.at);
  const quiet = adds.filter((time) => time > ms(5.4) && time < ms(11.4));
  expect(quiet).toEqual([]);
  expect(adds.filter((time) => time > ms(12)).length).toBeGreaterThan(10);
  // The other direction went on: nothing t2 sent was lost.
  const link = world.fabric.traffic.links[2]?.[0];
  expect(link?.isCut).toBe(false);
});

test('isolate cuts all links of the chosen from all others; partition cuts between its sides; heal undoes', () => {
  const cuts = (lines: readonly string[]): string[] => {
    const { world } = run(lines, ms(2));
    const { nodes, traffic } = world.fabric;
    return nodes.flatMap((from, i) =>
      nodes.filter((_, j) => traffic.links[i]?.[j]?.isCut).map((to) => `${from.spec.id}>${to.spec.id}`),
    );
  };
  expect(cuts(['1.0 isolate t1 t2'])).toEqual([
    'c1>t1',
    'c1>t2',
    't1>c1',
    't1>t3',
    't2>c1',
    't2>t3',
    't3>t1',
    't3>t2',
  ]);
  expect(cuts(['1.0 partition c1 | t1 t2'])).toEqual(['c1>t1', 'c1>t2', 't1>c1', 't2>c1']);
  expect(cuts(['1.0 isolate t1 t2', '1.0 heal c1 | t1'])).not.toContain('c1>t1');
  expect(cuts(['1.0 isolate t1 t2', '1.5 healAll'])).toEqual([]);
  expect(cuts(['0.5 cut c1 > t1 for 1.000 ms'])).toEqual([]);
});

test('F09 hold keeps messages back and releases them as a burst, in order', () => {
  const held = run(['5.0 hold c1 > t1'], ms(12));
  const waiting = held.world.fabric.traffic.held;
  expect(waiting.length).toBeGreaterThan(5);
  expect(inFlight(held.world).filter((f) => f.fate === 'held')).toHaveLength(waiting.length);
  const { trace } = run(['5.0 hold c1 > t1', '12.0 release c1 > t1'], ms(16));
  const adds = trace.filter((t) => t.node === 't1' && t.event.kind === 'toy.add');
  const burst = adds.filter((t) => t.at > ms(12) && t.at < ms(13.2));
  expect(adds.filter((t) => t.at > ms(6) && t.at <= ms(12))).toEqual([]);
  expect(burst.length).toBeGreaterThanOrEqual(waiting.length - 1);
});

test('latency and jitter are set and given back', () => {
  const { seen } = pictures(
    ['10.0 latency c1 > t1 : 5.000 ms for 10.000 ms', '10.0 jitter c1 > t1 : 0.000 ms for 10.000 ms'],
    ms(40),
  );
  const delays = [...seen.values()].filter((f) => f.from === 'c1' && f.to === 't1');
  const during = delays.filter((f) => f.sentAt >= ms(10) && f.sentAt < ms(20));
  expect(during.every((f) => f.arrivesAt - f.sentAt === 5000)).toBe(true);
  expect(during.length).toBeGreaterThan(10);
  expect(delays.filter((f) => f.sentAt > ms(26)).every((f) => f.arrivesAt - f.sentAt <= 400)).toBe(true);
});

test('one message in flight: drop, delay, deliver, duplicate, corrupt, hold and release, by its name', () => {
  const at = ms(5);
  const before = run([], at);
  const target = inFlight(before.world).find((f) => f.from === 'c1' && f.to === 't2' && f.fate === 'flying');
  if (target === undefined) throw new Error('no message is in flight');
  const time = (at / 1000).toFixed(3);
  const after = (line: string): ReturnType<typeof inFlight> => {
    const { world } = run([`${time} ${line}`], (at + 1) as Time);
    return inFlight(world).filter((f) => f.id.startsWith(`${target.id.slice(0, -2)}.`));
  };
  expect(after(`dropMessage ${target.id}`)).toMatchObject([{ fate: 'lost', arrivesAt: at }]);
  expect(after(`delayMessage ${target.id} 2.000 ms`)).toMatchObject([{ arrivesAt: target.arrivesAt + 2000 }]);
  expect(after(`duplicateMessage ${target.id}`).map((f) => f.id)).toEqual([
    target.id,
    `${target.id.slice(0, -1)}1`,
  ]);
  expect(after(`holdMessage ${target.id}`)).toMatchObject([{ fate: 'held' }]);
  const [corrupt] = after(`corruptMessage ${target.id}`);
  expect(corrupt?.label.kind).toBe('damaged');
  const released = run([`${time} holdMessage ${target.id} for 3.000 ms`], (at + 3001) as Time);
  const [back] = inFlight(released.world).filter((f) => f.id === target.id);
  expect(back?.fate).toBe('flying');
  expect(back?.arrivesAt).toBeGreaterThanOrEqual(at + 3000 + 500);
  const delivered = after(`deliverMessage ${target.id}`);
  // PRE-2: even delivered at once it takes the floor.
  for (const f of delivered) expect(f.arrivesAt).toBe(Math.max(at, target.sentAt + 300));
});

test('an action on a message that is no longer in flight says that it had no effect', () => {
  const { trace } = run(['20.0 dropMessage c1.1.0'], ms(21));
  const traced = trace.flatMap(({ event }) => (event.kind === 'world.action' ? [event] : []));
  expect(traced).toEqual([
    {
      kind: 'world.action',
      action: 'dropMessage',
      text: 'dropMessage c1.1.0',
      isUndo: false,
      hadEffect: false,
    },
  ]);
});

test('what arrives at a node that is down is lost at its edge, and shown as lost', () => {
  const { world, counters } = run(['5.0 crash t1'], ms(8));
  expect(counters.toDownNode).toBeGreaterThan(2);
  const ghosts = pictures(['5.0 crash t1'], ms(8)).seen;
  expect([...ghosts.values()].some((f) => f.fate === 'lost' && f.to === 't1')).toBe(true);
  expect(world.runners.has(nodeId('t1'))).toBe(false);
});

test('messages of a node that crashed are still on their way, and its next life numbers on', () => {
  const before = run([], ms(5));
  const flying = inFlight(before.world).filter((f) => f.from === 'c1');
  expect(flying.length).toBeGreaterThan(0);
  const { world } = run(['5.0 crash c1', '5.1 restart c1'], ms(5.2));
  const now = inFlight(world).filter((f) => f.from === 'c1');
  const numbers = now.map((f) => Number(f.id.split('.')[1]));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(now.some((f) => f.sentAt < ms(5))).toBe(true);
  expect(now.some((f) => f.sentAt >= ms(5.1))).toBe(true);
});
