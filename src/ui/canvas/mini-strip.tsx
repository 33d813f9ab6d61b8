// The small hole strip of a store's card: one row per group, 200 × 10, the newest part of its list.

import { type ReactNode, useMemo } from 'react';
import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import { useFrame } from '../../state/frame-store.ts';
import { RunShape } from '../glyphs/run-shape.tsx';
import { computeOf } from '../model/node-facts.ts';
import { groupRuns } from '../model/runs.ts';

const stripWidth = 196;
const spanLsns = 32;
const widest = 512;

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
