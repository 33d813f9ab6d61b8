// The requests of one hole as the lens draws them: stretches of the log, each with the parts that are asked for.

import { expect, test } from 'vitest';
import { nodeId } from '../../../../../base/ids.ts';
import type { GapRequestView } from '../../../../../core/log-store/store-view.ts';
import { askedHoles } from './hole-requests.ts';

const request = (id: string, peer: string, gapFirst: number, gapEnd: number, at: number): GapRequestView => ({
  id,
  reqId: ['store-3', 1, 1],
  peer: nodeId(peer),
  gapFirst,
  gapEnd,
  curGapPos: at,
  ageUs: 0,
  limitUs: 200_000,
  attempt: 1,
});

test('HOLE-21, HOLE-22 a hole that is asked for in pieces of several peers is one, each piece with what has come of it', () => {
  const requests = [request('r2', 'store-2', 20, 30, 25), request('r1', 'store-1', 10, 20, 10)];
  const lowestHoles = [
    [10, 20],
    [25, 34],
    [50, 52],
  ] as const;
  expect(askedHoles({ lowestHoles, requests, nwl: 55 })).toEqual([
    {
      first: 10,
      end: 34,
      runs: [
        { first: 10, end: 20, kind: 'sent' },
        { first: 20, end: 25, kind: 'data' },
        { first: 25, end: 30, kind: 'sent' },
        { first: 30, end: 34, kind: 'hole' },
      ],
      parts: [
        { id: 'r1', peer: 'store-1', first: 10, end: 20, at: 10 },
        { id: 'r2', peer: 'store-2', first: 20, end: 30, at: 25 },
      ],
    },
  ]);
});

test('HOLE-13 what a fill leaves of a gap belongs to its one request; a hole that nobody is asked for is not drawn', () => {
  const lowestHoles = [
    [14, 16],
    [18, 20],
    [40, 44],
  ] as const;
  const [hole, ...more] = askedHoles({
    lowestHoles,
    requests: [request('r1', 'store-1', 10, 20, 14)],
    nwl: 59,
  });
  expect(more).toEqual([]);
  expect(hole).toMatchObject({ first: 10, end: 20, parts: [{ at: 14 }] });
  expect(hole?.runs.map(({ kind }) => kind)).toEqual(['data', 'sent', 'data', 'sent']);
});

test('HOLE-19 what is asked for above the newest record is missing', () => {
  const [hole] = askedHoles({ lowestHoles: [], requests: [request('r1', 'store-1', 60, 70, 64)], nwl: 63 });
  expect(hole?.runs).toEqual([
    { first: 60, end: 64, kind: 'data' },
    { first: 64, end: 70, kind: 'sent' },
  ]);
});
