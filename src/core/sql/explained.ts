// An operator tree as data: EXPLAIN prints it, the plan's lens draws it, so that both say the same.

import { actualText } from './explain-measure.ts';
import type { Measure } from './measure.ts';

/** What a scan reads: a table, and by which index. */
export interface ExplainedScan {
  readonly table: string;
  /** Null: the table itself, row by row. */
  readonly index: string | null;
  /** The index's, else the table's. */
  readonly relation: number;
  /** The table's. */
  readonly heap: number;
}

/** A node of an operator tree. */
export interface ExplainedNode {
  /** What it is called, without what it did. */
  readonly line: string;
  readonly notes: readonly string[];
  readonly scan?: ExplainedScan;
  /** What it did; absent: it is not measured. */
  readonly measure?: Measure;
  /** Pages of the node and of all below it, in words; null: none. */
  readonly pages: string | null;
  /** What is below it: its inputs (without a label), subqueries of its expressions, a WITH query. */
  readonly below: readonly { readonly label: string; readonly nodes: readonly ExplainedNode[] }[];
}

/** The tree as PostgreSQL prints it without costs. */
export function explainedText(root: ExplainedNode): readonly string[] {
  const lines: string[] = [];
  print(lines, root, '', '');
  return lines;
}

function print(lines: string[], node: ExplainedNode, head: string, indent: string): void {
  lines.push(`${head}${node.line}${node.measure === undefined ? '' : actualText(node.measure)}`);
  for (const note of node.notes) lines.push(`${indent}  ${note}`);
  if (node.pages !== null) lines.push(`${indent}  ${node.pages}`);
  for (const { label, nodes } of node.below) {
    if (label !== '') lines.push(`${indent}  ${label}`);
    const own = label === '' ? indent : `${indent}  `;
    for (const below of nodes) print(lines, below, `${own}  ->  `, `${own}      `);
  }
}
