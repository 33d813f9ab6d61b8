// The functions and aggregates that a statement may call, and PostgreSQL's rules for choosing among overloads.

import type { ColumnType, Value } from './access.ts';
import { STATISTICS_OVERLOADS } from './aggregate-statistics.ts';
import type { FunctionName, VariadicName } from './builtins.ts';
import { definedAs, definedNames } from './defined-functions.ts';
import type { AggregateName } from './expression.ts';
import type { TableFunction } from './function-table.ts';
import { ORDERED_SETS } from './ordered-set.ts';
import { POSTGRES_FUNCTIONS } from './postgres-functions.ts';
import { categoryOf, isImplicit, isPreferred, type SqlType } from './types.ts';

interface Arguments {
  readonly args: readonly ColumnType[];
}

export interface Signature<Name> extends Arguments {
  readonly result: ColumnType;
  readonly fn: Name;
  /** A last argument that the caller left out. */
  readonly fill: Value;
  /** What its arguments are called, and what they are where a call leaves them out. */
  readonly named: TableFunction['named'];
}

function signature<Name>(types: string, result: ColumnType, fn: Name, fill: Value = null): Signature<Name> {
  const args = types.split(' ').filter((type): type is ColumnType => type !== '');
  return { args, result, fn, fill, named: [] };
}

type Overloads<Name> = readonly Signature<Name>[];

const s = signature<FunctionName>;

const CHARACTERS: Overloads<FunctionName> = [
  s('text', 'int4', 'textLength'),
  s('bpchar', 'int4', 'charLength'),
];
const LENGTH: Overloads<FunctionName> = [...CHARACTERS, s('bytea', 'int4', 'byteaLength')];
const SUBSTRING: Overloads<FunctionName> = [
  s('text int4', 'text', 'textSubstringFrom'),
  s('text int4 int4', 'text', 'textSubstring'),
];
const POSITION: Overloads<FunctionName> = [s('text text', 'int4', 'textPosition')];
const CEIL: Overloads<FunctionName> = [
  s('float8', 'float8', 'float8Ceil'),
  s('numeric', 'numeric', 'numericCeil'),
];

