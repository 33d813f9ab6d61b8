// information_schema, as far as the lab has what it tells: names, order and values of the columns are PostgreSQL's. It is the same for
// everybody, because the one role owns all.

import { unreachable } from '../../base/assert.ts';
import type { ColumnDef, ColumnType, Row, TableDef, Value } from '../sql/access.ts';
import { DATABASE } from '../sql/catalog-functions.ts';
import { enumOf, isEnum } from '../sql/enum-type.ts';
import { precisionOf, rangeOf } from '../sql/moment-typmod.ts';
import { readTypmod } from '../sql/numeric.ts';
import { ownName, schemaOf } from '../sql/relation-name.ts';
import { isDropped } from '../sql/table-def.ts';
import { catalogName, categoryOf, elementOf, isArray, isMoment, typeName } from '../sql/types.ts';
import { CONSTRAINT_TYPES, type Constraint, constraintsOf, referredIndex } from './system-constraints.ts';
import type { ShownNames } from './system-names.ts';
import type { InformationView } from './system-tables.ts';
import { defaultText, viewText } from './system-texts.ts';

/** What the rows of one relation need of all. */
interface Listed {
  readonly tables: readonly TableDef[];
  readonly names: ShownNames;
}

const yesNo = (value: boolean): string => (value ? 'YES' : 'NO');
const nulls = (count: number): readonly null[] => Array<null>(count).fill(null);

export function informationRows(table: TableDef, name: InformationView, all: Listed): readonly Row[] {
  const { view, sequence } = table;
  const place = [DATABASE, schemaOf(table.name), ownName(table.name)];
  switch (name) {
    case 'information_schema.tables': {
      if (sequence) return [];
      const isView = view !== undefined;
      return [[...place, isView ? 'VIEW' : 'BASE TABLE', ...nulls(5), yesNo(!isView), 'NO', null]];
    }
    case 'information_schema.columns':
      if (sequence) return [];
      return table.columns.flatMap((column, i) =>
        isDropped(column) ? [] : [[...place, ...columnRow(table, column, i, all)]],
      );
    case 'information_schema.views':
      return view === undefined
        ? []
        : [[...place, viewText(view.query, table, all), 'NONE', ...Array<string>(5).fill('NO')]];
    case 'information_schema.sequences': {
      if (!sequence || isOfIdentity(table, all)) return [];
      const { type, start, min, max, increment, cycles } = sequence;
      const limits = [start, min, max, increment].map(String);
      return [[...place, typeName(type), PRECISIONS[type] ?? null, 2, 0, ...limits, yesNo(cycles)]];
    }
    case 'information_schema.table_constraints':
      return constraintsOf(table).map(({ name: constraint, kind }) => [
        ...inSchema(table, constraint),
        ...place,
        CONSTRAINT_TYPES[kind],
        'NO',
        'NO',
        'YES',
        kind === 'u' ? 'YES' : null,
      ]);
    case 'information_schema.key_column_usage':
      return constraintsOf(table).flatMap((one) => keyRows(table, one, all));
    case 'information_schema.referential_constraints':
      return constraintsOf(table).flatMap((one) => (one.kind === 'f' ? [referenceRow(table, one, all)] : []));
    case 'information_schema.constraint_column_usage':
      return constraintsOf(table).flatMap((one) => usageRows(table, one, all));
    case 'information_schema.check_constraints':
      return constraintsOf(table).flatMap(({ name: constraint, kind, text }): Row[] =>
        kind === 'c'
          ? [[...inSchema(table, constraint), text(all.tables, all.names.shown).replace(/^CHECK /, '')]]
          : [],
      );
    default:
      return unreachable(name);
  }
}

/** It is part of a column, and no sequence of its own. */
const isOfIdentity = ({ relation }: TableDef, { tables }: Listed): boolean =>
  tables.some(({ columns, owned = [] }) =>
    owned.some(({ sequence, column }) => sequence === relation && columns[column]?.identity !== undefined),
  );

const inSchema = ({ name }: TableDef, constraint: string): readonly string[] => [
  DATABASE,
  schemaOf(name),
  constraint,
];

const columnNames = ({ columns }: TableDef, list: readonly number[] | null): readonly string[] =>
  (list ?? []).map((column) => columns[column]?.name ?? '');

/** The table that a foreign key refers to. */
const targetOf = (table: TableDef, { target }: Constraint, { tables }: Listed): TableDef =>
  tables.find(({ relation }) => relation === target) ?? table;

