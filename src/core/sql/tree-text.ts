// Expressions and queries of the catalog as SQL text: what the lab keeps of a CHECK constraint, a computed default or a view is its
// syntax tree, of which pg_get_constraintdef, pg_get_expr and pg_get_viewdef tell.

import { frameText } from './frame-options.ts';
import { LOCK_NAMES, LOCK_STRENGTHS } from './lock-strengths.ts';
import { nameText, quoted, quotedName } from './name-text.ts';
import { readTypeName } from './read-type.ts';
import {
  asFields,
  calledInFrom,
  type Fields,
  fieldsOf,
  flagOf,
  has,
  integerOf,
  isSetOperation,
  listItems,
  nodeOf,
  nodesOf,
  optionalNode,
  optionalText,
  own,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { TYPES_BY_NAME, typeText } from './types.ts';

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
    case 'NamedArgExpr':
      return `${nameText(textOf(fields, 'name'))} => ${treeText(nodeOf(fields, 'arg'))}`;
    case 'TypeCast':
      return `${castOperand(nodeOf(fields, 'arg'))}::${typeTextOf(fieldsOf(fields, 'typeName'))}`;
    case 'FuncCall':
      return callText(fields);
    case 'A_ArrayExpr':
      return `ARRAY[${list('elements')}]`;
    case 'RowExpr':
      return `ROW(${list('args')})`;
    case 'A_Indirection':
      return `${subscripted(nodeOf(fields, 'arg'))}${nodesOf(fields, 'indirection').map(subscriptText).join('')}`;
    case 'CoalesceExpr':
      return `COALESCE(${nodesOf(fields, 'args').map(treeText).join(', ')})`;
    case 'SQLValueFunction':
      return textOf(fields, 'op').replace('SVFOP_', '');
    case 'MinMaxExpr':
      return `${textOf(fields, 'op').replace('IS_', '')}(${nodesOf(fields, 'args').map(treeText).join(', ')})`;
    case 'BooleanTest':
      return `(${operand(nodeOf(fields, 'arg'))} ${textOf(fields, 'booltesttype').replaceAll('_', ' ')})`;
    case 'CollateClause':
      return `${operand(nodeOf(fields, 'arg'))} COLLATE ${stringsOf(fields, 'collname').map(quotedName).join('.')}`;
    case 'CaseExpr':
      return caseText(node);
    case 'SubLink':
      return subqueryText(node);
    default:
      return '…';
  }
}

function caseText({ fields }: TreeNode): string {
  const part = (word: string, name: string): string => {
    const node = optionalNode(fields, name);
    return node === null ? '' : ` ${word}${treeText(node)}`;
  };
  const whens = nodesOf(fields, 'args').map(
    ({ fields: when }) => ` WHEN ${treeText(nodeOf(when, 'expr'))} THEN ${treeText(nodeOf(when, 'result'))}`,
  );
  return `CASE${part('', 'arg')}${whens.join('')}${part('ELSE ', 'defresult')} END`;
}

function subqueryText({ fields }: TreeNode): string {
  const query = `(${queryText(nodeOf(fields, 'subselect').fields)})`;
  const test = optionalNode(fields, 'testexpr');
  const symbol = stringsOf(fields, 'operName').at(-1);
  switch (textOf(fields, 'subLinkType')) {
    case 'EXPR_SUBLINK':
      return query;
    case 'EXISTS_SUBLINK':
      return `EXISTS ${query}`;
    case 'ARRAY_SUBLINK':
      return `ARRAY${query}`;
    case 'ANY_SUBLINK':
      return test === null
        ? '…'
        : `(${operand(test)} ${symbol === undefined ? 'IN' : `${symbol} ANY`} ${query})`;
    case 'ALL_SUBLINK':
      return test === null ? '…' : `(${operand(test)} ${symbol ?? '…'} ALL ${query})`;
    default:
      return '…';
  }
}

/** A window's definition, or its name. */
function windowText(fields: Fields): string {
  const named = optionalText(fields, 'name');
  if (named !== null) return nameText(named);
  const base = optionalText(fields, 'refname');
  const keys = nodesOf(fields, 'partitionClause').map(treeText).join(', ');
  const order = nodesOf(fields, 'orderClause').map(sortText).join(', ');
  const parts = [
    base === null ? '' : nameText(base),
    keys === '' ? '' : `PARTITION BY ${keys}`,
    order === '' ? '' : `ORDER BY ${order}`,
    frameText(fields, operand),
  ];
  return `(${parts.filter((part) => part !== '').join(' ')})`;
}

