// Parameters that a connection takes, checks and shows as PostgreSQL 15 does, and that change nothing here: there is no other planner,
// memory or write-ahead log to be set, nor a clock that runs while a connection is idle. From pg_settings of PostgreSQL 15.

import type { Quantity } from '../core/sql/quantities.ts';

export type MoreSetting = { readonly name: string } & (
  | { readonly kind: 'bool'; readonly value: 'on' | 'off' }
  | ({ readonly kind: 'quantity'; readonly value: number } & Omit<Quantity, 'max'> & {
        readonly max?: number;
      })
  | { readonly kind: 'real'; readonly value: number; readonly min: number; readonly max: number }
  /** The first is the default. */
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'text' | 'fixed'; readonly value: string }
);

const ON =
  'array_nulls check_function_bodies enable_async_append enable_bitmapscan enable_gathermerge enable_hashagg enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning enable_seqscan enable_sort enable_tidscan escape_string_warning geqo row_security synchronize_seqscans track_activities track_counts';
const OFF =
  'default_transaction_deferrable enable_partitionwise_aggregate enable_partitionwise_join jit lo_compat_privileges quote_all_identifiers transform_null_equals track_io_timing';

const bools = (names: string, value: 'on' | 'off'): readonly MoreSetting[] =>
  names.split(' ').map((name) => ({ kind: 'bool', name, value }));

const REAL_MAX = Number.MAX_VALUE;

export const MORE_SETTINGS: readonly MoreSetting[] = [
  ...bools(ON, 'on'),
  ...bools(OFF, 'off'),
  { kind: 'quantity', name: 'idle_in_transaction_session_timeout', value: 0, min: 0, unit: 'ms' },
  { kind: 'quantity', name: 'idle_session_timeout', value: 0, min: 0, unit: 'ms' },
  { kind: 'quantity', name: 'deadlock_timeout', value: 1000, min: 1, unit: 'ms' },
  { kind: 'quantity', name: 'work_mem', value: 4096, min: 64, unit: 'kB' },
  { kind: 'quantity', name: 'maintenance_work_mem', value: 65_536, min: 1024, unit: 'kB' },
  { kind: 'quantity', name: 'temp_buffers', value: 1024, min: 100, max: 1_073_741_823, unit: '8kB' },
  { kind: 'quantity', name: 'effective_cache_size', value: 524_288, min: 1, unit: '8kB' },
  { kind: 'quantity', name: 'extra_float_digits', value: 1, min: -15, max: 3 },
  { kind: 'quantity', name: 'default_statistics_target', value: 100, min: 1, max: 10_000 },
  { kind: 'quantity', name: 'from_collapse_limit', value: 8, min: 1 },
  { kind: 'quantity', name: 'join_collapse_limit', value: 8, min: 1 },
  { kind: 'quantity', name: 'geqo_threshold', value: 12, min: 2 },
  { kind: 'quantity', name: 'effective_io_concurrency', value: 1, min: 0, max: 1000 },
  { kind: 'quantity', name: 'max_parallel_workers', value: 8, min: 0, max: 1024 },
  { kind: 'quantity', name: 'max_parallel_workers_per_gather', value: 2, min: 0, max: 1024 },
  { kind: 'quantity', name: 'max_parallel_maintenance_workers', value: 2, min: 0, max: 1024 },
  { kind: 'quantity', name: 'tcp_keepalives_idle', value: 0, min: 0 },
  { kind: 'quantity', name: 'tcp_keepalives_interval', value: 0, min: 0 },
  { kind: 'quantity', name: 'tcp_keepalives_count', value: 0, min: 0 },
  { kind: 'real', name: 'seq_page_cost', value: 1, min: 0, max: REAL_MAX },
  { kind: 'real', name: 'random_page_cost', value: 4, min: 0, max: REAL_MAX },
  { kind: 'real', name: 'cpu_tuple_cost', value: 0.01, min: 0, max: REAL_MAX },
  { kind: 'real', name: 'cpu_index_tuple_cost', value: 0.005, min: 0, max: REAL_MAX },
  { kind: 'real', name: 'cpu_operator_cost', value: 0.0025, min: 0, max: REAL_MAX },
  { kind: 'real', name: 'cursor_tuple_fraction', value: 0.1, min: 0, max: 1 },
  { kind: 'real', name: 'jit_above_cost', value: 100_000, min: -1, max: REAL_MAX },
  { kind: 'word', name: 'backslash_quote', words: ['safe_encoding', 'on', 'off'] },
  {
    kind: 'word',
    name: 'client_min_messages',
    words: ['notice', 'debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'warning', 'error'],
  },
  { kind: 'word', name: 'constraint_exclusion', words: ['partition', 'on', 'off'] },
  { kind: 'word', name: 'plan_cache_mode', words: ['auto', 'force_generic_plan', 'force_custom_plan'] },
  { kind: 'word', name: 'session_replication_role', words: ['origin', 'replica', 'local'] },
  { kind: 'word', name: 'synchronous_commit', words: ['on', 'local', 'remote_write', 'remote_apply', 'off'] },
  { kind: 'word', name: 'xmlbinary', words: ['base64', 'hex'] },
  { kind: 'word', name: 'xmloption', words: ['content', 'document'] },
  { kind: 'text', name: 'default_table_access_method', value: 'heap' },
  { kind: 'text', name: 'default_tablespace', value: '' },
  { kind: 'text', name: 'default_text_search_config', value: 'pg_catalog.simple' },
  { kind: 'text', name: 'lc_messages', value: 'C' },
  { kind: 'text', name: 'lc_monetary', value: 'C' },
  { kind: 'text', name: 'lc_numeric', value: 'C' },
  { kind: 'text', name: 'lc_time', value: 'C' },
  { kind: 'text', name: 'temp_tablespaces', value: '' },
  { kind: 'fixed', name: 'block_size', value: '8192' },
  { kind: 'fixed', name: 'lc_collate', value: 'C' },
  { kind: 'fixed', name: 'lc_ctype', value: 'C' },
  { kind: 'fixed', name: 'max_connections', value: '1000' },
  { kind: 'fixed', name: 'max_identifier_length', value: '63' },
  { kind: 'fixed', name: 'max_index_keys', value: '32' },
  { kind: 'fixed', name: 'ssl', value: 'off' },
];
