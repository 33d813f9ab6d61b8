// A comparison for the page: each column in a replay worker of its own, which goes when its figures are there. No cluster of this tab is touched.

import type { Comparison } from '../run-model/compare/compared.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import { askAside } from './lab-export.ts';

export const compareColumn = (
  choice: Comparison,
  /** As `clusterSaid` reads it. */
  column: string,
  onProgress: (done: number, of: number) => void,
): Promise<ComparedReport> =>
  askAside<ComparedReport>((id) => ({ kind: 'compare', id, choice, column }), onProgress);
