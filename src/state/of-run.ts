// Which run, branch and time something that was seen belongs to. An answer or an event is true of the run that it was got
// in and of the branches that left that run later (a twin, an undo), and says nothing about any other cluster.

import { useMemo } from 'react';
import type { RunState } from '../lab/api.ts';
import { frameStore } from './frame-store.ts';
import { runStore, useRun } from './run-store.ts';
import { placeOf, shownRunOf } from './shown-place.ts';

/** Where something was seen: in this run and branch, at this virtual time. */
export interface SeenAt {
  readonly run: string;
  readonly time: number;
}

interface Fork {
  readonly from: string;
  readonly at: number;
}

/** Forks that this page has seen, by run and branch; runs are few, and one that is not on has forks no longer. */
const forks = new Map<string, Fork>();

/** A run, of a branch that was dropped no longer: another twin of that name is another one. */
function nameOf(run: Pick<RunState, 'runId' | 'shown' | 'isReplay' | 'openedTapes' | 'branches'>): string {
  const fork = run.branches.find(({ id }) => id === run.shown)?.fork ?? null;
  return fork === null ? shownRunOf(run) : `${shownRunOf(run)}@${fork.at}`;
}

export type NamedRun = Parameters<typeof nameOf>[0] & Pick<RunState, 'parent'>;

/** Learns from where the shown run and its branches came. */
export function takeForks(run: NamedRun): void {
  const { parent } = run;
  const main = nameOf({ ...run, shown: 'main' });
  if (parent !== null && !run.isReplay) forks.set(main, { from: `${parent.runId} main`, at: parent.at });
  for (const { id, fork } of run.branches)
    if (fork !== null)
      forks.set(nameOf({ ...run, shown: id }), { from: nameOf({ ...run, shown: fork.from }), at: fork.at });
}

const nobody = '';

/** What is seen now: of the live cluster the newest, of a past what the picture shows. */
export function seenNow(): SeenAt {
  const { run } = runStore.getState();
  if (run === null) return { run: nobody, time: 0 };
  const time = placeOf(run) === 'live' ? run.liveTime : (frameStore.getState().frame?.time ?? 0);
  return { run: nameOf(run), time };
}

/** True when what was seen there is part of this run's past or present. */
export function isPartOf({ run: seen, time }: SeenAt, run: string): boolean {
  const passed = new Set<string>();
  let name = run;
  let before = Number.POSITIVE_INFINITY;
  while (name !== seen) {
    const fork = forks.get(name);
    if (fork === undefined || passed.has(name)) return false;
    passed.add(name);
    name = fork.from;
    before = Math.min(before, fork.at);
  }
  return time <= before;
}

/** Of what was seen, what belongs to the run that is shown. */
export function useOfRun<T extends { readonly seen: SeenAt }>(all: readonly T[]): readonly T[] {
  const shown = useRun((run) => (run === null ? nobody : nameOf(run)));
  return useMemo(() => all.filter(({ seen }) => isPartOf(seen, shown)), [all, shown]);
}

/** The oldest run that a run goes back to: runs of different ones share nothing. Empty: no run is known yet. */
export function originOf(run: NamedRun): string {
  if (run.runId === '' && !run.isReplay) return nobody;
  let name = nameOf(run);
  const passed = new Set<string>();
  for (let fork = forks.get(name); fork !== undefined && !passed.has(name); fork = forks.get(name)) {
    passed.add(name);
    name = fork.from;
  }
  return name;
}
