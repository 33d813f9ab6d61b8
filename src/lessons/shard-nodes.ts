// Three symmetric nodes in a lesson on tablets: who leads the metadata, which groups there are.

import type { LibraryLesson } from './format.ts';
import type { LessonState } from './lesson-state.ts';

const nodes = ['n1', 'n2', 'n3'] as const;

/** No table, no group: what a lesson needs it makes itself. Shards are short, so that one is full soon. */
export const noTables: LibraryLesson['start'] = {
  preset: 'postdb-v4',
  config: { shardTargetLsns: 32 },
  tape: [],
  ms: 120,
  lens: 'placement',
  group: null,
  speed: 1000,
};

/** The node that leads the metadata in the highest term. */
export function metadataLeader(s: LessonState): string {
  const leads = nodes.filter((node) => s.node(node).metadata?.member === 'leader');
  const term = (node: string): number => s.node(node).metadata?.term ?? 0;
  return leads.toSorted((a, b) => term(b) - term(a))[0] ?? 'n1';
}

/** Groups by name: a new leader of the metadata traces again those that there are. */
export const groupsMade = (s: LessonState): readonly string[] => [
  ...new Set(s.events('group.made').map(({ group }) => group)),
];

/** Most shards that a group has. */
export const shardsOf = (s: LessonState): number =>
  Math.max(0, ...s.events('group.shards').map(({ firsts }) => firsts.length));
