// A metadata node and the stores that tell it of their replicas, for tests of membership changes.

import { groupId, type Lsn, type NodeId, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect, NodeConfig, Write } from '../kernel/door.ts';
import type { ReplicaReport } from '../kernel/fields.ts';
import type { Message } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import type { TraceEvent } from '../kernel/trace.ts';
import { setsText } from '../placement/membership.ts';
import { startMeta, stepMeta } from './meta.ts';
import { type MetaState, openMeta } from './meta-state.ts';
import type { OperatorOrder } from './operator-order.ts';

export const rw = nodeId('rw-1');
const meta = nodeId('meta-1');
export const g1 = groupId('g1');
export const timeoutUs = demoParams.moveTimeoutMs * 1000;
const config = (mutants: Mutants = []): NodeConfig => ({
  nodeId: meta,
  roles: ['meta'],
  cluster: {
    preset: 'test',
    volume: 'v1',
    nodes: [
      { id: meta, zone: 'a', roles: ['meta'] },
      { id: rw, zone: 'a', roles: ['compute'] },
    ],
    groups: [{ id: g1, replicas: ['A', 'B', 'C'].map(nodeId), keyFirst: 0, keyEnd: 1000, vw: 2, vr: 2 }],
  },
  params: demoParams,
  prng: makePrng(1, 'meta-1'),
  mutants,
});

/** A metadata node whose writes are durable at once, and stores that say what the test lets them say. */
export class Bench {
  state: MetaState;
  readonly disk = new Map<string, Uint8Array>();
  sent: { to: NodeId; message: Message }[] = [];
  events: TraceEvent[] = [];
  ids = makeIds();
  now = 0 as Time;
  private stores: { id: number; writes: readonly Write[] }[] = [];

  private readonly mutants: Mutants;

  constructor(mutants: Mutants = []) {
    this.mutants = mutants;
    this.state = this.open(1);
    this.take(rw, { kind: 'GrantToken', reqId: 1, boot: 1, volume: 'v1', expect: null });
    this.openVolume(1);
    this.sent = [];
  }

  private open(boot: number): MetaState {
    this.state = openMeta(config(this.mutants), this.disk, boot);
    this.work((ctx) => startMeta(this.state, ctx));
    return this.state;
  }

  restart(boot: number): void {
    this.open(boot);
  }

  openVolume(token: number, boot = 1): void {
    this.take(rw, { kind: 'SetWriter', reqId: 3, boot, volume: 'v1', term: token as Term, state: 'OPEN' });
  }

  private work(act: (ctx: RoleContext) => void): void {
    const effects: Effect<Message>[] = [];
    act({ now: this.now, role: 'meta', tag: 0, scope: '', ids: this.ids, effects, traceId: 0 });
    for (const effect of effects) {
      if (effect.kind === 'store') this.stores.push({ id: effect.id, writes: effect.writes });
      else if (effect.kind === 'send') this.sent.push({ to: effect.to, message: effect.message });
      else if (effect.kind === 'trace') this.events.push(effect.event);
    }
    const done = this.stores.shift();
    if (!done) return;
    for (const { key, bytes } of done.writes) {
      if (bytes) this.disk.set(key, bytes);
      else this.disk.delete(key);
    }
    const { id } = done;
    this.work((ctx) => stepMeta(this.state, { kind: 'diskDone', now: this.now, id, error: null }, ctx));
  }

  take(from: NodeId, message: Message): void {
    this.work((ctx) =>
      stepMeta(this.state, { kind: 'message', now: this.now, from, message, traceId: 0 }, ctx),
    );
  }

  ask(order: OperatorOrder): void {
    this.work((ctx) =>
      stepMeta(
        this.state,
        { kind: 'operatorCommand', now: this.now, command: { ...order, at: this.now } },
        ctx,
      ),
    );
  }

  get volume() {
    const [volume] = this.state.content.volumes;
    if (!volume) throw new Error('no volume');
    return volume;
  }

  get descriptor() {
    const [descriptor] = this.volume.groups;
    if (!descriptor) throw new Error('no group');
    return descriptor;
  }

  /** `e4 A,B,C|A,D,C +E phase`. */
  get shown(): string {
    const { memberEpoch, sets, learners } = this.descriptor;
    const learner = learners.length > 0 ? ` +${learners.join()}` : '';
    return `e${memberEpoch} ${setsText(sets)}${learner} ${this.volume.moves[0]?.phase ?? 'stable'}`;
  }

  /** A store's heartbeat with its replica at the present membership, or as the test says; null: it hosts nothing. */
  beat(node: string, scl: number | null, more: Partial<ReplicaReport> = {}, boot = 1): void {
    const { memberEpoch } = this.descriptor;
    const { token, mapVersion } = this.volume;
    const report: ReplicaReport = {
      group: g1,
      memberEpoch,
      volumeEpoch: token,
      sequence: 1,
      scl: (scl ?? -1) as Lsn,
      nwl: (scl ?? -1) as Lsn,
      failed: false,
      ...more,
    };
    this.take(nodeId(node), {
      kind: 'NodeBeat',
      boot,
      mapVersion,
      asks: 0,
      groups: scl === null ? [] : [report],
    });
  }

  ack(node: string, scl: number, volumeEpoch = 1): void {
    const { memberEpoch } = this.descriptor;
    this.take(nodeId(node), {
      kind: 'MembersAck',
      group: g1,
      origin: 'meta',
      maxToken: volumeEpoch as Term,
      volumeEpoch: volumeEpoch as Term,
      memberEpoch,
      geoEpoch: 1,
      scl: scl as Lsn,
      refused: null,
    });
  }

  /** A store reports how many bytes of its base image it has. */
  copied(node: string, size: number): void {
    this.take(nodeId(node), { kind: 'GroupSizes', sizes: [{ group: g1, size }] });
  }

  move(from: string, to: string): void {
    this.ask({ kind: 'moveReplica', group: null, from: nodeId(from), to: nodeId(to) });
  }

  /** Nodes that were instructed of members since the last call. */
  instructed(): string[] {
    const found = this.sent.flatMap(({ to, message }) =>
      message.kind === 'InstallMembers' ? [to as string] : [],
    );
    this.sent = [];
    return [...new Set(found)].sort();
  }
}
