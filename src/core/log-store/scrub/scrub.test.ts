// The background scrub (WAL-39; F18, F19, F23): whatever happens to a value on disk is found within a round, given up at
// once, and made good from a peer. Three replicas; A's disk is the one that is damaged.

import { describe, expect, test } from 'vitest';
import type { PageKey } from '../../page/page-key.ts';
import { logKey, superKey, versionKey } from '../replica/keys.ts';
import {
  A,
  B,
  batch,
  C,
  chainOf,
  GROUP,
  heartbeat,
  installToken,
  readPage,
  recoveryRead,
} from '../replica/message-fixture.ts';
import {
  advance,
  advanceAll,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  lastSent,
  lsnsOf,
  PARAMS,
  type Rig,
  rot,
  settle,
  syncOne,
} from '../replica/store-fixture.ts';

const PAGE = 7 as PageKey;
/** Virtual µs in which a round over a few values certainly ends, and what it found is repaired. */
const ROUND = 600_000;

/** Records 1…6 in three segments (ordinals 2, 3, 4) at every replica, all at VDL. */
function threeReplicas(floors: Parameters<typeof heartbeat>[0] = {}, params = {}): [Rig, Rig, Rig] {
  const quiet = { materialiseMs: 100_000, ...params };
  const rigs: [Rig, Rig, Rig] = [
    createdRig({ node: A, params: quiet }),
    createdRig({ node: B, params: quiet }),
    createdRig({ node: C, params: quiet }),
  ];
  const chain = chainOf([1, 2, 3, 4, 5, 6]);
  for (const rig of rigs) {
    for (let i = 0; i < 6; i += 2) {
      deliverAndSettle(rig, batch(chain.slice(i, i + 2)));
    }
    deliver(rig, heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, ...floors }));
  }
  return rigs;
}

const WHOLE = [0, 1, 2, 3, 4, 5, 6];

const damages: readonly (readonly [
  name: string,
  harm: (rig: Rig) => void,
  damage: string,
  lost: number[],
])[] = [
  ['a bit of a record flips', (rig) => rot(rig, logKey(GROUP, 3), -3), 'rot', [4]],
  ['a bit of its header flips', (rig) => rot(rig, logKey(GROUP, 3), 0), 'rot', []],
  ['a bit of its place flips', (rig) => rot(rig, logKey(GROUP, 3), 9), 'rot', []],
  [
    'another segment is written over it',
    (rig) => rig.disk.set(logKey(GROUP, 3), rig.disk.get(logKey(GROUP, 4)) ?? new Uint8Array()),
    'misdirected',
    [3, 4],
  ],
  ['its write was lost', (rig) => rig.disk.delete(logKey(GROUP, 3)), 'missing', [3, 4]],
  ['its sectors fail', (rig) => rig.unreadable.add(logKey(GROUP, 3)), 'unreadable', [3, 4]],
];

