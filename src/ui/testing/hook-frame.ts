// The state of the reference picture as a frame: cynosdb, hook-hole, at 56.218 ms. rw-1–store-3 is cut, store-3 heals
// one hole of each group from store-1 and may not ask for the other yet (HOLE-19). For unit tests only.

import { type GroupId, groupId, MAX, type NodeId, nodeId, time } from '../../base/ids.ts';
import type { ComputeView } from '../../core/compute/compute-view.ts';
import type { ClusterSpec, MessageFamily } from '../../core/kernel/door.ts';
import type { MembershipView } from '../../core/kernel/membership.ts';
import type { RecordView } from '../../core/log/record-view.ts';
import type { RunView, StoreGroupView } from '../../core/log-store/store-view.ts';
import type { WriterGroupView } from '../../core/quorum-log/log-view.ts';
import type { LinkFrame, NodeFrame, WorldFrame } from '../../sim/frame.ts';
import type { FlightView } from '../../sim/types.ts';

const g1 = groupId('g1');
const g2 = groupId('g2');
const stores = ['store-1', 'store-2', 'store-3'].map(nodeId);
const membership: MembershipView = { memberEpoch: 1, sets: [stores], learners: [], vw: 2, vr: 2 };

export const hookCluster: ClusterSpec = {
  preset: 'hook-hole',
  volume: 'v1',
  nodes: [
    { id: nodeId('d1'), zone: 'a', roles: ['driver'] },
    { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
    { id: nodeId('rw-1'), zone: 'a', roles: ['compute'] },
    { id: nodeId('store-1'), zone: 'a', roles: ['store'] },
    { id: nodeId('store-2'), zone: 'b', roles: ['store'] },
    { id: nodeId('store-3'), zone: 'c', roles: ['store'] },
  ],
  groups: [
    { id: g1, replicas: stores, keyFirst: 0, keyEnd: 1 << 20, vw: 2, vr: 2 },
    { id: g2, replicas: stores, keyFirst: 1 << 20, keyEnd: 1 << 21, vw: 2, vr: 2 },
  ],
};

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

const run = (
  first: number,
  last: number,
  type: RunView['type'],
  sent = false,
  request: string | null = null,
): RunView => ({ first, last, type, sent, request });

function storeGroup(group: GroupId, at: number, change: Partial<StoreGroupView>): StoreGroupView {
  return {
    group,
    scl: at,
    ncl: at,
    nwl: at,
    pgcl: group === g2 ? 117 : 118,
    sgcl: group === g2 ? 117 : 118,
    knownVdl: 118,
    groupTail: at,
    pgmrpl: 90,
    logFloor: 80,
    maxToken: 1,
    volumeEpoch: 1,
    memberEpoch: 1,
    term: 1,
    open: true,
    mode: 'normal',
    maxNwl: null,
    minStart: 0,
    holeCount: 0,
    sentCount: 0,
    runs: [run(0, at + 1, 'data'), run(at + 1, MAX, 'end')],
    volatile: [],
    asksNothing: false,
    requests: [],
    peers: [],
    cursor: null,
    next: null,
    discoverLimit: 117,
    pages: 12,
    chainRecords: 40,
    versions: 14,
    records: [],
    failed: null,
    abstains: false,
    members: membership,
    memberState: 'voter',
    needBase: false,
    exporting: [],
    ...change,
  };
}

const normalDisk = { pending: 0, volatileWrites: 0, volatileBytes: 0, bytes: 81_920, limitBytes: 67_108_864 };
const noDiskFaults = { slowPercent: 100, full: false, failSync: false, failRead: false, stall: false };

function nodeFrame(id: string, change: Partial<NodeFrame>): NodeFrame {
  const spec = hookCluster.nodes.find((node) => node.id === id);
  return {
    id: nodeId(id),
    zone: spec?.zone ?? 'a',
    roles: spec?.roles ?? [],
    status: 'up',
    life: 1,
    since: time(0),
    view: null,
    disk: normalDisk,
    diskFaults: noDiskFaults,
    clockOffsetUs: 0,
    slowCpuUs: 0,
    error: null,
    ...change,
  };
}

function storeFrame(
  id: string,
  groups: readonly StoreGroupView[],
  change: Partial<NodeFrame> = {},
): NodeFrame {
  return nodeFrame(id, {
    view: { node: nodeId(id), roles: [{ role: 'store', bootEpoch: 1, groups, importing: [] }] },
    ...change,
  });
}

function holes(group: GroupId, base: number, request: string): Partial<StoreGroupView> {
  return {
    scl: base - 1,
    ncl: base - 1,
    nwl: group === g2 ? 124 : 125,
    holeCount: 2,
    sentCount: 1,
    runs: [
      run(0, base, 'data'),
      run(base, base + 4, 'hole', true, request),
      run(base + 4, base + 7, 'data'),
      run(base + 7, base + 11, 'hole'),
      run(base + 11, base + 14, 'data'),
      run(base + 14, MAX, 'end'),
    ],
    requests: [
      {
        id: request,
        reqId: ['store-3', 1, group === g2 ? 1 : 2],
        peer: nodeId('store-1'),
        gapFirst: base,
        gapLast: base + 4,
        curGapPos: base,
        ageUs: group === g2 ? 920 : 310,
        limitUs: 6000,
        attempt: 1,
      },
    ],
    peers: [peer('store-1', 123, null, 1), peer('store-2', 121, 'pgclBehind', 0)],
    cursor: nodeId('store-1'),
    next: nodeId('store-2'),
  };
}

function peer(id: string, ncl: number, ineligible: 'pgclBehind' | null, requests: number) {
  return {
    peer: nodeId(id),
    known: true,
    ncl,
    nwl: ncl,
    pgcl: 117,
    suspect: false,
    reportedAgoUs: 900,
    requests,
    ineligible,
  };
}

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
    return { replica, scl, known: true, live: true, memberState: 'voter' } as const;
  });
  return { group, pgcl, tail, replicas, members: membership, belowWriteQuorum: false };
}

