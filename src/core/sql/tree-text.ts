// An expression of the catalog as SQL text: what the lab keeps of a CHECK constraint or a computed default is its syntax tree.

import { readTypeName } from './read-type.ts';
import {
  fieldsOf,
  flagOf,
  has,
  integerOf,
  listItems,
  nodeOf,
  nodesOf,
  optionalNode,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { TYPES_BY_NAME, typeText } from './types.ts';

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** As a name stands in SQL text. */
export const nameText = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** What it does not know to print it shows as `…`. */
export function treeText(node: TreeNode): string {
  const { tag, fields } = node;
  const list = (name: string, separator = ', '): string => nodesOf(fields, name).map(operand).join(separator);
  switch (tag) {
    case 'A_Const':
      return constantText(node);
    case 'ColumnRef':
      return stringsOf(fields, 'fields').map(nameText).join('.');
    case 'A_Expr':
      return operatorText(node);
    case 'BoolExpr': {
      const op = textOf(fields, 'boolop');
      return op === 'NOT_EXPR' ? `NOT ${list('args')}` : list('args', op === 'AND_EXPR' ? ' AND ' : ' OR ');
    }
    case 'NullTest':
      return `${operand(nodeOf(fields, 'arg'))} IS ${textOf(fields, 'nulltesttype') === 'IS_NULL' ? '' : 'NOT '}NULL`;
    case 'TypeCast':
      return `${operand(nodeOf(fields, 'arg'))}::${typeTextOf(fieldsOf(fields, 'typeName'))}`;
    case 'FuncCall':
      return callText(fields);
    case 'A_ArrayExpr':
      return `ARRAY[${list('elements')}]`;
    case 'RowExpr':
      return `ROW(${list('args')})`;
    case 'A_Indirection':
      return `${operand(nodeOf(fields, 'arg'))}${nodesOf(fields, 'indirection').map(subscriptText).join('')}`;
    case 'CoalesceExpr':
      return `COALESCE(${nodesOf(fields, 'args').map(treeText).join(', ')})`;
    case 'SQLValueFunction':
      return textOf(fields, 'op').replace('SVFOP_', '');
    default:
      return '…';
  }
}

function callText(fields: TreeNode['fields']): string {
  const args = nodesOf(fields, 'args').map(treeText).join(', ');
  const order = nodesOf(fields, 'agg_order').map(sortText).join(', ');
  const distinct = flagOf(fields, 'agg_distinct') ? 'DISTINCT ' : '';
  const inside = `${distinct}${args}${order === '' ? '' : ` ORDER BY ${order}`}`;
  return `${stringsOf(fields, 'funcname').at(-1) ?? ''}(${flagOf(fields, 'agg_star') ? '*' : inside})`;
}

function sortText({ fields }: TreeNode): string {
  const descending = optionalText(fields, 'sortby_dir') === 'SORTBY_DESC' ? ' DESC' : '';
  const nulls = optionalText(fields, 'sortby_nulls') ?? '';
  const where = nulls.endsWith('_FIRST') ? ' NULLS FIRST' : nulls.endsWith('_LAST') ? ' NULLS LAST' : '';
  return `${treeText(nodeOf(fields, 'node'))}${descending}${where}`;
}

function subscriptText({ tag, fields }: TreeNode): string {
  if (tag !== 'A_Indices') return '…';
  const bound = (name: string): string => {
    const node = optionalNode(fields, name);
    return node === null ? '' : treeText(node);
  };
  return flagOf(fields, 'is_slice') ? `[${bound('lidx')}:${bound('uidx')}]` : `[${bound('uidx')}]`;
}

/** In brackets where an operator stands in it. */
const operand = (node: TreeNode): string =>
  /^(?:A_Expr|BoolExpr|NullTest)$/.test(node.tag) ? `(${treeText(node)})` : treeText(node);

function constantText({ fields }: TreeNode): string {
  if (has(fields, 'sval')) return quoted(optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '');
  if (has(fields, 'ival')) return `${integerOf(fieldsOf(fields, 'ival'), 'ival')}`;
  if (has(fields, 'fval')) return textOf(fieldsOf(fields, 'fval'), 'fval');
  if (has(fields, 'boolval')) return `${flagOf(fieldsOf(fields, 'boolval'), 'boolval')}`;
  return 'NULL';
}

function typeTextOf(type: TreeNode['fields']): string {
  const name = stringsOf(type, 'names').at(-1) ?? '';
  return TYPES_BY_NAME.has(name) ? typeText(readTypeName(type)) : name;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['AEXPR_LIKE', 'LIKE'],
  ['AEXPR_ILIKE', 'ILIKE'],
  ['AEXPR_DISTINCT', 'IS DISTINCT FROM'],
  ['AEXPR_NOT_DISTINCT', 'IS NOT DISTINCT FROM'],
  ['AEXPR_BETWEEN', 'BETWEEN'],
  ['AEXPR_NOT_BETWEEN', 'NOT BETWEEN'],
]);

function operatorText({ fields }: TreeNode): string {
  const kind = textOf(fields, 'kind');
  const symbol = stringsOf(fields, 'name').at(-1) ?? '';
  const left = optionalNode(fields, 'lexpr');
  const right = nodeOf(fields, 'rexpr');
  const isNegated = symbol.startsWith('!') || symbol === '<>';
  if (left === null) return `${symbol}${operand(right)}`;
  if (kind === 'AEXPR_IN')
    return `${operand(left)} ${isNegated ? 'NOT ' : ''}IN (${listItems(right).map(treeText).join(', ')})`;
  if (kind === 'AEXPR_NULLIF') return `NULLIF(${treeText(left)}, ${treeText(right)})`;
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL')
    return `${operand(left)} ${symbol} ${kind === 'AEXPR_OP_ANY' ? 'ANY' : 'ALL'} (${treeText(right)})`;
  const word = WORDS.get(kind) ?? symbol;
  const isLike = kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE';
  const ends = right.tag === 'List' ? listItems(right).map(operand).join(' AND ') : operand(right);
  return `${operand(left)} ${isLike && isNegated ? 'NOT ' : ''}${word} ${ends}`;
}
