// What *Shard placement* says of a state: a row for each group.

import { lensNeed, nodesById, type SaidByLens } from '../said-by-lens.ts';
import { nodesIn } from './lenses/placement/describe.ts';
import { projectPlacement } from './lenses/placement/project.ts';

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
