// The placement lens as SVG: a row a shard group in the order of keys, a column a node, and at the right the log cut into shards and
// the load. Hidden from the accessibility tree: the table beside it says the same.

import { memo, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import type { Hue } from '../../../../kit/button.tsx';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { appointedMark, attachmentMark, placeText } from './describe.ts';
import { targetsOf } from './operators.ts';
import type { Attachment, PlacementModel, PlacementNode, PlacementRow } from './project.ts';

const headHeight = 40;
const tile = { width: 34, height: 26 } as const;
const columnMost = 76;
/** Of shards and load. */
const sideMost = 240;
/** A row's height; above its tiles a line for the label that has no room left of them; the least widths of its parts. */
const wide = { rowHeight: 44, above: 0, label: 150, column: 40, gap: 12, side: 84 } as const;
const narrow = { rowHeight: 62, above: 18, label: 4, column: 38, gap: 8, side: 72 } as const;
/** From here on the name of the load stands in one line, px. */
const oneLine = 132;

const attachmentHue: Readonly<Record<Attachment, Hue>> = {
  primary: 'wal',
  leavingPrimary: 'wal',
  replica: 'ack',
  outgoing: 'fence',
  learner: 'hole',
  none: 'text-muted',
};

interface Geometry {
  readonly rowHeight: number;
  readonly above: number;
  /** Left edge of the first node's column. */
  readonly nodesX: number;
  readonly column: number;
  readonly sideX: number;
  readonly side: number;
  readonly width: number;
}

/** In a narrow place labels stand above their tiles; what has no room then either is scrolled. */
function geometry(nodes: number, room: number): Geometry {
  const fits = wide.label + nodes * wide.column + wide.gap + wide.side <= room;
  const { label, gap, rowHeight, above, ...least } = fits ? wide : narrow;
  const free = room - label - least.side - gap;
  const column = Math.max(least.column, Math.min(columnMost, Math.floor(free / Math.max(1, nodes))));
  const sideX = label + nodes * column + gap;
  const side = Math.max(least.side, Math.min(sideMost, room - sideX));
  return { rowHeight, above, nodesX: label, column, sideX, side, width: Math.max(room, sideX + side) };
}

interface TileProps {
  readonly attachment: Attachment;
  /** Letter or star; it says with the frame what the node is in the group. */
  readonly mark: string;
  readonly x: number;
  readonly y: number;
  readonly note: string;
  /** A driver believes it to be the primary. */
  readonly isBelieved: boolean;
}

function Tile({ attachment, mark, x, y, note, isBelieved }: TileProps): ReactNode {
  const hue = attachmentHue[attachment];
  const isPrimary = attachment === 'primary' || attachment === 'leavingPrimary';
  const isDashed = ['learner', 'outgoing', 'leavingPrimary'].includes(attachment);
  return (
    <g>
      {attachment !== 'none' && (
        <>
          <rect
            x={x}
            y={y}
            width={tile.width}
            height={tile.height}
            rx={4}
            fill={isPrimary ? softFill(hue) : 'var(--bg-1)'}
            stroke={`var(--${hue})`}
            strokeWidth={isPrimary ? 2 : 1.5}
            {...(isDashed ? { strokeDasharray: '4 3' } : {})}
          />
          <text
            x={x + tile.width / 2}
            y={y + 18}
            fontSize={13}
            fontWeight={700}
            textAnchor="middle"
            fill="var(--text)"
          >
            {mark}
          </text>
        </>
      )}
      {note !== '' && (
        <text
          x={x + tile.width / 2}
          y={y + 38}
          fontSize={12}
          textAnchor="middle"
          fill="var(--text-muted)"
          className="mono"
        >
          {note}
        </text>
      )}
      {isBelieved && (
        <rect
          x={x - 3}
          y={y - 3}
          width={tile.width + 6}
          height={tile.height + 6}
          rx={6}
          fill="none"
          stroke="var(--fence)"
          strokeWidth={1.5}
          strokeDasharray="1.5 3"
        />
      )}
    </g>
  );
}

/** Shards by LSN, as long as they are; one that would be too narrow to see is drawn wider, and only the newest where they are many. */
function Shards({ row, x, y, width }: { row: PlacementRow; x: number; y: number; width: number }): ReactNode {
  const least = 6;
  const shown = row.shards.slice(-Math.max(1, Math.floor(width / (2 * least))));
  const lsns = shown.map(({ first, end }) => Math.max(1, (end < 0 ? row.tail + 1 : end) - first));
  const all = lsns.reduce((sum, one) => sum + one, 0);
  const room = width - shown.length * least;
  let left = x;
  return shown.map(({ id, end }, i) => {
    const isOpen = end < 0;
    const wide = least + ((lsns[i] ?? 0) / all) * room;
    const from = left;
    left += wide;
    return (
      <rect
        key={id}
        x={from + 0.5}
        y={y}
        width={wide - 2}
        height={10}
        rx={2}
        fill={isOpen ? 'var(--bg-1)' : softFill('wal')}
        stroke="var(--wal)"
        {...(isOpen ? { strokeDasharray: '3 2' } : {})}
      />
    );
  });
}

/** Width of a character of the numbers beside the bars, px; where there is little room no blanks part them. */
const digitWidth = 7.3;
const loadText = ({ load: { commits, requests } }: PlacementRow, width: number): string =>
  `${commits}${width < 110 ? '·' : ' · '}${requests}`;

/** `longest`: characters of the longest numbers of all rows, which no bar reaches. */
function Bars({
  row,
  most,
  longest,
  x,
  y,
  width,
}: {
  row: PlacementRow;
  most: number;
  longest: number;
  x: number;
  y: number;
  width: number;
}): ReactNode {
  const room = Math.max(8, width - 6 - longest * digitWidth);
  const length = (value: number): number => Math.max(value > 0 ? 2 : 0, (value / most) * room);
  const { commits, requests } = row.load;
  return (
    <>
      <rect x={x} y={y} width={length(commits)} height={5} fill="var(--ack)" />
      <rect x={x} y={y + 7} width={length(requests)} height={5} fill="var(--client)" />
      <text x={x + width} y={y + 11} fontSize={12} textAnchor="end" fill="var(--text-muted)" className="mono">
        {loadText(row, width)}
      </text>
    </>
  );
}

function Heads({ nodes, place }: { nodes: readonly PlacementNode[]; place: Geometry }): ReactNode {
  const t = useT();
  return nodes.map(({ id, zone, status, serves, replicas }, i) => {
    const x = place.nodesX + i * place.column + place.column / 2;
    const isUp = status === 'up';
    return (
      <g key={id} data-hover={hoverKey({ kind: 'node', id })}>
        <text
          x={x}
          y={14}
          fontSize={13}
          fontWeight={600}
          textAnchor="middle"
          fill={isUp ? 'var(--text)' : 'var(--fence)'}
        >
          {id}
          {!isUp && <title>{t(`health.${status}`)}</title>}
        </text>
        <text x={x} y={30} fontSize={12} textAnchor="middle" fill="var(--text-muted)" className="mono">
          {isUp ? `${serves}★${replicas - serves}R` : `✕ ${zone}`}
        </text>
      </g>
    );
  });
}

interface PlotProps {
  readonly model: PlacementModel;
  readonly width: number;
  readonly chosen: string | null;
  readonly onChoose?: (group: string) => void;
  /** A replica was dragged to another node. */
  readonly onMove?: (group: string, from: string, to: string) => void;
}

interface Drag {
  readonly group: string;
  readonly from: string;
  /** px from the left edge of the drawing where it began, and how far it is. */
  readonly at: number;
  readonly by: number;
  readonly targets: readonly string[];
}

/** px that a pointer moves before it drags. */
const dragFrom = 4;

/** A replica that is held: which node it is over, and what becomes of it when it is let go. */
function useDrag({ nodes, rows }: PlacementModel, place: Geometry, onMove: PlotProps['onMove']) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const wasDrag = useRef(false);
  const over = ({ at, by, targets }: Drag): string | null => {
    const id = nodes[Math.floor((at + by - place.nodesX) / place.column)]?.id;
    return id !== undefined && targets.includes(id) ? id : null;
  };
  const onPointerDown = (event: PointerEvent, group: string, from: string): void => {
    const row = rows.find((one) => one.group === group);
    const svg = event.currentTarget.closest('svg');
    wasDrag.current = false;
    if (onMove === undefined || event.button !== 0 || row === undefined || row.move !== null || svg === null)
      return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = event.clientX - svg.getBoundingClientRect().left;
    setDrag({ group, from, at, by: 0, targets: targetsOf(nodes, row.attachments) });
  };
  const onPointerMove = (event: PointerEvent): void => {
    const svg = event.currentTarget.closest('svg');
    if (drag === null || svg === null) return;
    const by = event.clientX - svg.getBoundingClientRect().left - drag.at;
    if (Math.abs(by) >= dragFrom) wasDrag.current = true;
    setDrag({ ...drag, by });
  };
  const onPointerUp = (): void => {
    const to = drag === null || !wasDrag.current ? null : over(drag);
    if (drag !== null && to !== null) onMove?.(drag.group, drag.from, to);
    setDrag(null);
  };
  return {
    drag: drag !== null && wasDrag.current ? drag : null,
    over: drag === null ? null : over(drag),
    /** A click that ended a drag chooses nothing. */
    wasDrag,
    handlers: { onPointerMove, onPointerUp, onPointerCancel: () => setDrag(null) },
    onPointerDown,
  };
}