const WRITTEN: ReadonlyMap<string, Overloads<FunctionName>> = new Map<string, Overloads<FunctionName>>([
  ['length', LENGTH],
  ['char_length', CHARACTERS],
  ['character_length', CHARACTERS],
  [
    'octet_length',
    [
      s('text', 'int4', 'textOctetLength'),
      s('bpchar', 'int4', 'charOctetLength'),
      s('bytea', 'int4', 'byteaLength'),
    ],
  ],
  ['encode', [s('bytea text', 'text', 'byteaEncode')]],
  ['decode', [s('text text', 'bytea', 'byteaDecode')]],
  [
    'extract',
    [
      s('text date', 'numeric', 'extractDate'),
      s('text timestamp', 'numeric', 'extractTimestamp'),
      s('text timestamptz', 'numeric', 'extractTimestamp'),
    ],
  ],
  ['date_part', [s('text timestamp', 'float8', 'datePart'), s('text timestamptz', 'float8', 'datePart')]],
  [
    'date_trunc',
    [s('text timestamp', 'timestamp', 'dateTrunc'), s('text timestamptz', 'timestamptz', 'dateTrunc')],
  ],
  ['upper', [s('text', 'text', 'textUpper')]],
  ['lower', [s('text', 'text', 'textLower')]],
  ['substr', SUBSTRING],
  ['substring', SUBSTRING],
  ['position', POSITION],
  ['strpos', POSITION],
  ['left', [s('text int4', 'text', 'textLeft')]],
  ['right', [s('text int4', 'text', 'textRight')]],
  ['btrim', [s('text', 'text', 'textTrim'), s('text text', 'text', 'textTrimSet')]],
  ['ltrim', [s('text', 'text', 'textTrimStart'), s('text text', 'text', 'textTrimStartSet')]],
  ['rtrim', [s('text', 'text', 'textTrimEnd'), s('text text', 'text', 'textTrimEndSet')]],
  ['replace', [s('text text text', 'text', 'textReplace')]],
  ['repeat', [s('text int4', 'text', 'textRepeat')]],
  ['reverse', [s('text', 'text', 'textReverse')]],
  ['lpad', [s('text int4', 'text', 'textPadStart', ' '), s('text int4 text', 'text', 'textPadStart')]],
  ['rpad', [s('text int4', 'text', 'textPadEnd', ' '), s('text int4 text', 'text', 'textPadEnd')]],
  ['split_part', [s('text text int4', 'text', 'textSplitPart')]],
  ['starts_with', [s('text text', 'bool', 'textStartsWith')]],
  ['ascii', [s('text', 'int4', 'textAscii')]],
  ['chr', [s('int4', 'text', 'textFromCode')]],
  ['like_escape', [s('text text', 'text', 'likeEscape')]],
  [
    'abs',
    [
      s('int2', 'int2', 'int2Abs'),
      s('int4', 'int4', 'int4Abs'),
      s('int8', 'int8', 'int8Abs'),
      s('numeric', 'numeric', 'numericAbs'),
      s('float4', 'float4', 'float4Abs'),
      s('float8', 'float8', 'float8Abs'),
    ],
  ],
  ['ceil', CEIL],
  ['ceiling', CEIL],
  ['floor', [s('float8', 'float8', 'float8Floor'), s('numeric', 'numeric', 'numericFloor')]],
  [
    'round',
    [
      s('float8', 'float8', 'float8Round'),
      s('numeric', 'numeric', 'numericRound'),
      s('numeric int4', 'numeric', 'numericRoundTo'),
    ],
  ],
  [
    'trunc',
    [
      s('float8', 'float8', 'float8Trunc'),
      s('numeric', 'numeric', 'numericTrunc'),
      s('numeric int4', 'numeric', 'numericTruncTo'),
    ],
  ],
  ['sign', [s('float8', 'float8', 'float8Sign'), s('numeric', 'numeric', 'numericSign')]],
  ['sqrt', [s('float8', 'float8', 'float8Sqrt'), s('numeric', 'numeric', 'numericSqrt')]],
  ['lab_last_name', [s('text', 'text', 'lastName')]],
  ['lab_missing_id', [s('text text', 'int8', 'missingId')]],
  ['lab_missing_text', [s('text text', 'text', 'missingText')]],
  ['lab_digits', [s('int8', 'text', 'idDigits')]],
  ['lab_name_text', [s('text', 'text', 'nameInText')]],
  ['lab_format_type', [s('int8 int4', 'text', 'formatType')]],
  ['array_position', [s('text text', 'int4', 'listPosition')]],
  ['array_length', [s('text int4', 'int4', 'listLength')]],
  ['array_upper', [s('text int4', 'int4', 'listLength')]],
  ['lab_list_without', [s('text text', 'text', 'listWithout')]],
  ['acldefault', [s('text int8', 'text', 'defaultRights')]],
  ['lab_list_item', [s('text int4', 'text', 'listItem')]],
  ['array_to_string', [s('text text', 'text', 'listToText')]],
  ['pg_get_userbyid', [s('int8', 'text', 'ownerName')]],
  ['pg_type_is_visible', [s('int8', 'bool', 'isVisible')]],
  ['pg_function_is_visible', [s('int8', 'bool', 'isVisible')]],
  ['pg_partition_ancestors', [s('int8', 'int8', 'noDescription')]],
  ['obj_description', [s('int8 text', 'text', 'noDescription')]],
  ['shobj_description', [s('int8 text', 'text', 'noDescription')]],
  ['pg_get_expr', [s('text int8', 'text', 'givenText'), s('text int8 bool', 'text', 'givenText')]],
  ['set_config', [s('text text bool', 'text', 'setConfig')]],
  ['quote_ident', [s('text', 'text', 'quoteIdentifier')]],
  ['has_database_privilege', [s('text text', 'bool', 'mayUse'), s('int8 text', 'bool', 'mayUse')]],
  ['has_schema_privilege', [s('text text', 'bool', 'mayUse'), s('int8 text', 'bool', 'mayUse')]],
  ['has_table_privilege', [s('text text', 'bool', 'mayUse'), s('int8 text', 'bool', 'mayUse')]],
  ['pg_has_role', [s('text text', 'bool', 'mayUse')]],
  ['pg_tablespace_location', [s('int8', 'text', 'noPlace')]],
  ['pg_encoding_to_char', [s('int4', 'text', 'encodingName')]],
  ['pg_relation_size', [s('int8', 'int8', 'noBytes')]],
  ['pg_database_size', [s('text', 'int8', 'noBytes')]],
  ['pg_tablespace_size', [s('int8', 'int8', 'noBytes')]],
  ['pg_table_size', [s('int8', 'int8', 'noBytes')]],
  ['pg_total_relation_size', [s('int8', 'int8', 'noBytes')]],
  [
    'mod',
    [
      s('int2 int2', 'int2', 'int2Modulo'),
      s('int4 int4', 'int4', 'int4Modulo'),
      s('int8 int8', 'int8', 'int8Modulo'),
      s('numeric numeric', 'numeric', 'numericModulo'),
    ],
  ],
]);

