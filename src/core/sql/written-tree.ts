// Parts of syntax trees that no statement was parsed for: what a function or a cast of the catalog stands for.

import type { Fields, TreeNode } from './tree.ts';

/** As it stands in its parent's fields. */
export type Tree = Readonly<Record<string, Fields>>;

export const treeOf = ({ tag, fields }: TreeNode): Tree => ({ [tag]: fields });
export const nodeOfTree = (tree: Tree): TreeNode => {
  const [[tag, fields] = ['', {}]] = Object.entries(tree);
  return { tag, fields };
};

const word = (sval: string): Tree => ({ String: { sval } });

export function constantTree(value: string | number | boolean | null): Tree {
  if (value === null) return { A_Const: { isnull: true } };
  if (typeof value === 'string') return { A_Const: { sval: { sval: value } } };
  if (typeof value === 'number') return { A_Const: { ival: { ival: value } } };
  return { A_Const: { boolval: { boolval: value } } };
}

export const castTree = (arg: Tree, type: string): Tree => ({
  TypeCast: { arg, typeName: { names: [word('pg_catalog'), word(type)] } },
});

/** The text of an array as an array of texts. */
export const textsTree = (arg: Tree): Tree => ({
  TypeCast: {
    arg,
    typeName: { names: [word('pg_catalog'), word('text')], arrayBounds: [{ Integer: { ival: -1 } }] },
  },
});

export const callTree = (name: string, args: readonly Tree[]): Tree => ({
  FuncCall: { funcname: [word('pg_catalog'), word(name)], args },
});

export const columnTree = (name: string): Tree => ({ ColumnRef: { fields: [word(name)] } });

export const infixTree = (sign: string, lexpr: Tree, rexpr: Tree, location?: number): Tree => ({
  A_Expr: { kind: 'AEXPR_OP', name: [word(sign)], lexpr, rexpr, ...(location !== undefined && { location }) },
});

/** One of them alone is itself. */
export function junctionTree(boolop: 'AND_EXPR' | 'OR_EXPR', args: readonly Tree[]): Tree {
  const [only] = args;
  return args.length === 1 && only !== undefined ? only : { BoolExpr: { boolop, args } };
}

/** A call in FROM, by the names of its rows and of their column. */
export const rowsTree = (call: Tree, aliasname: string, column = aliasname): Tree => ({
  RangeFunction: {
    lateral: true,
    functions: [{ List: { items: [call, {}] } }],
    alias: { aliasname, colnames: [word(column)] },
  },
});

export const relationTree = (relname: string): Tree => ({
  RangeVar: { schemaname: 'pg_catalog', relname, inh: true, relpersistence: 'p' },
});

/** `(SELECT column FROM pg_catalog.table WHERE name = value AND …)`. */
export function lookupTree(
  table: string,
  column: string,
  conditions: readonly (readonly [name: string, value: Tree])[],
): Tree {
  const args = conditions.map(([name, value]) => infixTree('=', columnTree(name), value));
  const select = {
    targetList: [{ ResTarget: { val: columnTree(column) } }],
    fromClause: [relationTree(table)],
    whereClause: junctionTree('AND_EXPR', args),
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  return { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: select } } };
}
