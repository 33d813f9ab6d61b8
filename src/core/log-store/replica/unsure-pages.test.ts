// A live record at or below logFloor that rots while its node is down: nobody can say any more which page it was of, so the
// replica answers for no page and copies a base image (WAL-39, WAL-71). Found by redo equivalence in seed 19 of a sweep.

import { expect, test } from 'vitest';
import { logKey } from './keys.ts';
import { A, B, batch, C, GROUP, heartbeat, readPage, record } from './message-fixture.ts';
import {
  advance,
  advanceAll,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  fireTimer,
  groupOf,
  lastSent,
  type Rig,
  rot,
  settle,
  syncOne,
} from './store-fixture.ts';

const FLOORS = { pgcl: 7, vdl: 7, groupTail: 7, pgmrpl: 7, holdTo: 7, archivedTo: 7 };
const [PAGE, OTHER] = [7, 8];

/** Page 7 has grown ready for a version at 7 and page 8 has not, so GC may drop all of page 7 and nothing of page 8. */
function workedRig(node: typeof A): Rig {
  const rig = createdRig({ node, params: { materialiseMs: 40, materialiseRecords: 3 } });
  const before = (at: number, prevBlock: number) => record(at, { block: PAGE, prevBlock });
  const other = record(4, { block: OTHER });
  deliverAndSettle(
    rig,
    batch([before(1, -1), before(2, 1), before(3, 2), other, before(5, 3), before(6, 5), before(7, 6)]),
  );
  deliver(rig, heartbeat(FLOORS));
  advance(rig, 11_000);
  expect(eventsOf(rig, 'page.materialise')).toMatchObject([{ blockKey: PAGE, pageLsn: 7 }]);
  return rig;
}

/** The record of page 8 rots; the ordinal of its segment. */
function rotRecord(a: Rig): number {
  const key =
    [...a.disk.keys()]
      .filter((name) => name.startsWith(logKey(GROUP, 0).slice(0, -1)))
      .sort()
      .at(-1) ?? '';
  const bytes = a.disk.get(key) ?? new Uint8Array();
  const at = record(4, { block: OTHER }).bytes;
  const start = bytes.findIndex((_, i) => at.every((byte, j) => bytes[i + j] === byte));
  rot(a, key, start + at.length - 1);
  return Number(key.split('/').at(-1));
}

const served = (rig: Rig, block: number) => {
  deliver(rig, readPage(7, 7, { block }));
  settle(rig);
  const { refused, pageLsn } = lastSent(rig, 'PageReply');
  return refused?.code ?? `page at ${pageLsn}`;
};

test('WAL-39 WAL-71 a record that rots below logFloor makes its replica copy a base image before it answers for a page', () => {
  const [a, b, c] = [workedRig(A), workedRig(B), workedRig(C)];
  fireTimer(a, `background/${GROUP}`);
  syncOne(a); // the superblock with logFloor 7; what GC drops and the version of page 8 are not durable yet
  expect(groupOf(a).superblock.logFloor).toBe(7);
  const ordinal = rotRecord(a);
  const again = crash(a);
  deliver(again, heartbeat(FLOORS));
  expect(groupOf(again).repair.unsure).toEqual({ to: 7, ordinals: [ordinal] });
  expect(eventsOf(again, 'store.failed')).toMatchObject([{ code: 'NEED_BASE', at: 7 }]);
  // without this it said that there is no page 8
  expect([served(again, PAGE), served(again, OTHER)]).toEqual(['EIO', 'EIO']);
  // a crash before the image does not make it forget
  expect(groupOf(crash(again)).repair.unsure).not.toBeNull();
  for (const rig of [b, c]) advance(rig, 100_000);
  advanceAll([again, b, c], 300_000);
  expect(eventsOf(again, 'base.installed')).toMatchObject([{ why: 'needBase', base: 7 }]);
  expect([served(again, PAGE), served(again, OTHER)]).toEqual(['page at 7', 'page at 4']);
  const end = crash(again);
  deliver(end, heartbeat(FLOORS));
  expect([served(end, PAGE), served(end, OTHER)]).toEqual(['page at 7', 'page at 4']);
});

test('WAL-39 what scrub finds lost below logFloor is not forgotten by a crash before its page has come from a peer', () => {
  const [a, b, c] = [workedRig(A), workedRig(B), workedRig(C)];
  fireTimer(a, `background/${GROUP}`);
  syncOne(a);
  while (a.stores.length > 1) syncOne(a); // the deletions of GC; the version of page 8 stays under way
  rotRecord(a);
  const { background } = groupOf(a);
  background.run = { kind: 'idle' };
  background.dirty.clear();
  a.stores = [];
  for (let us = 0; us < 300_000 && eventsOf(a, 'scrub.bad').length === 0; us += 1000) advance(a, 1000);
  expect(eventsOf(a, 'scrub.bad')).toMatchObject([{ what: 'log', lsns: [4] }]);
  expect(groupOf(a).pages.lost).toEqual([{ blockKey: OTHER, lsn: 4 }]);
  settle(a);
  advance(a, 50_000);
  expect(groupOf(crash(a)).repair.unsure).not.toBeNull();
  for (const rig of [b, c]) advance(rig, 100_000);
  advanceAll([a, b, c], 300_000);
  expect(eventsOf(a, 'scrub.repaired')).toContainEqual(
    expect.objectContaining({ what: 'page', blockKey: OTHER }),
  );
  const end = crash(a);
  deliver(end, heartbeat(FLOORS));
  expect([served(end, PAGE), served(end, OTHER)]).toEqual(['page at 7', 'page at 4']);
});
