// A function of a type as one line of a table: its name (of an operator its symbol, of a cast `::`), its arguments, its result and what it
// does. Which functions, operators and casts there are is read from these tables.

import type { ColumnType, Value } from './access.ts';

/** Strict: it is never called with a null. */
type Body = (...args: readonly Value[]) => Value;

export interface TableFunction {
  readonly name: string;
  readonly args: readonly ColumnType[];
  readonly result: ColumnType;
  readonly body: Body;
  /** It depends on settings of a session in PostgreSQL, which does not fold it. */
  readonly isStable: boolean;
  /** What its arguments are called, and what they are where a call leaves them out. */
  readonly named: readonly (readonly [name: string, otherwise?: Value])[];
}

export const CAST = '::';
/** Of what brings a value to the precision of its column. */
export const FIT = '';

export const define = (
  name: string,
  args: string,
  result: ColumnType,
  body: Body,
  more: Partial<Pick<TableFunction, 'isStable' | 'named'>> = {},
): TableFunction => ({
  name,
  args: args.split(' ').filter((type) => type !== '') as ColumnType[],
  result,
  body,
  isStable: false,
  named: [],
  ...more,
});

/** A cast or operator that depends on settings of a session. */
export const defineStable = (name: string, args: string, result: ColumnType, body: Body): TableFunction =>
  define(name, args, result, body, { isStable: true });

/** The functions themselves, by the names that expressions have of them. */
export const bodiesOf = <Key extends string>(
  table: Readonly<Record<Key, TableFunction>>,
): Readonly<Record<Key, Body>> =>
  Object.fromEntries(Object.entries<TableFunction>(table).map(([key, { body }]) => [key, body])) as Readonly<
    Record<Key, Body>
  >;
