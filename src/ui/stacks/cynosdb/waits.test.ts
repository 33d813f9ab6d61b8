// What is named of a wait, where the judge of waits once found a cause missing (run-model/waits/judge-waits.ts).

import { beforeAll, expect, test } from 'vitest';
import { groupId, type NodeId, nodeId } from '../../../base/ids.ts';
import type { RoleView } from '../../../core/kernel/view.ts';
import type { StoreGroupView } from '../../../core/log-store/store-view.ts';
import type { MoveView } from '../../../core/pcs/pcs-view.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import type { Wait, WaitKind } from '../../../run-model/waits/waits.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { waitsOf } from '../../../stacks/cynosdb/waits.ts';
import { shootTransfers, shootWorld } from '../../testing/world-frame.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const causes = (wait: Wait | undefined): readonly string[] =>
  (wait?.obstacles ?? []).map(({ kind, nodes }) => `${kind} ${[...nodes].sort().join(' ')}`).sort();
const find = (waits: readonly Wait[], kind: WaitKind): Wait | undefined =>
  waits.find((wait) => wait.kind === kind);

test('WAL-75 who is down and cut off from the metadata lacks its check once it is up: both are named (seed 123)', () => {
  const { frame } = shootTransfers(
    edge,
    120,
    '80.000 crash store-1',
    '80.000 crash store-2',
    '80.000 cut meta-1 | store-2',
  );
  const commit = find(frame.waits, 'commit');
  expect(commit?.isBlocked).toBe(true);
  expect(causes(commit)).toEqual(['cut meta-1 store-2', 'down store-1', 'down store-2']);
});

type RoleName = RoleView['role'];
type RoleOf<R extends RoleName> = Extract<RoleView, { readonly role: R }>;

/** The picture with another view of a role, at one node or wherever it is. */
function withRole<R extends RoleName>(
  frame: WorldFrame,
  role: R,
  change: (view: RoleOf<R>) => Partial<RoleOf<R>>,
  at: NodeId | null = null,
): WorldFrame {
  const isIt = (view: RoleView): view is RoleOf<R> => view.role === role;
  const nodes = frame.nodes.map((node) => {
    if (node.view === null || (at !== null && node.id !== at)) return node;
    const roles = node.view.roles.map((view) => (isIt(view) ? { ...view, ...change(view) } : view));
    return { ...node, view: { ...node.view, roles } };
  });
  return { ...frame, nodes };
}

const g1 = groupId('g1');
const [s1, s2, s3] = [nodeId('store-1'), nodeId('store-2'), nodeId('store-3')];

/** The picture in which the metadata changes the members of g1. */
const withMove = (frame: WorldFrame, move: MoveView, sets: readonly (readonly NodeId[])[]): WorldFrame =>
  withRole(frame, 'meta', ({ groups }) => ({
    groups: groups.map((one) =>
      one.group === g1 ? { ...one, members: { ...one.members, sets }, move } : one,
    ),
  }));

const withReplica = (
  frame: WorldFrame,
  at: NodeId,
  change: (view: StoreGroupView) => Partial<StoreGroupView>,
): WorldFrame =>
  withRole(
    frame,
    'store',
    ({ groups }) => ({
      groups: groups.map((one) => (one.group === g1 ? { ...one, ...change(one) } : one)),
    }),
    at,
  );

/** store-3 comes back as a new member: it is filled up to a target. */
const learning: MoveView = {
  from: s3,
  to: s3,
  phase: 'learner',
  isLost: false,
  sinceUs: 300_000,
  before: [[s1, s2]],
  acked: [s1, s2, s3],
  isComplete: true,
  target: null,
  scl: null,
};

test('WAL-62 a step of a change waits for the sets before it, too (seed 106)', () => {
  const { frame } = shootTransfers(edge, 120, '80.000 crash store-3');
  const before = [
    [s1, s2, s3],
    [s2, s3],
  ];
  const move: MoveView = { ...learning, phase: 'aborting', before, acked: [s1, s2], isComplete: false };
  const members = find(waitsOf(withMove(frame, move, [[s1, s2]])), 'members');
  expect(members).toMatchObject({ isBlocked: true, have: 1, need: 2 });
  expect(causes(members)).toEqual(['down store-3']);
});

test('WAL-15 what was reported under the members before a step is asked for anew (dense seed 146, aim log seed 2)', () => {
  const { frame } = shootTransfers(edge, 120, '80.000 cut rw-1 | store-2', '80.000 diskStall store-3');
  const counts = (counted: number | null) =>
    withRole(frame, 'compute', ({ groups = [] }) => ({
      groups: groups.map((group) => ({
        ...group,
        replicas: group.replicas.map((one) =>
          one.replica === s3 ? { ...one, scl: group.tail, counted: counted ?? group.tail } : one,
        ),
      })),
    }));
  expect(find(waitsOf(counts(null)), 'commit')).toMatchObject({ isBlocked: false });
  const commit = find(waitsOf(counts(-1)), 'commit');
  expect(commit?.isBlocked).toBe(true);
  expect(causes(commit)).toEqual(['cut rw-1 store-2', 'diskStall store-3']);
});

/** store-3 misses two records of g1 that the others have, and these links are cut. */
function holed(links: readonly string[], change: Partial<StoreGroupView> = {}): WorldFrame {
  const { frame } = shootTransfers(edge, 90, ...links.map((link) => `80.000 cut ${link}`));
  return withReplica(frame, s3, (view) => {
    const first = view.ncl - 20;
    const lack = { ncl: first - 1, holeCount: 1, lowestHoles: [[first, first + 2] as const] };
    return { ...lack, discoverLimit: view.nwl, requests: [], ...change };
  });
}

