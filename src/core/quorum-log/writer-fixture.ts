// What the tests of the writer and of recovery start from: descriptors, parameters, a context that collects effects, and
// acks. Plain functions, no test framework.

import {
  type GroupId,
  groupId,
  type Lsn,
  type NodeId,
  nodeId,
  type Term,
  type Time,
} from '../../base/ids.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import type { Effect } from '../kernel/door.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { Message, MessageKind, MessageOf } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import type { Params } from '../kernel/params.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { messageOfKind } from '../kernel/testing/sent.ts';
import { eventOfKind, type TraceKind, type TraceOf } from '../kernel/trace.ts';
import type { MtrRecord } from '../log/record.ts';
import { groupKeyFirst, type PageKey } from '../page/page-key.ts';
import { makeWriter, type OpenedVolume, type WriterState } from './writer-state.ts';

export const lsnOf = (value: number): Lsn => value as Lsn;
export const termOf = (value: number): Term => value as Term;

/** A group with one member set; groups take consecutive key ranges by `index`. */
export function descriptorOf(
  name: string,
  index: number,
  members: readonly string[],
  quorum: { vw: number; vr: number } = { vw: 2, vr: 2 },
): Descriptor {
  return {
    group: groupId(name),
    sets: [members.map(nodeId)],
    learners: [],
    memberEpoch: 1,
    geoEpoch: 1,
    keyFirst: groupKeyFirst(index),
    keyEnd: groupKeyFirst(index + 1),
    baseLsn: lsnOf(0),
    ...quorum,
  };
}

export interface Collected extends RoleContext {
  now: Time;
  readonly effects: Effect<Message>[];
}

export const makeContext = (): Collected => {
  const ids = makeIds();
  return { now: 0 as Time, role: 'compute', tag: 1, scope: '', ids, effects: [], traceId: 0 };
};

/** Messages of one kind sent since the last call for it, with where they went; they are taken out. */
export function takeSent<K extends MessageKind>(
  ctx: Collected,
  kind: K,
): { to: NodeId; message: MessageOf<K> }[] {
  const taken: { to: NodeId; message: MessageOf<K> }[] = [];
  const rest = ctx.effects.filter((effect) => {
    const message = effect.kind === 'send' ? messageOfKind(effect.message, kind) : null;
    if (effect.kind !== 'send' || message === null) return true;
    taken.push({ to: effect.to, message });
    return false;
  });
  ctx.effects.length = 0;
  ctx.effects.push(...rest);
  return taken;
}

export function tracesOf<K extends TraceKind>(ctx: Collected, kind: K): TraceOf<K>[] {
  return ctx.effects.flatMap((effect) =>
    effect.kind === 'trace' ? (eventOfKind(effect.event, kind) ?? []) : [],
  );
}

/** Time at which a timer was last set, or null. */
export function timerAt(ctx: Collected, timer: string): number | null {
  let at: number | null = null;
  for (const effect of ctx.effects)
    if (effect.kind === 'wakeAt' && effect.timer === `compute:${timer}`) at = effect.at;
  return at;
}

/** A change of page `block` in the key range of group `index`. */
export const change = (index: number, block = 1, prevBlock = -1): MtrRecord => ({
  blockKey: (groupKeyFirst(index) + 0x1_0000_0000 + block) as PageKey,
  op: 0,
  init: prevBlock < 0,
  payload: new Uint8Array(0),
  prevBlock: lsnOf(prevBlock),
});

/** A writer of term 1 right after the creation of a volume. */
export function freshWriter(
  descriptors: readonly Descriptor[],
  params: Partial<Params> = {},
  mutants: Mutants = [],
): WriterState {
  const opened: OpenedVolume = {
    volume: 'v1',
    isArchived: false,
    meta: null,
    term: termOf(1),
    startLsn: lsnOf(1),
    vdlPrime: lsnOf(0),
    pgmrpl: lsnOf(0),
    history: [{ term: termOf(1), startLsn: lsnOf(0), prevEnd: lsnOf(-1) }],
    groups: descriptors.map((descriptor) => ({
      descriptor,
      maxNwl: lsnOf(0),
      scls: new Map(descriptor.sets.flat().map((node) => [node, lsnOf(0)])),
      opened: descriptor.sets.flat(),
    })),
  };
  return makeWriter(opened, { ...demoParams, ...params }, mutants, 0 as Time);
}

export const ackOf = (
  group: string,
  scl: number,
  more: Partial<MessageOf<'WriteAck'>> = {},
): MessageOf<'WriteAck'> => ({
  kind: 'WriteAck',
  group: group as GroupId,
  token: termOf(1),
  memberEpoch: 1,
  scl: lsnOf(scl),
  nwl: lsnOf(scl),
  archivedTo: lsnOf(-1),
  refused: null,
  ...more,
});
