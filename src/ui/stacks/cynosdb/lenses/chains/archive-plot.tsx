// The archive as lanes over the LSN axis: one per group with its log segments, base images, gaps and what is not there yet;
// below them the ranges that can be restored, and the point that is chosen. The table beside it says the same.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { LsnPlot, type LsnRuler, type LsnScale, lsnScale, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { ArchiveGroup, ArchiveModel } from './archive.ts';

const labelWidth = 60;
const laneHeight = 30;
const lanesY = 36;

interface LaneProps {
  readonly group: ArchiveGroup;
  readonly vdl: number;
  readonly y: number;
  readonly scale: LsnScale;
}

/** Segments narrower than this are joined with their neighbours. */
const leastWidth = 3;

/** Neighbouring segments as one where they are too narrow to distinguish. */
export function joined(
  logs: ArchiveGroup['logs'],
  least: number,
): readonly (readonly [first: number, last: number, count: number])[] {
  const drawn: [number, number, number][] = [];
  for (const [first, last] of logs) {
    const before = drawn.at(-1);
    if (
      before !== undefined &&
      before[1] === first &&
      (before[1] - before[0] < least || last - first < least)
    ) {
      before[1] = last;
      before[2] += 1;
    } else drawn.push([first, last, 1]);
  }
  return drawn;
}

function Lane({ group, vdl, y, scale }: LaneProps): ReactNode {
  const t = useT();
  const { logs, bases, gaps, archivedTo } = group;
  const box = (first: number, last: number) => ({
    x: scale.x(first) + 0.5,
    y: y + 6.5,
    width: Math.max(1, (last - first) * scale.cell - 1),
    height: 17,
    rx: 2,
  });
  return (
    <g data-hover={hoverKey({ kind: 'group', id: group.group })}>
      <text x={0} y={y + 19} fontSize={13} fontWeight={500} fill="var(--text)">
        {group.group}
      </text>
      {joined(logs, leastWidth / scale.cell).map(([first, last, count]) => (
        <g key={first}>
          <rect {...box(first, last)} fill={softFill('ack')} stroke="var(--ack)" />
          <title>{t('archive.segments', { count, first, last })}</title>
        </g>
      ))}
      {vdl > archivedTo && (
        <rect
          {...box(archivedTo + 1, vdl + 1)}
          fill="none"
          stroke="var(--wal)"
          strokeWidth={1.5}
          strokeDasharray="4 3"
        />
      )}
      {gaps.map(({ first, end }) => (
        <rect key={first} {...box(first, end)} fill="url(#run-annulled)" stroke="var(--fence)" />
      ))}
      {bases.map((base) => (
        <g key={base}>
          <path
            d={`M${scale.x(base + 1)} ${y + 2}v26`}
            stroke="var(--text)"
            strokeWidth={2}
            strokeLinecap="round"
          />
          <path d={`M${scale.x(base + 1)} ${y + 2}l7 4l-7 4z`} fill="var(--text)" />
          <title>{`base@${base}`}</title>
        </g>
      ))}
    </g>
  );
}

interface PlotProps {
  readonly model: ArchiveModel;
  readonly width: number;
  /** LSN that is chosen to restore. */
  readonly chosen: number | null;
}

export function ArchivePlot({ model, width, chosen }: PlotProps): ReactNode {
  const t = useT();
  const scale = lsnScale(model.window, labelWidth, width - labelWidth - 12, width);
  const restoreY = lanesY + model.groups.length * laneHeight + 4;
  const bottom = restoreY + 22;
  const rulers: LsnRuler[] = [{ at: model.vdl + 1, text: `VDL ${model.vdl}` }];
  if (chosen !== null)
    rulers.push({ at: chosen + 1, text: `PITR ${chosen}`, hue: 'accent', atFoot: true, rightTo: width });
  return (
    <LsnPlot
      width={width}
      height={bottom + 20}
      scale={scale}
      bottom={bottom}
      ticks={{ gapPx: 60 }}
      rulers={rulers}
    >
      {model.groups.map((group, i) => (
        <Lane key={group.group} group={group} vdl={model.vdl} y={lanesY + i * laneHeight} scale={scale} />
      ))}
      <text x={0} y={restoreY + 14} fontSize={12} fill="var(--text-muted)">
        PITR
      </text>
      {model.restorable.map(([first, last]) => (
        <rect
          key={first}
          x={scale.x(first)}
          y={restoreY + 6}
          width={Math.max(2, (last - first) * scale.cell)}
          height={8}
          rx={4}
          fill="var(--accent)"
          opacity={0.55}
        >
          <title>{t('archive.restorable', { first, last: last - 1 })}</title>
        </rect>
      ))}
    </LsnPlot>
  );
}
