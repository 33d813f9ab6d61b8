// The read-only SQL views of the metadata (docs/spec/pcs.md PCS-98): their names and columns, which the node that answers fills and
// the engine that reads them takes for relations. Every view ends with the version that its rows show, and whether they may be old.

/** Types of their columns, as SQL calls them. */
export type ViewColumnType = 'text' | 'int8' | 'bool';
export type ViewColumn = readonly [name: string, type: ViewColumnType];

const SHOWN: readonly ViewColumn[] = [
  ['version', 'int8'],
  ['stale', 'bool'],
];

/** Lists of nodes are names with a comma between, ranges `[first,end)`; times are µs of the PCS leader's clock. */
const columns = {
  pcs_shards: [
    ['shard_id', 'text'],
    ['group_id', 'text'],
    ['shard_key_range', 'text'],
    ['lsn_range', 'text'],
    ['primary_node', 'text'],
    ['replications', 'text'],
  ],
  pcs_groups: [
    ['group_id', 'text'],
    ['volume', 'text'],
    ['key_range', 'text'],
    ['base_lsn', 'int8'],
    ['voters', 'text'],
    ['outgoing', 'text'],
    ['learners', 'text'],
    ['member_epoch', 'int8'],
    ['geo_epoch', 'int8'],
    ['vw', 'int8'],
    ['vr', 'int8'],
    ['archiver', 'text'],
    ['size_bytes', 'int8'],
    ['load', 'int8'],
  ],
  pcs_volumes: [
    ['volume', 'text'],
    ['state', 'text'],
    ['writer', 'text'],
    ['token', 'int8'],
    ['holder', 'text'],
    ['may_write', 'text'],
    ['readers', 'text'],
    ['groups', 'int8'],
    ['map_version', 'int8'],
  ],
  pcs_nodes: [
    ['node_id', 'text'],
    ['roles', 'text'],
    ['zone', 'text'],
    ['state', 'text'],
    ['boot_epoch', 'int8'],
    ['silent_us', 'int8'],
    ['pcs_member', 'text'],
  ],
  pcs_catalog: [
    ['object_id', 'int8'],
    ['kind', 'text'],
    ['name', 'text'],
    ['state', 'text'],
    ['object_version', 'int8'],
  ],
  pcs_config: [
    ['scope', 'text'],
    ['key', 'text'],
    ['value', 'text'],
    ['set_at', 'int8'],
  ],
  pcs_operators: [
    ['kind', 'text'],
    ['subject', 'text'],
    ['from_node', 'text'],
    ['to_node', 'text'],
    ['phase', 'text'],
    ['since', 'int8'],
    ['deadline', 'int8'],
  ],
} as const satisfies Readonly<Record<string, readonly ViewColumn[]>>;

export type PcsViewName = keyof typeof columns;

export const pcsViewNames = Object.keys(columns) as readonly PcsViewName[];
export const isPcsView = (name: string): name is PcsViewName => Object.hasOwn(columns, name);
export const pcsViewColumns = (name: PcsViewName): readonly ViewColumn[] => [...columns[name], ...SHOWN];

/** Rows of one answer; a statement that would read more is refused (54000). */
export const MAX_VIEW_ROWS = 4096;
