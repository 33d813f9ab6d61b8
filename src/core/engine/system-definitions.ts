// The system views that tell definitions: tables, columns, types, indexes and constraints, as the catalog has them now for the
// transaction that asks (system-tables.ts). A relation's id is its object id; types have PostgreSQL's.

import { unreachable } from '../../base/assert.ts';
import type { ColumnDef, IndexDef, Row, TableDef, Value } from '../sql/access.ts';
import { DATABASE, DATABASE_OWNER, DATABASE_OWNER_ID, FIXED_SETTINGS } from '../sql/catalog-functions.ts';
import { isTemporary, ownName, PUBLIC, schemaOf } from '../sql/relation-name.ts';
import { isDropped, isReady, isRelation, isValid, refersTo } from '../sql/table-def.ts';
import { elementOf, sizeOf } from '../sql/types.ts';
import { listRelations } from './catalog.ts';
import type { Env, Session } from './engine-state.ts';
import { searchPathOf } from './session-settings.ts';
import { constraintsOf, idWithin, referredIndex } from './system-constraints.ts';
import { informationRows } from './system-information.ts';
import { nameRows, type ShownNames, shownNames } from './system-names.ts';
import { CLASS_ID, dependRows, ruleId, serialRows } from './system-sequences.ts';
import { type InformationView, isInformation, type SystemTableName } from './system-tables.ts';
import { conditionText, defaultText, indexText, keyTexts, viewText } from './system-texts.ts';
import {
  alignmentOf,
  enumRows,
  PG_CATALOG_ID,
  ROLE_ID,
  storageOf,
  typeId,
  typeRows,
  typeTexts,
} from './system-types.ts';

const DATABASE_ID = 5n;
const HEAP_ID = 2n;
const BTREE_ID = 403n;
const TABLESPACE_ID = 1663n;
const PUBLIC_ID = 2200n;
const NAMESPACE_CLASS = 2615n;

/** Columns of a key, at most. */
const INDEX_KEYS_MAX = 32;

/** May throw Blocked. */
export function definitionRows(env: Env, session: Session, name: SystemTableName): readonly Row[] {
  switch (name) {
    case 'pg_database':
      return [
        [
          DATABASE_ID,
          DATABASE,
          ROLE_ID,
          6,
          'c',
          false,
          true,
          -1,
          0n,
          0n,
          TABLESPACE_ID,
          'C',
          'C',
          null,
          null,
          null,
        ],
      ];
    case 'pg_namespace':
      return [
        [PG_CATALOG_ID, 'pg_catalog', ROLE_ID, null],
        [
          PUBLIC_ID,
          PUBLIC,
          DATABASE_OWNER_ID,
          `{${DATABASE_OWNER}=UC/${DATABASE_OWNER},=U/${DATABASE_OWNER}}`,
        ],
        [13_000n, 'information_schema', ROLE_ID, null],
        ...schemaEntries(env, session).map((one) => [
          BigInt(one.relation),
          schemaOf(one.name),
          ROLE_ID,
          null,
        ]),
      ];
    case 'information_schema.schemata':
      return [
        'information_schema',
        'pg_catalog',
        PUBLIC,
        ...schemaEntries(env, session).map(({ name: entry }) => schemaOf(entry)),
      ].map((schema) => [DATABASE, schema, 'postgres', null, null, null, null]);
    case 'pg_settings':
      return [...FIXED_SETTINGS].map(([setting, value]) => [setting, value]);
    case 'pg_tablespace':
      return [[TABLESPACE_ID, 'pg_default', ROLE_ID, null, null]];
    case 'pg_am':
      return [
        [HEAP_ID, 'heap', 'heap_tableam_handler', 't'],
        [BTREE_ID, 'btree', 'bthandler', 'i'],
      ];
    case 'pg_roles':
      return [
        [ROLE_ID, 'postgres', true, true, true, true, true, -1, true, null, true],
        [DATABASE_OWNER_ID, DATABASE_OWNER, false, true, false, false, false, -1, false, null, false],
      ];
    case 'pg_locks':
    case 'pg_stat_activity':
    case 'pg_inherits':
    case 'pg_partitioned_table':
    case 'pg_collation':
    case 'pg_range':
    case 'pg_matviews':
      return [];
    case 'pg_lab_numbers':
      return Array.from({ length: INDEX_KEYS_MAX }, (_, i) => [i + 1]);
    default: {
      const listed = listRelations(env, session);
      const names = shownNames(listed, searchPathOf(session));
      if (name === 'pg_lab_names') return nameRows(names);
      const tables = listed.filter(isRelation).map(names.withTypes);
      const schemas = new Map(
        listed.flatMap((one) => (one.isSchema ? [[schemaOf(one.name), BigInt(one.relation)]] : [])),
      );
      const all: Listed = { tables, names, schemaId: (of) => schemas.get(schemaOf(of)) ?? PUBLIC_ID };
      const types = listed.flatMap(({ enum: type, name: of }) =>
        type === undefined ? [] : [[type, all.schemaId(of)] as const],
      );
      if (name === 'pg_type') return typeRows(types);
      if (name === 'pg_lab_types')
        return typeTexts(
          types.map(([type]) => type),
          names,
        );
      if (name === 'pg_enum') return types.flatMap(([type]) => enumRows(type));
      if (isInformation(name)) return tables.flatMap((table) => informationRows(table, name, all));
      const rows = tables.flatMap((table) => relationRows(table, name, all));
      return name === 'pg_description' ? [...SCHEMA_COMMENTS, ...rows] : rows;
    }
  }
}

