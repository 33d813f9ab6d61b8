// Window functions: OVER with its PARTITION BY, ORDER BY and frame, and the WINDOW clause that names such definitions
// (transformWindowFuncCall, transformWindowDefinitions). Each call carries its whole definition; calls of one definition are
// put together again when the query has been read (`liftWindows`).

import { analyseExpression } from './analyse-expression.ts';
import { sortDirection } from './analyse-sort.ts';
import { type Analysis, inClause } from './analysis.ts';
import { checkNoColumns, coerce, coerceArgument, coerceToCommon, resolveUnknown } from './coerce.ts';
import {
  type AggregateExpr,
  type Expr,
  equalData,
  type Frame,
  type FrameBound,
  makeColumn,
  mapParts,
  type WindowExpr,
  type WindowFunction,
  type WindowOrder,
} from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { fold } from './fold.ts';
import {
  DEFAULT_OPTIONS,
  END_CURRENT,
  END_FOLLOWING,
  END_PRECEDING,
  END_UNBOUNDED,
  EXCLUDE_CURRENT,
  EXCLUDE_GROUP,
  EXCLUDE_TIES,
  GROUPS,
  ROWS,
  START_CURRENT,
  START_FOLLOWING,
  START_PRECEDING,
  START_UNBOUNDED,
} from './frame-options.ts';
import type { WindowGroup } from './query.ts';
import { queryLevel } from './scope.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  integerOf,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalNode,
  type TreeNode,
} from './tree.ts';
import { isImplicit, typeName } from './types.ts';

const WINDOW_DEF = new Set([
  'name',
  'refname',
  'partitionClause',
  'orderClause',
  'frameOptions',
  'startOffset',
  'endOffset',
  'location',
]);

export const WINDOW_FUNCTIONS: ReadonlyMap<string, WindowFunction> = new Map([
  ['row_number', 'rowNumber'],
  ['rank', 'rank'],
  ['dense_rank', 'denseRank'],
  ['percent_rank', 'percentRank'],
  ['cume_dist', 'cumeDist'],
  ['ntile', 'ntile'],
  ['lag', 'lag'],
  ['lead', 'lead'],
  ['first_value', 'firstValue'],
  ['last_value', 'lastValue'],
  ['nth_value', 'nthValue'],
]);

type Definition = Pick<WindowExpr, 'partition' | 'order' | 'frame'>;

/** A function that only exists with OVER; null when there is none for these arguments. */
export function analyseWindowFunction(
  analysis: Analysis,
  fields: Fields,
  fn: WindowFunction,
  args: readonly Expr[],
  at: number,
): Expr | null {
  const typed = windowArguments(analysis, fn, args);
  if (typed === null && args.length > 0 && HYPOTHETICAL.has(fn))
    fail('42809', `WITHIN GROUP is required for ordered-set aggregate ${fieldName(fn)}`, at);
  if (typed === null) return null;
  if (!has(fields, 'over')) fail('42809', `window function ${fieldName(fn)} requires an OVER clause`, at);
  if (has(fields, 'agg_filter'))
    fail('0A000', 'FILTER is not implemented for non-aggregate window functions', at);
  checkNotDistinct(fields, at);
  checkWindowPlace(analysis, at);
  const [type] = typed.types;
  const call = { kind: 'window', fn, args: typed.args, aggregate: null, type: type ?? 'text', at } as const;
  return { ...call, ...readOver(analysis, fields) };
}

/** With arguments PostgreSQL takes them as aggregates of hypothetical rows. */
const HYPOTHETICAL: ReadonlySet<WindowFunction> = new Set(['rank', 'denseRank', 'percentRank', 'cumeDist']);

const fieldName = (fn: WindowFunction): string =>
  [...WINDOW_FUNCTIONS].find(([, one]) => one === fn)?.[0] ?? fn;

/** An aggregate over a window's frame. */
export function overWindow(analysis: Analysis, fields: Fields, aggregate: AggregateExpr): Expr {
  const { at, type } = aggregate;
  checkNotDistinct(fields, at);
  checkWindowPlace(analysis, at);
  return { kind: 'window', fn: null, args: [], aggregate, type, at, ...readOver(analysis, fields) };
}

function checkNotDistinct(fields: Fields, at: number): void {
  if (flagOf(fields, 'agg_distinct')) fail('0A000', 'DISTINCT is not implemented for window functions', at);
}

function checkWindowPlace(analysis: Analysis, at: number): void {
  const { clause } = analysis;
  if (clause === 'targets') return;
  if (clause === 'an aggregate')
    fail('42803', 'aggregate function calls cannot contain window function calls', at);
  if (clause === 'a window function') fail('42P20', 'window function calls cannot be nested', at);
  const place = clause.startsWith('window ') ? 'window definitions' : clause;
  fail('42P20', `window functions are not allowed in ${place}`, at);
}

