// Catalogs of what the lab does not have (publications, policies, functions of one's own …). They never have a row, so a query that
// joins one has none either, whatever else stands in it: tools ask for these with arrays and functions that the lab does not know.

import { targetName } from './target-name.ts';
import {
  asNode,
  type Fields,
  has,
  isSetOperation,
  nodeOf,
  nodesOf,
  optionalText,
  own,
  stringsOf,
  type TreeNode,
  textOf,
} from './tree.ts';
import { constantTree } from './written-tree.ts';

const ABSENT: ReadonlySet<string> = new Set(
  (
    'pg_aggregate pg_amop pg_amproc pg_auth_members pg_cast pg_conversion pg_db_role_setting pg_default_acl pg_event_trigger pg_extension ' +
    'pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_inherits pg_init_privs pg_language pg_largeobject_metadata pg_opclass ' +
    'pg_operator pg_opfamily pg_partitioned_table pg_policy pg_proc pg_publication pg_publication_namespace pg_publication_rel ' +
    'pg_seclabels pg_shseclabel pg_statistic_ext pg_subscription pg_transform pg_trigger pg_ts_config pg_ts_dict pg_ts_parser pg_ts_template ' +
    'pg_user_mapping'
  ).split(' '),
);

/** A row of it needs one of a catalog that has none. */
function needsAbsent({ tag, fields }: TreeNode): boolean {
  if (tag === 'RangeVar') {
    const schema = optionalText(fields, 'schemaname') ?? 'pg_catalog';
    return schema === 'pg_catalog' && ABSENT.has(textOf(fields, 'relname'));
  }
  if (tag === 'RangeFunction') return spreadsNothing(fields);
  if (tag !== 'JoinExpr') return false;
  const side = (name: 'larg' | 'rarg'): boolean => needsAbsent(nodeOf(fields, name));
  switch (textOf(fields, 'jointype')) {
    case 'JOIN_INNER':
      return side('larg') || side('rarg');
    case 'JOIN_LEFT':
      return side('larg');
    case 'JOIN_RIGHT':
      return side('rarg');
    default:
      return false;
  }
}

/** Lists of the catalog that are always null: nobody grants anything, and options are of no effect. */
const NULL_LISTS = /^(?:reloptions|att\w*options|\w+acl)$/;

const SPREADING = /^(?:unnest|pg_options_to_table)$/;

/** `unnest(c.reloptions)` in FROM. */
function spreadsNothing(fields: Fields): boolean {
  const [first] = nodesOf(fields, 'functions');
  // a call and, where there are some, definitions of its columns
  const items = first === undefined ? undefined : own(first.fields, 'items');
  const call = Array.isArray(items) ? asNode(items[0], 'a function in FROM') : undefined;
  if (call?.tag !== 'FuncCall' || !SPREADING.test(stringsOf(call.fields, 'funcname').at(-1) ?? ''))
    return false;
  const [list] = nodesOf(call.fields, 'args');
  return list?.tag === 'ColumnRef' && NULL_LISTS.test(stringsOf(list.fields, 'fields').at(-1) ?? '');
}

const AGGREGATE = /^(?:count|sum|avg|min|max|every|bool_and|bool_or|.+_agg)$/;

/** Gives a row also of none, or as many columns as the relation. */
function isOwnRow(target: TreeNode): boolean {
  const { tag, fields } = nodeOf(target.fields, 'val');
  if (tag === 'FuncCall') return AGGREGATE.test(stringsOf(fields, 'funcname').at(-1) ?? '');
  return tag === 'ColumnRef' && nodesOf(fields, 'fields').some((part) => part.tag === 'A_Star');
}

/** A SELECT that has no rows, because it joins a catalog that the lab does not have. */
export function hasNoRows(select: Fields): boolean {
  if (isSetOperation(select) || has(select, 'valuesLists')) return false;
  return nodesOf(select, 'fromClause').some(needsAbsent) && !nodesOf(select, 'targetList').some(isOwnRow);
}

const NO_NAMES: ReadonlyMap<Fields, string> = new Map();

/** The same SELECT without any row: columns of its names, of no type. */
export function withoutRows(select: Fields): Fields {
  const targetList = nodesOf(select, 'targetList').map(({ fields }) => {
    const name = optionalText(fields, 'name') ?? targetName(nodeOf(fields, 'val'), NO_NAMES);
    return { ResTarget: { name, val: constantTree(null) } };
  });
  return {
    targetList,
    whereClause: constantTree(false),
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
}
