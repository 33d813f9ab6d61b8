// What the lenses of every architecture say of a state, as claims that `sim says` judges, one line each. No page loads it.

import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import type { Standing } from '../../run-model/says/standings.ts';
import { saidByChains, saidByJournal, saidByWal } from './cynosdb/said.ts';
import { saidByPages } from './polardb/said.ts';
import { readKinds, readsBackUs } from './postdb-v4/lenses/placement/reads.ts';
import { saidByPlacement, saidByReads } from './postdb-v4/said.ts';
import type { Picture, SaidByLens } from './said-by-lens.ts';

const lenses: readonly SaidByLens[] = [
  saidByWal,
  saidByChains,
  saidByJournal,
  saidByPlacement,
  saidByReads,
  saidByPages,
];

/** Kinds of events that a lens looks back at, and how far, virtual µs. */
export const lookedBack = { kinds: new Set<string>(readKinds), spanUs: readsBackUs } as const;

/** `round`: which group's log is looked at, one after the other; `past`: events of those kinds, the newest last. */
export function lensStandings(
  picture: Picture,
  cluster: ClusterSpec,
  round: number,
  past: readonly ListedEvent[],
): readonly Standing[] {
  const group = cluster.groups[round % Math.max(1, cluster.groups.length)]?.id ?? null;
  return lenses.flatMap((said) => said(picture, cluster, group, past));
}
