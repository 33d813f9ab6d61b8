// The system views that tools ask for, as relations without pages: PostgreSQL's pg_catalog and information_schema, as far as the
// lab has what they tell. Their rows are made when a scan begins (system-rows.ts). Names, columns and their order are PostgreSQL's;
// object ids are bigint, names and one-character kinds text.

import type { ColumnType, TableDef } from '../sql/access.ts';
import { makeTableDef } from '../sql/table-def.ts';

/** Of information_schema, what is told of relations (system-information.ts). */
const INFORMATION = {
  'information_schema.tables':
    'table_catalog,table_schema,table_name,table_type,self_referencing_column_name,reference_generation,user_defined_type_catalog,user_defined_type_schema,user_defined_type_name,is_insertable_into,is_typed,commit_action',
  'information_schema.columns':
    'table_catalog,table_schema,table_name,column_name,ordinal_position int4,column_default,is_nullable,data_type,character_maximum_length int4,character_octet_length int4,numeric_precision int4,numeric_precision_radix int4,numeric_scale int4,datetime_precision int4,interval_type,interval_precision int4,character_set_catalog,character_set_schema,character_set_name,collation_catalog,collation_schema,collation_name,domain_catalog,domain_schema,domain_name,udt_catalog,udt_schema,udt_name,scope_catalog,scope_schema,scope_name,maximum_cardinality int4,dtd_identifier,is_self_referencing,is_identity,identity_generation,identity_start,identity_increment,identity_maximum,identity_minimum,identity_cycle,is_generated,generation_expression,is_updatable',
  'information_schema.views':
    'table_catalog,table_schema,table_name,view_definition,check_option,is_updatable,is_insertable_into,is_trigger_updatable,is_trigger_deletable,is_trigger_insertable_into',
  'information_schema.sequences':
    'sequence_catalog,sequence_schema,sequence_name,data_type,numeric_precision int4,numeric_precision_radix int4,numeric_scale int4,start_value,minimum_value,maximum_value,increment,cycle_option',
  'information_schema.table_constraints':
    'constraint_catalog,constraint_schema,constraint_name,table_catalog,table_schema,table_name,constraint_type,is_deferrable,initially_deferred,enforced,nulls_distinct',
  'information_schema.key_column_usage':
    'constraint_catalog,constraint_schema,constraint_name,table_catalog,table_schema,table_name,column_name,ordinal_position int4,position_in_unique_constraint int4',
  'information_schema.referential_constraints':
    'constraint_catalog,constraint_schema,constraint_name,unique_constraint_catalog,unique_constraint_schema,unique_constraint_name,match_option,update_rule,delete_rule',
  'information_schema.constraint_column_usage':
    'table_catalog,table_schema,table_name,column_name,constraint_catalog,constraint_schema,constraint_name',
  'information_schema.check_constraints': 'constraint_catalog,constraint_schema,constraint_name,check_clause',
} as const;

export type InformationView = keyof typeof INFORMATION;
export const isInformation = (name: SystemTableName): name is InformationView =>
  Object.hasOwn(INFORMATION, name);

