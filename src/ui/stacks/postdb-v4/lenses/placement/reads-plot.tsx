// A read of several groups as SVG: the driver, the node that gathers, and the primary of each tablet with what came from it. The table
// below says the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { GatheredRead, PlacedPart } from './reads.ts';
import '../../../../../words/postdb-v4/placement.en.json';

const box = { width: 58, height: 26 } as const;
const rowHeight = 50;
const top = 30;
/** px between the boxes of two columns: lines with room for what they carry. */
const gap = { least: 34, most: 120 } as const;
/** px of a tablet's words. */
const wordsRoom = 190;

interface BoxProps {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly hue: string;
  readonly isDashed?: boolean;
}

const NodeBox = ({ name, x, y, hue, isDashed = false }: BoxProps): ReactNode => (
  <g data-hover={hoverKey({ kind: 'node', id: name })}>
    <rect
      x={x}
      y={y - box.height / 2}
      width={box.width}
      height={box.height}
      rx={4}
      fill={softFill(hue)}
      stroke={`var(--${hue})`}
      strokeWidth={1.5}
      {...(isDashed ? { strokeDasharray: '4 3' } : {})}
    />
    <text
      x={x + box.width / 2}
      y={y + 4.5}
      fontSize={13}
      fontWeight={600}
      textAnchor="middle"
      fill="var(--text)"
    >
      {name}
    </text>
  </g>
);

interface LineProps {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  /** Asked, not answered. */
  readonly isOpen: boolean;
}

function Line({ from, to, isOpen }: LineProps): ReactNode {
  const [x, y] = to;
  return (
    <>
      <path
        d={`M${from[0]} ${from[1]}L${x} ${y}`}
        stroke={isOpen ? 'var(--hole)' : 'var(--text-muted)'}
        strokeWidth={1.5}
        {...(isOpen ? { strokeDasharray: '4 3' } : {})}
      />
      <circle cx={x} cy={y} r={3} fill={isOpen ? 'var(--hole)' : 'var(--text-muted)'} />
    </>
  );
}

interface PartProps {
  readonly part: PlacedPart;
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly isOver: boolean;
}

function Part({ part, x, y, room, isOver }: PartProps): ReactNode {
  const t = useT();
  const { from, leader, group, tablet, rows, readPoint, pages } = part;
  const words =
    from === null
      ? t(isOver ? 'reads.never' : 'reads.waits')
      : from === ''
        ? t('reads.bare')
        : t('reads.came', { rows, point: readPoint, pages: pages.length });
  const short =
    wordsWidth(words, 6.8) <= room || from === null ? words : t('reads.short', { rows, point: readPoint });
  return (
    <g {...(group === null ? {} : { 'data-hover': hoverKey({ kind: 'group', id: group }) })}>
      {from !== '' && <NodeBox name={from ?? leader ?? '?'} x={x} y={y} hue="wal" isDashed={from === null} />}
      <text
        x={x + box.width + 10}
        y={y - 2}
        fontSize={12}
        fontWeight={600}
        fill="var(--text)"
        className="mono"
      >
        {group === null ? tablet : `${group} ${tablet}`}
      </text>
      <text x={x + box.width + 10} y={y + 14} fontSize={12} fill="var(--text-muted)">
        {short}
      </text>
    </g>
  );
}

interface PlotProps {
  readonly read: GatheredRead;
  readonly parts: readonly PlacedPart[];
  readonly width: number;
}

export const ReadsPlot = memo(function ReadsPlot({ read, parts, width }: PlotProps): ReactNode {
  const t = useT();
  const free = Math.max(0, width - 3 * box.width - 10 - wordsRoom);
  const between = Math.min(gap.most, Math.max(gap.least, free / 2));
  const [nodeX, partX] = [box.width + between, 2 * (box.width + between)];
  const height = top + Math.max(1, parts.length) * rowHeight;
  const middle = top + (Math.max(1, parts.length) * rowHeight) / 2;
  const isOver = read.endedAt !== null;
  const heads = [
    [0, t('reads.driver')],
    [nodeX, t('reads.node')],
    [partX, t('reads.primary')],
  ] as const;
  return (
    <PlotSvg width={width} height={height}>
      {heads.map(([x, text]) => (
        <text key={text} x={x} y={14} fontSize={12} fill="var(--text-muted)">
          {text}
        </text>
      ))}
      <Line from={[box.width, middle]} to={[nodeX, middle]} isOpen={!isOver} />
      {parts.map((part, i) => {
        const y = top + i * rowHeight + rowHeight / 2;
        return (
          <g key={part.relation}>
            {part.from !== '' && (
              <Line from={[nodeX + box.width, middle]} to={[partX, y]} isOpen={part.from === null} />
            )}
            <Part part={part} x={partX} y={y} room={width - partX - box.width - 10} isOver={isOver} />
          </g>
        );
      })}
      <NodeBox name={read.driver} x={0} y={middle} hue="client" />
      <NodeBox name={read.node} x={nodeX} y={middle} hue="ctl" />
    </PlotSvg>
  );
});
