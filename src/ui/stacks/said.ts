// What the lenses of every architecture say of a state, as claims that `sim says` judges, one line each. No page loads it.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Standing } from '../../sim/says/standings.ts';
import { saidByChains, saidByJournal, saidByWal } from './cynosdb/said.ts';
import { saidByPages } from './polardb/said.ts';
import { saidByPlacement } from './postdb-v4/said.ts';
import type { Picture, SaidByLens } from './said-by-lens.ts';

const lenses: readonly SaidByLens[] = [saidByWal, saidByChains, saidByJournal, saidByPlacement, saidByPages];

/** `round`: which group's log is looked at, one after the other. */
export function lensStandings(picture: Picture, cluster: ClusterSpec, round: number): readonly Standing[] {
  const group = cluster.groups[round % Math.max(1, cluster.groups.length)]?.id ?? null;
  return lenses.flatMap((said) => said(picture, cluster, group));
}
