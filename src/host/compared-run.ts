// Plays one column of a comparison in a replay worker, in slices, so that the page sees how far it is.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Comparison } from '../sim/compare/compared.ts';
import { advanceCompared, beginCompared, COMPARED_END, finishCompared } from '../sim/compare/play.ts';
import type { ComparedReport } from '../sim/compare/report.ts';

/** Virtual µs between two reports. */
const SLICE_US = 10_000;

export async function runCompared(
  choice: Comparison,
  column: string,
  report: (done: number, of: number) => void,
): Promise<ComparedReport> {
  const play = beginCompared(choice, column, await loadSqlEdge());
  for (let until = SLICE_US; until <= COMPARED_END; until += SLICE_US) {
    advanceCompared(play, until);
    report(until, COMPARED_END);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return finishCompared(play);
}
