// Stores that come and go in a swept run (PCS-79, PCS-80, PCS-100): some are added, and others are drained, the first ones as well; a drain
// is taken back now and then. From a stream of its own, so that the rest of a seed is as without them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { zonesOf } from '../node-templates.ts';
import type { TapeAction } from '../tape-actions.ts';
import { freeNames, pick } from './draw-tools.ts';

/** Of so many seeds one has them. */
const EVERY = 3;
/** Numbers of the names of added stores begin here, or above those of the layout. */
const FIRST = 11;
const MOST = 2;
/** An order is refused while too few stores are up, so it is given more than once; a drain copies base images under faults. */
const ORDERS = 3;

/** Most between the two orders, virtual µs: a drain copies for longer. */
const TWO_APART_US = 5_000;

/** Two nodes that are to leave at once, so that each may be the target of what the other gives away (PCS-80): one of each of two lists. */
export function drawTwoDrains(
  seed: number,
  ones: readonly NodeId[],
  others: readonly NodeId[],
  chaosUs: number,
): TapeAction[] {
  const prng = makePrng(seed, 'two drains at once');
  const one = pick(prng, ones);
  const two = pick(
    prng,
    others.filter((node) => node !== one),
  );
  return Array.from({ length: ORDERS }, (): TapeAction[] => {
    const at = nextBetween(prng, chaosUs >> 1, chaosUs);
    const second = at + nextBetween(prng, 0, TWO_APART_US);
    return [
      { kind: 'offline', at: at as Time, node: one },
      { kind: 'offline', at: second as Time, node: two },
    ];
  }).flat();
}

export function drawStoreLife(seed: number, cluster: ClusterSpec, chaosUs: number): TapeAction[] {
  if (seed % EVERY !== 1) return [];
  const prng = makePrng(seed, 'store life');
  const first = cluster.nodes.filter(({ roles }) => roles.includes('store')).map(({ id }) => id);
  const isTogether = seed % (2 * EVERY) === 1;
  const count = isTogether ? MOST : nextBetween(prng, 1, MOST);
  const added: NodeId[] = freeNames(first, 'store-', FIRST, count);
  const actions = added.map((node): TapeAction => {
    const at = nextBetween(prng, 300_000, Math.max(300_001, chaosUs >> 1)) as Time;
    return { kind: 'addNode', at, added: node, template: 'store', zone: pick(prng, zonesOf(cluster)) };
  });
  // of those that have replicas: one that came holds nothing, and is gone at once
  if (isTogether) return [...actions, ...drawTwoDrains(seed, first, first, chaosUs)];
  // as many go as came, so that each group keeps its number of replicas
  const stays = [...first, ...added];
  for (let n = 0; n < count; n++) {
    const [node] = stays.splice(nextBetween(prng, 0, stays.length - 1), 1);
    if (node === undefined) break;
    for (let i = 0; i < ORDERS; i++) {
      const at = nextBetween(prng, chaosUs >> 1, chaosUs);
      actions.push({ kind: 'offline', at: at as Time, node });
      if (nextChance(prng, 1, 5))
        actions.push({ kind: 'cancelOffline', at: (at + nextBetween(prng, 1_000, 200_000)) as Time, node });
    }
  }
  return actions.toSorted((a, b) => a.at - b.at);
}
