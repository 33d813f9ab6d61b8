// Names in a query: which relations and columns they may mean, in this query or in those around it. A column of a query
// further out becomes an outer value (OuterExpr), which every query in between passes on.

import type { LockPolicy, LockStrength, TableDef } from './access.ts';
import type { Cte } from './analyse-with.ts';
import type { Analysis } from './analysis.ts';
import { CATALOG_IDS, TABLE_ID } from './catalog-ids.ts';
import { settledType } from './coerce.ts';
import { isTrue, NO_SURROUNDINGS } from './evaluate.ts';
import { type Expr, equalExpr, makeConst, type OuterArg, partsOf } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { ownName, relationNameOf } from './relation-name.ts';
import type { Fields } from './tree.ts';

export interface ScopeColumn {
  readonly name: string;
  /** Over the row of the whole FROM clause: a column, or what a USING column of a full join is. */
  readonly expr: Expr;
}

/** A relation under the name that the statement gives it; '' where it has none. */
export interface ScopeRelation {
  readonly alias: string;
  readonly table: TableDef | null;
  readonly offset: number;
  readonly columns: readonly ScopeColumn[];
}

export interface Scope {
  readonly relations: readonly ScopeRelation[];
  /** What a name without qualifier may mean, in the order of `*`. */
  readonly columns: readonly ScopeColumn[];
}

export const EMPTY_SCOPE: Scope = { relations: [], columns: [] };

/** A query while it is analysed, or (`from`) the items of a FROM clause that stand left of the one that is read. */
export interface Level {
  readonly kind: 'query' | 'from';
  readonly parent: Level | null;
  scope: Scope;
  /** A query that sees FROM items on its left; or items that may be seen from there (not across RIGHT and FULL joins). */
  readonly isLateral: boolean;
  /** Columns of its rows so far, and the lengths and scales that they were declared with. */
  width: number;
  readonly typmods: Map<number, number>;
  /** All relations of its FROM clause so far, visible or not. */
  readonly known: { readonly alias: string; readonly table: TableDef | null }[];
  /** Columns that queries within it use. */
  readonly exports: OuterArg[];
  /** Outer values that it or a query within it uses. */
  readonly uses: Set<number>;
  /** Queries of its WITH clause so far. */
  readonly ctes: Cte[];
  /** Definitions of its WINDOW clause, as their nodes. */
  windows: readonly Fields[];
  /** Its FOR UPDATE and FOR SHARE clauses. */
  locking: readonly LockingClause[];
}

/** A FOR UPDATE or FOR SHARE clause; `of` empty: all tables. */
export interface LockingClause {
  readonly strength: LockStrength;
  readonly policy: LockPolicy;
  /** Of the query around a derived table. */
  readonly isInherited: boolean;
  readonly of: readonly { readonly name: string; readonly isPlain: boolean; readonly at: number }[];
}

const NO_LOCKING: readonly LockingClause[] = [];

export function makeLevel(
  kind: Level['kind'],
  parent: Level | null,
  scope = EMPTY_SCOPE,
  isLateral = false,
): Level {
  const typmods = new Map<number, number>();
  const own = { width: 0, typmods, known: [], exports: [], uses: new Set<number>(), ctes: [], windows: [] };
  return { kind, parent, scope, isLateral, ...own, locking: NO_LOCKING };
}

/** The length or scale with which a value of the level was declared, by its column or by a cast; undefined: none. */
export function typmodOf(level: Level, e: Expr): number | undefined {
  const agreed = (list: readonly Expr[]): number | undefined => {
    const [first, ...others] = list.map((one) => typmodOf(level, one));
    return others.every((one) => one === first) ? first : undefined;
  };
  if (e.kind === 'column') return level.typmods.get(e.index);
  if (e.kind === 'nullIf') return typmodOf(level, e.result);
  if (e.kind === 'case') return agreed(reached(e));
  if (e.kind === 'coalesce' || e.kind === 'greatest' || e.kind === 'least') return agreed(e.args);
  if (e.kind === 'variadic' && e.fn === 'makeArray') return agreed(e.args.slice(1));
  const [array] = e.kind === 'call' && OF_ARRAY.has(e.fn) ? e.args : [];
  if (array !== undefined) return typmodOf(level, array);
  const [, typmod] = e.kind === 'call' && FITS.has(e.fn) ? e.args : [];
  return typmod?.kind === 'const' && typeof typmod.value === 'number' ? typmod.value : undefined;
}

