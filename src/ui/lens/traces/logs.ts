// Structured logs (PCS-93): the events of all nodes as records with level and module, in one order. They are derived from the trace, so
// which are shown, and from which level on, changes nothing that a node does and no hash.

import type { NodeId, Time } from '../../../base/ids.ts';
import { agentTrace } from '../../../core/agent/trace-events.ts';
import { clientTrace } from '../../../core/client/trace-events.ts';
import { engineTrace } from '../../../core/engine/trace-events.ts';
import {
  defaultLogLevel,
  type LogLevel,
  type LogModule,
  logLevels,
  logModules,
} from '../../../core/kernel/log-levels.ts';
import type { TraceKind } from '../../../core/kernel/trace.ts';
import type { NodeView } from '../../../core/kernel/view.ts';
import { holeTrace } from '../../../core/log/trace-events.ts';
import { logStoreTrace } from '../../../core/log-store/trace-events.ts';
import { objectStoreTrace } from '../../../core/object-store/trace-events.ts';
import { pcsTrace } from '../../../core/pcs/trace-events.ts';
import { quorumLogTrace } from '../../../core/quorum-log/trace-events.ts';
import { readerTrace } from '../../../core/reader/trace-events.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';

/** The module whose room declares the event; what no table has is the node's own, or a small stack's. */
const tables: readonly (readonly [LogModule, object])[] = [
  ['agent', agentTrace],
  ['driver', clientTrace],
  ['engine', engineTrace],
  ['writer', quorumLogTrace],
  ['store', logStoreTrace],
  ['store', holeTrace],
  ['archive', objectStoreTrace],
  ['pcs', pcsTrace],
  ['reader', readerTrace],
];

/** Modules within a room, by the first word of their events. */
const byWord: Readonly<Record<string, LogModule>> = {
  net: 'net',
  disk: 'disk',
  raft: 'raft',
  archive: 'archive',
  restore: 'archive',
};

const moduleByKind: ReadonlyMap<string, LogModule> = new Map(
  tables.flatMap(([module, table]) => Object.keys(table).map((kind) => [kind, module] as const)),
);

/** Something is lost, damaged or refused for good; of the others the rank says the level. */
const errors: readonly TraceKind[] = [
  'net.corrupt',
  'disk.error',
  'disk.rolledBack',
  'store.failed',
  'scrub.bad',
  'archive.gap',
  'volume.fenced',
];

/** Ranks 0 to 3 (trace-table.ts). */
const levelByRank = ['TRACE', 'DEBUG', 'INFO', 'WARN'] as const;

export const levelOf = ({ event, rank }: Pick<ListedEvent, 'event' | 'rank'>): LogLevel =>
  errors.includes(event.kind) ? 'ERROR' : levelByRank[rank];

export const moduleOf = (kind: TraceKind): LogModule =>
  byWord[kind.slice(0, kind.indexOf('.'))] ?? moduleByKind.get(kind) ?? 'node';

/** The statement that the record is of, as far as a trace that was read says so (PCS-94). */
export interface LogPlace {
  readonly traceId: number;
  readonly spanId: string;
}

export interface LogRecord extends Partial<LogPlace> {
  readonly t: Time;
  readonly node: NodeId;
  readonly level: LogLevel;
  readonly module: LogModule;
  readonly event: TraceKind;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly listed: ListedEvent;
}

/** Records kept of a node. */
export const NODE_LOG_LIMIT = 4096;

export const recordOf = (listed: ListedEvent, place?: LogPlace): LogRecord => {
  const { kind, ...fields } = listed.event;
  const { at, node } = listed;
  return {
    t: at,
    node,
    level: levelOf(listed),
    module: moduleOf(kind),
    event: kind,
    fields,
    listed,
    ...place,
  };
};

/**
 * Levels from which on records are shown, by `node module`, `node`, ` module` or empty for all: the nearest counts. What is chosen
 * while looking goes before what the cluster's configuration says of a node's module (PCS-92, PCS-93).
 */
export type LevelMap = Readonly<Record<string, LogLevel>>;

export const levelKey = (node: string, module: string): string => `${node} ${module}`.trimEnd();

export const levelFor = (levels: LevelMap, configured: LevelMap, node: string, module: string): LogLevel =>
  levels[levelKey(node, module)] ??
  levels[levelKey(node, '')] ??
  levels[levelKey('', module)] ??
  levels[''] ??
  configured[levelKey(node, module)] ??
  defaultLogLevel;

/** What the nodes' agents have in force, at the instant that is shown. */
export const configuredLevels = (
  nodes: readonly { readonly id: string; readonly view: Pick<NodeView, 'agent'> | null }[],
): LevelMap =>
  Object.fromEntries(
    nodes.flatMap(({ id, view }) =>
      (view?.agent?.values ?? []).flatMap(({ key, value }) => {
        const level = logLevels.find((one) => one === value);
        const module = logModules.find((one) => key === `log.level.${one}`);
        return level === undefined || module === undefined ? [] : [[levelKey(id, module), level]];
      }),
    ),
  );

export interface LogFilter {
  /** Empty: of all. */
  readonly node: string;
  readonly module: string;
  readonly levels: LevelMap;
  readonly configured: LevelMap;
  /** Every word is in the record. */
  readonly text: string;
}

const isShown = (listed: ListedEvent, { node, module, levels, configured }: LogFilter): boolean => {
  if (node !== '' && listed.node !== node) return false;
  const own = moduleOf(listed.event.kind);
  if (module !== '' && own !== module) return false;
  return (
    logLevels.indexOf(levelOf(listed)) >= logLevels.indexOf(levelFor(levels, configured, listed.node, own))
  );
};

const hasWords = ({ event, node, module, fields }: LogRecord, words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  const line = `${node} ${module} ${event} ${Object.entries(fields)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')}`.toLowerCase();
  return words.every((word) => line.includes(word));
};

/** The newest of each node that are shown, all nodes in the run's one order. */
export function logRecords(
  events: readonly ListedEvent[],
  filter: LogFilter,
  placeOf: (listed: ListedEvent) => LogPlace | undefined = () => undefined,
): readonly LogRecord[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const kept = new Map<string, number>();
  const records: LogRecord[] = [];
  for (let i = events.length - 1; i >= 0; i--) {
    const listed = events[i];
    if (listed === undefined) break;
    const count = kept.get(listed.node) ?? 0;
    if (count >= NODE_LOG_LIMIT) continue;
    kept.set(listed.node, count + 1);
    if (!isShown(listed, filter)) continue;
    const record = recordOf(listed, placeOf(listed));
    if (hasWords(record, words)) records.push(record);
  }
  return records.reverse();
}
