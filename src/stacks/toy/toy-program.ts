// The toy of the world's own tests: a client (`c…`) asks every other node to add a number; a node writes a log entry
// and its counter, and acknowledges when both are durable. It uses every kind of input and effect, and nothing else.

import { assert } from '../../base/assert.ts';
import {
  BadBytes,
  makeReader,
  makeWriter,
  readInt,
  readU8,
  readU32,
  readUint,
  resetWriter,
  takeBytes,
  writeInt,
  writeU8,
  writeU32,
  writeUint,
} from '../../base/bytes.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { NodeId, Time } from '../../base/ids.ts';
import { nextBetween, type Prng } from '../../base/prng.ts';
import {
  BOOT_TIMER,
  type DiskImage,
  type Effect,
  type Input,
  type NodeConfig,
  type NodeProgram,
} from '../../core/kernel/door.ts';
import { openValue, sealValue } from '../../core/kernel/framing.ts';
import type { MessageLabel } from '../../core/kernel/message-label.ts';
import type { NodeView } from '../../core/kernel/view.ts';

export type ToyMessage =
  | { readonly kind: 'Add'; readonly serial: number; readonly amount: number }
  | { readonly kind: 'Added'; readonly serial: number; readonly total: number };

type ToyEffect = Effect<ToyMessage>;

export interface ToyState {
  readonly node: NodeId;
  readonly peers: readonly NodeId[];
  readonly prng: Prng;
  readonly isClient: boolean;
  counter: number;
  log: number;
  nextId: number;
  serial: number;
  /** Bad values met at open or read. */
  damaged: number;
  failedStores: number;
  /** Serial → nodes that acknowledged, and whose request it was. */
  readonly waiting: Map<number, { acks: NodeId[]; requestId: string | null }>;
}

/** Most additions a client waits for; the oldest is given up beyond it. */
const WAITING_LIMIT = 64;
const TICK_US = 700;
const VERSION = 1;
const scratch = makeWriter(64);

const entryKey = (serial: number): string => `log/${String(serial).padStart(9, '0')}`;

function sealNumber(value: number): Uint8Array {
  resetWriter(scratch);
  writeInt(scratch, value);
  return sealValue(VERSION, takeBytes(scratch));
}

function openNumber(bytes: Uint8Array): number | null {
  const opened = openValue(VERSION, bytes);
  if (!opened.ok) return null;
  try {
    return readInt(makeReader(opened.value));
  } catch (error) {
    if (error instanceof BadBytes) return null;
    throw error;
  }
}

function openToy(config: NodeConfig, disk: DiskImage): ToyState {
  const { nodeId, cluster, prng } = config;
  const state: ToyState = {
    node: nodeId,
    peers: cluster.nodes.map((n) => n.id).filter((id) => id !== nodeId),
    prng,
    isClient: nodeId.startsWith('c'),
    counter: 0,
    log: 0,
    nextId: 1,
    serial: 0,
    damaged: 0,
    failedStores: 0,
    waiting: new Map(),
  };
  for (const [key, bytes] of disk) {
    if (!key.startsWith('log/')) continue;
    const amount = openNumber(bytes);
    if (amount === null) state.damaged++;
    else state.counter += amount;
    state.log = Math.max(state.log, Number(key.slice(4)));
  }
  return state;
}

function tick(state: ToyState, now: Time, effects: ToyEffect[]): void {
  if (state.isClient) {
    add(state, nextBetween(state.prng, 1, 9), null, effects);
    effects.push({ kind: 'wakeAt', timer: 'tick', at: (now + TICK_US) as Time });
    return;
  }
  // A follower reads one of its entries back now and then.
  if (state.log > 0) {
    const serial = nextBetween(state.prng, 1, state.log);
    effects.push({ kind: 'read', id: state.nextId++, keys: [entryKey(serial), 'counter'] });
  }
  effects.push({ kind: 'wakeAt', timer: 'tick', at: (now + 5 * TICK_US) as Time });
}

function add(state: ToyState, amount: number, requestId: string | null, effects: ToyEffect[]): void {
  const serial = ++state.serial;
  if (state.waiting.size >= WAITING_LIMIT) {
    const oldest = [...state.waiting.keys()][0];
    if (oldest !== undefined) giveUp(state, oldest, effects);
  }
  state.waiting.set(serial, { acks: [], requestId });
  const message: ToyMessage = { kind: 'Add', serial, amount };
  for (const to of state.peers) effects.push({ kind: 'send', to, message, traceId: serial });
}

function giveUp(state: ToyState, serial: number, effects: ToyEffect[]): void {
  const requestId = state.waiting.get(serial)?.requestId ?? null;
  state.waiting.delete(serial);
  if (requestId !== null) {
    effects.push({ kind: 'reply', requestId, result: { outcome: 'unknown', statements: [], scn: -1 } });
  }
}

