// A driver's copy of tables and shard groups (docs/spec/pcs.md PCS-51, PCS-53, PCS-58): one version at a time, asked for when somebody
// refuses by it or is silent, and pushed when it changes. It may be arbitrarily old: who is asked by it checks.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { TableEntry } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { copyOfMap, type MapCopy } from '../placement/shard-map.ts';
import { isInTablet, rangeOf } from '../sql/tablets.ts';
import { addDue, type DriverState } from './driver-state.ts';
import { movedTo, tabletOfTransaction } from './driver-transaction.ts';
import type { ShardCopyView } from './driver-view.ts';

export interface ShardCopy {
  copy: MapCopy;
  schemaVersion: number;
  tables: readonly TableEntry[];
  /** Those that compute, by id (PCS-97). */
  nodes: readonly NodeId[];
  /** Number of the last question, and how long the next one waits. */
  asked: number;
  backoffMs: number;
  isDue: boolean;
  /** Since the last answer somebody was refused by it, or met silence. */
  isDoubted: boolean;
}

export const makeShardCopy = (backoffMs: number): ShardCopy => ({
  copy: { version: 0, groups: [] },
  schemaVersion: 0,
  tables: [],
  nodes: [],
  asked: 0,
  backoffMs,
  isDue: false,
  isDoubted: false,
});

export const copyView = ({ copy, schemaVersion, isDoubted }: ShardCopy): ShardCopyView => ({
  version: copy.version,
  schemaVersion,
  isDoubted,
  groups: copy.groups.map(({ group, leader, term, memberEpoch, geoEpoch }) => ({
    group,
    leader,
    term,
    memberEpoch,
    geoEpoch,
  })),
});

/** `make`: a tablet that is about to be written and has no group (PCS-39); 0: none. */
export function askMap(state: DriverState, ctx: RoleContext, make = 0): void {
  const { shards, meta } = state;
  if (!shards) return;
  if (meta !== null) send(ctx, meta, { kind: 'GetMap', reqId: ++shards.asked, make, asker: 'driver' });
  askMapSoon(state, ctx);
}

/** One question on the agenda at a time, with growing pauses until an answer comes. */
export function askMapSoon(state: DriverState, ctx: RoleContext): void {
  const { shards } = state;
  if (!shards) return;
  shards.isDoubted = true;
  if (shards.isDue) return;
  shards.isDue = true;
  addDue(state, ctx.now + shards.backoffMs * 1000, { kind: 'map' });
  shards.backoffMs = Math.min(shards.backoffMs * 2, state.config.params.routeBackoffCapMs);
}

/** PCS-122: of a tablet that was merged away, the one that has its keys; undefined: there is none, its table was dropped. */
function heirOf(
  before: readonly TableEntry[],
  after: readonly TableEntry[],
  relation: number,
): number | undefined {
  const has = ({ tablets }: TableEntry): boolean => tablets.some((one) => one.relation === relation);
  if (after.some(has)) return relation;
  const known = before.find(has);
  const next = after.find(({ id }) => id === known?.id);
  if (!known || !next) return undefined;
  const { from } = rangeOf(known, relation);
  return next.tablets.find((one) =>
    from === null ? one.from === '' : isInTablet(rangeOf(next, one.relation), from),
  )?.relation;
}

/** A transaction that is open stays with its keys: whether its COMMIT was carried out, who has them now can still say (FENCE-43). */
function followMerges({ sessions, shards }: DriverState, after: readonly TableEntry[]): void {
  const before = shards?.tables ?? [];
  for (const session of sessions.values()) {
    const { transaction, current } = session;
    const tablet = tabletOfTransaction(transaction);
    const heir = tablet === null ? undefined : heirOf(before, after, tablet);
    if (heir !== undefined) session.transaction = movedTo(transaction, { kind: 'primary', tablet: heir });
    if (current?.sentFor !== undefined)
      current.sentFor = heirOf(before, after, current.sentFor) ?? current.sentFor;
  }
}

/** False: it is older than what is known (PCS-58). */
export function takeMap(state: DriverState, m: MessageOf<'MapIs'>): boolean {
  const { shards, config } = state;
  if (!shards || m.mapVersion < shards.copy.version || m.schemaVersion < shards.schemaVersion) return false;
  if (m.schemaVersion > shards.schemaVersion) followMerges(state, m.tables);
  shards.copy = copyOfMap(m);
  shards.nodes = m.nodes;
  shards.schemaVersion = m.schemaVersion;
  shards.tables = m.tables;
  shards.isDoubted = false;
  shards.backoffMs = config.params.routeBackoffMs;
  return true;
}
