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
import { readerView, writerView } from './attachment-views.ts';
import { startOpening } from './opening.ts';
import { promoting, traceStep } from './promotion.ts';
import { leaveReading, startSharedReader, stepSharedReader } from './reader-attachment.ts';
import {
  type Damage,
  damageOf,
  isFreezing,
  makeSharedAttachment,
  type Redo,
  type SharedAttachment,
} from './shared-attachment.ts';
import { makeSharedReader, parsedBy, type SharedReader, slotOf } from './shared-reader.ts';
import { endWriter, stepWriter } from './writer-attachment.ts';

export type Attachment<E> =
  | { readonly kind: 'writer'; readonly attachment: SharedAttachment<E> }
  | { readonly kind: 'reader'; readonly attachment: SharedReader<E> };

export interface Part<E> {
  config: NodeConfig;
  /** The node's life as its heartbeats say it. */
  boot: number;
  /** Attachments that this life of the node has had. */
  attachments: number;
  /** The greatest token that it was granted, or has ended under: none up to it begins anything here. */
  token: Term;
  /** Why its next writer reads the log from the checkpoint, instead of going on from what a reader has parsed (LI-74). */
  damage: Damage | null;
  now: Attachment<E>;
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
  part.attachments++;
  // one that writes under an earlier token, and was missed, begins anew: its mount is fenced by its own
  if (now.kind === 'reader') leaveReading(program, now.attachment, ctx);
  else endWriter(program, now.attachment, ctx, 'fenced', token);
  const goesOn = grant.created && now.kind === 'reader' && part.damage === null;
  const promotion = goesOn ? promoting(now.attachment) : null;
  const redo: Redo = promotion ? { kind: 'logIndex', promotion } : { kind: 'wal', damage: part.damage };
  const attachment = makeSharedAttachment(
    program,
    part.config,
    { boot, requests: part.attachments, token },
    redo,
  );
  learnServers(attachment.host.device, part.servers);
  part.now = { kind: 'writer', attachment };
  trace(ctx, { kind: 'attachment.mode', volume, mode: 'rw', token, why: 'granted' });
  startOpening(attachment, ctx, grant);
  if (promotion) traceStep(attachment, ctx, 'P2');
}

/** What the writer's end leaves: a reader, once somebody has the volume open. */
function readFromNowOn<E>(
  program: EngineProgram<E>,
  part: Part<E>,
  ctx: RoleContext,
  why: 'fenced' | 'lost',
): void {
  part.attachments++;
  const attachment = makeSharedReader(program, part.config, part.boot, part.attachments);
  learnServers(attachment.host.device, part.servers);
  part.now = { kind: 'reader', attachment };
  const { volume } = part.config.cluster;
  trace(ctx, { kind: 'attachment.mode', volume, mode: 'ro', token: part.token, why });
  startSharedReader(attachment, ctx);
}

function step<E>(program: EngineProgram<E>, part: Part<E>, input: Input<Message>, ctx: RoleContext): void {
  if (input.kind === 'message' && input.message.kind === 'Promote') {
    onPromote(program, part, ctx, input.message);
    return;
  }
  const { now } = part;
  if (input.kind === 'message' && input.message.kind === 'ChunkServers') {
    part.servers = input.message.groups;
    learnServers(now.attachment.host.device, part.servers);
    return;
  }
  if (now.kind === 'writer') {
    const over = stepWriter(program, now.attachment, input, ctx);
    part.damage = damageOf(now.attachment);
    if (over !== null) readFromNowOn(program, part, ctx, over.why);
  } else stepSharedReader(program, now.attachment, input, ctx);
}

/** FENCE-20: what the PCS chooses candidates by. A writer whose mount is over says so, under its last token. */
function reportAttachment<E>({ now, boot, token, config }: Part<E>, ctx: RoleContext, to: NodeId): void {
  const { volume } = config.cluster;
  if (now.kind === 'writer') {
    const { attachment } = now;
    const own = {
      mode: 'rw',
      token: attachment.token,
      applyLsn: attachment.log.durable,
      isFrozen: isFreezing(attachment),
      quorumUs: null,
    } as const;
    send(ctx, to, { kind: 'AttachmentReport', volume, boot, ...own });
    return;
  }
  send(ctx, to, {
    kind: 'AttachmentReport',
    volume,
    boot,
    mode: 'ro',
    token: Math.max(token, slotOf(now.attachment)?.token ?? 0) as Term,
    applyLsn: parsedBy(now.attachment)?.parser.applyLsn ?? (-1 as Lsn),
    isFrozen: false,
    quorumUs: null,
  });
}

/** A compute node around an SQL engine, at a volume in files. */
export const sharedComputeRole = <E>(program: EngineProgram<E>): RoleModule<Part<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage', 'checkpoint'],
  heartbeat: {
    replicas: () => [],
    sendReports: (part, ctx, metadata) => reportAttachment(part, ctx, metadata),
    awaitsCheck: () => false,
    check: () => false,
    // F24: requests of a life that the metadata has forgotten are numbered anew
    learn: (part, _, bootEpoch) => {
      part.boot = bootEpoch;
      part.now.attachment.boot = bootEpoch;
    },
  },
  configure: (part, params) => {
    part.config = { ...part.config, params };
    part.now.attachment.config = part.config;
    program.configure(part.now.attachment.engine, params);
  },
  open: (config, _, boot) => ({
    config,
    boot,
    attachments: 0,
    token: 0 as Term,
    damage: null,
    now: { kind: 'reader', attachment: makeSharedReader(program, config, boot, 0) },
    servers: [],
  }),
  start: ({ now }, ctx) => {
    if (now.kind === 'reader') startSharedReader(now.attachment, ctx);
  },
  step: (part, input, ctx) => step(program, part, input, ctx),
  view: ({ now: { kind, attachment } }, params, now) =>
    kind === 'writer'
      ? writerView(program, attachment, now, params)
      : readerView(program, attachment, now, params),
});
