// Metrics of a node (docs/spec/agents.md PCS-95): what each role counts and measures, with its unit, read from the role's view. Agents
// report them and answer `GetMetrics` by this one table. A counter only grows within a boot epoch, and a report has its whole value.

import type { RoleView, RoleViews } from './view.ts';

export type MetricUnit = 'count' | 'LSN' | 'bytes' | 'pages' | 'µs';

export interface MetricSpec {
  readonly unit: MetricUnit;
  /** It never goes back within a boot epoch. */
  readonly isCounter: boolean;
}

const gauge = (unit: MetricUnit): MetricSpec => ({ unit, isCounter: false });
const counter = (unit: MetricUnit): MetricSpec => ({ unit, isCounter: true });

/** By name; the same name means the same at every role that has it. */
export const metricTable = {
  'raft.term': counter('count'),
  'raft.commit': gauge('count'),
  'raft.last': gauge('count'),
  'pcs.applied': gauge('count'),
  'pcs.map_version': gauge('count'),
  'pcs.nodes_up': gauge('count'),
  'pcs.moves_open': gauge('count'),
  'wal.token': gauge('count'),
  'wal.tail': gauge('LSN'),
  'wal.vcl': gauge('LSN'),
  'wal.vdl': gauge('LSN'),
  'wal.pgcl': gauge('LSN'),
  'wal.scl': gauge('LSN'),
  'wal.nwl': gauge('LSN'),
  'wal.hole_count': gauge('count'),
  'wal.buffered': gauge('count'),
  'wal.replica_lag': gauge('LSN'),
  'reader.apply_lsn': gauge('LSN'),
  'reader.lag': gauge('LSN'),
  'reader.mrpl': gauge('LSN'),
  'txn.active': gauge('count'),
  'txn.commits_waiting': gauge('count'),
  'txn.commit_wait': gauge('µs'),
  'txn.lock_waits': gauge('count'),
  'txn.sessions': gauge('count'),
  'buf.pages': gauge('pages'),
  'buf.limit': gauge('pages'),
  'buf.dirty': gauge('pages'),
  'page.count': gauge('pages'),
  'page.versions': gauge('count'),
  'page.chain_records': gauge('count'),
  'client.ok': counter('count'),
  'client.failed': counter('count'),
  'client.unknown': counter('count'),
  'client.in_flight': gauge('count'),
  'client.retrying': gauge('count'),
  'client.map_version': gauge('count'),
  'object.count': gauge('count'),
  'object.bytes': gauge('bytes'),
  'object.uploads': gauge('count'),
} as const satisfies Readonly<Record<string, MetricSpec>>;
export type MetricName = keyof typeof metricTable;

/** `of`: the volume or group that it is of; empty: the node's. */
export interface Metric {
  readonly name: MetricName;
  readonly of: string;
  readonly value: number;
}

type Stats = Readonly<Partial<Record<MetricName, number>>>;
const stats = (of: string, values: Stats): Metric[] =>
  Object.entries(values).map(([name, value]) => ({ name: name as MetricName, of, value }));

type Of<R extends RoleView['role']> = (view: Extract<RoleView, { readonly role: R }>) => readonly Metric[];
type Attachment = Pick<RoleViews['compute'], 'others'>['others'][number];

const meta: Of<'meta'> = ({ term, commit, last, applied, mapVersion, nodes, groups }) =>
  stats('', {
    'raft.term': term,
    'raft.commit': commit,
    'raft.last': last,
    'pcs.applied': applied,
    'pcs.map_version': mapVersion,
    'pcs.nodes_up': nodes.filter(({ up }) => up).length,
    'pcs.moves_open': groups.filter(({ move }) => move !== null).length,
  });

const ofEngine = (attachment: Attachment): Stats => ({
  'txn.active': attachment.activeTransactions,
  'txn.lock_waits': attachment.lockWaits,
  'txn.sessions': attachment.sessions,
  'buf.pages': attachment.buffer.used,
  'buf.limit': attachment.buffer.limit,
  'buf.dirty': attachment.buffer.dirty,
});

const ofWriter = (attachment: Attachment): Metric[] => [
  ...stats(attachment.volume, {
    'wal.token': attachment.token,
    'wal.tail': attachment.tail,
    'wal.vcl': attachment.vcl,
    'wal.vdl': attachment.vdl,
    'wal.buffered': attachment.logBuffer,
    'txn.commits_waiting': attachment.commitsWaiting.length,
    'txn.commit_wait': attachment.commitsWaiting.reduce((most, { sinceUs }) => Math.max(most, sinceUs), 0),
  }),
  ...attachment.groups.flatMap(({ group, pgcl, tail, replicas }) =>
    stats(group, {
      'wal.pgcl': pgcl,
      'wal.replica_lag': replicas.reduce(
        (most, { known, scl }) => (known ? Math.max(most, tail - scl) : most),
        0,
      ),
    }),
  ),
];

/** `reader.lag`: behind the VDL that the reader knows. */
const ofReader = ({ volume, reader }: Attachment): Metric[] =>
  reader === undefined
    ? []
    : stats(volume, {
        'reader.apply_lsn': reader.applyLsn,
        'reader.lag': Math.max(0, reader.vdl - reader.applyLsn),
        'reader.mrpl': reader.mrpl,
      });

const compute: Of<'compute'> = (view) =>
  [view, ...view.others].flatMap((attachment) => [
    ...stats(attachment.volume, ofEngine(attachment)),
    ...(attachment.mode === 'rw' ? ofWriter(attachment) : ofReader(attachment)),
  ]);

const store: Of<'store'> = ({ groups }) =>
  groups.flatMap(({ group, scl, nwl, pgcl, holeCount, pages, versions, chainRecords }) =>
    stats(group, {
      'wal.scl': scl,
      'wal.nwl': nwl,
      'wal.pgcl': pgcl,
      'wal.hole_count': holeCount,
      'page.count': pages,
      'page.versions': versions,
      'page.chain_records': chainRecords,
    }),
  );

const driver: Of<'driver'> = ({ ok, failed, unknown, inFlight, retrying, mapVersion }) =>
  stats('', {
    'client.ok': ok,
    'client.failed': failed,
    'client.unknown': unknown,
    'client.in_flight': inFlight,
    'client.retrying': retrying,
    'client.map_version': mapVersion,
  });

const objectStore: Of<'objectStore'> = ({ objects, bytes, uploads }) =>
  stats('', { 'object.count': objects, 'object.bytes': bytes, 'object.uploads': uploads });

/** Of one of the node's roles; a role of another stack has none here. */
export function metricsOf(view: RoleView): readonly Metric[] {
  switch (view.role) {
    case 'meta':
      return meta(view);
    case 'compute':
      return compute(view);
    case 'store':
      return store(view);
    case 'driver':
      return driver(view);
    case 'objectStore':
      return objectStore(view);
    default:
      return [];
  }
}

/** What a report says is untrusted: a name that this table does not have has no unit. */
export const metricSpec = (name: string): MetricSpec | null =>
  Object.hasOwn(metricTable, name) ? metricTable[name as MetricName] : null;
