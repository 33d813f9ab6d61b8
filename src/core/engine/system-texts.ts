// Definitions of the catalog as SQL text: what pg_get_constraintdef, pg_get_indexdef and pg_attrdef tell, in PostgreSQL's words.

import type {
  ColumnDef,
  ForeignKeyAction,
  ForeignKeyDef,
  IndexDef,
  IndexKey,
  RowExpr,
  TableDef,
} from '../sql/access.ts';
import { nameText, quoted } from '../sql/name-text.ts';
import { ownName, PUBLIC, relationNameOf } from '../sql/relation-name.ts';
import { formatValue } from '../sql/text-form.ts';
import {
  asNode,
  type Fields,
  fieldsOf,
  has,
  isSetOperation,
  listItems,
  nodeOf,
  nodesOf,
  type TreeNode,
} from '../sql/tree.ts';
import { queryText, treeText } from '../sql/tree-text.ts';
import { categoryOf } from '../sql/types.ts';
import { decodeView } from '../sql/view-text.ts';
import { fullName, type ShownNames } from './system-names.ts';

const names = ({ columns }: TableDef, list: readonly number[]): string =>
  list.map((column) => nameText(columns[column]?.name ?? '')).join(', ');

export const keyText = (table: TableDef, { constraint, keys }: IndexDef): string =>
  `${constraint === 'primary' ? 'PRIMARY KEY' : 'UNIQUE'} (${names(
    table,
    keys.map(({ column }) => column),
  )})`;

/** `condition`: as the catalog keeps it. */
export const checkText = (condition: string): string =>
  `CHECK (${treeText(asNode(decodeView(condition), 'a constraint'))})`;

const ACTIONS: Readonly<Record<ForeignKeyAction, string>> = {
  none: '',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  null: 'SET NULL',
  default: 'SET DEFAULT',
};

/** `target`: the table that it refers to; `shown`: names as the session has them. */
export function foreignText(
  table: TableDef,
  key: ForeignKeyDef,
  target: TableDef,
  shown: (name: string) => string,
): string {
  const { columns, targetColumns, onUpdate, onDelete } = key;
  const on = (event: string, action: ForeignKeyAction): string =>
    action === 'none' ? '' : ` ON ${event} ${ACTIONS[action]}`;
  const to = `${shown(target.name)}(${names(target, targetColumns)})`;
  return `FOREIGN KEY (${names(table, columns)}) REFERENCES ${to}${on('UPDATE', onUpdate)}${on('DELETE', onDelete)}`;
}

/** `query`: as the catalog keeps it; the view's columns may have other names than it gives them. `tables`: every relation. */
export function viewText(
  query: string,
  view: TableDef,
  { tables: all, names }: { readonly tables: readonly TableDef[]; readonly names: ShownNames },
): string {
  const kept = decodeView(query);
  const ctes = new Set(Array.from(query.matchAll(/"ctename":"([^"]*)"/g), ([, name]) => name ?? ''));
  const select = withSchema(kept, (name) => {
    const inPublic = relationNameOf(PUBLIC, name);
    return names.all.has(inPublic) && !names.isVisible(inPublic) && !ctes.has(name);
  }) as Fields;
  const named = view.columns.map(({ name }) => name);
  const text = queryText(select, named);
  const natural = ownNames(select, () =>
    (view.view?.reads ?? []).flatMap((read) =>
      (all.find(({ relation }) => relation === read)?.columns ?? []).flatMap(({ name }) => name || []),
    ),
  );
  if (natural === null || natural.join() === named.join()) return ` ${text};`;
  return ` SELECT *\n  FROM (${text}) ${nameText(ownName(view.name))}(${named.map(nameText).join(', ')});`;
}

/** Relations of public, which a view's query names without it, with their schema where they `need` it. */
function withSchema(part: unknown, need: (name: string) => boolean): unknown {
  if (Array.isArray(part)) return part.map((one) => withSchema(one, need));
  if (typeof part !== 'object' || part === null) return part;
  const fields = Object.fromEntries(Object.entries(part).map(([key, one]) => [key, withSchema(one, need)]));
  const { relname, schemaname } = fields;
  return typeof relname === 'string' && schemaname === undefined && need(relname)
    ? { ...fields, schemaname: PUBLIC }
    : fields;
}

/** The names that its columns have if none of them can be given another; null: they can. `starred`: those of `*`. */
function ownNames(select: Fields, starred: () => readonly string[]): readonly string[] | null {
  if (isSetOperation(select)) return ownNames(fieldsOf(select, 'larg'), starred);
  if (has(select, 'valuesLists')) {
    const [row] = nodesOf(select, 'valuesLists');
    return (row === undefined ? [] : listItems(row)).map((_, i) => `column${i + 1}`);
  }
  const isStar = ({ tag, fields }: TreeNode): boolean =>
    tag === 'ColumnRef' && nodesOf(fields, 'fields').at(-1)?.tag === 'A_Star';
  return nodesOf(select, 'targetList').some(({ fields }) => isStar(nodeOf(fields, 'val'))) ? starred() : null;
}

/** Of each column of its key. */
/** A column, a call, or another expression in brackets. */
function keyColumnText(table: TableDef, { column, computed }: IndexKey): string {
  if (computed === undefined) return names(table, [column]);
  const node = asNode(decodeView(computed.tree), 'a key');
  const text = treeText(node);
  if (/^(?:FuncCall|CoalesceExpr|MinMaxExpr)$/.test(node.tag)) return text;
  return OPERATIONS.test(node.tag) ? `((${text}))` : `(${text})`;
}

const OPERATIONS = /^(?:A_Expr|BoolExpr|NullTest|BooleanTest)$/;

/** In brackets where it is an operation. */
export function conditionText({ tree }: RowExpr): string {
  const node = asNode(decodeView(tree), 'a condition');
  return OPERATIONS.test(node.tag) ? `(${treeText(node)})` : treeText(node);
}

export const keyTexts = (table: TableDef, { keys }: IndexDef): readonly string[] =>
  keys.map((key) => keyColumnText(table, key));

export function indexText(table: TableDef, { name, isUnique, keys, where }: IndexDef): string {
  const list = keys.map((key) => {
    const { descending, nullsFirst } = key;
    const nulls = nullsFirst === descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
    return `${keyColumnText(table, key)}${descending ? ' DESC' : ''}${nulls}`;
  });
  const on = `${fullName(table.name)} USING btree (${list.join(', ')})`;
  const part = where === undefined ? '' : ` WHERE ${conditionText(where)}`;
  return `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${nameText(ownName(name))} ON ${on}${part}`;
}

/** The DEFAULT of a column; null: it has none. `sequence`: the name of that which it draws from. */
export function defaultText(column: ColumnDef, sequence: string | null, names: ShownNames): string | null {
  const { draws, identity, computed, default: value, type } = column;
  if (draws !== undefined)
    return identity === undefined ? `nextval(${quoted(sequence ?? '')}::regclass)` : null;
  if (computed !== undefined) return treeText(asNode(decodeView(computed), 'a default'));
  if (value === undefined) return null;
  const text = formatValue(value);
  if (text === null) return `NULL::${names.shownType(type)}`;
  const category = categoryOf(type);
  return category === 'numeric' || category === 'boolean'
    ? text.replace(/^([tf])$/, (letter) => (letter === 't' ? 'true' : 'false'))
    : `${quoted(text)}::${names.shownType(type)}`;
}