describe('log segments', () => {
  test.each(damages)('WAL-39 F18 F19 F23 %s: found, given up, back from a peer', (_, harm, damage, lost) => {
    const rigs = threeReplicas();
    const [a] = rigs;
    harm(a);
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.bad')).toMatchObject([{ what: 'log', damage, lsns: lost }]);
    expect(eventsOf(a, 'scrub.repaired')).toMatchObject([{ what: 'log', lsns: lost }]);
    expect(eventsOf(a, 'hole.fill').length > 0).toBe(lost.length > 0);
    expect(lsnsOf(a)).toEqual(WHOLE);
    expect(groupOf(a).scl).toBe(6);
    a.unreadable.clear();
    const again = crash(a);
    expect(eventsOf(again, 'hole.rebuild')).toMatchObject([{ ncl: 6, nwl: 6, holes: 0 }]);
    expect(groupOf(again).repair.damaged).toEqual([]);
    expect(lsnsOf(again)).toEqual(WHOLE);
  });

  test.each(damages.filter(([, , , lost]) => lost.length > 0))(
    'HOLE-55 %s: a power cut before the repair does not make the replica forget it',
    (_, harm, __, lost) => {
      const rigs = threeReplicas();
      const [a] = rigs;
      harm(a);
      for (let at = 0; at < ROUND && eventsOf(a, 'scrub.bad').length === 0; at += 1000) advance(a, 1000);
      settle(a);
      expect(groupOf(a).scl).toBe((lost[0] ?? 0) - 1);
      const again = crash(a);
      expect(groupOf(again).scl).toBe((lost[0] ?? 0) - 1);
      expect(lsnsOf(again)).toEqual(WHOLE.filter((lsn) => !lost.includes(lsn)));
    },
  );

  test('WAL-39 a replica that lost what may have been acknowledged is no part of a read quorum until it is back', () => {
    const rigs = threeReplicas({ vdl: 2, groupTail: 2 });
    const [a] = rigs;
    const refusalOf = (rig: Rig): string => {
      deliverAndSettle(rig, installToken(2));
      deliver(rig, recoveryRead(2));
      return lastSent(rig, 'RecoveryInfo').refused?.code ?? '';
    };
    rig_loses(a);
    expect(groupOf(a).scl).toBe(2);
    expect(refusalOf(crash(a))).toBe('NOT_READY');
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.repaired')).toHaveLength(1);
    expect(refusalOf(a)).toBe('');
    expect(eventsOf(a, 'recovery.told')).toMatchObject([{ scl: 6, error: '' }]);
  });

  function rig_loses(a: Rig): void {
    a.disk.delete(logKey(GROUP, 3));
    for (let at = 0; at < ROUND && eventsOf(a, 'scrub.bad').length === 0; at += 1000) advance(a, 1000);
    settle(a);
  }

  test('F23 a device that reads nothing for a while has lost nothing', () => {
    const rigs = threeReplicas();
    const [a] = rigs;
    for (const key of a.disk.keys()) a.unreadable.add(key);
    advanceAll(rigs, ROUND);
    a.unreadable.clear();
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.bad')).toEqual([]);
    expect(a.state.scrubs.get(GROUP)?.checked).toBeGreaterThan(5);
  });

  test('HOLE-58 nothing is given up while a recovery counts on what the replica reported to it', () => {
    const rigs = threeReplicas();
    const [a] = rigs;
    deliverAndSettle(a, installToken(2));
    a.disk.delete(logKey(GROUP, 3));
    advance(a, ROUND);
    expect(eventsOf(a, 'scrub.bad')).toEqual([]);
    expect(groupOf(a).scl).toBe(6);
  });

  test('WAL-36 WAL-38 what GC may drop anyway is not asked for: logFloor says that it is gone', () => {
    const floors = { pgmrpl: 6, holdTo: 6 };
    const rigs = threeReplicas(floors, { materialiseMs: 5, scrubEveryMs: 50 });
    const [a] = rigs;
    const group = groupOf(a);
    group.gc.tried = { ...floors, archivedTo: Number.MAX_SAFE_INTEGER } as never;
    for (let n = 0; n < 50 && group.pages.blocks.get(PAGE)?.versions.length === 0; n++) advance(a, 1000);
    expect(group.pages.blocks.get(PAGE)?.versions).toEqual([6]);
    if (group.log.segments.has(3)) a.disk.delete(logKey(GROUP, 3));
    advanceAll(rigs, ROUND);
    expect(group.superblock.logFloor).toBeGreaterThanOrEqual(4);
    expect(eventsOf(a, 'hole.sent')).toEqual([]);
  });
});

