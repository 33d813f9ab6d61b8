// What a statement of a client surely read and wrote, as far as its text and its answer say it: rows of tables with a primary key of one
// column, column by column. Where they do not say it, the column (or the row, or the table) is given up: nothing of it is judged.

import type { StatementResult } from '../../core/kernel/client-calls.ts';
import { PUBLIC } from '../../core/sql/relation-name.ts';
import {
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
  stringsOf,
  type TreeNode,
  textOf,
} from '../../core/sql/tree.ts';

/** A table that can be judged: its key and its columns with their types. */
export interface Table {
  readonly name: string;
  readonly key: string;
  readonly columns: ReadonlyMap<string, string>;
}

/** By name; null: one that cannot be judged. */
export type Tables = Map<string, Table | null>;

/** `value`: ABSENT where the row is not there. */
export interface Seen {
  readonly key: string;
  readonly value: string;
}

export const ABSENT = '';
/** Of a value that is there: no text is ABSENT, nor is NULL a text. */
const present = (value: string | null): string => (value === null ? 'NULL' : `=${value}`);

export interface Accesses {
  readonly reads: readonly Seen[];
  readonly writes: readonly Seen[];
  /** Rows that are deleted, by the keys of their columns. */
  readonly deleted: readonly string[];
  /** Keys, `table.column` or `table.*`, that it may have changed in a way that nobody can say. */
  readonly givenUp: readonly string[];
}

/** Schemas in which a statement looks for names without one. */
type SearchPath = readonly string[];

const NO_TABLES: Tables = new Map();

const NOTHING: Accesses = { reads: [], writes: [], deleted: [], givenUp: [] };
/** Every table there is. */
export const EVERYTHING = '*';

export const keyOf = (table: Table, column: string, row: string): string => `${table.name}.${column}[${row}]`;
/** Under which names the column of a key may be given up. */
export const namesOfKey = (key: string): readonly string[] => {
  const column = key.slice(0, key.indexOf('['));
  return [key, column, `${column.slice(0, column.indexOf('.'))}.*`, EVERYTHING];
};

/** Types whose values have one text, which is also what a client writes. */
const INTEGERS = new Set(['int2', 'int4', 'int8']);
const TEXTS = new Set(['text', 'varchar']);
const isJudged = (type: string | undefined): type is string =>
  type !== undefined && (INTEGERS.has(type) || TEXTS.has(type));

/** A constant or a parameter in the one text that its type has; undefined: it is something else. */
function constantOf(
  node: TreeNode | null,
  params: readonly (string | null)[],
  type: string | undefined,
): string | null | undefined {
  if (node === null || !isJudged(type)) return undefined;
  const { tag, fields } = node;
  if (tag === 'TypeCast') {
    const cast = stringsOf(fieldsOf(fields, 'typeName'), 'names').at(-1);
    return cast === type ? constantOf(optionalNode(fields, 'arg'), params, type) : undefined;
  }
  if (tag === 'ParamRef') return inType(params[integerOf(fields, 'number') - 1], type);
  if (tag !== 'A_Const') return undefined;
  if (flagOf(fields, 'isnull')) return null;
  if (has(fields, 'ival')) return inType(String(integerOf(fieldsOf(fields, 'ival'), 'ival')), type);
  if (has(fields, 'fval')) return inType(textOf(fieldsOf(fields, 'fval'), 'fval'), type);
  if (has(fields, 'sval')) return inType(optionalText(fieldsOf(fields, 'sval'), 'sval') ?? '', type);
  return undefined;
}

function inType(text: string | null | undefined, type: string): string | null | undefined {
  if (text === null || text === undefined) return text;
  if (TEXTS.has(type)) return text;
  return /^\s*[+-]?\d{1,19}\s*$/.test(text) ? String(BigInt(text.trim().replace(/^\+/, ''))) : undefined;
}

/** The table that a CREATE TABLE makes; null: one that cannot be judged. */
export function tableOf(
  path: SearchPath,
  fields: TreeNode['fields'],
): readonly [name: string, table: Table | null] {
  const name = nameOf(NO_TABLES, path, fieldsOf(fields, 'relation'));
  const columns = new Map<string, string>();
  const keys: string[] = [];
  let isPlain = true;
  const constrain = (constraint: TreeNode, column: string | null): void => {
    const kind = optionalText(constraint.fields, 'contype');
    if (kind === 'CONSTR_PRIMARY')
      keys.push(...(column === null ? stringsOf(constraint.fields, 'keys') : [column]));
    if (kind === 'CONSTR_GENERATED' || kind === 'CONSTR_IDENTITY') isPlain = false;
    // What another table's rows take with them nobody says.
    const acts = ['fk_upd_action', 'fk_del_action'].map(
      (action) => optionalText(constraint.fields, action) ?? 'a',
    );
    if (acts.some((act) => act !== 'a' && act !== 'r')) isPlain = false;
  };
  for (const { tag, fields: element } of nodesOf(fields, 'tableElts')) {
    if (tag === 'ColumnDef') {
      const column = textOf(element, 'colname');
      columns.set(column, stringsOf(fieldsOf(element, 'typeName'), 'names').at(-1) ?? '');
      for (const constraint of nodesOf(element, 'constraints')) constrain(constraint, column);
    } else if (tag === 'Constraint') constrain({ tag, fields: element }, null);
    else isPlain = false;
  }
  const [key] = keys;
  const isKeyed = key !== undefined && keys.length === 1 && isJudged(columns.get(key));
  return [name, isPlain && isKeyed ? { name, key, columns } : null];
}

