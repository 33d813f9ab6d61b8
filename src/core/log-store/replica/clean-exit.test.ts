// A clean exit and the start after it, at every point where power may go off (HOLE-51, HOLE-52).

import { expect, test } from 'vitest';
import { countHoles, listItems } from '../holes/hole-list.ts';
import { cleanKey, logKey } from './keys.ts';
import { batch, chainOf, GROUP, heartbeat, record } from './message-fixture.ts';
import {
  advance,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  type Rig,
  settle,
  stop,
  syncOne,
  takeSent,
} from './store-fixture.ts';

const FLAG = cleanKey(GROUP, 'flag');
const LIST = cleanKey(GROUP, 'list');

/** Records 1, 2 and 6 (after 5), durable: a hole at 3…5. */
function withHole(): Rig {
  const rig = createdRig();
  deliver(rig, batch(chainOf([1, 2])));
  deliverAndSettle(rig, batch([record(6, { prevGroup: 5 })]));
  return rig;
}

const itemsOf = (rig: Rig) => listItems(groupOf(rig).holes.list);
const unsent = (rig: Rig) => itemsOf(rig).map(({ lsn, rangeType }) => [lsn, rangeType]);
const outcomeOf = (rig: Rig): string[] => eventsOf(rig, 'hole.restore').map(({ error }) => error);

test('HOLE-51 HOLE-52 instructed to end, it saves the list and then the flag; the next start takes the list and clears both first', () => {
  const rig = withHole();
  stop(rig);
  expect(rig.stores.map(({ writes }) => writes.map(({ key }) => key))).toEqual([[LIST]]);
  syncOne(rig);
  expect(rig.stores.map(({ writes }) => writes.map(({ key }) => key))).toEqual([[FLAG]]);
  settle(rig);
  expect(eventsOf(rig, 'hole.saved')).toMatchObject([{ ncl: 2, nwl: 6, holes: 1 }]);
  const again = crash(rig);
  expect(again.stores.flatMap(({ writes }) => writes)).toEqual([
    { key: FLAG, bytes: null },
    { key: LIST, bytes: null },
  ]);
  expect(again.events).toEqual([]);
  deliver(again, batch(chainOf([3, 4, 5], { prevGroup: 2 }))); // not begun yet: silently dropped
  expect(takeSent(again, 'WriteAck')).toEqual([]);
  settle(again);
  expect(outcomeOf(again)).toEqual(['']);
  expect(unsent(again)).toEqual(unsent(rig));
  expect(again.disk.has(FLAG) || again.disk.has(LIST)).toBe(false);
  deliverAndSettle(again, batch(chainOf([3, 4, 5], { prevGroup: 2 })));
  expect(countHoles(groupOf(again).holes.list)).toBe(0);
});

test('HOLE-51 an exit waits for what is being written, acknowledges it, and takes nothing more', () => {
  const rig = withHole();
  deliver(rig, batch(chainOf([3], { prevGroup: 2 })));
  stop(rig);
  stop(rig);
  deliver(rig, batch(chainOf([4], { prevGroup: 3 })));
  expect(rig.stores).toHaveLength(1);
  settle(rig);
  expect(takeSent(rig, 'WriteAck').map(({ scl }) => scl)).toContain(3);
  const again = crash(rig);
  settle(again);
  expect(outcomeOf(again)).toEqual(['']);
  expect(groupOf(again).scl).toBe(3);
});

test('HOLE-52 whenever power goes off during exit or start, the list is right: restored whole, or rebuilt', () => {
  const expected = unsent(withHole());
  const outcomes = new Set<string>();
  for (let synced = 0; synced <= 2; synced++)
    for (const kept of [false, true, 1, 7, 30]) {
      const rig = withHole();
      stop(rig);
      for (let n = 0; n < synced; n++) syncOne(rig);
      const second = crash(rig, () => kept);
      for (const lost of [false, true]) {
        const third = crash(second, ({ key }) => (lost ? key === LIST : key === FLAG));
        settle(third);
        expect(unsent(third), `${synced} synced, ${kept}, ${lost}`).toEqual(expected);
      }
      settle(second);
      expect(unsent(second), `${synced} synced, ${kept}`).toEqual(expected);
      outcomes.add(outcomeOf(second)[0] ?? 'none');
    }
  expect([...outcomes].sort()).toEqual(['', 'damaged flag', 'none']);
});

/** What the second life finds: the disk of a clean exit, changed. */
function afterExit(change: (disk: Map<string, Uint8Array>) => void): Rig {
  const rig = withHole();
  stop(rig);
  settle(rig);
  change(rig.disk);
  const again = crash(rig);
  settle(again);
  return again;
}

function flip(disk: Map<string, Uint8Array>, key: string, at: number): void {
  const bytes = disk.get(key)?.slice();
  if (!bytes) throw new Error(`no ${key}`);
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  disk.set(key, bytes);
}

test.each([
  ['no flag', (disk) => disk.delete(FLAG), null],
  ['a damaged flag', (disk) => flip(disk, FLAG, 0), 'damaged flag'],
  ['no list', (disk) => disk.delete(LIST), 'no list beside the flag'],
  ['a damaged list', (disk) => flip(disk, LIST, 9), 'snapshot checksum mismatch'],
  [
    'a log that lost its newest record',
    (disk) => disk.delete(logKey(GROUP, 3)),
    'snapshot with NWL 6, log has 2',
  ],
  [
    'a log that lost another record',
    (disk) => disk.delete(logKey(GROUP, 2)),
    'snapshot of 4 records, log has 2 or others',
  ],
] as const satisfies readonly (readonly [
  string,
  (disk: Map<string, Uint8Array>) => unknown,
  string | null,
])[])('HOLE-52 with %s the list is not used, and rebuilt from the log', (_, change, error) => {
  const again = afterExit(change);
  expect(outcomeOf(again)).toEqual(error === null ? [] : [error]);
  const held = groupOf(again).log.records.map(({ record: { lsn } }) => lsn);
  expect(groupOf(again).scl).toBe(held.includes(2 as never) ? 2 : 0);
  expect(again.disk.has(FLAG) || again.disk.has(LIST)).toBe(false);
});

test('HOLE-52 a damaged segment is never covered up by a saved list', () => {
  const again = afterExit((disk) =>
    flip(disk, logKey(GROUP, 2), (disk.get(logKey(GROUP, 2))?.length ?? 1) - 1),
  );
  expect(outcomeOf(again)).toEqual([]);
  expect(groupOf(again).scl).toBe(1);
});

test('HOLE-52 what cannot be deleted is tried again, and nothing is taken before', () => {
  const rig = withHole();
  stop(rig);
  settle(rig);
  const again = crash(rig);
  syncOne(again, 'EIO');
  deliver(again, heartbeat({ vdl: 2 }));
  expect(takeSent(again, 'WriteAck')).toEqual([]);
  advance(again, 30_000);
  expect(outcomeOf(again)).toEqual(['']);
  deliver(again, heartbeat({ vdl: 2 }));
  expect(takeSent(again, 'WriteAck')).toHaveLength(1);
});

test('HOLE-51 positions of other groups come back as they were', () => {
  const rig = createdRig();
  deliver(rig, batch(chainOf([1, 2])));
  deliver(rig, batch([record(9, { prevGroup: 2 })])); // 3…8 belong to other groups
  settle(rig);
  stop(rig);
  settle(rig);
  const again = crash(rig);
  settle(again);
  expect(outcomeOf(again)).toEqual(['']);
  expect(unsent(again)).toEqual(unsent(rig));
  expect(groupOf(again).scl).toBe(9);
});
