// What must hold for an action in its world: its nodes exist and have the role, then what its definition checks. Used for
// lines of a tape and for what a person does; the answer is said to a person.

import type { ClusterSpec } from '../core/kernel/cluster-spec.ts';
import type { Params } from '../core/kernel/params.ts';
import { nearestName } from '../presets/parameters.ts';
import { type Refusal, refusal } from '../presets/refusals.ts';
import type { TapeAction, TapeTables } from './tape-actions.ts';

/** Why the action cannot be done in this world, or null. */
export function checkAction(
  { kinds, targets, nodes }: TapeTables,
  action: TapeAction,
  cluster: ClusterSpec,
  params: Params,
): Refusal | null {
  const kind = kinds[action.kind];
  const target = targets[kind.target];
  const known: readonly string[] = cluster.nodes.map(({ id }) => id);
  const stranger = [...target.nodes(action), ...(kind.names?.(action) ?? [])].find(
    (id) => !known.includes(id),
  );
  if (stranger !== undefined)
    return refusal('noNodeNear', { found: stranger, nearest: nearestName(stranger, known) });
  const wrongRole = target.refuse?.(action, cluster, kind.alsoFor) ?? null;
  if (wrongRole !== null) return wrongRole;
  const found =
    kind.check === undefined ? target.check?.(action) : kind.check(action, cluster, params, nodes);
  return found ?? null;
}