/** By name, with those of the tables of types. */
export const FUNCTIONS: ReadonlyMap<string, Overloads<FunctionName>> = new Map(
  [...new Set([...WRITTEN.keys(), ...definedNames])].map((name) => [
    name,
    [...(WRITTEN.get(name) ?? []), ...definedAs(name).map((one) => ({ ...one, fill: null }))],
  ]),
);

interface VariadicFunction {
  readonly fn: VariadicName;
  readonly result: ColumnType;
  readonly least: number;
  readonly most: number;
}

const v = (
  fn: VariadicName,
  result: ColumnType,
  least = 0,
  most = Number.POSITIVE_INFINITY,
): VariadicFunction => ({
  fn,
  result,
  least,
  most,
});

/** Functions of any types, with the least and the greatest number of arguments. */
export const VARIADIC_FUNCTIONS: ReadonlyMap<string, VariadicFunction> = new Map([
  ['concat', v('concat', 'text', 1)],
  ['concat_ws', v('concatWs', 'text', 2)],
  ['format', v('format', 'text', 1)],
  ['quote_literal', v('quoteLiteral', 'text', 1, 1)],
  ['quote_nullable', v('quoteNullable', 'text', 1, 1)],
  ['num_nulls', v('countNulls', 'int4', 1)],
  ['num_nonnulls', v('countValues', 'int4', 1)],
  ['to_json', v('toJson', 'json', 1, 1)],
  ['to_jsonb', v('toJsonb', 'jsonb', 1, 1)],
  ['json_build_array', v('jsonBuildArray', 'json')],
  ['jsonb_build_array', v('jsonbBuildArray', 'jsonb')],
  ['json_build_object', v('jsonBuildObject', 'json')],
  ['jsonb_build_object', v('jsonbBuildObject', 'jsonb')],
]);

const a = signature<AggregateName>;

const ORDERED: readonly ColumnType[] = [
  'int2',
  'int4',
  'int8',
  'float4',
  'float8',
  'numeric',
  'text',
  'bpchar',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
];

const extremes = (fn: 'min' | 'max'): Overloads<AggregateName> => ORDERED.map((type) => a(type, type, fn));

/** count takes any one type and is handled apart. */
export const AGGREGATES: ReadonlyMap<string, Overloads<AggregateName>> = new Map<
  string,
  Overloads<AggregateName>
>([
  ['count', []],
  [
    'sum',
    [
      a('int2', 'int8', 'sumInt4'),
      a('float4', 'float4', 'sumFloat4'),
      a('int4', 'int8', 'sumInt4'),
      a('int8', 'numeric', 'sumInt8'),
      a('float8', 'float8', 'sumFloat8'),
      a('numeric', 'numeric', 'sumNumeric'),
      a('interval', 'interval', 'sumInterval'),
    ],
  ],
  [
    'avg',
    [
      a('int2', 'numeric', 'avgInt4'),
      a('float4', 'float8', 'avgFloat4'),
      a('int4', 'numeric', 'avgInt4'),
      a('int8', 'numeric', 'avgInt8'),
      a('float8', 'float8', 'avgFloat8'),
      a('numeric', 'numeric', 'avgNumeric'),
      a('interval', 'interval', 'avgInterval'),
    ],
  ],
  ['min', extremes('min')],
  ['max', extremes('max')],
  ['bool_and', [a('bool', 'bool', 'boolAnd')]],
  ['every', [a('bool', 'bool', 'boolAnd')]],
  ['bool_or', [a('bool', 'bool', 'boolOr')]],
  ['array_agg', []],
  ['json_agg', []],
  ['jsonb_agg', []],
  ['json_object_agg', []],
  ['jsonb_object_agg', []],
  ['string_agg', [a('text text', 'text', 'stringAgg')]],
  ...Object.entries(STATISTICS_OVERLOADS).map(
    ([name, overloads]) => [name, overloads.map(([args, result, fn]) => a(args, result, fn))] as const,
  ),
  ...ORDERED_SETS.map((name) => [name, []] as const),
]);

