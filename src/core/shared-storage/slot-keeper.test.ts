// What the writer tells its readers of its log (docs/spec/logindex.md LI-4).

import { expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { countingEngine } from '../engine/testing/counting-engine.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { openLogIndex } from '../logindex/log-index.ts';
import { firstMeta } from '../logindex/meta.ts';
import { register } from '../logindex/reader-slots.ts';
import { makeContext, takeSent } from '../quorum-log/writer-fixture.ts';
import { makeSharedAttachment } from './shared-attachment.ts';
import { shipMetadata } from './slot-keeper.ts';

const reader = nodeId('ro-1');
const compute = { zone: 'a', roles: ['compute' as const] };
const config = {
  nodeId: nodeId('rw-1'),
  roles: ['compute' as const],
  cluster: {
    preset: 'polardb',
    volume: 'v1',
    nodes: [
      { id: nodeId('rw-1'), ...compute },
      { id: reader, ...compute, isReader: true as const },
    ],
    groups: [],
    chunks: [{ id: groupId('c0'), replicas: [nodeId('cs-1')] }],
  },
  params: demoParams,
  prng: makePrng(1, 'rw-1'),
  mutants: [],
};

test('LI-4 a reader is told of no record that a power cut can still take back: what is durable, in order, once', () => {
  const attachment = makeSharedAttachment(
    countingEngine,
    config,
    { boot: 1, requests: 0, token: 0 as Term },
    { kind: 'wal', damage: null },
  );
  const { sharing, log } = attachment;
  if (sharing === null) throw new Error('a writer with readers');
  sharing.index = openLogIndex(
    { segments: 4, slots: 2, tablesPerFile: 64, memTables: 2, keptTables: 8 },
    firstMeta,
    [],
  );
  const at = { sessionEpoch: 1, durableLsn: 3 as Lsn, consistentLsn: 0 as Lsn, sentAt: 0 as Time };
  expect(register(sharing.slots, reader, at, 1_000 as Time)).toBe('registered');
  sharing.sessions.set(reader, { epoch: 1, sentLsn: 3 as Lsn });
  const append = (from: number, to: number): void => {
    for (let n = from; n <= to; n++)
      sharing.recent.push({
        lsn: n as Lsn,
        prevLsn: (n - 1) as Lsn,
        length: 40,
        mtrEnd: true,
        pages: [],
        ddl: null,
      });
    log.tail = to as Lsn;
  };
  const sentNow = () => {
    const ctx = makeContext();
    shipMetadata(attachment, ctx);
    return takeSent(ctx, 'WalMeta').map(({ to, message: { records, durableLsn } }) => {
      expect(to).toBe(reader);
      return { lsns: records.map(({ lsn }) => lsn), durableLsn };
    });
  };
  append(4, 9);
  log.durable = 3 as Lsn;
  expect(sentNow()).toEqual([{ lsns: [], durableLsn: 3 }]);
  log.durable = 7 as Lsn;
  expect(sentNow()).toEqual([{ lsns: [4, 5, 6, 7], durableLsn: 7 }]);
  expect(sharing.recent.map(({ lsn }) => lsn)).toEqual([8, 9]);
  expect(sentNow()).toEqual([{ lsns: [], durableLsn: 7 }]);
  append(10, 10);
  log.durable = 10 as Lsn;
  expect(sentNow()).toEqual([{ lsns: [8, 9, 10], durableLsn: 10 }]);
});
