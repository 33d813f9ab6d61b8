// From an order to a volume under restore at the metadata (WAL-45): answered once what it came to is durable, done once
// whatever comes twice, late or from elsewhere, and after a crash at any step.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, requestNumber, type Term } from '../../base/ids.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { answerTo, Bench, config, cos, d1, PARTS, rw1, rw2, whole } from './restore-fixture.ts';

describe('WAL-45 an order', () => {
  test('is answered when its entry is durable, and not before; its objects are pinned first', () => {
    const bench = new Bench();
    bench.answerCos();
    bench.order();
    whole(bench);
    expect(bench.state.restores.asking[0]?.plan?.volume).toBe('v2');
    expect(bench.stores).toHaveLength(1); // the entry
    expect(bench.sent('VolumeAnswer')).toEqual([]);
    bench.sync();
    expect(bench.sent('VolumeAnswer')).toEqual([{ kind: 'VolumeAnswer', boot: 1, reqId: 1, code: '' }]);
    expect(bench.traced).toContain('restore.begin');
    expect(bench.state.restores.asking).toEqual([]);
  });

  test('that became durable in the last moment of a life is traced by the next', () => {
    const bench = new Bench();
    bench.answerCos();
    bench.order();
    whole(bench);
    expect(bench.crashed().traced).toEqual([]);
    bench.sync();
    expect(bench.crashed().traced).toEqual(['restore.standing', 'restore.resume', 'volume.standing']);
  });

  test('that comes again is answered again, and done once', () => {
    const bench = new Bench();
    bench.order();
    bench.order();
    expect(bench.sent('GetManifest')).toHaveLength(1);
    whole(bench);
    bench.order(); // being written
    bench.sync();
    bench.order();
    expect(bench.taken('VolumeAnswer')).toHaveLength(2);
    expect(bench.traced.filter((kind) => kind === 'restore.begin')).toHaveLength(1);
    const back = bench.crashed();
    back.order();
    expect(back.taken('VolumeAnswer')).toMatchObject([{ code: '' }]);
    expect(back.stores).toEqual([]);
  });

  test.each(Array.from({ length: 3 + PARTS }, (_, i) => i))(
    'repeated after a crash of the metadata at step %i begins one restore',
    (steps) => {
      const bench = new Bench();
      bench.answerCos();
      bench.order();
      for (let i = 0; i < steps; i++) bench.answerCos();
      const back = bench.crashed();
      back.order();
      whole(back);
      back.sync();
      expect(back.sent('VolumeAnswer')).toMatchObject([{ reqId: 1, code: '' }]);
      expect(back.restores).toMatchObject([{ volume: 'v2', lsn: 9, state: 'loading' }]);
    },
  );

  test.each<[string, Partial<MessageOf<'RestoreOrder'>>, string]>([
    ['of a volume that is not there', { source: 'v9' }, 'NO_VOLUME'],
    ['under a name that is taken', { volume: 'v1' }, 'VOLUME_EXISTS'],
    ['of a point that is none', { to: { kind: 'lsn', lsn: 5 } }, 'E_NOT_A_CPL'],
    ['of a time before the archive', { to: { kind: 'time', at: 1 } }, 'E_NOT_RESTORABLE'],
  ])('%s is refused by an entry, also when it comes again after a crash', (_, change, code) => {
    const bench = new Bench();
    bench.answerCos();
    bench.order(1, change);
    whole(bench);
    expect(bench.sent('VolumeAnswer')).toEqual([]);
    bench.sync();
    expect(bench.taken('VolumeAnswer')).toMatchObject([{ code }]);
    expect(bench.traced.filter((kind) => kind === 'restore.refused')).toHaveLength(1);
    const back = bench.crashed();
    back.order(1, change);
    back.sync();
    expect(back.taken('VolumeAnswer')).toMatchObject([{ code }]);
    expect(back.traced).not.toContain('restore.refused');
  });

  test('another one for the same volume meanwhile is refused; one of a life before is ignored', () => {
    const bench = new Bench();
    bench.order(1);
    bench.order(2);
    bench.sync();
    expect(bench.taken('VolumeAnswer')).toMatchObject([{ reqId: 2, code: 'BUSY' }]);
    bench.take(d1, { kind: 'VolumeOrder', boot: 2, reqId: 1, what: 'dropVolume', volume: 'v9' });
    bench.sync();
    expect(bench.taken('VolumeAnswer')).toMatchObject([{ boot: 2, code: 'NO_VOLUME' }]);
    bench.end('dropVolume', 3, 'v8');
    expect(bench.stores).toEqual([]);
  });

  test('answers that nobody asked for, late or of another object, change nothing', () => {
    const bench = new Bench();
    bench.answerCos();
    bench.order();
    const [asked] = bench.taken('GetManifest');
    const answer = answerTo(asked as Message) as MessageOf<'ManifestIs'>;
    bench.take(cos, { ...answer, reqId: requestNumber(answer.reqId + 7) });
    bench.take(cos, { ...answer, error: 'BUSY' });
    expect(bench.out).toEqual([]);
    bench.timer();
    bench.take(cos, answer); // of the question before
    expect(bench.taken('GetObject')).toEqual([]);
    bench.timer();
    whole(bench);
    bench.sync();
    bench.take(cos, answer);
    expect(bench.restores).toHaveLength(1);
  });
});

test('WAL-45 an entry that finds its volume, writer or group taken changes nothing', () => {
  const content = initialContent(config.cluster);
  const [first] = content.volumes;
  const [descriptor] = first?.groups ?? [];
  if (!descriptor) throw new Error('a group');
  const begin = {
    kind: 'beginRestore',
    from: d1,
    boot: 1,
    reqId: 1,
    volume: 'v2',
    source: 'v1',
    lsn: 9 as Lsn,
    history: [{ term: 2 as Term, startLsn: 110 as Lsn, prevEnd: 9 as Lsn }],
    groups: [],
    descriptors: [{ ...descriptor, group: groupId('g2') }],
    writer: rw2,
    attachments: 1,
    at: 0,
  } as const;
  const code = (change: object) => {
    const result = applyMeta(structuredClone(content), { ...begin, ...change } as never);
    return result.kind === 'restoreRefused' ? result.code : result.kind;
  };
  expect(code({})).toBe('restoreBegun');
  expect(code({ source: 'v7' })).toBe('NO_VOLUME');
  expect(code({ volume: 'v1' })).toBe('VOLUME_EXISTS');
  expect(code({ writer: rw1, attachments: 0 })).toBe('NO_SPARE_WRITER');
  expect(code({ descriptors: [descriptor] })).toBe('GROUP_EXISTS');
});
