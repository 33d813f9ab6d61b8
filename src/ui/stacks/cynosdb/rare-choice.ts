// Whom the rare events of a replicated log are about: the writer, one of its stores, and the messages that are held back for it.

import type { NodeId } from '../../../base/ids.ts';
import type { WorldFrame } from '../../../run-model/picture/frame.ts';
import type { FlightView } from '../../../sim/types.ts';
import { isWriterNode, viewOf } from '../../../state/role-views.ts';

export interface Chosen {
  readonly writer: string;
  readonly store: string;
}

/** The writer, and the store of its last group that has no hole. */
export function choose(frame: WorldFrame): Chosen | null {
  const writer = frame.nodes.find((node) => isWriterNode(node) && node.status === 'up');
  const stores = frame.cluster.groups.at(-1)?.replicas ?? [];
  const whole = stores.filter((id) => {
    const node = frame.nodes.find((one) => one.id === id);
    const hasHoles = viewOf(node, 'store')?.groups.some((group) => group.holeCount > 0) === true;
    return node?.status === 'up' && !hasHoles;
  });
  const store = whole.at(-1);
  return writer === undefined || store === undefined ? null : { writer: writer.id, store };
}

export const heldFor = (frame: WorldFrame, { writer, store }: Chosen): readonly FlightView[] =>
  frame.flights
    .filter(
      ({ fate, from, to, label }) =>
        fate === 'held' && from === writer && to === store && label.family === 'wal',
    )
    .sort((a, b) => a.sentAt - b.sentAt || (a.label.range?.[0] ?? 0) - (b.label.range?.[0] ?? 0));

/** Who shares a group with a store. */
export const peersOf = ({ cluster }: WorldFrame, store: string): readonly NodeId[] => [
  ...new Set(
    cluster.groups
      .filter(({ replicas }) => replicas.some((id) => id === store))
      .flatMap(({ replicas }) => replicas.filter((id) => id !== store)),
  ),
];
