// A node that hosts a mount for whoever gives it orders: calls of the file system, one after the other (docs/spec/polarfs.md §4).

import type { RoleContext } from '../../kernel/context.ts';
import type { Input, NodeConfig } from '../../kernel/door.ts';
import type { Message } from '../../kernel/messages.ts';
import type { RoleModule } from '../../kernel/role.ts';
import { DEVICE_TIMER, learnServers } from '../device.ts';
import {
  beginOrder,
  type Ended,
  type MountHost,
  type MountOrder,
  makeHost,
  onHostMessage,
  onHostTimer,
  traceDone,
} from '../mount-host.ts';
import type { FsView } from '../trace-events.ts';

type FsOrder =
  | MountOrder
  /** The device has so many chunks from now on. */
  | { readonly kind: 'fsExtend'; readonly chunks: number };

declare module '../../kernel/commands.ts' {
  interface RoleCommands {
    fs: FsOrder;
  }
}

/** Calls that wait; one more is answered EBUSY. */
const CALLS_MAX = 64;

export interface FsState extends MountHost<null> {
  readonly queue: MountOrder[];
  /** Calls that ended, and how the last did. */
  done: number;
  outcome: Ended<null>['outcome'] | null;
}

const openFs = (config: NodeConfig): FsState => ({
  ...makeHost(config),
  queue: [],
  done: 0,
  outcome: null,
});

function stepFs(state: FsState, input: Input<Message>, ctx: RoleContext): void {
  const { device } = state;
  switch (input.kind) {
    case 'operatorCommand': {
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
      if (input.message.kind === 'ChunkServers') learnServers(device, input.message.groups);
      finish(state, ctx, onHostMessage(state, ctx, input.message));
      return;
    case 'wake':
      if (input.timer === DEVICE_TIMER) finish(state, ctx, onHostTimer(state, ctx));
      return;
    default:
  }
}

function takeNext(state: FsState, ctx: RoleContext): void {
  while (state.now === null) {
    const order = state.queue.shift();
    if (order === undefined) return;
    const outcome = beginOrder(state, ctx, order, null);
    if (outcome !== null) end(state, ctx, { order, outcome });
  }
}

function finish(state: FsState, ctx: RoleContext, all: readonly Ended<null>[]): void {
  for (const one of all) end(state, ctx, one);
  takeNext(state, ctx);
}

function end(state: FsState, ctx: RoleContext, { order, outcome }: Omit<Ended<null>, 'owner'>): void {
  state.done++;
  state.outcome = outcome;
  traceDone(state, ctx, order, outcome.ok ? '' : outcome.error);
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
