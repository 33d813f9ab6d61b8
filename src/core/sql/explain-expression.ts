// Expressions as SQL text, for EXPLAIN.

import { unreachable } from '../../base/assert.ts';
import type { Value } from './access.ts';
import type { VariadicName } from './builtins.ts';
import type { CompareOp, SortKey } from './compare.ts';
import { definedName } from './defined-functions.ts';
import type { AggregateExpr, Expr } from './expression.ts';
import { CAST, FIT } from './function-table.ts';
import { formatValue } from './text-form.ts';
import { typeName } from './types.ts';

/** What stands for the columns of the row at hand, and for outer values. */
export interface Names {
  readonly columns: readonly string[];
  readonly outer: ReadonlyMap<number, string>;
}

const COMPARISONS: Readonly<Record<CompareOp, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

const OPERATORS: readonly (readonly [ending: string, symbol: string])[] = [
  ['Add', '+'],
  ['Subtract', '-'],
  ['Multiply', '*'],
  ['Divide', '/'],
  ['Modulo', '%'],
  ['Concat', '||'],
  ['NotILike', '!~~*'],
  ['NotLike', '!~~'],
  ['ILike', '~~*'],
  ['Like', '~~'],
];

export function expressionText(e: Expr, names: Names): string {
  const text = (part: Expr): string => expressionText(part, names);
  const list = (parts: readonly Expr[], separator = ', '): string => parts.map(text).join(separator);
  switch (e.kind) {
    case 'const':
      return literalText(e.value);
    case 'column':
      return names.columns[e.index] ?? `column ${e.index + 1}`;
    case 'param':
      return `$${e.number}`;
    case 'outer':
      return names.outer.get(e.id) ?? `outer value ${e.id + 1}`;
    case 'ambient':
      return AMBIENT[e.source];
    case 'subquery':
      return subqueryText(e, names);
    case 'sequence': {
      const named = e.table === null ? [] : [`'${e.table.name}'::regclass`];
      return `${e.fn}(${[...named, ...e.args.map(text)].join(', ')})`;
    }
    case 'call':
      return callText(e.fn, e.type === 'unknown' ? 'text' : typeName(e.type), e.args.map(text));
    case 'variadic':
      return variadicText(e.fn, e.args.map(text));
    case 'compare':
      return `(${text(e.left)} ${COMPARISONS[e.op]} ${text(e.right)})`;
    case 'isDistinct':
      return `(${text(e.left)} IS ${e.negated ? 'NOT ' : ''}DISTINCT FROM ${text(e.right)})`;
    case 'nullIf':
      return `NULLIF(${text(e.left)}, ${text(e.right)})`;
    case 'in':
      return `(${text(e.arg)} ${e.negated ? '<> ALL' : '= ANY'} (${list(e.list)}))`;
    case 'and':
      return `(${list(e.args, ' AND ')})`;
    case 'or':
      return `(${list(e.args, ' OR ')})`;
    case 'not':
      return `(NOT ${text(e.arg)})`;
    case 'isNull':
      return `(${text(e.arg)} IS ${e.negated ? 'NOT ' : ''}NULL)`;
    case 'isTruth':
      return `(${text(e.arg)} IS ${e.negated ? 'NOT ' : ''}${e.test.toString()})`;
    case 'coalesce':
      return `COALESCE(${list(e.args)})`;
    case 'greatest':
      return `GREATEST(${list(e.args)})`;
    case 'least':
      return `LEAST(${list(e.args)})`;
    case 'case': {
      const whens = e.whens.map(({ condition, result }) => ` WHEN ${text(condition)} THEN ${text(result)}`);
      return `CASE${whens.join('')} ELSE ${text(e.otherwise)} END`;
    }
    case 'aggregate':
      return aggregateText(e, list(e.args));
    case 'window':
      return `${e.aggregate === null ? (e.fn ?? '') : text(e.aggregate)} OVER`;
    default:
      return unreachable(e);
  }
}

