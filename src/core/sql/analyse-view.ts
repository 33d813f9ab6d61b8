// CREATE VIEW, and what a view stands for where it is read: its query, analysed anew as a derived table, without any name
// of the statement around it.

import type { NewView, RowLock, TableDef } from './access.ts';
import { withLocking } from './analyse-locking.ts';
import { analyseQuery } from './analyse-query.ts';
import { checkCheckOption } from './analyse-written.ts';
import { type Analysis, createdName } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { plainQuery, type Query } from './query.ts';
import { isTemporary, PUBLIC } from './relation-name.ts';
import {
  type Fields,
  fieldsOf,
  firstLocation,
  flagOf,
  locationOf,
  nodeOf,
  onlyFields,
  optionalText,
  stringsOf,
} from './tree.ts';
import { decodeView, encodeView } from './view-text.ts';

export interface CreateView extends NewView {
  readonly replace: boolean;
}

const VIEW_STMT = new Set(['view', 'aliases', 'query', 'replace', 'withCheckOption']);

export function analyseCreateView(analysis: Analysis, fields: Fields): CreateView {
  const relation = fieldsOf(fields, 'view');
  if (optionalText(relation, 'relpersistence') === 't') unsupported('a temporary view', locationOf(relation));
  onlyFields(fields, VIEW_STMT, 'CREATE VIEW');
  const select = nodeOf(fields, 'query');
  if (select.tag !== 'SelectStmt') return unsupported(select.tag, firstLocation(select.fields, 0));
  analysis.definesView = true;
  const { query } = analyseQuery(analysis, select.fields);
  const [param] = analysis.params.flatMap((slot, i) => (slot === undefined ? [] : [{ ...slot, i }]));
  if (param !== undefined) fail('42P02', `there is no parameter $${param.i + 1}`, param.at);
  const name = createdName(analysis, relation);
  if (analysis.tables.some((table) => isTemporary(table.name)))
    unsupported('a view of a temporary table', locationOf(relation));
  if (query.columns.length === 0) unsupported('a view without columns', locationOf(relation));
  const aliases = stringsOf(fields, 'aliases');
  if (aliases.length > query.columns.length)
    fail('42601', 'CREATE VIEW specifies more column names than columns');
  const columns = query.columns.map((column, i) => ({
    name: aliases[i] ?? column.name,
    type: column.type,
    notNull: false,
  }));
  const names = columns.map((column) => column.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined) fail('42701', `column "${twice}" specified more than once`);
  const checkOption = CHECK_OPTIONS.get(optionalText(fields, 'withCheckOption') ?? '');
  if (checkOption !== undefined) checkCheckOption(analysis, select.fields, query);
  const view = {
    query: encodeView(withSchemas(select.fields, analysis.schemas)),
    reads: [...analysis.reads].filter((relation) => relation > 0),
    ...(checkOption && { checkOption }),
  };
  return { name, columns, view, replace: flagOf(fields, 'replace') };
}

const CHECK_OPTIONS: ReadonlyMap<string, 'local' | 'cascaded'> = new Map([
  ['LOCAL_CHECK_OPTION', 'local'],
  ['CASCADED_CHECK_OPTION', 'cascaded'],
]);

/** The query with the schemas of the relations that it names; those of `public` go without saying. */
function withSchemas(query: Fields, schemas: ReadonlyMap<Fields, string>): Fields {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    const schema = schemas.get(value as Fields);
    const fields = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
    return schema === undefined || schema === PUBLIC ? fields : { ...fields, schemaname: schema };
  };
  return [...schemas.values()].every((schema) => schema === PUBLIC) ? query : (copy(query) as Fields);
}

/** The query of a view. One that reads itself is noted, and refused (42P17) when all names have been looked up. */
export function expandView(analysis: Analysis, { name, view }: TableDef, lock: RowLock | null): Query {
  const isRecursive = analysis.views.includes(name);
  if (isRecursive) analysis.recursiveView ??= name;
  // CREATE VIEW does not look into the views that it reads.
  if (isRecursive || analysis.definesView)
    return plainQuery({ kind: 'rows', rows: [], offset: 0, width: 0 }, [], []);
  const { level } = analysis;
  analysis.level = null;
  analysis.views.push(name);
  const select = withLocking(analysis, decodeView(view?.query ?? ''), lock);
  const { query } = analyseQuery(analysis, select);
  analysis.views.pop();
  analysis.level = level;
  return query;
}
