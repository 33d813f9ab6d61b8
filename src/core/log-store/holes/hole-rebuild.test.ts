// Saved lists, rebuilt lists and the NCL checkpoint: one test per rule of holes.md §8.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupId, lsn, term } from '../../../base/ids.ts';
import { GROUP, listOf, openReplica, show, stateOf } from './hole-fixture.ts';
import { makeHoleList, mergeRange, nclOf } from './hole-list.ts';
import { loseRecords, mergeHoles, takeCheckpoint, truncateHoles } from './hole-manager.ts';
import { rebuildList, rebuildStart } from './hole-rebuild.ts';
import { recoverHoles } from './hole-recovery.ts';
import { decodeSnapshot, digestLog, encodeSnapshot } from './hole-snapshot.ts';
import { type HoleList, rebuild, restore, type Snapshot, wrapList } from './testing/hole-interface.ts';

function shown(result: HoleList | { error: string }): string {
  return 'error' in result ? result.error : show(result);
}

const owner = { group: GROUP, bootEpoch: 3, volumeEpoch: term(2) };
/** What the log holds: a snapshot is of this log and of no other. */
const held = digestLog([7, 0xffff_ffff, 9]);
const TEXT = 'D[0,10) S[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)';

describe('clean exit', () => {
  test('HOLE-51 the list comes back as it was, with sent flags as unsent', () => {
    const { manager } = openReplica(TEXT, ['B'], { bootEpoch: 3, volumeEpoch: term(2), maxToken: term(2) });
    expect(shown(restore(manager.save()))).toBe('D[0,10) H[10,20) D[20,30) H[30,40) D[40,50) H[50,MAX)');
    const bytes = encodeSnapshot(owner, stateOf('D[5,9) H[9,MAX)'), held);
    expect(decodeSnapshot(bytes, { group: GROUP, volumeEpoch: term(2), nwl: 8, log: held })).toMatchObject({
      bootEpoch: 3,
    });
  });

  test('HOLE-51 any list survives, also one that starts with a hole, is empty or runs to MAX', () => {
    for (const text of [
      'H[0,MAX)',
      'H[7,MAX)',
      'D[0,MAX)',
      'H[0,5) D[5,6) H[6,MAX)',
      'D[3,4) H[4,9) D[9,MAX)',
    ]) {
      const nwl = listOf(text).nwl;
      const bytes = encodeSnapshot(owner, stateOf(text), held);
      expect(
        shown(restore({ bytes, clean: true, log: { group: GROUP, volumeEpoch: term(2), nwl, log: held } })),
      ).toBe(text);
    }
  });

  const bytes = encodeSnapshot(owner, stateOf(TEXT), held);
  const log = { group: GROUP, volumeEpoch: term(2), nwl: 49, log: held };
  const bad: [string, Partial<Snapshot>][] = [
    ['no clean flag', { clean: false }],
    ['another volumeEpoch', { log: { ...log, volumeEpoch: term(3) } }],
    ['another NWL', { log: { ...log, nwl: 50 } }],
    ['a log that lost a record', { log: { ...log, log: digestLog([7, 9]) } }],
    ['a log with another record', { log: { ...log, log: digestLog([7, 9, 8]) } }],
    ['another group', { log: { ...log, group: groupId('g2') } }],
    ['no bytes', { bytes: new Uint8Array() }],
    ['a torn end', { bytes: bytes.slice(0, -1) }],
  ];
  test.each(bad)('HOLE-52 a snapshot with %s is never used', (_name, change) => {
    expect(restore({ bytes, clean: true, log })).not.toHaveProperty('error');
    expect(restore({ bytes, clean: true, log, ...change })).toHaveProperty('error');
  });

  test('HOLE-52 no flipped bit passes', () => {
    for (let i = 0; i < bytes.length; i++)
      for (const bit of [1, 128]) {
        const flipped = bytes.slice();
        flipped[i] = (flipped[i] ?? 0) ^ bit;
        expect(decodeSnapshot(flipped, log).list).toBe(null);
      }
  });
});

