// What a sweep draws of a cluster of `polardb`: losses of writer, readers and chunk servers, one of which loses its disk again and again;
// changes of the writer with crashes at each step of a promotion (LI §8); readers that are slow until their slots go (LI-63) or the journal
// has gone round; definitions across readers; a file system that begins small and grows; damage on the disk of a chunk server.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import { haGroupOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
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
import { drawLargeRows } from '../../sim/sweep/large-rows.ts';
import { loseDisk } from '../../sim/sweep/member-faults.ts';
import { drawFreeingCuts } from '../../sim/sweep/rare-faults.ts';
import { drawSequences } from '../../sim/sweep/sequence-draws.ts';
import { crashDriver, crashMeta, crashWriter } from '../../sim/sweep/writer-faults.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';
import { drawTables } from './sweep-tables.ts';

const computeOf = (cluster: ClusterSpec): NodeId[] => haGroupOf(cluster).map(({ node }) => node);

/** Any compute node: a tape does not know which one writes. */
const crashCompute: FaultMaker = ({ prng, cluster, at, forUs }) => [
  { kind: 'crash', at, node: pick(prng, computeOf(cluster)), mode: crashModeOf(prng), forUs },
];

/** Metadata of WAL comes late or not at all: the gate holds pages back, then the slot goes. */
const slowReader: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const nodes = computeOf(cluster);
  const reader = pick(prng, nodes);
  const others = nodes.filter((node) => node !== reader);
  if (nextChance(prng, 1, 2)) return [{ kind: 'freeze', at, node: reader, forUs }];
  return [{ kind: 'cut', at, link: { from: [reader], to: others, isBothWays: true }, forUs }];
};

/** Clients and chunks hear it, the metadata does not (F11). */
const cutFromPcs: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const to = cluster.nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);
  return [{ kind: 'cut', at, link: { from: [pick(prng, computeOf(cluster))], to, isBothWays: true }, forUs }];
};

/** FS-78: a value of the one server of the run whose disk may lose what is durable is damaged; it is found when the server is up again. */
const rotDisk: FaultMaker = ({ prng, at, victim, forUs }) =>
  victim === null
    ? []
    : [
        { kind: 'bitRot', at, node: victim, prefix: 'chunk/', pick: null },
        {
          kind: 'crash',
          at: (at + drawLog(prng, 1_000, 100_000)) as Time,
          node: victim,
          mode: 'loseAll',
          forUs: Math.min(forUs, 500_000),
        },
      ];

/** A reader hears its writer too late for its lease, again and again, or sleeps while the journal goes round (FS-62). */
const slowLong: FaultMaker = ({ prng, cluster, at }) => {
  const reader = pick(prng, computeOf(cluster));
  return [{ kind: 'freeze', at, node: reader, forUs: drawLog(prng, 500_000, 6_000_000) }];
};

/** One after the other. */
const crashTwo: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const [one, two] = [pick(prng, computeOf(cluster)), pick(prng, storesOf(cluster))];
  const later = (at + drawLog(prng, 1_000, 200_000)) as Time;
  return [
    { kind: 'crash', at, node: one, mode: crashModeOf(prng), forUs },
    { kind: 'crash', at: later, node: two, mode: crashModeOf(prng), forUs: Math.min(forUs, 500_000) },
  ];
};

const steps = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
const sides = ['before', 'after'] as const;
/** failoverAfterMs in heartbeats, rounded up. */
const FAILOVER_BEATS = 8;

