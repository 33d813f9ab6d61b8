// The status lists of a store's newest groups as strips: on its card, and in the exported picture of the map.

import { type ReactNode, useContext, useMemo } from 'react';
import type { StoreGroupView, StoreView } from '../../../core/log-store/store-view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { type LsnRange, selectionStore, useSelection } from '../../../state/selection-store.ts';
import { RunShape } from '../../glyphs/run-shape.tsx';
import { CardRoom } from '../../kit/card-room.ts';
import { computeOf } from '../../model/node-facts.ts';
import { groupRuns } from '../../model/runs.ts';
import { endOf, plainHeight, spanLsns } from '../log-strip.tsx';

/** Of the exported picture. */
const stripWidth = 196;
/** Before the strip: the group's name, px. */
const nameWidth = 32;
const widest = 512;

/** The groups that a card has room for: the one that is looked at, then the newest. */
export function shownGroups({ groups }: StoreView, lookedAt: string | null): readonly StoreGroupView[] {
  const newest = [...groups].reverse();
  const isLookedAt = ({ group }: StoreGroupView): boolean => group === lookedAt;
  return [...newest.filter(isLookedAt), ...newest.filter((one) => !isLookedAt(one))].slice(0, 2);
}

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

interface RunsProps extends StripProps {
  readonly first: number;
  readonly last: number;
  readonly veiled: LsnRange | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height?: number;
}

function Runs({ group, first, last, veiled, x, y, width, height = 10 }: RunsProps): ReactNode {
  const scale = width / (last - first);
  return groupRuns(group, [first, last], veiled).map((run) => (
    <RunShape
      key={`${run.kind}${run.first}`}
      kind={run.kind}
      x={x + (run.first - first) * scale}
      y={y}
      width={(run.end - run.first) * scale}
      height={height}
    />
  ));
}

/** `isAlone`: the only one of a plain card, whose group is not named. */
export function MiniStrip({
  group,
  isAlone = false,
}: StripProps & { readonly isAlone?: boolean }): ReactNode {
  const tail = useGroupTail(group.group);
  const veiled = useSelection((state) => state.veiled);
  const width = Math.max(0, useContext(CardRoom) - (isAlone ? 0 : nameWidth));
  const height = isAlone ? plainHeight : 10;
  const shapes = useMemo(() => {
    const last = endOf(Math.max(tail, group.nwl));
    const first = Math.max(last - widest, Math.min(last - spanLsns, group.ncl - 4));
    return (
      <Runs
        group={group}
        first={first}
        last={last}
        veiled={veiled}
        x={0}
        y={0}
        width={width}
        height={height}
      />
    );
  }, [group, tail, veiled, width, height]);
  const strip = (
    <svg width={width} height={height} aria-hidden="true">
      {shapes}
    </svg>
  );
  if (isAlone) return strip;
  return (
    <div className="flex h-[18px] items-center gap-1.5">
      <span className="mono text-muted">{group.group}</span>
      {strip}
    </div>
  );
}

interface PictureProps {
  readonly view: StoreView;
  readonly x: number;
  readonly y: number;
  readonly most: number;
}

export function PictureStrips({ view, x, y, most }: PictureProps): ReactNode {
  const { group: lookedAt, veiled } = selectionStore.getState();
  return shownGroups(view, lookedAt)
    .slice(0, most)
    .map((group, i) => {
      const last = endOf(group.nwl);
      return (
        <g key={group.group}>
          <text x={x + 10} y={y + i * 18 + 9} fontSize={12} fill="var(--text-muted)" className="mono">
            {group.group}
          </text>
          <Runs
            group={group}
            first={Math.max(0, last - spanLsns)}
            last={last}
            veiled={veiled}
            x={x + 36}
            y={y + i * 18}
            width={stripWidth}
          />
        </g>
      );
    });
}