const FITS: ReadonlySet<string> = new Set([
  'numericToTypmod',
  'varcharCut',
  'varcharFit',
  'charCut',
  'charFit',
  'arrayCut',
  'arrayFit',
  'intervalFit',
  'momentFit',
  'timeFit',
]);
/** What they give was declared with its array. */
const OF_ARRAY: ReadonlySet<string> = new Set(['arrayItem', 'arraySlice']);

/** Results that a constant condition does not rule out, as PostgreSQL's plan has them. */
function reached({ whens, otherwise }: Extract<Expr, { kind: 'case' }>): readonly Expr[] {
  const results: Expr[] = [];
  for (const { condition, result } of whens) {
    const isKnown =
      condition.kind === 'const' ||
      (condition.kind === 'compare' && partsOf(condition).every(({ kind }) => kind === 'const'));
    const isMet = isKnown && isTrue(condition, [], NO_SURROUNDINGS);
    if (isKnown && !isMet) continue;
    results.push(result);
    if (isMet) return results;
  }
  return [...results, otherwise];
}

/** Runs `read` with names looked up from `level`. */
export function atLevel<T>(analysis: Analysis, level: Level, read: () => T): T {
  const outer = analysis.level;
  analysis.level = level;
  try {
    return read();
  } finally {
    analysis.level = outer;
  }
}

/** The query that is being read. */
export function queryLevel(analysis: Analysis): Level {
  let { level } = analysis;
  while (level?.kind === 'from') level = level.parent;
  return level ?? fail('XX000', 'a name outside of a query');
}

/** What a query within the present one needs of its row, and of rows further out. */
export function outerNeeds(
  analysis: Analysis,
  { uses }: Level,
): { readonly args: readonly OuterArg[]; readonly inherits: readonly number[] } {
  const exported = analysis.level?.exports ?? [];
  const args = exported.filter(({ id }) => uses.has(id));
  return { args, inherits: [...uses].filter((id) => !args.some((arg) => arg.id === id)) };
}

/** The expression of a level further out, as a value that is given to this one. */
function outerValue(
  analysis: Analysis,
  level: Level,
  expr: Expr,
  crossed: readonly Level[],
  at: number,
): Expr {
  let known = level.exports.find((one) => equalExpr(one.expr, expr));
  if (known === undefined) {
    known = { id: analysis.outers++, expr: { ...expr, at } };
    level.exports.push(known);
  }
  for (const inner of crossed) inner.uses.add(known.id);
  return { kind: 'outer', type: settledType(expr), id: known.id, at };
}

/** The levels to look in, from the inside out, each with those that a value from it crosses. */
function* visibleLevels(analysis: Analysis): Generator<{ level: Level; crossed: readonly Level[] }> {
  const crossed: Level[] = [];
  let seesItems = true;
  for (let { level } = analysis; level !== null; level = level.parent) {
    if (level.kind === 'query') seesItems = level.isLateral;
    else if (!seesItems) continue;
    yield { level, crossed };
    crossed.push(level);
  }
}

function checkLateral({ kind, isLateral }: Level, relation: string, at: number): void {
  if (kind === 'from' && !isLateral)
    fail('42P10', `invalid reference to FROM-clause entry for table "${relation}"`, at);
}

/** A column by its name alone. */
export function resolveName(analysis: Analysis, name: string, at: number): Expr {
  for (const { level, crossed } of visibleLevels(analysis)) {
    const found = level.scope.columns.filter((column) => column.name === name);
    const [first] = found;
    if (first === undefined && name === TABLE_ID) {
      const [owner, second] = level.scope.relations.filter(hasTableId);
      if (owner === undefined) continue;
      if (second !== undefined) fail('42702', `column reference "${name}" is ambiguous`, at);
      checkLateral(level, owner.alias, at);
      return valueAt(analysis, level, crossed, tableId(level, owner, at), at);
    }
    if (first === undefined) continue;
    if (found.length > 1 || isFurtherLeft(level, name))
      fail('42702', `column reference "${name}" is ambiguous`, at);
    checkLateral(level, ownerOf(level.scope, first.expr), at);
    return valueAt(analysis, level, crossed, first.expr, at);
  }
  for (const { level } of visibleLevels(analysis))
    if (level.scope.relations.some(({ alias }) => alias === name)) unsupported('a whole-row reference', at);
  return fail('42703', `column "${name}" does not exist`, at);
}

/** FROM items of several joins around a LATERAL item are one namespace. */
function isFurtherLeft({ kind, parent }: Level, name: string): boolean {
  if (kind !== 'from' || parent?.kind !== 'from') return false;
  return parent.scope.columns.some((column) => column.name === name) || isFurtherLeft(parent, name);
}