/** By order or by a loss the writer changes; in every second change whoever is promoted dies at one of its steps. */
function drawPromotions(
  seed: number,
  cluster: ClusterSpec,
  { nodeHeartbeatMs }: Params,
  chaosUs: number,
): TapeAction[] {
  const prng = makePrng(seed, 'promotions');
  const nodes = computeOf(cluster);
  const failoverUs = FAILOVER_BEATS * nodeHeartbeatMs * 1000;
  const actions: TapeAction[] = [];
  let turn = 0;
  for (let at = nextBetween(prng, failoverUs, 4 * failoverUs); at < chaosUs; turn++) {
    const victim = pick(prng, nodes);
    const point = (seed * 5 + turn) % (steps.length * sides.length);
    const when = sides[point % sides.length] ?? 'before';
    const moment = steps[Math.floor(point / sides.length)] ?? 'P1';
    const upAt = (at + nextBetween(prng, 2 * failoverUs, 4 * failoverUs)) as Time;
    if (turn % 2 === 0)
      for (const node of nodes) actions.push({ kind: 'crashOn', at: at as Time, node, when, moment });
    if (nextChance(prng, 1, 2))
      actions.push({ kind: 'switchover', at: at as Time, node: victim, volume: '' });
    else {
      const forUs = nextBetween(prng, failoverUs >> 2, 3 * failoverUs);
      actions.push({ kind: 'crash', at: at as Time, node: victim, mode: crashModeOf(prng), forUs });
    }
    for (const node of nodes) {
      actions.push({ kind: 'disarm', at: upAt, node });
      actions.push({ kind: 'restart', at: upAt, node });
    }
    at = upAt + nextBetween(prng, failoverUs, 6 * failoverUs);
  }
  return [
    ...actions.filter(({ at }) => at < chaosUs),
    ...nodes.map((node): TapeAction => ({ kind: 'disarm', at: chaosUs as Time, node })),
  ];
}

/** Reads that readers serve, a part of them several in one transaction. */
function drawReads(seed: number, cluster: ClusterSpec, _: Params, chaosUs: number): TapeAction[] {
  const prng = makePrng(seed, 'reads of readers');
  const driver = nodeWith(cluster, 'driver');
  const actions: TapeAction[] = [];
  for (let at = 700_000; at < chaosUs; at += nextBetween(prng, 50_000, 400_000)) {
    const session = `reads${nextBelow(prng, 3)}`;
    const text = 'SELECT count(*), sum(balance) FROM accounts';
    actions.push({ kind: 'sql', at: at as Time, node: driver, session, text, params: [] });
  }
  return actions;
}

/** Numbers of the names of added servers begin here, or above those of the layout. */
const FIRST_ADDED = 4;
const MOST_ADDED = 2;

/** FS-76, FS-77: in two of three seeds servers are added, and one after the other is drained, the first ones as well. */
function drawServers(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (seed % 3 === 2) return [];
  const prng = makePrng(seed, 'chunk servers');
  const zones = [...new Set(cluster.nodes.map(({ zone }) => zone))];
  const added = freeNames(storesOf(cluster), 'cs-', FIRST_ADDED, MOST_ADDED);
  const actions: TapeAction[] = added.map((one, i) => ({
    kind: 'addNode',
    at: (nextBetween(prng, 400_000, 2_000_000) + i) as Time,
    added: one,
    template: 'chunk',
    zone: pick(prng, zones),
  }));
  const servers = [...storesOf(cluster), ...added];
  const leaving = servers.filter(() => nextChance(prng, 1, 2)).slice(0, 2);
  let at = nextBetween(prng, 2_500_000, 6_000_000);
  for (const node of leaving) {
    // refused while too few are up
    for (let i = 0; i < 4 && at < chaosUs; i++) {
      actions.push({ kind: 'offline', at: at as Time, node });
      if (nextChance(prng, 1, 6)) actions.push({ kind: 'cancelOffline', at: (at + 5_000) as Time, node });
      at += nextBetween(prng, 500_000, 3_000_000);
    }
  }
  return actions;
}

/** FS-46: in every fifth seed the file system has few chunks for a while. */
const isNarrow = (seed: number): boolean => seed % 5 === 3;

function drawRoom(seed: number, chaosUs: number): TapeAction[] {
  if (!isNarrow(seed)) return [];
  const prng = makePrng(seed, 'room');
  const at = nextBetween(prng, chaosUs >> 2, chaosUs >> 1) as Time;
  return [{ kind: 'putConfig', at, scope: 'global', key: 'deviceChunks', value: '0', expect: null }];
}

/** LI-63 bears clocks that differ by its bound, which the world's faults exceed (decision C4). */
const bears = ({ kind }: TapeAction): boolean => kind !== 'clock';

const MIB = 1024 * 1024;

