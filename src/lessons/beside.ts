// Other architectures beside the one that a lesson shows: each plays the same load and the same death of its writer in a world of its own
// (sim/compare), once for all questions of a worker.

import { playCompared } from '../sim/compare/play.ts';
import type { ComparedReport } from '../sim/compare/report.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { comparedStack } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';

const played = new WeakMap<Edge, Map<string, ComparedReport>>();

/** What came of this column: figures are a function of column and seed. */
export function besideOf(column: string, seed: number, edge: Edge): ComparedReport {
  const reports = played.get(edge) ?? new Map<string, ComparedReport>();
  played.set(edge, reports);
  const key = `${column} ${seed}`;
  const report =
    reports.get(key) ??
    playCompared(known, { load: 'transfers', fault: 'killWriter', seed }, comparedStack(column), edge);
  reports.set(key, report);
  return report;
}
