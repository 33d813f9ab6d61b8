// The limit of a request, as measured at its peer (HOLE-60): rows of times, and what follows from each.

import { expect, test } from 'vitest';
import { nodeId } from '../../../base/ids.ts';
import { digestPlain } from '../../../base/plain.ts';
import { DEFAULTS, openReplica, peerStatus, record, replyTo, show } from './hole-fixture.ts';
import { LONGEST_LIMIT } from './hole-limit.ts';
import { nextHoleWake } from './hole-requests.ts';
import type { HoleManager } from './testing/hole-interface.ts';

const TEXT = 'D[0,10) H[10,12) D[12,20) H[20,MAX)';

/** One peer, one hole of two positions; reqTimeout 200. */
function ready(): HoleManager {
  const { manager } = openReplica(TEXT, ['B']);
  manager.setSgcl(19);
  manager.status(nodeId('B'), peerStatus(100, 100));
  return manager;
}

const part = { first: 10, end: 12, records: [record(11, 9)] };
const answer = (manager: HoleManager, counter: number) =>
  replyTo(manager, { counter, from: 'B', parts: [part], done: true });
const limitOf = (manager: HoleManager): number => manager.state.peers[0]?.limit ?? 0;

test('HOLE-60 an answer that comes late measures its peer, and nothing else of it counts (HOLE-34)', () => {
  const manager = ready();
  manager.discover(1000);
  expect(manager.tick(1200).timedOut.map(({ counter }) => counter)).toEqual([1]);
  const { list, peers } = manager.state;
  const before = digestPlain(list);
  const suspicion = peers[0]?.suspectUntil;
  expect(manager.reply(answer(manager, 1), 1350)).toEqual({ stored: [], ignored: true });
  expect(limitOf(manager)).toBe(700); // 2 · (1350 − 1000)
  expect(digestPlain(list)).toBe(before);
  expect(peers[0]?.suspectUntil).toBe(suspicion);
  expect(manager.reply(answer(manager, 1), 9000).ignored).toBe(true); // its repetition measures nothing
  expect(limitOf(manager)).toBe(700);
});

test('HOLE-60 the next request waits for as long as the peer was measured to take, and so the replica fills', () => {
  const manager = ready();
  manager.discover(1000);
  manager.tick(1200);
  manager.reply(answer(manager, 1), 1350);
  manager.discover(1400);
  expect(nextHoleWake(manager.state)).toBe(2100);
  expect(manager.tick(2099).timedOut).toEqual([]);
  expect(manager.reply(answer(manager, 2), 1750).stored).toEqual([[10, 12]]);
  expect(show(manager.list)).toBe('D[0,20) H[20,MAX)');
});

/** A request at 1000 with the peer's limit at `limit`, its parts at these times: the limit afterwards. */
test.each([
  ['quick: down by half at most', 1600, [1010], 800],
  ['quick, from the least: stays there', 200, [1010], 200],
  ['as long as half the limit: stays', 1600, [1800], 1600],
  ['nearly the limit: twice what it took', 1600, [2500], 3000],
  ['the longest wait between two parts counts', 400, [1300, 1350], 600],
] as const)('HOLE-60 an answer in time, %s', (_, limit, times, after) => {
  const manager = ready();
  const [peer] = manager.state.peers;
  if (peer) peer.limit = limit;
  manager.discover(1000);
  times.forEach((at, i) => {
    const isLast = i + 1 === times.length;
    const first = isLast ? part : { first: 10, end: 11, records: [] };
    manager.reply(replyTo(manager, { counter: 1, from: 'B', parts: [first], done: isLast }), at);
  });
  expect(show(manager.list)).toBe('D[0,20) H[20,MAX)');
  expect(limitOf(manager)).toBe(after);
});

test('HOLE-60 loss and silence leave the limit as it is; what is remembered is bounded in number and time', () => {
  const manager = ready();
  let now = 1000;
  for (let round = 0; round < DEFAULTS.timedOutRequests + 10; round++) {
    manager.discover(now);
    now += 200;
    expect(manager.tick(now).timedOut).toHaveLength(1);
  }
  expect(limitOf(manager)).toBe(200);
  expect(manager.state.peers[0]?.timedOut).toHaveLength(DEFAULTS.timedOutRequests);
  manager.reply(answer(manager, DEFAULTS.timedOutRequests + 5), now); // not among the oldest: forgotten
  expect(limitOf(manager)).toBe(200);
  now += 200 * LONGEST_LIMIT;
  manager.discover(now);
  manager.tick(now + 200);
  expect(manager.state.peers[0]?.timedOut.map(({ counter }) => counter)).toEqual([
    DEFAULTS.timedOutRequests + 11,
  ]);
});

test('HOLE-60 a limit never goes above 1024 times reqTimeout', () => {
  const manager = ready();
  manager.discover(1000);
  manager.tick(1200);
  manager.reply(answer(manager, 1), 1000 + 200 * LONGEST_LIMIT);
  expect(limitOf(manager)).toBe(200 * LONGEST_LIMIT);
});