const AMBIENT = {
  transactionStart: 'now()',
  clock: 'clock_timestamp()',
  uuid: 'gen_random_uuid()',
  backend: 'pg_backend_pid()',
  random: 'random()',
} as const;

function literalText(value: Value): string {
  if (value === null) return 'NULL';
  const text = formatValue(value) ?? '';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const isText =
    typeof value === 'string' || (typeof value === 'object' && 'kind' in value && value.kind !== 'real');
  return isText ? `'${text.replaceAll("'", "''")}'` : text;
}

function subqueryText(e: Extract<Expr, { kind: 'subquery' }>, names: Names): string {
  const name = `SubPlan ${e.slot + 1}`;
  if (e.test === 'exists') return `EXISTS(${name})`;
  if (e.compare === null) return `(${name})`;
  const outer = new Map(names.outer).set(e.candidate, `its column`);
  return `(${e.test === 'any' ? 'ANY' : 'ALL'} ${expressionText(e.compare, { ...names, outer })} of ${name})`;
}

function callText(fn: string, type: string, args: readonly string[]): string {
  const [first = '', second] = args;
  const name = definedName(fn);
  if (name === FIT) return first;
  if (name === CAST) return `(${first})::${type}`;
  if (name !== null && /^[a-z]/.test(name)) return `${name}(${args.join(', ')})`;
  if (name !== null) return second === undefined ? `(${name} ${first})` : `(${first} ${name} ${second})`;
  if (/^(?:numericToTypmod|varcharFit|varcharCut|charFit|charCut)$/.test(fn)) return first;
  if (/^(?:[a-z0-9]+To[A-Z]|toText)/.test(fn)) return `(${first})::${type}`;
  if (fn.endsWith('Minus')) return `(- ${first})`;
  const operator = OPERATORS.find(([ending]) => fn.endsWith(ending));
  if (operator !== undefined && second !== undefined) return `(${first} ${operator[1]} ${second})`;
  return `${fn}(${args.join(', ')})`;
}

const AGGREGATE_NAMES: readonly (readonly [beginning: string, name: string])[] = [
  ['sum', 'sum'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
  ['count', 'count'],
  ['boolAnd', 'bool_and'],
  ['boolOr', 'bool_or'],
  ['stringAgg', 'string_agg'],
  ['arrayAgg', 'array_agg'],
];

function aggregateText({ fn, distinct }: AggregateExpr, args: string): string {
  if (fn === 'countRows') return 'count(*)';
  const name = AGGREGATE_NAMES.find(([beginning]) => fn.startsWith(beginning))?.[1] ?? fn;
  return `${name}(${distinct ? 'DISTINCT ' : ''}${args})`;
}

export function sortText({ output, descending, nullsFirst }: SortKey, columns: readonly string[]): string {
  const nulls = nullsFirst === descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${columns[output] ?? output + 1}${descending ? ' DESC' : ''}${nulls}`;
}

/** Of those of arrays the first argument is the type of the items, or what is done. */
function variadicText(fn: VariadicName, args: readonly string[]): string {
  if (fn === 'concat' || fn === 'concatWs')
    return `${fn === 'concat' ? 'concat' : 'concat_ws'}(${args.join(', ')})`;
  const [, ...rest] = args;
  if (fn === 'makeArray') return `ARRAY[${rest.join(', ')}]`;
  if (fn !== 'overAny' && fn !== 'overAll') return callText(fn, '', rest);
  const [op = '', value = '', array = ''] = args;
  return `(${value} ${symbolOf(op.replaceAll("'", '').replace('::text', ''))} ${fn === 'overAny' ? 'ANY' : 'ALL'} (${array}))`;
}

const symbolOf = (op: string): string =>
  COMPARISONS[op as CompareOp] ?? OPERATORS.find(([ending]) => op.endsWith(ending))?.[1] ?? op;
