// Answers that outlive the life that asked (FENCE-59): answers of one storage node to a compute node's first page reads, or its first
// acknowledgements, are held back, the compute node dies in that life, and the held answers arrive while its next life waits for its own
// first ones, which are held until then. In every third seed, from a stream of its own.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { TapeAction } from '../tape-actions.ts';
import { pick, storesOf } from './draw-tools.ts';

const EVERY = 3;
const SEED_OF_THREE = 1;
/** Answers that are held of the first life, and of the one that waits. */
const HELD = [4, 24] as const;
const AWAITED = 40;

/** Virtual µs that the node is down, that its first life lasts, and from the start of the next until the held answers arrive. */
export interface LateAnswersScale {
  readonly downUs: readonly [least: number, most: number];
  readonly lifeUs: readonly [least: number, most: number];
  readonly waitUs: readonly [least: number, most: number];
}

export const SWEEP_LATE: LateAnswersScale = {
  downUs: [1000, 60_000],
  lifeUs: [150_000, 900_000],
  waitUs: [20_000, 300_000],
};
export const DENSE_LATE: LateAnswersScale = {
  downUs: [1000, 5000],
  lifeUs: [20_000, 120_000],
  waitUs: [2000, 25_000],
};

export function drawLateAnswers(
  seed: number,
  cluster: ClusterSpec,
  chaosUs: number,
  { downUs, lifeUs, waitUs }: LateAnswersScale,
): TapeAction[] {
  if (seed % EVERY !== SEED_OF_THREE) return [];
  const prng = makePrng(seed, 'late answers');
  const families = makePrng(seed, 'late families');
  const askers = cluster.nodes.filter(({ roles }) => roles.includes('compute')).map(({ id }) => id);
  const longest = 2 * downUs[1] + lifeUs[1] + 2 * waitUs[1];
  const actions: TapeAction[] = [];
  for (let at = nextBelow(prng, longest) + longest; at < chaosUs - longest; at += 2 * longest) {
    const asker = pick(prng, askers);
    const stores = storesOf(cluster).filter((id) => id !== asker);
    const late = pick(prng, stores);
    // acknowledgements as well: a mount, a term and a stream number anew what they ask to be written
    const family = pick(families, ['pageReply', 'pageReply', 'ack'] as const);
    const hold = (from: NodeId, when: number, count: number): TapeAction => ({
      kind: 'holdNext',
      at: when as Time,
      link: { from: [from], to: [asker], isBothWays: false },
      family,
      count,
    });
    const down = (when: number, forUs: number): TapeAction => ({
      kind: 'crash',
      at: when as Time,
      node: asker,
      mode: 'drawn',
      forUs,
    });
    const firstDown = nextBetween(prng, ...downUs);
    const nextDown = nextBetween(prng, ...downUs);
    const dies = at + firstDown + nextBetween(prng, ...lifeUs);
    const again = dies + nextDown;
    const arrives = again + nextBetween(prng, ...waitUs);
    const release = (from: NodeId, when: number): TapeAction => ({
      kind: 'release',
      at: when as Time,
      link: { from: [from], to: [asker], isBothWays: false },
    });
    actions.push(
      down(at, firstDown),
      hold(late, at + firstDown, nextBetween(prng, ...HELD)),
      down(dies, nextDown),
      ...stores.map((store) => hold(store, again, AWAITED)),
      release(late, arrives),
      ...stores.map((store) => release(store, arrives + nextBetween(prng, 1000, waitUs[1]))),
    );
  }
  return actions;
}