test('HOLE-47 in R6 a replica repairs itself: its hole does not wait for the opening (dense seed 139)', () => {
  const links = ['rw-1 | store-1', 'rw-1 | store-2'];
  const recovering = (mode: 'normal' | 'recovery'): Wait | undefined => {
    const opening = withRole(holed(links, { mode, open: false }), 'compute', ({ groups = [] }) => ({
      opening: {
        phase: 'fill',
        waitsFor: 'replicas',
        groups: groups.map(({ group }) => ({ group, sets: [[s1, s2, s3]], need: 2, answered: [] })),
      },
    }));
    return find(waitsOf(opening), 'hole');
  };
  expect(recovering('recovery')).toMatchObject({ isBlocked: false });
  expect(causes(recovering('normal'))).toEqual(['cut rw-1 store-1', 'cut rw-1 store-2']);
});

test('HOLE-32 a peer gives what lies above its own holes (dense seed 13)', () => {
  const frame = holed(['store-1 | store-3']);
  const above = withReplica(frame, s2, () => ({ ncl: 1, lowestHoles: [[2, 3]] }));
  expect(find(waitsOf(above), 'hole')).toMatchObject({ isBlocked: false });
  const lacking = withReplica(above, s2, ({ nwl }) => ({ lowestHoles: [[2, nwl]] }));
  expect(causes(find(waitsOf(lacking), 'hole'))).toEqual(['cut store-1 store-3']);
});

test('HOLE-39 a peer that has dropped the log gives nothing while another still has it (dense seed 27)', () => {
  const frame = withReplica(holed(['store-1 | store-3']), s2, ({ ncl }) => ({ logFloor: ncl }));
  expect(causes(find(waitsOf(frame), 'hole'))).toEqual(['cut store-1 store-3']);
  const gone = withReplica(frame, s1, ({ ncl }) => ({ logFloor: ncl }));
  expect(find(waitsOf(gone), 'hole')).toMatchObject({ isBlocked: false });
});

test('WAL-57 who is frozen or down lacks records once it is back: a cut from who has them is named (restore aim, seed 13)', () => {
  const { frame } = shootTransfers(
    edge,
    120,
    '80.000 cut rw-1 | store-3',
    '80.000 cut store-2 | store-1 store-3',
    '81.000 freeze store-2',
  );
  const behind = withRole(
    frame,
    'store',
    ({ groups }) => ({ groups: groups.map((one) => ({ ...one, ncl: one.ncl - 20, nwl: one.ncl - 20 })) }),
    s2,
  );
  expect(causes(find(waitsOf(behind), 'commit'))).toEqual([
    'cut rw-1 store-3',
    'cut store-1 store-2',
    'cut store-2 store-3',
    'frozen store-2',
  ]);
});

test('HOLE-30 an answer that is on its way comes, whatever the peer may not serve now (dense seed 20)', () => {
  const frame = holed(['rw-1 | store-1', 'rw-1 | store-2'], { pgcl: 100_000 });
  expect(causes(find(waitsOf(frame), 'hole'))).toEqual(['cut rw-1 store-1', 'cut rw-1 store-2']);
  const asked = withReplica(frame, s3, ({ ncl }) => ({
    requests: [
      {
        id: 'r1',
        reqId: ['store-3', 1, 1],
        peer: s1,
        gapFirst: ncl + 1,
        gapEnd: ncl + 3,
        curGapPos: ncl + 1,
        ageUs: 100,
        limitUs: 6000,
        attempt: 1,
      },
    ],
  }));
  expect(find(waitsOf(asked), 'hole')).toMatchObject({ isBlocked: false });
});

test('WAL-71 HOLE-19 a new member needs the writer for the rest of its log, not for a base image (dense seed 217)', () => {
  const { frame } = shootTransfers(edge, 120, '80.000 cut rw-1 | store-3');
  const moved = withMove(frame, learning, [[s1, s2]]);
  expect(causes(find(waitsOf(moved), 'members'))).toEqual(['cut rw-1 store-3']);
  const loading = withReplica(moved, s3, () => ({ needBase: true }));
  expect(find(waitsOf(loading), 'members')).toMatchObject({ isBlocked: false });
});

test('WAL-69 a step goes on while the metadata knows the volume open, though its writer is down (dense seed 7)', () => {
  const { frame } = shootTransfers(edge, 120, '80.000 crash rw-1');
  const filled: MoveView = { ...learning, phase: 'joint', target: 10, scl: 9 };
  const moved = withMove(frame, filled, [[s1, s2]]);
  expect(find(waitsOf(moved), 'members')).toMatchObject({ isBlocked: false });
  const recovering = withRole(moved, 'meta', () => ({ volumeState: 'RECOVERING' }));
  expect(causes(find(waitsOf(recovering), 'members'))).toEqual(['down rw-1']);
});

test('FENCE-20 whose volume a standby has open waits for no token: it is not said to be opening (dense seed 1 of -ha)', () => {
  const { frame } = shootWorld({
    edge,
    preset: 'cynosdb-ha',
    lines: ['203.000 crash rw-1', '260.000 restart rw-1'],
    atMs: 300,
    view: {},
  });
  const opening = frame.nodes.filter(({ view }) =>
    view?.roles.some((role) => role.role === 'compute' && role.opening !== null),
  );
  // Not vacuous: it is up, and would take the token if it were its turn.
  expect(opening.map(({ id }) => id)).toContain('rw-1');
  expect(waitsOf(frame).filter(({ kind }) => kind === 'opening')).toEqual([]);
});
