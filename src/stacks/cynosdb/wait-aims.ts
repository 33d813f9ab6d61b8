// Runs aimed at waits that are rare in dense runs (sim/sweep/draw-waits.ts): for room in the log (WAL-10), and for the replicas
// of a restore (WAL-45).

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { nodeWith, pick, storesOf, type WaitAim } from '../../sim/sweep/draw-tools.ts';
import type { TapeAction } from '../../sim/tape-actions.ts';

/** Virtual µs between two losses of the write quorum, and how long each lasts. */
const QUORUM_EVERY_US = [60_000, 160_000] as const;
const QUORUM_LOST_US = [20_000, 60_000] as const;

/** The least LAL, more clients than fit below it, and a writer that is cut off from all stores but one, again and again. */
const log: WaitAim = {
  preset: null,
  changes: [['lal', 32]],
  actions(seed, cluster, chaosUs) {
    const prng = makePrng(seed, 'aim-log');
    const spec = {
      kind: 'ycsb-a',
      rows: 100,
      clients: 10,
      thinkUs: 1000,
      ratePerSecond: 0,
      readPercent: 10,
      hotPercent: 0,
      valueBytes: 40,
      load: true,
    } as const;
    const driver = nodeWith(cluster, 'driver');
    const actions: TapeAction[] = [{ kind: 'workload', at: 0 as Time, node: driver, name: 'full', spec }];
    const writer = nodeWith(cluster, 'compute');
    for (let at = 150_000; at < chaosUs; at += nextBetween(prng, ...QUORUM_EVERY_US)) {
      const alone = pick(prng, storesOf(cluster));
      const to = storesOf(cluster).filter((id) => id !== alone);
      const link = { from: [writer], to, isBothWays: nextChance(prng, 1, 2) };
      actions.push({ kind: 'cut', at: at as Time, link, forUs: nextBetween(prng, ...QUORUM_LOST_US) });
    }
    return actions;
  },
};

/** Virtual µs between two restores; each ends the one before it. */
const RESTORE_EVERY_US = 220_000;
/** How far back a restore goes: log of that age is archived. */
const BACK_US = 100_000;

/** One restore after another, each with one to three of its parts away, cut off or with a disk that fails while it loads. */
const restore: WaitAim = {
  preset: 'cynosdb-backup',
  changes: [
    ['archiveSegmentLsns', 64],
    ['archiveMaxMs', 40],
    ['archiveBaseLsns', 400],
    ['backupRetentionMs', 2000],
  ],
  actions(seed, cluster, chaosUs) {
    const prng = makePrng(seed, 'aim-restore');
    const actions: TapeAction[] = [];
    let before = '';
    for (let at = 300_000, turn = 3; at < chaosUs; at += RESTORE_EVERY_US, turn++) {
      const volume = `v${turn}`;
      const endAt = (at - 10_000) as Time;
      if (before !== '')
        actions.push(
          { kind: 'cancelRestore', at: endAt, volume: before },
          { kind: 'dropVolume', at: (endAt + 1) as Time, volume: before },
        );
      before = volume;
      const to = { kind: 'time', at: at - nextBetween(prng, BACK_US / 2, 2 * BACK_US) } as const;
      actions.push({ kind: 'restore', at: at as Time, source: cluster.volume, to, volume });
      for (let i = nextBetween(prng, 1, 3); i > 0; i--)
        actions.push(faultOfPart(prng, cluster, (at + nextBetween(prng, 1000, 30_000)) as Time));
    }
    return actions;
  },
};

function faultOfPart(prng: Prng, cluster: ClusterSpec, at: Time): TapeAction {
  const forUs = nextBetween(prng, 40_000, 150_000);
  const archive = nodeWith(cluster, 'objectStore');
  const store = pick(prng, storesOf(cluster));
  const node = pick(prng, [store, store, archive, nodeWith(cluster, 'meta')]);
  switch (nextBelow(prng, 6)) {
    case 0:
      return { kind: 'crash', at, node, mode: 'drawn', forUs };
    case 1:
      return { kind: 'freeze', at, node, forUs };
    case 2:
      return { kind: 'isolate', at, nodes: [node], forUs };
    case 3:
      return { kind: 'cut', at, link: { from: [archive], to: [store], isBothWays: true }, forUs };
    case 4:
      return { kind: pick(prng, ['diskStall', 'diskFull', 'diskFailSync'] as const), at, node: store, forUs };
    default:
      return { kind: 'diskFailRead', at, node: archive, forUs };
  }
}

export const aims: Readonly<Record<string, WaitAim>> = { log, restore };
