// The device of a mount, made of chunk groups (docs/spec/polarfs.md FS-1, FS-70, FS-72, FS-80, FS-81): carries out one batch of reads or
// writes at a time. Each chunk is asked on its own; who does not answer, or does not lead, is followed by another replica, until the batch
// is done or its time is over. Writes to a chunk are numbered and go one after the other.

import { type NodeId, type Time, term } from '../../base/ids.ts';
import { type RoleContext, send, wakeAt } from '../kernel/context.ts';
import type { ChunkSpec, ClusterSpec } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { Place } from '../pfs/geometry.ts';
import type { Answer } from '../pfs/mount.ts';
import type { DeviceWrite } from '../pfs/mount-state.ts';
import type { Piece } from './commands.ts';
import { chunksOf } from './device-spec.ts';

export const DEVICE_TIMER = 'device';
const RETRY_US = 20_000;
/** FS-72: the I/O timeout. */
const TIMEOUT_US = 3_000_000;
/** Bytes of one entry of a chunk's log. */
const ENTRY_BYTES = 64 * 1024;

type DeviceIo =
  | { readonly kind: 'read'; readonly places: readonly Place[] }
  | { readonly kind: 'write'; readonly writes: readonly DeviceWrite[] }
  /** FS-81: this writer's token, at every chunk. */
  | { readonly kind: 'install' };

interface Ask {
  readonly chunk: number;
  /** Sequence number of a write, 0 of a token, id of a read. */
  readonly number: number;
  readonly pieces: readonly Piece[];
  readonly places: readonly Place[];
  sentAt: number;
  parts: readonly Uint8Array[];
  isDone: boolean;
}

export interface ChunkDevice {
  readonly groups: readonly ChunkSpec[];
  /** Chunks that the device has. */
  chunks: number;
  token: number;
  /** The highest that a chunk server has named. */
  seen: number;
  readonly nextSeq: number[];
  nextRead: number;
  /** By chunk, whom it asks first. */
  readonly leaders: number[];
  io: DeviceIo | null;
  asks: Ask[];
  deadline: number;
}

export const makeDevice = (cluster: ClusterSpec, firstRead: number): ChunkDevice => ({
  groups: chunksOf(cluster),
  chunks: chunksOf(cluster).length,
  token: 0,
  seen: 0,
  nextSeq: chunksOf(cluster).map(() => 1),
  nextRead: firstRead,
  leaders: chunksOf(cluster).map(() => 0),
  io: null,
  asks: [],
  deadline: 0,
});

/** A new token has numbers of its own; one that is in use goes on with them. */
export function useToken(device: ChunkDevice, token: number): void {
  if (device.token === token) return;
  device.token = token;
  device.nextSeq.fill(1);
}

const emptyAsk = (chunk: number, number: number): Ask => ({
  chunk,
  number,
  pieces: [],
  places: [],
  sentAt: -RETRY_US,
  parts: [],
  isDone: false,
});

/** The answer, where it needs nobody's. */
export function beginIo(device: ChunkDevice, ctx: RoleContext, io: DeviceIo): Answer | null {
  const places =
    io.kind === 'read' ? io.places : io.kind === 'write' ? io.writes.map(({ place }) => place) : [];
  if (places.some(({ chunk }) => chunk >= device.chunks)) return { kind: 'failed', error: 'EINVAL' };
  device.io = io;
  device.deadline = ctx.now + TIMEOUT_US;
  const chunks = [...new Set(places.map(({ chunk }) => chunk))].sort((a, b) => a - b);
  if (io.kind === 'read')
    device.asks = chunks.map((chunk) => ({
      ...emptyAsk(chunk, device.nextRead++),
      places: places.filter((place) => place.chunk === chunk),
    }));
  else if (io.kind === 'write') device.asks = chunks.flatMap((chunk) => writesTo(device, chunk, io.writes));
  else device.asks = Array.from({ length: device.chunks }, (_, chunk) => emptyAsk(chunk, 0));
  sendDue(device, ctx);
  return answerOf(device);
}

