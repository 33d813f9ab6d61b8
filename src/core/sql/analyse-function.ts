// Function calls: ordinary functions, and aggregates with their own rules of where they may stand.

import type { ColumnType } from './access.ts';
import { arrayCall, ENUM_FUNCTIONS, enumCall } from './analyse-array.ts';
import { analyseExpression } from './analyse-expression.ts';
import { leftmost } from './analyse-operator.ts';
import { analyseSequenceCall, isSequenceFunction, SEQUENCE_FUNCTIONS } from './analyse-sequence.ts';
import { sortDirection } from './analyse-sort.ts';
import { analyseWindowFunction, overWindow, WINDOW_FUNCTIONS } from './analyse-window.ts';
import { type Analysis, type Clause, currentSchema, inClause, schemasThere, typeList } from './analysis.ts';
import { asciiLower } from './ascii.ts';
import { makeCall } from './builtins.ts';
import { ROWS } from './builtins-regex.ts';
import { nameLookup } from './catalog-casts.ts';
import { CATALOG_BUILTINS, CATALOG_CONSTANTS, FIXED_SETTINGS } from './catalog-functions.ts';
import { CATALOG_QUERIES, catalogCall } from './catalog-trees.ts';
import { coerce, coerceArgument, resolveUnknown, settledType } from './coerce.ts';
import { isEnum } from './enum-type.ts';
import {
  type AggregateExpr,
  type AggregateName,
  type AmbientExpr,
  type Expr,
  equalExpr,
  makeConst,
  someExpr,
} from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { rowsFunctions } from './from-function.ts';
import {
  AGGREGATES,
  AMBIGUOUS_WHEN_UNKNOWN,
  chooseOverload,
  FUNCTIONS,
  isPostgresFunction,
  type Signature,
  VARIADIC_FUNCTIONS,
} from './functions.ts';
import { ARRAY_FUNCTIONS } from './functions-array.ts';
import { checkOrdered } from './has-order.ts';
import { ORDERED_SETS, orderedSet, refusedWithin } from './ordered-set.ts';
import {
  type Fields,
  flagOf,
  has,
  locationOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { arrayOf, elementOf, isArray, isImplicit, isString, type SqlType, typeName } from './types.ts';
import { nodeOfTree } from './written-tree.ts';

const FUNC_CALL = new Set([
  'funcname',
  'args',
  'agg_star',
  'agg_distinct',
  'agg_filter',
  'agg_order',
  'agg_within_group',
  'over',
  'funcformat',
  'location',
]);

/** Functions without arguments, whose value is that of the moment. */
const AMBIENT: ReadonlyMap<string, Pick<AmbientExpr, 'type' | 'source'>> = new Map([
  ['now', { type: 'timestamptz', source: 'transactionStart' }],
  ['transaction_timestamp', { type: 'timestamptz', source: 'transactionStart' }],
  ['clock_timestamp', { type: 'timestamptz', source: 'clock' }],
  ['gen_random_uuid', { type: 'uuid', source: 'uuid' }],
  ['uuid_generate_v4', { type: 'uuid', source: 'uuid' }],
  ['pg_backend_pid', { type: 'int4', source: 'backend' }],
  ['random', { type: 'float8', source: 'random' }],
]);

const SETSEED = 'setseed';

const isOfCatalog = (name: string): boolean =>
  FUNCTIONS.get(name)?.every(({ fn }) => Object.hasOwn(CATALOG_BUILTINS, fn)) ?? false;

/** Functions of the lab, as documents list them. */
export const functionsByKind = {
  ordinary: [
    ...[...FUNCTIONS.keys()].filter((name) => !isOfCatalog(name) && !name.startsWith('lab_')),
    ...VARIADIC_FUNCTIONS.keys(),
  ],
  'of the moment': [...AMBIENT.keys(), SETSEED],
  'of arrays': [...ARRAY_FUNCTIONS.keys()],
  'of enums': ENUM_FUNCTIONS,
  'that give rows': rowsFunctions(),
  'of sequences': [...SEQUENCE_FUNCTIONS.keys()],
  aggregates: [...AGGREGATES.keys()],
  'of windows': [...WINDOW_FUNCTIONS.keys()],
  'of the catalog': [
    ...CATALOG_CONSTANTS.keys(),
    ...CATALOG_QUERIES,
    ...[...FUNCTIONS.keys()].filter(isOfCatalog),
    'current_schema',
    'current_schemas',
    'current_setting',
  ],
};

const OWN_FUNCTIONS: ReadonlySet<string> = new Set(Object.values(functionsByKind).flat());

const VALUE_FUNCTION = new Set(['op', 'typmod', 'location']);

/** CURRENT_DATE, CURRENT_TIMESTAMP, LOCALTIMESTAMP. */
export function analyseValueFunction(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, VALUE_FUNCTION, 'a value function');
  const at = locationOf(fields);
  const now: Expr = { kind: 'ambient', type: 'timestamptz', source: 'transactionStart', at };
  switch (textOf(fields, 'op')) {
    case 'SVFOP_CURRENT_DATE':
      return coerce(analysis, now, 'date');
    case 'SVFOP_CURRENT_TIMESTAMP':
      return now;
    case 'SVFOP_LOCALTIMESTAMP':
      return coerce(analysis, now, 'timestamp');
    case 'SVFOP_LOCALTIME':
      return coerce(analysis, now, 'time');
    case 'SVFOP_CURRENT_USER':
    case 'SVFOP_CURRENT_ROLE':
    case 'SVFOP_USER':
    case 'SVFOP_SESSION_USER':
      return catalogConstant('current_user', at);
    case 'SVFOP_CURRENT_CATALOG':
      return catalogConstant('current_database', at);
    case 'SVFOP_CURRENT_SCHEMA':
      return makeConst('text', currentSchema(analysis), at);
    default:
      return unsupported('a time or user value function', at);
  }
}

