// Tables, tablets and shards in the metadata (docs/spec/pcs.md PCS-32, placement.md PCS-36 to PCS-46, pcs.md PCS-83 to PCS-87), in a cluster whose tables
// are cut: what stands beside the volumes in the replicated state, and what its entries do. A tablet's group, its volume and its
// first shard are made by one entry when the tablet is first written; who writes the volume is decided as for any other (A7).

import { present } from '../../base/assert.ts';
import { branded, type Infer, list, nullable, struct, text, uint } from '../../base/codec.ts';
import { type GroupId, groupId, type Lsn, type NodeId, type Term } from '../../base/ids.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { group, node, type TableEntry, tableEntry } from '../kernel/fields.ts';
import { has, type Mutants } from '../kernel/mutants.ts';
import { pageKey, relationOf, TABLET_RELATIONS, tabletRelation } from '../page/page-key.ts';
import { votersOf } from '../placement/membership.ts';
import {
  openShardFrom,
  type RollError,
  rollShards,
  type Shard,
  type ShardGroup,
  type ShardId,
} from '../placement/shard-map.ts';
import type { MetaContent, MetaOperation, VolumeContent } from './meta-content.ts';
import { namesIn, withFreeKey } from './relation-names.ts';
import { type Split, splitEntry } from './split-entry.ts';
import { removeVolume, volumeOfGroup } from './volumes.ts';

const groupShards = struct({
  group,
  shards: list(struct({ id: branded<ShardId>(uint), first: branded<Lsn>(uint), end: uint })),
});

export const shardingCodec = struct({
  /** PCS-33; raised by every step of a definition. */
  schemaVersion: uint,
  tablesMade: uint,
  tabletsMade: uint,
  shardsMade: uint,
  tables: list(tableEntry),
  shards: list(groupShards),
  /** The definition that is being changed, one at a time (PCS-87); who asked for it; `gone`: tablets that were merged. */
  open: nullable(struct({ table: uint, from: text, boot: uint, reqId: uint, gone: list(uint) })),
  /** PCS-79: nodes that replicas are to leave. */
  offline: list(node),
  /** Splits that are under way, and number of those ever begun. */
  splits: list(splitEntry),
  splitsMade: uint,
  /** Tablets whose least key a split by load has chosen: the planner may take the cut back (PCS-122). */
  byLoad: list(uint),
});
export type Sharding = Infer<typeof shardingCodec>;

export const noSharding = (): Sharding => ({
  schemaVersion: 0,
  tablesMade: 0,
  tabletsMade: 0,
  shardsMade: 0,
  tables: [],
  shards: [],
  open: null,
  offline: [],
  splits: [],
  splitsMade: 0,
  byLoad: [],
});

export const shardingIn = ({ sharding }: MetaContent): Sharding =>
  present(sharding, 'tables of a cluster that cuts them');

/** `KEY_EXISTS`: the name that the statement gives to the index of its primary key is another relation's. */
type TableRefusal = 'EXISTS' | 'KEY_EXISTS' | 'MISSING' | 'CHANGE_IN_PROGRESS';

export type ShardingResult =
  /** `asked`: who is answered now; `dropped`: volumes that went with the table. */
  | {
      readonly kind: 'tableStep';
      readonly table: TableEntry;
      readonly asked: Sharding['open'];
      readonly dropped: readonly VolumeContent[];
    }
  | { readonly kind: 'tableRefused'; readonly code: TableRefusal }
  | {
      readonly kind: 'groupMade';
      readonly volume: VolumeContent;
      readonly leader: NodeId;
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'sharded'; readonly error: RollError | null }
  /** `volume`: the child's. */
  | {
      readonly kind: 'splitBegun';
      readonly split: Split;
      readonly volume: VolumeContent;
      readonly leader: NodeId;
    }
  | { readonly kind: 'splitCut'; readonly split: Split; readonly table: TableEntry; readonly key: string }
  | { readonly kind: 'mergeCut'; readonly split: Split; readonly table: TableEntry }
  | {
      readonly kind: 'splitEnded';
      readonly split: Split;
      readonly dropped: VolumeContent | null;
    }
  | { readonly kind: 'splitRefused'; readonly code: string };

type Prepare = Extract<MetaOperation, { kind: 'prepareTable' }>;
type MakeGroup = Extract<MetaOperation, { kind: 'makeGroup' }>;
type RollShard = Extract<MetaOperation, { kind: 'rollShard' }>;

const refused = (code: TableRefusal): ShardingResult => ({
  kind: 'tableRefused',
  code,
});

