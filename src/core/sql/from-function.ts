// A function in FROM, as the subquery that it stands for: one row with its value, or for generate_series the numbers that a recursive query
// counts. Its arguments see what stands left of it, as with LATERAL.

import { asciiLower } from './ascii.ts';
import { ROWS } from './builtins-regex.ts';
import { fail, unsupported } from './failure.ts';
import {
  calledInFrom,
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  nodeOf,
  nodesOf,
  optionalNode,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import {
  callTree,
  castTree,
  columnTree,
  constantTree,
  infixTree,
  junctionTree,
  rowsTree,
  type Tree,
  textsTree,
  treeOf,
} from './written-tree.ts';

/** What has no parentheses, by its kind in the tree: `FROM current_date`. */
const VALUE = /^SVFOP_(\w+?)(?:_N)?$/;

/** `isAggregate`: by its name. */
export function subqueryOfFunction(fields: Fields, isAggregate: (name: string) => boolean): TreeNode {
  const at = firstLocation(fields, 0);
  const isOfSeveral = nodesOf(fields, 'functions').length > 1;
  if (isOfSeveral || flagOf(fields, 'is_rowsfrom')) return unsupported('ROWS FROM', at);
  if (has(fields, 'coldeflist')) return unsupported('a list of column definitions', at);
  const call = calledInFrom(fields);
  const alias = has(fields, 'alias') ? fieldsOf(fields, 'alias') : { aliasname: nameOf(call) };
  const name = optionalText(alias, 'aliasname') ?? '';
  const isNumbered = flagOf(fields, 'ordinality');
  if (isAggregate(nameOf(call)))
    fail('42803', 'aggregate functions are not allowed in functions in FROM', at);
  const subquery = isSeries(call)
    ? series(call, name, isNumbered)
    : isCallOf(call, 'unnest')
      ? unnested(call, name, isNumbered)
      : (rowsOfJson(call, name, isNumbered) ??
        rowsOfRegex(call, name, isNumbered) ??
        oneRow(call, name, isNumbered));
  return { tag: 'RangeSubselect', fields: { lateral: true, subquery, alias } };
}

const CALLED = 'lab_rows';
/** What is done to rows that have been grouped, where a function that gives rows would be called behind that. */
const GROUPING = ['groupClause', 'havingClause', 'windowClause', 'lockingClause'];

/** A SELECT with one target that gives rows, as one that joins that function; any other as it is. */
export function rowsInTargets(select: Fields, isAggregate: (name: string) => boolean): Fields {
  if (has(select, 'valuesLists')) return select;
  const targets = nodesOf(select, 'targetList');
  const [call, second] = targets.flatMap(({ fields }) => {
    const val = optionalNode(fields, 'val');
    return val !== null && givesRows(val) ? [val] : [];
  });
  if (call === undefined || second !== undefined || GROUPING.some((name) => has(select, name))) return select;
  const isPlain = targets.every(({ fields }) => {
    const { tag, fields: inner } = nodeOf(fields, 'val');
    if (tag === 'ColumnRef') return nodesOf(inner, 'fields').at(-1)?.tag !== 'A_Star';
    return (
      tag !== 'FuncCall' || !(isAggregate(stringsOf(inner, 'funcname').at(-1) ?? '') || has(inner, 'over'))
    );
  });
  if (!isPlain) return select;
  const value = { ColumnRef: { fields: [{ String: { sval: CALLED } }, { String: { sval: 'value' } }] } };
  const targetList = targets.map((target) => {
    const val = nodeOf(target.fields, 'val');
    if (val.fields !== call.fields) return treeOf(target);
    return {
      ResTarget: { ...target.fields, name: optionalText(target.fields, 'name') ?? nameOf(call), val: value },
    };
  });
  return {
    ...select,
    targetList,
    fromClause: [...nodesOf(select, 'fromClause').map(treeOf), rowsTree(treeOf(call), CALLED, 'value')],
  };
}

function nameOf({ tag, fields }: TreeNode): string {
  if (tag === 'FuncCall') return stringsOf(fields, 'funcname').at(-1) ?? '';
  if (tag === 'SQLValueFunction') return asciiLower(VALUE.exec(textOf(fields, 'op'))?.[1] ?? '');
  return tag === 'CoalesceExpr'
    ? 'coalesce'
    : unsupported('such an expression in FROM', firstLocation(fields, 0));
}

const isCallOf = ({ tag, fields }: TreeNode, name: string): boolean =>
  tag === 'FuncCall' && stringsOf(fields, 'funcname').at(-1) === name;
const isSeries = (call: TreeNode): boolean => isCallOf(call, 'generate_series');

/** Functions that give rows, of which there may be more than one. */
export const rowsFunctions = (): readonly string[] => [
  'generate_series',
  'unnest',
  ...JSON_ROWS.keys(),
  ...REGEX_ROWS.keys(),
];
/** Of one column. */
export const givesRows = (node: TreeNode): boolean =>
  rowsFunctions().some((name) => isCallOf(node, name) && (JSON_ROWS.get(name)?.length ?? 1) === 1);

const target = (val: Tree, name: string): Tree => ({ ResTarget: { name, val } });
const select = (targetList: readonly Tree[], more: Fields = {}): Tree => ({
  SelectStmt: { targetList, ...more, limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_NONE' },
});
const ORDINALITY = 'ordinality';

function oneRow(call: TreeNode, name: string, isNumbered: boolean): Tree {
  const first = castTree(constantTree(1), 'int8');
  return select([target(treeOf(call), name), ...(isNumbered ? [target(first, ORDINALITY)] : [])]);
}

/** The items of an array. */
function unnested({ fields }: TreeNode, name: string, isNumbered: boolean): Tree {
  const [array, second] = nodesOf(fields, 'args');
  if (array === undefined) return fail('42883', 'function unnest() does not exist', firstLocation(fields, 0));
  if (second !== undefined) unsupported('unnest of several arrays', firstLocation(fields, 0));
  return itemsOf([[name, treeOf(array)]], isNumbered);
}

/** Items of arrays that are as long as the first, each evaluated once, by their places: a column for each array. */
function itemsOf(
  arrays: readonly (readonly [name: string, array: Tree])[],
  isNumbered: boolean,
  shown: (item: Tree) => Tree = (item) => item,
): Tree {
  const arrayOf = (i: number): string => `${ARRAY}${i}`;
  const targets = arrays.map(([name], i) => {
    const indirection = [{ A_Indices: { uidx: columnTree(PLACE) } }];
    return target(shown({ A_Indirection: { arg: columnTree(arrayOf(i)), indirection } }), name);
  });
  if (isNumbered) targets.push(target(castTree(columnTree(PLACE), 'int8'), ORDINALITY));
  const once = {
    RangeSubselect: {
      subquery: select(arrays.map(([, array], i) => target(array, arrayOf(i)))),
      alias: { aliasname: ARRAY },
    },
  };
  const count = callTree('cardinality', [columnTree(arrayOf(0))]);
  const places = callTree('generate_series', [constantTree(1), count]);
  return select(targets, { fromClause: [once, rowsTree(places, PLACE)] });
}
const ARRAY = 'lab_array';
const PLACE = 'lab_place';

/** The functions of json that give rows, each as the columns of its items: their names (none: that of the call) and the functions that list them. */
const JSON_ROWS: ReadonlyMap<string, readonly (readonly [column: string | null, list: string])[]> = new Map(
  ['json', 'jsonb'].flatMap(
    (kind): readonly (readonly [string, readonly (readonly [string | null, string])[]])[] => [
      [`${kind}_array_elements`, [['value', 'lab_json_items']]],
      [`${kind}_array_elements_text`, [['value', 'lab_json_texts']]],
      [`${kind}_object_keys`, [[null, 'lab_json_keys']]],
      [
        `${kind}_each`,
        [
          ['key', 'lab_json_keys'],
          ['value', 'lab_json_values'],
        ],
      ],
      [
        `${kind}_each_text`,
        [
          ['key', 'lab_json_keys'],
          ['value', 'lab_json_value_texts'],
        ],
      ],
    ],
  ),
);

function rowsOfJson(call: TreeNode, name: string, isNumbered: boolean): Tree | null {
  const fn = call.tag === 'FuncCall' ? (stringsOf(call.fields, 'funcname').at(-1) ?? '') : '';
  const columns = JSON_ROWS.get(fn);
  if (columns === undefined) return null;
  const [arg, second] = nodesOf(call.fields, 'args');
  if (arg === undefined || second !== undefined)
    return fail('42883', `function ${fn} takes one argument`, firstLocation(call.fields, 0));
  const given = castUnknown(treeOf(arg), fn);
  const listOf = (list: string): Tree => callTree(list, [given, constantTree(fn)]);
  return itemsOf(
    columns.map(([column, list]) => [column ?? name, listOf(list)]),
    isNumbered,
  );
}

/** Those of regular expressions, and whether a row of theirs is an array of texts. */
const REGEX_ROWS: ReadonlyMap<string, boolean> = new Map([
  ['regexp_matches', true],
  ['regexp_split_to_table', false],
]);

function rowsOfRegex({ tag, fields }: TreeNode, name: string, isNumbered: boolean): Tree | null {
  const fn = tag === 'FuncCall' ? (stringsOf(fields, 'funcname').at(-1) ?? '') : '';
  const isOfArrays = REGEX_ROWS.get(fn);
  if (isOfArrays === undefined) return null;
  const list = { FuncCall: { ...fields, funcname: [{ String: { sval: `${ROWS}${fn}` } }] } };
  return itemsOf([[name, list]], isNumbered, (item) => (isOfArrays ? textsTree(item) : item));
}

/** A literal is of the type that the function is of. */
const castUnknown = (arg: Tree, fn: string): Tree =>
  'A_Const' in arg ? castTree(arg, fn.startsWith('jsonb') ? 'jsonb' : 'json') : arg;

/** The numbers that have been counted so far, and the last of them. */
const COUNTED = 'lab_series';
const I = columnTree('i');

/** Numbers from the first argument to the second, by steps of the third: a step of nothing is an error, as is what has no such type. */
function series({ fields }: TreeNode, name: string, isNumbered: boolean): Tree {
  const [from, to, step, more] = nodesOf(fields, 'args').map(treeOf);
  if (from === undefined || to === undefined || more !== undefined)
    return fail('42883', 'function generate_series takes two or three numbers', firstLocation(fields, 0));
  const by = step ?? constantTree(1);
  const zero = constantTree(0);
  /** `last` is not passed, whichever way it goes. */
  const isWithin = (value: Tree, last: Tree): Tree =>
    junctionTree('AND_EXPR', [
      infixTree('=', infixTree('/', by, by), constantTree(1)),
      junctionTree('OR_EXPR', [
        junctionTree('AND_EXPR', [infixTree('>', by, zero), infixTree('<=', value, last)]),
        junctionTree('AND_EXPR', [infixTree('<', by, zero), infixTree('>=', value, last)]),
      ]),
    ]);
  // of a type that has them all
  const first = callOfAll([from, to, by]);
  const counting = {
    CommonTableExpr: {
      ctename: COUNTED,
      aliascolnames: [{ String: { sval: 'i' } }],
      ctematerialized: 'CTEMaterializeDefault',
      ctequery: {
        SelectStmt: {
          limitOption: 'LIMIT_OPTION_DEFAULT',
          op: 'SETOP_UNION',
          all: true,
          larg: select([target(first, 'i')], { whereClause: isWithin(from, to) }).SelectStmt,
          rarg: select([target(infixTree('+', I, by), 'i')], {
            fromClause: [counted()],
            whereClause: isWithin(I, infixTree('-', to, by)),
          }).SelectStmt,
        },
      },
    },
  };
  const number = { FuncCall: { ...callTree('row_number', []).FuncCall, over: { frameOptions: 1058 } } };
  return select([target(I, name), ...(isNumbered ? [target(number, ORDINALITY)] : [])], {
    fromClause: [counted()],
    withClause: { ctes: [counting], recursive: true },
  });
}

const callOfAll = (args: readonly Tree[]): Tree => ({ CoalesceExpr: { args } });
const counted = (): Tree => ({ RangeVar: { relname: COUNTED, inh: true, relpersistence: 'p' } });
