// The stores of the reference picture (hook-frame.ts): store-1 has everything, store-2 writes its newest records, store-3 heals.

import { type GroupId, MAX, nodeId } from '../../base/ids.ts';
import type { RunView, StoreGroupView } from '../../core/log-store/store-view.ts';
import type { NodeFrame } from '../../run-model/picture/frame.ts';
import { g1, g2, membership } from './hook-cluster.ts';
import { nodeFrame, normalDisk } from './node-frame.ts';

const run = (
  first: number,
  end: number,
  type: RunView['type'],
  sent = false,
  request: string | null = null,
): RunView => ({ first, end, type, sent, request });

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
    lowestHoles: [],
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
    lowestHoles: [
      [base, base + 4],
      [base + 7, base + 11],
    ],
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
        gapEnd: base + 4,
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
export const hookStores = (): readonly NodeFrame[] => [
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
];
