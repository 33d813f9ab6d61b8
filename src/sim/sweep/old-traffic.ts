// Old traffic: some messages of a writer's life are held back in the network while all others go on, the writer changes once or
// twice, and long after that they are released into the new term. In every third seed, from a stream of its own. Held are
// messages between the writer and a store, the metadata or a driver, between two stores, or from the metadata to a store.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import type { TapeAction } from '../tape-actions.ts';
import { nodeWith, pick, storesOf } from './draw-tools.ts';

const EVERY = 3;
/** Messages of a family that are held at a time. */
const MOST_HELD = 20;

/** How long a message is kept back, how long the writer is away, and how many times it happens. */
export interface OldTrafficScale {
  readonly holdUs: readonly [least: number, most: number];
  readonly downUs: readonly [least: number, most: number];
  readonly times: readonly [least: number, most: number];
}

export const SWEEP_SCALE: OldTrafficScale = {
  holdUs: [500_000, 5_000_000],
  downUs: [1000, 300_000],
  times: [2, 4],
};
export const DENSE_SCALE: OldTrafficScale = {
  holdUs: [60_000, 300_000],
  downUs: [1000, 10_000],
  times: [2, 3],
};

interface Held {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly families: readonly MessageFamily[];
}

function pickHeld(prng: Prng, cluster: ClusterSpec): Held {
  const writer = nodeWith(cluster, 'compute');
  const stores = storesOf(cluster).filter((id) => id !== writer);
  const store = pick(prng, stores);
  const other = pick(
    prng,
    stores.filter((id) => id !== store),
  );
  const meta = cluster.nodes.find(({ id, roles }) => roles.includes('meta') && id !== writer)?.id ?? writer;
  const held: readonly Held[] = [
    { from: writer, to: store, families: ['wal', 'heartbeat'] },
    { from: writer, to: store, families: ['wal', 'fence', 'pageRead'] },
    { from: store, to: writer, families: ['ack', 'fence', 'pageReply'] },
    { from: nodeWith(cluster, 'driver'), to: writer, families: ['sqlRequest'] },
    { from: writer, to: nodeWith(cluster, 'driver'), families: ['sqlReply'] },
    { from: meta, to: writer, families: ['control', 'fence'] },
    { from: meta, to: store, families: ['control'] },
    { from: store, to: other, families: ['holeRequest', 'holeFill'] },
  ];
  // a node of several roles has no link to itself
  return pick(
    prng,
    held.filter(({ from, to }) => from !== to),
  );
}

export function drawOldTraffic(
  seed: number,
  cluster: ClusterSpec,
  chaosUs: number,
  { holdUs, downUs, times }: OldTrafficScale,
): TapeAction[] {
  if (seed % EVERY !== 0) return [];
  const prng = makePrng(seed, 'old traffic');
  const writer = nodeWith(cluster, 'compute');
  const actions: TapeAction[] = [];
  for (let left = nextBetween(prng, ...times); left > 0; left--) {
    const forUs = Math.min(nextBetween(prng, ...holdUs), Math.trunc(chaosUs / 2));
    const at = nextBelow(prng, Math.max(1, chaosUs - forUs)) as Time;
    const { from, to, families } = pickHeld(prng, cluster);
    const link = { from: [from], to: [to], isBothWays: false };
    for (const family of families)
      actions.push({ kind: 'holdNext', at, link, family, count: nextBetween(prng, 1, MOST_HELD) });
    for (let crash = nextBetween(prng, 1, 2); crash > 0; crash--)
      actions.push({
        kind: 'crash',
        at: (at + nextBetween(prng, Math.trunc(forUs / 20), Math.trunc(forUs / 2))) as Time,
        node: writer,
        mode: 'drawn',
        forUs: nextBetween(prng, ...downUs),
      });
    actions.push({ kind: 'release', at: (at + forUs) as Time, link });
  }
  return actions;
}
