// Three symmetric nodes in a lesson on tablets: who leads the metadata, which groups there are.

import type { LibraryLesson } from './format.ts';

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

/** How many groups there are: a new leader of the metadata traces again those that there are. */
export const groupsMade = 'kinds group.made.group';

/** Most shards that a group has. */
export const shardsOf = 'max group.shards.firsts';

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

/** The primary of a group, as the leader of the metadata has it; none: it is being elected. */
export const primaryOf = (group: string): string => `leader meta.sharding.groups.${group}.leader`;

/** Replicas that a node has, by what is committed: voters of each group's newest set. */
export const replicasOn = (node: string): string => `leader meta.groups members.sets.-1~${node}`;

/** No change of members is open. */
export const isCalm = 'leader meta.groups move!=null = 0';