/** Comments that PostgreSQL's schemas have. */
const SCHEMA_COMMENTS: readonly Row[] = [
  [PG_CATALOG_ID, NAMESPACE_CLASS, 0, 'system catalog schema'],
  [PUBLIC_ID, NAMESPACE_CLASS, 0, 'standard public schema'],
];

const schemaEntries = (env: Env, session: Session): readonly TableDef[] =>
  listRelations(env, session).filter(({ isSchema }) => isSchema);

/** What the rows of one relation need of all. */
interface Listed {
  readonly tables: readonly TableDef[];
  readonly names: ShownNames;
  /** Object id of the schema of the relation of that name. */
  readonly schemaId: (name: string) => bigint;
}

type OfRelations = Exclude<
  SystemTableName,
  | 'pg_database'
  | 'pg_namespace'
  | 'pg_type'
  | 'pg_locks'
  | 'pg_stat_activity'
  | 'pg_am'
  | 'pg_roles'
  | 'pg_inherits'
  | 'pg_partitioned_table'
  | 'pg_collation'
  | 'pg_tablespace'
  | 'pg_settings'
  | 'pg_enum'
  | 'pg_range'
  | 'pg_matviews'
  | 'pg_lab_numbers'
  | 'pg_lab_types'
  | 'pg_lab_names'
  | 'information_schema.schemata'
  | InformationView
>;

function relationRows(table: TableDef, name: OfRelations, all: Listed): readonly Row[] {
  const { indexes, view } = table;
  const schema = schemaOf(table.name);
  const own = ownName(table.name);
  const isView = view !== undefined;
  switch (name) {
    case 'pg_class':
      return [classRow(table, all), ...indexes.map((index) => indexClassRow(index, all))];
    case 'pg_attribute':
      return [
        ...table.columns.map((column, i) => attributeRow(table.relation, column, i)),
        ...indexes.flatMap(({ relation, keys }) =>
          keys.flatMap(({ column, computed }, i) => {
            const { name: key, type } = computed
              ? { ...computed, name: computed.label }
              : (table.columns[column] ?? {});
            return key && type ? [attributeRow(relation, { name: key, type, notNull: false }, i)] : [];
          }),
        ),
      ];
    case 'pg_index':
      return indexes.map((index) => [
        BigInt(index.relation),
        BigInt(table.relation),
        index.keys.length,
        index.keys.length,
        index.isUnique,
        false,
        index.constraint === 'primary',
        true,
        false,
        isValid(index),
        isReady(index),
        false,
        index.keys.map(({ column }) => column + 1).join(' '),
        index.keys.map(({ descending, nullsFirst }) => (descending ? 1 : 0) + (nullsFirst ? 2 : 0)).join(' '),
        index.keys.some(({ computed }) => computed) ? keyTexts(table, index).join(', ') : null,
        index.where ? conditionText(index.where) : null,
      ]);
    case 'pg_attrdef':
      return defaultRows(table, all);
    case 'pg_statio_all_tables':
      return isView || table.sequence ? [] : [[BigInt(table.relation), schema, own]];
    case 'pg_description':
      return (table.comments ?? []).flatMap(([column, text]) =>
        table.columns[column - 1]?.name === '' ? [] : [[BigInt(table.relation), CLASS_ID, column, text]],
      );
    case 'pg_sequence': {
      const { sequence } = table;
      if (!sequence) return [];
      const { type, start, increment, min, max, cache, cycles } = sequence;
      return [[BigInt(table.relation), typeId(type), start, increment, max, min, cache, cycles]];
    }
    case 'pg_depend':
      return dependRows(table);
    case 'pg_rewrite':
      return isView ? [[ruleId(table.relation), '_RETURN', BigInt(table.relation), '1', 'O', true]] : [];
    case 'pg_lab_definitions':
      if (view !== undefined)
        return [['view', BigInt(table.relation), 0, viewText(view.query, table, all), null]];
      return [
        ...indexes.flatMap((index) =>
          [indexText(table, index), ...keyTexts(table, index)].map(
            (text, i): Row => ['index', BigInt(index.relation), i, text, null],
          ),
        ),
        ...constraintsOf(table).map(
          ({ id, text }): Row => ['constraint', id, 0, text(all.tables, all.names.shown), null],
        ),
        ...serialRows(table, all),
      ];
    case 'pg_constraint':
      return constraintsOf(table).map(
        ({ id, name: constraint, kind, columns, index, target, targetColumns, actions }) => [
          id,
          constraint,
          all.schemaId(table.name),
          kind,
          false,
          false,
          true,
          BigInt(table.relation),
          0n,
          BigInt(index === 0 ? referredIndex(all.tables, target, targetColumns ?? []) : index),
          0n,
          BigInt(target),
          ...actions,
          true,
          columns && arrayOf(columns),
          targetColumns && arrayOf(targetColumns),
        ],
      );
    case 'pg_tables':
      return isView || table.sequence ? [] : [[schema, own, indexes.length > 0]];
    case 'pg_indexes':
      return indexes.map((index) => [schema, own, ownName(index.name), null, indexText(table, index)]);
    case 'pg_views':
      return isView ? [[schema, own]] : [];
    default:
      return unreachable(name);
  }
}

