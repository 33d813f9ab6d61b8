// From an order to a restored volume at the metadata (WAL-45): answered once what it came to is durable, done once whatever
// comes twice, late or from elsewhere, and after a crash at any step.

import { describe, expect, test } from 'vitest';
import { groupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { logObject, manifestGroup, manifestObject } from '../archive/archive-fixture.ts';
import type { RoleContext } from '../context.ts';
import type { Effect, NodeConfig, Write } from '../door.ts';
import { demoParams } from '../params-fixture.ts';
import type { Message, MessageKind, MessageOf, ReplicaReport } from '../protocol/messages.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { metaView, startMeta, stepMeta } from './meta.ts';
import { type MetaState, openMeta } from './meta-state.ts';
import { RESTORE_TIMER } from './restore-state.ts';

const stores = ['s1', 's2', 's3'].map(nodeId);
const [s1, s2, s3] = stores as [NodeId, NodeId, NodeId];
const [meta, rw1, rw2, cos, d1] = ['meta-1', 'rw-1', 'rw-2', 'cos-1', 'd1'].map(nodeId) as [
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
];
const config: NodeConfig = {
  nodeId: meta,
  roles: ['meta'],
  cluster: {
    preset: 'test',
    volume: 'v1',
    nodes: [
      { id: rw1, zone: 'a', roles: ['compute'] },
      { id: rw2, zone: 'b', roles: ['compute'], isSpare: true },
      { id: cos, zone: 'a', roles: ['objectStore'] },
    ],
    groups: [{ id: groupId('g1'), replicas: stores, keyFirst: 0, keyEnd: 10, vw: 2, vr: 2 }],
  },
  params: { ...demoParams, moveTimeoutMs: 100 },
  prng: makePrng(1, 'meta-1'),
  broken: [],
};
const WAIT_US = 100_000;

const log = logObject(0, 30, [0, 4, 9]);
const manifest = manifestObject(1, [manifestGroup([log], [[0, 30]])], {
  cpls: [{ lsn: 9 as Lsn, time: 90, commit: true }],
});

/** A metadata node beside an object store that holds one manifest, and stores that say what the test has them say. */
class Bench {
  state: MetaState;
  disk: Map<string, Uint8Array>;
  stores: { id: number; writes: readonly Write[] }[] = [];
  out: { to: NodeId; message: Message }[] = [];
  traced: string[] = [];
  now = 0;
  readonly ids = { next: 1 };

  constructor(disk: ReadonlyMap<string, Uint8Array> = new Map(), boot = 1, now = 0) {
    this.disk = new Map(disk);
    this.now = now;
    this.state = openMeta(config, this.disk, boot);
    if (disk.size === 0) {
      const [first] = this.state.content.volumes;
      if (first) Object.assign(first, { created: true, state: 'OPEN', token: 1 as Term });
    }
    this.run((ctx) => startMeta(this.state, ctx));
    this.sync();
  }

  private run(act: (ctx: RoleContext) => void): void {
    const effects: Effect<Message>[] = [];
    act({ now: this.now as Time, role: 'meta', ids: this.ids, effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'store') this.stores.push(effect);
      else if (effect.kind === 'send') this.out.push(effect);
      else if (effect.kind === 'trace') this.traced.push(effect.event.kind);
    }
  }

  take(from: NodeId, message: Message): void {
    const input = { kind: 'message', now: this.now as Time, from, message, traceId: 0 } as const;
    this.run((ctx) => stepMeta(this.state, input, ctx));
  }

  timer(): void {
    const input = { kind: 'wake', now: this.now as Time, timer: RESTORE_TIMER } as const;
    this.run((ctx) => stepMeta(this.state, input, ctx));
  }

  /** Everything that is being written becomes durable. */
  sync(): void {
    for (let next = this.stores.shift(); next; next = this.stores.shift()) {
      const { id, writes } = next;
      for (const { key, bytes } of writes)
        if (bytes) this.disk.set(key, bytes);
        else this.disk.delete(key);
      const input = { kind: 'diskDone', now: this.now as Time, id, error: null } as const;
      this.run((ctx) => stepMeta(this.state, input, ctx));
    }
  }

  /** What is not durable is gone. */
  crashed(): Bench {
    return new Bench(this.disk, this.state.bootEpoch + 1, this.now);
  }

  sent<K extends MessageKind>(kind: K): MessageOf<K>[] {
    const isOfKind = (message: Message): message is MessageOf<K> => message.kind === kind;
    return this.out.flatMap(({ message }) => (isOfKind(message) ? [message] : []));
  }

  taken<K extends MessageKind>(kind: K): MessageOf<K>[] {
    const found = this.sent(kind);
    this.out = [];
    return found;
  }

  order(reqId = 1, change: Partial<MessageOf<'RestoreOrder'>> = {}): void {
    const to = { kind: 'lsn', lsn: 9 } as const;
    this.take(d1, { kind: 'RestoreOrder', boot: 1, reqId, source: 'v1', to, volume: 'v2', ...change });
  }

  end(what: 'cancelRestore' | 'dropVolume', reqId: number, volume = 'v2'): void {
    this.take(d1, { kind: 'VolumeOrder', boot: 1, reqId, what, volume });
  }

  /** The object store answers what it was asked last. */
  answerCos(): void {
    const asked = this.out.filter(({ to }) => to === cos).map(({ message }) => message);
    this.out = this.out.filter(({ to }) => to !== cos);
    for (const message of asked) this.take(cos, answerTo(message));
  }

  beat(from: NodeId, groups: readonly string[] = [], boot = 1): void {
    const report = (group: string): ReplicaReport => ({
      group: groupId(group),
      ...{ memberEpoch: 1, volumeEpoch: 1 as Term, sequence: 1, scl: 9 as Lsn, nwl: 9 as Lsn },
      failed: false,
    });
    this.take(from, { kind: 'NodeBeat', boot, mapVersion: 0, asks: 0, groups: groups.map(report) });
  }

  report(from: NodeId, change: Partial<MessageOf<'RestoreReport'>> = {}): void {
    this.take(from, {
      kind: 'RestoreReport',
      volume: 'v2',
      group: groupId('g2'),
      phase: 'loading',
      done: 0,
      total: 1,
      bytes: 0,
      object: '',
      code: '',
      ...change,
    });
  }

  get restores() {
    return metaView(this.state, this.now as Time).restores ?? [];
  }
}

function answerTo(message: Message): Message {
  switch (message.kind) {
    case 'GetManifest':
      return {
        kind: 'ManifestIs',
        reqId: message.reqId,
        for: 'meta',
        volume: 'v1',
        version: 1,
        token: 1 as Term,
        object: manifest.name,
        error: '',
      };
    case 'GetObject': {
      const bytes = manifest.bytes.slice(message.offset, message.offset + 64);
      const total = manifest.bytes.length;
      return { ...message, kind: 'ObjectPart', total, bytes, error: '' };
    }
    case 'PinObjects':
      return { ...message, kind: 'ObjectsPinned', missing: [] };
    default:
      throw new Error(`nobody asks the object store for ${message.kind}`);
  }
}

/** The object's parts are 64 bytes here: asked for one after the other. */
const PARTS = Math.ceil(manifest.bytes.length / 64);
const whole = (bench: Bench): void => {
  for (let i = 0; i < 2 + PARTS; i++) bench.answerCos();
};

const begun = (): Bench => {
  const bench = new Bench();
  bench.answerCos();
  bench.order();
  whole(bench);
  bench.sync();
  bench.out = [];
  return bench;
};

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
    'told again after a crash of the metadata at step %i begins one restore',
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

  test('another one for the same volume meanwhile is refused; one of a life before is not heard', () => {
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
    bench.take(cos, { ...answer, reqId: answer.reqId + 7 });
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

describe('WAL-45 pins', () => {
  test('are told at a start, again until answered, and name what loads and what is planned', () => {
    const bench = new Bench();
    expect(bench.sent('PinObjects')).toMatchObject([{ boot: 1, sequence: 1, pins: [] }]);
    bench.out = [];
    bench.timer();
    expect(bench.sent('PinObjects')).toMatchObject([{ sequence: 1 }]);
    bench.answerCos();
    bench.timer();
    expect(bench.sent('PinObjects')).toEqual([]);
    bench.order();
    for (let i = 0; i < 1 + PARTS; i++) bench.answerCos();
    const pins = [{ volume: 'v2', names: [log.name] }];
    expect(bench.sent('PinObjects')).toMatchObject([{ sequence: 2, pins }]);
    expect(bench.stores).toEqual([]); // nothing is proposed before
    bench.answerCos();
    bench.sync();
    expect(bench.sent('PinObjects')).toEqual([]); // the entry names the same
    const back = bench.crashed();
    expect(back.sent('PinObjects')).toMatchObject([{ boot: 2, sequence: 1, pins }]);
    back.end('cancelRestore', 2);
    back.sync();
    expect(back.sent('PinObjects').at(-1)).toMatchObject({ boot: 2, sequence: 2, pins: [] });
  });

  test('an object that went before it was pinned: the manifest is read again', () => {
    const bench = new Bench();
    bench.answerCos();
    bench.order();
    for (let i = 0; i < 1 + PARTS; i++) bench.answerCos();
    const [pin] = bench.taken('PinObjects');
    bench.take(cos, { ...(pin as MessageOf<'PinObjects'>), kind: 'ObjectsPinned', missing: [log.name] });
    expect(bench.sent('GetManifest')).toHaveLength(1);
    expect(bench.stores).toEqual([]);
  });

  test('an order of a life that this disk has forgotten is passed', () => {
    const bench = new Bench();
    bench.taken('PinObjects');
    bench.take(cos, { kind: 'ObjectsPinned', boot: 6, sequence: 4, missing: [] });
    expect(bench.sent('PinObjects')).toMatchObject([{ boot: 6, sequence: 5 }]);
  });
});

describe('WAL-45 loading', () => {
  const stateOf = (bench: Bench) => bench.restores[0]?.state;

  test('every store is told with its heartbeats, for the life that beats', () => {
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

  test('what a store cannot have stops it, is told, and leaves the name to the next attempt', () => {
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
  const told = bench.state.content.volumes[1]?.mapVersion ?? 0;
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
  expect(bench.state.content.volumes[1]?.mapVersion).toBeGreaterThan(told);
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
    at: 0,
  } as const;
  const code = (change: object) => {
    const result = applyMeta(structuredClone(content), { ...begin, ...change } as never);
    return result.kind === 'restoreRefused' ? result.code : result.kind;
  };
  expect(code({})).toBe('restoreBegun');
  expect(code({ source: 'v7' })).toBe('NO_VOLUME');
  expect(code({ volume: 'v1' })).toBe('VOLUME_EXISTS');
  expect(code({ writer: rw1 })).toBe('NO_SPARE_WRITER');
  expect(code({ descriptors: [descriptor] })).toBe('GROUP_EXISTS');
});
