// Bars of what the cluster works on: how much of the gaps asked for is there, and how far a new member has come.

import { expect, test } from 'vitest';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { groupMoves, holeFills } from './cluster-work.ts';

const frame = makeHookFrame();

test('a hole that is asked for shows how much of it is there; a node that is down fills nothing', () => {
  const [fill, ...others] = holeFills(frame);
  expect(others).toEqual([]);
  expect(fill).toMatchObject({ node: 'store-3' });
  expect(fill?.of).toBeGreaterThan(0);
  expect(fill?.done).toBeLessThan(fill?.of ?? 0);
  const down: WorldFrame = { ...frame, nodes: frame.nodes.map((node) => ({ ...node, status: 'down' })) };
  expect(holeFills(down)).toEqual([]);
});

test('a membership change shows the SCL that the new member must reach', () => {
  expect(groupMoves(frame)).toEqual([]);
  const move = {
    from: 'store-3',
    to: 'store-4',
    phase: 'joint',
    isLost: false,
    sinceUs: 1,
    acked: [],
    isComplete: true,
    before: [],
    target: 120,
    scl: 90,
  };
  const moving = frame.nodes.map((node) =>
    node.view === null
      ? node
      : {
          ...node,
          view: {
            ...node.view,
            roles: node.view.roles.map((role) =>
              role.role === 'meta' ? { ...role, groups: [{ group: 'g1', members: null, move }] } : role,
            ),
          },
        },
  );
  expect(groupMoves({ ...frame, nodes: moving as unknown as WorldFrame['nodes'] })).toEqual([
    { group: 'g1', from: 'store-3', to: 'store-4', done: 90, of: 120 },
  ]);
});
