// FENCE-59: requests of a node are numbered over all of its lives, and an answer to one of an earlier life is dropped.

import { expect, test } from 'vitest';
import { nodeId, type RequestNumber, requestNumber } from '../../base/ids.ts';
import { chunkMessages } from '../chunk/messages.ts';
import { messageTable } from '../cluster/messages.ts';
import { isOpen, makeCluster } from '../engine/testing/counting-cluster.ts';
import { firstRequest, isOfOneLife } from './context.ts';
import { answeredBy } from './message-table.ts';
import type { Message } from './messages.ts';
import { crashMini, deliver, miniTraces, runUntil, startMini, stateOf } from './testing/mini-cluster.ts';

const tables = { ...messageTable, ...chunkMessages };
const answers = Object.entries(tables)
  .filter(([, spec]) => 'isAnswer' in spec)
  .map(([kind]) => kind);

test('FENCE-59 each life of a node has numbers of its own', () => {
  expect(isOfOneLife(firstRequest(3), (firstRequest(4) - 2) as RequestNumber)).toBe(true);
  expect(isOfOneLife(firstRequest(3), firstRequest(4))).toBe(false);
  expect(firstRequest(1)).toBe(1);
  expect(Number.isSafeInteger(firstRequest(2 ** 21))).toBe(true);
});

test('FENCE-59 answers repeat the number of what they answer', () => {
  expect(answers.sort()).toEqual([
    'BaseChunk',
    'ChunkData',
    'ManifestIs',
    'ManifestSet',
    'ObjectPart',
    'ObjectPut',
    'ObjectsMissing',
    'PageReply',
    'Views',
  ]);
  expect(answeredBy(tables, { kind: 'PageReply', reqId: 7 })).toBe(7);
  expect(answeredBy(tables, { kind: 'ReadPage', reqId: 7 })).toBeNull();
});

test.each(answers.filter((kind) => kind in messageTable))(
  'FENCE-59 %s to an earlier life is dropped before any role sees it',
  (kind) => {
    const cluster = makeCluster();
    runUntil(cluster, 20_000, () => isOpen(cluster));
    crashMini(cluster, 'rw-1');
    startMini(cluster, 'rw-1');
    runUntil(cluster, 40_000, () => isOpen(cluster));
    const { ids } = stateOf(cluster, 'rw-1');
    expect(isOfOneLife(ids.requests, firstRequest(2))).toBe(true);
    // nothing but its kind and its number is read of it
    const late = { kind, reqId: requestNumber(3) } as unknown as Message;
    deliver(cluster, 'store-1', 'rw-1', late);
    expect(miniTraces(cluster, 'answer.late')).toEqual([
      { kind: 'answer.late', answer: kind, from: nodeId('store-1') },
    ]);
  },
);
