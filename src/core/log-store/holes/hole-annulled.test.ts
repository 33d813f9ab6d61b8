// A hole that crosses an annulled range is one request, however wide LAL made the range (HOLE-21).

import { expect, test } from 'vitest';
import { lsn, nodeId, term } from '../../../base/ids.ts';
import { DEFAULTS, openReplica, peerStatus, showRequests } from './hole-fixture.ts';

const history = [
  { term: term(3), startLsn: lsn(0), prevEnd: lsn(-1) },
  { term: term(5), startLsn: lsn(10_000_020), prevEnd: lsn(19) },
];

test.each([
  { span: 8, requests: '1→B [10,18), 2→B [18,10000026)' },
  { span: 16, requests: '1→B [10,10000026)' },
])('HOLE-21 maxReqSpan $span does not count annulled positions', ({ span, requests }) => {
  const { manager } = openReplica('D[0,10) H[10,MAX)', ['B'], {
    params: { ...DEFAULTS, maxReqSpan: span },
    history,
    mode: 'recovery',
    maxNwl: 10_000_025,
  });
  manager.status(nodeId('B'), peerStatus(10_000_025, 10_000_025));
  expect(showRequests(manager.discover(0).requests)).toBe(requests);
});
