// State of one statement's analysis: the query that is being read, what `$n` have turned out to be, where we are.

import type { ColumnType, EnumType, FoundIndex, TableDef } from './access.ts';
import { fail, NOWHERE, unsupported } from './failure.ts';
import { EXPRESSION_DEPTH_MAX, PARAMS_MAX } from './limits.ts';
import type { WritingPart } from './plan-types.ts';
import type { Query } from './query.ts';
import {
  isTemporarySchema,
  PUBLIC,
  readSearchPath,
  relationNameOf,
  schemaEntry,
  schemaOf,
} from './relation-name.ts';
import type { Level } from './scope.ts';
import { type Fields, flagOf, locationOf, nameOf, onlyFields, optionalText, type TreeNode } from './tree.ts';
import { type SqlType, typeName } from './types.ts';

/** What a parameter has turned out to be, and where it is first used. */
export interface ParamSlot {
  type: SqlType;
  readonly at: number;
}

/** Where aggregates may stand, and what PostgreSQL calls the places where they may not. */
export type Clause =
  | 'targets'
  | 'WHERE'
  | 'GROUP BY'
  | 'VALUES'
  | 'UPDATE'
  | 'LIMIT'
  | 'OFFSET'
  | 'FILTER'
  | 'JOIN conditions'
  | 'RETURNING'
  | 'DEFAULT expressions'
  | 'check constraints'
  | 'transform expressions'
  | 'index expressions'
  | 'index predicates'
  | 'HAVING'
  | 'an aggregate'
  | 'COPY FROM WHERE conditions'
  | 'a window function'
  | 'window definitions'
  | 'window ROWS'
  | 'window RANGE'
  | 'window GROUPS';

/** `at`: characters (code points) of the request before it. */
export interface CopyData {
  readonly data: string;
  readonly at: number;
}

export interface Analysis
  extends Pick<
    Catalog,
    'findTable' | 'findType' | 'findIndex' | 'findRelation' | 'referrersOf' | 'searchPath'
  > {
  /** Relations that referential actions write. */
  readonly cascades: Set<number>;
  /** Sequences of which it uses values, and the first function that changes where one stands. */
  readonly sequences: Set<number>;
  draws: 'nextval' | 'setval' | null;
  /** What followed COPY FROM STDIN. */
  copyData: CopyData | null;
  /** INSERT while its query is read: that query is no part of another. */
  sourceOf: Level | null;
  /** Relations whose rows are read by the statement, or by the part of it that is being analysed (analyse-with.ts). */
  scans: number[];
  /** Statements in WITH that write, with what they read and write. */
  readonly parts: (WritingPart & { readonly writes: ReadonlySet<number> })[];
  /** How such a statement is planned: by whoever analyses statements. */
  planPart: (node: TreeNode) => WritingPart['plan'];
  /** Tables that the statement reads or writes. */
  readonly tables: TableDef[];
  /** By number − 1; undefined where the statement skips a number. */
  readonly params: (ParamSlot | undefined)[];
  /** Where names are looked up; null before the statement's first query. */
  level: Level | null;
  clause: Clause;
  depth: number;
  /** Outer values and subqueries so far: the next one's number. */
  outers: number;
  slots: number;
  readonly queries: Map<number, Query>;
  /** Names of the columns of scalar subqueries, by their node: the default name of a target. */
  readonly subqueryNames: Map<Fields, string>;
  /** How many rows a table has, about. */
  readonly rowsOf: (table: TableDef) => number;
  /** Views whose queries are being read, from the outside in. */
  readonly views: string[];
  /** CREATE VIEW, which does not look into the views that it reads. */
  definesView: boolean;
  /** The schemas of the relations that CREATE VIEW names, by their nodes: its query is kept with them. */
  readonly schemas: Map<Fields, string>;
  /** A view that reads itself, if one was met. */
  recursiveView: string | null;
  /** Relations that the statement itself names, and not a view. */
  readonly reads: Set<number>;
  /** It has FOR UPDATE or FOR SHARE. */
  locksRows: boolean;
  /** Why a derived table may not be locked; the query around it may have a reason that counts more. */
  lockRefusal: string | null;
  /** Estimates that plans rest on. */
  readonly estimates: Map<string, number>;
  /** What the statement is that runs in no transaction block, if it is one. */
  runsAlone: string | null;
}

/** What analysis asks of the database. */
export interface Catalog {
  readonly findTable: (name: string) => TableDef | null;
  /** The entry of a type that CREATE TYPE made. */
  readonly findType: (name: string) => TableDef | null;
  readonly findIndex: (name: string) => FoundIndex | null;
  readonly findRelation: (relation: number) => TableDef | null;
  /** Tables that have a foreign key to it. */
  readonly referrersOf: (relation: number) => readonly TableDef[];
  /** Where the session looks for names without a schema, as SHOW gives it. */
  readonly searchPath: (about: null) => string;
  /** About how many rows it has. Asked only where a plan has a choice. */
  readonly countRows: (table: TableDef) => number;
}