/** A file system that begins small, and a candidate's greatest lag. */
function drawChanges(seed: number): readonly (readonly [name: string, value: number])[] {
  const prng = makePrng(seed, 'shared storage');
  const lag = ['candidateMaxLagLsns', drawLog(prng, 8, 2_000)] as const;
  const chunks = ['firstChunks', nextBetween(prng, 1, 3)] as const;
  const old = ['snapshotOldLsns', drawLog(prng, 20, 400)] as const;
  const replay = ['snapshotReplayLsns', drawLog(prng, 5, 100)] as const;
  // two images of every block of the device, and logs
  const disk = ['diskLimitBytes', drawLog(prng, 16 * MIB, 64 * MIB)] as const;
  const most = ['deviceChunks', nextBetween(prng, 2, 3)] as const;
  // A page that is read takes some ways between zones: less would never read a table back.
  const retry = ['maxRetryMs', nextBetween(prng, 3_000, 5_000)] as const;
  return [
    lag,
    disk,
    retry,
    ...(isNarrow(seed) ? [most] : []),
    ...(seed % 3 === 1 ? [chunks] : []),
    ...(seed % 4 < 2 ? [old, replay] : []),
  ];
}

const mustHappen: readonly Expected[] = [
  { seeds: 5, of: ['answersLate'] },
  {
    seeds: 6,
    of: [
      ...(['crashes', 'cuts', 'recoveries', 'commits', 'promotions', 'demotions', 'promotesEnded'] as const),
      'serversLost',
    ],
  },
  {
    seeds: 10,
    of: [
      'cancelled',
      'blocksFailed',
      'blocksEnded',
      'statementTimeouts',
      'switchovers',
      'handoffs',
      'slotsDropped',
      'serversWiped',
      'chunksAdmitted',
      'chunkMoves',
      'elections',
      'readersReady',
    ],
  },
  {
    seeds: 20,
    of: [
      ...(['reelections', 'counted', 'readBack', 'judged', 'pageChecks'] as const),
      ...(['readerReads', 'redoVersions', 'redoBuffered', 'logCuts'] as const),
      ...(['journalLaps', 'growths', 'tableLocks', 'filesRemoved', 'blocksRepaired'] as const),
      ...([
        'flushesBlocked',
        'candidatesPassed',
        'snapshots',
        'snapshotsRead',
        'copySlots',
        'indexSegments',
        'indexMemory',
        'indexKept',
        'walBufferSegments',
        'roundPages',
        'snapshotChanges',
        'chunkEntries',
        'judgedSerializable',
        'judgedReadOnly',
        'serialRefusals',
        'serialEmptied',
        'serialUpserts',
        'serialReferred',
        'serialRedefined',
      ] as const),
    ],
  },
  { seeds: 20, of: ['freesCut'] },
  // one narrow device of four
  { seeds: 60, of: ['devicesFull'] },
];

export const sweep: SweepDraws = {
  // A promoted writer replays what its statements touch first, a page by several reads of LogIndex and WAL; one that starts reads one
  // page after the other.
  phases: () => ({
    progressUs: 20_000_000,
    rereadUs: 20_000_000,
    rereadAgainUs: 28_500_000,
    endUs: 45_000_000,
  }),
  geometry: (preset) => preset,
  spare: { template: 'chunk', prefix: 'cs-', number: 9 },
  bears,
  always: [crashCompute, crashStore, crashWriter, slowReader, tearStore, loseDisk, rotDisk, slowLong],
  swarm: [crashTwo, cutFromPcs, crashMeta, crashDriver, slowReader],
  dense: [crashCompute, crashCompute, crashStore, slowReader, tearStore, crashTwo],
  changes: drawChanges,
  aside: (...run) => [
    ...drawPromotions(...run),
    ...drawReads(...run),
    ...drawConfigPushes(...run),
    ...drawLargeRows(run[0], nodeWith(run[1], 'driver'), run[3]),
    ...drawSequences(run[0], nodeWith(run[1], 'driver'), run[3]),
    ...drawTables(run[0], run[1], run[3]),
    ...drawServers(run[0], run[1], run[3]),
    ...drawRoom(run[0], run[3]),
    ...drawFreeingCuts(run[0], run[1], run[3]),
  ],
  changesDense: () => [],
  asideDense: () => [],
  aims: {},
  mustHappen: () => mustHappen,
};
