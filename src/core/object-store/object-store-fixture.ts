// An object store without a cluster, for its tests.

import { type NodeId, nodeId, requestNumber, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { DiskError, Effect, Room, Write } from '../kernel/door.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { messageOfKind } from '../kernel/testing/sent.ts';
import type { NamedObject } from './archive-fixture.ts';
import { type ObjectStoreState, openObjectStore } from './object-state.ts';
import { startObjectStore, stepObjectStore } from './object-store.ts';

export const store1 = nodeId('store-1');

/** An object store on its own: messages in, answers out, and a disk that syncs when the test says so. */
export class Bench {
  state: ObjectStoreState;
  readonly disk: Map<string, Uint8Array>;
  stores: { id: number; writes: readonly Write[]; room?: Room | undefined }[] = [];
  reads: { id: number; keys: readonly string[] }[] = [];
  out: { to: NodeId; message: Message }[] = [];
  events: string[] = [];
  now = 0 as Time;
  readonly ids = makeIds();

  constructor(
    changes: Partial<typeof demoParams> = {},
    disk: ReadonlyMap<string, Uint8Array> = new Map(),
    mutants: Mutants = [],
  ) {
    this.disk = new Map(disk);
    const config = {
      nodeId: nodeId('cos-1'),
      roles: ['objectStore'] as const,
      cluster: { preset: 'test', volume: 'v1', nodes: [], groups: [] },
      params: { ...demoParams, ...changes },
      prng: makePrng(1, 'cos-1'),
      mutants,
    };
    this.state = openObjectStore(config, this.disk, 1);
    this.run((ctx) => startObjectStore(this.state, ctx));
  }

  private run(act: (ctx: RoleContext) => void): void {
    const effects: Effect<Message>[] = [];
    act({ now: this.now, role: 'objectStore', tag: 5, scope: '', ids: this.ids, effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'store') this.stores.push(effect);
      else if (effect.kind === 'read') this.reads.push(effect);
      else if (effect.kind === 'send') this.out.push(effect);
      else if (effect.kind === 'trace') this.events.push(effect.event.kind);
    }
  }

  take(message: Message, from = store1): void {
    this.run((ctx) =>
      stepObjectStore(this.state, { kind: 'message', now: this.now, from, message, traceId: 0 }, ctx),
    );
  }

  sync(error: DiskError | null = null): void {
    for (const { id, writes } of this.stores.splice(0)) {
      if (!error)
        for (const { key, bytes } of writes)
          if (bytes) this.disk.set(key, bytes);
          else this.disk.delete(key);
      this.run((ctx) => stepObjectStore(this.state, { kind: 'diskDone', now: this.now, id, error }, ctx));
    }
  }

  read(error: 'EIO' | null = null): void {
    for (const { id, keys } of this.reads.splice(0)) {
      const values = keys.map((key) => this.disk.get(key) ?? null);
      this.run((ctx) =>
        stepObjectStore(this.state, { kind: 'readDone', now: this.now, id, values, error }, ctx),
      );
    }
  }

  scrub(): void {
    this.run((ctx) => stepObjectStore(this.state, { kind: 'wake', now: this.now, timer: 'scrub' }, ctx));
    this.read();
  }

  put({ name, bytes }: NamedObject, offset = 0, part = bytes.length, from = store1): void {
    const piece = bytes.slice(offset, offset + part);
    this.take(
      { kind: 'PutObject', reqId: requestNumber(1), name, total: bytes.length, offset, bytes: piece },
      from,
    );
  }

  store(...objects: readonly NamedObject[]): void {
    for (const object of objects) this.put(object);
    this.sync();
    this.out = [];
  }

  set(expect: number, { name }: NamedObject, from = store1): void {
    this.take({ kind: 'SetManifest', reqId: requestNumber(9), volume: 'v1', expect, object: name }, from);
  }

  answers<K extends MessageKind>(kind: K): MessageOf<K>[] {
    return this.out.splice(0).flatMap(({ message }) => messageOfKind(message, kind) ?? []);
  }
}