export const makeAnalysis = ({
  findTable,
  findType,
  findIndex,
  findRelation,
  referrersOf,
  searchPath,
  countRows,
}: Catalog): Analysis => {
  const estimates = new Map<string, number>();
  return {
    findTable,
    findType,
    findIndex,
    findRelation,
    referrersOf,
    searchPath,
    cascades: new Set(),
    sequences: new Set(),
    draws: null,
    copyData: null,
    sourceOf: null,
    scans: [],
    parts: [],
    planPart: ({ tag }) => unsupported(`${tag} in WITH`),
    tables: [],
    params: [],
    level: null,
    clause: 'targets',
    depth: 0,
    outers: 0,
    slots: 0,
    queries: new Map(),
    runsAlone: null,
    locksRows: false,
    lockRefusal: null,
    subqueryNames: new Map(),
    views: [],
    definesView: false,
    schemas: new Map(),
    recursiveView: null,
    reads: new Set(),
    rowsOf: (table) => {
      const known = estimates.get(table.name) ?? countRows(table);
      estimates.set(table.name, known);
      return known;
    },
    estimates,
  };
};

/** Runs `read` one level deeper; 54001 beyond the limit. */
export function deeper<T>(analysis: Analysis, at: number, read: () => T): T {
  if (analysis.depth >= EXPRESSION_DEPTH_MAX) fail('54001', 'stack depth limit exceeded', at);
  analysis.depth += 1;
  try {
    return read();
  } finally {
    analysis.depth -= 1;
  }
}

/** Runs `read` as part of `clause`. */
export function inClause<T>(analysis: Analysis, clause: Clause, read: () => T): T {
  const outer = analysis.clause;
  analysis.clause = clause;
  try {
    return read();
  } finally {
    analysis.clause = outer;
  }
}

export function paramType(analysis: Analysis, number: number, at: number): SqlType {
  if (number < 1 || number > PARAMS_MAX) fail('42P02', `there is no parameter $${number}`, at);
  const slot = analysis.params[number - 1] ?? { type: 'unknown', at };
  analysis.params[number - 1] = slot;
  return slot.type;
}

/** The first use that needs a type decides it. */
export function decideParam(analysis: Analysis, number: number, type: ColumnType, at: number): void {
  const slot = analysis.params[number - 1];
  if (slot === undefined) return;
  if (slot.type !== 'unknown' && slot.type !== type)
    fail('42P08', `inconsistent types deduced for parameter $${number}`, at);
  slot.type = type;
}

/** Types of all parameters once analysis is over. */
export function paramTypes(analysis: Analysis): readonly (ColumnType | null)[] {
  const types: (ColumnType | null)[] = [];
  for (let i = 0; i < analysis.params.length; i++) {
    const type = analysis.params[i]?.type ?? null;
    types.push(type === 'unknown' ? 'text' : type);
  }
  return types;
}

const RANGE_VAR = new Set(['relname', 'schemaname', 'inh', 'relpersistence', 'alias', 'location']);

/** 3F000 for a schema that does not exist. */
export const noSchema = (schema: string, at = NOWHERE): never =>
  fail('3F000', `schema "${schema}" does not exist`, at);

/** Where a name without a schema is looked for; a view's query is kept with the schemas of all others. */
export const schemasSearched = (analysis: Analysis): readonly string[] =>
  analysis.views.length > 0 ? [PUBLIC] : readSearchPath(analysis.searchPath(null));

const hasSchema = (analysis: Analysis, schema: string): boolean =>
  schema === PUBLIC || analysis.findTable(schemaEntry(schema)) !== null;

/** The schemas of the search path that there are; that of temporary tables goes without saying. */
export const schemasThere = (analysis: Analysis): readonly string[] =>
  schemasSearched(analysis).filter((schema) => !isTemporarySchema(schema) && hasSchema(analysis, schema));

/** The schema that `pg_temp` means; another one as it is named. */
const ownSchema = (analysis: Analysis, schema: string | null): string | null =>
  schema === 'pg_temp' ? (schemasSearched(analysis).find(isTemporarySchema) ?? schema) : schema;

/** The first of them; null: none. */
export const currentSchema = (analysis: Analysis): string | null => schemasThere(analysis)[0] ?? null;

/** The parts of a name: its schema, null where it has none, and the name. */
export type NameParts = readonly [schema: string | null, name: string];

/** The relation that a name means; what is missing in a schema that does not exist is the relation, or else the schema. */
export function meantRelation(
  analysis: Analysis,
  [named, name]: NameParts,
  missing: 'relation' | 'schema',
  at = NOWHERE,
): string {
  const schema = ownSchema(analysis, named);
  if (schema !== null) {
    if (missing === 'schema' && !hasSchema(analysis, schema)) return noSchema(schema, at);
    return relationNameOf(schema, name);
  }
  const path = schemasSearched(analysis);
  if (path.length === 1 && path[0] === PUBLIC) return relationNameOf(PUBLIC, name);
  const inSystem = relationNameOf(PUBLIC, name);
  if (analysis.findTable(inSystem)?.metadata) return inSystem;
  for (const one of path) {
    const relation = relationNameOf(one, name);
    if (analysis.findTable(relation) !== null || analysis.findIndex(relation) !== null) return relation;
  }
  return relationNameOf(path.includes(PUBLIC) ? PUBLIC : (path[0] ?? ''), name);
}

