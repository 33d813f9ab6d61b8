// The storage node's view: runs, requests, peers and watermarks as the lens draws them.

import { expect, test } from 'vitest';
import type { Lsn, Term } from '../../../base/ids.ts';
import { clonePlain, digestPlain } from '../../../base/plain.ts';
import { storeView } from '../role-view.ts';
import { B, batch, C, GROUP, record } from './message-fixture.ts';
import { createdRig, deliver, deliverAndSettle } from './store-fixture.ts';

const PARAMS = { group: null, lsnWindow: null, span: 64, detail: true };

test('HOLE-4 runs cover the window, a sent hole names its request, volatile records are distinguished', () => {
  const rig = createdRig();
  const status = { ncl: 9 as Lsn, nwl: 9 as Lsn, pgcl: 9 as Lsn, volumeEpoch: 1 as Term, bootEpoch: 1 };
  deliver(rig, { kind: 'StatusReply', group: GROUP, volumeEpoch: 1 as Term, status, refused: null }, B);
  deliverAndSettle(rig, batch([record(1), record(4)], { pgcl: 4, vdl: 4 }));
  rig.now += 1_500;
  deliver(rig, batch([record(5, { prevBlock: 4 }), record(6, { prevBlock: 5 })], { pgcl: 4, vdl: 4 }));
  const [view] = storeView(rig.state, PARAMS).groups;
  expect(view).toMatchObject({
    group: 'g1',
    scl: 1,
    ncl: 1,
    nwl: 4,
    pgcl: 4,
    knownVdl: 4,
    open: true,
    mode: 'normal',
    maxNwl: null,
    holeCount: 1,
    lowestHoles: [[2, 4]],
    sentCount: 1,
    volatile: [[5, 7]],
    chainRecords: 3,
    failed: null,
    runs: [
      { first: 0, end: 2, type: 'data', sent: false, request: null },
      { first: 2, end: 4, type: 'hole', sent: true, request: 'r1' },
      { first: 4, end: 5, type: 'data', sent: false, request: null },
    ],
    requests: [
      { id: 'r1', peer: B, gapFirst: 2, gapEnd: 4, curGapPos: 2, ageUs: 1_500, limitUs: 6_000, attempt: 1 },
    ],
    peers: [
      { peer: B, known: true, requests: 1, ineligible: null },
      { peer: C, known: false, ineligible: 'unknown' },
    ],
    cursor: B,
    next: C,
  });
  expect(view?.records.map(({ lsn, kind }) => [lsn, kind])).toEqual([
    [0, 'genesis'],
    [1, 'noop'],
    [4, 'noop'],
  ]);
});

test('a view changes nothing, and the state is plain data that a clone equals', () => {
  const rig = createdRig();
  deliver(rig, batch([record(1), record(4)], { pgcl: 4 }));
  const before = digestPlain(rig.state);
  storeView(rig.state, PARAMS);
  storeView(rig.state, { ...PARAMS, lsnWindow: [2, 3], group: GROUP });
  expect(digestPlain(rig.state)).toBe(before);
  expect(digestPlain(clonePlain(rig.state))).toBe(before);
});
