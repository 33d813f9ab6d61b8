// Pushes of configuration, a person's hand on a node's copy, and asks, where the metadata has several nodes (docs/spec/agents.md PCS-91,
// PCS-99). From a stream of its own, so that the rest of a seed is as without them.

import type { Time } from '../../base/ids.ts';
import { makePrng, nextBetween, nextChance } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Params } from '../../core/kernel/params.ts';
import type { TapeAction } from '../tape-actions.ts';
import { pick } from './draw-tools.ts';

/** Keys with the values that a swept run bears. */
const keys = [
  ['scrubEveryMs', 5, 100],
  ['materialiseMs', 5, 50],
  ['deadlockMs', 10, 200],
  ['vacuumDead', 4, 64],
  ['sessionQueue', 32, 64],
] as const;

/** Election timeouts between two of them. */
const BETWEEN = 8;

export function drawConfigPushes(
  seed: number,
  { nodes }: ClusterSpec,
  { electionMaxMs }: Params,
  chaosUs: number,
): TapeAction[] {
  if (nodes.filter(({ roles }) => roles.includes('meta')).length < 3) return [];
  const prng = makePrng(seed, 'configuration');
  const ids = nodes.map(({ id }) => id);
  const actions: TapeAction[] = [];
  const gapUs = electionMaxMs * 1000 * BETWEEN;
  for (
    let at = nextBetween(prng, gapUs >> 2, gapUs);
    at < chaosUs;
    at += nextBetween(prng, gapUs >> 1, gapUs)
  ) {
    const [key, low, high] = pick(prng, keys);
    const value = String(nextBetween(prng, low, high));
    const node = pick(prng, ids);
    const scope = pick(prng, ['global', 'role:store', `node:${node}`]);
    actions.push({ kind: 'putConfig', at: at as Time, scope, key, value, expect: null });
    const later = (at + nextBetween(prng, 0, gapUs >> 2)) as Time;
    if (nextChance(prng, 1, 2)) actions.push({ kind: 'editConfig', at: later, node, key, value: '64' });
    else if (nextChance(prng, 1, 3))
      actions.push({
        kind: 'ask',
        at: later,
        nodes: [node, pick(prng, ids)],
        command: { kind: 'getConfig' },
      });
  }
  return actions;
}
