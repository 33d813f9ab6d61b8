// Progress of the cluster's background work: filling holes, and moving a replica. From the frame alone; it can
// be disturbed by faults, never cancelled.

import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import type { MetaGroupView } from '../../core/pcs/pcs-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { metadataIn } from '../../state/role-views.ts';
import { storeOf } from '../model/node-facts.ts';

export interface HoleFill {
  readonly node: string;
  /** LSNs of the gaps asked for, and those that are there already. */
  readonly done: number;
  readonly of: number;
}

const fillOf = ({ requests }: StoreGroupView): { readonly done: number; readonly of: number } =>
  requests.reduce(
    (sum, { gapFirst, gapEnd, curGapPos }) => ({
      done: sum.done + Math.min(Math.max(curGapPos - gapFirst, 0), gapEnd - gapFirst),
      of: sum.of + gapEnd - gapFirst,
    }),
    { done: 0, of: 0 },
  );

export function holeFills({ nodes }: WorldFrame): readonly HoleFill[] {
  return nodes.flatMap((node) => {
    if (node.status !== 'up') return [];
    const fills = (storeOf(node)?.groups ?? []).map(fillOf).filter(({ of }) => of > 0);
    if (fills.length === 0) return [];
    const done = fills.reduce((sum, fill) => sum + fill.done, 0);
    return [{ node: node.id, done, of: fills.reduce((sum, fill) => sum + fill.of, 0) }];
  });
}

export interface GroupMove {
  readonly group: string;
  readonly from: string;
  readonly to: string;
  /** LSNs that the new member has, of those it must have before it counts. */
  readonly done: number;
  readonly of: number;
}

const moveOf = ({ group, move }: MetaGroupView): readonly GroupMove[] =>
  move === null
    ? []
    : [
        {
          group,
          from: move.from,
          to: move.to,
          done: Math.max(0, Math.min(move.scl ?? 0, move.target ?? 0)),
          of: Math.max(0, move.target ?? 0),
        },
      ];

/** As the metadata has them that knows most: every one of its nodes shows the same changes. */
export const groupMoves = (frame: Pick<WorldFrame, 'nodes'>): readonly GroupMove[] =>
  (metadataIn(frame)?.groups ?? []).flatMap(moveOf);