function catalogConstant(name: string, at: number): Expr {
  const [type, value] = CATALOG_CONSTANTS.get(name) ?? ['text' as const, null];
  return makeConst(type, value, at);
}

/** `current_schemas(with those of the system)`, in the text form of an array. */
function currentSchemas(analysis: Analysis, [isAll]: readonly Expr[], at: number): Expr {
  if (isAll?.kind !== 'const') return unsupported('current_schemas of what is no constant', at);
  const system = isAll.value === true ? ['pg_catalog'] : [];
  return makeConst('text', `{${[...system, ...schemasThere(analysis)].join(',')}}`, at);
}

/** `current_setting` of what nobody changes; of what a session sets, SHOW tells it. */
function currentSetting(args: readonly Expr[], at: number): Expr {
  const [name, isMissingOk] = args;
  if (name?.kind !== 'const' || typeof name.value !== 'string')
    return unsupported('current_setting of what is no constant', at);
  const value = FIXED_SETTINGS.get(asciiLower(name.value)) ?? null;
  if (value === null && !(isMissingOk?.kind === 'const' && isMissingOk.value === true))
    fail('42704', `unrecognized configuration parameter "${name.value}"`, at);
  return makeConst('text', value, at);
}

export function analyseCall(analysis: Analysis, fields: Fields): Expr {
  onlyFields(fields, FUNC_CALL, 'a function call');
  const at = locationOf(fields);
  const name = functionName(fields, at);
  const read = catalogCall(fields) ?? nameLookup(fields);
  if (read !== null) return analyseExpression(analysis, nodeOfTree(read));
  if (isSequenceFunction(name)) return analyseSequenceCall(analysis, fields, name, at);
  if (AGGREGATES.has(name)) return analyseAggregate(analysis, fields, name, at);
  const readArgs = (): readonly Expr[] => [
    ...readArguments(analysis, fields, name, at),
    ...(flagOf(fields, 'agg_within_group') ? readOrder(analysis, fields, []).map(({ expr }) => expr) : []),
  ];
  const args =
    WINDOW_FUNCTIONS.has(name) && analysis.clause === 'targets'
      ? inClause(analysis, 'a window function', readArgs)
      : readArgs();
  const types = args.map((arg) => arg.type);
  const ambient = args.length === 0 ? AMBIENT.get(name) : undefined;
  if (ambient !== undefined) return { kind: 'ambient', ...ambient, at };
  if (args.length === 0 && name === 'current_schema') return makeConst('text', currentSchema(analysis), at);
  if (name === 'current_schemas' && args.length === 1) return currentSchemas(analysis, args, at);
  if (args.length === 0 && CATALOG_CONSTANTS.has(name)) return catalogConstant(name, at);
  if (name === 'current_setting' && (args.length === 1 || args.length === 2)) return currentSetting(args, at);
  const windowFunction = WINDOW_FUNCTIONS.get(name);
  if (windowFunction !== undefined)
    return analyseWindowFunction(analysis, fields, windowFunction, args, at) ?? noFunction(name, types, at);
  if (has(fields, 'over') && (FUNCTIONS.has(name) || VARIADIC_FUNCTIONS.has(name)))
    fail('42809', `OVER specified, but ${name} is not a window function nor an aggregate function`, at);
  if (has(fields, 'agg_filter') && (FUNCTIONS.has(name) || VARIADIC_FUNCTIONS.has(name)))
    fail('42809', `FILTER specified, but ${name} is not an aggregate function`, at);
  if (flagOf(fields, 'agg_within_group') && (FUNCTIONS.has(name) || VARIADIC_FUNCTIONS.has(name))) {
    choose(FUNCTIONS.get(name) ?? [], name, types, at);
    fail('42809', `WITHIN GROUP specified, but ${name} is not an aggregate function`, at);
  }
  if (flagOf(fields, 'agg_distinct') && (FUNCTIONS.has(name) || VARIADIC_FUNCTIONS.has(name)))
    fail('42809', `DISTINCT specified, but ${name} is not an aggregate function`, at);
  const ofEnums = enumCall(name, args, at);
  if (ofEnums !== null) return ofEnums;
  const ofArrays = arrayCall(analysis, name, args, at);
  if (ofArrays !== null) return ofArrays;
  const variadic = VARIADIC_FUNCTIONS.get(name);
  if (variadic !== undefined && args.length >= variadic.least && args.length <= variadic.most) {
    const [first, ...rest] = args.map((arg) => resolveUnknown(analysis, arg));
    const texts = first === undefined ? [] : [first, ...rest];
    if ((variadic.fn === 'concatWs' || variadic.fn === 'format') && !isString(first?.type ?? 'text'))
      noFunction(name, types, at);
    if (variadic.result !== 'text' && variadic.most === 1 && types[0] === 'unknown')
      fail('42804', 'could not determine polymorphic type because input has type unknown');
    return {
      kind: 'variadic',
      type: variadic.result,
      fn: variadic.fn,
      args: texts,
      at: leftmost(at, ...texts),
    };
  }
  const [first] = args;
  if (name === SETSEED && args.length === 1 && first !== undefined && isImplicit(first.type, 'float8'))
    return {
      kind: 'sequence',
      type: 'text',
      fn: 'setseed',
      table: null,
      args: [coerce(analysis, first, 'float8')],
      at: leftmost(at, first),
    };
  const [moment] = args;
  if (name === 'age' && args.length === 1 && moment !== undefined) return ageToday(analysis, moment, at);
  const chosen = choose(FUNCTIONS.get(name) ?? [], name, types, at);
  const given = chosen.args.map((type, i) => coerce(analysis, args[i] ?? makeConst(type, null, at), type));
  if (chosen.fill !== null) given.push(makeConst('text', chosen.fill, at));
  return makeCall(chosen.result, chosen.fn, given, leftmost(at, ...args));
}

