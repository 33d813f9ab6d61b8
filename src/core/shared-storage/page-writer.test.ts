// The bgwriter beside reads, and the pool of a reader that is promoted.

import { expect, test } from 'vitest';
import { groupId, type Lsn, nodeId, type Term } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { countingEngine } from '../engine/testing/counting-engine.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { noteChange } from '../logindex/flush-control.ts';
import type { BuiltFrame, PageCache } from '../logindex/replay.ts';
import { type PageKey, pageKey, VOLUME_KEY } from '../page/page-key.ts';
import { applyRecord } from '../page/redo.ts';
import { OP_NOOP } from '../page/redo-ops.ts';
import { geometries } from '../pfs/geometry.ts';
import { callOn, makeMemoryDevice, mkfs, mountDevice } from '../pfs/testing/memory-device.ts';
import { makeContext } from '../quorum-log/writer-fixture.ts';
import { onPageStored, pageJob, requestPage } from './page-writer.ts';
import { leaveStored } from './promotion.ts';
import { makeSharedAttachment, openOf, openPhase } from './shared-attachment.ts';

const page = VOLUME_KEY;
const imageAt = (lsn: number): Uint8Array =>
  applyRecord(
    null,
    { lsn: lsn as Lsn, blockKey: page, op: OP_NOOP, init: true, payload: new Uint8Array() },
    demoParams.pageBytes,
  );

function writerThatReplayed() {
  const cluster = {
    preset: 'polardb',
    volume: 'v1',
    nodes: [{ id: nodeId('rw-1'), zone: 'a', roles: ['compute' as const] }],
    groups: [],
    chunks: [{ id: groupId('c0'), replicas: [nodeId('cs-1')] }],
  };
  const config = {
    nodeId: nodeId('rw-1'),
    roles: ['compute' as const],
    cluster,
    params: demoParams,
    prng: makePrng(1, 'rw-1'),
    mutants: [],
  };
  const attachment = makeSharedAttachment(
    countingEngine,
    config,
    { boot: 1, requests: 0, token: 0 as Term },
    { kind: 'wal', damage: null },
  );
  const device = makeMemoryDevice(geometries.mini, 1);
  mkfs(device);
  attachment.host.mount = mountDevice(device).mount;
  callOn(device, attachment.host.mount, { kind: 'mkdir', path: '/data' });
  attachment.log.durable = 40 as Lsn;
  attachment.log.tail = 40 as Lsn;
  attachment.phase = { ...openPhase(0 as Lsn, 40 as Lsn), budget: 10 };
  attachment.held.set(page, imageAt(30));
  noteChange(attachment.flush, page, 30 as Lsn, 30 as Lsn);
  return attachment;
}

test('LI-54 a page whose write is out is not read in its file (polardb sweep seed 11)', () => {
  const attachment = writerThatReplayed();
  const ctx = makeContext();
  const job = pageJob(countingEngine, attachment, ctx);
  expect(job).toMatchObject({ kind: 'page', page, lsn: 30 });
  requestPage(attachment, page);
  expect(openOf(attachment)).toMatchObject({ reads: [], arrived: [{ page, image: imageAt(30) }] });
});

test('LI-54 a page that is stored is in memory no more, but for what has changed since', () => {
  for (const changedTo of [null, 35]) {
    const attachment = writerThatReplayed();
    const ctx = makeContext();
    const job = pageJob(countingEngine, attachment, ctx);
    if (job?.kind !== 'page') throw new Error('nothing to write');
    if (changedTo !== null) attachment.held.set(page, imageAt(changedTo));
    onPageStored(attachment, ctx, job);
    expect(attachment.held.has(page)).toBe(changedTo !== null);
  }
});

test('LI-70 an outdated page that is not complete up to redoStart leaves the pool of a reader that is promoted (polardb sweep seed 20)', () => {
  const frame = (isOutdated: boolean, completeLsn: number): BuiltFrame => ({
    kind: 'built',
    image: imageAt(10),
    isOutdated,
    pageLsn: 10 as Lsn,
    completeLsn: completeLsn as Lsn,
  });
  const keys = [1, 2, 3, 4].map((block) => pageKey(9, 0, block));
  const cache: PageCache = new Map();
  [frame(true, 18), frame(true, 19), frame(true, 30), frame(false, 12)].forEach((one, i) => {
    cache.set(keys[i] as PageKey, one);
  });
  leaveStored(cache, 20 as Lsn);
  expect([...cache.keys()]).toEqual(keys.slice(1));
});
