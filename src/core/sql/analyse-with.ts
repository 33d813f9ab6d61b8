// WITH: queries with a name. One that is read once stands where it is read, as a derived table does; others are kept while
// the statement runs. A recursive one is a query that begins, UNION, and a query over the rows of the last round. Statements in WITH that
// write run before the statement, each to its end. All of a statement sees what was there before it, so none may read a table that another
// one of it has written by then: the engine has no numbers of commands within a transaction, and refuses that by name.

import { analyseQuery } from './analyse-query.ts';
import { analyseArm, withTypes } from './analyse-set-operation.ts';
import { type Analysis, inClause } from './analysis.ts';
import { coerceToCommon, settledType } from './coerce.ts';
import { makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { planTrimmed } from './plan.ts';
import type { CtePlan, PlanShape, WritingPart } from './plan-types.ts';
import type { OutputColumn, Query } from './query.ts';
import { checkRecursion, countMentions } from './recursion.ts';
import { atLevel, type Level, makeLevel, queryLevel } from './scope.ts';
import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalText,
  stringsOf,
  type TreeNode,
} from './tree.ts';
import { typeName } from './types.ts';

export interface Cte {
  readonly name: string;
  readonly columns: readonly OutputColumn[];
  /** `work`: the rows of its last round, while its recursive part is read; `later`: not yet analysed; `silent`: it gives none. */
  readonly kind: 'inline' | 'kept' | 'work' | 'later' | 'silent';
  readonly query: Query | null;
  readonly plan: CtePlan | null;
  readonly id: number;
  readonly inherits: readonly number[];
  /** Relations whose rows it reads: so does who reads it. */
  readonly scans: readonly number[];
}

const WITH_CLAUSE = new Set(['ctes', 'recursive', 'location']);
const COMMON_TABLE_EXPR = new Set(['ctename', 'aliascolnames', 'ctematerialized', 'ctequery', 'location']);

/** The statement's WITH clause, if it has one, into the level of the query that is read. */
export function analyseWith(analysis: Analysis, statement: Fields): void {
  if (!has(statement, 'withClause')) return;
  const clause = fieldsOf(statement, 'withClause');
  onlyFields(clause, WITH_CLAUSE, 'WITH');
  const level = queryLevel(analysis);
  const isRecursive = flagOf(clause, 'recursive');
  const items = nodesOf(clause, 'ctes').map(({ tag, fields }) =>
    tag === 'CommonTableExpr' ? fields : unsupported(tag, locationOf(fields)),
  );
  const names = items.map((fields) => nameOf(fields, 'ctename'));
  for (const [i, fields] of items.entries()) {
    onlyFields(fields, COMMON_TABLE_EXPR, 'WITH');
    const name = names[i] ?? '';
    if (names.indexOf(name) !== i)
      fail('42712', `WITH query name "${name}" specified more than once`, locationOf(fields));
  }
  if (isRecursive) for (const name of names) level.ctes.push(laterCte(name));
  for (const [i, fields] of items.entries()) {
    const name = names[i] ?? '';
    const readers = countMentions(statement, name);
    const cte = analyseCte(analysis, level, fields, isRecursive, readers);
    if (isRecursive) level.ctes[i] = cte;
    else level.ctes.push(cte);
  }
}

const laterCte = (name: string): Cte => ({
  name,
  columns: [],
  kind: 'later',
  query: null,
  plan: null,
  id: -1,
  inherits: [],
  scans: [],
});

function analyseCte(
  analysis: Analysis,
  level: Level,
  fields: Fields,
  isRecursive: boolean,
  readers: number,
): Cte {
  const name = nameOf(fields, 'ctename');
  const body = nodeOf(fields, 'ctequery');
  if (body.tag !== 'SelectStmt') {
    const { id, columns: given } = analyseWriting(
      analysis,
      level,
      body,
      isRecursive ? name : null,
      locationOf(fields),
    );
    const columns = rename(name, given ?? [], fields);
    const known = { name, columns, query: null, id, inherits: [], scans: [] };
    if (given === null) return { ...known, kind: 'silent', plan: null };
    return { ...known, kind: 'kept', plan: { ...emptyPlan(name, columns), id } };
  }
  if (isRecursive && countMentions(body.fields, name) > 0)
    return analyseRecursive(analysis, level, fields, body.fields);
  const { scans, made } = scannedBy(analysis, () => analyseQuery(analysis, body.fields));
  const { query, level: own } = made;
  const columns = rename(name, query.columns, fields);
  const inherits = [...own.uses];
  const isKept = optionalText(fields, 'ctematerialized') === 'CTEMaterializeAlways';
  if (readers === 1 && !isKept)
    return { name, columns, kind: 'inline', query, plan: null, id: -1, inherits, scans };
  const id = analysis.slots++;
  const plan: CtePlan = {
    id,
    name,
    columns: columns.map((column) => column.name),
    input: planTrimmed(analysis, query),
    step: null,
    all: true,
    inherits,
  };
  return { name, columns, kind: 'kept', query, plan, id, inherits, scans };
}

