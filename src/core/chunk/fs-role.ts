// A host of a mount: takes file-system calls one after the other and carries out what they ask of the device at the chunk servers
// (docs/spec/polarfs.md §4, FS-61, FS-81). A writer installs its token at every chunk before it reads the leader record.

import { unreachable } from '../../base/assert.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { Input, NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { RoleModule } from '../kernel/role.ts';
import { chunkBytes } from '../pfs/geometry.ts';
import { type Answer, beginCall, beginMkfs, beginMount, resume, type Step } from '../pfs/mount.ts';
import type { Call, LoadMode, Mount, Outcome } from '../pfs/mount-state.ts';
import {
  beginIo,
  type ChunkDevice,
  DEVICE_TIMER,
  makeDevice,
  onDeviceMessage,
  onDeviceTimer,
  useToken,
} from './device.ts';
import { chunkGeometry } from './device-spec.ts';
import type { FsView } from './trace-events.ts';

type FsOrder =
  | { readonly kind: 'fsMkfs'; readonly chunks: number; readonly isForced: boolean; readonly token: number }
  | { readonly kind: 'fsMount'; readonly mode: LoadMode; readonly token: number }
  | { readonly kind: 'fsCall'; readonly call: Call }
  /** The device has so many chunks from now on. */
  | { readonly kind: 'fsExtend'; readonly chunks: number };
type Order = Exclude<FsOrder, { kind: 'fsExtend' }>;

declare module '../kernel/door.ts' {
  interface RoleCommands {
    fs: FsOrder;
  }
}

/** Calls that wait; one more is answered EBUSY. */
const CALLS_MAX = 64;

export interface FsState {
  readonly device: ChunkDevice;
  readonly config: NodeConfig;
  mount: Mount | null;
  readonly queue: Order[];
  /** What is under way. */
  now: Order | null;
  /** The writer's token is on its way to the chunks. */
  isInstalling: boolean;
  /** Calls that ended, and how the last did. */
  done: number;
  outcome: Outcome | null;
}

function openFs(config: NodeConfig, _disk: unknown, bootEpoch: number): FsState {
  return {
    device: makeDevice(config.cluster, config.cluster.groups.length, bootEpoch * 2 ** 20),
    config,
    mount: null,
    queue: [],
    now: null,
    isInstalling: false,
    done: 0,
    outcome: null,
  };
}

function stepFs(state: FsState, input: Input<Message>, ctx: RoleContext): void {
  const { device } = state;
  switch (input.kind) {
    case 'agentCommand': {
      const { command } = input;
      if (command.kind === 'fsExtend') device.chunks = command.chunks;
      else if (command.kind === 'fsMkfs' || command.kind === 'fsMount' || command.kind === 'fsCall') {
        if (state.queue.length < CALLS_MAX) state.queue.push(command);
        else traceDone(state, ctx, command, 'EBUSY');
        takeNext(state, ctx);
      }
      return;
    }
    case 'message':
      goOn(state, ctx, onDeviceMessage(device, ctx, input.message));
      return;
    case 'wake':
      if (input.timer === DEVICE_TIMER) goOn(state, ctx, onDeviceTimer(device, ctx));
      return;
    default:
  }
}

function takeNext(state: FsState, ctx: RoleContext): void {
  if (state.now !== null) return;
  const order = state.queue.shift();
  if (order === undefined) return;
  state.now = order;
  carryOut(state, ctx, begin(state, ctx, order));
}

const msOf = ({ now }: RoleContext): number => Math.floor(now / 1000);

/** Whoever writes the device does so under a token of its own (FS-61, FS-80). */
const tokenOf = (order: Order): number | null =>
  order.kind === 'fsMkfs' || (order.kind === 'fsMount' && order.mode === 'rw') ? order.token : null;

/** The first step of an order; null: the token goes first. */
function begin(state: FsState, ctx: RoleContext, order: Order): Step | null {
  const token = tokenOf(order);
  if (token === null) return start(state, ctx, order);
  useToken(state.device, token);
  state.isInstalling = true;
  goOn(state, ctx, beginIo(state.device, ctx, { kind: 'install' }));
  return null;
}

function start(state: FsState, ctx: RoleContext, order: Order): Step {
  const { config } = state;
  const g = chunkGeometry(config.cluster);
  switch (order.kind) {
    case 'fsMkfs': {
      const { chunks, isForced, token } = order;
      const options = { deviceBytes: chunks * chunkBytes(g), token, isForced, now: msOf(ctx) };
      const { mount, step } = beginMkfs(g, options);
      state.mount = mount;
      return step;
    }
    case 'fsMount': {
      const { mode, token } = order;
      const { mount, step } = beginMount(g, { mode, token, broken: config.broken });
      state.mount = mount;
      return step;
    }
    case 'fsCall':
      if (state.mount === null) return { kind: 'done', outcome: { ok: false, error: 'EIO' } };
      return beginCall(state.mount, msOf(ctx), order.call);
    default:
      return unreachable(order);
  }
}

function goOn(state: FsState, ctx: RoleContext, answer: Answer | null): void {
  const { now: order, mount } = state;
  if (answer === null || order === null) return;
  if (state.isInstalling) {
    state.isInstalling = false;
    const isRefused = answer.kind === 'failed';
    const refusal = {
      kind: 'done',
      outcome: { ok: false, error: isRefused ? answer.error : 'EIO' },
    } as const;
    carryOut(state, ctx, isRefused ? refusal : start(state, ctx, order));
  } else if (mount !== null) carryOut(state, ctx, resume(mount, answer));
}

/** Asks the device until it has to wait, or the order has ended. */
function carryOut(state: FsState, ctx: RoleContext, first: Step | null): void {
  const { device } = state;
  for (let step = first; step !== null; ) {
    if (step.kind === 'done') {
      finish(state, ctx, step.outcome);
      return;
    }
    const answer = beginIo(device, ctx, step);
    if (answer === null || state.mount === null) return;
    step = resume(state.mount, answer);
  }
}

/** How an order ended: empty, or the error's name. */
function traceDone({ mount }: FsState, ctx: RoleContext, order: Order, error: string): void {
  const { headTx = 0, tailTx = 0 } = mount?.leader ?? {};
  if (order.kind === 'fsMount')
    trace(ctx, { kind: 'fs.mounted', mode: order.mode, token: order.token, headTx, error });
  else {
    const call = order.kind === 'fsCall' ? order.call.kind : 'mkfs';
    trace(ctx, { kind: 'fs.done', call, error, headTx, tailTx });
  }
}

function finish(state: FsState, ctx: RoleContext, outcome: Outcome): void {
  const { now: order } = state;
  state.now = null;
  state.done++;
  state.outcome = outcome;
  if (order !== null) traceDone(state, ctx, order, outcome.ok ? '' : outcome.error);
  takeNext(state, ctx);
}

export const fsRole: RoleModule<FsState> = {
  name: 'fs',
  tag: 9,
  commands: ['fsMkfs', 'fsMount', 'fsCall', 'fsExtend'],
  open: openFs,
  start: () => undefined,
  step: stepFs,
  view: ({ mount, now }): FsView => ({
    role: 'fs',
    mode: mount?.mode ?? '',
    state: mount?.state ?? 'closed',
    headTx: mount?.position.tx ?? 0,
    isBusy: now !== null,
  }),
};
