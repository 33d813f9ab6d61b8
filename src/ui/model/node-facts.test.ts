// What the cards say of a node that the PCS holds to be gone.

import { expect, test } from 'vitest';
import type { MetaView } from '../../core/pcs/pcs-view.ts';
import type { NodeState } from '../../core/placement/placement-state.ts';
import type { NodeFrame, NodeStatus } from '../../run-model/picture/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { metaOf, pcsStateOf } from './node-facts.ts';

const { nodes } = makeHookFrame();
const pcs = nodes.find((node) => metaOf(node) !== null);
const store = nodes.find(({ id }) => id === 'store-1');
const meta = metaOf(pcs);
if (pcs === undefined || store === undefined || meta === null)
  throw new Error('the hook has a PCS and a store');

const memberOf = (
  member: MetaView['member'],
  term: number,
  state: NodeState,
  status: NodeStatus = 'up',
): NodeFrame => ({
  ...pcs,
  status,
  view: {
    ...(pcs.view ?? { roles: [] }),
    roles: [
      {
        ...meta,
        member,
        term,
        nodes: meta.nodes.map((one) => (one.node === 'store-1' ? { ...one, state } : one)),
      },
    ],
  } as NodeFrame['view'],
});
const stateBy = (members: readonly NodeFrame[], status: NodeStatus = 'up'): NodeState | null =>
  pcsStateOf(
    { 'store-1': { ...store, status }, ...Object.fromEntries(members.map((one, i) => [`pcs-${i}`, one])) },
    'store-1',
  );

test('PCS-81 PCS-82 a card shows the state that the leader of the newest term holds, once it or the node is not well', () => {
  expect(stateBy([memberOf('leader', 3, 'up')])).toBeNull();
  expect(stateBy([memberOf('leader', 3, 'up')], 'down')).toBe('up');
  expect(stateBy([memberOf('leader', 3, 'disconnected')])).toBe('disconnected');
  // A leader that was deposed and does not know, followers, and a leader that is down say nothing.
  expect(stateBy([memberOf('leader', 3, 'disconnected'), memberOf('leader', 4, 'down')])).toBe('down');
  expect(stateBy([memberOf('leader', 4, 'down'), memberOf('leader', 3, 'up')])).toBe('down');
  expect(stateBy([memberOf('follower', 5, 'tombstone')], 'down')).toBeNull();
  expect(stateBy([memberOf('leader', 5, 'tombstone', 'down')], 'down')).toBeNull();
});
