// Faults of the backup (docs/spec/wal.md §7), drawn from a stream of their own, so that the rest of a seed is as without them:
// the object store is away, slow, full or failing, its objects rot or were never written, and archivers change or crash.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { Params } from '../../core/kernel/params.ts';
import { spareSeatsOf } from '../../core/kernel/seats.ts';
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
  if (!cluster.nodes.some((node) => spareSeatsOf(node) > 0)) return [];
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

const makers: readonly FaultMaker[] = [away, away, slow, failing, damaged, change, change];

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

/** How often and how far back is archived, where there is anything to archive to. */
export function drawBackup(seed: number, cluster: ClusterSpec): (readonly [name: string, value: number])[] {
  if (nodeWith(cluster, 'objectStore') === '') return [];
  const prng = makePrng(seed, 'archive');
  return [
    ['archiveSegmentLsns', drawLog(prng, 16, 512)],
    ['archiveMaxMs', drawLog(prng, 50, 500)],
    ['archiveBaseLsns', drawLog(prng, 64, 2048)],
    ['backupRetentionMs', drawLog(prng, 500, 20_000)],
  ];
}
