// Losses of the metadata's nodes where it has several: its leader, a minority, a disk. From a stream of its own, so that the rest of a
// seed is as without them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween, nextChance } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { TapeAction } from '../tape-actions.ts';
import { crashModeOf, pick } from './draw-tools.ts';

/** Election timeouts between two losses: time for a leader that serves for a while. */
const BETWEEN = 12;

export function drawMetadataFaults(
  seed: number,
  { nodes }: ClusterSpec,
  { electionMaxMs }: Params,
  chaosUs: number,
): TapeAction[] {
  const pcs = nodes.filter(({ roles }) => roles.includes('meta')).map(({ id }) => id);
  if (pcs.length < 3) return [];
  const prng = makePrng(seed, 'metadata faults');
  const actions: TapeAction[] = [];
  const electionUs = electionMaxMs * 1000;
  let at = 0;
  for (;;) {
    at += nextBetween(prng, (electionUs * BETWEEN) >> 1, electionUs * BETWEEN);
    if (at >= chaosUs) break;
    const forUs = nextBetween(prng, electionUs, electionUs * 6);
    actions.push(loss(pick(prng, pcs), at as Time, forUs, nextBelow(prng, 3), crashModeOf(prng)));
  }
  // a disk that is lost takes its member out for good, so at most one
  if (nextChance(prng, 1, 4)) {
    const when = nextBelow(prng, Math.max(1, chaosUs)) as Time;
    actions.push({ kind: 'wipeDisk', at: when, node: pick(prng, pcs), forUs: electionUs });
  }
  return actions;
}

function loss(
  node: NodeId,
  at: Time,
  forUs: number,
  how: number,
  mode: ReturnType<typeof crashModeOf>,
): TapeAction {
  return how === 0 ? { kind: 'isolate', at, nodes: [node], forUs } : { kind: 'crash', at, node, mode, forUs };
}