/** As they stand in the call, or by the names that the function has for them. */
function readArguments(analysis: Analysis, fields: Fields, name: string, at: number): readonly Expr[] {
  const nodes = nodesOf(fields, 'args');
  const read = (node: TreeNode): Expr => analyseExpression(analysis, node);
  const named = FUNCTIONS.get(name)?.find((one) => one.named.length > 0);
  const isNamed = ({ tag }: TreeNode): boolean => tag === 'NamedArgExpr';
  if (named === undefined || (nodes.length >= named.args.length && !nodes.some(isNamed)))
    return nodes.map(read);
  const inOrder = nodes.filter((node) => !isNamed(node)).map(read);
  const byName = new Map(
    nodes.filter(isNamed).map((node) => [textOf(node.fields, 'name'), read(nodeOf(node.fields, 'arg'))]),
  );
  const isKnown = [...byName.keys()].every((word) =>
    named.named.some(([one], i) => one === word && i >= inOrder.length),
  );
  const all = named.named.map(([word, otherwise], i) => {
    const given = inOrder[i] ?? byName.get(word);
    return given ?? (otherwise === undefined ? null : makeConst(named.args[i] ?? 'unknown', otherwise, at));
  });
  const list = all.filter((arg) => arg !== null);
  const isWhole = isKnown && list.length === all.length && inOrder.length <= all.length;
  const chosen = chooseOverload(
    [named],
    list.map(({ type }) => type),
  );
  if (isWhole && typeof chosen !== 'string') return list;
  const types = [
    ...inOrder.map(({ type }) => typeName(type)),
    ...[...byName].map(([word, { type }]) => `${word} => ${typeName(type)}`),
  ];
  return fail('42883', `function ${name}(${types.join(', ')}) does not exist`, at);
}

