// The bracket against the reference picture, and against recovery tried on every choice of replicas.

import { expect, test } from 'vitest';
import { groupId } from '../../../../../base/ids.ts';
import { makePrng, nextBelow } from '../../../../../base/prng.ts';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import { type BracketGroup, recoveryBracket } from './bracket.ts';

const record = (lsn: number, group: string, cpl: boolean): RecordView => ({
  lsn,
  group: groupId(group),
  mtrFirst: lsn,
  cpl,
  commit: false,
  kind: 'x',
  blockKey: 0,
  prevVolume: lsn - 1,
  prevGroup: lsn - 1,
  prevBlock: lsn - 1,
  term: 1,
});

type Replica = BracketGroup['sets'][number][number];
const replicas = (scls: readonly number[], knownVdl: number): readonly Replica[] =>
  scls.map((scl) => ({ scl, knownVdl }));

test('WAL-52 the reference picture: g1 at 125, 122, 111 and g2 at 124, 121, 110 recover to [122, 125]', () => {
  const records = [
    record(119, 'g2', false),
    record(120, 'g2', true),
    record(121, 'g2', true),
    record(122, 'g1', true),
    record(123, 'g2', false),
    record(124, 'g2', true),
    record(125, 'g1', true),
    record(126, 'g2', true),
  ];
  const groups = [
    { group: 'g1', vr: 2, sets: [replicas([125, 122, 111], 118)] },
    { group: 'g2', vr: 2, sets: [replicas([124, 121, 110], 118)] },
  ];
  expect(recoveryBracket(groups, records)).toEqual({ least: 122, most: 125 });
});

test('an MTR of which only a part is known is not kept', () => {
  const records = [record(10, 'g1', true), record(11, 'g1', false), record(12, 'g2', true)];
  const groups = [
    { group: 'g1', vr: 1, sets: [replicas([11], 9)] },
    { group: 'g2', vr: 1, sets: [replicas([9], 9)] },
  ];
  expect(recoveryBracket(groups, records)).toEqual({ least: 10, most: 10 });
});

test('no bracket is claimed without a read quorum or without the records behind the floor', () => {
  const groups = [{ group: 'g1', vr: 2, sets: [replicas([5], 0)] }];
  expect(recoveryBracket(groups, [record(1, 'g1', true)])).toBeNull();
  const two = [{ group: 'g1', vr: 2, sets: [replicas([50, 60], 10)] }];
  expect(recoveryBracket(two, [record(40, 'g1', true)])).toBeNull();
  expect(recoveryBracket(two, [])).toBeNull();
});

/** VDL' of one choice of replicas, straight from the formula. */
function recover(records: readonly RecordView[], floor: number, limits: ReadonlyMap<string, number>): number {
  let reached = floor;
  let durable = floor;
  for (const { lsn, group, cpl } of records) {
    if (lsn <= floor) continue;
    if (lsn !== reached + 1 || lsn > (limits.get(group) ?? -1)) break;
    reached = lsn;
    if (cpl) durable = lsn;
  }
  return durable;
}

function tryAll(groups: readonly BracketGroup[], records: readonly RecordView[], floor: number): number[] {
  let choices: ReadonlyMap<string, number>[] = [new Map()];
  for (const { group, vr, sets } of groups) {
    const all = [...new Set(sets.flat())];
    const isEnough = (chosen: readonly Replica[]): boolean =>
      sets.every((set) => set.filter((replica) => chosen.includes(replica)).length >= vr);
    choices = choices.flatMap((limits) =>
      Array.from({ length: 1 << all.length }, (_, bits) => all.filter((_replica, k) => (bits >> k) & 1))
        .filter(isEnough)
        .map((chosen) => new Map(limits).set(group, Math.max(...chosen.map(({ scl }) => scl)))),
    );
  }
  return choices.map((limits) => recover(records, floor, limits));
}

test('WAL-52 WAL-63 seeded: the bracket is what trying every choice of replicas gives, and its ends differ often', () => {
  const prng = makePrng(7, 'bracket');
  let wide = 0;
  for (let round = 0; round < 300; round++) {
    const records = Array.from({ length: 24 }, (_, i) =>
      record(i + 1, `g${1 + nextBelow(prng, 3)}`, nextBelow(prng, 2) === 0),
    );
    const groups = [1, 2, 3].map((g) => {
      const scls = [0, 1, 2, 3].map(() => 4 + nextBelow(prng, 20));
      const [a, b, c, d] = replicas(scls, nextBelow(prng, 4));
      if (!(a && b && c && d)) throw new Error('four replicas');
      // Every other round the group's members are changing: D takes the place of C.
      const sets =
        round % 2 === 0
          ? [[a, b, c]]
          : [
              [a, b, c],
              [a, b, d],
            ];
      return { group: `g${g}`, vr: 2, sets };
    });
    const floor = Math.max(...groups.map(({ sets }) => sets[0]?.[0]?.knownVdl ?? 0));
    const all = tryAll(groups, records, floor);
    const bracket = recoveryBracket(groups, records);
    expect(bracket).toEqual({ least: Math.min(...all), most: Math.max(...all) });
    if (bracket !== null && bracket.most > bracket.least) wide += 1;
  }
  expect(wide).toBeGreaterThan(60);
});