/** `name type` of each column, text where no type stands. */
const COLUMNS = {
  pg_locks:
    'locktype,database int8,relation int8,page int4,tuple int2,virtualxid,transactionid int8,classid int8,objid int8,objsubid int2,virtualtransaction,pid int4,mode,granted bool,waitstart timestamptz',
  pg_stat_activity:
    'datid int8,datname,pid int4,usename,application_name,client_hostname,xact_start timestamptz,query_start timestamptz,state_change timestamptz,wait_event_type,wait_event,state,backend_xid int8,backend_xmin int8,query,backend_type',
  pg_database:
    'oid int8,datname,datdba int8,encoding int4,datlocprovider,datistemplate bool,datallowconn bool,datconnlimit int4,datfrozenxid int8,datminmxid int8,dattablespace int8,datcollate,datctype,daticulocale,datcollversion,datacl',
  pg_namespace: 'oid int8,nspname,nspowner int8,nspacl',
  pg_class:
    'oid int8,relname,relnamespace int8,reltype int8,reloftype int8,relowner int8,relam int8,relfilenode int8,reltablespace int8,relpages int4,reltuples float4,reltoastrelid int8,relhasindex bool,relisshared bool,relpersistence,relkind,relnatts int2,relchecks int2,relhasrules bool,relhastriggers bool,relhassubclass bool,relrowsecurity bool,relforcerowsecurity bool,relispopulated bool,relreplident,relispartition bool,relfrozenxid int8,relminmxid int8,relacl,reloptions',
  pg_attribute:
    'attrelid int8,attname,atttypid int8,attstattarget int4,attlen int2,attnum int2,atttypmod int4,attalign,attstorage,attcompression,attnotnull bool,atthasdef bool,atthasmissing bool,attidentity,attgenerated,attisdropped bool,attislocal bool,attcollation int8,attacl,attoptions,attfdwoptions,attmissingval',
  pg_type:
    'oid int8,typname,typnamespace int8,typowner int8,typlen int2,typtype,typcategory,typisdefined bool,typdelim,typrelid int8,typelem int8,typarray int8,typalign,typstorage,typnotnull bool,typbasetype int8,typtypmod int4,typcollation int8,typdefault,typacl',
  pg_index:
    'indexrelid int8,indrelid int8,indnatts int2,indnkeyatts int2,indisunique bool,indnullsnotdistinct bool,indisprimary bool,indimmediate bool,indisclustered bool,indisvalid bool,indisready bool,indisreplident bool,indkey,indoption,indexprs,indpred',
  pg_constraint:
    'oid int8,conname,connamespace int8,contype,condeferrable bool,condeferred bool,convalidated bool,conrelid int8,contypid int8,conindid int8,conparentid int8,confrelid int8,confupdtype,confdeltype,confmatchtype,conislocal bool,conkey,confkey',
  pg_tables: 'schemaname,tablename,hasindexes bool',
  pg_indexes: 'schemaname,tablename,indexname,tablespace,indexdef',
  pg_views: 'schemaname,viewname',
  'information_schema.schemata':
    'catalog_name,schema_name,schema_owner,default_character_set_catalog,default_character_set_schema,default_character_set_name,sql_path',
  ...INFORMATION,
  pg_am: 'oid int8,amname,amhandler,amtype',
  pg_roles:
    'oid int8,rolname,rolsuper bool,rolinherit bool,rolcreaterole bool,rolcreatedb bool,rolcanlogin bool,rolconnlimit int4,rolreplication bool,rolvaliduntil timestamptz,rolbypassrls bool',
  pg_inherits: 'inhrelid int8,inhparent int8,inhseqno int4',
  pg_partitioned_table: 'partrelid int8,partstrat',
  pg_attrdef: 'oid int8,adrelid int8,adnum int2,adbin',
  pg_collation: 'oid int8,collname,collnamespace int8,collowner int8,collencoding int4',
  pg_tablespace: 'oid int8,spcname,spcowner int8,spcacl,spcoptions',
  pg_settings: 'name,setting',
  pg_sequence:
    'seqrelid int8,seqtypid int8,seqstart int8,seqincrement int8,seqmax int8,seqmin int8,seqcache int8,seqcycle bool',
  pg_depend: 'classid int8,objid int8,objsubid int4,refclassid int8,refobjid int8,refobjsubid int4,deptype',
  pg_description: 'objoid int8,classoid int8,objsubid int4,description',
  // Definitions as SQL text, for the functions that tell them (sql/catalog-trees.ts).
  pg_lab_definitions: 'lab_kind,lab_id int8,lab_part int4,lab_text,lab_name',
  // Relations and the names by which the session's search path finds them (sql/catalog-trees.ts).
  pg_lab_names: 'lab_id int8,lab_schema,lab_name,lab_plain,lab_shown,lab_full',
  // Types by how they are written (sql/catalog-trees.ts).
  pg_lab_types: 'lab_id int8,lab_text,lab_name,lab_schema,lab_plain',
  pg_lab_numbers: 'lab_place int4',
  pg_enum: 'oid int8,enumtypid int8,enumsortorder float4,enumlabel',
  pg_matviews: 'schemaname,matviewname,matviewowner,tablespace,hasindexes bool,ispopulated bool,definition',
  pg_statio_all_tables: 'relid int8,schemaname,relname',
  pg_range:
    'rngtypid int8,rngsubtype int8,rngmultitypid int8,rngcollation int8,rngsubopc int8,rngcanonical,rngsubdiff',
  pg_rewrite: 'oid int8,rulename,ev_class int8,ev_type,ev_enabled,is_instead bool',
} as const;

export type SystemTableName = keyof typeof COLUMNS;
export const systemTableNames = Object.keys(COLUMNS) as readonly SystemTableName[];
export const isSystemTable = (name: string): name is SystemTableName => Object.hasOwn(COLUMNS, name);

/** What PostgreSQL has as a name, or as a domain of names. */
const isName = (table: string, column: string): boolean =>
  column === 'enumlabel' ||
  (/(?:name|_schema|_catalog)$/.test(column) && !NO_NAMES.has(`${table}.${column}`));
const NO_NAMES: ReadonlySet<string> = new Set([
  'pg_stat_activity.application_name',
  'pg_stat_activity.client_hostname',
]);

/** Below those of the PCS's views (metadata-tables.ts); no volume gives a negative id. */
const FIRST_RELATION = -100;

const tables: ReadonlyMap<string, TableDef> = new Map(
  systemTableNames.map((name, i) => {
    const columns = COLUMNS[name].split(',').map((column) => {
      const [label = '', type = isName(name, label) ? 'name' : 'text'] = column.split(' ');
      return { name: label, type: type as ColumnType, notNull: false };
    });
    return [name, { ...makeTableDef(FIRST_RELATION - i, name, columns, []), metadata: 'engine' }];
  }),
);

export const systemTable = (name: string): TableDef | null => tables.get(name) ?? null;
