// The name of an output column that the statement does not name (PostgreSQL's FigureColname).

import { asciiLower } from './ascii.ts';
import {
  type Fields,
  fieldsOf,
  has,
  nodeOf,
  nodesOf,
  optionalNode,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';

/** `subqueries`: names of the columns of scalar subqueries, by their node. */
export function targetName(node: TreeNode, subqueries: ReadonlyMap<Fields, string>): string {
  return figure(node, subqueries).name ?? '?column?';
}

/** A weak name (a type, `case`) gives way to none, a strong one stays. */
interface Figured {
  readonly name: string | null;
  readonly strong: boolean;
}

const NONE: Figured = { name: null, strong: false };
const strong = (name: string | null): Figured => ({ name, strong: name !== null });

function figure({ tag, fields }: TreeNode, subqueries: ReadonlyMap<Fields, string>): Figured {
  switch (tag) {
    case 'ColumnRef': {
      const last = nodesOf(fields, 'fields').at(-1);
      return last?.tag === 'String' ? strong(textOf(last.fields, 'sval')) : NONE;
    }
    case 'FuncCall':
      return strong(stringsOf(fields, 'funcname').at(-1) ?? null);
    case 'SQLValueFunction':
      return strong(asciiLower(textOf(fields, 'op').replace('SVFOP_', '')));
    case 'A_Expr':
      return textOf(fields, 'kind') === 'AEXPR_NULLIF' ? strong('nullif') : NONE;
    case 'TypeCast': {
      const inner = figure(nodeOf(fields, 'arg'), subqueries);
      if (inner.strong) return inner;
      return { name: stringsOf(fieldsOf(fields, 'typeName'), 'names').at(-1) ?? null, strong: false };
    }
    case 'CaseExpr': {
      const otherwise = optionalNode(fields, 'defresult');
      const inner = otherwise === null ? NONE : figure(otherwise, subqueries);
      return inner.strong ? inner : { name: 'case', strong: false };
    }
    case 'SubLink':
      if (textOf(fields, 'subLinkType') === 'EXISTS_SUBLINK') return strong('exists');
      if (textOf(fields, 'subLinkType') === 'ARRAY_SUBLINK') return strong('array');
      return strong(subqueries.get(fields) ?? null);
    case 'A_ArrayExpr':
      return strong('array');
    case 'A_Indirection': {
      const last = nodesOf(fields, 'indirection').findLast(({ tag: kind }) => kind === 'String');
      return last === undefined
        ? figure(nodeOf(fields, 'arg'), subqueries)
        : strong(textOf(last.fields, 'sval'));
    }
    case 'CoalesceExpr':
      return strong('coalesce');
    case 'MinMaxExpr':
      return strong(has(fields, 'op') && textOf(fields, 'op') === 'IS_LEAST' ? 'least' : 'greatest');
    default:
      return NONE;
  }
}