export const PlacementPlot = memo(function PlacementPlot({
  model,
  width,
  chosen,
  onChoose,
  onMove,
}: PlotProps): ReactNode {
  const t = useT();
  const { nodes, rows, bare, most } = model;
  const place = geometry(nodes.length, width);
  const { rowHeight, above } = place;
  const longest = Math.max(0, ...rows.map((row) => loadText(row, place.side).length));
  const bareY = headHeight + rows.length * rowHeight;
  const height = bareY + bare.length * 24 + 6;
  const { drag, over, wasDrag, handlers, onPointerDown } = useDrag(model, place, onMove);
  return (
    <PlotSvg width={place.width} height={height}>
      {(place.side < oneLine ? t('placement.load').split(' · ') : [t('placement.load')])
        .toReversed()
        .map((line, i) => (
          <text key={line} x={place.sideX} y={30 - 16 * i} fontSize={12} fill="var(--text-muted)">
            {line}
          </text>
        ))}
      <Heads nodes={nodes} place={place} />
      {rows.map((row, i) => {
        const top = headHeight + i * rowHeight;
        const y = top + above;
        const { group } = row;
        const keys = (
          <tspan fontSize={12} fontWeight={400} fill="var(--text-muted)" className="mono">
            {placeText(row)}
          </tspan>
        );
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the drawing's container takes the keys
          <g
            key={group}
            data-hover={hoverKey({ kind: 'group', id: group })}
            onClick={() => {
              if (!wasDrag.current) onChoose?.(group);
            }}
          >
            <rect
              x={0}
              y={top}
              width={place.width}
              height={rowHeight}
              fill={group === chosen ? 'var(--bg-2)' : 'transparent'}
            />
            {group === chosen && <rect x={0} y={top} width={3} height={rowHeight} fill="var(--accent)" />}
            <path d={`M0 ${top + 0.5}H${place.width}`} stroke="var(--line)" />
            <text x={8} y={top + (above > 0 ? 15 : 18)} fontSize={13} fontWeight={600} fill="var(--text)">
              {group}
              <tspan fontWeight={400} fill={row.leader === null ? 'var(--fence)' : 'var(--text-muted)'}>
                {row.leader === null ? ` ${t('placement.nobody')}` : ` ${row.volume}`}
              </tspan>
              {above > 0 && <tspan dx={10}>{keys}</tspan>}
            </text>
            {above === 0 && (
              <text x={8} y={y + 35}>
                {keys}
              </text>
            )}
            {nodes.map(({ id }, at) => {
              const attachment = row.attachments[id] ?? 'none';
              const isHeld = drag?.group === group && drag.from === id;
              const tileX = place.nodesX + at * place.column + (place.column - tile.width) / 2;
              return (
                <g
                  key={id}
                  {...(onMove !== undefined && (attachment === 'primary' || attachment === 'replica')
                    ? {
                        ...handlers,
                        onPointerDown: (event: PointerEvent) => onPointerDown(event, group, id),
                        className: 'cursor-grab touch-none',
                        'data-replica': `${group} ${id}`,
                      }
                    : {})}
                >
                  {drag?.group === group && drag.targets.includes(id) && (
                    <rect
                      x={tileX}
                      y={y + 4}
                      width={tile.width}
                      height={tile.height}
                      rx={4}
                      fill={over === id ? softFill('ack') : 'none'}
                      stroke="var(--ack)"
                      strokeDasharray="2 3"
                    />
                  )}
                  <Tile
                    attachment={attachment}
                    mark={id === row.leader && !row.isServed ? appointedMark : attachmentMark(attachment)}
                    x={tileX + (isHeld ? drag.by : 0)}
                    y={y + 4}
                    note={id === row.leader ? `t${row.term}` : ''}
                    isBelieved={row.old.some(({ leader }) => leader === id) && id !== row.leader}
                  />
                </g>
              );
            })}
            <Shards row={row} x={place.sideX} y={y + 7} width={place.side} />
            <Bars row={row} most={most} longest={longest} x={place.sideX} y={y + 24} width={place.side} />
          </g>
        );
      })}
      {bare.map(({ table, tablet, keys }, i) => (
        <g key={`${table} ${tablet}`}>
          <rect
            x={4}
            y={bareY + i * 24 + 4}
            width={place.width - 8}
            height={18}
            rx={3}
            fill="none"
            stroke="var(--border-control)"
            strokeDasharray="4 3"
          />
          <text x={10} y={bareY + i * 24 + 17} fontSize={12} fill="var(--text-muted)">
            {`${table} ${keys} · ${t('placement.bare')}`}
          </text>
        </g>
      ))}
    </PlotSvg>
  );
});
