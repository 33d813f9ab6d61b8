// Events of any kind for tests of captions and of the story: each field long but possible, changed where a test says so.

import { present } from '../../base/assert.ts';
import { time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TraceEvent, TraceKind } from '../../core/kernel/trace.ts';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { findPreset } from '../../stacks/presets.ts';
import { traceRank } from '../../stacks/trace.ts';

export const cluster: ClusterSpec = present(findPreset('hook-hole') ?? undefined, 'the hook').cluster;

/** Long but possible values for the fields of any event. */
const samples: Readonly<Record<string, unknown>> = {
  first: 123_450,
  last: 123_467,
  group: 'g12',
  node: 'store-12',
  from: 'store-12',
  to: 'store-11',
  replica: 'store-12',
  holder: 'rw-12',
  writer: 'rw-12',
  state: 'RECOVERING',
  stores: 'store-12,store-13',
  error: 'the disk is full: DISK_FULL at 67108864 bytes',
  code: 'TOKEN_STALE',
  session: 'console-12',
  gid: 'transfer 4711 of the bank, from A to B',
  request: 'd1-12',
  outcome: 'unknown',
  name: 'v1/g12/log/0000000000123450-0000000000123467-00ff00ff',
  what: 'version',
  sqlstate: '40P01',
  step: 'R4',
  action: 'partition',
  text: 'partition rw-1 meta-1 d1 store-1 | store-2 | store-3 for 120.000 ms',
  mode: 'normal',
  removed: [1, 2, 3],
  isUndo: false,
  hadEffect: true,
  sent: true,
  torn: true,
  sets: 'store-11,store-12,store-13|store-11,store-12,store-14',
  learners: 'store-14',
  table: 'a_table_with_a_long_name_of_its_own',
  tablets: [7_340_040, 7_340_056, 7_340_072],
  voters: 'store-11,store-12,store-13',
  volumes: 'v11,v12,v13,v14',
  readPoints: [123_450, 123_467, 123_450, 123_467],
  firsts: [1],
  keys: '["1","materialiseRecords"]',
  loads: [1234, 1233],
  scope: 'node:store-12',
  key: 'materialiseRecords',
  value: '10000000',
  range: '1…10000 records of a block',
  command: 'setLogLevel',
  readers: 'ro-11,ro-12,ro-13,ro-14,ro-15',
  missing: 'store-11,store-12,store-13,store-14,store-15',
  why: 'the disk of store-12 was replaced',
  lost: true,
  damage: 'misdirected',
};
export const sampleOf = (kind: TraceKind, change: Readonly<Record<string, unknown>> = {}): TraceEvent => {
  const read = (name: string): unknown => {
    if (name === 'kind') return kind;
    return name in change ? change[name] : (samples[name] ?? 123_456);
  };
  return new Proxy({ kind } as TraceEvent, {
    get: (_event, name) => read(String(name)),
    has: (_event, name) => name === 'kind' || name in change,
  });
};
export const listed = (event: TraceEvent, node = 'store-12', index = 0): ListedEvent => ({
  at: time(1000),
  node: node as ListedEvent['node'],
  ordinal: 1,
  causeNode: null,
  causeOrdinal: 0,
  event,
  index,
  rank: traceRank(event.kind),
});