/** What is kept of a table, and read again for whoever writes it. */
const KEPT: ReadonlySet<Clause> = new Set([
  'check constraints',
  'DEFAULT expressions',
  'index expressions',
  'index predicates',
]);

/** The entry of the type that a name means; remembered as used by the statement. */
export function findNamedType(analysis: Analysis, [named, name]: NameParts): TableDef | null {
  const schema = ownSchema(analysis, named);
  const isKept = KEPT.has(analysis.clause);
  const path = schema === null ? [...schemasSearched(analysis), ...(isKept ? [PUBLIC] : [])] : [schema];
  for (const one of path) {
    const entry = analysis.findType(relationNameOf(one, name));
    if (entry === null) continue;
    if (analysis.views.length === 0) analysis.reads.add(entry.relation);
    if (!analysis.tables.some((known) => known.relation === entry.relation)) analysis.tables.push(entry);
    return entry;
  }
  return null;
}

/** For `readTypeName`; a view's query is kept with the schemas of the types that it names. */
export const madeTypes =
  (analysis: Analysis) =>
  (fields: Fields, schema: string | null, name: string): EnumType | null => {
    const found = findNamedType(analysis, [schema, name]);
    if (found?.enum === undefined) return null;
    if (analysis.definesView) analysis.schemas.set(fields, schemaOf(found.name));
    return found.enum;
  };

/** What a new relation is called, in a schema that stays for as long as the statement runs. */
export function newRelation(analysis: Analysis, [named, name]: NameParts, at = NOWHERE): string {
  const schema = ownSchema(analysis, named);
  if (schema === 'pg_temp') unsupported('a temporary table', at);
  if (schema !== null && !hasSchema(analysis, schema)) return noSchema(schema, at);
  const chosen = schema ?? currentSchema(analysis);
  if (chosen === null) return fail('3F000', 'no schema has been selected to create in', at);
  const entry = chosen === PUBLIC ? null : analysis.findTable(schemaEntry(chosen));
  if (entry !== null) analysis.tables.push(entry);
  return relationNameOf(chosen, name);
}

/** The name in a RangeVar. */
function namePartsOf(fields: Fields): NameParts {
  onlyFields(fields, RANGE_VAR, 'a relation');
  flagOf(fields, 'inh');
  const schema = optionalText(fields, 'schemaname');
  const isOfSession = optionalText(fields, 'relpersistence') === 't';
  if (isOfSession && schema !== null && schema !== 'pg_temp')
    fail('42P16', 'cannot create temporary relation in non-temporary schema', locationOf(fields));
  return [isOfSession ? 'pg_temp' : schema, nameOf(fields, 'relname')];
}

/** The relation that a RangeVar means. */
export const relationName = (
  analysis: Analysis,
  fields: Fields,
  missing: 'relation' | 'schema' = 'schema',
): string => meantRelation(analysis, namePartsOf(fields), missing, locationOf(fields));

/** The name of a relation that is to be made. */
export const createdName = (analysis: Analysis, fields: Fields): string =>
  newRelation(analysis, namePartsOf(fields), locationOf(fields));

/** The name in a RangeVar without its schema. */
export const plainName = (fields: Fields): string => namePartsOf(fields)[1];

/** The name under which a system view is known: pg_catalog goes without saying. Null of any other relation. */
function systemName(fields: Fields): string | null {
  const schema = optionalText(fields, 'schemaname');
  if (schema !== 'pg_catalog' && schema !== 'information_schema') return null;
  onlyFields(fields, RANGE_VAR, 'a relation');
  const name = nameOf(fields, 'relname');
  return schema === 'pg_catalog' && name.startsWith('pg_') ? name : `${schema}.${name}`;
}

/** The table that a RangeVar names; remembered as used by the statement. */
export function resolveTable(analysis: Analysis, fields: Fields): TableDef {
  const name = systemName(fields) ?? relationName(analysis, fields, 'relation');
  const table = analysis.findTable(name);
  if (table === null) {
    if (analysis.findIndex(name) !== null)
      return fail('42809', `cannot open relation "${name}"`, locationOf(fields));
    const schema = optionalText(fields, 'schemaname');
    const said = `${schema === null ? '' : `${schema}.`}${nameOf(fields, 'relname')}`;
    return fail('42P01', `relation "${said}" does not exist`, locationOf(fields));
  }
  if (analysis.definesView) analysis.schemas.set(fields, schemaOf(name));
  if (analysis.views.length === 0) analysis.reads.add(table.relation);
  if (!analysis.tables.some((known) => known.relation === table.relation)) analysis.tables.push(table);
  return table;
}

/** Names of argument types, for messages: `integer, text`. */
export const typeList = (types: readonly SqlType[]): string => types.map((type) => typeName(type)).join(', ');
