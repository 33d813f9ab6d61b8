// Whether the answers of a quorum can come, and what is named: causes of those that are missing and needed.

import { expect, test } from 'vitest';
import { nodeId } from '../../base/ids.ts';
import { judgeQuorum, needAll, type Obstacle, type WorldObstacle } from './waits.ts';

const nodes = ['a', 'b', 'c'].map(nodeId);
const obstacle = (kind: WorldObstacle, node: string, stops: boolean): Obstacle => ({
  kind,
  nodes: [nodeId(node)],
  of: '',
  stops,
  wayOut: null,
});

type Causes = Readonly<Record<string, readonly Obstacle[]>>;
const down = (node: string): Obstacle => obstacle('down', node, true);
const slow = (node: string): Obstacle => obstacle('slowDisk', node, false);

test.each<[string, readonly string[], Causes, boolean, readonly string[]]>([
  ['enough have answered', ['a', 'b'], { c: [down('c')] }, false, []],
  ['one more is needed and can answer', ['a'], { c: [down('c')] }, false, []],
  ['none that is missing can answer', ['a'], { b: [down('b')], c: [down('c')] }, true, ['down b', 'down c']],
  // Dense seed 206: whoever is stopped is not awaited, so what slows it slows nothing.
  [
    'who is not needed slows nothing',
    ['a'],
    { b: [slow('b')], c: [down('c'), slow('c')] },
    false,
    ['slowDisk b'],
  ],
])('%s', (_, answered, causes, isBlocked, named) => {
  const quorum = { sets: [nodes], need: 2, hasAnswered: (node: string) => answered.includes(node) };
  const standing = judgeQuorum(quorum, (node) => causes[node] ?? []);
  expect(standing.isBlocked).toBe(isBlocked);
  expect(standing.obstacles.map((one) => `${one.kind} ${one.nodes.join('')}`)).toEqual(named);
});

// The recorded tape `cynosdb`: what only slowed the new member stopped the writer, and the wait was said to be blocked by nothing.
test('what stops one part of a wait stops it, although it only slows another', () => {
  const slowed = { have: 0, need: 1, isBlocked: false, obstacles: [{ ...down('a'), stops: false }] };
  const stopped = { have: 1, need: 2, isBlocked: true, obstacles: [down('a')] };
  for (const parts of [
    [slowed, stopped],
    [stopped, slowed],
  ])
    expect(needAll(parts)).toMatchObject({ have: 1, need: 2, isBlocked: true, obstacles: [down('a')] });
});
