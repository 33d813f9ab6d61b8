// A clean exit and the start after one (HOLE-51, HOLE-52). On `stop` the role takes nothing more, lets what is being
// written become durable, then saves each group's status list, and after that a clean flag for each. A start that finds
// both, and a log with the digest that they hold, takes the list from there; whatever it found, flags and lists are durably
// gone before it does anything else, so that they never outlive the first merge.

import type { Decoded } from '../../../base/codec.ts';
import type { GroupId, Time } from '../../../base/ids.ts';
import { storeWrites, trace, wakeAt } from '../../kernel/context.ts';
import type { DiskError, DiskImage } from '../../kernel/door.ts';
import { openValue, sealValue } from '../../kernel/framing.ts';
import { countHoles, type HoleList, nclOf, nwlOf } from '../holes/hole-list.ts';
import { decodeSnapshot, digestLog, encodeSnapshot, type LogDigest } from '../holes/hole-snapshot.ts';
import type { StoreContext } from './hooks.ts';
import { cleanKey } from './keys.ts';
import { SUSPEND_US } from './limits.ts';
import { type Log, recordsIn } from './log.ts';
import type { Group, Lifecycle, StoreState } from './state.ts';
import type { Superblock } from './superblock.ts';

export const INVALIDATE_TIMER = 'invalidate';
const FLAG_VERSION = 1;
const FLAG = new Uint8Array(0);

export const makeFlag = (): Uint8Array => sealValue(FLAG_VERSION, FLAG);
export const readFlag = (bytes: Uint8Array): Decoded<Uint8Array> => {
  const opened = openValue(FLAG_VERSION, bytes);
  return opened.ok && opened.value.length > 0 ? { ok: false, error: 'a flag with content' } : opened;
};

/** Records at or below logFloor may come back at a start, or not: what GC dropped from memory may still be on disk. */
const logDigest = (log: Log, logFloor: number): LogDigest =>
  digestLog(recordsIn(log, logFloor + 1, Number.MAX_SAFE_INTEGER).map(({ crc }) => crc));

const isSavable = (group: Group): boolean =>
  group.failure === '' &&
  group.service.kind === 'serving' &&
  group.control.write.kind === 'idle' &&
  group.holes.fills.size === 0 &&
  group.repair.damaged.length === 0;

/** `stop`: nothing is taken any more from here on. */
export function beginExit(state: StoreState, ctx: StoreContext): void {
  if (state.lifecycle.kind === 'starting') state.lifecycle = { kind: 'starting', isStopped: true };
  if (state.lifecycle.kind !== 'working') return;
  state.lifecycle = { kind: 'draining' };
  continueExit(state, ctx);
}

/** Goes on when nothing is being written any more. */
export function continueExit(state: StoreState, ctx: StoreContext): void {
  if (state.lifecycle.kind !== 'draining' || state.writes.size > 0) return;
  const groups = [...state.groups.values()].filter(isSavable);
  if (groups.length === 0) {
    state.lifecycle = { kind: 'ended' };
    return;
  }
  const write = storeWrites(
    ctx,
    groups.map(({ id, holes, log, superblock }) => {
      const { bootEpoch, volumeEpoch } = holes;
      const owner = { group: id, bootEpoch, volumeEpoch };
      const bytes = encodeSnapshot(owner, holes.list, logDigest(log, superblock.logFloor));
      return { key: cleanKey(id, 'list'), bytes };
    }),
  );
  state.lifecycle = { kind: 'saving', part: 'list', write, groups: groups.map(({ id }) => id) };
}

/** The lists are durable, or the flags are. A write that fails ends the attempt: the next start rebuilds. */
export function onExitWritten(
  state: StoreState,
  ctx: StoreContext,
  { part, groups }: Extract<Lifecycle, { kind: 'saving' }>,
  error: DiskError | null,
): void {
  if (error !== null || part === 'flag') {
    if (error === null) for (const id of groups) traceSaved(state, ctx, id);
    state.lifecycle = { kind: 'ended' };
    return;
  }
  const bytes = makeFlag();
  const write = storeWrites(
    ctx,
    groups.map((id) => ({ key: cleanKey(id, 'flag'), bytes })),
  );
  state.lifecycle = { kind: 'saving', part: 'flag', write, groups };
}

function traceSaved(state: StoreState, ctx: StoreContext, id: GroupId): void {
  const list = state.groups.get(id)?.holes.list;
  if (list) trace(ctx, { kind: 'hole.saved', group: id, ...listCounts(list) });
}

const listCounts = (list: HoleList): { ncl: number; nwl: number; holes: number } => ({
  ncl: nclOf(list),
  nwl: nwlOf(list),
  holes: countHoles(list),
});

export interface SavedList {
  /** The list as it was at the exit, or null. */
  readonly list: HoleList | null;
  /** Why what was saved is not used; empty when it is. */
  readonly error: string;
}

/** What a clean exit left for this group; null when there was none. `rebuilt`: the list that the log itself gives. */
export function readSaved(
  id: GroupId,
  superblock: Superblock,
  log: Log,
  rebuilt: HoleList,
  disk: DiskImage,
): SavedList | null {
  const flag = disk.get(cleanKey(id, 'flag'));
  if (!flag) return null;
  if (!readFlag(flag).ok) return { list: null, error: 'damaged flag' };
  const bytes = disk.get(cleanKey(id, 'list'));
  if (!bytes) return { list: null, error: 'no list beside the flag' };
  const restored = decodeSnapshot(bytes, {
    group: id,
    volumeEpoch: superblock.volumeEpoch,
    nwl: nwlOf(rebuilt),
    log: logDigest(log, superblock.logFloor),
  });
  return restored.error === null ? { list: restored.list, error: '' } : { list: null, error: restored.error };
}

/** Deletes what a clean exit left; false when there is nothing. The role starts when that is durable. */
export function invalidateSaved(state: StoreState, ctx: StoreContext): boolean {
  if (state.saved.length === 0) return false;
  const writes = state.saved.map((key) => ({ key, bytes: null }));
  state.writes.set(storeWrites(ctx, writes), { kind: 'invalidate' });
  return true;
}

/** True when flags and lists are gone for good, and the role is to begin. */
export function onInvalidated(state: StoreState, ctx: StoreContext, error: DiskError | null): boolean {
  if (error === null) {
    state.saved = [];
    return state.lifecycle.kind === 'starting' && !state.lifecycle.isStopped;
  }
  wakeAt(ctx, INVALIDATE_TIMER, (ctx.now + SUSPEND_US) as Time);
  return false;
}

export function traceRestored(group: Group, ctx: StoreContext): void {
  if (group.opened.saved !== null)
    trace(ctx, {
      kind: 'hole.restore',
      group: group.id,
      ...listCounts(group.holes.list),
      error: group.opened.saved,
    });
}