/** With its schema where that is not `public`; `path`: the schemas in which a name without one is looked for, here among the tables. */
function nameOf(tables: Tables, path: SearchPath, relation: TreeNode['fields']): string {
  const name = textOf(relation, 'relname');
  const said = optionalText(relation, 'schemaname');
  const inSchema = (schema: string): string => (schema === PUBLIC ? name : `${schema}/${name}`);
  if (said !== null) return inSchema(said);
  return path.map(inSchema).find((one) => tables.has(one)) ?? inSchema(path[0] ?? PUBLIC);
}

export function accessesOf(
  tables: Tables,
  { tag, fields }: TreeNode,
  params: readonly (string | null)[],
  result: StatementResult | null,
  path: SearchPath,
): Accesses {
  switch (tag) {
    case 'SelectStmt':
      return selected(tables, path, fields, params, result);
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt': {
      const name = nameOf(tables, path, fieldsOf(fields, 'relation'));
      const table = tables.get(name) ?? null;
      const all = { ...NOTHING, givenUp: [`${name}.*`] };
      if (has(fields, 'withClause')) return { ...NOTHING, givenUp: [EVERYTHING] };
      if (table === null) return all;
      if (tag === 'InsertStmt') return inserted(table, fields, params, result) ?? all;
      return changed(table, tag, fields, params, result) ?? all;
    }
    case 'CopyStmt':
    case 'CreateTableAsStmt':
      return {
        ...NOTHING,
        givenUp: [
          has(fields, 'relation') ? `${nameOf(tables, path, fieldsOf(fields, 'relation'))}.*` : EVERYTHING,
        ],
      };
    case 'CreateStmt':
    case 'CreateSchemaStmt':
    case 'IndexStmt':
    case 'TransactionStmt':
    case 'VariableSetStmt':
    case 'VariableShowStmt':
    case 'LockStmt':
    case 'CallStmt':
      return NOTHING;
    case 'ExplainStmt':
      return has(fields, 'options') ? { ...NOTHING, givenUp: [EVERYTHING] } : NOTHING;
    default:
      return { ...NOTHING, givenUp: [EVERYTHING] };
  }
}

const GROUPING = ['groupClause', 'havingClause', 'distinctClause', 'windowClause', 'valuesLists'];

function selected(
  tables: Tables,
  path: SearchPath,
  fields: TreeNode['fields'],
  params: readonly (string | null)[],
  result: StatementResult | null,
): Accesses {
  if (has(fields, 'intoClause') || has(fields, 'withClause')) return { ...NOTHING, givenUp: [EVERYTHING] };
  const [from, ...others] = nodesOf(fields, 'fromClause');
  if (from?.tag !== 'RangeVar' || others.length > 0 || isSetOperation(fields) || result?.kind !== 'rows')
    return NOTHING;
  if (GROUPING.some((clause) => has(fields, clause))) return NOTHING;
  const table = tables.get(nameOf(tables, path, from.fields)) ?? null;
  if (table === null) return NOTHING;
  const columns = columnsOf(table, nodesOf(fields, 'targetList'));
  const row = rowOf(table, fields, params);
  if (columns === null) return NOTHING;
  const reads = result.rows.flatMap((values) => rowSeen(table, columns, values, row));
  if (result.rows.length > 0 || row === null || has(fields, 'limitCount') || has(fields, 'limitOffset'))
    return { ...NOTHING, reads };
  const missed = columns.filter((column) => column !== null && isJudged(table.columns.get(column)));
  return {
    ...NOTHING,
    reads: missed.map((column) => ({ key: keyOf(table, column ?? '', row), value: ABSENT })),
  };
}

/** What one row of an answer says of its columns; nothing where it does not say which row it is. */
function rowSeen(
  table: Table,
  columns: readonly (string | null)[],
  values: readonly (string | null)[],
  asked: string | null,
): readonly Seen[] {
  const at = columns.indexOf(table.key);
  const row = at < 0 ? asked : (values[at] ?? null);
  if (row === null) return [];
  return columns.flatMap((column, i) =>
    column !== null && isJudged(table.columns.get(column))
      ? [{ key: keyOf(table, column, row), value: present(values[i] ?? null) }]
      : [],
  );
}

