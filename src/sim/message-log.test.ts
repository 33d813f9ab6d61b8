// The message log forgets the oldest, and says since when it is whole.

import { expect, test } from 'vitest';
import { logBefore, logMessage, makeMessageLog, messagesIn, newestOf } from './message-log.ts';
import type { Flight } from './network.ts';

const flight = (sentAt: number): Flight => ({
  from: 0,
  to: 1,
  sequence: sentAt,
  copy: 0,
  sentAt,
  at: sentAt + 5,
  bytes: new Uint8Array(),
  causeOrdinal: 0,
});

test('a log from the beginning is whole until it is full; then nothing that it forgot is after what it says', () => {
  const log = makeMessageLog(0);
  expect(log.since).toBeLessThan(0);
  let sent = 0;
  while (log.since < 0) {
    sent++;
    logMessage(log, flight(sent), sent + 5, false);
  }
  const first = messagesIn(log, 0, Number.MAX_SAFE_INTEGER)
    .map(({ at }) => at)
    .sort((a, b) => a - b)[0];
  expect(log.since).toBe(6);
  expect(first).toBe(7);
  logMessage(log, flight(sent + 1), sent + 6, true);
  expect(log.since).toBe(7);
  expect(logBefore(log, 100).since).toBe(7);
});

test('a log that begins at a keyframe knows nothing of what ended before it', () => {
  expect(makeMessageLog(40_000).since).toBe(39_999);
  expect(logBefore(null, 40_000).since).toBe(40_000);
});

test('the newest of a log, also of one that has forgotten some, say since when they are all', () => {
  const log = makeMessageLog(0);
  for (let sent = 1; sent <= 10; sent++) logMessage(log, flight(sent), sent + 5, false);
  expect(newestOf(log, 10)).toEqual(log);
  const three = newestOf(log, 3);
  expect([three.ring.map(({ at }) => at), three.next, three.since]).toEqual([[13, 14, 15], 3, 12]);
  while (log.since < 0) logMessage(log, flight(20), 25, false);
  logMessage(log, flight(21), 26, false);
  expect(newestOf(log, 2).ring.map(({ at }) => at)).toEqual([25, 26]);
});
