// The compute role of a cluster whose volume lies in files of a shared device (docs/spec/logindex.md). Every node begins as a reader; the metadata
// says who writes (failover.md §2): who is granted a token goes on as the writer without a restart (LI §8), and a writer that another
// has overtaken, or whose mount is over, reads from then on (FENCE-14, FS-82).

import type { Lsn, NodeId, Term } from '../../base/ids.ts';
import { learnServers } from '../chunk/device.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { Input, NodeConfig } from '../kernel/door.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { startOpening } from './opening.ts';
import { promoting, traceStep } from './promotion.ts';
import { leaveReading, startSharedReader, stepSharedReader } from './reader-seat.ts';
import { readerView, writerView } from './seat-views.ts';
import { makeSharedReader, parsedBy, type SharedReader, slotOf } from './shared-reader.ts';
import {
  type Damage,
  damageOf,
  isFreezing,
  makeSharedSeat,
  type Redo,
  type SharedSeat,
} from './shared-seat.ts';
import { endWriter, stepWriter } from './writer-seat.ts';

export type Seat<E> =
  | { readonly kind: 'writer'; readonly seat: SharedSeat<E> }
  | { readonly kind: 'reader'; readonly seat: SharedReader<E> };

export interface Part<E> {
  config: NodeConfig;
  /** The node's life as its heartbeats say it. */
  boot: number;
  /** Seats that this life of the node has had. */
  seats: number;
  /** The greatest token that it was granted, or has ended under: none up to it begins anything here. */
  token: Term;
  /** Why its next writer reads the log from the checkpoint, instead of going on from what a reader has parsed (LI-74). */
  damage: Damage | null;
  now: Seat<E>;
  /** FS-77: who has the chunks, as far as the metadata has said so. */
  servers: MessageOf<'ChunkServers'>['groups'];
}

/** H2: the token was granted to this life of the node. */
function onPromote<E>(
  program: EngineProgram<E>,
  part: Part<E>,
  ctx: RoleContext,
  grant: MessageOf<'Promote'>,
): void {
  const { boot, token, volume } = grant;
  if (boot !== part.boot || token <= part.token) return;
  const { now } = part;
  part.token = token;
  part.seats++;
  // one that writes under an earlier token, and was missed, begins anew: its mount is fenced by its own
  if (now.kind === 'reader') leaveReading(program, now.seat, ctx);
  else endWriter(program, now.seat, ctx, 'fenced', token);
  const goesOn = grant.created && now.kind === 'reader' && part.damage === null;
  const promotion = goesOn ? promoting(now.seat) : null;
  const redo: Redo = promotion ? { kind: 'logIndex', promotion } : { kind: 'wal', damage: part.damage };
  const seat = makeSharedSeat(program, part.config, { boot, requests: part.seats, token }, redo);
  learnServers(seat.host.device, part.servers);
  part.now = { kind: 'writer', seat };
  trace(ctx, { kind: 'seat.mode', volume, mode: 'rw', token, why: 'granted' });
  startOpening(seat, ctx, grant);
  if (promotion) traceStep(seat, ctx, 'P2');
}

/** What the writer's end leaves: a reader, once somebody has the volume open. */
function readFromNowOn<E>(
  program: EngineProgram<E>,
  part: Part<E>,
  ctx: RoleContext,
  why: 'fenced' | 'lost',
): void {
  part.seats++;
  const seat = makeSharedReader(program, part.config, part.boot, part.seats);
  learnServers(seat.host.device, part.servers);
  part.now = { kind: 'reader', seat };
  const { volume } = part.config.cluster;
  trace(ctx, { kind: 'seat.mode', volume, mode: 'ro', token: part.token, why });
  startSharedReader(seat, ctx);
}

function step<E>(program: EngineProgram<E>, part: Part<E>, input: Input<Message>, ctx: RoleContext): void {
  if (input.kind === 'message' && input.message.kind === 'Promote') {
    onPromote(program, part, ctx, input.message);
    return;
  }
  const { now } = part;
  if (input.kind === 'message' && input.message.kind === 'ChunkServers') {
    part.servers = input.message.groups;
    learnServers(now.seat.host.device, part.servers);
    return;
  }
  if (now.kind === 'writer') {
    const over = stepWriter(program, now.seat, input, ctx);
    part.damage = damageOf(now.seat);
    if (over !== null) readFromNowOn(program, part, ctx, over.why);
  } else stepSharedReader(program, now.seat, input, ctx);
}

/** FENCE-20: what the PCS chooses candidates by. A writer whose mount is over says so, under its last token. */
function reportSeat<E>({ now, boot, token, config }: Part<E>, ctx: RoleContext, to: NodeId): void {
  const { volume } = config.cluster;
  if (now.kind === 'writer') {
    const { seat } = now;
    const own = {
      mode: 'rw',
      token: seat.token,
      applyLsn: seat.log.durable,
      isFrozen: isFreezing(seat),
      quorumUs: null,
    } as const;
    send(ctx, to, { kind: 'SeatReport', volume, boot, ...own });
    return;
  }
  send(ctx, to, {
    kind: 'SeatReport',
    volume,
    boot,
    mode: 'ro',
    token: Math.max(token, slotOf(now.seat)?.token ?? 0) as Term,
    applyLsn: parsedBy(now.seat)?.parser.applyLsn ?? (-1 as Lsn),
    isFrozen: false,
    quorumUs: null,
  });
}

/** A compute node around an SQL engine, at a volume in files. */
export const sharedComputeRole = <E>(program: EngineProgram<E>): RoleModule<Part<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage'],
  heartbeat: {
    replicas: () => [],
    sendReports: (part, ctx, metadata) => reportSeat(part, ctx, metadata),
    awaitsCheck: () => false,
    check: () => false,
    // F24: requests of a life that the metadata has forgotten are numbered anew
    learn: (part, _, bootEpoch) => {
      part.boot = bootEpoch;
      part.now.seat.boot = bootEpoch;
    },
  },
  configure: (part, params) => {
    part.config = { ...part.config, params };
    part.now.seat.config = part.config;
    program.configure(part.now.seat.engine, params);
  },
  open: (config, _, boot) => ({
    config,
    boot,
    seats: 0,
    token: 0 as Term,
    damage: null,
    now: { kind: 'reader', seat: makeSharedReader(program, config, boot, 0) },
    servers: [],
  }),
  start: ({ now }, ctx) => {
    if (now.kind === 'reader') startSharedReader(now.seat, ctx);
  },
  step: (part, input, ctx) => step(program, part, input, ctx),
  view: ({ now: { kind, seat } }, params, now) =>
    kind === 'writer' ? writerView(program, seat, now, params) : readerView(program, seat, now, params),
});