/** PCS-85: the table is made, or is to go, and every node is to know; nobody uses it before, or after, all do. */
export function prepareTable(
  content: MetaContent,
  operation: Prepare,
  mutants: Mutants = [],
): ShardingResult {
  const sharding = shardingIn(content);
  const { what, name, bounds, from, boot, reqId } = operation;
  if (sharding.open !== null) return refused('CHANGE_IN_PROGRESS');
  const known = sharding.tables.find((table) => table.name === name);
  if (what === 'create' && namesIn(sharding.tables).has(name)) return refused('EXISTS');
  if (what === 'drop' && !known) return refused('MISSING');
  if (sharding.splits.some(({ table }) => table === known?.id)) return refused('CHANGE_IN_PROGRESS');
  const takesUsed = has(mutants, 'pcs.takes-used-key-name');
  const define = (): string | null =>
    takesUsed ? operation.definition : withFreeKey(sharding.tables, operation);
  const definition = known ? '' : define();
  if (definition === null) return refused('KEY_EXISTS');
  const version = sharding.schemaVersion + 1;
  const table: TableEntry = known
    ? { ...known, version, state: 'dropping' }
    : {
        id: ++sharding.tablesMade,
        name,
        definition,
        version,
        state: 'prepared',
        tablets: ['', ...bounds].map((least) => ({
          relation: tabletRelation(sharding.tabletsMade++),
          from: least,
          geoEpoch: 1,
        })),
      };
  sharding.schemaVersion = version;
  sharding.open = { table: table.id, from, boot, reqId, gone: [] };
  sharding.tables = [...sharding.tables.filter((one) => one !== known), table];
  return { kind: 'tableStep', table, asked: null, dropped: [] };
}

/** Every compute node has acknowledged the step, or answers nobody (PCS-87). */
export function activateTable(content: MetaContent, version: number): ShardingResult {
  const sharding = shardingIn(content);
  const table = sharding.tables.find(({ id }) => id === sharding.open?.table);
  if (!table || table.version !== version) return refused('CHANGE_IN_PROGRESS');
  const others = sharding.tables.filter((one) => one !== table);
  const next: TableEntry = { ...table, state: 'active' };
  const isGone = table.state === 'dropping';
  const asked = sharding.open;
  const gone = isGone ? table.tablets.map(({ relation }) => relation) : (asked?.gone ?? []);
  const dropped = gone.flatMap((relation) => volumeOfTablet(content, relation) ?? []);
  if (isGone) sharding.byLoad = sharding.byLoad.filter((one) => !gone.includes(one));
  sharding.tables = isGone ? others : [...others, next];
  sharding.open = null;
  for (const volume of dropped) forgetTablet(content, volume);
  return { kind: 'tableStep', table: next, asked: asked?.from === '' ? null : asked, dropped };
}

/** A tablet's volume goes, with its group and its shards. */
export function forgetTablet(content: MetaContent, volume: VolumeContent): void {
  const sharding = shardingIn(content);
  removeVolume(content, volume.name);
  content.computeGroups = content.computeGroups.filter((one) => one.volume !== volume.name);
  sharding.shards = sharding.shards.filter((one) => !volume.groups.some(({ group: id }) => id === one.group));
}

/** Nodes that may hold replicas of groups: as the cluster was laid out, with those that have joined and without those that left. */
export const hostsOf = (
  { joined, removed }: MetaContent,
  { nodes }: ClusterSpec,
): { readonly id: NodeId; readonly zone: string }[] =>
  [...nodes, ...joined.map(({ node: id, zone, roles }) => ({ id, zone, roles }))].filter(
    ({ id, roles }) => (roles as readonly string[]).includes('store') && !removed.includes(id),
  );

/** Who may lead a group, and write its volume, follows from its members (PCS-41). */
export function followMembers(content: MetaContent, group: GroupId): void {
  const volume = content.volumes.find(({ groups }) => groups.some((one) => one.group === group));
  const descriptor = volume?.groups.find((one) => one.group === group);
  if (!content.sharding || !volume || !descriptor) return;
  volume.writers = [...new Set(descriptor.sets.flat())];
  const members = votersOf(descriptor).map((id) => ({ node: id, priority: 1 }));
  content.computeGroups = content.computeGroups.map((one) =>
    one.volume === volume.name ? { ...one, members } : one,
  );
}

/** The page keys of a tablet, which are those of its group. */
export const tabletKeys = (relation: number): { keyFirst: number; keyEnd: number } => ({
  keyFirst: pageKey(relation, 0, 0),
  keyEnd: pageKey(relation + TABLET_RELATIONS, 0, 0),
});

export const tableOfTablet = ({ sharding }: MetaContent, relation: number): TableEntry | null =>
  sharding?.tables.find(({ tablets }) => tablets.some((one) => one.relation === relation)) ?? null;

