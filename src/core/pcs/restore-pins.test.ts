// Objects that the metadata keeps from collection while a restore is planned and loads (WAL-45).

import { describe, expect, test } from 'vitest';
import type { MessageOf } from '../kernel/messages.ts';
import { Bench, cos, log, PARTS } from './restore-fixture.ts';

describe('WAL-45 pins', () => {
  test('are sent at a start, again until answered, and name what loads and what is planned', () => {
    const bench = new Bench();
    expect(bench.sent('PinObjects')).toMatchObject([{ boot: 1, sequence: 1, pins: [] }]);
    bench.out = [];
    bench.timer();
    expect(bench.sent('PinObjects')).toMatchObject([{ sequence: 1 }]);
    bench.answerCos();
    bench.timer();
    expect(bench.sent('PinObjects')).toEqual([]);
    bench.order();
    for (let i = 0; i < 1 + PARTS; i++) bench.answerCos();
    const pins = [{ volume: 'v2', names: [log.name] }];
    expect(bench.sent('PinObjects')).toMatchObject([{ sequence: 2, pins }]);
    expect(bench.stores).toEqual([]); // nothing is proposed before
    bench.answerCos();
    bench.sync();
    expect(bench.sent('PinObjects')).toEqual([]); // the entry names the same
    const back = bench.crashed();
    expect(back.sent('PinObjects')).toMatchObject([{ boot: 2, sequence: 1, pins }]);
    back.end('cancelRestore', 2);
    back.sync();
    expect(back.sent('PinObjects').at(-1)).toMatchObject({ boot: 2, sequence: 2, pins: [] });
  });

  test('an object that went before it was pinned: the manifest is read again', () => {
    const bench = new Bench();
    bench.answerCos();
    bench.order();
    for (let i = 0; i < 1 + PARTS; i++) bench.answerCos();
    const [pin] = bench.taken('PinObjects');
    bench.take(cos, { ...(pin as MessageOf<'PinObjects'>), kind: 'ObjectsPinned', missing: [log.name] });
    expect(bench.sent('GetManifest')).toHaveLength(1);
    expect(bench.stores).toEqual([]);
  });

  test('an order of a life that this disk has forgotten is passed', () => {
    const bench = new Bench();
    bench.taken('PinObjects');
    bench.take(cos, { kind: 'ObjectsPinned', boot: 6, sequence: 4, missing: [] });
    expect(bench.sent('PinObjects')).toMatchObject([{ boot: 6, sequence: 5 }]);
  });
});
