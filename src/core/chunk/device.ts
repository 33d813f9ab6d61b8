// The device of a mount, made of chunk groups (docs/spec/polarfs.md FS-1, FS-70, FS-72, FS-80, FS-81): carries out batches of reads or
// writes, each in a lane of its own. Each chunk is asked on its own; who does not answer, or does not lead, is followed by another replica,
// until the batch is done or its time is over. Writes to a chunk are numbered, and a few of them are out at a time.

import { type NodeId, type RequestNumber, type Time, term } from '../../base/ids.ts';
import type { ChunkSpec, ClusterSpec } from '../kernel/cluster-spec.ts';
import { type RoleContext, send, takeRequestNumber, wakeAt } from '../kernel/context.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import type { Place } from '../pfs/geometry.ts';
import type { Answer } from '../pfs/mount.ts';
import type { DeviceWrite } from '../pfs/mount-state.ts';
import { type Piece, WRITE_WINDOW } from './commands.ts';
import { chunksOf } from './device-spec.ts';

export const DEVICE_TIMER = 'device';
const RETRY_US = 20_000;
/** FS-72: the I/O timeout. */
const TIMEOUT_US = 3_000_000;
/** Bytes of one entry of a chunk's log. */
const ENTRY_BYTES = 64 * 1024;

/** Who waits for a batch: the mount's call, or one of those beside it. */
export type Lane = number;

/** A batch that has ended. */
export interface Landed {
  readonly lane: Lane;
  readonly answer: Answer;
}

type DeviceIo =
  | { readonly kind: 'read'; readonly places: readonly Place[] }
  | { readonly kind: 'write'; readonly writes: readonly DeviceWrite[] }
  /** FS-81: this writer's token, at every chunk. */
  | { readonly kind: 'install' };

interface Ask {
  readonly chunk: number;
  /** Sequence number of a write, 0 of a token, request number of a read. */
  readonly number: number;
  readonly pieces: readonly Piece[];
  readonly places: readonly Place[];
  sentAt: number;
  parts: readonly Uint8Array[];
  isDone: boolean;
}

interface Flight {
  readonly io: DeviceIo;
  readonly asks: readonly Ask[];
  readonly deadline: number;
}

export interface ChunkDevice {
  readonly mutants: Mutants;
  /** With the servers that have each as far as is known here: first as the cluster was laid out, then as the metadata says (FS-77). */
  readonly groups: ChunkSpec[];
  /** Chunks that the device has. */
  chunks: number;
  token: number;
  /** The highest that a chunk server has named. */
  seen: number;
  readonly nextSeq: number[];
  /** By chunk, whom it asks first. */
  readonly leaders: number[];
  /** By lane. */
  readonly flights: Map<Lane, Flight>;
}

export const makeDevice = (cluster: ClusterSpec, mutants: Mutants): ChunkDevice => ({
  mutants,
  groups: [...chunksOf(cluster)],
  chunks: chunksOf(cluster).length,
  token: 0,
  seen: 0,
  nextSeq: chunksOf(cluster).map(() => 1),
  leaders: chunksOf(cluster).map(() => 0),
  flights: new Map(),
});

/** FS-77: chunks are on other servers; whom it asks first it goes on to ask while it is one of them. */
export function learnServers(
  { groups, leaders }: ChunkDevice,
  known: MessageOf<'ChunkServers'>['groups'],
): void {
  for (const { group, servers } of known) {
    const chunk = groups.findIndex(({ id }) => id === group);
    const spec = groups[chunk];
    const isSame =
      spec?.replicas.length === servers.length && servers.every((one) => spec.replicas.includes(one));
    if (spec === undefined || servers.length === 0 || isSame) continue;
    const asked = spec.replicas[(leaders[chunk] as number) % spec.replicas.length];
    groups[chunk] = { id: group, replicas: [...servers] };
    leaders[chunk] = Math.max(0, asked === undefined ? 0 : servers.indexOf(asked));
  }
}

