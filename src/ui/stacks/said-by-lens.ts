// What a lens says, as data: what it is read from, and what every lens asks the nodes for.

import type { GroupId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import type { ViewParams } from '../../core/kernel/view-params.ts';
import type { ListedEvent, NodeFrame, WorldFrame } from '../../run-model/picture/frame.ts';
import type { Standing } from '../../run-model/says/standings.ts';

/** The cluster as it is, with what a lens asks for. */
export type Picture = (view: ViewParams) => WorldFrame;

/** `group`: whose log is looked at; `past`: what a lens looks back at. Empty where the lens has nothing to show of this cluster. */
export type SaidByLens = (
  picture: Picture,
  cluster: ClusterSpec,
  group: GroupId | null,
  past: readonly ListedEvent[],
) => readonly Standing[];

export const lensNeed: ViewParams = { group: null, lsnWindow: null, span: 512, detail: true, pages: true };

export const nodesById = ({ nodes }: WorldFrame): Readonly<Record<string, NodeFrame>> =>
  Object.fromEntries(nodes.map((node) => [node.id, node]));