/** Names that PostgreSQL has for more types than the lab does: one untyped argument is ambiguous there. */
export const AMBIGUOUS_WHEN_UNKNOWN: ReadonlySet<string> = new Set(['sum', 'avg', 'trunc']);

/** func_select_candidate: the one overload for these argument types, or why there is none. */
export function chooseOverload<O extends Arguments>(
  overloads: readonly O[],
  types: readonly SqlType[],
): O | 'none' | 'ambiguous' {
  const fitting = overloads.filter(
    (o) => o.args.length === types.length && o.args.every((to, i) => isImplicit(types[i] ?? 'unknown', to)),
  );
  if (fitting.length === 0) return 'none';
  const exact = best(fitting, (o) => count(types, (type, i) => type === o.args[i]));
  const preferred = best(exact, (o) =>
    count(types, (type, i) => type === o.args[i] || isPreferred(o.args[i] ?? 'unknown')),
  );
  return (
    only(preferred) ?? only(byCategory(preferred, types)) ?? only(byKnown(preferred, types)) ?? 'ambiguous'
  );
}

/** oper(): as the overloads of a function, but an untyped operand is first taken to be of the other's type. */
export function chooseOperator<O extends Arguments>(
  overloads: readonly O[],
  left: SqlType,
  right: SqlType,
): O | 'none' | 'ambiguous' {
  const [first, second] = [left === 'unknown' ? right : left, right === 'unknown' ? left : right];
  const exact = overloads.find(({ args }) => args[0] === first && args[1] === second);
  return exact ?? chooseOverload(overloads, [left, right]);
}

const count = (types: readonly SqlType[], test: (type: SqlType, i: number) => boolean): number =>
  types.filter((type, i) => type !== 'unknown' && test(type, i)).length;

const only = <T>(list: readonly T[]): T | null => (list.length === 1 ? (list[0] ?? null) : null);

function best<T>(list: readonly T[], score: (item: T) => number): readonly T[] {
  const top = list.reduce((highest, item) => Math.max(highest, score(item)), 0);
  return list.filter((item) => score(item) === top);
}

/** Untyped arguments: strings if any overload takes one there, then the preferred type of the category, where it is one. */
function byCategory<O extends Arguments>(list: readonly O[], types: readonly SqlType[]): readonly O[] {
  let rest = list;
  let mixed = false;
  types.forEach((type, i) => {
    if (type !== 'unknown') return;
    const strings = rest.filter((o) => categoryOf(o.args[i] ?? 'unknown') === 'string');
    if (strings.length > 0) rest = strings;
    else if (new Set(rest.map((o) => categoryOf(o.args[i] ?? 'unknown'))).size > 1) mixed = true;
    const preferred = rest.filter((o) => isPreferred(o.args[i] ?? 'unknown'));
    if (preferred.length > 0) rest = preferred;
  });
  return mixed ? list : rest;
}

/** If all typed arguments are of one type, take the untyped ones to be of it too. */
function byKnown<O extends Arguments>(list: readonly O[], types: readonly SqlType[]): readonly O[] {
  const known = new Set(types.filter((type) => type !== 'unknown'));
  const [type] = known;
  if (known.size !== 1 || type === undefined) return [];
  return list.filter((o) => o.args.every((to) => isImplicit(type, to)));
}

/** The overloads that are listed, by each function of PostgreSQL. */
const ELSEWHERE: ReadonlyMap<string, readonly Arguments[]> = new Map(
  POSTGRES_FUNCTIONS.split(' ').map((entry) => {
    const [name = '', listed] = entry.split(/[()]/);
    const overloads = listed?.split('|').map((args) => ({ args: args.split('.') as ColumnType[] }));
    return [name, overloads ?? []];
  }),
);

/** PostgreSQL has such a function, so a call is 0A000 and not 42883. `isOurs`: the lab has it, but not for these types. */
export const isPostgresFunction = (name: string, types: readonly SqlType[], isOurs: boolean): boolean =>
  isOurs ? chooseOverload(ELSEWHERE.get(name) ?? [], types) !== 'none' : ELSEWHERE.has(name);
