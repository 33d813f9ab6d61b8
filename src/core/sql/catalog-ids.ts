// System columns, which every table has without naming them, and object ids of PostgreSQL's own catalogs: what tableoid, casts to regclass, pg_depend and pg_description say of which of them.

import { fail } from './failure.ts';

/** The system column that says which table a row is of, the only one that the lab gives; a view has none. */
export const TABLE_ID = 'tableoid';

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([TABLE_ID, 'ctid', 'xmin', 'cmin', 'xmax', 'cmax']);

export function refuseSystemName(column: string): void {
  if (SYSTEM_COLUMNS.has(column))
    fail('42701', `column name "${column}" conflicts with a system column name`);
}

const IDS =
  'pg_tablespace 1213,pg_type 1247,pg_attribute 1249,pg_proc 1255,pg_class 1259,pg_database 1262,pg_sequence 2224,pg_am 2601,pg_amop 2602,' +
  'pg_amproc 2603,pg_attrdef 2604,pg_cast 2605,pg_constraint 2606,pg_depend 2608,pg_description 2609,pg_index 2610,pg_inherits 2611,' +
  'pg_language 2612,pg_namespace 2615,pg_opclass 2616,pg_operator 2617,pg_rewrite 2618,pg_trigger 2620,pg_opfamily 2753,pg_extension 3079,' +
  'pg_partitioned_table 3350,pg_collation 3456,pg_enum 3501,pg_range 3541';

export const CATALOG_IDS: ReadonlyMap<string, number> = new Map(
  IDS.split(',').map((entry) => {
    const [name = '', id] = entry.split(' ');
    return [name, Number(id)];
  }),
);