/** `age(moment)`: since the midnight at which the day began. */
function ageToday(analysis: Analysis, moment: Expr, at: number): Expr {
  const type = moment.type === 'timestamp' ? 'timestamp' : 'timestamptz';
  if (!isImplicit(moment.type, type)) return noFunction('age', [moment.type], at);
  const now: Expr = { kind: 'ambient', type: 'timestamptz', source: 'transactionStart', at };
  const today = coerce(analysis, coerce(analysis, now, 'date'), type);
  const fn = type === 'timestamp' ? 'timestampAge' : 'timestamptzAge';
  return makeCall('interval', fn, [today, coerce(analysis, moment, type)], leftmost(at, moment));
}

/** The name without `pg_catalog`. */
function functionName(fields: Fields, at: number): string {
  const names = stringsOf(fields, 'funcname');
  const name = names[names.length - 1] ?? '';
  const schema = names.length === 2 ? names[0] : names.length === 1 ? 'pg_catalog' : undefined;
  if (schema !== 'pg_catalog') fail('42883', `function ${names.join('.')} does not exist`, at);
  return name;
}

function noFunction(called: string, types: readonly SqlType[], at: number): never {
  const name = called.startsWith(ROWS) ? called.slice(ROWS.length) : called;
  if (isPostgresFunction(name, types, OWN_FUNCTIONS.has(name))) unsupported(`function ${name}`, at);
  return fail('42883', `function ${name}(${typeList(types)}) does not exist`, at);
}

function choose<Name>(
  overloads: readonly Signature<Name>[],
  name: string,
  types: readonly SqlType[],
  at: number,
): Signature<Name> {
  const chosen = chooseOverload(overloads, types);
  if (chosen === 'none') return noFunction(name, types, at);
  const isUnknown = types.length === 1 && types[0] === 'unknown';
  if (chosen === 'ambiguous' || (isUnknown && AMBIGUOUS_WHEN_UNKNOWN.has(name)))
    return fail('42725', `function ${name}(${typeList(types)}) is not unique`, at);
  return chosen;
}

