// CREATE INDEX: its table, the columns and expressions of its key, each with its order, and of which rows it has entries. Other
// operator classes and collations are 0A000.

import type { IndexKey, TableDef } from './access.ts';
import { indexExpression, indexPredicate } from './analyse-constraint.ts';
import type { CreateIndex } from './analyse-ddl.ts';
import { type Analysis, relationName } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { checkIndexed } from './has-order.ts';
import { INDEX_COLUMNS_MAX } from './limits.ts';
import { besideName } from './relation-name.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  locationOf,
  nameOf,
  nodeOf,
  nodesOf,
  onlyFields,
  optionalText,
  own,
  type TreeNode,
} from './tree.ts';

const INDEX_STMT = new Set([
  'idxname',
  'relation',
  'accessMethod',
  'indexParams',
  'unique',
  'if_not_exists',
  'concurrent',
  'whereClause',
]);
const INDEX_ELEM = new Set(['name', 'expr', 'ordering', 'nulls_ordering']);

const REFUSED: readonly (readonly [field: string, construct: string])[] = [
  ['indexIncludingParams', 'INCLUDE'],
  ['nulls_not_distinct', 'NULLS NOT DISTINCT'],
  ['options', 'WITH (storage parameters)'],
  ['tableSpace', 'TABLESPACE'],
];

export function analyseCreateIndex(analysis: Analysis, fields: Fields): CreateIndex {
  const relation = fieldsOf(fields, 'relation');
  const at = locationOf(relation);
  const concurrently = flagOf(fields, 'concurrent');
  if (concurrently) analysis.runsAlone = 'CREATE INDEX CONCURRENTLY';
  for (const [field, construct] of REFUSED)
    if (has(fields, field)) unsupported(construct, firstLocation(own(fields, field), 0));
  onlyFields(fields, INDEX_STMT, 'CREATE INDEX');
  const method = optionalText(fields, 'accessMethod') ?? 'btree';
  if (method !== 'btree') {
    if (METHODS.has(method)) unsupported(`an index of access method ${method}`, at);
    return fail('42704', `access method "${method}" does not exist`);
  }
  const name = relationName(analysis, relation, 'relation');
  const table = analysis.findTable(name);
  if (table === null) {
    if (analysis.findIndex(name) !== null) return fail('42809', `cannot open relation "${name}"`);
    return fail('42P01', `relation "${name}" does not exist`);
  }
  if (table.view !== undefined || table.sequence || table.metadata)
    return fail('42809', `cannot create index on relation "${name}"`);
  const elements = nodesOf(fields, 'indexParams');
  if (elements.length > INDEX_COLUMNS_MAX)
    return fail('54011', `cannot use more than ${INDEX_COLUMNS_MAX} columns in an index`);
  const keys = elements.map((element) => readKey(analysis, table, element));
  const where = has(fields, 'whereClause')
    ? indexPredicate(analysis, table, nodeOf(fields, 'whereClause'))
    : null;
  return {
    table: name,
    index: {
      name: has(fields, 'idxname') ? besideName(name, nameOf(fields, 'idxname')) : null,
      keys,
      isUnique: flagOf(fields, 'unique'),
      constraint: null,
      ...(where !== null && { where }),
    },
    ifNotExists: flagOf(fields, 'if_not_exists'),
    concurrently,
  };
}

/** Access methods that PostgreSQL has and the lab does not. */
const METHODS: ReadonlySet<string> = new Set(['hash', 'gist', 'gin', 'spgist', 'brin']);

function readKey(analysis: Analysis, table: TableDef, { tag, fields }: TreeNode): IndexKey {
  const at = firstLocation(fields, 0);
  if (tag !== 'IndexElem') return unsupported(tag, at);
  if (has(fields, 'collation')) unsupported('COLLATE', at);
  if (has(fields, 'opclass')) unsupported('an operator class', at);
  onlyFields(fields, INDEX_ELEM, 'a column of an index');
  const key = has(fields, 'expr')
    ? indexExpression(analysis, table, nodeOf(fields, 'expr'))
    : { column: columnNamed(table, nameOf(fields, 'name')) };
  checkIndexed('computed' in key ? key.computed.type : (table.columns[key.column]?.type ?? 'unknown'));
  const descending = optionalText(fields, 'ordering') === 'SORTBY_DESC';
  const nulls = optionalText(fields, 'nulls_ordering') ?? 'SORTBY_NULLS_DEFAULT';
  const nullsFirst = nulls === 'SORTBY_NULLS_DEFAULT' ? descending : nulls === 'SORTBY_NULLS_FIRST';
  return { ...key, descending, nullsFirst };
}

function columnNamed({ columns }: TableDef, name: string): number {
  const column = columns.findIndex((one) => one.name === name);
  return column < 0 ? fail('42703', `column "${name}" does not exist`) : column;
}
