// Faults around the change of a writer: what was sent before arrives after it, a second writer dies while it recovers,
// and all power goes off at once under load.

import type { NodeId, Time } from '../../base/ids.ts';
import { nextBetween, nextChance } from '../../base/prng.ts';
import { roundTripUs } from '../../presets/round-trip.ts';
import type { TapeAction } from '../tape-actions.ts';
import { type FaultMaker, nodeWith, pick, storesOf } from './draw-tools.ts';

/**
 * Everything between the writer and one store is slow, then the writer dies, and links are quick again: tokens overtake
 * the last batches of the old term, and its last acks come to the new writer.
 */
export const overtaken: FaultMaker = ({ prng, cluster, params, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const link = { from: [writer], to: [pick(prng, storesOf(cluster))], isBothWays: true };
  const rtt = roundTripUs(params, cluster);
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
  const rtt = roundTripUs(params, cluster);
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

/**
 * The writer loses a store for two of its lives. That store alone has the newest records of the first; of the second
 * another store, which keeps its link to it, misses the beginning, and asks for it in the next recovery while its other
 * peers are silent: what the forgotten store could give is annulled.
 */
export const forgotten: FaultMaker = ({ prng, cluster, params, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const stores = storesOf(cluster);
  const alone = pick(prng, stores);
  const others = stores.filter((id) => id !== alone);
  const behind = pick(prng, others);
  const whole = others.filter((id) => id !== behind);
  const rtt = roundTripUs(params, cluster);
  const crashAt = (at + nextBetween(prng, 20_000, 80_000)) as Time;
  const downUs = nextBetween(prng, 1000, 10_000);
  const beginsAt = (crashAt + downUs + nextBetween(prng, 8 * rtt, 60 * rtt)) as Time;
  const againAt = (beginsAt + nextBetween(prng, 4 * rtt, 40 * rtt)) as Time;
  const silentUs = nextBetween(prng, 50_000, 200_000);
  const cut = (
    from: Time,
    one: NodeId,
    to: readonly NodeId[],
    isBothWays: boolean,
    forUs: number,
  ): TapeAction => ({
    kind: 'cut',
    at: from,
    link: { from: [one], to: [...to], isBothWays },
    forUs,
  });
  return [
    cut(at, writer, others, false, crashAt - at),
    cut((crashAt - 1) as Time, writer, [alone], true, againAt + silentUs - crashAt),
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: downUs },
    cut(beginsAt, writer, [behind], true, againAt - beginsAt),
    { kind: 'crash', at: againAt, node: writer, mode: 'drawn', forUs: downUs },
    cut(againAt, behind, whole, true, silentUs),
  ];
};

/**
 * The writer dies while much of what it sends is lost: the first record that no store has may lie inside an MTR of two
 * groups, so that a recovery finds half of it.
 */
export const halfSent: FaultMaker = ({ prng, cluster, at }) => {
  const writer = nodeWith(cluster, 'compute');
  const link = { from: [writer], to: storesOf(cluster), isBothWays: false };
  const crashAt = (at + nextBetween(prng, 4_000, 40_000)) as Time;
  const downUs = nextBetween(prng, 1000, 10_000);
  return [
    { kind: 'loss', at, link, percent: nextBetween(prng, 50, 85), forUs: crashAt - at },
    { kind: 'crash', at: crashAt, node: writer, mode: 'drawn', forUs: downUs },
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
