// Plays one column of a comparison in a replay worker, in slices, so that the page sees how far it is.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Comparison } from '../run-model/compare/compared.ts';
import { beginCompared, finishCompared, stepCompared, usualEnd } from '../run-model/compare/play.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import { comparedColumn } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';

export async function runCompared(
  choice: Comparison,
  said: string,
  report: (done: number, of: number) => void,
): Promise<ComparedReport> {
  const column = comparedColumn(said);
  if ('error' in column) throw new Error(column.error);
  const play = beginCompared(known, choice, column, await loadSqlEdge());
  const end = usualEnd(choice);
  while (!stepCompared(play)) {
    report(Math.min(play.world.fabric.now, end), end);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return finishCompared(play);
}
