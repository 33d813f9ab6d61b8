// The compute role: an attachment for each volume that the node has a part in (attachment.ts). A message goes to the attachment whose volume
// or group it names, a timer to the attachment that set it, what concerns the node to all.

import { present } from '../../base/assert.ts';
import { type Lsn, MAX, type Term, type Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import { spareAttachmentsOf } from '../kernel/attachments.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import type { ShardId } from '../placement/shard-map.ts';
import { attachmentView, configureAttachment, stepAttachment } from './attachment.ts';
import { type Attachment, makeAttachment, modeOf, volumeOf } from './attachment-state.ts';
import { reportAttachment, startAttachment } from './attachment-switch.ts';
import type { ComputeView } from './compute-view.ts';
import { CONFIRM_TIMER, holdReads, onConfirmReply, onConfirmTimer } from './confirm-reads.ts';
import { GATHER_TIMER, type GatherInput, stepGatherer } from './gather.ts';
import { PART_MARK } from './gather-parts.ts';
import { driveTrims, onTrimReply } from './split-trim.ts';
import {
  closeAttachment,
  followClock,
  gatherHost,
  leaseAttachments,
  makeTabletPart,
  onAppointed,
  onSchemaIs,
  readsOf,
  recordRequest,
  refuseRequest,
  reportSchema,
  type TabletPart,
  tendShards,
} from './tablet-attachments.ts';
import { onSplitReply, onSplitStep, reportSplits, SPLIT_MARK, type SplitHost } from './tablet-split.ts';

export interface ComputeState<E> {
  readonly bootEpoch: number;
  /** In the order of their indexes; no two hold one volume. Where tables are cut into tablets they come and go. */
  readonly attachments: Attachment<E>[];
  /** Where tables are cut into tablets. */
  readonly tablets?: TabletAttachments<E>;
}

interface TabletAttachments<E> {
  readonly part: TabletPart;
  readonly config: NodeConfig;
  /** What the node shows while it has no other. */
  readonly idle: Attachment<E>;
}

function openCompute<E>(
  engine: EngineProgram<E>,
  config: NodeConfig,
  disk: DiskImage,
  bootEpoch: number,
): ComputeState<E> {
  if (config.cluster.placement) {
    const idle = makeAttachment(engine, config, bootEpoch, 0, '');
    return { bootEpoch, attachments: [], tablets: { part: makeTabletPart(bootEpoch), config, idle } };
  }
  const spec = present(
    config.cluster.nodes.find(({ id }) => id === config.nodeId),
    'the node in its cluster',
  );
  const spares = Array.from({ length: spareAttachmentsOf(spec) }, () => '');
  const volumes = spec.isSpare ? spares : [config.cluster.volume, ...spares];
  const attachments = volumes.map((volume, index) =>
    makeAttachment(engine, config, bootEpoch, index, volume, false, disk),
  );
  return { bootEpoch, attachments };
}

const SCOPE = '#';

/** Timers of the first attachment have plain names. */
const attachmentContext = (ctx: RoleContext, index: number): RoleContext =>
  index === 0 ? ctx : { ...ctx, scope: `${SCOPE}${index}` };

function startCompute<E>(state: ComputeState<E>, ctx: RoleContext): void {
  for (const attachment of state.attachments) {
    refreshHeld(state);
    startAttachment(attachment, attachmentContext(ctx, attachment.index));
  }
}

/** An attachment that waits says which volumes the others hold. */
function refreshHeld<E>({ attachments }: ComputeState<E>): void {
  if (attachments.length === 1) return;
  const held = attachments.map(volumeOf).filter((volume) => volume !== '');
  for (const { recovery } of attachments) recovery.held = held;
}

function stepCompute<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  const { attachments, tablets } = state;
  const first = ctx.effects.length;
  if (tablets) {
    followClock(tablets.part, ctx.now);
    leaseAttachments(tablets.part, tablets.config, attachments);
  }
  const step = (attachment: Attachment<E>, one: Input<Message>): void => {
    const own = attachmentContext(ctx, attachment.index);
    const begin = ctx.effects.length;
    stepAttachment(engine, attachment, one, own);
    if (tablets) holdReads(readsOf(tablets.part, attachment), attachment, own, begin);
  };
  if (input.kind === 'message' && tablets) onTabletMessage(engine, tablets, attachments, input, ctx, step);
  else if (input.kind === 'message')
    for (const attachment of receivers(attachments, input.message)) step(attachment, input);
  else if (input.kind === 'wake') {
    const [timer = '', index = '0'] = input.timer.split(SCOPE);
    const attachment = attachments.find((one) => one.index === Number(index));
    if (tablets && timer === GATHER_TIMER) gather(tablets, ctx, { kind: 'wake' });
    else if (attachment && tablets && timer === CONFIRM_TIMER)
      onConfirmTimer(readsOf(tablets.part, attachment), attachment, attachmentContext(ctx, attachment.index));
    else if (attachment) step(attachment, { kind: 'wake', now: input.now, timer });
  } else if (input.kind === 'diskDone' || input.kind === 'readDone') {
    const attachment = attachments.find(({ reader }) => reader?.classic !== undefined);
    if (attachment) step(attachment, input);
  } else if (input.kind === 'operatorCommand') {
    const attachment = attachmentFor(attachments, input.command);
    if (attachment) step(attachment, input);
  }
  if (tablets)
    for (const attachment of [...attachments])
      if (attachment.status === 'fenced')
        closeAttachment(
          engine,
          tablets.part,
          attachments,
          attachment,
          attachmentContext(ctx, attachment.index),
          'fenced',
        );
  if (tablets) sendParts(ctx, first);
  refreshHeld(state);
}

