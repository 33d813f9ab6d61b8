// Membership steps as the table of pcs.md §3 has them, with the rows of worked vectors V11 and V12 that need no leader
// (PCS-50), and vector 19 of wal.md.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type NodeId, nodeId } from '../../base/ids.ts';
import type { Descriptor } from '../kernel/fields.ts';
import { hasQuorumInEverySet, hasQuorumInOneSet } from '../quorum/quorum.ts';
import {
  abortJoint,
  addLearner,
  enterJoint,
  leaveJoint,
  type MemberStep,
  nodesOf,
  removeLearner,
  setsText,
  switchSets,
} from './membership.ts';

const n = (id: number): NodeId => nodeId(String(id));

const group = (voters: readonly number[], vw = 2, vr = 2): Descriptor => ({
  group: groupId('g1'),
  sets: [voters.map(n)],
  learners: [],
  memberEpoch: 1,
  geoEpoch: 1,
  keyFirst: 0,
  keyEnd: 1000,
  baseLsn: 0 as Lsn,
  vw,
  vr,
});

const show = ({ sets, learners, memberEpoch }: Descriptor): string =>
  `e${memberEpoch} ${setsText(sets)}${learners.length > 0 ? ` +${learners.join(',')}` : ''}`;

type Op = (d: Descriptor) => MemberStep;

/** Applies the ops in turn; a refused one changes nothing. */
function run(start: Descriptor, ops: readonly Op[]): string[] {
  let descriptor = start;
  return ops.map((op) => {
    const step = op(descriptor);
    if (step.error !== null) return step.error;
    descriptor = step.next;
    return show(descriptor);
  });
}

const add =
  (id: number): Op =>
  (d) =>
    addLearner(d, n(id));
const joint =
  (to: number | null, from: number | null): Op =>
  (d) =>
    enterJoint(d, to === null ? null : n(to), from === null ? null : n(from));

describe('WAL-62, WAL-69: each step raises memberEpoch by one; what has no place is refused and changes nothing', () => {
  const rows: readonly (readonly [name: string, Op[], string[]])[] = [
    [
      'PCS-50 V11 a replica moves from 1 to 4, of a group that has no leader of its own',
      [add(4), joint(4, 1), leaveJoint],
      ['e2 1,2,3 +4', 'e3 1,2,3|4,2,3', 'e4 4,2,3'],
    ],
    [
      'rolled back from DUAL',
      [add(4), joint(4, 1), abortJoint],
      ['e2 1,2,3 +4', 'e3 1,2,3|4,2,3', 'e4 1,2,3'],
    ],
    ['rolled back as a learner', [add(4), removeLearner], ['e2 1,2,3 +4', 'e3 1,2,3']],
    [
      'WAL-71 a lost replica is removed, then added again',
      [joint(null, 2), leaveJoint, add(2), joint(2, null), leaveJoint],
      ['e2 1,2,3|1,3', 'e3 1,3', 'e4 1,3 +2', 'e5 1,3|1,3,2', 'e6 1,3,2'],
    ],
    [
      'WAL-67 one change at a time',
      [add(4), add(5), joint(4, 1), add(5), joint(null, 2), removeLearner],
      [
        'e2 1,2,3 +4',
        'CHANGE_IN_PROGRESS',
        'e3 1,2,3|4,2,3',
        'CHANGE_IN_PROGRESS',
        'CHANGE_IN_PROGRESS',
        'CHANGE_IN_PROGRESS',
      ],
    ],
    [
      'wrong steps',
      [add(1), joint(4, 1), joint(null, 9), leaveJoint, abortJoint, removeLearner],
      ['ALREADY_VOTER', 'NOT_LEARNER', 'NOT_VOTER', 'NOT_JOINT', 'NOT_JOINT', 'NOT_LEARNER'],
    ],
  ];
  test.each(rows)('%s', (_name, ops, expected) => {
    expect(run(group([1, 2, 3]), ops)).toEqual(expected);
  });

  test('INSUFFICIENT_NODES: never fewer members than a write needs', () => {
    expect(run(group([1, 3]), [joint(null, 1)])).toEqual(['INSUFFICIENT_NODES']);
    expect(
      run(group([1, 2, 3, 4, 5, 6], 4, 3), [
        joint(null, 1),
        leaveJoint,
        joint(null, 2),
        leaveJoint,
        joint(null, 3),
      ]),
    ).toEqual([
      'e2 1,2,3,4,5,6|2,3,4,5,6',
      'e3 2,3,4,5,6',
      'e4 2,3,4,5,6|3,4,5,6',
      'e5 3,4,5,6',
      'INSUFFICIENT_NODES',
    ]);
  });

  test('M16 the planted bug skips DUAL', () => {
    expect(run({ ...group([1, 2, 3]), learners: [n(4)] }, [(d) => switchSets(d, n(4), n(1))])).toEqual([
      'e2 4,2,3',
    ]);
  });

  test('WAL-70 a learner receives everything and stands in no set', () => {
    const [shown] = run(group([1, 2, 3]), [add(4)]);
    expect(shown).toBe('e2 1,2,3 +4');
    const step = addLearner(group([1, 2, 3]), n(4));
    expect(step.error === null && nodesOf(step.next)).toEqual([1, 2, 3, 4].map(n));
  });
});

describe('WAL-63 quorums in DUAL', () => {
  const sets = [[2, 3, 4].map(n), [1, 2, 3].map(n)];
  const rows: readonly (readonly [acks: number[], writable: boolean, readable: boolean])[] = [
    [[1, 2], false, true],
    [[2, 3], true, true],
    [[2, 4], false, true],
    [[1, 2, 4], true, true],
    [[1, 4], false, false],
    [[2, 3, 4], true, true],
  ];
  test.each(rows)('V12 %j: writable %s, readable %s', (acks, writable, readable) => {
    const isIn = (node: NodeId): boolean => acks.map(n).includes(node);
    expect(hasQuorumInEverySet(sets, 2, isIn)).toBe(writable);
    expect(hasQuorumInOneSet(sets, 2, isIn)).toBe(readable);
  });

  test('WAL-71 with one copy of each record lost, a read quorum of the rest still meets every record', () => {
    // n, vw, vr: a record at vw members of which one is lost, against every vr members of those that are left
    for (const [count, vw, vr] of [
      [3, 2, 2],
      [6, 4, 3],
      [5, 3, 3],
    ] as const)
      expect(vr + (vw - 1), `${count}/${vw}/${vr}`).toBeGreaterThan(count - 1);
  });
});
