// What clients received over an outage: who is counted, and who is listed by name.

import { describe, expect, test } from 'vitest';
import { down } from '../../sim/checks/monitor-fixture.ts';
import { answer, boot, call, makeCut, makeOf, only, play, recovered, routed } from './outage-fixture.ts';

describe('FENCE-44 what clients received over the outage', () => {
  test('acknowledged, replayed, failed, unknown, not answered; what was called after the opening is none of it', () => {
    const recorder = makeOf();
    play(recorder, [...boot, call('a/0', 1), answer('a/0', 1, 'ok')]);
    play(recorder, [call('a/0', 2), call('b/0', 3), call('c@v2/0', 4), down('rw'), call('c/0', 5)]);
    expect(only(recorder).clients.map(({ client, waiting }) => [client, waiting])).toEqual([
      ['a/0', 1],
      ['b/0', 1],
      ['c/0', 1],
    ]);
    play(recorder, [answer('b/0', 3, 'unknown'), call('b/0', 6), answer('b/0', 6, 'error'), ...recovered()]);
    play(recorder, [answer('a/0', 2, 'ok', 'REPLAYED'), call('a/0', 7), answer('a/0', 7, 'ok')]);
    const none = { acknowledged: 0, replayed: 0, failed: 0, unknown: 0, waiting: 0 };
    expect(only(recorder).clients).toEqual([
      { ...none, client: 'a/0', acknowledged: 1, replayed: 1 },
      { ...none, client: 'b/0', failed: 1, unknown: 1 },
      { ...none, client: 'c/0', waiting: 1 },
    ]);
    expect(only(recorder).others).toBeNull();
  });

  test('PCS-51 where tables are cut a request counts for the tablet that its driver sent it to, and for none before', () => {
    const recorder = makeCut();
    play(recorder, [...boot, down('rw'), call('a/0', 1), call('b/0', 1)]);
    expect(only(recorder).clients).toEqual([]);
    play(recorder, [routed('b/0', 'g1')]);
    expect(only(recorder).clients.map(({ client, waiting }) => [client, waiting])).toEqual([['b/0', 1]]);
    play(recorder, [answer('a/0', 1, 'ok'), answer('b/0', 1, 'error')]);
    expect(only(recorder).clients).toMatchObject([{ client: 'b/0', failed: 1, waiting: 0 }]);
  });

  test('clients beyond those that are listed are summed', () => {
    const recorder = makeOf();
    const calls = Array.from({ length: 70 }, (_, i) => call(`a/${i}`, i));
    play(recorder, [...boot, ...calls, down('rw')]);
    expect(only(recorder).clients.length).toBe(64);
    expect(only(recorder).others).toMatchObject({ waiting: 6 });
  });
});
