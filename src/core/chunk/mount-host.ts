// A mount on chunk groups: carries out one order after the other, asking the device for each batch that the mount wants (docs/spec/polarfs.md
// §4, FS-61, FS-81), and beside it calls that change no metadata (FS-44). A writer installs its token at every chunk before it reads the
// leader record. Whoever hosts it gives it messages and its timer; each says which calls have ended, and whose they were.

import { unreachable } from '../../base/assert.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import type { Message } from '../kernel/messages.ts';
import type { Mutants } from '../kernel/mutants.ts';
import { type Direct, directOutcome, freedBy, planDirect } from '../pfs/direct.ts';
import { chunkBytes, type Geometry } from '../pfs/geometry.ts';
import { type Answer, beginCall, beginMkfs, beginMount, endMount, resume, type Step } from '../pfs/mount.ts';
import type { Call, LoadMode, Mount, Outcome } from '../pfs/mount-state.ts';
import {
  beginIo,
  type ChunkDevice,
  type Landed,
  type Lane,
  makeDevice,
  onDeviceMessage,
  onDeviceTimer,
  useToken,
} from './device.ts';
import { chunkGeometry } from './device-spec.ts';

export type MountOrder =
  | { readonly kind: 'fsMkfs'; readonly chunks: number; readonly isForced: boolean; readonly token: number }
  | { readonly kind: 'fsMount'; readonly mode: LoadMode; readonly token: number }
  | { readonly kind: 'fsCall'; readonly call: Call };

/** An order, and who has asked for it: its outcome goes there. */
interface Owned<Owner> {
  readonly order: MountOrder;
  readonly owner: Owner;
}

export interface MountHost<Owner> {
  readonly device: ChunkDevice;
  readonly geometry: Geometry;
  readonly mutants: Mutants;
  mount: Mount | null;
  /** What is under way. */
  now: Owned<Owner> | null;
  /** The writer's token is on its way to the chunks. */
  isInstalling: boolean;
  /** Calls beside it, by the lane of the device that each has. */
  readonly direct: Map<Lane, Owned<Owner> & { readonly plan: Direct }>;
  nextLane: Lane;
}

/** Lane of the mount's own call. */
const MOUNT_LANE: Lane = 0;

export interface Ended<Owner> extends Owned<Owner> {
  readonly outcome: Outcome;
}

export const makeHost = <Owner>({ cluster, mutants }: NodeConfig): MountHost<Owner> => ({
  device: makeDevice(cluster, mutants),
  geometry: chunkGeometry(cluster),
  mutants,
  mount: null,
  now: null,
  isInstalling: false,
  direct: new Map(),
  nextLane: 1,
});

/** Begins an order; nothing is under way. How it ended, if it needed nobody. */
export function beginOrder<Owner>(
  host: MountHost<Owner>,
  ctx: RoleContext,
  order: MountOrder,
  owner: Owner,
): Outcome | null {
  host.now = { order, owner };
  const token = tokenOf(order);
  if (token === null) return carryOut(host, ctx, start(host, ctx, order));
  useToken(host.device, token);
  host.isInstalling = true;
  return resumeMount(host, ctx, beginIo(host.device, ctx, MOUNT_LANE, { kind: 'install' }));
}

/** A call beside the others, or by the mount where that has its turn: it is `out`, or how it ended, or it `waits` for its turn. */
export function issueCall<Owner>(
  host: MountHost<Owner>,
  ctx: RoleContext,
  call: Call,
  owner: Owner,
): 'out' | 'waits' | Outcome {
  const order: MountOrder = { kind: 'fsCall', call };
  const begun = beginBeside(host, ctx, call, { order, owner });
  if (begun !== null) return begun;
  return mayBegin(host, call) ? (beginOrder(host, ctx, order, owner) ?? 'out') : 'waits';
}

