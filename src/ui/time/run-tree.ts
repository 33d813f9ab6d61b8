// The lab's runs as a tree of branches, one row a run, parents before their children. Pure.

import { stratify } from 'd3-hierarchy';
import type { ListedRun } from '../../lab/time-api.ts';

export interface RunRow {
  readonly run: ListedRun;
  readonly depth: number;
  /** Row of its parent, or null. */
  readonly parentRow: number | null;
}

interface Entry {
  readonly id: string;
  readonly parent: string | null;
  readonly run: ListedRun | null;
}

/** No run is called so. */
const ROOT = 'all runs';

export function runRows(runs: readonly ListedRun[]): readonly RunRow[] {
  if (runs.length === 0) return [];
  const known = new Set(runs.map(({ runId }) => runId));
  const entries: Entry[] = [
    { id: ROOT, parent: null, run: null },
    ...runs.map((run) => ({
      id: run.runId,
      parent: run.parent !== null && known.has(run.parent) ? run.parent : ROOT,
      run,
    })),
  ];
  const root = stratify<Entry>()
    .id(({ id }) => id)
    .parentId(({ parent }) => parent)(entries)
    .sort((a, b) => (a.data.run?.startedAt ?? 0) - (b.data.run?.startedAt ?? 0));
  const rows: RunRow[] = [];
  const rowOf = new Map<string, number>();
  root.eachBefore(({ data, depth, parent }) => {
    if (data.run === null) return;
    rowOf.set(data.id, rows.length);
    rows.push({ run: data.run, depth: depth - 1, parentRow: rowOf.get(parent?.data.id ?? ROOT) ?? null });
  });
  return rows;
}
