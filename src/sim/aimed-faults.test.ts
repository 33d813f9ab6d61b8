// Faults that are aimed: a crash at a chosen moment or with chosen losses, the next messages of a family, a direction of
// limited bandwidth, a clock that drifts, a device that forgets. Each the same wherever windows are cut.

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../base/ids.ts';
import { flights } from '../run-model/picture/flights.ts';
import { tapes } from '../stacks/tapes.ts';
import { describeToyFrame, makeToyWorld, ms, toyHost } from '../stacks/toy/testing/toy-world.ts';
import type { TapeAction } from './tape-actions.ts';
import { parseAction } from './tape-parse.ts';
import type { TracedEvent } from './types.ts';
import { cloneWorld, isUp, runWorld, worldHash } from './world.ts';

const act = (line: string): TapeAction => {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(`${line}: ${action.error}`);
  return action;
};

const t1 = nodeId('t1');

function run(lines: readonly string[], until: Time, frameUs?: number) {
  const world = makeToyWorld(3, lines.map(act), [['diskSyncUs', 900]]);
  const trace: TracedEvent[] = [];
  runWorld(
    world,
    { ...toyHost, onTrace: (events) => trace.push(...events) },
    { until, ...(frameUs === undefined ? {} : { frameUs }) },
  );
  return { world, trace };
}

const of = (trace: readonly TracedEvent[], kind: string): readonly TracedEvent[] =>
  trace.filter((one) => one.node === 't1' && one.event.kind === kind);

describe('a crash at a chosen moment', () => {
  const plain = of(run([], ms(20)).trace, 'toy.add').filter(({ at }) => at >= ms(10))[0];
  const moment = plain?.at ?? 0;

  test('before: what it was about to do does not happen; the power is off from then on', () => {
    const { world, trace } = run(['10.0 crashOn t1 before ack'], ms(20));
    expect(of(trace, 'toy.add').filter(({ at }) => at >= ms(10))).toEqual([]);
    const [down] = of(trace, 'node.down');
    expect(down?.at).toBe(moment + world.fabric.lookaheadUs);
    expect(isUp(world, t1)).toBe(false);
  });

  test('after: it happens, and nothing else', () => {
    const { trace } = run(['10.0 crashOn t1 after ack'], ms(20));
    const late = of(trace, 'toy.add').filter(({ at }) => at >= ms(10));
    expect(late.map(({ at }) => at)).toEqual([moment]);
    expect(of(trace, 'node.down')).toHaveLength(1);
  });

  test('it waits for one moment only, a later one takes its place, and it can be taken back', () => {
    expect(
      of(run(['10.0 crashOn t1 before R1', '10.0 crashOn t1 before ack'], ms(20)).trace, 'node.down'),
    ).toHaveLength(1);
    expect(of(run(['10.0 crashOn t1 before ack', '10.0 disarm t1'], ms(20)).trace, 'node.down')).toEqual([]);
    expect(
      of(run(['10.0 crashOn t1 before ack', '15.0 restart t1'], ms(40)).trace, 'node.down'),
    ).toHaveLength(1);
  });

  test('a crash that comes first leaves nothing armed for the next life', () => {
    const { world, trace } = run(['10.0 crashOn t1 before R7', '11.0 crash t1', '12.0 restart t1'], ms(30));
    expect(of(trace, 'node.down')).toHaveLength(1);
    expect(world.fabric.nodes[1]?.armed).toBeNull();
  });
});

test('F16 a crash loses the writes to the chosen keys and keeps the others', () => {
  const before = run([], ms(10.4), 1).world;
  const unsynced =
    before.runners.get(t1)?.disk.batches.flatMap(({ writes }) => writes.map(({ key }) => key)) ?? [];
  expect(unsynced.length).toBeGreaterThan(0);
  const [first = ''] = unsynced;
  const left = (lines: readonly string[]) => {
    const twin = run(lines, ms(10.45), 1).world;
    return new Map(twin.images.get(t1));
  };
  const kept = left([`10.4 crashLosing t1 "none"`]);
  const lost = left([`10.4 crashLosing t1 ${[...new Set(unsynced)].map((key) => `"${key}"`).join(' ')}`]);
  expect(kept.get(first)).toEqual(
    before.runners.get(t1)?.disk.batches[0]?.writes.find(({ key }) => key === first)?.bytes,
  );
  expect(lost.get(first)).toEqual(before.runners.get(t1)?.disk.durable.get(first));
});

