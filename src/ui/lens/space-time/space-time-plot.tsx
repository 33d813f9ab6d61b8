// The drawing of lens 4.7: lanes, axis, fault bands, times down, messages and events. Pan by drag or A and D, zoom by
// wheel or W and S; a click chooses, with Shift the second one of a relation. Messages and events are drawn on a canvas
// above the lanes; for an export they are drawn once as SVG.

import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import { hover as hoverSubject } from '../../../state/selection-store.ts';
import { flightName } from '../../glyphs/flight-text.ts';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { eventText } from '../../model/event-text.ts';
import { timeTicks } from '../../plot/ticks.ts';
import { FaultBands } from '../fault-bands.tsx';
import { LaneHandles } from './lane-handles.tsx';
import { lanePitch } from './lane-order.ts';
import type { SpaceTimeModel } from './model.ts';
import {
  axisHeight,
  edgeRoom,
  footHeight,
  type Geometry,
  type Look,
  laneAt,
  makeGeometry,
  markAt,
  messageAt,
  numberedMarks,
  relationShape,
  spaceTimePaths,
} from './shapes.ts';
import { Strip } from './strip.ts';

const labelRoom = 92;
/** px to the left of the oldest time in which half a mark is still seen. */
const markRoom = 8;
/** px of half a time on the axis; least px between two, of which the newest may be moved by half. */
const tickHalf = 30;
const tickPitch = 96;
/** px around the second event of a relation. */
const ringRadius = 10;

interface PlotProps {
  readonly model: SpaceTimeModel;
  /** Another one has nothing in common with the models before. */
  readonly projector: object;
  readonly width: number;
  /** px that the plot may fill. */
  readonly room: number;
  readonly label: string;
  /** For an export: everything as SVG. */
  readonly isExported: boolean;
  readonly onChoose: (event: ListedEvent | null, isSecond: boolean) => void;
  readonly onMessage: (id: string) => void;
  /** By how many µs the stretch moves. */
  readonly onPan: (byUs: number) => void;
  readonly onZoom: (factor: number) => void;
  readonly onLane: (node: string, place: number) => void;
}

interface LanesProps {
  readonly model: SpaceTimeModel;
  readonly geometry: Geometry;
}

const LaneLines = memo(function LaneLines({
  lanes,
  width,
  pitch,
}: {
  readonly lanes: readonly string[];
  readonly width: number;
  readonly pitch: number;
}): ReactNode {
  return lanes.map((node, lane) => (
    <g key={node}>
      <path d={`M${labelRoom} ${laneAt(pitch, lane)}H${width - edgeRoom}`} stroke="var(--border-control)" />
      <text x={4} y={laneAt(pitch, lane) + 4} fontSize={12} fontWeight={600} fill="var(--text)">
        {node}
      </text>
    </g>
  ));
});