/** Of a statement that writes: its rows are there before they are read. */
const emptyPlan = (name: string, columns: readonly OutputColumn[]): Omit<CtePlan, 'id'> => ({
  name,
  columns: columns.map((column) => column.name),
  input: { kind: 'rows', rows: [], draws: false },
  step: null,
  all: true,
  inherits: [],
});

function rename(name: string, columns: readonly OutputColumn[], fields: Fields): readonly OutputColumn[] {
  const renamed = stringsOf(fields, 'aliascolnames');
  if (renamed.length > columns.length) {
    const counts = `${columns.length} columns available but ${renamed.length} columns specified`;
    fail('42P10', `WITH query "${name}" has ${counts}`, locationOf(fields));
  }
  return columns.map((column, i) => ({ ...column, name: renamed[i] ?? column.name }));
}

function analyseRecursive(analysis: Analysis, level: Level, fields: Fields, body: Fields): Cte {
  const name = nameOf(fields, 'ctename');
  checkRecursion(name, body, locationOf(fields));
  const at = level.ctes.findIndex((cte) => cte.name === name);
  const own = makeLevel('query', analysis.level);
  const id = analysis.slots++;
  const read = (): Cte => {
    const first = analyseArm(analysis, fieldsOf(body, 'larg'));
    const types = first.exprs.map((e) => (e.type === 'unknown' ? 'text' : e.type));
    const base = withTypes(analysis, first.query, types);
    const columns = rename(name, base.columns, fields);
    level.ctes[at] = { ...laterCte(name), columns, kind: 'work', id };
    const next = analyseArm(analysis, fieldsOf(body, 'rarg'));
    if (next.exprs.length !== types.length)
      fail('42601', 'each UNION query must have the same number of columns', next.exprs[0]?.at ?? NOWHERE);
    for (const [i, type] of types.entries()) {
      const e = next.exprs[i];
      const place = first.exprs[i]?.at ?? NOWHERE;
      const [pair] =
        e === undefined ? [] : coerceToCommon(analysis, [makeColumn(type, i, place), e], 'UNION');
      const common = pair === undefined ? type : settledType(pair);
      if (common === type) continue;
      const is = `has type ${typeName(type)} in non-recursive term but type ${typeName(common)} overall`;
      fail('42804', `recursive query "${name}" column ${i + 1} ${is}`, place);
    }
    const step = planTrimmed(analysis, withTypes(analysis, next.query, types));
    const inherits = [...own.uses];
    const all = flagOf(body, 'all');
    const plan: CtePlan = {
      id,
      name,
      columns: columns.map((column) => column.name),
      input: planTrimmed(analysis, base),
      step,
      all,
      inherits,
    };
    return { name, columns, kind: 'kept', query: null, plan, id, inherits, scans: [] };
  };
  const { scans, made } = scannedBy(analysis, () =>
    atLevel(analysis, own, () => inClause(analysis, 'targets', read)),
  );
  return { ...made, scans };
}

/** The WITH query of that name that can be seen from here; what it needs of outer rows, those in between need as well. */
export function findCte(analysis: Analysis, name: string, at: number): Cte | null {
  const crossed: Level[] = [];
  for (let { level } = analysis; level !== null; level = level.parent) {
    const found = level.ctes.find((cte) => cte.name === name);
    if (found === undefined) {
      crossed.push(level);
      continue;
    }
    if (found.kind === 'silent') fail('0A000', `WITH query "${name}" does not have a RETURNING clause`, at);
    analysis.scans.push(...found.scans);
    if (found.kind === 'later') unsupported('a reference to a later WITH query', at);
    for (const inner of crossed) for (const id of found.inherits) inner.uses.add(id);
    return found;
  }
  return null;
}

/** What is read while `analyse` goes on, apart from all else. */
function scannedBy<T>(
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
function analyseWriting(
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
    atLevel(analysis, level, () => inClause(analysis, 'targets', () => analysis.planPart(body))),
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
