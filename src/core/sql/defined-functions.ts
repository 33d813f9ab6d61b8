// All functions that stand in tables of their types (function-table.ts).

import type { ColumnType } from './access.ts';
import { DATED } from './builtins-dated.ts';
import { OF_JSON } from './builtins-json.ts';
import { MATH } from './builtins-math.ts';
import { REGEXES } from './builtins-regex.ts';
import { STRINGS } from './builtins-string.ts';
import { TEMPLATES } from './builtins-template.ts';
import { CAST, type TableFunction } from './function-table.ts';

export const DEFINED = { ...DATED, ...OF_JSON, ...MATH, ...REGEXES, ...STRINGS, ...TEMPLATES };
export type DefinedName = keyof typeof DEFINED;

export interface Defined extends TableFunction {
  readonly fn: DefinedName;
}

const all: readonly Defined[] = Object.entries<TableFunction>(DEFINED).map(([fn, one]) => ({
  ...one,
  fn: fn as DefinedName,
}));

const byName = new Map<string, Defined[]>();
for (const one of all) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);

/** Overloads of a function, or of an operator by its symbol. */
export const definedAs = (name: string): readonly Defined[] => byName.get(name) ?? [];

/** Names of functions that a statement may call. */
export const definedNames: readonly string[] = [...byName.keys()].filter((name) => /^[a-z]/.test(name));

export const definedCasts = (from: ColumnType): readonly Defined[] =>
  definedAs(CAST).filter(({ args }) => args[0] === from);

/** Null: it stands in no table. */
export const definedName = (fn: string): string | null =>
  Object.hasOwn(DEFINED, fn) ? DEFINED[fn as DefinedName].name : null;

const stable: ReadonlySet<string> = new Set(all.flatMap(({ isStable, fn }) => (isStable ? [fn] : [])));
export const isStableFunction = (fn: string): boolean => stable.has(fn);