/** Of the group whose page keys begin here: how often its keys changed (PCS-34). */
export function tabletEpoch(content: MetaContent, keyFirst: number): number {
  const relation = relationOf(keyFirst);
  const table = tableOfTablet(content, relation);
  return table?.tablets.find((one) => one.relation === relation)?.geoEpoch ?? 1;
}

export const volumeOfTablet = ({ volumes }: MetaContent, relation: number): VolumeContent | null =>
  volumes.find(({ groups }) => groups.some(({ keyFirst }) => keyFirst === tabletKeys(relation).keyFirst)) ??
  null;

/** The groups as the shard map has them: descriptors from the volumes, their writers as leaders, and their shards. */
export const shardGroups = (content: MetaContent): ShardGroup[] => {
  const { volumes, sharding } = content;
  return volumes.flatMap(({ name, token, writer, groups }) =>
    groups.map((descriptor) => ({
      ...descriptor,
      ...(sharding && { geoEpoch: tabletEpoch(content, descriptor.keyFirst) }),
      volume: name,
      leader: writer,
      term: token,
      shards: sharding?.shards.find((one) => one.group === descriptor.group)?.shards ?? [],
    })),
  );
};

function setShards(sharding: Sharding, volume: VolumeContent, id: GroupId, shards: readonly Shard[]): void {
  const others = sharding.shards.filter((one) => one.group !== id);
  sharding.shards = [...others, { group: id, shards: [...shards] }];
  volume.mapVersion++;
}

/** PCS-39 to PCS-41: group, volume and first shard of a tablet in one entry; asked for again it is the one that there is. */
export function makeGroup(content: MetaContent, operation: MakeGroup, mutants: Mutants): ShardingResult {
  const { relation, voters, leader, vw, vr } = operation;
  const table = tableOfTablet(content, relation);
  if (table?.state !== 'active') return refused('MISSING');
  const known = volumeOfTablet(content, relation);
  if (known && !has(mutants, 'pcs.makes-shard-twice'))
    return { kind: 'groupMade', volume: known, leader, isRepeated: true };
  const volume = installGroup(content, relation, voters, leader, { vw, vr });
  return { kind: 'groupMade', volume, leader, isRepeated: false };
}

/** A tablet's group, its volume and its first shard; `leader`: who is asked first to lead it. */
export function installGroup(
  content: MetaContent,
  relation: number,
  voters: readonly NodeId[],
  leader: NodeId,
  { vw, vr }: { readonly vw: number; readonly vr: number },
): VolumeContent {
  const serial = ++content.groupsMade;
  const id: GroupId = groupId(`g${serial}`);
  const volume: VolumeContent = {
    name: `v${serial}`,
    writers: [...voters],
    token: 0 as Term,
    holder: null,
    writer: null,
    state: 'CREATING',
    created: false,
    mapVersion: 1,
    groups: [
      {
        group: id,
        sets: [[...voters]],
        learners: [],
        memberEpoch: 1,
        geoEpoch: 1,
        ...tabletKeys(relation),
        baseLsn: 0 as Lsn,
        vw,
        vr,
      },
    ],
    moves: [],
  };
  content.volumes = [...content.volumes, volume];
  // the one that leads least is asked first (PCS-73); of those that have no data any other will do
  content.computeGroups = [
    ...content.computeGroups,
    {
      volume: volume.name,
      members: voters.map((node) => ({ node, priority: node === leader ? 2 : 1 })),
      readers: [],
      holderBoot: 0,
      target: null,
    },
  ];
  const sharding = shardingIn(content);
  setShards(sharding, volume, id, [openShardFrom(++sharding.shardsMade as ShardId, 0 as Lsn)]);
  return volume;
}

/** PCS-42, PCS-43. */
export function rollShard(
  content: MetaContent,
  { group: id, end, term }: RollShard,
  mutants: Mutants,
): ShardingResult {
  const sharding = shardingIn(content);
  const group = shardGroups(content).find((one) => one.group === id);
  const volume = volumeOfGroup(content, id);
  if (!group || !volume) return { kind: 'sharded', error: 'NO_GROUP' };
  const rolled = rollShards(group, end, term, (sharding.shardsMade + 1) as ShardId);
  if (rolled.error === null && rolled.shards !== group.shards) {
    sharding.shardsMade++;
    setShards(sharding, volume, id, rolled.shards);
  }
  const last = sharding.shards.find((one) => one.group === id)?.shards.at(-1);
  if (has(mutants, 'pcs.shards-overlap') && rolled.error === null && last) last.first--;
  return { kind: 'sharded', error: rolled.error };
}
