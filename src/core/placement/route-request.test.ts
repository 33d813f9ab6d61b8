// V13 of docs/spec/pcs.md §8: a driver with an old map finds the primary, through servers that refuse by PCS-52; and what the
// vector passes by: the order of refusals, a silent metadata service, a key without a group, who leaves in a move.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/assert.ts';
import { groupId, type Lsn, type NodeId, nodeId, type Term } from '../../base/ids.ts';
import { makeRouting, nextRouteStep, onRefreshed, onRefused, type RouteReply } from './route-request.ts';
import { type RoutedRequest, refusalOf, type ServedGroup } from './serve-check.ts';
import type { MapCopy, ShardGroup } from './shard-map.ts';

interface Given {
  readonly id?: string;
  readonly keys?: readonly [number, number];
  readonly leader: string | null;
  readonly term?: number;
  readonly geoEpoch?: number;
  readonly sets?: readonly (readonly string[])[];
}

function group({ id = 'g1', keys = [0, 1000], leader, term = 3, geoEpoch = 1, sets }: Given): ShardGroup {
  return {
    group: groupId(id),
    volume: 'v1',
    keyFirst: keys[0],
    keyEnd: keys[1],
    baseLsn: 0 as Lsn,
    sets: (sets ?? [['1', '2', '3']]).map((set) => set.map(nodeId)),
    learners: [],
    leader: leader === null ? null : nodeId(leader),
    term: term as Term,
    memberEpoch: 1,
    geoEpoch,
    vw: 2,
    vr: 2,
    shards: [],
  };
}

const served = ({ sets, geoEpoch, leader, term }: ShardGroup): ServedGroup => ({
  ...{ sets, geoEpoch, primary: leader, term },
  tableVersions: new Map(),
});

const request = ({ term, memberEpoch, geoEpoch }: ShardGroup): RoutedRequest => ({
  ...{ term, memberEpoch, geoEpoch },
  tableVersions: new Map(),
});

interface World {
  readonly cache: readonly ShardGroup[];
  /** What each node knows that is there. */
  readonly real: readonly ShardGroup[];
  /** What the metadata says; null: it is silent. */
  readonly pcs: readonly ShardGroup[] | null;
  readonly down?: readonly string[];
  readonly key?: number;
  readonly maxAttempts?: number;
}

function answer({ real, down = [] }: World, to: NodeId, asked: ShardGroup): RouteReply | null {
  if (down.includes(to)) return { kind: 'TIMEOUT' };
  const known = real.find((one) => one.group === asked.group);
  return refusalOf(to, known ? served(known) : null, request(asked));
}

const write = (reply: RouteReply): string => {
  switch (reply.kind) {
    case 'NOT_PRIMARY':
      return `NOT_PRIMARY(${reply.primary}, ${reply.term})`;
    case 'WRONG_EPOCH':
      return `WRONG_EPOCH(${reply.geoEpoch})`;
    default:
      return reply.kind;
  }
};

/** The steps as §12 writes them. */
function route(world: World): string {
  const { cache, pcs, key = 700, maxAttempts = 4 } = world;
  const copyOf = (groups: readonly ShardGroup[]): MapCopy => ({ version: 1, groups });
  const routing = makeRouting(copyOf(cache), key, maxAttempts);
  const steps: string[] = [];
  for (let step = nextRouteStep(routing); ; ) {
    expect(steps.length).toBeLessThan(20);
    if (step.kind === 'end') return [...steps, step.outcome].join('; ');
    if (step.kind === 'refresh') {
      steps.push(pcs === null ? 'no refresh' : 'refresh');
      step = onRefreshed(routing, pcs && copyOf(pcs));
      continue;
    }
    const reply = answer(world, step.to, step.group);
    steps.push(`${step.to} ${reply === null ? 'OK' : write(reply)}`);
    if (reply === null) return steps.join('; ');
    step = onRefused(routing, step.group, reply);
  }
}

const old = group({ leader: '1' });
const now = group({ leader: '2', term: 4 });
const halves = [
  group({ leader: '1', keys: [0, 400], geoEpoch: 2 }),
  group({ id: 'g2', leader: '3', keys: [400, 1000], geoEpoch: 2 }),
];
const leaderless = group({ leader: null, term: 4 });