interface Arguments {
  readonly args: readonly Expr[];
  readonly types: readonly [Expr['type']];
}

/** The arguments as the function takes them, and its type. */
function windowArguments(analysis: Analysis, fn: WindowFunction, args: readonly Expr[]): Arguments | null {
  const [first, second, third] = args;
  const asInteger = (e: Expr): Expr | null =>
    isImplicit(e.type, 'int4') ? coerce(analysis, e, 'int4') : null;
  switch (fn) {
    case 'rowNumber':
    case 'rank':
    case 'denseRank':
      return args.length === 0 ? { args, types: ['int8'] } : null;
    case 'percentRank':
    case 'cumeDist':
      return args.length === 0 ? { args, types: ['float8'] } : null;
    case 'ntile': {
      const buckets = first && args.length === 1 ? asInteger(first) : null;
      return buckets && { args: [buckets], types: ['int4'] };
    }
    case 'firstValue':
    case 'lastValue':
      return first && args.length === 1 ? { args: [polymorphic(first)], types: [first.type] } : null;
    case 'nthValue': {
      const place = second && args.length === 2 ? asInteger(second) : null;
      return first && place ? { args: [polymorphic(first), place], types: [first.type] } : null;
    }
    case 'lag':
    case 'lead': {
      if (first === undefined || args.length > 3) return null;
      if (second === undefined) return { args: [polymorphic(first)], types: [first.type] };
      const offset = asInteger(second);
      if (offset === null) return null;
      if (third === undefined) return { args: [polymorphic(first), offset], types: [first.type] };
      const [value = first, absent = third] = coerceToCommon(analysis, [first, third], 'anycompatible');
      return { args: [value, offset, absent], types: [value.type] };
    }
  }
}

function polymorphic(e: Expr): Expr {
  if (e.type === 'unknown')
    fail('42804', 'could not determine polymorphic type because input has type unknown');
  return e;
}

/** The definition that OVER names, or that stands there. */
function readOver(analysis: Analysis, fields: Fields): Definition {
  const over = fieldsOf(fields, 'over');
  const at = locationOf(over);
  if (has(over, 'name')) return definitionOf(analysis, nameOf(over, 'name'), at);
  return readDefinition(analysis, over, queryLevel(analysis).windows.length);
}

/** That of the WINDOW clause, among the first `known` of it. */
function definitionOf(analysis: Analysis, name: string, at: number, known?: number): Definition {
  const { windows } = queryLevel(analysis);
  const index = windows.slice(0, known).findIndex((one) => nameOf(one, 'name') === name);
  const found = windows[index];
  return found === undefined
    ? fail('42704', `window "${name}" does not exist`, at)
    : readDefinition(analysis, found, index);
}

/** Reads the WINDOW clause for its mistakes, used or not. */
export function checkWindowClause(analysis: Analysis): void {
  const { windows } = queryLevel(analysis);
  for (const [i, fields] of windows.entries()) {
    const name = nameOf(fields, 'name');
    if (windows.findIndex((one) => nameOf(one, 'name') === name) !== i)
      fail('42P20', `window "${name}" is already defined`, locationOf(fields));
    readDefinition(analysis, fields, i);
  }
}

function readDefinition(analysis: Analysis, fields: Fields, known: number): Definition {
  onlyFields(fields, WINDOW_DEF, 'a window definition');
  const at = locationOf(fields);
  const copied = has(fields, 'refname') ? nameOf(fields, 'refname') : null;
  const base = copied === null ? null : definitionOf(analysis, copied, at, known);
  return inClause(analysis, 'window definitions', () => {
    const order = nodesOf(fields, 'orderClause').map((node) => readOrder(analysis, node));
    const partition = nodesOf(fields, 'partitionClause').map((node) =>
      resolveUnknown(analysis, analyseExpression(analysis, node)),
    );
    if (base !== null && partition.length > 0)
      fail('42P20', `cannot override PARTITION BY clause of window "${copied}"`, at);
    if (base !== null && base.order.length > 0 && order.length > 0)
      fail('42P20', `cannot override ORDER BY clause of window "${copied}"`, at);
    if (base !== null && base.frame !== DEFAULT_FRAME)
      fail('42P20', `cannot copy window "${copied}" because it has a frame clause`, at);
    const sorted = base === null || order.length > 0 ? order : base.order;
    return {
      partition: base?.partition ?? partition,
      order: sorted,
      frame: readFrame(analysis, fields, sorted),
    };
  });
}

function readOrder(analysis: Analysis, node: TreeNode): WindowOrder {
  const direction = sortDirection(node);
  const expr = resolveUnknown(analysis, analyseExpression(analysis, nodeOf(node.fields, 'node')));
  return { expr, ...direction };
}

const UNBOUNDED: FrameBound = { kind: 'unbounded', offset: null };
const CURRENT: FrameBound = { kind: 'current', offset: null };
const DEFAULT_FRAME: Frame = { unit: 'range', start: UNBOUNDED, end: CURRENT, exclude: 'none' };

