// Three symmetric nodes in a lesson on tablets: who leads the metadata, which groups there are.

import type { MetaView } from '../core/pcs/pcs-view.ts';
import type { LibraryLesson } from './format.ts';
import type { LessonState } from './lesson-state.ts';

export const shardNodes = ['n1', 'n2', 'n3'] as const;

/** From so many LSNs on a shard is followed by the next. */
export const SHARD_LSNS = 32;

/** No table, no group: what a lesson needs it makes itself. Shards are short, so that one is full soon. */
export const noTables: LibraryLesson['start'] = {
  preset: 'postdb-v4',
  config: { shardTargetLsns: SHARD_LSNS },
  tape: [],
  ms: 120,
  lens: 'placement',
  group: null,
  speed: 1000,
};

/** The node that leads the metadata in the highest term. */
export const metadataLeader = (s: LessonState): string => s.metadataLeader ?? 'n1';

/** Groups by name: a new leader of the metadata traces again those that there are. */
export const groupsMade = (s: LessonState): readonly string[] => [
  ...new Set(s.events('group.made').map(({ group }) => group)),
];

/** Most shards that a group has. */
export const shardsOf = (s: LessonState): number =>
  Math.max(0, ...s.events('group.shards').map(({ firsts }) => firsts.length));

/** Two tablets that have been written, cut at 100. */
export const twoTablets: LibraryLesson['start'] = {
  preset: 'postdb-v4',
  tape: [
    `50.000 sql d1 "CREATE TABLE t (k int PRIMARY KEY, v int) WITH (split_at = '100')"`,
    '90.000 sql d1 "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)"',
    '140.000 sql d1 "INSERT INTO t VALUES (150, 10), (151, 20)"',
  ],
  ms: 200,
  lens: 'placement',
  group: null,
  speed: 1000,
};

/** Two clients move money between the rows of each of four tablets. */
export const underTransfers: LibraryLesson['start'] = {
  preset: 'postdb-v4',
  tape: [
    '0.000 workload d1 main kind=tablet-transfer rows=100 clients=2 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true',
  ],
  ms: 300,
  lens: 'placement',
  group: null,
  speed: 2000,
};

/** The primary of a group, as the leader of the metadata has it; empty: it is being elected. */
export const primaryOf = (s: LessonState, group: string): string =>
  metadataOf(s)?.sharding?.groups.find((one) => one.group === group)?.leader ?? '';

/** The primary of a group, as the driver's copy of the map has it. */
export const believedPrimary = (s: LessonState, group: string): string =>
  s.node('d1').driver?.shards?.groups.find((one) => one.group === group)?.leader ?? '';

export const metadataOf = (s: LessonState): MetaView | null => s.node(metadataLeader(s)).metadata;

/** Replicas that a node has, by what is committed: voters of each group's newest set. */
export const replicasOn = (s: LessonState, node: string): number =>
  (metadataOf(s)?.groups ?? []).filter(({ members }) => members.sets.at(-1)?.some((id) => id === node))
    .length;

/** No change of members is open. */
export const isCalm = (s: LessonState): boolean =>
  (metadataOf(s)?.groups ?? []).every(({ move }) => move === null);
