// What the lens of pages looks at: kept while another lens is open, for the run that it was chosen in.

import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type SeenAt, seenNow, useOfRun } from '../../../../../state/of-run.ts';

export interface Scope {
  /** The store whose read is shown; null: the first that runs. */
  readonly store: string | null;
  /** The read point; null: the newest. */
  readonly at: number | null;
  /** The table whose B+tree is shown; null: the first. */
  readonly tree: string | null;
  /** The newest page changes with every commit: the one that was found first stays until another is chosen. */
  readonly first: number | null;
}

const fresh: Scope = { store: null, at: null, tree: null, first: null };

const chosen = createStore<{ readonly scope: Scope; readonly seen: SeenAt }>(() => ({
  scope: fresh,
  seen: { run: '', time: 0 },
}));

export function useScope(): readonly [scope: Scope, change: (by: Partial<Scope>) => void] {
  const kept = useStore(chosen);
  const scope = useOfRun(useMemo(() => [kept], [kept]))[0]?.scope ?? fresh;
  return [scope, (by) => chosen.setState({ scope: { ...scope, ...by }, seen: seenNow() })];
}