/** The columns of a target list, null for what is none; null where a star stands among others. */
function columnsOf(table: Table, targets: readonly TreeNode[]): readonly (string | null)[] | null {
  const columns: (string | null)[] = [];
  for (const { fields } of targets) {
    const node = optionalNode(fields, 'val');
    const parts = node?.tag === 'ColumnRef' ? nodesOf(node.fields, 'fields') : [];
    const last = parts.at(-1);
    if (last?.tag === 'A_Star') columns.push(...table.columns.keys());
    else columns.push(last?.tag === 'String' ? textOf(last.fields, 'sval') : null);
  }
  return columns;
}

/** The row that `WHERE key = value` names; null: there is another condition, or none. */
function rowOf(table: Table, fields: TreeNode['fields'], params: readonly (string | null)[]): string | null {
  const where = optionalNode(fields, 'whereClause');
  if (where?.tag !== 'A_Expr' || optionalText(where.fields, 'kind') !== 'AEXPR_OP') return null;
  if (stringsOf(where.fields, 'name').join('.') !== '=') return null;
  const left = nodeOf(where.fields, 'lexpr');
  if (left.tag !== 'ColumnRef') return null;
  const last = nodesOf(left.fields, 'fields').at(-1);
  if (last?.tag !== 'String' || textOf(last.fields, 'sval') !== table.key) return null;
  return constantOf(nodeOf(where.fields, 'rexpr'), params, table.columns.get(table.key)) ?? null;
}

const countOf = (result: StatementResult | null): number | null =>
  result === null || result.kind === 'error' ? null : Number(/\d+$/.exec(result.tag)?.[0] ?? 0);

/** Null: nobody can say which rows. */
function inserted(
  table: Table,
  fields: TreeNode['fields'],
  params: readonly (string | null)[],
  result: StatementResult | null,
): Accesses | null {
  const source = optionalNode(fields, 'selectStmt');
  const lists = source?.tag === 'SelectStmt' ? nodesOf(source.fields, 'valuesLists').map(listItems) : [];
  const conflict = has(fields, 'onConflictClause')
    ? optionalText(fieldsOf(fields, 'onConflictClause'), 'action')
    : null;
  const count = countOf(result);
  if (lists.length === 0 || (conflict !== null && conflict !== 'ONCONFLICT_NOTHING')) return null;
  if (conflict !== null && count === 0) return NOTHING;
  if (conflict !== null && count !== lists.length) return null;
  const named = nodesOf(fields, 'cols').map((column) => textOf(column.fields, 'name'));
  const columns = named.length > 0 ? named : [...table.columns.keys()];
  const writes: Seen[] = [];
  const givenUp: string[] = [];
  for (const values of lists) {
    const value = (column: string): string | null | undefined => {
      const at = columns.indexOf(column);
      return at < 0 ? undefined : constantOf(values[at] ?? null, params, table.columns.get(column));
    };
    const row = value(table.key);
    if (row === undefined || row === null) return null;
    for (const [column, type] of table.columns) {
      const key = keyOf(table, column, row);
      const wrote = value(column);
      if (wrote !== undefined) writes.push({ key, value: present(wrote) });
      else if (isJudged(type)) givenUp.push(key);
    }
  }
  return { ...NOTHING, writes, givenUp };
}

/** UPDATE and DELETE. Null: nobody can say which rows. */
function changed(
  table: Table,
  tag: string,
  fields: TreeNode['fields'],
  params: readonly (string | null)[],
  result: StatementResult | null,
): Accesses | null {
  if (has(fields, 'fromClause') || has(fields, 'usingClause')) return null;
  if (countOf(result) === 0) return NOTHING;
  const row = rowOf(table, fields, params);
  if (tag === 'DeleteStmt') {
    if (row === null) return null;
    return { ...NOTHING, deleted: [...table.columns.keys()].map((column) => keyOf(table, column, row)) };
  }
  const targets = nodesOf(fields, 'targetList').map(({ fields: target }) => ({
    column: optionalText(target, 'name') ?? '',
    value: optionalNode(target, 'val'),
  }));
  if (targets.some(({ column }) => column === table.key || !table.columns.has(column))) return null;
  if (row === null) return { ...NOTHING, givenUp: targets.map(({ column }) => `${table.name}.${column}`) };
  const shown = returned(table, fields, result, row);
  const writes: Seen[] = [];
  const givenUp: string[] = [];
  for (const { column, value } of targets) {
    const key = keyOf(table, column, row);
    const wrote = constantOf(value, params, table.columns.get(column));
    const seen = wrote === undefined ? shown.get(key) : present(wrote);
    if (seen !== undefined) writes.push({ key, value: seen });
    else givenUp.push(key);
  }
  return { ...NOTHING, writes, givenUp };
}

/** What RETURNING showed of the row, by key. */
function returned(
  table: Table,
  fields: TreeNode['fields'],
  result: StatementResult | null,
  row: string,
): ReadonlyMap<string, string> {
  const clause = has(fields, 'returningClause') ? nodesOf(fieldsOf(fields, 'returningClause'), 'exprs') : [];
  const columns = columnsOf(table, clause);
  const [values] = result?.kind === 'rows' ? result.rows : [];
  if (columns === null || values === undefined) return new Map();
  return new Map(rowSeen(table, columns, values, row).map(({ key, value }) => [key, value]));
}