function receive(state: ToyState, from: NodeId, message: ToyMessage, effects: ToyEffect[]): void {
  if (message.kind === 'Added') {
    const waiting = state.waiting.get(message.serial);
    if (waiting === undefined || waiting.acks.includes(from)) return;
    waiting.acks.push(from);
    if (waiting.acks.length < 2) return;
    state.waiting.delete(message.serial);
    const { requestId } = waiting;
    if (requestId === null) return;
    effects.push({
      kind: 'reply',
      requestId,
      result: { outcome: 'ok', statements: [], scn: message.serial },
    });
    return;
  }
  const { serial, amount } = message;
  state.counter += amount;
  state.log++;
  const reply: ToyMessage = { kind: 'Added', serial, total: state.counter };
  effects.push(
    {
      kind: 'store',
      id: state.nextId++,
      writes: [
        { key: entryKey(state.log), bytes: sealNumber(amount) },
        { key: 'counter', bytes: sealNumber(state.counter) },
      ],
      // biome-ignore lint/suspicious/noThenProperty: the door's name
      then: [
        { kind: 'trace', event: { kind: 'toy.add', amount, total: state.counter } },
        { kind: 'send', to: from, message: reply, traceId: serial },
      ],
    },
    { kind: 'wakeAt', timer: 'idle', at: null },
  );
}

function stepToy(state: ToyState, input: Input<ToyMessage>): ToyEffect[] {
  const effects: ToyEffect[] = [];
  switch (input.kind) {
    case 'message':
      receive(state, input.from, input.message, effects);
      break;
    case 'diskDone':
      if (input.error !== null) {
        state.failedStores++;
        effects.push({ kind: 'trace', event: { kind: 'disk.error', error: input.error } });
      }
      break;
    case 'readDone':
      for (const value of input.values) {
        if (value !== null && openNumber(value) === null) state.damaged++;
      }
      if (input.error !== null)
        effects.push({ kind: 'trace', event: { kind: 'disk.error', error: input.error } });
      break;
    case 'wake':
      assert(input.timer === BOOT_TIMER || input.timer === 'tick', 'a timer that was set');
      tick(state, input.now, effects);
      break;
    case 'clientRequest':
      if (input.request.kind === 'sql') add(state, input.request.text.length, input.requestId, effects);
      break;
    case 'operatorCommand':
      break;
  }
  return effects;
}

function encodeToy(message: ToyMessage, traceId: number): Uint8Array {
  resetWriter(scratch);
  writeU32(scratch, 0);
  writeUint(scratch, traceId);
  writeU8(scratch, message.kind === 'Add' ? 0 : 1);
  writeUint(scratch, message.serial);
  writeInt(scratch, message.kind === 'Add' ? message.amount : message.total);
  const bytes = takeBytes(scratch);
  const crc = crc32c(bytes, 4);
  bytes[0] = crc;
  bytes[1] = crc >>> 8;
  bytes[2] = crc >>> 16;
  bytes[3] = crc >>> 24;
  return bytes;
}

function decodeToy(bytes: Uint8Array): { message: ToyMessage; traceId: number } | { error: string } {
  try {
    const r = makeReader(bytes);
    if (readU32(r) !== crc32c(bytes, 4)) return { error: 'frame checksum mismatch' };
    const traceId = readUint(r);
    const isAdd = readU8(r) === 0;
    const serial = readUint(r);
    const value = readInt(r);
    const message: ToyMessage = isAdd
      ? { kind: 'Add', serial, amount: value }
      : { kind: 'Added', serial, total: value };
    return { message, traceId };
  } catch (error) {
    if (error instanceof BadBytes) return { error: error.message };
    throw error;
  }
}

const describeToy = (message: ToyMessage): MessageLabel => ({
  kind: message.kind,
  family: message.kind === 'Add' ? 'wal' : 'ack',
  group: null,
  range: message.kind === 'Add' ? [message.serial, message.serial + 1] : null,
  token: null,
});

const viewToy = (state: ToyState): NodeView => ({
  node: state.node,
  roles: [{ role: 'toy', counter: state.counter, log: state.log }],
});

export const toyProgram: NodeProgram<ToyState, ToyMessage> = {
  openNode: openToy,
  step: stepToy,
  adopt: (state) => state,
  encodeMessage: encodeToy,
  decodeMessage: decodeToy,
  nodeView: viewToy,
  describeMessage: describeToy,
  familyOfFrame: (bytes) => {
    const decoded = decodeToy(bytes);
    return 'error' in decoded ? 'control' : describeToy(decoded.message).family;
  },
};
