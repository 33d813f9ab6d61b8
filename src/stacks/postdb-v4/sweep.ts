// What a sweep draws of a cluster of `postdb-v4`: losses of nodes, each of which computes, stores and holds the metadata; one disk that
// is lost again and again, whose node is given a new place in the metadata each time (PCS-105); and definitions that change under load.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import { zonesOf } from '../../sim/node-templates.ts';
import { drawConfigPushes } from '../../sim/sweep/config-pushes.ts';
import { crashStore, tearStore } from '../../sim/sweep/draw-faults.ts';
import {
  crashModeOf,
  drawLog,
  type Expected,
  type FaultMaker,
  freeNames,
  nodeWith,
  pick,
  type SweepDraws,
  storesOf,
} from '../../sim/sweep/draw-tools.ts';
import { drawMetMerges, drawMetSplits } from '../../sim/sweep/rare-faults.ts';
import { drawTwoDrains } from '../../sim/sweep/store-life.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';

/** Two nodes lose each other, both ways or one. */
const cutPair: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const nodes = storesOf(cluster);
  const from = pick(prng, nodes);
  const to = pick(
    prng,
    nodes.filter((id) => id !== from),
  );
  const isBothWays = nextChance(prng, 1, 2);
  return [{ kind: 'cut', at, link: { from: [from], to: [to], isBothWays }, forUs }];
};

/** A node is cut off from the others, and clients reach it still. */
const cutOff: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const nodes = storesOf(cluster);
  const node = pick(prng, nodes);
  const others = nodes.filter((id) => id !== node);
  return [{ kind: 'cut', at, link: { from: [node], to: others, isBothWays: true }, forUs }];
};

/** One after the other, so that the second meets the recovery of the first. */
const crashTwo: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const nodes = storesOf(cluster);
  const one = pick(prng, nodes);
  const two = pick(
    prng,
    nodes.filter((id) => id !== one),
  );
  const mode = crashModeOf(prng);
  const later = (at + drawLog(prng, 1_000, 200_000)) as Time;
  return [
    { kind: 'crash', at, node: one, mode, forUs },
    { kind: 'crash', at: later, node: two, mode, forUs: Math.min(forUs, 500_000) },
  ];
};

/** F24: with its disk a node loses its replicas, and its place in the metadata, which a person's order gives back (PCS-105). */
const loseDisk: FaultMaker = ({ prng, cluster, at, victim, params }) => {
  if (victim === null) return [];
  const forUs = drawLog(prng, 1_000, 500_000);
  return [
    { kind: 'wipeDisk', at, node: victim, forUs },
    ...comeBack(cluster, victim, at + forUs, params.electionMaxMs * 1000),
  ];
};

/** The order waits for nobody: it is given until it has found a leader and the node without a place. */
const comeBack = (cluster: ClusterSpec, node: NodeId, from: number, everyUs: number): TapeAction[] =>
  votersOf(cluster).includes(node)
    ? [2, 5, 9].map((n) => ({ kind: 'addPcs', at: (from + n * everyUs) as Time, node }))
    : [];

const votersOf = ({ nodes }: ClusterSpec): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);

/** Between two definitions, µs of the sweep's profile. */
const DEFINITIONS_APART = [400_000, 3_000_000] as const;

/** Tables come, are written over all their tablets, and go. */
function drawDefinitions(seed: number, cluster: ClusterSpec, _: Params, chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'definitions');
  const driver = nodeWith(cluster, 'driver');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void =>
    void actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  let at = 500_000;
  for (let serial = 0; at < chaosUs; serial++) {
    const name = `t${nextBelow(prng, 3)}`;
    const session = `ddl${nextBelow(prng, 2)}`;
    if (nextChance(prng, 1, 3)) sql(at, session, `DROP TABLE IF EXISTS ${name}`);
    else {
      const cut = nextChance(prng, 1, 2) ? " WITH (split_at = '10,20')" : '';
      sql(at, session, `CREATE TABLE IF NOT EXISTS ${name} (k int PRIMARY KEY, v int)${cut}`);
    }
    for (let i = 0; i < 3; i++)
      sql(
        at + nextBetween(prng, 1_000, 300_000),
        `rows${nextBelow(prng, 3)}`,
        `INSERT INTO ${name} VALUES (${nextBelow(prng, 30)}, ${serial}) ON CONFLICT (k) DO UPDATE SET v = ${serial}`,
      );
    at += nextBetween(prng, ...DEFINITIONS_APART);
  }
  return actions;
}

/** Between two reads of several groups. */
const GATHERS_APART = [50_000, 600_000] as const;