function Lanes({ model, geometry }: LanesProps): ReactNode {
  const { x, y, left, width } = geometry;
  const clip = (at: number): number => Math.min(width - edgeRoom, Math.max(left, x(at)));
  const mostTicks = Math.max(1, Math.floor((width - edgeRoom - left) / tickPitch));
  return (
    <>
      <FaultBands
        faults={model.faults.map(({ text, at, until }) => ({ text, from: at, to: until ?? model.to }))}
        x={clip}
        top={axisHeight}
        height={geometry.pitch * model.lanes.length}
      />
      {timeTicks(model.to - model.spanUs, model.to, mostTicks).map((at) => (
        <g key={at}>
          <path d={`M${Math.round(x(at)) + 0.5} ${axisHeight}V${geometry.height - 8}`} stroke="var(--line)" />
          <text
            x={Math.min(x(at), width)}
            y={16}
            fontSize={12}
            // The newest one would run out of the lens.
            textAnchor={x(at) + tickHalf > width ? 'end' : 'middle'}
            fill="var(--text-muted)"
            className="mono"
          >
            {millis(at)}
          </text>
        </g>
      ))}
      <LaneLines lanes={model.lanes} width={width} pitch={geometry.pitch} />
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

const fillOf = (fill: Look['fill'], stroke: Look['stroke']): string =>
  ({
    none: 'none',
    stroke: `var(--${stroke})`,
    tint: `color-mix(in srgb, var(--${stroke}) var(--soft), var(--bg-1))`,
    ground: 'var(--bg-1)',
  })[fill];

/** The second event of a relation as a ring, and the way between the two, below what they go through. */
function RelationMark({ model, geometry }: LanesProps): ReactNode {
  const shape = relationShape(model, geometry);
  if (shape === null) return null;
  const [first, ...rest] = shape.path;
  return (
    <g fill="none" stroke="var(--accent)">
      {first !== undefined && (
        <path
          d={`M${first.join(' ')}${rest.map((place) => `L${place.join(' ')}`).join('')}`}
          strokeWidth={5}
          strokeOpacity={0.5}
          strokeLinejoin="round"
        />
      )}
      {shape.other !== null && (
        <circle cx={shape.other[0]} cy={shape.other[1]} r={ringRadius} strokeWidth={2} />
      )}
    </g>
  );
}

/** Messages and events as SVG. */
function ExportedMarks({ model, geometry }: LanesProps): ReactNode {
  const { left, width, height, x, y } = geometry;
  const clip = useId();
  return (
    <>
      <clipPath id={clip}>
        <rect x={left - markRoom} y={0} width={Math.max(0, width - left)} height={height} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        {spaceTimePaths(model, geometry).map(({ key, d, stroke, fill, lineWidth, isFaint, isDashed }) => (
          <path
            key={key}
            d={d}
            stroke={`var(--${stroke})`}
            strokeWidth={lineWidth}
            fill={fillOf(fill, stroke)}
            opacity={isFaint ? 0.3 : 1}
            {...(isDashed ? { strokeDasharray: '5 4' } : {})}
          />
        ))}
      </g>
      {numberedMarks(model.marks, x).map((mark) => (
        <text
          key={mark.events[0]?.index}
          x={x(mark.at)}
          y={y(mark.lane) - 9}
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

/** Messages and events on a canvas. */
function MarkStrip({ model, geometry, projector }: LanesProps & { readonly projector: object }): ReactNode {
  const screen = useRef<HTMLCanvasElement>(null);
  const strip = useRef<Strip | null>(null);
  const shown = useRef<readonly [object, SpaceTimeModel] | null>(null);
  useEffect(
    () => () => {
      strip.current?.close();
      strip.current = null;
      shown.current = null;
    },
    [],
  );
  useLayoutEffect(() => {
    if (screen.current === null) return;
    strip.current ??= new Strip(screen.current);
    const [by, before] = shown.current ?? [null, null];
    shown.current = [projector, model];
    strip.current.show(model, geometry, by === projector && before?.serial === model.serial - 1);
  }, [model, geometry, projector]);
  const { left, width, height } = geometry;
  return (
    <div
      className="pointer-events-none absolute top-0 overflow-hidden"
      style={{ left: left - markRoom, width: Math.max(0, width - left), height }}
    >
      <canvas ref={screen} className="absolute top-0" style={{ left: markRoom - left, width, height }} />
    </div>
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

interface StillProps {
  readonly model: SpaceTimeModel;
  readonly width: number;
  readonly label: string;
}

/** A model that does not move on: all of it as SVG, with nothing to press. */
export function SpaceTimeStill({ model, width, label }: StillProps): ReactNode {
  const pitch = lanePitch(0, model.lanes.length);
  const geometry = makeGeometry(model, width, labelRoom, pitch);
  return (
    <svg data-plot width={width} height={geometry.height} role="img" aria-label={label} className="block">
      <Lanes model={model} geometry={geometry} />
      <RelationMark model={model} geometry={geometry} />
      <ExportedMarks model={model} geometry={geometry} />
    </svg>
  );
}

export function SpaceTimePlot(props: PlotProps): ReactNode {
  const { model, projector, width, room, label, isExported, onChoose, onMessage, onPan, onZoom } = props;
  // The handles are drawn anew when the lanes change, and not with every answer.
  const onLane = useRef(props.onLane);
  onLane.current = props.onLane;
  const moveLane = useCallback((node: string, place: number) => onLane.current(node, place), []);
  const t = useT();
  const pitch = lanePitch(room - axisHeight - footHeight, model.lanes.length);
  const geometry = useMemo(() => makeGeometry(model, width, labelRoom, pitch), [model, width, pitch]);
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
      if (event !== undefined) hoverSubject({ kind: 'event', listed: event });
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
    else onChoose(mark?.events.at(-1) ?? null, event.shiftKey);
  };
  const onKey = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (key === 'a' || key === 'd') onPan(((key === 'a' ? -1 : 1) * model.spanUs) / 4);
    else if (key === 'w' || key === 's') onZoom(key === 'w' ? 0.5 : 2);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative" style={{ width, height: geometry.height }}>
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
        <RelationMark model={model} geometry={geometry} />
        {isExported && <ExportedMarks model={model} geometry={geometry} />}
      </svg>
      <MarkStrip model={model} geometry={geometry} projector={projector} />
      <LaneHandles lanes={model.lanes} pitch={pitch} width={labelRoom - 8} onMove={moveLane} />
    </div>
  );
}
