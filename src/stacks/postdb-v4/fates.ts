// For every fate of writes that no sync has covered (sim/fates): nodes that compute, store and hold the metadata, while tablets get their
// groups, shards are rolled, and groups are split, moved and drained.

import { roleTagOfId } from '../../core/kernel/context.ts';
import { type NodeState, partOf } from '../../core/kernel/node.ts';
import { storeRole } from '../../core/log-store/store-role.ts';
import { metaRole } from '../../core/pcs/meta-role.ts';
import {
  kindOfKey,
  makeFateWorld,
  sharedActivity,
  storeActivity,
  storeKinds,
} from '../../sim/fates/shared-activities.ts';
import type { FateTable, FateWorld } from '../../sim/stack-runtime.ts';

/** Each write as one of what the node knows to be under way: a split, a step of a definition, a change of members. */
function activityOf(state: unknown, id: number, keys: readonly string[]): string {
  const node = state as NodeState;
  const isStore = roleTagOfId(id) === storeRole.tag;
  const activity = sharedActivity(node, id, keys) ?? (isStore ? storeActivity(node, id) : 'unknown');
  return `${activity}${underWay(node)}`;
}

function underWay(node: NodeState): string {
  const { volumes, sharding } = partOf(node, metaRole)?.content ?? {};
  if (sharding && sharding.splits.length > 0) return ' in a split';
  if (sharding?.open) return ' in a definition';
  const groups = volumes?.flatMap((volume) => volume.groups) ?? [];
  return groups.some(({ sets, learners }) => sets.length > 1 || learners.length > 0) ? ' in a move' : '';
}

const world = (name: string, lines: readonly string[], fromMs: number, endMs: number): FateWorld =>
  makeFateWorld(name, {
    preset: 'postdb-v4',
    settings: ['metaSnapshotEntries 2', 'shardTargetLsns 32'],
    lines,
    fromMs,
    endMs,
  });

export const fates: FateTable = {
  activityOf,
  kindOf: kindOfKey(storeKinds),
  orders: 'workloads',
  reopenUs: 400_000,
  worlds: [
    /** Tablets get their groups at the first write, shards are rolled, and a table goes with its groups. */
    world(
      'shards',
      [
        `150.000 sql d1 ddl "CREATE TABLE s (k int PRIMARY KEY, v int) WITH (split_at = '10,20')"`,
        '170.000 sql d1 a "INSERT INTO s VALUES (1, 0)"',
        '171.000 sql d1 b "INSERT INTO s VALUES (11, 0)"',
        '172.000 sql d1 c "INSERT INTO s VALUES (21, 0)"',
        '230.000 sql d1 ddl "DROP TABLE s"',
      ],
      120,
      280,
    ),
    /** A tablet is split under load: its upper rows are copied, cut and removed. */
    world('splits', ['160.000 splitGroup g1 "40"'], 150, 320),
    /** A node comes in, gets a replica of each group in place of one, and leaves again. */
    world(
      'moves',
      ['140.000 addNode n4 node c', '195.000 moveReplica n3 n4 g1', '260.000 offline n4'],
      150,
      420,
    ),
  ],
  mustMeet: [
    'append in a definition: log',
    'append in a move: log',
    'append in a split: log',
    'baseCreated in a move: super',
    'basePages in a move: page',
    'created in a split: super',
    'delete in a split: log deletion',
    'dropped in a move: page deletion',
    'dropped in a move: super deletion',
    'dropped: page deletion',
    'dropped: super deletion',
    'entry in a definition: entry',
    'entry in a move: entry',
    'entry in a split: entry',
    'free entries in a move: entry deletion',
    'free entries in a split: entry deletion',
    'genesis in a split: log',
    'snapshot in a definition: snapshot',
    'snapshot in a move: snapshot',
    'snapshot in a split: snapshot',
    'super in a definition: super',
    'super in a move: super',
    'super in a split: super',
    'versions in a split: page',
  ],
};
