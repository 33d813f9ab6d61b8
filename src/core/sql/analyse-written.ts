// What INSERT, UPDATE and DELETE write: a table, or through an automatically updatable view the table beneath it. The view's columns are
// values of that table's row, its condition is one of UPDATE and DELETE and, WITH CHECK OPTION, a check of what is written. So plan, locks
// and what SSI remembers are the table's. As PostgreSQL's view_query_is_auto_updatable and rewriteTargetView have it.

import type { TableDef } from './access.ts';
import type { Check } from './analyse-constraint.ts';
import { analyseCondition } from './analyse-expression.ts';
import { readAlias, writtenScope } from './analyse-from.ts';
import { analyseTargets } from './analyse-select.ts';
import { windowClause } from './analyse-window.ts';
import { type Analysis, inClause, resolveTable } from './analysis.ts';
import { resolveUnknown } from './coerce.ts';
import { type Expr, hasSubquery, makeColumn, mapColumns, someExpr } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { foldCondition } from './fold.ts';
import type { Query } from './query.ts';
import { atLevel, makeLevel, type Scope, type ScopeColumn } from './scope.ts';
import { isDropped } from './table-def.ts';
import { type Fields, has, locationOf, nodesOf, optionalNode } from './tree.ts';
import { decodeView } from './view-text.ts';

export type Writes = 'insert into' | 'update' | 'delete from';

export interface WrittenColumn extends ScopeColumn {
  /** Its place in the table; −1: nothing can be assigned to it. */
  readonly column: number;
  /** Then, the column and the view that computes it. */
  readonly computed: { readonly name: string; readonly view: string } | null;
}

export interface Written {
  /** What the statement names. */
  readonly shown: TableDef;
  /** What is written. */
  readonly table: TableDef;
  /** Of `shown`, over the table's row. */
  readonly columns: readonly WrittenColumn[];
  /** Of the views, the innermost first. */
  readonly conditions: readonly Check[];
  /** Those of them that a new row is held against (WITH CHECK OPTION). */
  readonly checks: readonly Check[];
  /** Why nothing is written through the view; said when the statement has been understood. */
  readonly refusal: string | null;
}

/** The relation that a statement writes, with its place in the present query's rows. */
export function analyseWritten(
  analysis: Analysis,
  fields: Fields,
  writes: Writes,
): Written & { readonly scope: Scope } {
  const written = writtenOf(analysis, resolveTable(analysis, fields), fields, writes);
  return { ...written, scope: writtenScope(analysis, fields, written) };
}

function writtenOf(analysis: Analysis, shown: TableDef, fields: Fields, writes: Writes): Written {
  if (shown.metadata) fail('55000', `cannot ${writes} view "${shown.name}"`, locationOf(fields));
  if (shown.sequence !== undefined) fail('42809', `cannot change sequence "${shown.name}"`);
  if (shown.view !== undefined) return throughView(analysis, shown, writes);
  return asItIs(shown);
}

function asItIs(shown: TableDef, refusal: string | null = null): Written {
  const columns = shown.columns.map(({ name, type }, column) => ({
    name,
    expr: makeColumn(type, column, NOWHERE),
    column,
    computed: null,
  }));
  return { shown, table: shown, columns, conditions: [], checks: [], refusal };
}

function throughView(analysis: Analysis, shown: TableDef, writes: Writes): Written {
  const { name, view } = shown;
  if (view === undefined || analysis.views.includes(name))
    return fail('42P17', `infinite recursion detected in rules for relation "${name}"`);
  const refuse = (detail: string): Written =>
    asItIs(shown, `cannot ${writes} view "${name}"\nDETAIL:  ${detail}`);
  const select = decodeView(view.query);
  const relation = onlyRelation(select);
  if (typeof relation === 'string') return refuse(relation);
  analysis.views.push(name);
  const below = resolveTable(analysis, relation);
  const inner = below.sequence === undefined ? writtenOf(analysis, below, relation, writes) : null;
  const read = readView(analysis, select, relation, below);
  analysis.views.pop();
  if (inner === null) return refuse(NOT_ONE_RELATION);
  const detail = listRefusal(read.exprs);
  if (detail !== null) return refuse(detail);
  if (writes !== 'delete from' && !read.exprs.some(({ kind }) => kind === 'column'))
    return refuse(NO_COLUMNS);
  if (inner.refusal !== null) return asItIs(shown, inner.refusal);
  const beneath = (e: Expr): Expr => mapColumns(e, (column) => inner.columns[column.index]?.expr ?? column);
  const columns = shown.columns.map((column, i): WrittenColumn => {
    const expr = read.exprs[i] ?? fail('XX000', 'a column of a view without its expression');
    const plain = expr.kind === 'column' ? inner.columns[expr.index] : undefined;
    if (plain !== undefined) return { ...plain, name: column.name };
    return {
      name: column.name,
      expr: beneath(expr),
      column: -1,
      computed: { name: column.name, view: name },
    };
  });
  const own = read.where === null ? [] : [{ name, condition: beneath(read.where), isOption: true } as const];
  const conditions = [...inner.conditions, ...own];
  const { checkOption } = view;
  const checks =
    checkOption === 'cascaded' ? conditions : [...inner.checks, ...(checkOption === 'local' ? own : [])];
  if (checks.some(({ condition }) => hasSubquery(condition)))
    unsupported('WITH CHECK OPTION of a condition with a subquery');
  return { shown, table: inner.table, columns, conditions, checks, refusal: null };
}