/** Columns as PostgreSQL prints an array of their numbers. */
const arrayOf = (columns: readonly number[]): string => `{${columns.map((column) => column + 1).join(',')}}`;

/** No statistics are kept: as of a table in PostgreSQL that was never analysed. */
const UNKNOWN: Value = { kind: 'real', value: -1 };

function classRow(table: TableDef, { tables, schemaId }: Listed): Row {
  const { relation, name, columns, indexes, checks, foreignKeys = [], view, sequence } = table;
  const kind = view !== undefined ? 'v' : sequence ? 'S' : 'r';
  const file = view === undefined ? relation : 0;
  const counts = { natts: columns.length, checks: checks?.length ?? 0 };
  const am = kind === 'r' ? HEAP_ID : 0n;
  return relationRow({
    relation,
    name: ownName(name),
    schema: schemaId(name),
    isTemporary: isTemporary(name),
    kind,
    am,
    file,
    tuples: UNKNOWN,
    options: view?.checkOption === undefined ? null : `{check_option=${view.checkOption}}`,
    hasIndex: indexes.length > 0,
    hasTriggers: foreignKeys.length > 0 || tables.some((one) => refersTo(one, relation)),
    ...counts,
  });
}

function indexClassRow({ relation, name, keys }: IndexDef, { schemaId }: Listed): Row {
  const tuples: Value = { kind: 'real', value: 0 };
  const counts = { natts: keys.length, checks: 0 };
  return relationRow({
    relation,
    name: ownName(name),
    schema: schemaId(name),
    isTemporary: isTemporary(name),
    kind: 'i',
    am: BTREE_ID,
    file: relation,
    tuples,
    options: null,
    hasIndex: false,
    hasTriggers: false,
    ...counts,
  });
}

interface ClassRow {
  readonly relation: number;
  readonly name: string;
  readonly schema: bigint;
  readonly isTemporary: boolean;
  readonly kind: 'r' | 'v' | 'S' | 'i';
  /** Its access method; 0: none. */
  readonly am: bigint;
  readonly file: number;
  readonly tuples: Value;
  /** As an array's text. */
  readonly options: string | null;
  readonly hasIndex: boolean;
  /** PostgreSQL's, by which it keeps foreign keys. */
  readonly hasTriggers: boolean;
  readonly natts: number;
  readonly checks: number;
}

/** A row of pg_class, in the order of its columns (system-tables.ts). */
const relationRow = ({
  relation,
  name,
  schema,
  isTemporary: isOfSession,
  kind,
  am,
  file,
  tuples,
  options,
  hasIndex,
  hasTriggers,
  natts,
  checks,
}: ClassRow): Row => [
  BigInt(relation),
  name,
  schema,
  0n,
  0n,
  ROLE_ID,
  am,
  BigInt(file),
  0n,
  0,
  tuples,
  0n,
  hasIndex,
  false,
  isOfSession ? 't' : 'p',
  kind,
  natts,
  checks,
  false,
  hasTriggers,
  false,
  false,
  false,
  true,
  'd',
  false,
  0n,
  0n,
  null,
  options,
];

const attributeRow = (relation: number, column: ColumnDef, i: number): Row => {
  const isGone = isDropped(column);
  const { typmod, type } = column;
  const element = elementOf(type);
  const isLong = element === 'varchar' || element === 'bpchar';
  return [
    BigInt(relation),
    isGone ? `........pg.dropped.${i + 1}........` : column.name,
    isGone ? 0n : typeId(type),
    -1,
    sizeOf(type),
    i + 1,
    typmod === undefined ? -1 : isLong ? typmod + LENGTH_HEADER : typmod,
    alignmentOf(type),
    storageOf(type),
    '',
    column.notNull,
    column.default !== undefined ||
      column.computed !== undefined ||
      (column.draws !== undefined && column.identity === undefined),
    false,
    column.identity === undefined ? '' : column.identity === 'always' ? 'a' : 'd',
    '',
    isGone,
    true,
    0n,
    null,
    null,
    null,
    null,
  ];
};

/** PostgreSQL counts four bytes to the length of a varchar. */
const LENGTH_HEADER = 4;

/** pg_attrdef. */
function defaultRows({ relation, columns }: TableDef, { tables, names }: Listed): readonly Row[] {
  return columns.flatMap((column, i): Row[] => {
    const drawn = tables.find((one) => one.relation === column.draws);
    const sequence = drawn === undefined ? null : names.shown(drawn.name);
    const text = isDropped(column) ? null : defaultText(column, sequence, names);
    return text === null ? [] : [[idWithin(relation, i), BigInt(relation), i + 1, text]];
  });
}
