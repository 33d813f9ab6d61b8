import { expect, test } from 'vitest';
import {
  batch,
  chainOf,
  crash,
  createdRig,
  createReplica,
  deliver,
  eventsOf,
  groupOf,
  heartbeat,
  lastSent,
  openRig,
  readPage,
  record,
  settle,
  syncOne,
} from './store-fixture.ts';

test('WAL-4 creation answers when genesis is durable and open under token 1', () => {
  const rig = openRig();
  deliver(rig, createReplica());
  expect(rig.sent).toEqual([]);
  settle(rig);
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ token: 1, scl: 0, refused: null });
  deliver(rig, createReplica());
  expect(lastSent(rig, 'OpenAck')).toMatchObject({ token: 1, scl: 0, refused: null });
  deliver(rig, batch(chainOf([1, 2, 3])));
  settle(rig);
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 3, nwl: 3, refused: null });
  deliver(rig, heartbeat({ vdl: 3 }));
  expect(lastSent(rig, 'WriteAck')).toMatchObject({ scl: 3 });
  deliver(rig, readPage(3, 3));
  expect(lastSent(rig, 'PageReply')).toMatchObject({ pageLsn: 3, refused: null });
  const again = crash(rig);
  expect(groupOf(again).scl).toBe(3);
  expect(eventsOf(again, 'wal.durable')).toMatchObject([{ lsns: [0, 1, 2, 3], source: 'reopen' }]);
});

test('WAL-28 no ack before the records are durable', () => {
  const rig = createdRig();
  deliver(rig, batch([record(1)]));
  expect(rig.sent).toEqual([]);
  syncOne(rig);
  expect(lastSent(rig, 'WriteAck').scl).toBe(1);
});