/** `relation.name`. */
export function resolveQualified(
  analysis: Analysis,
  relation: string,
  name: string,
  at: number,
  schema?: string,
): Expr {
  const { level, crossed, found } = resolveRelation(analysis, relation, at, schema);
  const [first, second] = found.columns.filter((column) => column.name === name);
  if (second !== undefined) fail('42702', `column reference "${name}" is ambiguous`, at);
  if (first === undefined && name === TABLE_ID && hasTableId(found))
    return valueAt(analysis, level, crossed, tableId(level, found, at), at);
  if (first === undefined) return fail('42703', `column ${relation}.${name} does not exist`, at);
  return valueAt(analysis, level, crossed, first.expr, at);
}

const hasTableId = ({ table }: ScopeRelation): boolean =>
  table !== null && table.view === undefined && (!table.metadata || CATALOG_IDS.has(table.name));

/** The table's object id, or null in a row that an outer join has filled with nulls: a column that is never null tells. */
function tableId({ kind, known }: Level, { table, columns }: ScopeRelation, at: number): Expr {
  const { name = '', relation = 0, metadata, columns: all = [] } = table ?? {};
  const id = makeConst('int8', BigInt(metadata ? (CATALOG_IDS.get(name) ?? 0) : relation), at);
  if (kind === 'query' && known.length < 2) return id;
  // Each catalog's first column is a key of it, or a part of one.
  const never = metadata ? 0 : all.filter((column) => column.name !== '').findIndex(({ notNull }) => notNull);
  const arg = columns[never]?.expr;
  if (arg === undefined)
    return unsupported('tableoid of a table without a column that is NOT NULL, in a join', at);
  const whens = [
    { condition: { kind: 'isNull', type: 'bool', arg, negated: true, at } as const, result: id },
  ];
  return { kind: 'case', type: 'int8', whens, otherwise: makeConst('int8', null, at), at };
}

interface FoundRelation {
  readonly level: Level;
  readonly crossed: readonly Level[];
  readonly found: ScopeRelation;
}

function resolveRelation(analysis: Analysis, relation: string, at: number, schema?: string): FoundRelation {
  for (const { level, crossed } of visibleLevels(analysis)) {
    const [found, second] = level.scope.relations.filter(
      ({ alias, table }) =>
        alias === relation && (schema === undefined || table?.name === relationNameOf(schema, relation)),
    );
    if (found === undefined) continue;
    if (second !== undefined) fail('42P09', `table reference "${relation}" is ambiguous`, at);
    checkLateral(level, relation, at);
    return { level, crossed, found };
  }
  const isNamed = isRelationKnown(analysis, relation);
  return fail(
    '42P01',
    isNamed
      ? `invalid reference to FROM-clause entry for table "${relation}"`
      : `missing FROM-clause entry for table "${relation}"`,
    at,
  );
}

/** Is there such a relation somewhere in the queries around, though this place may not see it? */
function isRelationKnown(analysis: Analysis, relation: string): boolean {
  for (let { level } = analysis; level !== null; level = level.parent)
    if (
      level.known.some(
        ({ alias, table }) => alias === relation || (table !== null && ownName(table.name) === relation),
      )
    )
      return true;
  return false;
}

function valueAt(analysis: Analysis, level: Level, crossed: readonly Level[], expr: Expr, at: number): Expr {
  return crossed.length === 0 ? { ...expr, at } : outerValue(analysis, level, expr, crossed, at);
}

/** The columns that `*` or `relation.*` stands for. */
export function resolveStar(
  analysis: Analysis,
  relation: string,
  at: number,
  schema?: string,
): readonly ScopeColumn[] {
  if (relation === '') {
    const { scope } = queryLevel(analysis);
    if (scope.relations.length === 0) fail('42601', 'SELECT * with no tables specified is not valid', at);
    return scope.columns.map(({ name, expr }) => ({ name, expr: { ...expr, at } }));
  }
  const { level, crossed, found } = resolveRelation(analysis, relation, at, schema);
  return found.columns.map(({ name, expr }) => ({ name, expr: valueAt(analysis, level, crossed, expr, at) }));
}

/** `relation.column` of a column of the row, for messages. */
export function columnName({ relations }: Scope, index: number): string {
  for (const { alias, columns } of relations)
    for (const { name, expr } of columns)
      if (expr.kind === 'column' && expr.index === index) return alias === '' ? name : `${alias}.${name}`;
  return '?';
}

function ownerOf(scope: Scope, expr: Expr): string {
  return (
    scope.relations.find(({ columns }) => columns.some((column) => equalExpr(column.expr, expr)))?.alias ?? ''
  );
}
