// Splits of tablets by key as entries (docs/spec/placement.md PCS-46, PCS-47): the child's group is made first and holds a copy before anybody is
// sent there; then one entry gives it the keys, under the token of the primary that froze them; else one entry takes all back. So keys
// have one owner at every index of the log.

import { present } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { TableEntry } from '../kernel/fields.ts';
import { relationOf, tabletRelation } from '../page/page-key.ts';
import { votersOf } from '../placement/membership.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';
import { forgetTablet, installGroup, type ShardingResult, shardingIn, tableOfTablet } from './sharding.ts';
import { placeOf, volumeNamed } from './volumes.ts';

type Begin = Extract<MetaOperation, { kind: 'beginSplit' }>;
type Cut = Extract<MetaOperation, { kind: 'cutSplit' }>;
type End = Extract<MetaOperation, { kind: 'endSplit' }>;

/** Tablets of a table (sql/tablets.ts). */
const TABLETS_MAX = 64;

const refused = (code: string): ShardingResult => ({ kind: 'splitRefused', code });

export function beginSplit(content: MetaContent, operation: Begin): ShardingResult {
  const sharding = shardingIn(content);
  const place = placeOf(content, operation.group);
  if (!place) return refused('NO_GROUP');
  const { volume, descriptor } = place;
  const relation = relationOf(descriptor.keyFirst);
  const table = tableOfTablet(content, relation);
  if (table?.state !== 'active') return refused('NO_GROUP');
  if (table.tablets.length >= TABLETS_MAX) return refused('TOO_MANY');
  const isBusy = sharding.open?.table === table.id || sharding.splits.some((one) => one.table === table.id);
  if (isBusy || volume.state !== 'OPEN' || volume.moves.length > 0) return refused('CHANGE_IN_PROGRESS');
  const { key, deadline, why } = operation;
  const child = tabletRelation(sharding.tabletsMade++);
  const voters = votersOf(descriptor);
  const leader = voters.find((node) => node === operation.leader) ?? present<NodeId>(voters[0], 'a voter');
  const made = installGroup(content, child, voters, leader, descriptor);
  const split = {
    id: ++sharding.splitsMade,
    table: table.id,
    relation,
    child,
    key,
    volume: volume.name,
    childVolume: made.name,
    token: volume.token,
    deadline,
    why,
    other: null,
  };
  sharding.splits = [...sharding.splits, split];
  return { kind: 'splitBegun', split, volume: made, leader };
}

/** Under way, with the group that gives keys away. */
export const openSplits = (content: MetaContent) =>
  (content.sharding?.splits ?? []).flatMap(({ volume, childVolume, deadline, other }) => {
    const parent = volumeNamed(content, volume);
    const [descriptor] = parent?.groups ?? [];
    const child = volumeNamed(content, childVolume);
    const second = other && (volumeNamed(content, other.volume)?.groups[0]?.group ?? null);
    return parent && descriptor ? [{ group: descriptor.group, parent, child, deadline, other: second }] : [];
  });

/** The table as it is once the keys from `key` on are the child's. */
export const cutTable = (
  table: TableEntry,
  { relation, child }: { readonly relation: number; readonly child: number },
  key: string,
): TableEntry => ({
  ...table,
  tablets: table.tablets.flatMap((one) => {
    if (one.relation !== relation) return [one];
    const geoEpoch = one.geoEpoch + 1;
    return [
      { ...one, geoEpoch },
      { relation: child, from: key, geoEpoch },
    ];
  }),
});

/** Under the token that the copy was made under. */
export function cutSplit(content: MetaContent, operation: Cut): ShardingResult {
  const sharding = shardingIn(content);
  const { id, token, childToken, key } = operation;
  const split = sharding.splits.find((one) => one.id === id);
  const table = sharding.tables.find((one) => one.id === split?.table);
  if (!split || split.other || !table) return refused('NO_GROUP');
  const parent = volumeNamed(content, split.volume);
  const child = volumeNamed(content, split.childVolume);
  const isSame = parent?.state === 'OPEN' && parent.token === token && token === split.token;
  if (!isSame) return refused('STALE_TERM');
  if (child?.state !== 'OPEN' || child.token !== childToken) return refused('STALE_TERM');
  if (sharding.open !== null) return refused('CHANGE_IN_PROGRESS');
  const version = ++sharding.schemaVersion;
  const next: TableEntry = { ...cutTable(table, split, key), version };
  sharding.tables = sharding.tables.map((one) => (one === table ? next : one));
  // PCS-87: the step is over when every node has it
  sharding.open = { table: table.id, from: '', boot: 0, reqId: 0, gone: [] };
  if (split.why === 'load') sharding.byLoad = [...sharding.byLoad, split.child];
  sharding.splits = sharding.splits.filter((one) => one !== split);
  if (parent) parent.mapVersion++;
  child.mapVersion++;
  return { kind: 'splitCut', split, table: next, key };
}

export function endSplit(content: MetaContent, { id }: End): ShardingResult {
  const sharding = shardingIn(content);
  const split = sharding.splits.find((one) => one.id === id);
  if (!split) return refused('NO_GROUP');
  const dropped = volumeNamed(content, split.childVolume);
  if (dropped) forgetTablet(content, dropped);
  sharding.splits = sharding.splits.filter((one) => one !== split);
  return { kind: 'splitEnded', split, dropped };
}
