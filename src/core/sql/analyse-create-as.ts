// CREATE TABLE AS and SELECT INTO: a table of the columns of a query, and of its rows.

import type { ColumnDef } from './access.ts';
import { checkLogged, checkOnCommit } from './analyse-ddl.ts';
import { analyseQuery } from './analyse-query.ts';
import { type Analysis, createdName } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { TABLE_COLUMNS_MAX } from './limits.ts';
import { planTrimmed } from './plan.ts';
import type { CreateTablePlan } from './plan-types.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  has,
  isSetOperation,
  locationOf,
  nodeOf,
  onlyFields,
  stringsOf,
  textOf,
} from './tree.ts';

const CREATE_AS = new Set(['query', 'into', 'objtype', 'if_not_exists']);
const INTO = new Set(['rel', 'colNames', 'options', 'onCommit', 'skipData']);

export function analyseCreateAs(analysis: Analysis, fields: Fields): CreateTablePlan {
  if (textOf(fields, 'objtype') === 'OBJECT_MATVIEW') unsupported('a materialized view');
  onlyFields(fields, CREATE_AS, 'CREATE TABLE AS');
  const query = nodeOf(fields, 'query');
  if (query.tag !== 'SelectStmt')
    return unsupported('CREATE TABLE AS of such a statement', firstLocation(query.fields, 0));
  const into = fieldsOf(fields, 'into');
  return tableOf(analysis, query.fields, into, 'CREATE TABLE AS', flagOf(fields, 'if_not_exists'));
}

/** Null: it has no INTO. */
export function analyseSelectInto(analysis: Analysis, fields: Fields): CreateTablePlan | null {
  const cut = withoutInto(fields);
  return cut && tableOf(analysis, cut.query, cut.into, 'SELECT INTO', false);
}

/** Of a set operation it stands in the leftmost query. */
function withoutInto(fields: Fields): { readonly query: Fields; readonly into: Fields } | null {
  if (has(fields, 'intoClause')) {
    const { intoClause: _, ...query } = fields;
    return { query, into: fieldsOf(fields, 'intoClause') };
  }
  if (!isSetOperation(fields)) return null;
  const left = withoutInto(fieldsOf(fields, 'larg'));
  return left && { query: { ...fields, larg: left.query }, into: left.into };
}

function tableOf(
  analysis: Analysis,
  select: Fields,
  into: Fields,
  command: 'CREATE TABLE AS' | 'SELECT INTO',
  ifNotExists: boolean,
): CreateTablePlan {
  onlyFields(into, INTO, command);
  checkOnCommit(into, 'onCommit');
  const { query } = analyseQuery(analysis, select);
  const relation = fieldsOf(into, 'rel');
  checkLogged(relation);
  const name = createdName(analysis, relation);
  const given = stringsOf(into, 'colNames');
  // Of a name that is taken, that is what counts.
  const isTaken = analysis.findTable(name) !== null || analysis.findIndex(name) !== null;
  if (!isTaken && given.length > query.columns.length) fail('42601', 'too many column names were specified');
  const columns = query.columns.map(
    (column, i): ColumnDef => ({ ...column, name: given[i] ?? column.name, notNull: false }),
  );
  if (columns.length === 0) unsupported('a table without columns', locationOf(relation));
  if (columns.length > TABLE_COLUMNS_MAX)
    fail('54011', `tables can have at most ${TABLE_COLUMNS_MAX} columns`, locationOf(relation));
  const names = columns.map((column) => column.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (!isTaken && twice !== undefined) fail('42701', `column "${twice}" specified more than once`);
  const input = flagOf(into, 'skipData') ? null : planTrimmed(analysis, query);
  const none = { indexes: [], checks: [], foreignKeys: [], sequences: [] };
  return { kind: 'createTable', name, columns, ...none, ifNotExists, as: { command, input } };
}
