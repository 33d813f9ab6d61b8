// A restore that loads (WAL-45): every store is instructed, waited for, or left behind; and what is left of the volume after.

import { describe, expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import { metaView } from './meta-view.ts';
import { type Bench, begun, cos, log, rw2, s1, s2, s3, stores, WAIT_US, whole } from './restore-fixture.ts';

describe('WAL-45 loading', () => {
  const stateOf = (bench: Bench) => bench.restores[0]?.state;

  test('every store is instructed with its heartbeats, for the life that beats', () => {
    const bench = begun();
    bench.beat(s1, [], 4);
    expect(bench.taken('RestoreReplica')).toMatchObject([{ boot: 4, logs: [log.name], lsn: 9 }]);
    bench.beat(s1, ['g2'], 4);
    bench.beat(s1, [], 3); // of a life before
    expect(bench.taken('RestoreReplica')).toEqual([]);
  });

  test('it is done when all have it, and its writer is given the volume', () => {
    const bench = begun();
    for (const node of [s1, s2]) bench.beat(node, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('loading');
    bench.beat(s3, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('done');
    expect(bench.out.filter(({ message }) => message.kind === 'VolumeGiven')).toMatchObject([
      { to: rw2, message: { kind: 'VolumeGiven', volume: 'v2', first: 'g2' } },
    ]);
  });

  test('a store that makes no progress is waited for no longer than that, if the others are a write quorum', () => {
    const bench = begun();
    bench.now = 1000;
    for (const node of [s1, s2]) bench.beat(node, ['g2']);
    bench.now += WAIT_US - 1;
    bench.beat(s1, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('loading');
    bench.report(s3, { done: 1, total: 3 }); // it moves
    bench.now += WAIT_US - 1;
    bench.report(s3, { done: 1, total: 3 });
    bench.beat(s1, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('loading');
    bench.now += 1;
    bench.beat(s1, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('done');
    bench.taken('VolumeGiven');
    bench.report(s3, { done: 2, total: 3 }); // too late: it is made anew from the others
    expect(bench.taken('DropReplica')).toMatchObject([{ group: 'g2', isMade: false }]);
  });

  test('without a write quorum it waits, whatever the time, and can be cancelled', () => {
    const bench = begun();
    bench.beat(s1, ['g2']);
    bench.now += 50 * WAIT_US;
    bench.beat(s1, ['g2']);
    bench.sync();
    expect(stateOf(bench)).toBe('loading');
    bench.end('cancelRestore', 2);
    bench.sync();
    expect(bench.taken('VolumeAnswer')).toMatchObject([{ reqId: 2, code: '' }]);
    expect(bench.restores).toEqual([]);
    bench.beat(s1, ['g2']);
    expect(bench.taken('DropReplica')).toMatchObject([{ volume: 'v2', group: 'g2', isMade: true }]);
    bench.report(s2);
    expect(bench.taken('DropReplica')).toMatchObject([{ isMade: false }]);
  });

  test('what a store cannot have stops it, is reported, and leaves the name to the next attempt', () => {
    const bench = begun();
    bench.report(s2, { phase: 'failed', code: 'BAD_OBJECT', object: log.name });
    bench.report(s3, { phase: 'failed', code: 'BAD_OBJECT', object: log.name });
    bench.sync();
    expect(bench.restores).toMatchObject([
      { state: 'failed', code: 'BAD_OBJECT', object: log.name, group: 'g2' },
    ]);
    expect(bench.traced.filter((kind) => kind === 'restore.failed')).toHaveLength(1);
    bench.out = bench.out.filter(({ to }) => to === cos);
    bench.order(2);
    whole(bench);
    bench.sync();
    expect(bench.restores).toMatchObject([{ state: 'loading' }]);
    expect(bench.state.content.volumes[1]?.groups.map(({ group }) => group)).toEqual(['g3']);
    bench.report(s1); // of the attempt before
    expect(bench.taken('DropReplica')).toMatchObject([{ group: 'g2' }]);
  });

  test('a report of a stranger, or of a restore that failed, changes nothing', () => {
    const bench = begun();
    bench.report(s1, { phase: 'failed', code: 'BAD_OBJECT', object: log.name });
    bench.sync();
    bench.report(s2, { phase: 'failed', code: 'NO_SUCH_OBJECT', object: 'another' });
    bench.beat(nodeId('s9'), ['g2']);
    for (const node of stores) bench.beat(node, ['g2']);
    bench.sync();
    expect(bench.restores).toMatchObject([{ state: 'failed', code: 'BAD_OBJECT' }]);
  });
});

test('WAL-45 a volume that is dropped leaves its name, its writer and no keys; its map version never goes back', () => {
  const bench = begun();
  bench.end('dropVolume', 2);
  bench.sync();
  expect(bench.taken('VolumeAnswer').at(-1)).toMatchObject({ reqId: 2, code: 'NOT_RESTORED' });
  for (const node of stores) bench.beat(node, ['g2']);
  bench.sync();
  const before = metaView(bench.state, 0 as Time).mapVersion;
  const advertised = bench.state.content.volumes[1]?.mapVersion ?? 0;
  bench.end('dropVolume', 3);
  bench.sync();
  expect(bench.sent('VolumeTaken')).toMatchObject([{ groups: ['g2'] }]);
  expect(bench.taken('DropReplica')).toHaveLength(3);
  expect(metaView(bench.state, 0 as Time).mapVersion).toBeGreaterThan(before);
  bench.beat(rw2);
  expect(bench.taken('VolumeTaken')).toMatchObject([{ groups: ['g2'] }]);
  bench.order(4);
  whole(bench);
  bench.sync();
  expect(bench.state.content.volumes[1]?.mapVersion).toBeGreaterThan(advertised);
});
