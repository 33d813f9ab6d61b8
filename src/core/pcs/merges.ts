// Merges of neighbouring tablets as entries (docs/spec/placement.md PCS-122), the mirror of a split: the group that is to have the keys of both is
// made first and holds a copy of both before anybody is sent there; then one entry gives it the keys, under the tokens of the primaries
// that froze them; else one entry takes all back. So keys have one owner at every index of the log.

import { present } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import type { TableEntry } from '../kernel/fields.ts';
import { relationOf, tabletRelation } from '../page/page-key.ts';
import { votersOf } from '../placement/membership.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { installGroup, type ShardingResult, shardingIn, tableOfTablet } from './sharding.ts';
import type { Split } from './split-entry.ts';
import { placeOf, volumeNamed } from './volumes.ts';

type Begin = Extract<MetaOperation, { kind: 'beginMerge' }>;
type Cut = Extract<MetaOperation, { kind: 'cutMerge' }>;

const refused = (code: string): ShardingResult => ({ kind: 'splitRefused', code });

type Place = NonNullable<ReturnType<typeof placeOf>>;

const relationIn = ({ descriptor }: Place): number => relationOf(descriptor.keyFirst);

/** The two in the order of their keys, with their table; a text: why they cannot be one. */
export function neighbours(
  content: MetaContent,
  { group, other }: Pick<Begin, 'group' | 'other'>,
): { readonly table: TableEntry; readonly left: Place; readonly right: Place } | string {
  const [one, two] = [placeOf(content, group), placeOf(content, other)];
  if (!one || !two) return 'NO_GROUP';
  const table = tableOfTablet(content, relationIn(one));
  const ofOther = tableOfTablet(content, relationIn(two));
  if (table?.state !== 'active' || ofOther?.state !== 'active') return 'NO_GROUP';
  if (table !== ofOther) return 'OTHER_TABLE';
  const at = (place: Place): number =>
    table.tablets.findIndex(({ relation }) => relation === relationIn(place));
  const apart = at(two) - at(one);
  if (Math.abs(apart) !== 1) return 'NOT_NEIGHBOURS';
  return apart > 0 ? { table, left: one, right: two } : { table, left: two, right: one };
}

const isAtRest = ({ volume }: Place): boolean => volume.state === 'OPEN' && volume.moves.length === 0;

export function beginMerge(content: MetaContent, operation: Begin): ShardingResult {
  const sharding = shardingIn(content);
  const found = neighbours(content, operation);
  if (typeof found === 'string') return refused(found);
  if (operation.code !== '') return refused(operation.code);
  const { table, left, right } = found;
  const isBusy = sharding.open?.table === table.id || sharding.splits.some((one) => one.table === table.id);
  if (isBusy || !isAtRest(left) || !isAtRest(right)) return refused('CHANGE_IN_PROGRESS');
  const { deadline, why } = operation;
  const child = tabletRelation(sharding.tabletsMade++);
  const voters = votersOf(left.descriptor);
  const leader = voters.find((node) => node === operation.leader) ?? present<NodeId>(voters[0], 'a voter');
  const made = installGroup(content, child, voters, leader, left.descriptor);
  const source = (place: Place) => ({
    relation: relationIn(place),
    volume: place.volume.name,
    token: place.volume.token,
  });
  const split: Split = {
    id: ++sharding.splitsMade,
    table: table.id,
    ...source(left),
    child,
    key: '',
    childVolume: made.name,
    deadline,
    why,
    other: source(right),
  };
  sharding.splits = [...sharding.splits, split];
  return { kind: 'splitBegun', split, volume: made, leader };
}

/** The table as it is once the keys of both are the child's. */
export const mergedTable = (table: TableEntry, { relation, child, other }: Split): TableEntry => {
  const rest = table.tablets.filter((one) => one.relation !== other?.relation);
  const gone = table.tablets.filter((one) => !rest.includes(one) || one.relation === relation);
  const geoEpoch = Math.max(...gone.map((one) => one.geoEpoch)) + 1;
  return {
    ...table,
    tablets: rest.map((one) =>
      one.relation === relation ? { relation: child, from: one.from, geoEpoch } : one,
    ),
  };
};

const isOpen = (volume: VolumeContent | null, token: number): boolean =>
  volume?.state === 'OPEN' && volume.token === token;

/** Under the tokens that the copies were made under. What the two had goes when every node knows it (PCS-87). */
export function cutMerge(content: MetaContent, operation: Cut): ShardingResult {
  const sharding = shardingIn(content);
  const { id, token, otherToken, childToken } = operation;
  const split = sharding.splits.find((one) => one.id === id);
  const table = sharding.tables.find((one) => one.id === split?.table);
  if (!split?.other || !table) return refused('NO_GROUP');
  const { other } = split;
  const left = volumeNamed(content, split.volume);
  const right = volumeNamed(content, other.volume);
  const child = volumeNamed(content, split.childVolume);
  const isSame = token === split.token && otherToken === other.token;
  const areOpen = isOpen(left, token) && isOpen(right, otherToken) && isOpen(child, childToken);
  if (!isSame || !areOpen || !left || !right || !child) return refused('STALE_TERM');
  if (sharding.open !== null) return refused('CHANGE_IN_PROGRESS');
  const version = ++sharding.schemaVersion;
  const next: TableEntry = { ...mergedTable(table, split), version };
  sharding.tables = sharding.tables.map((one) => (one === table ? next : one));
  const gone = [split.relation, other.relation];
  sharding.open = { table: table.id, from: '', boot: 0, reqId: 0, gone };
  sharding.byLoad = sharding.byLoad.flatMap((one) =>
    one === other.relation ? [] : one === split.relation ? [split.child] : [one],
  );
  sharding.splits = sharding.splits.filter((one) => one !== split);
  for (const volume of [left, right, child]) volume.mapVersion++;
  return { kind: 'mergeCut', split, table: next };
}
