// The compute role: a seat for each volume that the node has a part in (seat.ts). A message goes to the seat whose volume
// or group it names, a timer to the seat that set it, what concerns the node to all.

import { present } from '../../base/assert.ts';
import { type Lsn, MAX, type Term, type Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { OperatorCommand } from '../kernel/commands.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { DiskImage, Input, NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { spareSeatsOf } from '../kernel/seats.ts';
import type { ViewParams } from '../kernel/view-params.ts';
import type { ShardId } from '../placement/shard-map.ts';
import type { ComputeView } from './compute-view.ts';
import { CONFIRM_TIMER, holdReads, onConfirmReply, onConfirmTimer } from './confirm-reads.ts';
import { GATHER_TIMER, type GatherInput, stepGatherer } from './gather.ts';
import { PART_MARK } from './gather-parts.ts';
import { configureSeat, seatView, stepSeat } from './seat.ts';
import { makeSeat, modeOf, type Seat, volumeOf } from './seat-state.ts';
import { reportSeat, startSeat } from './seat-switch.ts';
import { driveTrims, onTrimReply } from './split-trim.ts';
import {
  closeSeat,
  followClock,
  gatherHost,
  leaseSeats,
  makeTabletPart,
  onAppointed,
  onSchemaIs,
  readsOf,
  recordRequest,
  refuseRequest,
  reportSchema,
  type TabletPart,
  tendShards,
} from './tablet-seats.ts';
import { onSplitReply, onSplitStep, reportSplits, SPLIT_MARK, type SplitHost } from './tablet-split.ts';

export interface ComputeState<E> {
  readonly bootEpoch: number;
  /** In the order of their indexes; no two hold one volume. Where tables are cut into tablets they come and go. */
  readonly seats: Seat<E>[];
  /** Where tables are cut into tablets. */
  readonly tablets?: TabletSeats<E>;
}

interface TabletSeats<E> {
  readonly part: TabletPart;
  readonly config: NodeConfig;
  /** What the node shows while it has no other. */
  readonly idle: Seat<E>;
}

function openCompute<E>(
  engine: EngineProgram<E>,
  config: NodeConfig,
  disk: DiskImage,
  bootEpoch: number,
): ComputeState<E> {
  if (config.cluster.placement) {
    const idle = makeSeat(engine, config, bootEpoch, 0, '');
    return { bootEpoch, seats: [], tablets: { part: makeTabletPart(bootEpoch), config, idle } };
  }
  const spec = present(
    config.cluster.nodes.find(({ id }) => id === config.nodeId),
    'the node in its cluster',
  );
  const spares = Array.from({ length: spareSeatsOf(spec) }, () => '');
  const volumes = spec.isSpare ? spares : [config.cluster.volume, ...spares];
  const seats = volumes.map((volume, index) =>
    makeSeat(engine, config, bootEpoch, index, volume, false, disk),
  );
  return { bootEpoch, seats };
}

const SCOPE = '#';

/** Timers of the first seat have plain names. */
const seatContext = (ctx: RoleContext, index: number): RoleContext =>
  index === 0 ? ctx : { ...ctx, scope: `${SCOPE}${index}` };

function startCompute<E>(state: ComputeState<E>, ctx: RoleContext): void {
  for (const seat of state.seats) {
    refreshHeld(state);
    startSeat(seat, seatContext(ctx, seat.index));
  }
}

/** A seat that waits says which volumes the others hold. */
function refreshHeld<E>({ seats }: ComputeState<E>): void {
  if (seats.length === 1) return;
  const held = seats.map(volumeOf).filter((volume) => volume !== '');
  for (const { recovery } of seats) recovery.held = held;
}

function stepCompute<E>(
  engine: EngineProgram<E>,
  state: ComputeState<E>,
  input: Input<Message>,
  ctx: RoleContext,
): void {
  const { seats, tablets } = state;
  const first = ctx.effects.length;
  if (tablets) {
    followClock(tablets.part, ctx.now);
    leaseSeats(tablets.part, tablets.config, seats);
  }
  const step = (seat: Seat<E>, one: Input<Message>): void => {
    const own = seatContext(ctx, seat.index);
    const begin = ctx.effects.length;
    stepSeat(engine, seat, one, own);
    if (tablets) holdReads(readsOf(tablets.part, seat), seat, own, begin);
  };
  if (input.kind === 'message' && tablets) onTabletMessage(engine, tablets, seats, input, ctx, step);
  else if (input.kind === 'message') for (const seat of receivers(seats, input.message)) step(seat, input);
  else if (input.kind === 'wake') {
    const [timer = '', index = '0'] = input.timer.split(SCOPE);
    const seat = seats.find((one) => one.index === Number(index));
    if (tablets && timer === GATHER_TIMER) gather(tablets, ctx, { kind: 'wake' });
    else if (seat && tablets && timer === CONFIRM_TIMER)
      onConfirmTimer(readsOf(tablets.part, seat), seat, seatContext(ctx, seat.index));
    else if (seat) step(seat, { kind: 'wake', now: input.now, timer });
  } else if (input.kind === 'diskDone' || input.kind === 'readDone') {
    const seat = seats.find(({ reader }) => reader?.classic !== undefined);
    if (seat) step(seat, input);
  } else if (input.kind === 'operatorCommand') {
    const seat = seatFor(seats, input.command);
    if (seat) step(seat, input);
  }
  if (tablets)
    for (const seat of [...seats])
      if (seat.status === 'fenced')
        closeSeat(engine, tablets.part, seats, seat, seatContext(ctx, seat.index), 'fenced');
  if (tablets) sendParts(ctx, first);
  refreshHeld(state);
}

const gather = <E>({ part, config }: TabletSeats<E>, ctx: RoleContext, input: GatherInput): void =>
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

/** What concerns definitions and appointments is the node's; everything else is for the seat of the volume or group that it names. */
function onTabletMessage<E>(
  engine: EngineProgram<E>,
  tablets: TabletSeats<E>,
  seats: Seat<E>[],
  input: Extract<Input<Message>, { kind: 'message' }>,
  ctx: RoleContext,
  step: (seat: Seat<E>, input: Input<Message>) => void,
): void {
  const { part, config } = tablets;
  const { message, from } = input;
  const at = (volume: string) => seats.find((seat) => volumeOf(seat) === volume);
  switch (message.kind) {
    case 'SchemaIs':
      onSchemaIs(part, ctx, message, config.params.nodeHeartbeatMs);
      break;
    case 'Promote':
      onAppointed(engine, part, config, seats, message, (index) => seatContext(ctx, index));
      break;
    case 'VolumeTaken':
      for (const seat of [...seats])
        if (message.groups.some((group) => hasGroup(seat, group)))
          closeSeat(engine, part, seats, seat, seatContext(ctx, seat.index), 'dropped');
      break;
    case 'ShardIs':
      part.shards.set(message.volume, {
        shard: { id: message.shard as ShardId, first: message.first, end: MAX },
        askedAt: ctx.now,
      });
      break;
    case 'SplitStep':
      onSplitStep(splitHost(engine, tablets, seats, input, ctx, step), ctx, from, message);
      break;
    case 'PartReply':
      if (message.session.startsWith(SPLIT_MARK)) {
        const host = splitHost(engine, tablets, seats, input, ctx, step);
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
      const seat = at(message.volume);
      const refused = refuseRequest(part, config, seat, ctx, message);
      if (!refused && seat) {
        recordRequest(part, seat, seatContext(ctx, seat.index), message);
        step(seat, { ...input, message: { kind: 'SqlRequest', ...request } });
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
      for (const seat of [...seats]) step(seat, input);
      const host = splitHost(engine, tablets, seats, input, ctx, step);
      reportSplits(host, ctx, from);
      driveTrims(host);
      tendShards(part, config, seats, ctx);
      break;
    }
    default: {
      if (message.kind === 'WriterIs')
        part.primaries.set(message.volume, { primary: message.writer, term: message.token });
      const found = seats.find((seat) => {
        if ('volume' in message) return volumeOf(seat) === message.volume;
        return 'group' in message && hasGroup(seat, message.group);
      });
      if (found && message.kind === 'ConfirmReply')
        onConfirmReply(readsOf(part, found), found, seatContext(ctx, found.index), from, message);
      if (found) step(found, input);
    }
  }
}

type Received = Extract<Input<Message>, { kind: 'message' }>;

const splitHost = <E>(
  engine: EngineProgram<E>,
  { part, config }: TabletSeats<E>,
  seats: readonly Seat<E>[],
  input: Received,
  ctx: RoleContext,
  step: (seat: Seat<E>, input: Received) => void,
): SplitHost<E> => ({
  engine,
  part,
  config,
  seats,
  contextOf: (index) => seatContext(ctx, index),
  request: (seat, from, message) => step(seat, { ...input, from, message }),
});

/** The seat of the volume that a command names; of none, that of the cluster's own volume, else the first that is open. */
function seatFor<E>(seats: readonly Seat<E>[], command: OperatorCommand): Seat<E> | undefined {
  const of = (volume: string) => seats.find((seat) => volumeOf(seat) === volume);
  if ('volume' in command && command.volume !== '') return of(command.volume);
  const own = of(seats[0]?.config.cluster.volume ?? '');
  return own?.status === 'open' ? own : (seats.find(({ status }) => status === 'open') ?? seats[0]);
}

/** The seats that a message is for; what names a volume or a group that none has is for the first, which knows what to do. */
function receivers<E>(seats: readonly Seat<E>[], message: Message): readonly Seat<E>[] {
  if (seats.length === 1 || message.kind === 'NodeBeatOk' || message.kind === 'VolumeTaken') return seats;
  if (message.kind === 'VolumeGiven') {
    const isHeld = seats.some((seat) => volumeOf(seat) === message.volume);
    return isHeld ? [] : seats.filter((seat) => modeOf(seat) === 'idle').slice(0, 1);
  }
  const found = seats.find((seat) => {
    if ('volume' in message) return volumeOf(seat) === message.volume;
    return 'group' in message && hasGroup(seat, message.group);
  });
  return found ? [found] : seats.slice(0, 1);
}

const hasGroup = <E>({ recovery }: Seat<E>, group: string): boolean =>
  recovery.groups.some(({ descriptor }) => descriptor.group === group);

const computeView = <E>(
  engine: EngineProgram<E>,
  { bootEpoch, seats, tablets }: ComputeState<E>,
  now: Time,
  params: ViewParams,
): ComputeView => {
  const shown = tablets && seats.length === 0 ? [tablets.idle] : seats;
  const [first, ...others] = shown.map((seat) => seatView(engine, seat, now, params));
  const view = { role: 'compute', bootEpoch, ...present(first, 'a seat'), others } as const;
  // where seats come with appointments, a node that has none is not on its way to one
  return tablets && seats.length === 0 ? { ...view, mode: 'idle', state: 'waiting' } : view;
};

/** A compute node around an SQL engine. */
export const computeRole = <E>(engine: EngineProgram<E>): RoleModule<ComputeState<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage', 'revokeReader'],
  heartbeat: {
    replicas: () => [],
    sendReports: ({ seats, tablets }, ctx, metadata) => {
      if (tablets) reportSchema(engine, tablets.part, seats, ctx, metadata);
      for (const seat of seats) reportSeat(seat, seatContext(ctx, seat.index), metadata);
    },
    awaitsCheck: () => false,
    check: () => false,
    learn: ({ seats, tablets }, _, bootEpoch) => {
      if (tablets) tablets.part.life = bootEpoch;
      for (const { ha } of seats) if (ha) ha.life = bootEpoch;
    },
  },
  configure: ({ seats }, params) => {
    for (const seat of seats) configureSeat(engine, seat, params);
  },
  open: (config, disk, bootEpoch) => openCompute(engine, config, disk, bootEpoch),
  start: startCompute,
  step: (state, input, ctx) => stepCompute(engine, state, input, ctx),
  view: (state, params, now) => computeView(engine, state, now, params),
});
