// Plays one column of a comparison in a replay worker, in slices, so that the page sees how far it is.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Comparison } from '../run-model/compare/compared.ts';
import { beginCompared, COMPARED_USUAL, finishCompared, stepCompared } from '../run-model/compare/play.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import { comparedStack } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';

export async function runCompared(
  choice: Comparison,
  column: string,
  report: (done: number, of: number) => void,
): Promise<ComparedReport> {
  const play = beginCompared(known, choice, comparedStack(column), await loadSqlEdge());
  while (!stepCompared(play)) {
    report(Math.min(play.world.fabric.now, COMPARED_USUAL), COMPARED_USUAL);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return finishCompared(play);
}