describe('the next messages of a family', () => {
  const family = 'wal';
  test('are lost, as many as said, on that direction only', () => {
    const plain = run([], ms(20)).world.fabric.traffic.counters;
    const { counters, links } = run([`10.0 dropNext c1 > t1 : ${family} 3`], ms(20)).world.fabric.traffic;
    expect(counters.lost).toBe(plain.lost + 3);
    expect(links.flat().every(({ next }) => next.length === 0)).toBe(true);
  });

  test('or kept back one by one, until each is released', () => {
    const { world } = run([`10.0 holdNext c1 > t1 : ${family} 2`], ms(15));
    const held = flights(world.fabric, describeToyFrame).filter(({ fate }) => fate === 'held');
    expect(held).toHaveLength(2);
    const name = held[0]?.id ?? '';
    const { world: later } = run(
      [`10.0 holdNext c1 > t1 : ${family} 2`, `15.0 releaseMessage ${name}`],
      ms(20),
    );
    expect(flights(later.fabric, describeToyFrame).filter(({ fate }) => fate === 'held')).toHaveLength(1);
  });

  test('a family that does not come is waited for until the link is healed', () => {
    const waiting = run(['10.0 dropNext c1 > t1 : fence 1'], ms(20)).world;
    expect(waiting.fabric.traffic.links[0]?.[1]?.next).toHaveLength(1);
    const healed = run(['10.0 dropNext c1 > t1 : fence 1', '12.0 heal c1 | t1'], ms(20)).world;
    expect(healed.fabric.traffic.links[0]?.[1]?.next).toEqual([]);
  });
});

test('bandwidth: a direction carries so many bytes a millisecond, in order, until it is undone', () => {
  const at = (lines: readonly string[]): number => {
    const { world } = run(lines, ms(20));
    return Math.max(
      0,
      ...flights(world.fabric, describeToyFrame)
        .filter(({ to }) => to === 't1')
        .map(({ arrivesAt }) => arrivesAt),
    );
  };
  expect(at(['10.0 bandwidth c1 > t1 : 4'])).toBeGreaterThan(at([]) + 10_000);
  expect(
    run(['10.0 bandwidth c1 > t1 : 4 for 2.000 ms'], ms(20)).world.fabric.traffic.links[0]?.[1]?.bytesPerMs,
  ).toBe(0);
});

test('a clock that drifts fires its timers early or late by just that much', () => {
  const count = (lines: readonly string[]): number =>
    run(lines, ms(1000)).world.fabric.traffic.sentBy[0] ?? 0;
  const plain = count([]);
  const fast = count(['10.0 clockDrift c1 100000']);
  const slow = count(['10.0 clockDrift c1 -100000']);
  expect(fast / plain).toBeGreaterThan(1.05);
  expect(fast / plain).toBeLessThan(1.12);
  expect(slow / plain).toBeLessThan(0.95);
  const back = count(['10.0 clockDrift c1 100000 for 10.000 ms']);
  expect(Math.abs(back - plain)).toBeLessThan(8);
});

test('a device that forgets its buffer: what was not durable is gone, and the node is notified', () => {
  const { world } = run(['10.4 dropBuffer t1'], ms(30), 1);
  const disk = world.runners.get(t1)?.disk;
  expect(disk?.counters.lost).toBeGreaterThan(0);
  expect(disk?.counters.failedSyncs).toBe(1);
});

test('power off and on of several nodes is one action', () => {
  const { world, trace } = run(['10.0 powerOff t1 t2 for 5.000 ms'], ms(12));
  expect([isUp(world, t1), isUp(world, nodeId('t2')), isUp(world, nodeId('t3'))]).toEqual([
    false,
    false,
    true,
  ]);
  expect(trace.filter(({ event }) => event.kind === 'world.action')).toHaveLength(1);
  expect(isUp(run(['10.0 powerOff t1 t2 for 5.000 ms'], ms(20)).world, t1)).toBe(true);
  expect(isUp(run(['10.0 powerOff t1 t2', '12.0 powerOn t1 t2'], ms(20)).world, t1)).toBe(true);
});

test('aimed faults do not depend on where windows are cut, nor on whether the world is a clone', () => {
  const lines = [
    '5.0 crashOn t1 after ack',
    '8.0 restart t1',
    '9.0 dropNext c1 | t2 : wal 2',
    '9.0 holdNext c1 > t3 : wal 2',
    '9.5 bandwidth c1 > t2 : 40 for 5.000 ms',
    '10.0 clockDrift c1 5000 for 4.000 ms',
    '11.4 dropBuffer t2',
    '12.4 crashLosing t3 "log/3" for 2.000 ms',
    '14.0 crashOn t1 before ack',
  ];
  const hash = worldHash(run(lines, ms(30)).world);
  expect(worldHash(run(lines, ms(30), 7).world)).toBe(hash);
  expect(worldHash(run(lines, ms(30), 111).world)).toBe(hash);
  for (const half of [5.1, 9.4, 14.05]) {
    const { world } = run(lines, ms(half));
    const twin = cloneWorld(world, toyHost.program);
    runWorld(twin, toyHost, { until: ms(30) });
    expect(worldHash(twin)).toBe(hash);
  }
});
