// The table of functions that the interpreter calls, by name. Strict: they are never called with a null.

import { NUMBER_BUILTINS } from './builtins-number.ts';
import { NUMERIC_BUILTINS } from './builtins-numeric.ts';
import { SMALL_BUILTINS } from './builtins-small.ts';
import { TAGGED_BUILTINS } from './builtins-tagged.ts';
import { TEXT_BUILTINS, VARIADIC_BUILTINS } from './builtins-text.ts';
import { CATALOG_BUILTINS } from './catalog-functions.ts';

export const BUILTINS = {
  ...NUMBER_BUILTINS,
  ...SMALL_BUILTINS,
  ...NUMERIC_BUILTINS,
  ...TEXT_BUILTINS,
  ...TAGGED_BUILTINS,
  ...CATALOG_BUILTINS,
};
export const VARIADICS = VARIADIC_BUILTINS;

export type FunctionName = keyof typeof BUILTINS;
export type VariadicName = keyof typeof VARIADICS;
