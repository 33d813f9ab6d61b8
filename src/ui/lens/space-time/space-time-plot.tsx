// The drawing of lens 4.7: lanes, axis, fault bands, times down, messages and events. Pan by drag or A and D, zoom by
// wheel or W and S; a click chooses, with Shift the second one of a relation.

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { hoverEvent, hover as hoverSubject } from '../../../state/selection-store.ts';
import { eventText } from '../../dock/event-text.ts';
import { flightName } from '../../glyphs/flight-text.ts';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import type { SpaceTimeModel } from './project.ts';
import {
  axisHeight,
  type Geometry,
  laneHeight,
  makeGeometry,
  markAt,
  messageAt,
  spaceTimePaths,
} from './shapes.ts';

const labelRoom = 92;

interface PlotProps {
  readonly model: SpaceTimeModel;
  readonly width: number;
  readonly label: string;
  readonly onChoose: (index: number | null, isSecond: boolean) => void;
  readonly onMessage: (id: string) => void;
  /** By how many µs the stretch moves. */
  readonly onPan: (byUs: number) => void;
  readonly onZoom: (factor: number) => void;
}

function ticks(model: SpaceTimeModel): readonly number[] {
  const span = model.to - model.from;
  const step = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000].find(
    (us) => span / us <= 8,
  );
  if (step === undefined) return [];
  const list: number[] = [];
  for (let at = Math.ceil(model.from / step) * step; at <= model.to; at += step) list.push(at);
  return list;
}

function Lanes({
  model,
  geometry,
}: {
  readonly model: SpaceTimeModel;
  readonly geometry: Geometry;
}): ReactNode {
  const { x, y, left, width } = geometry;
  const clip = (at: number): number => Math.min(width - 12, Math.max(left, x(at)));
  return (
    <>
      {model.faults.map((fault) => (
        <rect
          key={`${fault.at} ${fault.text}`}
          x={clip(fault.at)}
          y={axisHeight}
          width={Math.max(2, clip(fault.until ?? model.to) - clip(fault.at))}
          height={laneHeight * model.lanes.length}
          fill="color-mix(in srgb, var(--fence) 7%, transparent)"
          stroke="var(--fence)"
          strokeWidth={0.5}
        >
          <title>{fault.text}</title>
        </rect>
      ))}
      {ticks(model).map((at) => (
        <g key={at}>
          <path d={`M${Math.round(x(at)) + 0.5} ${axisHeight}V${geometry.height - 8}`} stroke="var(--line)" />
          <text x={x(at)} y={16} fontSize={12} textAnchor="middle" fill="var(--text-muted)" className="mono">
            {millis(at)}
          </text>
        </g>
      ))}
      {model.lanes.map((node, lane) => (
        <g key={node}>
          <path d={`M${left} ${y(lane)}H${width - 12}`} stroke="var(--border-control)" />
          <text x={4} y={y(lane) + 4} fontSize={12} fontWeight={600} fill="var(--text)">
            {node}
          </text>
        </g>
      ))}
      {model.down.map(({ lane, from, to }) => (
        <rect
          key={`${lane} ${from}`}
          x={clip(from)}
          y={y(lane) - 8}
          width={Math.max(1, clip(to) - clip(from))}
          height={16}
          fill="url(#run-annulled)"
          stroke="var(--fence)"
        />
      ))}
    </>
  );
}

/** Most counts written, and px that one needs for itself. */
const countLimit = 300;
const countRoom = 16;

/** Events that stand for several, as far as their counts do not cover each other; marks come by time. */
function counted(model: SpaceTimeModel, geometry: Geometry): readonly SpaceTimeModel['marks'][number][] {
  const last = new Map<number, number>();
  return model.marks
    .filter((mark) => {
      const x = geometry.x(mark.at);
      if (mark.events.length < 2 || x - (last.get(mark.lane) ?? -countRoom) < countRoom) return false;
      last.set(mark.lane, x);
      return true;
    })
    .slice(0, countLimit);
}