const gather = <E>({ part, config }: TabletAttachments<E>, ctx: RoleContext, input: GatherInput): void =>
  stepGatherer(part.gatherer, gatherHost(part, config, ctx), ctx, input);

/** Answers to nodes that gather are parts; a driver gets what it asked for itself. */
function sendParts({ effects }: RoleContext, first: number): void {
  for (let i = first; i < effects.length; i++) {
    const effect = effects[i];
    if (effect?.kind !== 'send') continue;
    if (effect.message.kind === 'AtWork' && effect.message.session.startsWith(PART_MARK))
      effects[i] = { ...effect, message: { ...effect.message, to: 'compute' } };
    if (effect.message.kind !== 'SqlReply' || !effect.message.session.startsWith(PART_MARK)) continue;
    const message = {
      ...effect.message,
      kind: 'PartReply',
      primary: null,
      term: 0 as Term,
      current: 0,
    } as const;
    effects[i] = { ...effect, message };
  }
}

/** What concerns definitions and appointments is the node's; everything else is for the attachment of the volume or group that it names. */
function onTabletMessage<E>(
  engine: EngineProgram<E>,
  tablets: TabletAttachments<E>,
  attachments: Attachment<E>[],
  input: Extract<Input<Message>, { kind: 'message' }>,
  ctx: RoleContext,
  step: (attachment: Attachment<E>, input: Input<Message>) => void,
): void {
  const { part, config } = tablets;
  const { message, from } = input;
  const at = (volume: string) => attachments.find((attachment) => volumeOf(attachment) === volume);
  switch (message.kind) {
    case 'SchemaIs':
      onSchemaIs(part, ctx, message, config.params.nodeHeartbeatMs);
      break;
    case 'Promote':
      onAppointed(engine, part, config, attachments, message, (index) => attachmentContext(ctx, index));
      break;
    case 'VolumeTaken':
      for (const attachment of [...attachments])
        if (message.groups.some((group) => hasGroup(attachment, group)))
          closeAttachment(
            engine,
            part,
            attachments,
            attachment,
            attachmentContext(ctx, attachment.index),
            'dropped',
          );
      break;
    case 'ShardIs':
      part.shards.set(message.volume, {
        shard: { id: message.shard as ShardId, first: message.first, end: MAX },
        askedAt: ctx.now,
      });
      break;
    case 'SplitStep':
      onSplitStep(splitHost(engine, tablets, attachments, input, ctx, step), ctx, from, message);
      break;
    case 'PartReply':
      if (message.session.startsWith(SPLIT_MARK)) {
        const host = splitHost(engine, tablets, attachments, input, ctx, step);
        if (!onTrimReply(host, ctx, message)) onSplitReply(host, message);
      } else gather(tablets, ctx, { kind: 'message', from, message });
      break;
    case 'AtWork':
    case 'GatherRequest':
    case 'MapIs':
      gather(tablets, ctx, { kind: 'message', from, message });
      break;
    case 'ShardRequest':
    case 'ReadPart': {
      const { kind, group: _, term: __, memberEpoch, geoEpoch, tables, ...request } = message;
      const attachment = at(message.volume);
      const refused = refuseRequest(part, config, attachment, ctx, message);
      if (!refused && attachment) {
        recordRequest(part, attachment, attachmentContext(ctx, attachment.index), message);
        step(attachment, { ...input, message: { kind: 'SqlRequest', ...request } });
        break;
      }
      const { session, incarnation, sequence } = message;
      const why = refused ?? { code: 'NOT_PRIMARY', primary: null, term: 0 as Term, current: 0 };
      const to = { session, incarnation, sequence, ...why };
      if (kind === 'ShardRequest') send(ctx, from, { kind: 'ShardRefused', ...to });
      else send(ctx, from, { kind: 'PartReply', ...to, scn: -1 as Lsn, results: [], inTransaction: false });
      break;
    }
    case 'NodeBeatOk': {
      for (const attachment of [...attachments]) step(attachment, input);
      const host = splitHost(engine, tablets, attachments, input, ctx, step);
      reportSplits(host, ctx, from);
      driveTrims(host);
      tendShards(part, config, attachments, ctx);
      break;
    }
    default: {
      if (message.kind === 'WriterIs')
        part.primaries.set(message.volume, { primary: message.writer, term: message.token });
      const found = attachments.find((attachment) => {
        if ('volume' in message) return volumeOf(attachment) === message.volume;
        return 'group' in message && hasGroup(attachment, message.group);
      });
      if (found && message.kind === 'ConfirmReply')
        onConfirmReply(readsOf(part, found), found, attachmentContext(ctx, found.index), from, message);
      if (found) step(found, input);
    }
  }
}