function writesTo(device: ChunkDevice, chunk: number, writes: readonly DeviceWrite[]): Ask[] {
  const batches: Piece[][] = [];
  let bytes = ENTRY_BYTES;
  for (const { place, bytes: own } of writes) {
    if (place.chunk !== chunk) continue;
    const size = own?.length ?? 0;
    if (batches.length === 0 || bytes + size > ENTRY_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    bytes += size;
    batches.at(-1)?.push({ at: place.at, length: place.length, bytes: own });
  }
  return batches.map((pieces) => {
    const seq = device.nextSeq[chunk] as number;
    device.nextSeq[chunk] = seq + 1;
    return { ...emptyAsk(chunk, seq), pieces };
  });
}

/** Of each chunk the first question that is open, if it is time to ask (again). */
function sendDue(device: ChunkDevice, ctx: RoleContext): void {
  const seen = new Set<number>();
  for (const ask of device.asks) {
    if (ask.isDone || seen.has(ask.chunk)) continue;
    seen.add(ask.chunk);
    if (ctx.now < ask.sentAt + RETRY_US) continue;
    if (ask.sentAt >= 0) device.leaders[ask.chunk] = (device.leaders[ask.chunk] as number) + 1;
    ask.sentAt = ctx.now;
    sendAsk(device, ctx, ask);
  }
  wakeAt(ctx, DEVICE_TIMER, (ctx.now + RETRY_US) as Time);
}

function sendAsk({ groups, leaders, token, io }: ChunkDevice, ctx: RoleContext, ask: Ask): void {
  const { chunk, number, pieces, places } = ask;
  const { id: group, replicas } = groups[chunk] as ChunkDevice['groups'][number];
  const to = replicas[(leaders[chunk] as number) % replicas.length] as NodeId;
  if (io?.kind === 'read') send(ctx, to, { kind: 'ChunkRead', group, reqId: number, places: [...places] });
  else if (io?.kind === 'write')
    send(ctx, to, { kind: 'ChunkWrite', group, token: term(token), seq: number, pieces: [...pieces] });
  else send(ctx, to, { kind: 'ChunkToken', group, token: term(token) });
}

/** The answer of the batch, if this ends it. */
export function onDeviceMessage(device: ChunkDevice, ctx: RoleContext, message: Message): Answer | null {
  if (device.io === null || (message.kind !== 'ChunkAck' && message.kind !== 'ChunkData')) return null;
  const isRead = device.io.kind === 'read';
  if (isRead !== (message.kind === 'ChunkData')) return null;
  const chunk = device.groups.findIndex(({ id }) => id === message.group);
  const number = message.kind === 'ChunkAck' ? message.seq : message.reqId;
  const ask = device.asks.find((one) => one.chunk === chunk && one.number === number && !one.isDone);
  if (ask === undefined || (message.kind === 'ChunkAck' && message.token !== device.token)) return null;
  const { why, leader } = message;
  device.seen = Math.max(device.seen, message.maxToken);
  if (why === 'TOKEN_STALE') return finish(device, ctx, { kind: 'failed', error: 'TOKEN_STALE' });
  if (why === 'NOT_LEADER') {
    const named = leader === null ? -1 : (device.groups[chunk]?.replicas.indexOf(leader) ?? -1);
    if (named >= 0) device.leaders[chunk] = named;
    if (named >= 0) sendAsk(device, ctx, ask);
    return null;
  }
  if (why !== '') return null; // asked again by the timer
  // FS-80, FENCE-11: a writer above it has begun.
  if (device.token > 0 && message.maxToken > device.token)
    return finish(device, ctx, { kind: 'failed', error: 'TOKEN_STALE' });
  if (message.kind === 'ChunkData') {
    if (message.parts.length !== ask.places.length) return null;
    ask.parts = message.parts;
  }
  ask.isDone = true;
  sendDue(device, ctx);
  const answer = answerOf(device);
  return answer === null ? null : finish(device, ctx, answer);
}

export function onDeviceTimer(device: ChunkDevice, ctx: RoleContext): Answer | null {
  if (device.io === null) return null;
  if (ctx.now >= device.deadline) return finish(device, ctx, { kind: 'failed', error: 'ENOQUORUM' });
  sendDue(device, ctx);
  return null;
}

function finish(device: ChunkDevice, ctx: RoleContext, answer: Answer): Answer {
  device.io = null;
  device.asks = [];
  wakeAt(ctx, DEVICE_TIMER, null);
  return answer;
}

function answerOf({ io, asks }: ChunkDevice): Answer | null {
  if (io === null || asks.some(({ isDone }) => !isDone)) return null;
  if (io.kind !== 'read') return { kind: 'written' };
  const parts = new Map(asks.map(({ chunk, parts: own }) => [chunk, [...own]]));
  return { kind: 'bytes', bytes: io.places.map(({ chunk }) => parts.get(chunk)?.shift() as Uint8Array) };
}