/** Reads of tables that may be cut into several tablets, a part of them two in a transaction (PCS-56). */
function drawGathers(seed: number, cluster: ClusterSpec, _: Params, chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'gathered reads');
  const driver = nodeWith(cluster, 'driver');
  const actions: TapeAction[] = [];
  const sql = (at: number, session: string, text: string): void =>
    void actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  for (let at = 600_000; at < chaosUs; at += nextBetween(prng, ...GATHERS_APART)) {
    const name = `t${nextBelow(prng, 3)}`;
    const session = `gather${nextBelow(prng, 3)}`;
    const read = nextChance(prng, 1, 2)
      ? `SELECT count(*), sum(v) FROM ${name}`
      : `SELECT a.k, b.v FROM ${name} a JOIN ${name} b ON b.k = a.k + 10 WHERE a.k < 25`;
    const isTransaction = nextChance(prng, 1, 3);
    if (isTransaction) sql(at, session, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    sql(at, session, read);
    if (!isTransaction) continue;
    const later = at + drawLog(prng, 1_000, 300_000);
    sql(later, session, read);
    sql(later, session, nextChance(prng, 1, 2) ? 'COMMIT' : 'ROLLBACK');
  }
  return actions;
}

/** Between two splits that a person orders. */
const SPLITS_APART = [500_000, 2_000_000] as const;

/** Tablets are split by key, in the middle or at a key of the load, while all else goes on (PCS-46). */
function drawSplits(seed: number, _: ClusterSpec, __: Params, chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'splits');
  const actions: TapeAction[] = [];
  for (let at = 700_000; at < chaosUs; at += nextBetween(prng, ...SPLITS_APART)) {
    const group = `g${nextBetween(prng, 1, 8)}` as GroupId;
    const key = nextChance(prng, 1, 2) ? null : String(nextBetween(prng, 1, 40));
    actions.push({ kind: 'splitGroup', at: at as Time, group, key });
  }
  return actions;
}

/** Between two merges that a person orders: many name groups that are no neighbours, or are gone. */
const MERGES_APART = [150_000, 600_000] as const;

/** PCS-122: neighbours become one while all else goes on; a split makes its child the neighbour of the group that it splits. */
function drawMerges(seed: number, _: ClusterSpec, __: Params, chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'merges');
  const actions: TapeAction[] = [];
  for (let at = 900_000; at < chaosUs; at += nextBetween(prng, ...MERGES_APART)) {
    const group = `g${nextBetween(prng, 1, 9)}` as GroupId;
    const other = `g${nextBetween(prng, 1, 14)}` as GroupId;
    actions.push({ kind: 'mergeGroups', at: at as Time, group, other });
  }
  return actions;
}

/** How many come, and where the numbers of their names begin, unless the layout has more. */
const MOST_ADDED = 3;
const FIRST_ADDED = 4;

/**
 * In two of three seeds nodes come while the chaos lasts, and some of them go again (PCS-78, PCS-79); in half of these one of the first
 * nodes goes for one that came, which votes on the metadata in its place (PCS-24, PCS-80).
 */
function drawNodes(seed: number, cluster: ClusterSpec, _: Params, chaosUs: number): TapeAction[] {
  if (seed % 3 === 0) return [];
  const prng = makePrng(seed, 'nodes that come and go');
  const count = nextBetween(prng, 1, MOST_ADDED);
  const first = makePrng(seed, 'first nodes that go');
  const voters = votersOf(cluster);
  const goes = nextChance(first, 1, 2) ? drawLeaving(first, voters, chaosUs) : [];
  const added = freeNames(storesOf(cluster), 'n', FIRST_ADDED, count);
  return [
    ...goes,
    ...drawAdded(prng, cluster, added, chaosUs),
    ...(count > 1 ? drawTwoDrains(seed, added.slice(0, 1), voters, chaosUs) : []),
  ];
}

/** PCS-80: the order is refused while nobody is up who could vote instead, or the node's vote is needed; so it is given again. */
function drawLeaving(prng: Prng, voters: readonly NodeId[], chaosUs: number): TapeAction[] {
  const node = pick(prng, voters);
  const half = chaosUs >> 1;
  return Array.from({ length: LEAVE_ORDERS }, (_, i): TapeAction => {
    const from = half + Math.floor((i * half) / LEAVE_ORDERS);
    return {
      kind: 'offline',
      at: nextBetween(prng, from, from + Math.floor(half / LEAVE_ORDERS)) as Time,
      node,
    };
  });
}
const LEAVE_ORDERS = 6;

