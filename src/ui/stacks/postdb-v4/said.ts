// What *Shard placement* says of a state: a row for each group; and the newest read of several groups.

import type { Standing } from '../../../run-model/says/standings.ts';
import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { nodesIn } from './lenses/placement/describe.ts';
import { projectPlacement } from './lenses/placement/project.ts';
import { gatheredReads } from './lenses/placement/reads.ts';

export const saidByPlacement: SaidByLens = (picture) =>
  (projectPlacement(nodesById(picture(lensNeed)), [])?.rows ?? []).map((row) => ({
    kind: 'placed',
    group: row.group,
    volume: row.volume,
    leader: row.leader,
    term: row.term,
    memberEpoch: row.memberEpoch,
    voters: nodesIn(row, 'primary', 'replica'),
    outgoing: nodesIn(row, 'outgoing', 'leavingPrimary'),
    learners: nodesIn(row, 'learner'),
  }));

/** The one that *Reads* shows where none is chosen. */
export const saidByReads: SaidByLens = (_picture, _cluster, _group, past) => {
  const read = gatheredReads(past).at(-1);
  if (read === undefined) return [];
  const parts = read.parts.map(({ relation, from, volume, readPoint }) => ({
    relation,
    from,
    volume,
    readPoint,
  }));
  const { node, read: number, startedAt } = read;
  return [
    {
      kind: 'gathered',
      node,
      read: number,
      startedAt,
      isOver: read.endedAt !== null,
      parts,
    } satisfies Standing,
  ];
};