function readFrame(analysis: Analysis, fields: Fields, order: readonly WindowOrder[]): Frame {
  const options = integerOf(fields, 'frameOptions');
  if (options === DEFAULT_OPTIONS || options === 0) return DEFAULT_FRAME;
  const unit = (options & ROWS) !== 0 ? 'rows' : (options & GROUPS) !== 0 ? 'groups' : 'range';
  const at = locationOf(fields);
  const hasOffset = (options & (START_PRECEDING | START_FOLLOWING | END_PRECEDING | END_FOLLOWING)) !== 0;
  if (unit === 'range' && hasOffset && order.length !== 1)
    fail('42P20', 'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column', at);
  if (unit === 'groups' && order.length === 0) fail('42P20', 'GROUPS mode requires an ORDER BY clause', at);
  const bound = (
    field: 'startOffset' | 'endOffset',
    [unbounded, current, preceding]: readonly [number, number, number],
  ): FrameBound => {
    if ((options & unbounded) !== 0) return UNBOUNDED;
    if ((options & current) !== 0) return CURRENT;
    const node = optionalNode(fields, field) ?? fail('08P01', `malformed syntax tree: ${field}`);
    const kind = (options & preceding) !== 0 ? 'preceding' : 'following';
    return { kind, offset: readOffset(analysis, unit, node, order[0]?.expr) };
  };
  const start = bound('startOffset', [START_UNBOUNDED, START_CURRENT, START_PRECEDING]);
  const end = bound('endOffset', [END_UNBOUNDED, END_CURRENT, END_PRECEDING]);
  const exclude =
    (options & EXCLUDE_CURRENT) !== 0
      ? 'current'
      : (options & EXCLUDE_GROUP) !== 0
        ? 'group'
        : (options & EXCLUDE_TIES) !== 0
          ? 'ties'
          : 'none';
  return { unit, start, end, exclude };
}

/** ROWS and GROUPS count in bigint; RANGE adds a number to the column that the rows are ordered by. */
function readOffset(analysis: Analysis, unit: Frame['unit'], node: TreeNode, by: Expr | undefined): Expr {
  const name = unit === 'rows' ? 'ROWS' : unit === 'groups' ? 'GROUPS' : 'RANGE';
  const e = inClause(analysis, `window ${name}`, () => analyseExpression(analysis, node));
  if (unit !== 'range') {
    const count = coerceArgument(analysis, e, 'int8', name);
    checkNoColumns(count, name);
    return fold(count);
  }
  checkNoColumns(e, name);
  const type = by?.type ?? 'unknown';
  const refused = 'RANGE with offset PRECEDING/FOLLOWING is not supported for column type';
  const offsetType = type === 'int4' || type === 'int8' ? 'int8' : type;
  if (offsetType !== 'int8' && offsetType !== 'numeric' && offsetType !== 'float8')
    return fail('0A000', `${refused} ${typeName(type)}`, e.at);
  if (!isImplicit(e.type, offsetType))
    fail('0A000', `${refused} ${typeName(type)} and offset type ${typeName(e.type)}`, e.at);
  return fold(coerce(analysis, e, offsetType));
}

/** The calls of each definition, and the outputs over a row that has their results behind `width` columns. */
export function liftWindows(
  outputs: readonly Expr[],
  width: number,
): { readonly windows: readonly WindowGroup[]; readonly outputs: readonly Expr[] } {
  const calls: WindowExpr[] = [];
  const collect = (e: Expr): Expr => {
    if (e.kind === 'window') {
      if (!calls.some((known) => equalData(known, e))) calls.push(e);
    } else mapParts(e, collect);
    return e;
  };
  for (const e of outputs) collect(e);
  if (calls.length === 0) return { windows: [], outputs };
  const groups: { definition: Definition; calls: WindowExpr[] }[] = [];
  for (const call of calls) {
    const { partition, order, frame } = call;
    const definition = { partition, order, frame };
    const same = groups.find((group) => equalData(group.definition, definition));
    if (same === undefined) groups.push({ definition, calls: [call] });
    else same.calls.push(call);
  }
  const placed = groups.flatMap((group) => group.calls);
  const lift = (e: Expr): Expr => {
    if (e.kind !== 'window') return mapParts(e, lift);
    const at = placed.findIndex((known) => equalData(known, e));
    return makeColumn(e.type === 'unknown' ? 'text' : e.type, width + at, e.at);
  };
  const windows = groups.map(({ definition, calls: own }) => ({ ...definition, calls: own }));
  return { windows, outputs: outputs.map(lift) };
}

/** A window clause's nodes. */
export const windowClause = (fields: Fields): readonly Fields[] =>
  nodesOf(fields, 'windowClause').map(({ tag, fields: definition }) =>
    tag === 'WindowDef' ? definition : unsupported(tag, firstLocation(definition, 0)),
  );
