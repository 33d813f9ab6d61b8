// Statements in WITH that write. All of a statement sees what was there before it, so none may read a table that another one of it has
// written by then: the engine has no numbers of commands within a transaction, and refuses that by name. They run before the statement
// itself, each to its end.

import { analyseDelete, analyseInsert, analyseUpdate } from './analyse-write.ts';
import { type Analysis, inClause } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { planDelete, planInsert, planUpdate } from './plan.ts';
import type { PlanShape, WritingPart } from './plan-types.ts';
import type { OutputColumn } from './query.ts';
import { countMentions } from './recursion.ts';
import { atLevel, type Level } from './scope.ts';
import type { TreeNode } from './tree.ts';

/** With the relations that it writes. */
export interface AnalysedPart extends WritingPart {
  readonly writes: ReadonlySet<number>;
}

/** What is read while `analyse` goes on, apart from all else. */
export function scannedBy<T>(
  analysis: Analysis,
  analyse: () => T,
): { readonly scans: readonly number[]; readonly made: T } {
  const outer = analysis.scans;
  analysis.scans = [];
  const made = analyse();
  const { scans } = analysis;
  analysis.scans = outer;
  return { scans, made };
}

/** `own`: a name that it may not read. `columns` null: without RETURNING. */
export function analyseWriting(
  analysis: Analysis,
  level: Level,
  body: TreeNode,
  own: string | null,
  at: number,
): { readonly id: number; readonly columns: readonly OutputColumn[] | null } {
  if (analysis.definesView || analysis.views.length > 0)
    fail('0A000', 'views must not contain data-modifying statements in WITH', at);
  if (level.parent !== null)
    fail('0A000', 'WITH clause containing a data-modifying statement must be at the top level', at);
  if (own !== null && countMentions(body.fields, own) > 0)
    fail('42P19', `recursive query "${own}" must not contain data-modifying statements`, at);
  const { scans, made: plan } = scannedBy(analysis, () =>
    atLevel(analysis, level, () => inClause(analysis, 'targets', () => planPart(analysis, body))),
  );
  refuseReads(analysis, readsOf(plan, scans), at);
  const writes = new Set([plan.table.relation, ...analysis.cascades]);
  const id = analysis.slots++;
  analysis.parts.push({ id, plan, writes });
  const { returning } = plan;
  if (returning === null) return { id, columns: null };
  const columns = returning.columns.map(({ name }, i): OutputColumn => {
    const type = returning.exprs[i]?.type;
    return { name, type: type === undefined || type === 'unknown' ? 'text' : type };
  });
  return { id, columns };
}

function planPart(analysis: Analysis, { tag, fields }: TreeNode): WritingPart['plan'] {
  switch (tag) {
    case 'InsertStmt':
      return planInsert(analysis, analyseInsert(analysis, fields));
    case 'UpdateStmt':
      return planUpdate(analysis, analyseUpdate(analysis, fields));
    case 'DeleteStmt':
      return planDelete(analysis, analyseDelete(analysis, fields));
    default:
      return unsupported(`${tag} in WITH`);
  }
}

/** ON CONFLICT looks at the rows of the table. */
const readsOf = (plan: PlanShape, scans: readonly number[]): readonly number[] =>
  plan.kind === 'insert' && plan.onConflict !== null ? [...scans, plan.table.relation] : scans;

function refuseReads({ parts, tables }: Analysis, reads: readonly number[], at?: number): void {
  for (const { writes } of parts)
    for (const relation of reads) {
      const table = tables.find((one) => one.relation === relation);
      if (table !== undefined && writes.has(relation))
        unsupported(`reading "${table.name}" beside a WITH query that writes it`, at);
    }
}

/** Of the whole statement; undefined: none. */
export function partsOf(analysis: Analysis, plan: PlanShape): readonly WritingPart[] | undefined {
  const { parts, scans } = analysis;
  if (parts.length === 0) return undefined;
  if (plan.kind !== 'select' && plan.kind !== 'insert' && plan.kind !== 'update' && plan.kind !== 'delete')
    return unsupported('a data-modifying statement in WITH here');
  refuseReads(analysis, readsOf(plan, scans));
  return parts.map((part) => ({ id: part.id, plan: part.plan }));
}
