// Faults of the backup (docs/spec/wal.md §7), drawn from a stream of their own, so that the rest of a seed is as without them:
// the object store is away, slow, full or failing, its objects rot or were never written, and archivers change or crash.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import { spareAttachmentsOf } from '../../core/kernel/attachments.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, type FaultMaker, nodeWith, pick, storesOf } from './draw-tools.ts';

const away: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const node = nodeWith(cluster, 'objectStore');
  const mode = pick(prng, ['drawn', 'loseAll', 'tornLast'] as const);
  switch (nextBelow(prng, 4)) {
    case 0:
      return [{ kind: 'isolate', at, nodes: [node], forUs }];
    case 1:
      return [{ kind: 'freeze', at, node, forUs }];
    default:
      return [{ kind: 'crash', at, node, mode, forUs: Math.min(forUs, 500_000) }];
  }
};

const slow: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const node = nodeWith(cluster, 'objectStore');
  return nextChance(prng, 1, 2)
    ? [{ kind: 'diskSlow', at, node, percent: drawLog(prng, 200, 5_000), forUs }]
    : [{ kind: 'diskStall', at, node, forUs }];
};

const failing: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const kind = pick(prng, ['diskFull', 'diskFailSync', 'diskFailRead'] as const);
  return [{ kind, at, node: nodeWith(cluster, 'objectStore'), forUs: Math.min(forUs, 1_000_000) }];
};

/** An acknowledged object is not there, or is not what it was. */
const damaged: FaultMaker = ({ prng, cluster, at }) => {
  const node = nodeWith(cluster, 'objectStore');
  const { id } = pick(prng, cluster.groups);
  const prefix = `object/${cluster.volume}/${id}/`;
  if (nextChance(prng, 1, 2)) return [{ kind: 'diskLoseWrite', at, node, prefix }];
  return Array.from(
    { length: nextBetween(prng, 1, 4) },
    (_, i): TapeAction => ({ kind: 'bitRot', at: (at + i) as Time, node, prefix, pick: null }),
  );
};

/** Another archiver, now and then while the one before it, or the new one, loses power. */
const change: FaultMaker = ({ prng, cluster, at }) => {
  const node = pick(prng, storesOf(cluster));
  const group = nextChance(prng, 1, 2) ? pick(prng, cluster.groups).id : null;
  const named: TapeAction = { kind: 'nameArchiver', at, node, group };
  if (nextChance(prng, 1, 2)) return [named];
  const crashAt = (at + drawLog(prng, 1_000, 100_000)) as Time;
  const victim = nextChance(prng, 1, 2) ? node : nodeWith(cluster, 'objectStore');
  return [
    named,
    { kind: 'crash', at: crashAt, node: victim, mode: 'drawn', forUs: drawLog(prng, 1_000, 200_000) },
  ];
};

/** One restore to a point in the run's past that mostly is still kept, and crashes of those who take part in it (WAL-45). */
export function drawRestore(
  seed: number,
  cluster: ClusterSpec,
  { backupRetentionMs }: Params,
  chaosUs: number,
): TapeAction[] {
  if (!cluster.nodes.some((node) => spareAttachmentsOf(node) > 0)) return [];
  const prng = makePrng(seed, 'restore');
  const at = nextBetween(prng, Math.trunc(chaosUs / 3), Math.trunc((3 * chaosUs) / 4));
  const keptUs = backupRetentionMs * 1000;
  const oldest = Math.max(Math.trunc(at / 3), at - keptUs);
  const newest = Math.max(Math.trunc((17 * at) / 20), at - Math.trunc(keptUs / 8));
  const to = { kind: 'time', at: nextBetween(prng, oldest, newest) } as const;
  const restore: TapeAction = { kind: 'restore', at: at as Time, source: cluster.volume, to, volume: 'v2' };
  const parts = [...storesOf(cluster), nodeWith(cluster, 'meta'), nodeWith(cluster, 'objectStore')];
  const crashes = Array.from({ length: nextBetween(prng, 1, 4) }, (): TapeAction => {
    const when = (at + nextBetween(prng, 5_000, 90_000)) as Time;
    const node = pick(prng, parts);
    return { kind: 'crash', at: when, node, mode: 'drawn', forUs: drawLog(prng, 5_000, 400_000) };
  });
  return [restore, ...crashes];
}

/** Virtual µs that a store which is to be loaded stays away, longer than a short run keeps what it is loaded from. */
const OVERTAKEN_US = 300_000;

/** In the runs whose retention is short: it passes what a restore is made from, while a store that is to be loaded is away. */
export function drawDenseRestore(
  seed: number,
  cluster: ClusterSpec,
  params: Params,
  chaosUs: number,
): TapeAction[] {
  const actions = drawRestore(seed, cluster, params, chaosUs);
  const [restore] = actions;
  if (!restore || params.backupRetentionMs * 1000 >= OVERTAKEN_US) return actions;
  const node = pick(makePrng(seed, 'overtaken'), storesOf(cluster));
  const at = (restore.at + 1000) as Time;
  return [...actions, { kind: 'crash', at, node, mode: 'drawn', forUs: OVERTAKEN_US }];
}

