// Faults around the change of a writer: what was sent before arrives after it, a second writer dies while it recovers,
// and all power goes off at once under load.

import type { NodeId, Time } from '../../base/ids.ts';
import { nextBetween, nextChance } from '../../base/prng.ts';
import { roundTripUs } from '../../presets/parameters.ts';
import type { TapeAction } from '../tape-actions.ts';
import { type FaultMaker, nodeWith, pick, storesOf } from './draw-tools.ts';

/**
 * Everything between the writer and one store is slow, then the writer dies, and links are quick again: tokens overtake
 * the last batches of the old term, and its last acks come to the new writer.
 */
export const overtaken: FaultMaker = ({ prng, cluster, params, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const link = { from: [writer], to: [pick(prng, storesOf(cluster))], isBothWays: true };
  const rtt = roundTripUs(params);
  const slowUs = 60_000 + rtt;
  const baseUs = nextBetween(prng, 10 * rtt, 100_000 + 30 * rtt);
  const crashAt = (at + slowUs - 1) as Time;
  return [
    { kind: 'reorder', at, link, percent: 100, forUs: slowUs + 2 * baseUs },
    { kind: 'latency', at, link, baseUs, forUs: slowUs },
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: nextBetween(prng, 1000, 10_000) },
  ];
};

/**
 * One store is alone with the newest records when the writer dies, and comes back just when the next writer dies too,
 * somewhere in its recovery; another store is away from then on.
 */
export const stragglerTwice: FaultMaker = ({ prng, cluster, params, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const stores = storesOf(cluster);
  const alone = pick(prng, stores);
  const others = stores.filter((id) => id !== alone);
  const away = pick(prng, others);
  const rtt = roundTripUs(params);
  const crashAt = (at + nextBetween(prng, 20_000, 150_000)) as Time;
  const downUs = nextBetween(prng, 1000, 10_000);
  const againAt = (crashAt + downUs + nextBetween(prng, 2 * rtt, 8 * rtt)) as Time;
  const isolate = (from: Time, nodes: NodeId[], forUs: number): TapeAction => ({
    kind: 'isolate',
    at: from,
    nodes,
    forUs,
  });
  return [
    { kind: 'cut', at, link: { from: [writer], to: others, isBothWays: false }, forUs: crashAt - at },
    isolate((crashAt - 1) as Time, [alone], againAt - crashAt),
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: downUs },
    { kind: 'crash', at: againAt, node: writer, mode: 'drawn', forUs: downUs },
    isolate(againAt, [away], downUs + nextBetween(prng, 200_000, 1_000_000)),
  ];
};

/** All power at once, under load: every log has a tail that may be torn. */
export const blackout: FaultMaker = ({ prng, cluster, at }) => {
  const forUs = nextBetween(prng, 5000, 100_000);
  return cluster.nodes.map(({ id }): TapeAction => ({ kind: 'crash', at, node: id, mode: 'drawn', forUs }));
};

/**
 * A store misses a while of the log, and then the links to its peers are slow, lossy and repeat themselves while it asks
 * for what it lacks; now and then it loses power with its requests still under way.
 */
export const laggard: FaultMaker = ({ prng, cluster, params, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const store = pick(prng, storesOf(cluster));
  const peers = storesOf(cluster).filter((id) => id !== store);
  const missUs = nextBetween(prng, 50_000, 400_000);
  const healedAt = (at + missUs) as Time;
  const poorUs = nextBetween(prng, 100_000, 500_000);
  const link = { from: [store], to: peers, isBothWays: true };
  const isSlow = nextChance(prng, 1, 2);
  const baseUs = nextBetween(prng, params.latencyFloorUs, isSlow ? 60_000 : 10_000);
  const actions: TapeAction[] = [
    { kind: 'cut', at, link: { from: [writer], to: [store], isBothWays: false }, forUs: missUs },
    { kind: 'latency', at: healedAt, link, baseUs: Math.max(baseUs, params.linkBaseUs), forUs: poorUs },
    { kind: 'loss', at: healedAt, link, percent: nextBetween(prng, 0, 30), forUs: poorUs },
    { kind: 'duplicate', at: healedAt, link, percent: nextBetween(prng, 0, 40), forUs: poorUs },
    {
      kind: 'loss',
      at: healedAt,
      link: { from: [writer], to: [store, pick(prng, peers)], isBothWays: false },
      percent: nextBetween(prng, 10, 60),
      forUs: poorUs,
    },
  ];
  if (nextChance(prng, 1, 2)) {
    const crashAt = (healedAt + nextBetween(prng, 1000, poorUs)) as Time;
    const forUs = nextBetween(prng, 500, 5000);
    actions.push({ kind: 'crash', at: crashAt, node: store, mode: 'drawn', forUs });
  }
  return actions;
};
