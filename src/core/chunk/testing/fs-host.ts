// A node that hosts a mount for whoever gives it orders: calls of the file system, one after the other (docs/spec/polarfs.md §4).

import type { RoleContext } from '../../kernel/context.ts';
import type { Input, NodeConfig } from '../../kernel/door.ts';
import type { Message } from '../../kernel/messages.ts';
import type { RoleModule } from '../../kernel/role.ts';
import type { Outcome } from '../../pfs/mount-state.ts';
import { DEVICE_TIMER, learnServers } from '../device.ts';
import {
  beginOrder,
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

declare module '../../kernel/door.ts' {
  interface RoleCommands {
    fs: FsOrder;
  }
}

/** Calls that wait; one more is answered EBUSY. */
const CALLS_MAX = 64;

export interface FsState extends MountHost {
  readonly queue: MountOrder[];
  /** Calls that ended, and how the last did. */
  done: number;
  outcome: Outcome | null;
}

const openFs = (config: NodeConfig, _disk: unknown, bootEpoch: number): FsState => ({
  ...makeHost(config, bootEpoch),
  queue: [],
  done: 0,
  outcome: null,
});

function stepFs(state: FsState, input: Input<Message>, ctx: RoleContext): void {
  const { device, now } = state;
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
      if (input.message.kind === 'ChunkServers') learnServers(device, input.message.groups);
      if (now !== null) finish(state, ctx, now, onHostMessage(state, ctx, input.message)?.outcome ?? null);
      return;
    case 'wake':
      if (input.timer === DEVICE_TIMER && now !== null)
        finish(state, ctx, now, onHostTimer(state, ctx)[0]?.outcome ?? null);
      return;
    default:
  }
}

function takeNext(state: FsState, ctx: RoleContext): void {
  while (state.now === null) {
    const order = state.queue.shift();
    if (order === undefined) return;
    end(state, ctx, order, beginOrder(state, ctx, order));
  }
}

function finish(state: FsState, ctx: RoleContext, order: MountOrder, outcome: Outcome | null): void {
  end(state, ctx, order, outcome);
  takeNext(state, ctx);
}

function end(state: FsState, ctx: RoleContext, order: MountOrder, outcome: Outcome | null): void {
  if (outcome === null) return;
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