function keyRows(table: TableDef, one: Constraint, all: Listed): readonly Row[] {
  const key = one.kind === 'f' ? referredKey(table, one, all)?.columns : undefined;
  return columnNames(table, one.columns).map((column, i) => {
    const place = key?.indexOf(one.targetColumns?.[i] ?? -1) ?? -1;
    return [
      ...inSchema(table, one.name),
      DATABASE,
      schemaOf(table.name),
      ownName(table.name),
      column,
      i + 1,
      place < 0 ? null : place + 1,
    ];
  });
}

/** The constraint of the key that a foreign key refers to. */
function referredKey(table: TableDef, one: Constraint, all: Listed): Constraint | undefined {
  const index = referredIndex(all.tables, one.target, one.targetColumns ?? []);
  return constraintsOf(targetOf(table, one, all)).find((other) => other.index === index && index !== 0);
}

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

function referenceRow(table: TableDef, one: Constraint, all: Listed): Row {
  const key = referredKey(table, one, all);
  const referred = key ? inSchema(targetOf(table, one, all), key.name) : nulls(3);
  const [onUpdate = '', onDelete = ''] = one.actions.map((action) => ACTIONS[action] ?? '');
  return [...inSchema(table, one.name), ...referred, 'NONE', onUpdate, onDelete];
}

/** Of a foreign key the columns that it refers to; what columns a CHECK reads is not told. */
function usageRows(table: TableDef, one: Constraint, all: Listed): readonly Row[] {
  const used = one.kind === 'f' ? targetOf(table, one, all) : table;
  return columnNames(used, one.kind === 'f' ? one.targetColumns : one.columns).map((column) => [
    DATABASE,
    schemaOf(used.name),
    ownName(used.name),
    column,
    ...inSchema(table, one.name),
  ]);
}

/** Bits. */
const PRECISIONS: Readonly<Partial<Record<ColumnType, number>>> = {
  int2: 16,
  int4: 32,
  int8: 64,
  float4: 24,
  float8: 53,
};
/** Digits of a second. */
const timePrecision = ({ type, typmod }: ColumnDef): number | null =>
  type === 'date' ? 0 : isMoment(type) ? precisionOf(typmod) : null;
/** Bytes of a text without a length, as PostgreSQL has them. */
const TEXT_OCTETS = 1_073_741_824;
/** Bytes of a character, at most. */
const CHARACTER_BYTES = 4;

/** From its name on. */
function columnRow(table: TableDef, column: ColumnDef, i: number, { tables, names }: Listed): Row {
  const { name, type, typmod, notNull, identity, draws } = column;
  const sequence = tables.find(({ relation }) => relation === draws);
  const element = elementOf(type);
  const isText = categoryOf(type) === 'string';
  const length = type === 'varchar' || type === 'bpchar' ? (typmod ?? null) : null;
  const octets = length === null ? TEXT_OCTETS : length * CHARACTER_BYTES;
  return [
    name,
    i + 1,
    defaultText(column, sequence === undefined ? null : names.shown(sequence.name), names),
    yesNo(!notNull),
    isArray(type) ? 'ARRAY' : isEnum(type) ? 'USER-DEFINED' : typeName(type),
    length,
    isText ? octets : null,
    ...numbersOf(column),
    timePrecision(column),
    type === 'interval' && typmod !== undefined ? rangeOf(typmod) : null,
    ...nulls(10),
    DATABASE,
    isEnum(element) ? schemaOf(enumOf(element).name) : 'pg_catalog',
    catalogName(type),
    ...nulls(4),
    String(i + 1),
    'NO',
    yesNo(identity !== undefined),
    ...(identity === undefined ? [...nulls(5), 'NO'] : identityOf(identity, sequence)),
    'NEVER',
    null,
    yesNo(table.view === undefined),
  ];
}

/** Precision, its radix, and scale. */
function numbersOf({ type, typmod }: ColumnDef): readonly Value[] {
  const bits = PRECISIONS[type];
  if (bits !== undefined) return [bits, 2, type === 'float4' || type === 'float8' ? null : 0];
  if (type !== 'numeric') return nulls(3);
  const declared = typmod === undefined ? null : readTypmod(typmod);
  return [declared?.precision ?? null, 10, declared?.scale ?? null];
}

function identityOf(identity: 'always' | 'default', sequence: TableDef | undefined): readonly Value[] {
  const { start, increment, max, min, cycles = false } = sequence?.sequence ?? {};
  const shown = [start, increment, max, min].map((value) => (value === undefined ? null : String(value)));
  return [identity === 'always' ? 'ALWAYS' : 'BY DEFAULT', ...shown, yesNo(cycles)];
}
