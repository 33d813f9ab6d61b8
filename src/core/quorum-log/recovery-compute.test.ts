// Steps R3 and R4: worked vectors 6 to 9, 16 and 20 of docs/spec/wal.md §12, and those of failover.md §10 that they decide.

import { describe, expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import type { HistoryEntry } from '../kernel/fields.ts';
import {
  computeRecovery,
  effectiveScl,
  type GroupReports,
  holdsNoData,
  type Recovered,
  type RecoveryReport,
} from './recovery-compute.ts';
import { descriptorOf, lsnOf, termOf } from './writer-fixture.ts';

const entry = (term: number, startLsn: number, prevEnd: number): HistoryEntry => ({
  term: termOf(term),
  startLsn: lsnOf(startLsn),
  prevEnd: lsnOf(prevEnd),
});
const first = entry(1, 0, -1);

interface Reported {
  readonly scl: number;
  readonly knownVdl: number;
  readonly groupTail?: number;
  readonly logFloor?: number;
  readonly pgmrpl?: number;
  readonly history: readonly HistoryEntry[];
  /** `[lsn, prevVolume, cpl]` */
  readonly records: readonly (readonly [number, number, boolean])[];
}

const report = (name: string, reported: Reported): RecoveryReport => ({
  replica: nodeId(name),
  scl: lsnOf(reported.scl),
  ncl: lsnOf(reported.scl),
  nwl: lsnOf(reported.scl),
  knownVdl: lsnOf(reported.knownVdl),
  groupTail: lsnOf(reported.groupTail ?? -1),
  logFloor: lsnOf(reported.logFloor ?? -1),
  pgmrpl: lsnOf(reported.pgmrpl ?? 0),
  history: reported.history,
  records: reported.records.map(([lsn, prevVolume, cpl]) => ({
    lsn: lsnOf(lsn),
    prevVolume: lsnOf(prevVolume),
    cpl,
  })),
});

const group = (name: string, index: number, members: string[], reports: RecoveryReport[]): GroupReports => ({
  descriptor: descriptorOf(name, index, members),
  reports,
});

function recover(groups: GroupReports[], lal: number, token: number): Recovered {
  const outcome = computeRecovery(groups, lal, termOf(token), []);
  if (outcome.kind !== 'ok') throw new Error(outcome.kind);
  return outcome.recovered;
}

const chain = (lsns: number[], cpls: number[]): (readonly [number, number, boolean])[] =>
  lsns.map((lsn) => [lsn, lsn - 1, cpls.includes(lsn)] as const);

test('WAL-52…54 vector 6: two groups, VCL′ stops at the first unknown record, VDL′ at the last CPL', () => {
  const history = [first];
  const p = group(
    'p',
    0,
    ['A1', 'B1', 'C1'],
    [
      report('A1', { scl: 103, knownVdl: 100, history, records: chain([101, 103], [103]) }),
      report('B1', { scl: 101, knownVdl: 100, history, records: chain([101], []) }),
    ],
  );
  const q = group(
    'q',
    1,
    ['A2', 'B2', 'C2'],
    [
      report('A2', { scl: 106, knownVdl: 98, history, records: chain([102, 104, 106], [106]) }),
      report('C2', { scl: 104, knownVdl: 98, history, records: chain([102, 104], []) }),
    ],
  );
  const result = recover([p, q], 10, 2);
  expect(result.groups.map((one) => one.pgclPrime)).toEqual([103, 106]);
  expect(result.vclPrime).toBe(104);
  expect(result.vdlPrime).toBe(103);
  expect(result.startLsn).toBe(114);
  expect(result.history).toEqual([first, entry(2, 114, 103)]);
  expect(result.groups.map((one) => one.maxNwl)).toEqual([103, 102]);
});

const staleA = report('A', {
  scl: 104,
  knownVdl: 100,
  history: [first],
  records: chain([101, 102, 103, 104], [101, 102, 104]),
});

test('WAL-51, WAL-53, WAL-54 vector 7: what a later recovery annulled is not counted, a term that left nothing is dropped', () => {
  const history = [first, entry(2, 112, 101)];
  const freshB = report('B', { scl: 101, knownVdl: 101, history, records: [[101, 100, true]] });
  const result = recover([group('g', 0, ['A', 'B', 'C'], [staleA, freshB])], 10, 3);
  expect(effectiveScl(staleA, history)).toBe(101);
  expect(result.vdlPrime).toBe(101);
  expect(result.startLsn).toBe(122);
  expect(result.history).toEqual([first, entry(3, 122, 101)]);
});

test('WAL-52…54 vector 8: the walk crosses an annulled range', () => {
  const freshB = report('B', {
    scl: 113,
    knownVdl: 101,
    history: [first, entry(2, 112, 101)],
    records: [
      [101, 100, true],
      [112, 101, true],
      [113, 112, false],
    ],
  });
  const result = recover([group('g', 0, ['A', 'B', 'C'], [staleA, freshB])], 10, 3);
  expect(result.groups[0]?.pgclPrime).toBe(113);
  expect(result.vclPrime).toBe(113);
  expect(result.vdlPrime).toBe(112);
  expect(result.startLsn).toBe(123);
  expect(result.history).toEqual([first, entry(2, 112, 101), entry(3, 123, 112)]);
});

test('WAL-63 vector 9: one of three is no read quorum', () => {
  const outcome = computeRecovery([group('g', 0, ['A', 'B', 'C'], [staleA])], 10, termOf(3), []);
  expect(outcome).toEqual({ kind: 'E_NO_READ_QUORUM', groups: ['g'] });
});

test('WAL-51 vector 16: a superseded range does not annul what a later token kept', () => {
  const a = report('A', {
    scl: 100,
    knownVdl: 100,
    history: [first, entry(2, 1101, 100)],
    records: [[100, 99, true]],
  });
  const c = report('C', {
    scl: 104,
    knownVdl: 100,
    history: [first, entry(3, 205, 104)],
    records: chain([101, 102, 103, 104], [101, 102, 103, 104]),
  });
  const result = recover([group('g', 0, ['A', 'B', 'C'], [a, c])], 100, 4);
  expect(result.vdlPrime).toBe(104);
  expect(result.startLsn).toBe(305);
  expect(result.history).toEqual([first, entry(4, 305, 104)]);
});

test('WAL-52 vector 20: an idle group whose log is gone still ends at its groupTail', () => {
  const history = [first];
  const idle = { scl: 60, groupTail: 60, logFloor: 60, knownVdl: 102, history, records: [] };
  const busy = { scl: 102, knownVdl: 102, groupTail: 102, history, records: [[102, 101, true]] as const };
  const result = recover(
    [
      group('p', 0, ['A', 'B', 'C'], [report('A', idle), report('B', idle)]),
      group('q', 1, ['D', 'E', 'F'], [report('D', busy), report('E', busy)]),
    ],
    10,
    2,
  );
  expect(result.vdlPrime).toBe(102);
  expect(result.groups.map((one) => one.maxNwl)).toEqual([60, 102]);
});

test('WAL-58, FENCE-29 the same replies give the same VDL′ under a later token', () => {
  const history = [first];
  const reports = [
    report('A', { scl: 103, knownVdl: 100, history, records: chain([101, 102, 103], [102]) }),
    report('B', { scl: 102, knownVdl: 100, history, records: chain([101, 102], [102]) }),
  ];
  const again = [2, 3, 7].map((token) => recover([group('g', 0, ['A', 'B', 'C'], reports)], 10, token));
  expect(again.map((one) => one.vdlPrime)).toEqual([102, 102, 102]);
  expect(again.map((one) => one.history.at(-1)?.term)).toEqual([2, 3, 7]);
});

test('WAL-25 a new writer starts from the highest pgmrpl of the replies', () => {
  const history = [first];
  const reported = { scl: 5, knownVdl: 5, history, records: [] };
  const reports = [report('A', { ...reported, pgmrpl: 3 }), report('B', { ...reported, pgmrpl: 5 })];
  expect(recover([group('g', 0, ['A', 'B', 'C'], reports)], 10, 2).pgmrpl).toBe(5);
});

test.each([
  { history: [first], noData: true },
  { history: [first, entry(2, 101, 0)], noData: true },
  { history: [first, entry(2, 101, 0), entry(3, 202, 101)], noData: true },
  { history: [first, entry(2, 101, 4)], noData: false },
  { history: [first, entry(2, 101, 0), entry(3, 202, 102)], noData: false },
])('R4 a volume of genesis and term starts only holds no data: $noData', ({ history, noData }) => {
  expect(holdsNoData(history)).toBe(noData);
});

describe('worked vectors of failover.md §10: N/Vw/Vr = 3/2/2, LAL 100', () => {
  const LAL = 100;
  const from = (low: number, high: number): number[] =>
    Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const old = [entry(100, 1, 0)];
  const g = (reports: RecoveryReport[]): GroupReports[] => [group('g', 0, ['A', 'B', 'C'], reports)];
  const having = (name: string, scl: number, cpls: number[], history = old): RecoveryReport =>
    report(name, { scl, knownVdl: 900, history, records: chain(from(901, scl), cpls) });
  /** With an entry of term 101 that annulled what lies above 1000. */
  const after101 = [...old, entry(101, 1101, 1000)];

  test('F3 FENCE-31 the numbers of Aurora: VDL′ is the last CPL below VCL′, and the next LSN lies above all that was allocated', () => {
    const result = recover(g([having('A', 1007, [1000]), having('B', 1003, [1000])]), LAL, 101);
    expect(result.groups[0]?.pgclPrime).toBe(1007);
    expect([result.vclPrime, result.vdlPrime, result.startLsn]).toEqual([1007, 1000, 1101]);
    expect(result.history).toEqual(after101);
  });

  test('F4 FENCE-26 what one of the answering replicas acknowledged stays, and the other is filled up to it', () => {
    const result = recover(g([having('B', 1000, [980, 1000]), having('C', 980, [980])]), LAL, 101);
    expect(result.vdlPrime).toBe(1000);
    expect(result.groups[0]?.maxNwl).toBe(1000);
  });

  test('F5 FENCE-27 what nobody was acknowledged survives if the replica that has it answers, and is annulled if it does not', () => {
    const [a, b, c] = [having('A', 1000, [1000]), having('B', 1000, [1000]), having('C', 1004, [1000, 1004])];
    expect(recover(g([b, c]), LAL, 101)).toMatchObject({ vdlPrime: 1004, startLsn: 1105 });
    expect(recover(g([a, b]), LAL, 101)).toMatchObject({ vdlPrime: 1000, startLsn: 1101 });
  });

  test('F19 FENCE-30 an entry that is seen binds, one that is not is undone', () => {
    const b = having('B', 1000, [1000]);
    const c = having('C', 1004, [1000, 1004]);
    const unseen = recover(g([b, c]), LAL, 102);
    expect([unseen.vdlPrime, unseen.history]).toEqual([1004, [...old, entry(102, 1105, 1004)]]);
    const a = having('A', 1000, [1000], after101);
    const seen = recover(g([a, c]), LAL, 102);
    expect(effectiveScl(c, after101)).toBe(1000);
    expect([seen.vdlPrime, seen.startLsn]).toEqual([1000, 1201]);
    expect(seen.history).toEqual([...old, entry(102, 1201, 1000)]);
  });

  test('F20 FENCE-29 FENCE-31 a term that opened and whose first record reached nobody who answers: its LSNs are not given again', () => {
    const result = recover(g([having('B', 1000, [1000], after101), having('C', 1000, [1000])]), LAL, 102);
    expect([result.vdlPrime, result.startLsn]).toEqual([1000, 1201]);
  });

  test('F7 FENCE-26 a commit that two replicas have is below VDL′, whichever two answer', () => {
    const [a, b, c] = [having('A', 1001, [1001]), having('B', 1001, [1001]), having('C', 1000, [1000])];
    for (const pair of [
      [a, b],
      [a, c],
      [b, c],
    ])
      expect(recover(g(pair), LAL, 102).vdlPrime).toBeGreaterThanOrEqual(1001);
  });
});