function analyseAggregate(analysis: Analysis, fields: Fields, name: string, at: number): Expr {
  const isWindow = has(fields, 'over');
  if (!isWindow) checkPlace(analysis, at);
  const star = flagOf(fields, 'agg_star');
  const inside = isWindow
    ? analysis.clause === 'targets'
      ? 'a window function'
      : analysis.clause
    : 'an aggregate';
  const args = inClause(analysis, inside, () =>
    nodesOf(fields, 'args').map((node) => analyseExpression(analysis, node)),
  );
  const filterNode = optionalNode(fields, 'agg_filter');
  const filter =
    filterNode === null
      ? null
      : inClause(analysis, 'FILTER', () =>
          coerceArgument(analysis, analyseExpression(analysis, filterNode), 'bool', 'FILTER'),
        );
  const asked = inClause(analysis, inside, () => readOrder(analysis, fields, args));
  const set = readSet(analysis, fields, name, args, asked, at);
  const order = set?.order ?? asked;
  if (isWindow && order.length > 0) unsupported('ORDER BY inside a window function', at);
  const parts = [...args, ...order.map(({ expr }) => expr)];
  if (!isWindow) checkOwnLevel(filter === null ? parts : [...parts, filter], at);
  const types = args.map((arg) => arg.type);
  const make = (fn: AggregateName, type: SqlType, list: readonly Expr[]): Expr => {
    const distinct = flagOf(fields, 'agg_distinct');
    if (distinct) for (const one of list) checkOrdered(one.type, one.at, 'equality');
    const sorted = order.length === 0 && distinct && IN_ORDER.has(fn) ? list.map(ascending) : order;
    const aggregate: AggregateExpr = {
      kind: 'aggregate',
      type,
      fn,
      args: [...list, ...sorted.map(({ expr }) => expr)],
      order: sorted.map(({ descending, nullsFirst }) => ({ descending, nullsFirst })),
      distinct,
      filter,
      at,
    };
    return isWindow ? overWindow(analysis, fields, aggregate) : aggregate;
  };
  if (set !== null) return make(set.fn, set.type, set.args);
  if (args.length === 0) {
    if (name === 'count' && star) return make('countRows', 'int8', []);
    if (star) noFunction(name, types, at);
    if (name === 'count')
      fail('42809', 'count(*) must be used to call a parameterless aggregate function', at);
  }
  if (name === 'count') {
    if (args.length > 1) noFunction(name, types, at);
    return make(
      'count',
      'int8',
      args.map((arg) => resolveUnknown(analysis, arg)),
    );
  }
  const [first] = args;
  if (name === 'array_agg' && first !== undefined && args.length === 1) {
    const item = resolveUnknown(analysis, first);
    const type = settledType(item);
    if (isArray(type)) unsupported('an array of arrays', at);
    return make('arrayAgg', arrayOf(elementOf(type)), [item]);
  }
  const ofJson = JSON_AGGREGATES.get(name);
  if (ofJson !== undefined && args.length === ofJson[2])
    return make(
      ofJson[0],
      ofJson[1],
      args.map((arg) => resolveUnknown(analysis, arg)),
    );
  const isOwnType = first !== undefined && (isArray(first.type) || isEnum(first.type));
  if ((name === 'min' || name === 'max') && isOwnType && args.length === 1)
    return make(name, first.type, [first]);
  const chosen = choose(AGGREGATES.get(name) ?? [], name, types, at);
  return make(
    chosen.fn,
    chosen.result,
    args.map((arg, i) => coerce(analysis, arg, chosen.args[i] ?? 'text')),
  );
}

