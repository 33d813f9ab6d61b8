// The compute role: a seat for each volume that the node has a part in (seat.ts). A message goes to the seat whose volume
// or group it names, a timer to the seat that set it, what concerns the node to all.

import { present } from '../../base/assert.ts';
import type { Time } from '../../base/ids.ts';
import type { EngineProgram } from '../engine/engine-program.ts';
import type { RoleContext } from '../kernel/context.ts';
import type { AgentCommand, Input, NodeConfig, ViewParams } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { spareSeatsOf } from '../kernel/seats.ts';
import type { ComputeView } from './compute-view.ts';
import { configureSeat, seatView, stepSeat } from './seat.ts';
import { makeSeat, modeOf, type Seat, volumeOf } from './seat-state.ts';
import { reportSeat, startSeat } from './seat-switch.ts';

export interface ComputeState<E> {
  readonly bootEpoch: number;
  /** In the order of their indexes; no two hold one volume. */
  readonly seats: readonly Seat<E>[];
}

function openCompute<E>(engine: EngineProgram<E>, config: NodeConfig, bootEpoch: number): ComputeState<E> {
  const spec = present(
    config.cluster.nodes.find(({ id }) => id === config.nodeId),
    'the node in its cluster',
  );
  const spares = Array.from({ length: spareSeatsOf(spec) }, () => '');
  const volumes = spec.isSpare ? spares : [config.cluster.volume, ...spares];
  const seats = volumes.map((volume, index) => makeSeat(engine, config, bootEpoch, index, volume));
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
  const step = (seat: Seat<E>, one: Input<Message>): void =>
    stepSeat(engine, seat, one, seatContext(ctx, seat.index));
  const { seats } = state;
  if (input.kind === 'message') for (const seat of receivers(seats, input.message)) step(seat, input);
  else if (input.kind === 'wake') {
    const [timer = '', index = '0'] = input.timer.split(SCOPE);
    const seat = seats[Number(index)];
    if (seat) step(seat, { kind: 'wake', now: input.now, timer });
  } else if (input.kind === 'agentCommand') {
    const seat = seatFor(seats, input.command);
    if (seat) step(seat, input);
  }
  refreshHeld(state);
}

/** The seat of the volume that a command names; of none, that of the cluster's own volume, else the first that is open. */
function seatFor<E>(seats: readonly Seat<E>[], command: AgentCommand): Seat<E> | undefined {
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
  { bootEpoch, seats }: ComputeState<E>,
  now: Time,
  params: ViewParams,
): ComputeView => {
  const [first, ...others] = seats.map((seat) => seatView(engine, seat, now, params));
  return { role: 'compute', bootEpoch, ...present(first, 'a seat'), others };
};

/** A compute node around an SQL engine. */
export const computeRole = <E>(engine: EngineProgram<E>): RoleModule<ComputeState<E>> => ({
  name: 'compute',
  tag: 1,
  commands: ['padTo', 'readPage', 'evictPage', 'pinPage', 'unpinPage', 'revokeReader'],
  heartbeat: {
    replicas: () => [],
    sendReports: ({ seats }, ctx, metadata) => {
      for (const seat of seats) reportSeat(seat, seatContext(ctx, seat.index), metadata);
    },
    awaitsCheck: () => false,
    check: () => false,
    learn: ({ seats }, _, bootEpoch) => {
      for (const { ha } of seats) if (ha) ha.life = bootEpoch;
    },
  },
  configure: ({ seats }, params) => {
    for (const seat of seats) configureSeat(engine, seat, params);
  },
  open: (config, _disk, bootEpoch) => openCompute(engine, config, bootEpoch),
  start: startCompute,
  step: (state, input, ctx) => stepCompute(engine, state, input, ctx),
  view: (state, params, now) => computeView(engine, state, now, params),
});
