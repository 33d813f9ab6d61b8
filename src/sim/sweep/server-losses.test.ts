// What counts as the loss of a chunk server.

import { expect, test } from 'vitest';
import { type NodeId, nodeId, time } from '../../base/ids.ts';
import { findPreset } from '../../stacks/presets.ts';
import { tapes } from '../../stacks/tapes.ts';
import { parseTape } from '../tape-parse.ts';
import type { TracedEvent } from '../types.ts';
import { chunkServersOf, countServerLoss, makeServerExercise } from './server-losses.ts';

const head = [
  'postdb-tape 1',
  'engine 0.1.0',
  'preset polardb',
  'profile demo',
  'seed 1',
  'end 1000.000',
  '',
];
const tape = parseTape(
  tapes,
  [...head, '100.000 addNode cs-4 chunk a', '110.000 addNode ro-3 reader b'].join('\n'),
);

const down = (atMs: number, node: string, mode: string): TracedEvent => ({
  at: time(atMs * 1000),
  node: nodeId(node),
  ordinal: 0,
  causeNode: nodeId(node),
  causeOrdinal: 0,
  event: { kind: 'node.down', incarnation: 1, mode },
});

test.each<[string, readonly TracedEvent[], lost: number, wiped: number]>([
  ['power of a server', [down(200, 'cs-1', 'drawn')], 1, 0],
  ['its disk as well', [down(200, 'cs-1', 'wiped')], 1, 1],
  ['a server that was added', [down(200, 'cs-4', 'tornLast')], 1, 0],
  ['the writer and a reader', [down(200, 'rw-1', 'drawn'), down(200, 'ro-3', 'drawn')], 0, 0],
  ['a server that is drained', [down(200, 'cs-2', 'removed')], 0, 0],
  ['power of all at the end', [down(900, 'cs-1', 'drawn'), down(900, 'cs-2', 'drawn')], 0, 0],
  ['the same server twice', [down(200, 'cs-3', 'losing'), down(300, 'cs-3', 'rolledBack')], 2, 0],
])('FS-70 FS-79 %s', (_, events, serversLost, serversWiped) => {
  const cluster = findPreset('polardb')?.cluster;
  if (!tape.ok || cluster === undefined) throw new Error('a tape of polardb');
  const servers = chunkServersOf(cluster, tape.tape);
  expect([...servers]).toEqual(['cs-1', 'cs-2', 'cs-3', 'cs-4'] satisfies string[] as NodeId[]);
  const exercise = makeServerExercise();
  for (const event of events) countServerLoss(exercise, servers, time(800_000), event);
  expect(exercise).toEqual({ serversLost, serversWiped });
});