function Marks({
  model,
  geometry,
}: {
  readonly model: SpaceTimeModel;
  readonly geometry: Geometry;
}): ReactNode {
  const paths = useMemo(() => spaceTimePaths(model, geometry), [model, geometry]);
  const { left, width, height } = geometry;
  const clip = useId();
  return (
    <>
      <clipPath id={clip}>
        <rect x={left - 8} y={0} width={Math.max(0, width - left)} height={height} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {paths.map(({ key, d, stroke, isFilled, isFaint }) => (
          <path
            key={key}
            d={d}
            stroke={`var(--${stroke})`}
            strokeWidth={1.5}
            fill={key.startsWith('m') ? 'none' : isFilled ? `var(--${stroke})` : 'var(--bg-1)'}
            opacity={isFaint ? 0.3 : 1}
          />
        ))}
      </g>
      {counted(model, geometry).map((mark, i) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: a number is written at another place, not made anew
          key={i}
          x={geometry.x(mark.at)}
          y={geometry.y(mark.lane) - 9}
          fontSize={12}
          textAnchor="middle"
          stroke="var(--bg-1)"
          strokeWidth={3}
          paintOrder="stroke"
          fill="var(--text-muted)"
        >
          {mark.events.length}
        </text>
      ))}
    </>
  );
}

/** What the pointer is over, in words. */
function hoverText(model: SpaceTimeModel, geometry: Geometry, x: number, y: number, to: string): string {
  const mark = markAt(model, geometry, x, y);
  if (mark !== null)
    return mark.events
      .slice(0, 6)
      .map(({ at, node, event }) => `${millis(at)} ${node} ${event.kind} ${eventText(event)}`)
      .join('\n');
  const message = messageAt(model, geometry, x, y)?.message;
  return message === undefined
    ? ''
    : `${flightName(message, to)}, ${millis(message.sentAt)} → ${millis(message.arrivesAt)} (${message.fate})`;
}

export function SpaceTimePlot(props: PlotProps): ReactNode {
  const { model, width, label, onChoose, onMessage, onPan, onZoom } = props;
  const t = useT();
  const geometry = useMemo(() => makeGeometry(model, width, labelRoom), [model, width]);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const [hover, setHover] = useState('');
  const place = (event: PointerEvent<SVGSVGElement>): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onMove = (move: PointerEvent<SVGSVGElement>): void => {
    const [x, y] = place(move);
    const start = drag.current;
    if (start === null) {
      setHover(hoverText(model, geometry, x, y, t('flight.to')));
      const event = markAt(model, geometry, x, y)?.events.at(-1);
      const message = event === undefined ? messageAt(model, geometry, x, y) : null;
      if (event !== undefined) hoverEvent(event);
      else hoverSubject(message === null ? null : { kind: 'message', id: message.message.id });
      return;
    }
    if (!start.moved && Math.abs(x - start.x) < 4) return;
    onPan(geometry.at(start.x) - geometry.at(x));
    drag.current = { x, moved: true };
  };
  const onUp = (event: PointerEvent<SVGSVGElement>): void => {
    const wasDrag = drag.current?.moved === true;
    drag.current = null;
    if (wasDrag) return;
    const [x, y] = place(event);
    const mark = markAt(model, geometry, x, y);
    const message = mark === null ? messageAt(model, geometry, x, y) : null;
    if (message !== null) onMessage(message.message.id);
    else onChoose(mark?.events.at(-1)?.index ?? null, event.shiftKey);
  };
  const onKey = (event: KeyboardEvent): void => {
    const span = model.to - model.from;
    const key = event.key.toLowerCase();
    if (key === 'a' || key === 'd') onPan(((key === 'a' ? -1 : 1) * span) / 4);
    else if (key === 'w' || key === 's') onZoom(key === 'w' ? 0.5 : 2);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <svg
      data-plot
      width={width}
      height={geometry.height}
      role="img"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: panned and zoomed by keys
      tabIndex={0}
      className="block cursor-grab touch-none select-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: place(event)[0], moved: false };
      }}
      onPointerMove={onMove}
      onPointerLeave={() => hoverSubject(null)}
      onPointerUp={onUp}
      onWheel={(event) => onZoom(event.deltaY > 0 ? 1.25 : 0.8)}
      onKeyDown={onKey}
    >
      <title>{hover}</title>
      <Lanes model={model} geometry={geometry} />
      <Marks model={model} geometry={geometry} />
    </svg>
  );
}
