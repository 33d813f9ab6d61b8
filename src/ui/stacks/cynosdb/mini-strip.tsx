// The status lists of a store's newest groups as strips, 10 px high: on its card, and in the exported picture of the map.

import { type ReactNode, useMemo } from 'react';
import type { StoreGroupView, StoreView } from '../../../core/log-store/store-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { RunShape } from '../../glyphs/run-shape.tsx';
import { computeOf } from '../../model/node-facts.ts';
import { groupRuns } from '../../model/runs.ts';

const stripWidth = 196;
const spanLsns = 32;
const widest = 512;

/** The groups that a card has room for, the newest first. */
export const shownGroups = ({ groups }: StoreView): readonly StoreGroupView[] =>
  [...groups].reverse().slice(0, 2);

interface StripProps {
  readonly group: StoreGroupView;
}

/** Newest LSN of the group as its writer has it, so that the strips of all its replicas line up. */
function useGroupTail(group: string): number {
  return useFrame(({ nodes }) => {
    for (const node of Object.values(nodes)) {
      const own = computeOf(node)?.groups.find((view) => view.group === group);
      if (own !== undefined) return own.tail;
    }
    return -1;
  });
}

export function MiniStrip({ group }: StripProps): ReactNode {
  const tail = useGroupTail(group.group);
  const shapes = useMemo(() => {
    const last = Math.ceil((Math.max(tail, group.nwl) + 4) / 4) * 4;
    const first = Math.max(last - widest, Math.min(last - spanLsns, group.ncl - 4));
    const scale = stripWidth / (last - first);
    return groupRuns(group, [first, last]).map((run) => (
      <RunShape
        key={`${run.kind}${run.first}`}
        kind={run.kind}
        x={(run.first - first) * scale}
        y={0}
        width={(run.last - run.first) * scale}
        height={10}
      />
    ));
  }, [group, tail]);
  return (
    <div className="flex h-[18px] items-center gap-1.5">
      <span className="mono text-muted">{group.group}</span>
      <svg width={stripWidth} height={10} aria-hidden="true">
        {shapes}
      </svg>
    </div>
  );
}

interface PictureProps {
  readonly view: StoreView;
  readonly x: number;
  readonly y: number;
}

export function PictureStrips({ view, x, y }: PictureProps): ReactNode {
  return shownGroups(view).map((group, i) => {
    const last = Math.ceil((group.nwl + 4) / 4) * 4;
    const first = Math.max(0, last - spanLsns);
    const scale = stripWidth / (last - first);
    const top = y + i * 18;
    return (
      <g key={group.group}>
        <text x={x + 10} y={top + 9} fontSize={12} fill="var(--text-muted)" className="mono">
          {group.group}
        </text>
        {groupRuns(group, [first, last]).map((run) => (
          <RunShape
            key={`${run.kind}${run.first}`}
            kind={run.kind}
            x={x + 36 + (run.first - first) * scale}
            y={top}
            width={(run.last - run.first) * scale}
            height={10}
          />
        ))}
      </g>
    );
  });
}