const drawAdded = (
  prng: Prng,
  cluster: ClusterSpec,
  added: readonly NodeId[],
  chaosUs: number,
): TapeAction[] =>
  added.flatMap((node): TapeAction[] => {
    const at = nextBetween(prng, 1_000_000, Math.max(1_000_001, Math.trunc(chaosUs / 2)));
    const goesAt = nextBetween(prng, at + 500_000, Math.max(at + 500_001, chaosUs));
    const goes: TapeAction[] = nextChance(prng, 1, 2) ? [{ kind: 'offline', at: goesAt as Time, node }] : [];
    const stays: TapeAction[] =
      goes.length > 0 && nextChance(prng, 1, 4)
        ? [{ kind: 'cancelOffline', at: (goesAt + drawLog(prng, 1_000, 300_000)) as Time, node }]
        : [];
    return [
      { kind: 'addNode', at: at as Time, added: node, template: 'node', zone: pick(prng, zonesOf(cluster)) },
      ...goes,
      ...stays,
    ];
  });

const MIB = 1024 * 1024;

/** Short enough that shards are rolled in a run. */
const SHARD_LSNS = [32, 512] as const;
/** Pages of tables that are split all the time fill less: 40 tablets with pages of 8 KB are 4.3 MB on each of three nodes (seed 39). */
const DISK_BYTES = [16 * MIB, 64 * MIB] as const;
/** A scan of a tablet takes a way between zones for each page: less would never read a table back (seed 211: a second for one of lists). */
const RETRY_MS = [3_000, 5_000] as const;
const drawChanges = (seed: number): readonly (readonly [string, number])[] => [
  ['shardTargetLsns', drawLog(makePrng(seed, 'shards'), ...SHARD_LSNS)],
  ['diskLimitBytes', drawLog(makePrng(seed, 'disks'), ...DISK_BYTES)],
  ['maxRetryMs', nextBetween(makePrng(seed, 'retries'), ...RETRY_MS)],
];

/** A node whose disk was lost, or put back, and that no order has brought back. */
function healing(actions: readonly TapeAction[], at: Time, cluster: ClusterSpec): TapeAction[] {
  const lost = new Set(
    actions.flatMap((action) =>
      action.kind === 'wipeDisk' || action.kind === 'rollbackDisk' ? [action.node] : [],
    ),
  );
  return [...lost].flatMap((node) => comeBack(cluster, node, at, 300_000));
}

/** Every loss, change of members, definition and read of several groups, under load. */
const mustHappen: readonly Expected[] = [
  { seeds: 5, of: ['answersLate'] },
  {
    seeds: 6,
    of: [
      'tableSteps',
      'groupsMade',
      'shardsRolled',
      'primariesLost',
      'moves',
      'transfers',
      'drains',
      'gathers',
      'splits',
      'merges',
    ],
  },
  {
    seeds: 6,
    of: [
      ...(['nodesJoined', 'nodesEnded', 'memberChanges', 'disksLost'] as const),
      ...(['pcsLeft', 'pcsReturned', 'readsConfirmed'] as const),
    ],
  },
  {
    seeds: 20,
    of: [
      'resentAcrossSplit',
      'resentAcrossMerge',
      'gathersMetSplit',
      'splitReads',
      'jointsApart',
      'drainsTogether',
    ],
  },
  { seeds: 10, of: ['cancelled', 'blocksFailed', 'blocksEnded', 'statementTimeouts'] },
  { seeds: 60, of: ['remadeElsewhere'] },
  {
    seeds: 20,
    of: [
      ...(['crashes', 'cuts', 'recoveries', 'holeFills', 'baseImages'] as const),
      ...(['elections', 'reelections', 'oldRefused', 'gathersKept'] as const),
      ...(['commits', 'counted', 'readBack', 'judged', 'pageChecks', 'redoReads', 'logCuts'] as const),
    ],
  },
];

/**
 * Two neighbours that a split by load parted become one after 250 heartbeats of rest, counted anew after each (PCS-122), and a leadership that
 * was moved again and again rests for 400 (PCS-68): 22 s at the least heartbeat of a sweep.
 */
const CALM_BEATS = 1100;

export const sweep: SweepDraws = {
  phases: ({ nodeHeartbeatMs }) => ({ convergeUs: CALM_BEATS * nodeHeartbeatMs * 1000 }),
  isWithoutIndexes: true,
  healing,
  geometry: (preset) => preset,
  spare: { template: 'node', prefix: 'n', number: 9, keepsOthers: true },
  always: [crashStore, crashStore, cutPair, cutOff, crashTwo, tearStore, loseDisk],
  swarm: [crashTwo, cutOff, loseDisk],
  dense: [crashStore, crashStore, cutPair, cutOff, crashTwo, tearStore],
  changes: drawChanges,
  aside: (...run) => [
    ...drawDefinitions(...run),
    ...drawGathers(...run),
    ...drawNodes(...run),
    ...drawSplits(...run),
    ...drawMetSplits(...run),
    ...drawMetMerges(...run),
    ...drawMerges(...run),
    ...drawConfigPushes(...run),
  ],
  changesDense: () => [],
  asideDense: () => [],
  aims: {},
  mustHappen: () => mustHappen,
};