/** Outputs and condition of the view's query, over the row of what is beneath as that shows it. */
function readView(
  analysis: Analysis,
  select: Fields,
  relation: Fields,
  below: TableDef,
): { readonly exprs: readonly Expr[]; readonly where: Expr | null } {
  const { alias, renamed } = readAlias(relation, below.name);
  const named = below.columns.flatMap((column, i) =>
    isDropped(column) ? [] : [{ name: column.name, expr: makeColumn(column.type, i, NOWHERE) }],
  );
  const columns = named.map(({ name, expr }, i) => ({ name: renamed[i] ?? name, expr }));
  const scope = { relations: [{ alias, table: below, offset: 0, columns }], columns };
  // What its subqueries use of the row they are given; nothing of the statement is seen.
  const level = { ...makeLevel('query', null, scope), windows: windowClause(select) };
  return atLevel(analysis, level, () => {
    const targets = inClause(analysis, 'targets', () =>
      analyseTargets(analysis, nodesOf(select, 'targetList')),
    );
    const node = optionalNode(select, 'whereClause');
    const where =
      node === null ? null : inClause(analysis, 'WHERE', () => analyseCondition(analysis, node, 'WHERE'));
    return {
      exprs: targets.map(({ expr }) => resolveUnknown(analysis, expr)),
      where: where && foldCondition(where),
    };
  });
}

const NOT_ONE_RELATION =
  'Views that do not select from a single table or view are not automatically updatable.';
const NO_COLUMNS = 'Views that have no updatable columns are not automatically updatable.';
const AGGREGATES = 'Views that return aggregate functions are not automatically updatable.';
const WINDOWS = 'Views that return window functions are not automatically updatable.';
const containing = (what: string): string => `Views containing ${what} are not automatically updatable.`;

const CLAUSES: readonly (readonly [clause: string, what: string])[] = [
  ['distinctClause', 'DISTINCT'],
  ['groupClause', 'GROUP BY'],
  ['havingClause', 'HAVING'],
  ['larg', 'UNION, INTERSECT, or EXCEPT'],
  ['withClause', 'WITH'],
  ['limitOffset', 'LIMIT or OFFSET'],
  ['limitCount', 'LIMIT or OFFSET'],
];

/** The one relation that a view's query reads, or why nothing can be written through it. */
function onlyRelation(select: Fields): Fields | string {
  for (const [clause, what] of CLAUSES) if (has(select, clause)) return containing(what);
  const [first, second] = nodesOf(select, 'fromClause');
  if (first?.tag !== 'RangeVar' || second !== undefined) return NOT_ONE_RELATION;
  return first.fields;
}

function listRefusal(exprs: readonly Expr[]): string | null {
  const has = (kind: 'aggregate' | 'window'): boolean =>
    exprs.some((e) => someExpr(e, (part) => part.kind === kind));
  return has('aggregate') ? AGGREGATES : has('window') ? WINDOWS : null;
}

/** WITH CHECK OPTION of a view that is none to write through. */
export function checkCheckOption(analysis: Analysis, select: Fields, query: Query): void {
  const relation = onlyRelation(select);
  const detail =
    typeof relation === 'string'
      ? relation
      : query.grouping !== null
        ? AGGREGATES
        : query.windows.length > 0
          ? WINDOWS
          : resolveTable(analysis, relation).sequence !== undefined
            ? NOT_ONE_RELATION
            : query.outputs.some(({ kind }) => kind === 'column')
              ? null
              : NO_COLUMNS;
  if (detail !== null)
    fail('0A000', `WITH CHECK OPTION is supported only on automatically updatable views\nHINT:  ${detail}`);
  if (query.where !== null && hasSubquery(query.where))
    unsupported('WITH CHECK OPTION of a condition with a subquery');
}

/** 55000, or 0A000 where a column that is assigned to is computed. */
export function checkWritten(
  { columns, refusal }: Written,
  assigned: readonly number[],
  writes: Writes,
): void {
  if (refusal !== null) fail('55000', refusal);
  for (const place of assigned) {
    const { computed } = columns[place] ?? { computed: null };
    if (computed === null) continue;
    const detail = 'View columns that are not columns of their base relation are not updatable.';
    fail(
      '0A000',
      `cannot ${writes} column "${computed.name}" of view "${computed.view}"\nDETAIL:  ${detail}`,
    );
  }
}
