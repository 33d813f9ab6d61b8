// A mount on chunk groups: carries out one order after the other, asking the device for each batch that the mount wants (docs/spec/polarfs.md
// §4, FS-61, FS-81). A writer installs its token at every chunk before it reads the leader record. Whoever hosts it gives it
// messages and its timer; each says how the order that is under way ended, or null.

import { unreachable } from '../../base/assert.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import { chunkBytes, type Geometry } from '../pfs/geometry.ts';
import { type Answer, beginCall, beginMkfs, beginMount, resume, type Step } from '../pfs/mount.ts';
import type { Call, LoadMode, Mount, Outcome } from '../pfs/mount-state.ts';
import { beginIo, type ChunkDevice, makeDevice, onDeviceMessage, onDeviceTimer, useToken } from './device.ts';
import { chunkGeometry } from './device-spec.ts';

export type MountOrder =
  | { readonly kind: 'fsMkfs'; readonly chunks: number; readonly isForced: boolean; readonly token: number }
  | { readonly kind: 'fsMount'; readonly mode: LoadMode; readonly token: number }
  | { readonly kind: 'fsCall'; readonly call: Call };

export interface MountHost {
  readonly device: ChunkDevice;
  readonly geometry: Geometry;
  readonly broken: readonly string[];
  mount: Mount | null;
  /** What is under way. */
  now: MountOrder | null;
  /** The writer's token is on its way to the chunks. */
  isInstalling: boolean;
}

export const makeHost = ({ cluster, broken }: NodeConfig, bootEpoch: number): MountHost => ({
  device: makeDevice(cluster, bootEpoch * 2 ** 20),
  geometry: chunkGeometry(cluster),
  broken,
  mount: null,
  now: null,
  isInstalling: false,
});

/** Begins an order; nothing is under way. How it ended, if it needed nobody. */
export function beginOrder(host: MountHost, ctx: RoleContext, order: MountOrder): Outcome | null {
  host.now = order;
  const token = tokenOf(order);
  if (token === null) return carryOut(host, ctx, start(host, ctx, order));
  useToken(host.device, token);
  host.isInstalling = true;
  return goOn(host, ctx, beginIo(host.device, ctx, { kind: 'install' }));
}

export const onHostMessage = (host: MountHost, ctx: RoleContext, message: Message): Outcome | null =>
  goOn(host, ctx, onDeviceMessage(host.device, ctx, message));

/** At DEVICE_TIMER. */
export const onHostTimer = (host: MountHost, ctx: RoleContext): Outcome | null =>
  goOn(host, ctx, onDeviceTimer(host.device, ctx));

const msOf = ({ now }: RoleContext): number => Math.floor(now / 1000);

/** Whoever writes the device does so under a token of its own (FS-61, FS-80). */
const tokenOf = (order: MountOrder): number | null =>
  order.kind === 'fsMkfs' || (order.kind === 'fsMount' && order.mode === 'rw') ? order.token : null;

function start(host: MountHost, ctx: RoleContext, order: MountOrder): Step {
  const { geometry: g, broken } = host;
  switch (order.kind) {
    case 'fsMkfs': {
      const { chunks, isForced, token } = order;
      const options = { deviceBytes: chunks * chunkBytes(g), token, isForced, now: msOf(ctx) };
      const { mount, step } = beginMkfs(g, options);
      host.mount = mount;
      return step;
    }
    case 'fsMount': {
      const { mode, token } = order;
      const { mount, step } = beginMount(g, { mode, token, broken });
      host.mount = mount;
      return step;
    }
    case 'fsCall':
      if (host.mount === null) return { kind: 'done', outcome: { ok: false, error: 'EIO' } };
      return beginCall(host.mount, msOf(ctx), order.call);
    default:
      return unreachable(order);
  }
}

function goOn(host: MountHost, ctx: RoleContext, answer: Answer | null): Outcome | null {
  const { now: order, mount } = host;
  if (answer === null || order === null) return null;
  if (host.isInstalling) {
    host.isInstalling = false;
    if (answer.kind !== 'failed') return carryOut(host, ctx, start(host, ctx, order));
    return carryOut(host, ctx, { kind: 'done', outcome: { ok: false, error: answer.error } });
  }
  return mount === null ? null : carryOut(host, ctx, resume(mount, answer));
}

/** Asks the device until it has to wait, or the order has ended. */
function carryOut(host: MountHost, ctx: RoleContext, first: Step): Outcome | null {
  for (let step = first; ; ) {
    if (step.kind === 'done') {
      host.now = null;
      return step.outcome;
    }
    const answer = beginIo(host.device, ctx, step);
    if (answer === null || host.mount === null) return null;
    step = resume(host.mount, answer);
  }
}

/** How an order ended: empty, or the error's name. */
export function traceDone({ mount }: MountHost, ctx: RoleContext, order: MountOrder, error: string): void {
  const { headTx = 0, tailTx = 0 } = mount?.leader ?? {};
  for (const { mode, from, to, txs } of mount?.syncs ?? [])
    trace(ctx, { kind: 'fs.synced', mode, from, to, txs });
  if (order.kind === 'fsMount')
    trace(ctx, { kind: 'fs.mounted', mode: order.mode, token: order.token, headTx, error });
  else {
    const call = order.kind === 'fsCall' ? order.call.kind : 'mkfs';
    trace(ctx, { kind: 'fs.done', mode: mount?.mode ?? '', call, error, headTx, tailTx });
  }
}