/** Every second short run keeps its backup for some dozen ms only, with a base image every few hundred LSNs. */
export function drawDenseBackup(
  seed: number,
  cluster: ClusterSpec,
): (readonly [name: string, value: number])[] {
  const prng = makePrng(seed, 'dense-archive');
  if (nodeWith(cluster, 'objectStore') === '' || nextChance(prng, 1, 2)) return [];
  const edges = makePrng(seed, 'archive-edges');
  return [
    ['archiveSegmentLsns', nextChance(edges, 1, 3) ? nextBetween(edges, 1, 6) : 64],
    ['archiveMaxMs', 40],
    ['archiveBaseLsns', 400],
    ['backupRetentionMs', nextBetween(prng, 20, 60)],
  ];
}

const makers: readonly FaultMaker[] = [away, away, slow, failing, damaged, change, change];

/** How long the store is away, µs, and how often objects are lost meanwhile. */
const HELD_US = 2_000_000;
const LOSSES = 3;

/**
 * Objects that are lost while the log still reaches (WAL-42: they are put again). Log that is archived goes soon, but for
 * `holdMaxMs` not while a member is away (WAL-37); so one is. The next segment of each group is lost on its way to the disk, and
 * the object store begins anew, which is when it looks for what is missing.
 */
const freshlyLost: FaultMaker = ({ prng, cluster, params, at }) => {
  const node = nodeWith(cluster, 'objectStore');
  const away = pick(prng, storesOf(cluster));
  const actions: TapeAction[] = [{ kind: 'isolate', at, nodes: [away], forUs: HELD_US }];
  let lostAt = at + 1000;
  for (let i = 0; i < LOSSES; i++) {
    for (const { id } of cluster.groups)
      actions.push({
        kind: 'diskLoseWrite',
        at: lostAt as Time,
        node,
        prefix: `object/${cluster.volume}/${id}/log/`,
      });
    lostAt += nextBetween(prng, params.archiveMaxMs * 1000, params.archiveMaxMs * 1500);
    actions.push({ kind: 'crash', at: lostAt as Time, node, mode: 'drawn', forUs: 5000 });
    lostAt += 10_000;
  }
  return actions;
};

/** None where nothing is backed up. From a stream of their own, one in about ten virtual seconds. */
export function drawLostObjects(
  seed: number,
  cluster: ClusterSpec,
  params: Params,
  chaosUs: number,
): TapeAction[] {
  if (nodeWith(cluster, 'objectStore') === '') return [];
  const prng = makePrng(seed, 'lost-objects');
  const actions: TapeAction[] = [];
  for (
    let at = nextBetween(prng, 1_000_000, 5_000_000);
    at < chaosUs;
    at += nextBetween(prng, 5_000_000, 15_000_000)
  )
    actions.push(...freshlyLost({ prng, cluster, params, at: at as Time, forUs: 0, victim: null }));
  return actions;
}

/** None where nothing is backed up. */
export function drawArchiveFaults(
  seed: number,
  cluster: ClusterSpec,
  params: Params,
  chaosUs: number,
): TapeAction[] {
  if (nodeWith(cluster, 'objectStore') === '') return [];
  const prng = makePrng(seed, 'archive-faults');
  const actions: TapeAction[] = [];
  const gapUs = nextBetween(prng, 500_000, 4_000_000);
  const victim = pick(prng, storesOf(cluster));
  for (let at = 1_000_000 + nextBelow(prng, gapUs); at < chaosUs; at += 1 + nextBelow(prng, 2 * gapUs)) {
    const make = pick(prng, makers);
    const forUs = drawLog(prng, 5_000, 2_000_000);
    actions.push(...make({ prng, cluster, params, at: at as Time, forUs, victim }));
  }
  return actions;
}

/** Of its size: what the object store has after the healing. */
const GROWN_PERCENT = 1000;

/**
 * When everything is healed an operator gives the object store room. An archive that has filled its disk keeps what WAL-76 keeps, and a
 * log that waits for it fills the stores (WAL-77): without room nobody would ever write again (seed 32 of `cynosdb-backup` for a minute).
 */
export function growArchive(cluster: ClusterSpec, healAt: number): TapeAction[] {
  const node = nodeWith(cluster, 'objectStore');
  if (node === '') return [];
  return [{ kind: 'diskRoom', at: (healAt + 1000) as Time, node, percent: GROWN_PERCENT, forUs: null }];
}

/** How often and how far back is archived, where there is anything to archive to. */
const MIB = 1024 * 1024;

export function drawBackup(seed: number, cluster: ClusterSpec): (readonly [name: string, value: number])[] {
  if (nodeWith(cluster, 'objectStore') === '') return [];
  const prng = makePrng(seed, 'archive');
  const segmentLsns = drawLog(prng, 16, 512);
  const edges = makePrng(seed, 'archive-edges');
  return [
    // in one of three so short that most points of a restore are at the boundary of a segment
    ['archiveSegmentLsns', nextChance(edges, 1, 3) ? nextBetween(edges, 1, 6) : segmentLsns],
    ['archiveMaxMs', drawLog(prng, 50, 500)],
    ['archiveBaseLsns', drawLog(prng, 64, 2048)],
    ['backupRetentionMs', drawLog(prng, 500, 20_000)],
    // Room for what WAL-76 keeps for good, two images a group and the log since the older one, beside a restored volume.
    ['diskLimitBytes', drawLog(prng, 16 * MIB, 64 * MIB)],
    // Two of three hold the log long enough for an object that was lost to be put again (`freshlyLost`).
    ...(nextChance(prng, 2, 3) ? [['holdMaxMs', HELD_US / 1000] as const] : []),
  ];
}
