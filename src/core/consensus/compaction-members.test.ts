// Compaction beside a change of members that is under way (PCS-22, PCS-24, PCS-28): a member that takes a snapshot at any step of a change
// which then commits, is undone, or whose leader dies has the members that it would have had without the snapshot, in memory and on disk.

import { describe, expect, test } from 'vitest';
import type { Mutants } from '../kernel/mutants.ts';
import { memberId } from './configuration.ts';
import { currentConfig } from './raft-log.ts';
import type { Message } from './raft-types.ts';
import {
  addNode,
  crash,
  deliverWhere,
  makeCluster,
  put,
  raftOf,
  restart,
  settle,
  storedWith,
  type TestCluster,
} from './testing/test-cluster.ts';

type Step = readonly [what: string, run: (cluster: TestCluster) => void];

const wake = (id: number): Step => [
  `${id} runs out of patience`,
  (cluster) => {
    cluster.now += 3000;
    put(cluster, id, { kind: 'wake' });
  },
];
const settled: Step = ['all arrives', (cluster) => settle(cluster)];
const among = (...ids: readonly number[]): Step => [
  `all arrives among ${ids.join(' ')}, the rest is lost`,
  (cluster) => {
    const isAmong = ({ from, to }: Message): boolean => ids.includes(from) && ids.includes(to);
    settle(cluster, isAmong);
    cluster.flights = [];
  },
];
const once = (from: number, to: number): Step => [
  `one message ${from} to ${to}`,
  (cluster) => void deliverWhere(cluster, (message) => message.from === from && message.to === to),
];
const propose = (id: number, byte: number): Step => [
  `${id} proposes`,
  (cluster) => void put(cluster, id, { kind: 'propose', data: Uint8Array.of(byte) }),
];
const change = (id: number, voters: readonly number[], learners: readonly number[] = []): Step => [
  `${id} changes to ${voters.join(' ')}`,
  (cluster) =>
    void put(cluster, id, {
      kind: 'changeMembers',
      target: { voters: voters.map(memberId), learners: learners.map(memberId) },
    }),
];
const again = (id: number): Step => [
  `${id} starts again from its disk`,
  (cluster) => {
    crash(cluster, id);
    restart(cluster, id);
  },
];

const BEGIN: readonly Step[] = [wake(1), settled, propose(1, 1), settled];
/** By name: what happens from a leader with a committed entry on. */
const FATES: Readonly<Record<string, readonly Step[]>> = {
  'a change that commits': [
    change(1, [1, 2, 4]),
    once(1, 4),
    once(4, 1),
    once(1, 2),
    once(2, 1),
    settled,
    propose(1, 2),
    settled,
  ],
  'a change that nobody but its leader has, undone by the next leader': [
    change(1, [1, 2, 4]),
    among(2, 3, 4),
    propose(1, 3),
    wake(2),
    among(2, 3, 4),
    propose(2, 4),
    among(2, 3, 4),
    settled,
    wake(2),
    settled,
  ],
  'a change that one other has, undone at both': [
    change(1, [1, 2, 4]),
    once(1, 3),
    among(2, 4),
    wake(2),
    among(2, 4),
    wake(4),
    again(1),
    again(3),
    wake(2),
    settled,
    wake(2),
    settled,
  ],
  'a change whose leader dies while it is joint, and is ended by the next': [
    change(1, [2, 3, 4]),
    once(1, 2),
    once(1, 3),
    once(1, 4),
    again(1),
    wake(2),
    settled,
    propose(2, 5),
    settled,
  ],
  'learners only, undone': [
    change(1, [1, 2, 3]),
    among(2, 3),
    wake(3),
    among(2, 3),
    propose(3, 6),
    settled,
    wake(3),
    settled,
  ],
};

const MEMBERS = [1, 2, 3, 4];

interface Found {
  /** Of each member: its members in force, and how far it has committed; then the same after it has started again. */
  readonly members: readonly string[];
  /** The member could take a snapshot there. */
  readonly isCompacted: boolean;
}

/** Where a member takes a snapshot of all that it has applied, and whether it starts again from its disk right after. */
interface Place {
  readonly at: number;
  readonly member: number;
  readonly isRestarted: boolean;
}

function play(
  steps: readonly Step[],
  place: Place | null,
  isSnapshotTaken: boolean,
  mutants: Mutants,
): Found {
  const cluster = makeCluster(7, { retainedEntries: 1 }, mutants);
  for (const id of MEMBERS) addNode(cluster, storedWith(memberId(id), [1, 2, 3], 0, [], [4]));
  let isCompacted = false;
  steps.forEach(([, run], i) => {
    run(cluster);
    if (place === null || i !== place.at) return;
    const { member, isRestarted } = place;
    const { applied } = raftOf(cluster, member);
    const bytes = Uint8Array.of(applied);
    if (isSnapshotTaken)
      isCompacted = put(cluster, member, { kind: 'compact', index: applied, bytes })?.refused === null;
    if (isRestarted) again(member)[1](cluster);
  });
  const shown = (): string[] =>
    MEMBERS.map((id) => {
      const { voters, outgoing, learners } = currentConfig(raftOf(cluster, id).log);
      return `${id}: ${voters.join(' ')} from ${outgoing.join(' ')} with ${learners.join(' ')}`;
    });
  const before = shown();
  for (const id of MEMBERS) again(id)[1](cluster);
  return { members: [...before, ...shown()], isCompacted };
}

/** Where a snapshot changes who is a member, in words; and how many were taken. */
function findDifference(
  steps: readonly Step[],
  mutants: Mutants = [],
): { readonly found: string[]; readonly taken: number } {
  const all = [...BEGIN, ...steps];
  const found: string[] = [];
  let taken = 0;
  const places = all.flatMap((_, at) =>
    MEMBERS.flatMap((member) => [false, true].map((isRestarted): Place => ({ at, member, isRestarted }))),
  );
  for (const place of places) {
    const compacted = play(all, place, true, mutants);
    if (!compacted.isCompacted) continue;
    taken++;
    const plain = play(all, place, false, mutants);
    if (compacted.members.join() !== plain.members.join())
      found.push(
        `${place.member} after ${all[place.at]?.[0]}: ${compacted.members.join(', ')}, not ${plain.members.join(', ')}`,
      );
  }
  return { found, taken };
}

describe('PCS-28 a snapshot at any step leaves the members as they are without it', () => {
  test.each(Object.entries(FATES))('%s', (_, steps) => {
    const { found, taken } = findDifference(steps);
    expect(found).toEqual([]);
    expect(taken).toBeGreaterThan(10);
  });

  test.each(['raft.snapshot-of-newest-members', 'raft.cut-keeps-newest-members'] as const)(
    'C14 planted bug %s is found',
    (mutant) => {
      expect(Object.values(FATES).flatMap((steps) => findDifference(steps, [mutant]).found)).not.toEqual([]);
    },
  );

  test('a change is undone in one of these, and a restart from the disk has been tried with an open one', () => {
    const members = Object.values(FATES).map((steps) =>
      play([...BEGIN, ...steps], null, false, []).members.join(),
    );
    expect(members.some((one) => one.includes('1: 1 2 4 from  with'))).toBe(true);
    expect(members.some((one) => one.includes('1: 1 2 3 from  with 4'))).toBe(true);
  });
});
