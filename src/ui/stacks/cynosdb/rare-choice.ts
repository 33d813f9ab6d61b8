// Rare events made to happen: each is a few ordinary tape actions at the right moments, found by watching the run. What
// is on the tape afterwards makes it happen again. Here are the steps that they are made of.

import type { NodeId } from '../../../base/ids.ts';
import type { Lab } from '../../../lab/api.ts';
import type { WorldFrame } from '../../../sim/frame.ts';
import { printAction } from '../../../sim/tape-print.ts';
import type { FlightView } from '../../../sim/types.ts';
import { isWriterNode, viewOf } from '../../../state/role-views.ts';
import { type NewAction, timed } from '../../faults/entry.ts';

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

export const send = (lab: Lab, action: NewAction): ReturnType<Lab['act']> =>
  lab.act(printAction(timed(action)));

/** Who shares a group with a store. */
export const peersOf = ({ cluster }: WorldFrame, store: string): readonly NodeId[] => [
  ...new Set(
    cluster.groups
      .filter(({ replicas }) => replicas.some((id) => id === store))
      .flatMap(({ replicas }) => replicas.filter((id) => id !== store)),
  ),
];

/** The time at which the event was found; null when it did not come in this many virtual ms, or was cancelled. */
export async function runOnUntil(lab: Lab, event: string, ms: number): Promise<number | null> {
  const limit = lab.run().liveTime / 1000 + ms;
  const stood = await lab.runUntil(`${event} or time >= ${limit.toFixed(3)}`);
  return stood.ok && stood.end === 'found' && stood.at < limit * 1000 ? stood.at : null;
}

/** The picture of a time at which the run stands: it may still be on its way. */
export function pictureAt(lab: Lab, at: number): Promise<WorldFrame> {
  return new Promise((resolve) => {
    const shown = lab.frame();
    if (shown !== null && shown.time >= at) {
      resolve(shown);
      return;
    }
    const end = lab.subscribe({
      onFrame(frame) {
        if (frame.time < at) return;
        end();
        resolve(frame);
      },
    });
  });
}
