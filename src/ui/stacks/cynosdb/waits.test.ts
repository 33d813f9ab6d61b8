// What is named of a wait, where the judge of waits once found a cause missing (sim/sweep/judge-waits.ts).

import { beforeAll, expect, test } from 'vitest';
import { type NodeId, nodeId } from '../../../base/ids.ts';
import type { MoveView } from '../../../core/pcs/pcs-view.ts';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import type { WorldFrame } from '../../../sim/frame.ts';
import type { Wait, WaitKind } from '../../../sim/waits.ts';
import { waitsOf } from '../../../stacks/cynosdb/waits.ts';
import { shootTransfers } from '../../testing/world-frame.ts';

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

/** The picture with these changes to what its metadata says of g1. */
function withMove(frame: WorldFrame, move: MoveView, sets: readonly (readonly NodeId[])[]): WorldFrame {
  const nodes = frame.nodes.map((node) => {
    if (node.view === null) return node;
    const roles = node.view.roles.map((role) =>
      role.role === 'meta'
        ? {
            ...role,
            groups: role.groups.map((one) =>
              one.group === 'g1' ? { ...one, members: { ...one.members, sets }, move } : one,
            ),
          }
        : role,
    );
    return { ...node, view: { ...node.view, roles } };
  });
  return { ...frame, nodes };
}

test('WAL-62 a step of a change waits for the sets before it, too (seed 106)', () => {
  const { frame } = shootTransfers(edge, 120, '80.000 crash store-3');
  const s1 = nodeId('store-1');
  const s2 = nodeId('store-2');
  const s3 = nodeId('store-3');
  const move: MoveView = {
    from: s3,
    to: s3,
    phase: 'aborting',
    isLost: false,
    sinceUs: 300_000,
    before: [
      [s1, s2, s3],
      [s2, s3],
    ],
    acked: [s1, s2],
    isComplete: false,
    target: null,
    scl: null,
  };
  const members = find(waitsOf(withMove(frame, move, [[s1, s2]])), 'members');
  expect(members).toMatchObject({ isBlocked: true, have: 1, need: 2 });
  expect(causes(members)).toEqual(['down store-3']);
});