/** The leader that a server names may be on a server that is not known here yet. */
function learnLeader({ groups, leaders }: ChunkDevice, chunk: number, leader: NodeId): void {
  const spec = groups[chunk];
  if (spec === undefined) return;
  if (!spec.replicas.includes(leader)) groups[chunk] = { ...spec, replicas: [...spec.replicas, leader] };
  leaders[chunk] = (groups[chunk] as ChunkSpec).replicas.indexOf(leader);
}

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

/** The answer, where it needs nobody's. No two writes that are out touch one sector: who begins them sees to that. */
export function beginIo(device: ChunkDevice, ctx: RoleContext, lane: Lane, io: DeviceIo): Answer | null {
  const places =
    io.kind === 'read' ? io.places : io.kind === 'write' ? io.writes.map(({ place }) => place) : [];
  if (places.some(({ chunk }) => chunk >= device.chunks)) return { kind: 'failed', error: 'EINVAL' };
  const flight = { io, asks: asksOf(device, ctx, io, places), deadline: ctx.now + TIMEOUT_US };
  const answer = answerOf(flight);
  if (answer !== null) return answer;
  device.flights.set(lane, flight);
  sendDue(device, ctx);
  return null;
}

function asksOf(device: ChunkDevice, ctx: RoleContext, io: DeviceIo, places: readonly Place[]): Ask[] {
  if (io.kind === 'install') return Array.from({ length: device.chunks }, (_, chunk) => emptyAsk(chunk, 0));
  const chunks = [...new Set(places.map(({ chunk }) => chunk))].sort((a, b) => a - b);
  if (io.kind === 'write') return chunks.flatMap((chunk) => writesTo(device, chunk, io.writes));
  return chunks.map((chunk) => ({
    ...emptyAsk(chunk, takeRequestNumber(ctx)),
    places: places.filter((place) => place.chunk === chunk),
  }));
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

/** Questions that are open, if it is time to ask (again). A write waits until those far below it have been answered, so that replicas know it. */
function sendDue(device: ChunkDevice, ctx: RoleContext): void {
  const { flights, leaders } = device;
  const least = leastWrites(device);
  const moved = new Set<number>();
  for (const { io, asks } of flights.values())
    for (const ask of asks) {
      const { chunk, number, isDone, sentAt } = ask;
      if (isDone || ctx.now < sentAt + RETRY_US) continue;
      if (io.kind === 'write' && number >= (least.get(chunk) as number) + WRITE_WINDOW) continue;
      if (sentAt >= 0 && !moved.has(chunk)) leaders[chunk] = (leaders[chunk] as number) + 1;
      moved.add(chunk);
      ask.sentAt = ctx.now;
      sendAsk(device, ctx, io, ask);
    }
  if (flights.size > 0) wakeAt(ctx, DEVICE_TIMER, (ctx.now + RETRY_US) as Time);
}

/** By chunk, the least number of a write that is not answered. */
function leastWrites({ flights }: ChunkDevice): Map<number, number> {
  const least = new Map<number, number>();
  for (const { io, asks } of flights.values())
    for (const { chunk, number, isDone } of io.kind === 'write' ? asks : [])
      if (!isDone) least.set(chunk, Math.min(least.get(chunk) ?? number, number));
  return least;
}

function sendAsk({ groups, leaders, token }: ChunkDevice, ctx: RoleContext, io: DeviceIo, ask: Ask): void {
  const { chunk, number, pieces, places } = ask;
  const { id: group, replicas } = groups[chunk] as ChunkDevice['groups'][number];
  const to = replicas[(leaders[chunk] as number) % replicas.length] as NodeId;
  if (io.kind === 'read')
    send(ctx, to, { kind: 'ChunkRead', group, reqId: number as RequestNumber, places: [...places] });
  else if (io.kind === 'write')
    send(ctx, to, { kind: 'ChunkWrite', group, token: term(token), seq: number, pieces: [...pieces] });
  else send(ctx, to, { kind: 'ChunkToken', group, token: term(token) });
}

/** The open question that a message answers. */
function askOf({ flights, groups, token, mutants }: ChunkDevice, message: Message) {
  if (message.kind !== 'ChunkAck' && message.kind !== 'ChunkData') return null;
  const isOld = message.kind === 'ChunkAck' && message.token !== token;
  if (isOld && !has(mutants, 'chunk.takes-old-acks')) return null;
  const chunk = groups.findIndex(({ id }) => id === message.group);
  const number = message.kind === 'ChunkAck' ? message.seq : message.reqId;
  const asked = message.kind === 'ChunkData' ? 'read' : message.seq === 0 ? 'install' : 'write';
  for (const [lane, { io, asks }] of flights) {
    if (io.kind !== asked) continue;
    const ask = asks.find((one) => one.chunk === chunk && one.number === number && !one.isDone);
    if (ask !== undefined) return { lane, io, ask, message };
  }
  return null;
}

/** The answer of a batch, if this ends it. */
export function onDeviceMessage(device: ChunkDevice, ctx: RoleContext, from: Message): Landed | null {
  const known = askOf(device, from);
  if (known === null) return null;
  const { lane, io, ask, message } = known;
  const { chunk } = ask;
  const { why, leader } = message;
  device.seen = Math.max(device.seen, message.maxToken);
  if (why === 'TOKEN_STALE') return finish(device, ctx, lane, { kind: 'failed', error: 'TOKEN_STALE' });
  if (why === 'NOT_LEADER') {
    if (leader === null) return null;
    learnLeader(device, chunk, leader);
    sendAsk(device, ctx, io, ask);
    return null;
  }
  if (why !== '') return null; // asked again by the timer
  // FS-80, FENCE-11: a writer above it has begun.
  if (device.token > 0 && message.maxToken > device.token)
    return finish(device, ctx, lane, { kind: 'failed', error: 'TOKEN_STALE' });
  if (message.kind === 'ChunkData') {
    if (message.parts.length !== ask.places.length) return null;
    ask.parts = message.parts;
  }
  ask.isDone = true;
  sendDue(device, ctx);
  const flight = device.flights.get(lane);
  const answer = flight === undefined ? null : answerOf(flight);
  return answer === null ? null : finish(device, ctx, lane, answer);
}

/** At DEVICE_TIMER: batches whose time is over. */
export function onDeviceTimer(device: ChunkDevice, ctx: RoleContext): Landed[] {
  const late = [...device.flights].filter(([, { deadline }]) => ctx.now >= deadline);
  const landed = late.map(([lane]) => finish(device, ctx, lane, { kind: 'failed', error: 'ENOQUORUM' }));
  sendDue(device, ctx);
  return landed;
}

function finish(device: ChunkDevice, ctx: RoleContext, lane: Lane, answer: Answer): Landed {
  const { io, asks } = device.flights.get(lane) as Flight;
  device.flights.delete(lane);
  // what is given up may still come: replicas know it as too late by the numbers that follow
  if (io.kind === 'write' && answer.kind === 'failed')
    for (const chunk of new Set(asks.map((ask) => ask.chunk)))
      device.nextSeq[chunk] = (device.nextSeq[chunk] as number) + WRITE_WINDOW;
  if (device.flights.size === 0) wakeAt(ctx, DEVICE_TIMER, null);
  return { lane, answer };
}

function answerOf({ io, asks }: Flight): Answer | null {
  if (asks.some(({ isDone }) => !isDone)) return null;
  if (io.kind !== 'read') return { kind: 'written' };
  const parts = new Map(asks.map(({ chunk, parts: own }) => [chunk, [...own]]));
  return { kind: 'bytes', bytes: io.places.map(({ chunk }) => parts.get(chunk)?.shift() as Uint8Array) };
}
