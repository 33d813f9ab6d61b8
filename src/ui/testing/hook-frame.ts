// The state of the reference picture as a frame: cynosdb, hook-hole, at 56.218 ms. rw-1–store-3 is cut, store-3 heals
// one hole of each group from store-1 and may not ask for the other yet (HOLE-19). For unit tests only.

import { type GroupId, nodeId, time } from '../../base/ids.ts';
import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { RecordView } from '../../core/log/record-view.ts';
import type { WriterGroupView } from '../../core/quorum-log/log-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { g1, g2, hookCluster, membership, stores } from './hook-cluster.ts';
import { hookStores } from './hook-stores.ts';
import { hookFlights, hookLinks, hookUs } from './hook-traffic.ts';
import { nodeFrame } from './node-frame.ts';

const mtrs: readonly (readonly [number, number, 1 | 2])[] = [
  [100, 101, 2],
  [101, 102, 2],
  [102, 103, 1],
  [103, 104, 2],
  [104, 105, 2],
  [105, 106, 2],
  [106, 107, 1],
  [107, 109, 2],
  [109, 111, 2],
  [111, 112, 1],
  [112, 113, 2],
  [113, 115, 2],
  [115, 116, 1],
  [116, 117, 2],
  [117, 118, 2],
  [118, 119, 1],
  [119, 121, 2],
  [121, 122, 2],
  [122, 123, 1],
  [123, 125, 2],
  [125, 126, 1],
  [126, 127, 2],
  [127, 129, 2],
  [129, 130, 1],
];

const records: readonly RecordView[] = mtrs.flatMap(([first, last, group]) =>
  Array.from({ length: last - first }, (_, i) => ({
    lsn: first + i,
    group: group === 1 ? g1 : g2,
    mtrFirst: first,
    cpl: first + i === last - 1,
    commit: group === 1,
    kind: group === 1 ? 'commit' : 'heapUpdate',
    blockKey: group === 1 ? 3 : (1 << 20) + 7,
    prevVolume: first + i - 1,
    prevGroup: first + i - 1,
    prevBlock: first + i - 8,
    term: 1,
  })),
);
const compute: ComputeView = {
  role: 'compute',
  bootEpoch: 1,
  others: [],
  volume: 'v1',
  mode: 'rw',
  state: 'open',
  token: 1,
  tail: 129,
  vcl: 122,
  vdl: 122,
  lal: 100,
  startLsn: 0,
  allocationLimit: 222,
  pgmrpl: 90,
  logBuffer: 7,
  groups: [writerGroup(g1, 122, 129, [125, 122, 111]), writerGroup(g2, 121, 128, [124, 121, 110])],
  records,
  commitsWaiting: [
    { tx: 35, scn: 125, sinceUs: 1200 },
    { tx: 36, scn: 129, sinceUs: 300 },
  ],
  activeTransactions: 2,
  lockWaits: 0,
  blocked: [],
  blocks: [],
  sessions: 2,
  buffer: { used: 24, limit: 64, dirty: 9, pinnedAboveVdl: 2 },
  recovery: null,
  opening: null,
};

function writerGroup(
  group: GroupId,
  pgcl: number,
  tail: number,
  scls: readonly [number, number, number],
): WriterGroupView {
  const replicas = stores.map((replica, i) => {
    const scl = scls[i] ?? -1;
    return {
      replica,
      scl,
      counted: scl,
      known: true,
      live: true,
      memberState: 'voter',
      lastReportAt: 0,
    } as const;
  });
  return { group, pgcl, tail, replicas, members: membership, belowWriteQuorum: false };
}
export function makeHookFrame(): WorldFrame {
  return {
    preset: 'hook-hole',
    seed: 7,
    cluster: hookCluster,
    time: time(hookUs),
    events: 1204,
    traced: 840,
    nodes: [
      nodeFrame('d1', {
        view: {
          node: nodeId('d1'),
          roles: [
            {
              role: 'driver',
              bootEpoch: 1,
              clients: 2,
              ok: 34,
              failed: 0,
              refused: 0,
              unknown: 0,
              errors: [],
              inFlight: 2,
              retrying: 0,
              waiting: [{ session: 'w1', text: 'COMMIT', sinceUs: 1200 }],
              mapVersion: 1,
              writer: nodeId('rw-1'),
              workloads: [{ name: 'w1', kind: 'transfer', clients: 2, thinkUs: 3000, ratePerSecond: 0 }],
            },
          ],
        },
      }),
      nodeFrame('meta-1', {
        view: {
          node: nodeId('meta-1'),
          roles: [
            {
              role: 'meta',
              bootEpoch: 1,
              term: 1,
              commit: 41,
              applied: 41,
              member: 'leader',
              leader: nodeId('meta-1'),
              votedFor: nodeId('meta-1'),
              as: 'meta-1',
              voters: [nodeId('meta-1')],
              outgoing: [],
              learners: [],
              change: null,
              last: 41,
              durable: 41,
              token: 1,
              holder: nodeId('rw-1'),
              writer: nodeId('rw-1'),
              groups: [g1, g2].map((group) => ({ group, members: membership, move: null })),
              volumeState: 'OPEN',
              mapVersion: 1,
              nodes: hookCluster.nodes.map(({ id }) => ({ node: id, up: true, state: 'up' })),
            },
          ],
        },
      }),
      nodeFrame('rw-1', { view: { node: nodeId('rw-1'), roles: [compute] } }),
      ...hookStores(),
    ],
    links: hookLinks(),
    flights: hookFlights(),
    metrics: {
      since: time(0),
      commits: 34,
      commitsPerSecond: 250,
      latencyP50Us: 2300,
      latencyP95Us: 3100,
      latencyP99Us: 3600,
      vdl: 122,
      vcl: 122,
      holesOpen: 4,
      storedBytes: 0,
      sentBytes: {},
      commitsWaiting: 0,
      replicaLag: 0,
    },
    faults: [
      { text: 'cut rw-1 | store-3 for 6', at: time(43_600), until: time(49_600) },
      { text: 'drop wal rw-1 > store-3', at: time(52_300), until: time(52_300) },
      { text: 'cut rw-1 | store-3', at: time(55_980), until: null },
    ],
    violations: [],
    waits: [],
    outages: [],
    mutants: [],
    exercised: {},
  };
}