describe('page versions', () => {
  const quick = { materialiseMs: 5 };
  const damagedPage: readonly (readonly [string, (rig: Rig, key: string) => void, string])[] = [
    ['a bit flips', (rig, key) => rot(rig, key, 40), 'rot'],
    ['it is gone', (rig, key) => rig.disk.delete(key), 'missing'],
    ['its sectors fail', (rig, key) => rig.unreadable.add(key), 'unreadable'],
    [
      'another page is written over it',
      (rig, key) => {
        const other = [...rig.disk.keys()].find((one) => one.includes('/page/') && one !== key);
        rig.disk.set(key, rig.disk.get(other ?? '') ?? new Uint8Array());
      },
      'misdirected',
    ],
  ];

  test.each(damagedPage)('WAL-33 %s: built again from the log while the log reaches', (_, harm, damage) => {
    const rigs = threeReplicas({}, quick);
    const [a] = rigs;
    advance(a, 20_000);
    const key = versionKey(GROUP, PAGE, 6);
    const before = a.disk.get(key);
    expect(before).toBeDefined();
    harm(a, key);
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.bad')).toMatchObject([{ what: 'page', damage, blockKey: PAGE }]);
    expect(eventsOf(a, 'scrub.repaired')).toMatchObject([{ what: 'page', blockKey: PAGE }]);
    expect(a.disk.get(key)).toEqual(before);
  });

  test.each(damagedPage)('WAL-39 %s: fetched from a peer when the log is gone', (_, harm, damage) => {
    const rigs = threeReplicas({ pgmrpl: 6, holdTo: 6 }, quick);
    const [a] = rigs;
    for (const rig of rigs) advance(rig, 40_000);
    expect(lsnsOf(a)).toEqual([]);
    const key = versionKey(GROUP, PAGE, 6);
    const before = a.disk.get(key);
    expect(before).toBeDefined();
    harm(a, key);
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.bad')).toMatchObject([{ what: 'page', damage, blockKey: PAGE }]);
    expect(eventsOf(a, 'scrub.repaired')).toMatchObject([{ what: 'page', blockKey: PAGE }]);
    expect(a.disk.get(key)).toEqual(before);
  });

  /** The damage is found, and power goes off before a peer has given the page. */
  test.each(damagedPage)(
    'WAL-39 F16 %s, and a crash before its page is back: nobody learns that there is none',
    (_, harm) => {
      const floors = { pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 6, holdTo: 6 };
      const rigs = threeReplicas(floors, quick);
      const [a, b, c] = rigs;
      for (const rig of rigs) advance(rig, 40_000);
      const key = versionKey(GROUP, PAGE, 6);
      const before = a.disk.get(key);
      harm(a, key);
      advanceAll(rigs, ROUND, (message) => message.kind === 'PageCopy');
      expect(eventsOf(a, 'scrub.bad')).toHaveLength(1);
      settle(a);
      const again = crash(a);
      deliver(again, heartbeat(floors));
      deliver(again, readPage(6, 6));
      settle(again);
      expect(lastSent(again, 'PageReply').refused).toMatchObject({ code: 'EIO' });
      advanceAll([again, b, c], ROUND);
      expect(eventsOf(again, 'scrub.repaired')).toMatchObject([{ what: 'page', blockKey: PAGE }]);
      expect(again.disk.get(key)).toEqual(before);
    },
  );

  test('WAL-34 WAL-39 the page of an idle group is fetched although PGMRPL has risen above its last record', () => {
    const rigs = threeReplicas({ vdl: 20, pgmrpl: 20, holdTo: 6 }, quick);
    const [a] = rigs;
    for (const rig of rigs) advance(rig, 40_000);
    expect(groupOf(a).watermarks.pgmrpl).toBe(20);
    rot(a, versionKey(GROUP, PAGE, 6), 40);
    advanceAll(rigs, ROUND);
    expect(eventsOf(a, 'scrub.repaired')).toMatchObject([{ what: 'page', blockKey: PAGE }]);
  });

  test('WAL-39 a version that is bad at the start is made good too, by the next peer when one does not answer', () => {
    const rigs = threeReplicas({ pgmrpl: 6, holdTo: 6 }, quick);
    const [a, b, c] = rigs;
    for (const rig of rigs) advance(rig, 40_000);
    rot(a, versionKey(GROUP, PAGE, 6), 40);
    const again = crash(a);
    deliver(again, heartbeat({ pgcl: 6, vdl: 6, groupTail: 6, pgmrpl: 6, holdTo: 6 }));
    advanceAll([again, b, c], ROUND, (message, from) => message.kind === 'PageCopy' && from === b);
    expect(eventsOf(again, 'scrub.repaired')).toMatchObject([{ what: 'page', blockKey: PAGE }]);
  });
});

describe('superblocks', () => {
  const copies = [0, 1].flatMap((slot) => (['a', 'b'] as const).map((copy) => [slot, copy] as const));

  test.each(copies)(
    'WAL-39 slot %i copy %s is written over when it is bad or its write was lost',
    (slot, copy) => {
      const key = superKey(GROUP, slot, copy);
      for (const harm of [
        (rig: Rig) => rot(rig, key, 30),
        (rig: Rig) => rig.disk.delete(key),
        (rig: Rig, old: Uint8Array) => rig.disk.set(key, old),
      ]) {
        const [a] = threeReplicas();
        const old = a.disk.get(key) ?? new Uint8Array();
        for (const token of [2, 3, 4, 5]) {
          deliver(a, installToken(token));
          while (a.stores.length > 0) syncOne(a);
        }
        groupOf(a).superblock = {
          ...groupOf(a).superblock,
          openToken: groupOf(a).superblock.maxToken,
          volumeEpoch: groupOf(a).superblock.maxToken,
        };
        harm(a, old);
        advance(a, ROUND);
        expect(eventsOf(a, 'scrub.bad').every(({ what }) => what === 'super')).toBe(true);
        expect(eventsOf(a, 'scrub.bad').length).toBeGreaterThan(0);
        const found = eventsOf(a, 'scrub.bad').length;
        advance(a, ROUND);
        expect(eventsOf(a, 'scrub.bad')).toHaveLength(found);
        expect(groupOf(crash(a)).superblock.maxToken).toBe(5);
      }
    },
  );
});

test('a sound disk is checked round after round and nothing is found', () => {
  const rigs = threeReplicas({}, { materialiseMs: 5 });
  advanceAll(rigs, ROUND);
  for (const rig of rigs) {
    expect(eventsOf(rig, 'scrub.bad')).toEqual([]);
    expect(rig.state.scrubs.get(GROUP)?.checked).toBeGreaterThan(ROUND / 1000 / PARAMS.scrubEveryMs / 2);
  }
});
