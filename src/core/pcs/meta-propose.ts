// Entries on their way into the metadata's log (docs/spec/pcs.md): in order of arrival, the same request once. At metaPending further
// requests are dropped and come again, as they do when the log takes no more. The leader's own entries have as much room again: no flood of
// requests keeps it from what they wait for.

import { nthIdentity } from '../consensus/identities.ts';
import { drive } from '../consensus/node-log.ts';
import type { RoleContext } from '../kernel/context.ts';
import { reach } from '../kernel/limits.ts';
import type { WantedArchiver } from './archivers.ts';
import { encodeOperation, type MetaOperation } from './meta-content.ts';
import type { MetaState } from './meta-state.ts';
import type { WantedEntry } from './move-driver.ts';
import { metaPort } from './pcs-raft.ts';
import { traceFacts } from './raft-trace.ts';
import { isSameRequest } from './requests.ts';
import type { EndEntry } from './restore-driver.ts';

/** H1 and the end of a switchover, which the leader decides (failover-driver.ts). */
type SwitchEntry = Own<'promote'> | Own<'setState'> | Own<'fenceVolume'> | Own<'setLeader'>;

export const proposeSwitch = (state: MetaState, ctx: RoleContext, entry: SwitchEntry): boolean =>
  proposeOwn(state, ctx, entry);

type Own<K> = Omit<Extract<MetaOperation, { readonly kind: K }>, 'from' | 'boot' | 'reqId'>;
/** Of changes of the log's own members (member-driver.ts). */
export type PcsEntry = Own<'admitPcs'> | Own<'endPcsChange'> | Own<'changePcs'>;

/** Whether the log has taken it. */
export function propose(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  room = state.limits.metaPending,
): boolean {
  const isUnderWay = state.pending.some(
    (one) => one.operation.kind === operation.kind && isSameRequest(one.operation, operation),
  );
  if (isUnderWay) return true;
  if (state.pending.length >= room) {
    reach(ctx, state.limits, 'metaPending');
    return false;
  }
  const port = metaPort(state, ctx);
  const result = drive(state.log, port, { kind: 'propose', data: encodeOperation(operation) });
  traceFacts(state, ctx, result);
  if (result.accepted === null) return false;
  state.pending.push({ operation, traceId: ctx.traceId, ...result.accepted });
  return true;
}

/** Proposes an entry of its own; at most one at a time for each group. */
export function want(state: MetaState, ctx: RoleContext, entry: WantedEntry | WantedArchiver): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => 'group' in operation && operation.group === entry.group,
  );
  if (!isUnderWay) proposeOwn(state, ctx, entry);
}

/** Proposes how a restore or a volume ends; at most one such end at a time for each volume. */
export function wantRestore(state: MetaState, ctx: RoleContext, entry: EndEntry): void {
  const isUnderWay = state.pending.some(
    ({ operation }) => operation.kind === entry.kind && operation.volume === entry.volume,
  );
  if (!isUnderWay) proposeOwn(state, ctx, entry);
}

/** Of tables and tablets, which the leader decides (schema-driver.ts, map-driver.ts). */
type ShardEntry = Own<'activateTable'> | Own<'makeGroup'> | Own<'rollShard'> | Own<'removeNode'>;
export type ChunkEntry = Own<'beginChunkMove'> | Own<'endChunkMove'>;
type SplitEntry = Own<'beginSplit'> | Own<'cutSplit'> | Own<'endSplit'> | Own<'beginMerge'> | Own<'cutMerge'>;

export function proposeOwn(
  state: MetaState,
  ctx: RoleContext,
  entry:
    | WantedEntry
    | WantedArchiver
    | EndEntry
    | PcsEntry
    | SwitchEntry
    | ShardEntry
    | SplitEntry
    | ChunkEntry,
): boolean {
  const reqId = ++state.ownRequests;
  const own = { ...entry, from: state.nodeId, boot: ownBoot(state), reqId };
  return propose(state, ctx, own, 2 * state.limits.metaPending);
}

/** Boots of one identity are fewer. */
const BOOTS = 2 ** 32;

/** The boot of its own requests: an empty disk counts boots from one again, under a further identity (PCS-105). */
export const ownBoot = ({ log, bootEpoch }: Pick<MetaState, 'log' | 'bootEpoch'>): number =>
  (nthIdentity(log.config.self) - 1) * BOOTS + bootEpoch;
