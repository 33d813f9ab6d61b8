// Functions of arrays: their arguments may be an array of any type, an item of it, or a type of their own.

import type { ColumnType } from './access.ts';
import type { FunctionName, VariadicName } from './builtins.ts';

export type ArrayArgument = 'array' | 'item' | ColumnType;

export interface ArrayFunction {
  readonly args: readonly ArrayArgument[];
  readonly result: ArrayArgument;
  readonly fn: FunctionName | VariadicName;
  /** Of a null it gives null, and is not called. */
  readonly isStrict: boolean;
}

const listOf = (args: string): readonly ArrayArgument[] => args.split(' ') as ArrayArgument[];
const strict = (args: string, result: ArrayArgument, fn: FunctionName): ArrayFunction => ({
  args: listOf(args),
  result,
  fn,
  isStrict: true,
});
const open = (args: string, result: ArrayArgument, fn: VariadicName): ArrayFunction => ({
  args: listOf(args),
  result,
  fn,
  isStrict: false,
});

export const ARRAY_FUNCTIONS: ReadonlyMap<string, readonly ArrayFunction[]> = new Map([
  ['array_length', [strict('array int4', 'int4', 'arrayLength')]],
  ['array_upper', [strict('array int4', 'int4', 'arrayLength')]],
  ['array_lower', [strict('array int4', 'int4', 'arrayLower')]],
  ['array_ndims', [strict('array', 'int4', 'arrayDimensions')]],
  ['array_dims', [strict('array', 'text', 'arrayBounds')]],
  ['width_bucket', [strict('item array', 'int4', 'arrayBucket')]],
  ['cardinality', [strict('array', 'int4', 'arrayCardinality')]],
  ['array_append', [open('array item', 'array', 'arrayAppend')]],
  ['array_prepend', [open('item array', 'array', 'arrayPrepend')]],
  ['array_cat', [open('array array', 'array', 'arrayCat')]],
  ['array_remove', [open('array item', 'array', 'arrayRemove')]],
  ['array_replace', [open('array item item', 'array', 'arrayReplace')]],
  ['array_position', [open('array item', 'int4', 'arrayPosition')]],
  [
    'array_to_string',
    [open('array text', 'text', 'arrayToText'), open('array text text', 'text', 'arrayToText')],
  ],
  [
    'string_to_array',
    [open('text text', 'text[]', 'textSplit'), open('text text text', 'text[]', 'textSplit')],
  ],
]);
