// Losses of chunk servers in a swept run: of their power, and of their disks with it (docs/spec/polarfs.md FS-70, FS-79). Power that
// all nodes lose at the end of a run, and a server that ends because it is drained, are none.

import type { NodeId, Time } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { Tape } from '../tape.ts';
import type { TracedEvent } from '../types.ts';

export const makeServerExercise = () => ({
  /** Chunk servers that lost power, and those of them that came back with an empty disk. */
  serversLost: 0,
  serversWiped: 0,
});
type ServerExercise = ReturnType<typeof makeServerExercise>;

/** Those that the cluster has at first, and those that are added. */
export const chunkServersOf = ({ nodes }: ClusterSpec, { actions }: Tape): ReadonlySet<NodeId> =>
  new Set([
    ...nodes.filter(({ roles }) => roles.includes('chunk')).map(({ id }) => id),
    ...actions.flatMap((action) =>
      action.kind === 'addNode' && action.template === 'chunk' ? [action.added] : [],
    ),
  ]);

/** `healAt`: faults end there. */
export function countServerLoss(
  exercise: ServerExercise,
  servers: ReadonlySet<NodeId>,
  healAt: Time,
  { at, node, event }: TracedEvent,
): void {
  if (event.kind !== 'node.down' || event.mode === 'removed' || at >= healAt || !servers.has(node)) return;
  exercise.serversLost++;
  if (event.mode === 'wiped') exercise.serversWiped++;
}
