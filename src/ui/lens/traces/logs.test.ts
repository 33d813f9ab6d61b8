import { expect, test } from 'vitest';
import { nodeId, time } from '../../../base/ids.ts';
import { coreTrace } from '../../../core/cluster/trace.ts';
import { logModules } from '../../../core/kernel/log-levels.ts';
import type { TraceEvent, TraceKind } from '../../../core/kernel/trace.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import { stacks } from '../../../stacks/registry.ts';
import { traceRank } from '../../../stacks/trace.ts';
import {
  configuredLevels,
  type LogFilter,
  levelFor,
  levelOf,
  logRecords,
  moduleOf,
  NODE_LOG_LIMIT,
} from './logs.ts';

const listed = (index: number, node: string, event: TraceEvent): ListedEvent => ({
  at: time(index * 10),
  node: nodeId(node),
  ordinal: index,
  causeNode: null,
  causeOrdinal: 0,
  event,
  index,
  rank: traceRank(event.kind),
});

const all: LogFilter = { node: '', module: '', levels: { '': 'TRACE' }, configured: {}, text: '' };
const events: readonly ListedEvent[] = [
  listed(1, 'rw-1', { kind: 'wal.ackSeen', group: 'g1', from: 'store-1', scl: 4, token: 1, counted: true }),
  listed(2, 'rw-1', { kind: 'mark.vdl', value: 4, term: 1, volume: 'v1' }),
  listed(3, 'store-1', { kind: 'wal.ack', group: 'g1', scl: 4, nwl: 4, token: 1 }),
  listed(4, 'store-1', { kind: 'store.failed', group: 'g1', code: 'E_DATA_DIVERGED', at: 4 }),
  listed(5, 'store-2', { kind: 'node.open', incarnation: 2 }),
];
const kindsOf = (filter: Partial<LogFilter>): readonly string[] =>
  logRecords(events, { ...all, ...filter }).map(({ level, module, event }) => `${level} ${module} ${event}`);

test('PCS-93 every kind of event has a module and a level, by its room and its rank', () => {
  const kinds = [coreTrace, ...stacks.map(({ trace }) => trace)].flatMap((table) => Object.keys(table));
  for (const kind of kinds as TraceKind[]) expect(logModules, kind).toContain(moduleOf(kind));
  expect(kindsOf({})).toEqual([
    'TRACE writer wal.ackSeen',
    'INFO writer mark.vdl',
    'DEBUG store wal.ack',
    'ERROR store store.failed',
    'WARN node node.open',
  ]);
  expect(levelOf({ event: { kind: 'disk.error', error: 'EIO' }, rank: 2 })).toBe('ERROR');
});

test('PCS-93 a level is of a node and a module: the nearest that is set counts', () => {
  const levels = {
    '': 'WARN',
    'store-1': 'INFO',
    'store-1 store': 'DEBUG',
    ' writer': 'TRACE',
  } as const;
  expect(levelFor(levels, {}, 'store-1', 'store')).toBe('DEBUG');
  expect(levelFor(levels, {}, 'store-1', 'engine')).toBe('INFO');
  expect(levelFor(levels, {}, 'rw-1', 'writer')).toBe('TRACE');
  expect(levelFor(levels, {}, 'rw-1', 'engine')).toBe('WARN');
  expect(levelFor({}, {}, 'rw-1', 'engine')).toBe('INFO');
  expect(kindsOf({ levels: { '': 'ERROR', ' writer': 'INFO' } })).toEqual([
    'INFO writer mark.vdl',
    'ERROR store store.failed',
  ]);
});

test('PCS-93 all nodes are in one order, and what is asked for is by node, module and words', () => {
  expect(logRecords(events, all).map(({ t }) => t)).toEqual([10, 20, 30, 40, 50]);
  expect(kindsOf({ node: 'store-2' })).toEqual(['WARN node node.open']);
  expect(kindsOf({ module: 'store', text: 'DIVERGED g1' })).toEqual(['ERROR store store.failed']);
  expect(kindsOf({ text: 'nothing has this' })).toEqual([]);
});

test('PCS-93 the newest 4096 records of each node are kept, whatever another node says', () => {
  const busy = Array.from({ length: 3 * NODE_LOG_LIMIT }, (_, i) =>
    listed(i + 10, 'rw-1', { kind: 'mark.vdl', value: i, term: 1, volume: 'v1' }),
  );
  const records = logRecords([...events, ...busy], all);
  expect(records.filter(({ node }) => node === 'rw-1').length).toBe(NODE_LOG_LIMIT);
  expect(records.filter(({ node }) => node !== 'rw-1').length).toBe(3);
  expect(records.at(-1)?.fields).toMatchObject({ value: 3 * NODE_LOG_LIMIT - 1 });
});

test('PCS-93 a record of a trace that was read names its statement and its span', () => {
  const place = { traceId: 7, spanId: 'ab' };
  const [, second] = logRecords(events, all, ({ index }) => (index === 2 ? place : undefined));
  expect(second).toMatchObject(place);
});

test('PCS-93 a configured log level says what is shown of a node, until another is chosen while looking', () => {
  const agent = {
    version: 2,
    sum: 1,
    values: [
      { key: 'log.level.writer', value: 'TRACE', scope: 'global' },
      { key: 'log.level.store', value: 'ERROR', scope: 'node:store-1' },
      { key: 'scrubEveryMs', value: '7', scope: 'global' },
      { key: 'log.level.nowhere', value: 'INFO', scope: 'global' },
    ],
    waits: [],
    isDamaged: false,
    isDrained: false,
  };
  const configured = configuredLevels([
    { id: 'rw-1', view: { agent } },
    { id: 'store-2', view: {} },
    { id: 'store-3', view: null },
  ]);
  expect(configured).toEqual({ 'rw-1 writer': 'TRACE', 'rw-1 store': 'ERROR' });
  expect(kindsOf({ levels: {}, configured })).toEqual([
    'TRACE writer wal.ackSeen',
    'INFO writer mark.vdl',
    'ERROR store store.failed',
    'WARN node node.open',
  ]);
  expect(kindsOf({ levels: { 'rw-1': 'ERROR' }, configured })).toEqual([
    'ERROR store store.failed',
    'WARN node node.open',
  ]);
});
