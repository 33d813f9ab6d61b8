// A view's query as SQL text, from the syntax tree that the catalog keeps of it: what pg_get_viewdef tells.

import {
  type Fields,
  fieldsOf,
  flagOf,
  has,
  isSetOperation,
  listItems,
  nodeOf,
  nodesOf,
  optionalNode,
  optionalText,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { nameText, treeText } from './tree-text.ts';

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['SETOP_UNION', 'UNION'],
  ['SETOP_INTERSECT', 'INTERSECT'],
  ['SETOP_EXCEPT', 'EXCEPT'],
]);

const JOINS: ReadonlyMap<string, string> = new Map([
  ['JOIN_INNER', 'JOIN'],
  ['JOIN_LEFT', 'LEFT JOIN'],
  ['JOIN_RIGHT', 'RIGHT JOIN'],
  ['JOIN_FULL', 'FULL JOIN'],
]);

/** What it does not know to print it shows as `…` (tree-text.ts). */
export function queryText(select: Fields): string {
  const list = (name: string, print: (node: TreeNode) => string): string =>
    nodesOf(select, name).map(print).join(', ');
  const clause = (word: string, text: string): string => (text === '' ? '' : `\n  ${word} ${text}`);
  const only = (name: string): string => {
    const node = optionalNode(select, name);
    return node === null ? '' : treeText(node);
  };
  const tail =
    clause('ORDER BY', list('sortClause', orderText)) +
    clause('LIMIT', only('limitCount')) +
    clause('OFFSET', only('limitOffset'));
  if (isSetOperation(select)) {
    const word = OPERATIONS.get(textOf(select, 'op')) ?? '…';
    const all = flagOf(select, 'all') ? ' ALL' : '';
    return `${queryText(fieldsOf(select, 'larg'))}\n${word}${all}\n ${queryText(fieldsOf(select, 'rarg'))}${tail}`;
  }
  if (has(select, 'valuesLists')) {
    const rows = list('valuesLists', (row) => `(${listItems(row).map(treeText).join(', ')})`);
    return `VALUES ${rows}${tail}`;
  }
  const distinct = nodesOf(select, 'distinctClause').length > 0 ? 'DISTINCT ' : '';
  const withQueries = has(select, 'withClause') ? 'WITH … ' : '';
  return [
    `${withQueries}SELECT ${distinct}${nodesOf(select, 'targetList').map(targetText).join(',\n    ')}`,
    clause('FROM', list('fromClause', fromText)),
    clause('WHERE', only('whereClause')),
    clause('GROUP BY', list('groupClause', treeText)),
    clause('HAVING', only('havingClause')),
    tail,
  ].join('');
}

function targetText({ fields }: TreeNode): string {
  const value = nodeOf(fields, 'val');
  const isStar = value.tag === 'ColumnRef' && nodesOf(value.fields, 'fields').at(-1)?.tag === 'A_Star';
  const text = isStar
    ? [...nodesOf(value.fields, 'fields').slice(0, -1).map(partText), '*'].join('.')
    : treeText(value);
  const name = optionalText(fields, 'name');
  return name === null ? text : `${text} AS ${nameText(name)}`;
}

const partText = ({ fields }: TreeNode): string => nameText(textOf(fields, 'sval'));

function fromText({ tag, fields }: TreeNode): string {
  switch (tag) {
    case 'RangeVar': {
      const schema = optionalText(fields, 'schemaname');
      const name = nameText(textOf(fields, 'relname'));
      return `${schema === null ? '' : `${nameText(schema)}.`}${name}${aliasText(fields)}`;
    }
    case 'RangeSubselect':
      return `(${queryText(nodeOf(fields, 'subquery').fields)})${aliasText(fields)}`;
    case 'JoinExpr': {
      const word = JOINS.get(textOf(fields, 'jointype')) ?? '…';
      const using = stringsOf(fields, 'usingClause').map(nameText).join(', ');
      const on = optionalNode(fields, 'quals');
      const how = on !== null ? ` ON ${treeText(on)}` : using === '' ? '' : ` USING (${using})`;
      return `${fromText(nodeOf(fields, 'larg'))} ${word} ${fromText(nodeOf(fields, 'rarg'))}${how}`;
    }
    default:
      return '…';
  }
}

function aliasText(fields: Fields): string {
  if (!has(fields, 'alias')) return '';
  const alias = fieldsOf(fields, 'alias');
  const columns = stringsOf(alias, 'colnames').map(nameText).join(', ');
  return ` ${nameText(textOf(alias, 'aliasname'))}${columns === '' ? '' : ` (${columns})`}`;
}

function orderText({ fields }: TreeNode): string {
  const descending = textOf(fields, 'sortby_dir') === 'SORTBY_DESC' ? ' DESC' : '';
  const nulls = textOf(fields, 'sortby_nulls').replace('SORTBY_NULLS_', '');
  return `${treeText(nodeOf(fields, 'node'))}${descending}${nulls === 'DEFAULT' ? '' : ` NULLS ${nulls}`}`;
}