function link(from: string, to: string, change: Partial<LinkFrame> = {}): LinkFrame {
  return {
    from: nodeId(from),
    to: nodeId(to),
    cut: false,
    held: false,
    lossPercent: 0,
    duplicatePercent: 0,
    reorderPercent: 0,
    corruptPercent: 0,
    baseUs: 500,
    jitterUs: 100,
    delayed: false,
    ...change,
  };
}

const bothWays = (a: string, b: string, change: Partial<LinkFrame> = {}): LinkFrame[] => [
  link(a, b, change),
  link(b, a, change),
];

interface FlightShape {
  readonly family: MessageFamily;
  readonly kind: string;
  readonly group: GroupId | null;
  readonly range: readonly [number, number] | null;
  readonly share: number;
  readonly fate?: FlightView['fate'];
}

const now = 56_218;
let sequence = 0;
function flight(from: string, to: string, shape: FlightShape): FlightView {
  const span = 540;
  const { family, kind, group, range, share, fate = 'flying' } = shape;
  sequence += 1;
  return {
    id: `${from}.${sequence}.0`,
    from: nodeId(from) satisfies NodeId,
    to: nodeId(to),
    sentAt: time(Math.round(now - span * share)),
    arrivesAt: time(Math.round(now + span * (1 - share))),
    fate,
    label: { kind, family, group, range, token: 1 },
    bytes: 412,
    causeOrdinal: sequence,
  };
}

const wal = (to: string, group: GroupId, range: readonly [number, number], share: number, fate?: 'lost') =>
  flight('rw-1', to, { family: 'wal', kind: 'WriteBatch', group, range, share, ...(fate ? { fate } : {}) });

export function makeHookFrame(): WorldFrame {
  sequence = 0;
  return {
    preset: 'hook-hole',
    seed: 7,
    cluster: hookCluster,
    time: time(now),
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
              unknown: 0,
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
              token: 1,
              holder: nodeId('rw-1'),
              writer: nodeId('rw-1'),
              groups: [g1, g2].map((group) => ({ group, members: membership, move: null })),
              volumeState: 'OPEN',
              mapVersion: 1,
              nodes: hookCluster.nodes.map(({ id }) => ({ node: id, up: true })),
            },
          ],
        },
      }),
      nodeFrame('rw-1', { view: { node: nodeId('rw-1'), roles: [compute] } }),
      storeFrame('store-1', [storeGroup(g1, 125, {}), storeGroup(g2, 124, {})]),
      storeFrame(
        'store-2',
        [
          storeGroup(g1, 122, {}),
          storeGroup(g2, 121, {
            nwl: 124,
            groupTail: 124,
            runs: [run(0, 122, 'data'), run(122, MAX, 'end')],
            volatile: [[122, 125]],
          }),
        ],
        { disk: { ...normalDisk, pending: 1, volatileWrites: 3 } },
      ),
      storeFrame('store-3', [
        storeGroup(g1, 125, holes(g1, 112, 'r2')),
        storeGroup(g2, 124, holes(g2, 111, 'r1')),
      ]),
    ],
    links: [
      ...bothWays('d1', 'rw-1'),
      ...bothWays('d1', 'meta-1'),
      ...bothWays('rw-1', 'meta-1'),
      ...bothWays('rw-1', 'store-1'),
      ...bothWays('rw-1', 'store-2'),
      ...bothWays('rw-1', 'store-3', { cut: true }),
      ...bothWays('meta-1', 'store-1'),
      ...bothWays('meta-1', 'store-2'),
      ...bothWays('meta-1', 'store-3'),
      ...bothWays('store-1', 'store-2'),
      ...bothWays('store-1', 'store-3'),
      ...bothWays('store-2', 'store-3'),
    ],
    flights: [
      wal('store-1', g2, [126, 129], 0.68),
      wal('store-1', g1, [129, 130], 0.47),
      wal('store-2', g2, [126, 129], 0.52),
      wal('store-2', g1, [129, 130], 0.4),
      wal('store-3', g2, [126, 129], 0.33, 'lost'),
      wal('store-3', g1, [129, 130], 0.25, 'lost'),
      flight('store-1', 'rw-1', {
        family: 'ack',
        kind: 'WriteAck',
        group: g2,
        range: [124, 125],
        share: 0.36,
      }),
      flight('store-1', 'rw-1', {
        family: 'ack',
        kind: 'WriteAck',
        group: g1,
        range: [125, 126],
        share: 0.2,
      }),
      flight('store-3', 'store-1', {
        family: 'holeRequest',
        kind: 'GapReq',
        group: g1,
        range: [112, 116],
        share: 0.36,
      }),
      flight('store-1', 'store-3', {
        family: 'holeFill',
        kind: 'GapReply',
        group: g2,
        range: [111, 115],
        share: 0.4,
      }),
    ],
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
    broken: [],
    exercised: {},
  };
}