function callText(fields: Fields): string {
  const [first, second] = nodesOf(fields, 'args');
  const name = stringsOf(fields, 'funcname').at(-1) ?? '';
  // Grammar of their own, not a list of arguments.
  if (name === 'extract' && first?.tag === 'A_Const' && second !== undefined)
    return `EXTRACT(${optionalText(fieldsOf(first.fields, 'sval'), 'sval') ?? '…'} FROM ${treeText(second)})`;
  if (name === 'position' && first !== undefined && second !== undefined)
    return `POSITION(${operand(second)} IN ${operand(first)})`;
  const args = nodesOf(fields, 'args').map(treeText).join(', ');
  const order = nodesOf(fields, 'agg_order').map(sortText).join(', ');
  const distinct = flagOf(fields, 'agg_distinct') ? 'DISTINCT ' : '';
  const isWithin = flagOf(fields, 'agg_within_group');
  const inside = `${distinct}${args}${order === '' || isWithin ? '' : ` ORDER BY ${order}`}`;
  const within = isWithin ? ` WITHIN GROUP (ORDER BY ${order})` : '';
  const filter = optionalNode(fields, 'agg_filter');
  const filtered = filter === null ? '' : ` FILTER (WHERE ${treeText(filter)})`;
  const over = has(fields, 'over') ? ` OVER ${windowText(fieldsOf(fields, 'over'))}` : '';
  return `${nameText(name)}(${flagOf(fields, 'agg_star') ? '*' : inside})${within}${filtered}${over}`;
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

/** A cast binds closer than a sign. */
const castOperand = (node: TreeNode): string => {
  const text = operand(node);
  return text.startsWith('-') ? `(${text})` : text;
};

/** Only a column is subscripted as it stands. */
const subscripted = (node: TreeNode): string =>
  node.tag === 'ColumnRef' ? treeText(node) : `(${treeText(node)})`;

function constantText({ fields }: TreeNode): string {
  if (has(fields, 'sval')) return quoted(optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '');
  if (has(fields, 'ival')) return `${integerOf(fieldsOf(fields, 'ival'), 'ival')}`;
  if (has(fields, 'fval')) return textOf(fieldsOf(fields, 'fval'), 'fval');
  if (has(fields, 'boolval')) return `${flagOf(fieldsOf(fields, 'boolval'), 'boolval')}`;
  return 'NULL';
}

function typeTextOf(type: TreeNode['fields']): string {
  const name = stringsOf(type, 'names').at(-1) ?? '';
  if (TYPES_BY_NAME.has(name)) return typeText(readTypeName(null, type));
  const schema = optionalText(type, 'schemaname') ?? stringsOf(type, 'names').at(-2) ?? null;
  const array = has(type, 'arrayBounds') ? '[]' : '';
  return `${schema === null ? '' : `${nameText(schema)}.`}${nameText(name)}${array}`;
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

function limitText(select: Fields): string {
  const text = (name: string, print: (node: TreeNode) => string): string => {
    const node = optionalNode(select, name);
    return node === null ? '' : print(node);
  };
  const offset = text('limitOffset', (node) => `\n  OFFSET ${treeText(node)}`);
  if (optionalText(select, 'limitOption') !== 'LIMIT_OPTION_WITH_TIES')
    return text('limitCount', (node) => `\n  LIMIT ${treeText(node)}`) + offset;
  // Any but a constant stands in brackets there.
  const count = text('limitCount', (node) =>
    node.tag === 'A_Const' ? treeText(node) : `(${treeText(node)})`,
  );
  return `${offset}\n  FETCH FIRST ${count} ROWS WITH TIES`;
}

/** What it does not know to print it shows as `…`. `names`: of its columns, where they are others than its own. */
export function queryText(select: Fields, names: readonly string[] = []): string {
  const list = (name: string, print: (node: TreeNode) => string): string =>
    nodesOf(select, name).map(print).join(', ');
  const clause = (word: string, text: string): string => (text === '' ? '' : `\n  ${word} ${text}`);
  const only = (name: string): string => {
    const node = optionalNode(select, name);
    return node === null ? '' : treeText(node);
  };
  const tail =
    clause('ORDER BY', list('sortClause', sortText)) +
    limitText(select) +
    nodesOf(select, 'lockingClause').map(lockText).join('');
  if (isSetOperation(select)) {
    const word = OPERATIONS.get(textOf(select, 'op')) ?? '…';
    const all = flagOf(select, 'all') ? ' ALL' : '';
    const left = armText(select, 'larg', names);
    return `${withText(select)}${left}\n${word}${all}\n ${armText(select, 'rarg', [])}${tail}`;
  }
  if (has(select, 'valuesLists')) {
    const rows = list('valuesLists', (row) => `(${listItems(row).map(treeText).join(', ')})`);
    return `${withText(select)}VALUES ${rows}${tail}`;
  }
  const targets = nodesOf(select, 'targetList');
  const isNamed = targets.length === names.length;
  const shown = targets.map((target, i) => targetText(target, isNamed ? (names[i] ?? null) : null));
  return [
    `${withText(select)}SELECT ${distinctText(select)}${shown.join(',\n    ')}`,
    clause('FROM', list('fromClause', fromText)),
    clause('WHERE', only('whereClause')),
    clause('GROUP BY', list('groupClause', treeText)),
    clause('HAVING', only('havingClause')),
    clause(
      'WINDOW',
      list(
        'windowClause',
        ({ fields }) =>
          `${nameText(textOf(fields, 'name'))} AS ${windowText({ ...fields, name: undefined })}`,
      ),
    ),
    tail,
  ].join('');
}

function lockText({ fields }: TreeNode): string {
  const of = nodesOf(fields, 'lockedRels').map(fromText).join(', ');
  const policy = optionalText(fields, 'waitPolicy');
  const wait = policy === 'LockWaitSkip' ? ' SKIP LOCKED' : policy === 'LockWaitError' ? ' NOWAIT' : '';
  const strength = LOCK_STRENGTHS.get(textOf(fields, 'strength'));
  return `\n  ${strength === undefined ? '…' : LOCK_NAMES[strength]}${of === '' ? '' : ` OF ${of}`}${wait}`;
}

/** An arm of a set operation: in brackets where it is read otherwise without. */
function armText(select: Fields, side: 'larg' | 'rarg', names: readonly string[]): string {
  const arm = fieldsOf(select, side);
  const isSame = textOf(arm, 'op') === textOf(select, 'op') && flagOf(arm, 'all') === flagOf(select, 'all');
  const isPlain = isSetOperation(arm) ? side === 'larg' && isSame : true;
  const isBare = !has(arm, 'withClause') && !has(arm, 'limitCount') && !has(arm, 'limitOffset');
  const isUnordered = nodesOf(arm, 'sortClause').length === 0;
  const text = queryText(arm, names);
  return isPlain && isBare && isUnordered ? text : `(${text})`;
}

function distinctText(select: Fields): string {
  const clause = own(select, 'distinctClause');
  if (!Array.isArray(clause)) return '';
  const isPlain = Object.keys(asFields(clause[0], 'distinctClause')).length === 0;
  return isPlain
    ? 'DISTINCT '
    : `DISTINCT ON (${nodesOf(select, 'distinctClause').map(treeText).join(', ')}) `;
}

function withText(select: Fields): string {
  if (!has(select, 'withClause')) return '';
  const clause = fieldsOf(select, 'withClause');
  const queries = nodesOf(clause, 'ctes').map(({ fields }) => {
    const { tag, fields: query } = nodeOf(fields, 'ctequery');
    const columns = stringsOf(fields, 'aliascolnames').map(nameText).join(', ');
    const kept = optionalText(fields, 'ctematerialized') ?? '';
    const word = kept.endsWith('Always')
      ? 'MATERIALIZED '
      : kept.endsWith('Never')
        ? 'NOT MATERIALIZED '
        : '';
    const name = `${nameText(textOf(fields, 'ctename'))}${columns === '' ? '' : `(${columns})`}`;
    return `${name} AS ${word}(${tag === 'SelectStmt' ? queryText(query) : '…'})`;
  });
  return `WITH ${flagOf(clause, 'recursive') ? 'RECURSIVE ' : ''}${queries.join(', ')} `;
}

function targetText({ fields }: TreeNode, named: string | null): string {
  const value = nodeOf(fields, 'val');
  const isStar = value.tag === 'ColumnRef' && nodesOf(value.fields, 'fields').at(-1)?.tag === 'A_Star';
  const text = isStar
    ? [...nodesOf(value.fields, 'fields').slice(0, -1).map(partText), '*'].join('.')
    : treeText(value);
  if (isStar) return text;
  const natural = value.tag === 'ColumnRef' ? (stringsOf(value.fields, 'fields').at(-1) ?? null) : null;
  const written = optionalText(fields, 'name');
  const name = named === null || (written === null && named === natural) ? written : named;
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
      return `${flagOf(fields, 'lateral') ? 'LATERAL ' : ''}(${queryText(nodeOf(fields, 'subquery').fields)})${aliasText(fields)}`;
    case 'JoinExpr': {
      const join = JOINS.get(textOf(fields, 'jointype')) ?? '…';
      const using = stringsOf(fields, 'usingClause').map(nameText).join(', ');
      const on = optionalNode(fields, 'quals');
      const how = on !== null ? ` ON ${treeText(on)}` : using === '' ? '' : ` USING (${using})`;
      const isNatural = flagOf(fields, 'isNatural');
      const word = isNatural ? `NATURAL ${join}` : how === '' && join === 'JOIN' ? 'CROSS JOIN' : join;
      const right = nodeOf(fields, 'rarg');
      const beside =
        right.tag === 'JoinExpr' && !has(right.fields, 'alias') ? `(${fromText(right)})` : fromText(right);
      const text = `${fromText(nodeOf(fields, 'larg'))} ${word} ${beside}${how}`;
      return has(fields, 'alias') ? `(${text})${aliasText(fields)}` : text;
    }
    case 'RangeFunction': {
      const ordinality = flagOf(fields, 'ordinality') ? ' WITH ORDINALITY' : '';
      return `${flagOf(fields, 'lateral') ? 'LATERAL ' : ''}${treeText(calledInFrom(fields))}${ordinality}${aliasText(fields)}`;
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
