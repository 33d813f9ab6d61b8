// Faults of membership and of disks that lose what was durable (docs/spec/wal.md §10): replicas move and
// the move is taken back or broken off midway, a disk is replaced by an empty one, log segments rot, a zone goes down.

import type { NodeId, Time } from '../../base/ids.ts';
import { nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog, type FaultMaker, type FaultPlace, nodeWith, pick, storesOf } from './draw-tools.ts';

const later = (at: Time, us: number): Time => (at + us) as Time;

/**
 * A replica moves, or is made anew on its own store; half of the changes are hit while they are under way. Only the
 * victim's is made anew: it gives up a copy first, and with another lost meanwhile a group of 3/2/2 has one left.
 */
export const changeMembers: FaultMaker = (place) => {
  const { prng, cluster, at, victim } = place;
  const stores = storesOf(cluster);
  const hosts = new Set(cluster.groups.flatMap(({ replicas }) => replicas));
  const spares = stores.filter((id) => !hosts.has(id));
  const drawn = pick(prng, stores);
  const others = spares.length > 0 ? [...spares, ...spares, pick(prng, stores)] : [drawn];
  const target = nextChance(prng, 3, 4) ? pick(prng, others) : drawn;
  const [node, to] = target === drawn ? [victim, victim] : [drawn, target];
  if (node === null || to === null) return [];
  const group = nextChance(prng, 1, 2) ? pick(prng, cluster.groups).id : null;
  const move: TapeAction = { kind: 'moveReplica', at, node, to, group };
  return nextChance(prng, 1, 2) ? [move] : [move, ...breakOff(place, to)];
};

function breakOff(place: FaultPlace, to: NodeId): TapeAction[] {
  const { prng, cluster, at } = place;
  const when = later(at, drawLog(prng, 2_000, 150_000));
  const forUs = Math.min(place.forUs, 500_000);
  switch (nextBelow(prng, 5)) {
    case 0:
    case 4:
      return [1, 2, 4].map(
        (times): TapeAction => ({ kind: 'rollbackMove', at: later(at, times * (when - at)), group: null }),
      );
    case 1:
      return [{ kind: 'crash', at: when, node: to, mode: 'drawn', forUs }];
    case 2:
      return [{ kind: 'crash', at: when, node: nodeWith(cluster, 'meta'), mode: 'drawn', forUs }];
    default:
      return [{ kind: 'crash', at: when, node: nodeWith(cluster, 'compute'), mode: 'drawn', forUs }];
  }
}

/** F24, FS-79: the victim comes back with an empty disk; the others hold what it has lost. */
export const loseDisk: FaultMaker = ({ prng, at, victim }) =>
  victim === null ? [] : [{ kind: 'wipeDisk', at, node: victim, forUs: drawLog(prng, 1_000, 500_000) }];

/**
 * F18: segments of the victim's log rot; then writer and victim lose power, so that a recovery meets the damage, and now
 * and then another store is away meanwhile.
 */
export const rotStore: FaultMaker = ({ prng, cluster, at, victim }) => {
  if (victim === null) return [];
  const { id } = pick(prng, cluster.groups);
  const rots = Array.from(
    { length: nextBetween(prng, 2, 12) },
    (_, i): TapeAction => ({
      kind: 'bitRot',
      at: later(at, i),
      node: victim,
      prefix: `store/${id}/log/`,
      pick: null,
    }),
  );
  const crashAt = later(at, nextBetween(prng, 100, 20_000));
  const downUs = nextBetween(prng, 1_000, 30_000);
  const other = pick(
    prng,
    storesOf(cluster).filter((node) => node !== victim),
  );
  const away: TapeAction[] = nextChance(prng, 1, 2)
    ? [{ kind: 'isolate', at: crashAt, nodes: [other], forUs: nextBetween(prng, 100_000, 1_000_000) }]
    : [];
  return [
    ...rots,
    { kind: 'crash', at: crashAt, node: victim, mode: 'drawn', forUs: downUs },
    { kind: 'crash', at: crashAt, node: nodeWith(cluster, 'compute'), mode: 'drawn', forUs: downUs },
    ...away,
  ];
};

/** F28, F29: the stores of a zone, and now and then one more, are cut off. */
export const loseZone: FaultMaker = ({ prng, cluster, at, forUs }) => {
  const stores = cluster.nodes.filter(({ roles }) => roles.includes('store'));
  const zone = pick(prng, stores).zone;
  const lost = stores.filter((node) => node.zone === zone).map(({ id }) => id);
  const rest = stores.map(({ id }) => id).filter((id) => !lost.includes(id));
  const nodes = rest.length > 0 && nextChance(prng, 1, 3) ? [...lost, pick(prng, rest)] : lost;
  return [{ kind: 'isolate', at, nodes, forUs }];
};