/** Null: it changes metadata, or reads what the mount has to look up. */
function beginBeside<Owner>(
  host: MountHost<Owner>,
  ctx: RoleContext,
  call: Call,
  owned: Owned<Owner>,
): 'out' | Outcome | null {
  const plan = host.mount === null ? null : planDirect(host.mount, call);
  if (plan === null || 'ok' in plan) return plan;
  const lane = host.nextLane++;
  const answer = beginIo(host.device, ctx, lane, plan.io);
  if (answer !== null) return answer.kind === 'failed' ? { ok: false, error: answer.error } : null;
  host.direct.set(lane, { ...owned, plan });
  return 'out';
}

/** Whether the mount is free for a call, and nobody is in a file that it takes blocks from (FS-44). */
function mayBegin<Owner>({ now, mount, direct }: MountHost<Owner>, call: Call): boolean {
  if (now !== null || mount === null) return now === null;
  const freed = freedBy(mount, call);
  return freed < 0 || [...direct.values()].every(({ plan }) => plan.ino !== freed);
}

export function onHostMessage<Owner>(
  host: MountHost<Owner>,
  ctx: RoleContext,
  message: Message,
): Ended<Owner>[] {
  const landed = onDeviceMessage(host.device, ctx, message);
  return landed === null ? [] : onLanded(host, ctx, landed);
}

/** At DEVICE_TIMER. */
export const onHostTimer = <Owner>(host: MountHost<Owner>, ctx: RoleContext): Ended<Owner>[] =>
  onDeviceTimer(host.device, ctx).flatMap((landed) => onLanded(host, ctx, landed));

function onLanded<Owner>(host: MountHost<Owner>, ctx: RoleContext, { lane, answer }: Landed): Ended<Owner>[] {
  const beside = host.direct.get(lane);
  if (beside === undefined) {
    const { now } = host;
    const outcome = lane === MOUNT_LANE ? resumeMount(host, ctx, answer) : null;
    return now === null || outcome === null ? [] : [{ ...now, outcome }];
  }
  host.direct.delete(lane);
  const { plan, order, owner } = beside;
  if (answer.kind !== 'failed')
    return [{ order, owner, outcome: directOutcome(plan, answer.kind === 'bytes' ? answer.bytes : []) }];
  if (host.mount !== null) endMount(host.mount, answer.error, plan.io.kind === 'write');
  return [{ order, owner, outcome: { ok: false, error: answer.error } }];
}

const msOf = ({ now }: RoleContext): number => Math.floor(now / 1000);

/** Whoever writes the device does so under a token of its own (FS-61, FS-80). */
const tokenOf = (order: MountOrder): number | null =>
  order.kind === 'fsMkfs' || (order.kind === 'fsMount' && order.mode === 'rw') ? order.token : null;

function start<Owner>(host: MountHost<Owner>, ctx: RoleContext, order: MountOrder): Step {
  const { geometry: g, mutants } = host;
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
      const { mount, step } = beginMount(g, { mode, token, mutants });
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

function resumeMount<Owner>(host: MountHost<Owner>, ctx: RoleContext, answer: Answer | null): Outcome | null {
  const { now, mount } = host;
  if (answer === null || now === null) return null;
  if (host.isInstalling) {
    host.isInstalling = false;
    if (answer.kind !== 'failed') return carryOut(host, ctx, start(host, ctx, now.order));
    return carryOut(host, ctx, { kind: 'done', outcome: { ok: false, error: answer.error } });
  }
  return mount === null ? null : carryOut(host, ctx, resume(mount, answer));
}

/** Asks the device until it has to wait, or the order has ended. */
function carryOut<Owner>(host: MountHost<Owner>, ctx: RoleContext, first: Step): Outcome | null {
  for (let step = first; ; ) {
    for (const ino of host.mount?.orphans.splice(0) ?? []) trace(ctx, { kind: 'fs.orphan', ino });
    if (step.kind === 'done') {
      host.now = null;
      return step.outcome;
    }
    const answer = beginIo(host.device, ctx, MOUNT_LANE, step);
    if (answer === null || host.mount === null) return null;
    step = resume(host.mount, answer);
  }
}

/** How an order ended: empty, or the error's name. */
export function traceDone(
  { mount }: Pick<MountHost<unknown>, 'mount'>,
  ctx: RoleContext,
  order: MountOrder,
  error: string,
): void {
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
