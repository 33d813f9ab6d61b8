// Statements that a node makes itself, as libpg-query would give them (docs/spec/pcs.md §4): conditions on columns of a key, whose values
// are parameters in text form.

import type { StatementTree } from '../kernel/client-calls.ts';
import type { Value } from './access.ts';
import { formatValue } from './text-form.ts';
import { columnTree, infixTree, junctionTree, type Tree } from './written-tree.ts';

export interface Built {
  readonly statement: StatementTree;
  readonly params: readonly (string | null)[];
}

export interface Condition {
  readonly text: string;
  readonly tree: Tree;
}

export type Comparison = '>=' | '<=' | '<' | '>' | '=';

export const statement = (text: string, stmt: unknown): StatementTree => ({
  text,
  tree: new TextEncoder().encode(JSON.stringify({ stmts: [{ stmt }] })),
});

/** `value` in text form; it becomes the next of the parameters. */
export function compare(
  params: (string | null)[],
  name: string,
  op: Comparison,
  value: string | null,
): Condition {
  const number = params.push(value);
  return {
    text: `"${name}" ${op} $${number}`,
    tree: infixTree(op, columnTree(name), { ParamRef: { number } }),
  };
}

/** None where there is no such end. */
export const bounded = (
  params: (string | null)[],
  name: string,
  op: Comparison,
  value: Value,
): readonly Condition[] => (value === null ? [] : [compare(params, name, op, formatValue(value))]);

export const allOf = (conditions: readonly Condition[]): Condition => join(conditions, 'AND');
const anyOf = (conditions: readonly Condition[]): Condition => join(conditions, 'OR');

function join(conditions: readonly Condition[], word: 'AND' | 'OR'): Condition {
  const [first] = conditions;
  if (first && conditions.length === 1) return first;
  return {
    text: `(${conditions.map(({ text }) => text).join(` ${word} `)})`,
    tree: junctionTree(
      `${word}_EXPR`,
      conditions.map(({ tree }) => tree),
    ),
  };
}

/** Keys of several columns after these values, or up to them, in the order of the key. */
export function rowwise(
  params: (string | null)[],
  names: readonly string[],
  op: '>' | '<=',
  values: readonly (string | null)[],
): readonly Condition[] {
  const [name = '', ...rest] = names;
  const [value = null, ...others] = values;
  if (rest.length === 0) return [compare(params, name, op, value)];
  // the first column bounds the scan, the rest tells equal ones apart
  const outer = compare(params, name, op === '>' ? '>=' : '<=', value);
  const strictly = compare(params, name, op === '>' ? '>' : '<', value);
  const equal = compare(params, name, '=', value);
  return [outer, anyOf([strictly, allOf([equal, ...rowwise(params, rest, op, others)])])];
}

/** `WHERE …`, where there is anything to ask for. */
export function whereOf(conditions: readonly Condition[]): { readonly text: string; readonly tree: object } {
  if (conditions.length === 0) return { text: '', tree: {} };
  const { tree } = allOf(conditions);
  return { text: ` WHERE ${conditions.map(({ text }) => text).join(' AND ')}`, tree: { whereClause: tree } };
}
