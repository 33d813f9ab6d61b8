// The metadata beside an object store that holds one manifest: each part of a restore is asked for and answered by hand.

import { groupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig, Write } from '../kernel/door.ts';
import type { ReplicaReport } from '../kernel/fields.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { messageOfKind } from '../kernel/testing/sent.ts';
import { logObject, manifestGroup, manifestObject } from '../object-store/archive-fixture.ts';
import { startMeta, stepMeta } from './meta.ts';
import { type MetaState, openMeta } from './meta-state.ts';
import { metaView } from './meta-view.ts';
import { RESTORE_TIMER } from './restore-state.ts';

export const stores = ['s1', 's2', 's3'].map(nodeId);
export const [s1, s2, s3] = stores as [NodeId, NodeId, NodeId];
export const [meta, rw1, rw2, cos, d1] = ['meta-1', 'rw-1', 'rw-2', 'cos-1', 'd1'].map(nodeId) as [
  NodeId,
  NodeId,
  NodeId,
  NodeId,
  NodeId,
];
export const config: NodeConfig = {
  nodeId: meta,
  roles: ['meta'],
  cluster: {
    preset: 'test',
    volume: 'v1',
    nodes: [
      { id: meta, zone: 'a', roles: ['meta'] },
      { id: rw1, zone: 'a', roles: ['compute'] },
      { id: rw2, zone: 'b', roles: ['compute'], isSpare: true },
      { id: cos, zone: 'a', roles: ['objectStore'] },
    ],
    groups: [{ id: groupId('g1'), replicas: stores, keyFirst: 0, keyEnd: 10, vw: 2, vr: 2 }],
  },
  params: { ...demoParams, moveTimeoutMs: 100 },
  prng: makePrng(1, 'meta-1'),
  mutants: [],
};
export const WAIT_US = 100_000;

export const log = logObject(0, 30, [0, 4, 9]);
const manifest = manifestObject(1, [manifestGroup([log], [[0, 30]])], {
  cpls: [{ lsn: 9 as Lsn, time: 90, commit: true }],
});

/** A metadata node beside an object store that holds one manifest, and stores that say what the test has them say. */
export class Bench {
  state: MetaState;
  disk: Map<string, Uint8Array>;
  stores: { id: number; writes: readonly Write[] }[] = [];
  out: { to: NodeId; message: Message }[] = [];
  traced: string[] = [];
  now = 0;
  readonly ids = makeIds();

  constructor(disk: ReadonlyMap<string, Uint8Array> = new Map(), boot = 1, now = 0) {
    this.disk = new Map(disk);
    this.now = now;
    this.state = openMeta(config, this.disk, boot);
    const [first] = this.state.content.volumes;
    if (first && this.state.content.applied === 0)
      Object.assign(first, { created: true, state: 'OPEN', token: 1 as Term });
    this.run((ctx) => startMeta(this.state, ctx));
    this.sync();
  }

  private run(act: (ctx: RoleContext) => void): void {
    const effects: Effect<Message>[] = [];
    act({ now: this.now as Time, role: 'meta', tag: 0, scope: '', ids: this.ids, effects, traceId: 0 });
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
    return this.out.flatMap(({ message }) => messageOfKind(message, kind) ?? []);
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

export function answerTo(message: Message): Message {
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
export const PARTS = Math.ceil(manifest.bytes.length / 64);
export const whole = (bench: Bench): void => {
  for (let i = 0; i < 2 + PARTS; i++) bench.answerCos();
};

export const begun = (): Bench => {
  const bench = new Bench();
  bench.answerCos();
  bench.order();
  whole(bench);
  bench.sync();
  bench.out = [];
  return bench;
};