const rows: readonly (readonly [string, World, string])[] = [
  [
    'V13 PCS-53 a refusal names the newer primary',
    { cache: [old], real: [now], pcs: [now] },
    '1 NOT_PRIMARY(2, 4); 2 OK',
  ],
  [
    'V13 PCS-53 a silent primary: the map is renewed',
    { cache: [old], real: [now], pcs: [now], down: ['1'] },
    '1 TIMEOUT; refresh; 2 OK',
  ],
  [
    'V13 PCS-52 after a split the old range is refused by its epoch',
    { cache: [old], real: halves, pcs: halves },
    '1 WRONG_EPOCH(2); refresh; 3 OK',
  ],
  [
    'V13 PCS-54 no leader and an old map: bounded attempts, then UNAVAILABLE',
    { cache: [old], real: [leaderless], pcs: [old], maxAttempts: 3 },
    '1 NOT_PRIMARY(null, 4); refresh; 1 NOT_PRIMARY(null, 4); refresh; 1 NOT_PRIMARY(null, 4); refresh; UNAVAILABLE',
  ],
  [
    'PCS-54 a key that no group has after a refresh',
    { cache: [], real: [], pcs: [group({ leader: '1', keys: [0, 9] })] },
    'refresh; NO_GROUP',
  ],
  [
    'PCS-54 a key that the old copy does not have, but the map does',
    { cache: [], real: [now], pcs: [now] },
    'refresh; 2 OK',
  ],
  [
    'PCS-55 without metadata each voter is tried, the primary first',
    { cache: [group({ leader: '2' })], real: [now], pcs: null, down: ['2'], maxAttempts: 3 },
    '2 TIMEOUT; no refresh; 1 NOT_PRIMARY(2, 4); no refresh; 3 NOT_PRIMARY(2, 4); no refresh; UNAVAILABLE',
  ],
  [
    'PCS-55 without metadata one voter knows the primary',
    { cache: [old], real: [now], pcs: null, down: ['1'] },
    '1 TIMEOUT; no refresh; 2 OK',
  ],
  [
    'PCS-55 where the map knows no leader, a voter may',
    { cache: [leaderless], real: [group({ leader: '3', term: 5 })], pcs: [leaderless] },
    '1 NOT_PRIMARY(3, 5); 3 OK',
  ],
  [
    'PCS-53 two nodes that name each other do not keep a request for ever',
    { cache: [old], real: [], pcs: [old], maxAttempts: 2 },
    '1 NOT_MEMBER; refresh; 1 NOT_MEMBER; refresh; UNAVAILABLE',
  ],
  [
    'PCS-52 who is left behind by a move refuses, who leaves it leads on until the next one does',
    {
      cache: [group({ leader: '1' })],
      real: [
        group({
          leader: '1',
          sets: [
            ['1', '2', '3'],
            ['2', '3', '4'],
          ],
        }),
      ],
      pcs: [],
    },
    '1 OK',
  ],
];

test.each(rows)('%s', (_, world, steps) => expect(route(world)).toBe(steps));

describe('PCS-52 the first refusal that fits', () => {
  const asked = { ...request(old), tableVersions: new Map([['accounts', 2]]) };
  const own = (given: Given, version = 2): ServedGroup => ({
    ...served(group(given)),
    tableVersions: new Map([['accounts', version]]),
  });
  const refusals: readonly (readonly [string, ServedGroup | null, string | null])[] = [
    ['nothing of the group', null, 'NOT_MEMBER'],
    ['no member', own({ leader: '1', sets: [['2', '3', '4']], geoEpoch: 2 }), 'NOT_MEMBER'],
    ['another range, and no primary', own({ leader: '2', geoEpoch: 2 }), 'WRONG_EPOCH'],
    ['no primary, and another catalog', own({ leader: '2' }, 3), 'NOT_PRIMARY'],
    ['another catalog', own({ leader: '1' }, 3), 'WRONG_SCHEMA'],
    ['all as the driver thinks', own({ leader: '1' }), null],
  ];
  test.each(refusals)('%s', (_, known, kind) => {
    expect(refusalOf(nodeId('1'), known, asked)?.kind ?? null).toBe(kind);
  });

  test('PCS-86 tables that the statement does not use do not matter; one that is gone does', () => {
    const other = {
      ...own({ leader: '1' }),
      tableVersions: new Map([
        ['accounts', 2],
        ['other', 9],
      ]),
    };
    expect(refusalOf(nodeId('1'), other, asked)).toBe(null);
    const gone = { ...other, tableVersions: new Map([['other', 9]]) };
    expect(refusalOf(nodeId('1'), gone, asked)).toEqual({
      kind: 'WRONG_SCHEMA',
      table: 'accounts',
      version: 0,
    });
  });

  test('a request goes to the group whose range has the key', () => {
    const routing = makeRouting({ version: 1, groups: halves }, 399, 4);
    const step = nextRouteStep(routing);
    expect(step).toMatchObject({ kind: 'send', to: '1', group: { group: 'g1' } });
    expect(present(routing.copy.groups[0], 'group')).toBe(halves[0]);
  });
});
