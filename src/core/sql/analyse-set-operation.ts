// UNION, INTERSECT and EXCEPT: the arms, the common types of their columns, and ORDER BY over the result.

import { refuseLockingOf } from './analyse-locking.ts';
import { analyseQuery } from './analyse-query.ts';
import { analyseLimit } from './analyse-select.ts';
import { makeSorter, type Target } from './analyse-sort.ts';
import { type Analysis, deeper } from './analysis.ts';
import { asciiUpper } from './ascii.ts';
import { coerce, coerceToCommon, settledType } from './coerce.ts';
import { type Expr, makeColumn } from './expression.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { checkOrdered } from './has-order.ts';
import { plainQuery, type Query, type SetOperation } from './query.ts';
import { queryLevel } from './scope.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  isSetOperation,
  nodesOf,
  onlyFields,
  textOf,
} from './tree.ts';

const SET_STMT = new Set([
  'withClause',
  'op',
  'all',
  'larg',
  'rarg',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
]);

const OPERATIONS: ReadonlyMap<string, SetOperation> = new Map([
  ['SETOP_UNION', 'union'],
  ['SETOP_INTERSECT', 'intersect'],
  ['SETOP_EXCEPT', 'except'],
]);

export function analyseSetOperation(analysis: Analysis, fields: Fields): Query {
  refuseLockingOf(fields, 'UNION/INTERSECT/EXCEPT');
  onlyFields(fields, SET_STMT, 'a set operation');
  const { query } = combine(analysis, fields);
  const targets: Target[] = query.columns.map(({ name }, i) => ({
    name,
    expr: query.outputs[i] ?? fail('XX000', 'a column without an output'),
    hidden: false,
  }));
  // ORDER BY sees the columns of the result only.
  queryLevel(analysis).scope = { relations: [], columns: targets };
  const sorter = makeSorter(analysis, targets, 'set operation');
  const sort = nodesOf(fields, 'sortClause').map(sorter.sortKey);
  return { ...query, sort, ...analyseLimit(analysis, fields) };
}

/** A query, with what its columns are for type resolution and for messages. */
export interface Arm {
  readonly query: Query;
  readonly exprs: readonly Expr[];
}

function combine(analysis: Analysis, fields: Fields): Arm {
  const operation = OPERATIONS.get(textOf(fields, 'op'));
  if (operation === undefined) return unsupported(textOf(fields, 'op'), firstLocation(fields, 0));
  const left = analyseArm(analysis, fieldsOf(fields, 'larg'));
  const right = analyseArm(analysis, fieldsOf(fields, 'rarg'));
  const name = asciiUpper(operation);
  // PostgreSQL's own answer for them changed between its versions.
  if (left.exprs.length + right.exprs.length === 0)
    unsupported(`${name} of empty target lists`, firstLocation(fields, 0));
  if (left.exprs.length !== right.exprs.length)
    fail('42601', `each ${name} query must have the same number of columns`, right.exprs[0]?.at ?? NOWHERE);
  const pairs = left.exprs.map((l, i) =>
    coerceToCommon(analysis, [l, right.exprs[i] ?? fail('XX000', 'a column without its pair')], name),
  );
  const types = pairs.map(([l]) => (l === undefined ? 'text' : settledType(l)));
  const columns = left.query.columns.map(({ name: column, typmod }, i) => ({
    name: column,
    type: types[i] ?? 'text',
    // what both sides have
    ...(typmod !== undefined && typmod === right.query.columns[i]?.typmod && { typmod }),
  }));
  const places = left.exprs.map((l) => l.at);
  if (!flagOf(fields, 'all'))
    for (const [i, type] of types.entries()) checkOrdered(type, places[i], 'equality');
  const query = plainQuery(
    {
      kind: 'set',
      operation,
      all: flagOf(fields, 'all'),
      left: withTypes(analysis, left.query, types),
      right: withTypes(analysis, right.query, types),
      offset: 0,
      width: types.length,
    },
    types.map((type, i) => makeColumn(type, i, NOWHERE)),
    columns,
  );
  return { query, exprs: types.map((type, i) => makeColumn(type, i, places[i] ?? NOWHERE)) };
}

/** An arm with clauses of its own is a query of its own; a nested set operation without any is part of this one. */
export function analyseArm(analysis: Analysis, fields: Fields): Arm {
  const isOwn = ['sortClause', 'limitOffset', 'limitCount', 'withClause', 'lockingClause'].some((name) =>
    has(fields, name),
  );
  refuseLockingOf(fields, 'UNION/INTERSECT/EXCEPT');
  if (isSetOperation(fields) && !isOwn) {
    onlyFields(fields, SET_STMT, 'a set operation');
    return deeper(analysis, firstLocation(fields, 0), () => combine(analysis, fields));
  }
  const { query } = analyseQuery(analysis, fields, { keepUnknown: true });
  return { query, exprs: query.outputs.slice(0, query.columns.length) };
}

/** The query with its columns as these types. What DISTINCT compares keeps its type. */
export function withTypes(
  analysis: Analysis,
  query: Query,
  types: readonly Query['columns'][number]['type'][],
): Query {
  const shown = query.outputs.slice(0, types.length);
  if (shown.every((e, i) => e.type === types[i])) return query;
  const columns = query.columns.map(({ name }, i) => ({ name, type: types[i] ?? 'text' }));
  const convert = (e: Expr, i: number): Expr => {
    const type = types[i];
    return type === undefined ? e : coerce(analysis, e, type);
  };
  const isUnknown = shown.some((e) => e.type === 'unknown');
  if ((!query.distinct && query.distinctOn === null) || isUnknown)
    return { ...query, outputs: query.outputs.map(convert), columns };
  return plainQuery(
    { kind: 'query', query, alias: '', offset: 0, width: types.length },
    query.columns.map(({ type }, i) => convert(makeColumn(type, i, NOWHERE), i)),
    columns,
  );
}
