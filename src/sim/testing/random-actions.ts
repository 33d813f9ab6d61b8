// Actions drawn at random from their definitions, for property tests and for worlds under chaos without a budget. What a
// drawn action says is always valid in its cluster.

import type { Time } from '../../base/ids.ts';
import { nextBetween, nextChance, type Prng } from '../../base/prng.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { ActionName, TapeAction, TapeTables } from '../tape-actions.ts';

/** A valid action of this kind at this time. */
export function drawAction(
  { kinds, targets, nodes }: TapeTables,
  prng: Prng,
  name: ActionName,
  cluster: ClusterSpec,
  floorUs: number,
  at: Time,
): TapeAction {
  const { target, args, isLasting } = kinds[name];
  const action: Record<string, unknown> = { at, kind: name, ...targets[target].draw(prng, cluster) };
  for (const [argName, arg] of Object.entries(args))
    action[argName] = arg.draw(prng, cluster, floorUs, nodes);
  if (isLasting) action.forUs = nextChance(prng, 1, 3) ? null : nextBetween(prng, 1, 10_000);
  return action as unknown as TapeAction;
}
