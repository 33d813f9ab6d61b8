// What waits for the metadata's own members, and the action that ends it (PCS-14, PCS-104 to PCS-106), from pictures of runs.

import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../../../edge/sql-edge.ts';
import type { Wait, WaitKind } from '../../../run-model/waits/waits.ts';
import type { Edge } from '../../../sim/fabric-state.ts';
import { waitsOf } from '../../../stacks/cynosdb/waits.ts';
import { shootWorld } from '../../testing/world-frame.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const waits = (atMs: number, ...lines: readonly string[]): readonly Wait[] =>
  waitsOf(shootWorld({ edge, preset: 'cynosdb-pcs', lines, atMs, view: {} }).frame);
const find = (all: readonly Wait[], kind: WaitKind): Wait | undefined =>
  all.find((wait) => wait.kind === kind);
const causes = (wait: Wait | undefined): readonly string[] =>
  (wait?.obstacles ?? []).map(({ kind, nodes }) => `${kind} ${[...nodes].sort().join(' ')}`).sort();

test('PCS-104, PCS-105 a member whose disk was lost waits for a new identity; adding it anew is the way out', () => {
  const lost = ['80.000 wipeDisk pcs-2 for 4.000 ms'];
  const wait = find(waits(140, ...lost), 'identity');
  expect(wait).toMatchObject({ node: 'pcs-2', step: 'empty', isBlocked: true });
  expect(wait?.obstacles).toEqual([
    { kind: 'diskNotOwn', nodes: ['pcs-2'], of: '', stops: true, wayOut: { kind: 'addPcs', node: 'pcs-2' } },
  ]);
  const after = waits(220, ...lost, '140.000 addPcs pcs-2');
  expect(after.filter(({ kind }) => kind === 'identity' || kind === 'pcsChange')).toEqual([]);
});

test('PCS-106 a change of members names the node that does not come', () => {
  const lines = ['80.000 cut pcs-4 > pcs-1 pcs-2 pcs-3', '90.000 addPcs pcs-4'];
  const wait = find(waits(130, ...lines), 'pcsChange');
  // the leader has heard of this life of it before
  expect(wait).toMatchObject({ step: 'learner', isBlocked: true });
  expect(causes(wait)).toEqual([`cut ${['pcs-4', wait?.node].sort().join(' ')}`]);
  expect(find(waits(200, ...lines, '130.000 healAll'), 'pcsChange')).toBeUndefined();
});

test('PCS-14, PCS-31 with one direction of each link cut nobody leads: a restarted writer’s opening names the links', () => {
  const all = waits(
    200,
    '80.000 cut pcs-1 > pcs-2 pcs-3',
    '80.000 cut pcs-2 > pcs-3',
    '80.000 cut pcs-3 > pcs-2',
    '140.000 crash rw-1 for 2.000 ms',
  );
  const opening = find(all, 'opening');
  expect(opening?.isBlocked).toBe(true);
  expect(causes(opening)).toEqual([
    'cut pcs-1 pcs-2',
    'cut pcs-1 pcs-3',
    'cut pcs-2 pcs-3',
    'noLeader pcs-1 pcs-2 pcs-3',
  ]);
});