/** The call of an aggregate of rows in order; null: of another one, which has no WITHIN GROUP. */
function readSet(
  analysis: Analysis,
  fields: Fields,
  name: string,
  args: readonly Expr[],
  order: readonly Ordered[],
  at: number,
):
  | (Omit<AggregateExpr, 'kind' | 'at' | 'distinct' | 'filter' | 'order'> & {
      readonly order: readonly Ordered[];
    })
  | null {
  const isWithin = flagOf(fields, 'agg_within_group');
  const isSet = ORDERED_SETS.includes(name);
  if (!isWithin && !isSet) return null;
  const sorted = isWithin ? order.map(({ expr }) => expr) : args.slice(-1);
  const direct = isWithin ? args : args.slice(0, -1);
  const types = [...direct, ...sorted].map(({ type }) => type);
  const typesOf = (list: readonly Expr[]): readonly SqlType[] => list.map(({ type }) => type);
  const set = isSet
    ? orderedSet(name, typesOf(direct), typesOf(sorted))
    : chooseOverload(AGGREGATES.get(name) ?? [], types);
  if (set === 'ambiguous') return fail('42725', `function ${name}(${typeList(types)}) is not unique`, at);
  if (set === 'none') return noFunction(name, types, at);
  const refused = refusedWithin(name, isWithin, has(fields, 'over'));
  if (refused !== null) return fail(...refused, at);
  const [part] = direct;
  const [first] = order;
  if (first === undefined || !('sorted' in set)) return null;
  if (part !== undefined && someExpr(part, ({ kind }) => kind === 'column'))
    unsupported(`${name} of a column`, at);
  if (isArray(set.sorted) && part !== undefined && isArray(part.type)) unsupported('an array of arrays', at);
  const expr = coerce(analysis, first.expr, set.sorted);
  const given = part === undefined || set.direct === null ? [] : [coerce(analysis, part, set.direct)];
  return { fn: set.fn, type: set.type, args: [expr, ...given], order: [{ ...first, expr }] };
}

interface Ordered {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const ascending = (expr: Expr): Ordered => ({ expr, descending: false, nullsFirst: false });
/** What differs with the order of its rows; of distinct ones PostgreSQL gives them in their order. */
const IN_ORDER: ReadonlySet<AggregateName> = new Set([
  'stringAgg',
  'arrayAgg',
  'jsonAgg',
  'jsonbAgg',
  'jsonObjectAgg',
  'jsonbObjectAgg',
  'varPopFloat8',
  'varSampFloat8',
  'stddevPopFloat8',
  'stddevSampFloat8',
]);

/** Aggregates of values of any type, with the number of their arguments. */
const JSON_AGGREGATES: ReadonlyMap<string, readonly [AggregateName, ColumnType, number]> = new Map([
  ['json_agg', ['jsonAgg', 'json', 1]],
  ['jsonb_agg', ['jsonbAgg', 'jsonb', 1]],
  ['json_object_agg', ['jsonObjectAgg', 'json', 2]],
  ['jsonb_object_agg', ['jsonbObjectAgg', 'jsonb', 2]],
] as const);

/** ORDER BY within the call: its expressions, not the outputs of the query. */
function readOrder(analysis: Analysis, fields: Fields, args: readonly Expr[]): readonly Ordered[] {
  const distinct = flagOf(fields, 'agg_distinct');
  return nodesOf(fields, 'agg_order').map((node) => {
    const direction = sortDirection(node);
    const expr = resolveUnknown(analysis, analyseExpression(analysis, nodeOf(node.fields, 'node')));
    if (distinct && !args.some((arg) => equalExpr(arg, expr)))
      fail(
        '42P10',
        'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
        expr.at,
      );
    return { expr, ...direction };
  });
}

/** An aggregate over columns of an outer query only would be that query's. */
function checkOwnLevel(args: readonly Expr[], at: number): void {
  const has = (kind: Expr['kind']): boolean =>
    args.some((arg) => someExpr(arg, (part) => part.kind === kind));
  if (has('outer') && !has('column')) unsupported('an aggregate of an outer query', at);
}

const AGGREGATE_PLACES: ReadonlySet<Clause> = new Set([
  'targets',
  'HAVING',
  'a window function',
  'window definitions',
]);

function checkPlace(analysis: Analysis, at: number): void {
  const { clause } = analysis;
  if (AGGREGATE_PLACES.has(clause)) return;
  if (clause === 'an aggregate') fail('42803', 'aggregate function calls cannot be nested', at);
  fail('42803', `aggregate functions are not allowed in ${clause}`, at);
}