describe('after a crash', () => {
  test('HOLE-53 a gap in the chain is a hole; records at or below the checkpoint are not read again', () => {
    const pairs = [
      [2, 0],
      [5, 2],
      [9, 7],
      [12, 9],
    ] as const;
    expect(shown(rebuild(0, 0, pairs))).toBe('D[0,6) H[6,8) D[8,13) H[13,MAX)');
    expect(shown(rebuild(0, 5, pairs))).toBe('D[0,6) H[6,8) D[8,13) H[13,MAX)');
    expect(shown(rebuild(0, 7, pairs))).toBe('D[0,13) H[13,MAX)');
    expect(shown(rebuild(0, 40, pairs))).toBe('D[0,41) H[41,MAX)');
  });

  test('HOLE-53 a chain that goes back over a record seen is a conflict, but not over the checkpoint', () => {
    expect(
      shown(
        rebuild(0, 0, [
          [2, 0],
          [5, 1],
        ]),
      ),
    ).toBe('E_CHAIN_CONFLICT');
    expect(
      shown(
        rebuild(0, 3, [
          [5, 1],
          [7, 5],
        ]),
      ),
    ).toBe('D[0,8) H[8,MAX)');
    const links = [
      { lsn: lsn(5), prevGroup: lsn(4) },
      { lsn: lsn(9), prevGroup: lsn(3) },
    ];
    expect(rebuildList(0, 4, links)).toEqual({ list: null, error: 'E_CHAIN_CONFLICT', at: 9 });
  });

  test('HOLE-53 a fresh replica with an init of its own, and an empty log', () => {
    expect(shown(rebuild(100, 99, []))).toBe('H[100,MAX)');
    expect(
      shown(
        rebuild(100, 99, [
          [103, 101],
          [104, 103],
        ]),
      ),
    ).toBe('H[100,102) D[102,105) H[105,MAX)');
  });

  test('HOLE-54 the scan goes to the highest LSN, past every gap', () => {
    const pairs = [
      [1, 0],
      [50, 40],
      [51, 50],
      [900, 700],
    ] as const;
    expect(shown(rebuild(0, 0, pairs))).toBe('D[0,2) H[2,41) D[41,52) H[52,701) D[701,901) H[901,MAX)');
  });

  test('HOLE-55 a damaged record is absent from the index, or lost later: a hole either way', () => {
    const pairs = [
      [1, 0],
      [3, 1],
      [6, 3],
      [8, 6],
    ] as const;
    const without = pairs.filter(([at]) => at !== 3);
    expect(shown(rebuild(0, 0, without))).toBe('D[0,2) H[2,4) D[4,9) H[9,MAX)');
    const { manager } = openReplica('D[0,9) H[9,MAX)', ['B'], { checkpoint: 8 });
    expect(loseRecords(manager.state, 2, 4)).toBe(1);
    expect(show(manager.list)).toBe('D[0,2) H[2,4) D[4,9) H[9,MAX)');
    expect(loseRecords(manager.state, 5, 7)).toBe(null);
  });

  test('HOLE-55 a checkpoint does not vouch for a record that was damaged below it, but GC does below logFloor', () => {
    expect(rebuildStart(80, 10, [])).toBe(80);
    expect(rebuildStart(80, 10, [[90, 95]])).toBe(80);
    expect(
      rebuildStart(80, 10, [
        [60, 70],
        [40, 45],
      ]),
    ).toBe(39);
    expect(rebuildStart(80, 10, [[0, 100]])).toBe(10);
    const pairs = [
      [8, 6],
      [12, 8],
      [15, 12],
      [20, 19],
    ] as const; // 19 is the damaged one
    expect(shown(rebuild(0, rebuildStart(20, 10, [[16, 20]]), pairs))).toBe(
      'D[0,16) H[16,20) D[20,21) H[21,MAX)',
    );
  });

  test('HOLE-56 rebuilding from the log gives the list before the crash, from any checkpoint it ever had', () => {
    let withHoles = 0;
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 999 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, fc.nat(), (rows, pick) => {
        let end = 0;
        const records = rows.map(([gap, order]) => {
          const prevGroup = end;
          end += gap;
          return { lsn: lsn(end), prevGroup: lsn(prevGroup), order };
        });
        const list = makeHoleList(0);
        mergeRange(list, 0, 1);
        const checkpoints = [0];
        const arrived = records.filter(({ order }) => order % 4 !== 0);
        for (const one of arrived.toSorted((a, b) => a.order - b.order || a.lsn - b.lsn)) {
          mergeRange(list, one.prevGroup + 1, one.lsn + 1);
          checkpoints.push(nclOf(list));
        }
        const rebuilt = rebuildList(0, checkpoints[pick % checkpoints.length] ?? 0, arrived);
        if (!rebuilt.list) throw new Error(rebuilt.error);
        expect(show(wrapList(rebuilt.list))).toBe(show(wrapList(list)));
        if (wrapList(list).items().length > 3) withHoles++;
      }),
      { seed: 56, numRuns: 300 },
    );
    expect(withHoles).toBeGreaterThan(100);
  });

  test('HOLE-56 what only a peer reported as empty may be a hole again, never the other way round', () => {
    const before = 'D[0,30) H[30,MAX)'; // [21,30) came from a part without records
    expect(
      shown(
        rebuild(0, 10, [
          [12, 10],
          [20, 12],
        ]),
      ),
    ).toBe('D[0,21) H[21,MAX)');
    expect(listOf(before).nwl).toBeGreaterThan(20);
  });
});

describe('checkpoint', () => {
  test('HOLE-57 at most once in 256 merges, and at once before log GC', () => {
    const { state } = openReplica('D[0,1) H[1,MAX)', ['B']).manager;
    state.checkpoint = 0;
    const written: [number, number][] = [];
    for (let at = 1; at <= 1000; at++) {
      mergeHoles(state, at, at + 1, 0);
      const ncl = takeCheckpoint(state);
      if (ncl !== null) written.push([at, ncl]);
    }
    expect(written).toEqual([
      [256, 256],
      [512, 512],
      [768, 768],
    ]);
    expect(takeCheckpoint(state)).toBe(null);
    expect(takeCheckpoint(state, true)).toBe(1000);
    expect(takeCheckpoint(state, true)).toBe(null);
  });

  test('HOLE-57 it is lowered by truncation and by recovery, to be durable before the deletion', () => {
    const { state } = openReplica('D[0,100) H[100,MAX)', ['B'], { checkpoint: 80 }).manager;
    expect(truncateHoles(state, 90)).toEqual({ refused: null, checkpoint: null });
    expect(truncateHoles(state, 70)).toEqual({ refused: null, checkpoint: 70 });
    const command = {
      volumeEpoch: term(2),
      history: [
        { term: term(1), startLsn: lsn(0), prevEnd: lsn(-1) },
        { term: term(2), startLsn: lsn(90), prevEnd: lsn(40) },
      ],
      maxNwl: 40,
      peers: [],
    };
    const records = [{ lsn: lsn(50), prevGroup: lsn(30), term: term(1) }];
    expect(recoverHoles(state, command, records)).toMatchObject({ removed: [50], checkpoint: 30 });
    expect(state.checkpoint).toBe(30);
  });
});