type Received = Extract<Input<Message>, { kind: 'message' }>;

const splitHost = <E>(
  engine: EngineProgram<E>,
  { part, config }: TabletAttachments<E>,
  attachments: readonly Attachment<E>[],
  input: Received,
  ctx: RoleContext,
  step: (attachment: Attachment<E>, input: Received) => void,
): SplitHost<E> => ({
  engine,
  part,
  config,
  attachments,
  contextOf: (index) => attachmentContext(ctx, index),
  request: (attachment, from, message) => step(attachment, { ...input, from, message }),
});

/** The attachment of the volume that a command names; of none, that of the cluster's own volume, else the first that is open. */
function attachmentFor<E>(
  attachments: readonly Attachment<E>[],
  command: OperatorCommand,
): Attachment<E> | undefined {
  const of = (volume: string) => attachments.find((attachment) => volumeOf(attachment) === volume);
  if ('volume' in command && command.volume !== '') return of(command.volume);
  const own = of(attachments[0]?.config.cluster.volume ?? '');
  return own?.status === 'open'
    ? own
    : (attachments.find(({ status }) => status === 'open') ?? attachments[0]);
}

/** The attachments that a message is for; what names a volume or a group that none has is for the first, which knows what to do. */
function receivers<E>(attachments: readonly Attachment<E>[], message: Message): readonly Attachment<E>[] {
  if (attachments.length === 1 || message.kind === 'NodeBeatOk' || message.kind === 'VolumeTaken')
    return attachments;
  if (message.kind === 'VolumeGiven') {
    const isHeld = attachments.some((attachment) => volumeOf(attachment) === message.volume);
    return isHeld ? [] : attachments.filter((attachment) => modeOf(attachment) === 'idle').slice(0, 1);
  }
  const found = attachments.find((attachment) => {
    if ('volume' in message) return volumeOf(attachment) === message.volume;
    return 'group' in message && hasGroup(attachment, message.group);
  });
  return found ? [found] : attachments.slice(0, 1);
}

const hasGroup = <E>({ recovery }: Attachment<E>, group: string): boolean =>
  recovery.groups.some(({ descriptor }) => descriptor.group === group);

const computeView = <E>(
  engine: EngineProgram<E>,
  { bootEpoch, attachments, tablets }: ComputeState<E>,
  now: Time,
  params: ViewParams,
): ComputeView => {
  const shown = tablets && attachments.length === 0 ? [tablets.idle] : attachments;
  const [first, ...others] = shown.map((attachment) => attachmentView(engine, attachment, now, params));
  const view = { role: 'compute', bootEpoch, ...present(first, 'an attachment'), others } as const;
  // where attachments come with appointments, a node that has none is not on its way to one
  return tablets && attachments.length === 0 ? { ...view, mode: 'idle', state: 'waiting' } : view;
};

/** A compute node around an SQL engine. */
export const computeRole = <E>(engine: EngineProgram<E>): RoleModule<ComputeState<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage', 'revokeReader'],
  heartbeat: {
    replicas: () => [],
    sendReports: ({ attachments, tablets }, ctx, metadata) => {
      if (tablets) reportSchema(engine, tablets.part, attachments, ctx, metadata);
      for (const attachment of attachments)
        reportAttachment(attachment, attachmentContext(ctx, attachment.index), metadata);
    },
    awaitsCheck: () => false,
    check: () => false,
    learn: ({ attachments, tablets }, _, bootEpoch) => {
      if (tablets) tablets.part.incarnation = bootEpoch;
      for (const { ha } of attachments) if (ha) ha.incarnation = bootEpoch;
    },
  },
  configure: ({ attachments }, params) => {
    for (const attachment of attachments) configureAttachment(engine, attachment, params);
  },
  open: (config, disk, bootEpoch) => openCompute(engine, config, disk, bootEpoch),
  start: startCompute,
  step: (state, input, ctx) => stepCompute(engine, state, input, ctx),
  view: (state, params, now) => computeView(engine, state, now, params),
});
