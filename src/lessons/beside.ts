// Other architectures beside the one that a lesson shows: each plays the same load and the same death of its writer in a world of its own
// (sim/compare), once for all questions of a worker.

import { playCompared } from '../run-model/compare/play.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { usualColumn } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';

/** The figures of its report, and what lessons ask that stands in no row of it. */
export interface BesideFigures extends ComparedReport {
  /** Sent over the network for one commit before the fault, whatever it was sent for. */
  readonly bytesPerCommit: number;
}

const played = new WeakMap<Edge, Map<string, BesideFigures>>();

function figuresOf(report: ComparedReport): BesideFigures {
  const bytes = Object.values(report.sent).reduce((sum, one) => sum + one, 0);
  return { ...report, bytesPerCommit: bytes / Math.max(1, report.commitsBefore) };
}

/** What came of the architecture's usual column: figures are a function of column and seed. */
export function besideOf(column: string, seed: number, edge: Edge): BesideFigures {
  const reports = played.get(edge) ?? new Map<string, BesideFigures>();
  played.set(edge, reports);
  const key = `${column} ${seed}`;
  const report =
    reports.get(key) ??
    figuresOf(
      playCompared(
        known,
        { load: 'transfers', fault: 'killWriter', seed, stretch: 1 },
        usualColumn(column),
        edge,
      ),
    );
  reports.set(key, report);
  return report;
}
