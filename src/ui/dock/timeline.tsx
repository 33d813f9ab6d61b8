// Timeline: faults with their spans, violated rules, commits, VDL, open holes, the density of events by rank, branches
// and bookmarks over a stretch of virtual time or the whole run, with the playhead; drag it (or its arrow keys) to
// review.

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
  type WheelEvent,
} from 'react';
import type { FaultFrame } from '../../sim/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { usePicked, useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { EmptyState } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { LessonSteps, stepLaneHeight, useLessonStops } from '../lessons/lesson-steps.tsx';
import { makeSeekLatest } from './seek-latest.ts';
import {
  BranchLanes,
  BranchPoints,
  branchesHeight,
  Faults,
  labelWidth,
  lanesIn,
  RankDensity,
  type Scale,
  Violations,
} from './timeline-lanes.tsx';
import {
  commitDots,
  findHoleSpans,
  placeFaults,
  placeHoles,
  stepNumbers,
  stepPath,
  timeTicks,
  vdlSteps,
} from './timeline-model.ts';
import { BookmarkRibbons, type Span, spans, TimelineTools } from './timeline-tools.tsx';
import { TornTicks } from './torn-ticks.tsx';
import './texts.ts';

/** The stretch that is shown: around a playhead in the past, else up to now. */
function makeScale(span: Span, now: number, newest: number, width: number): Omit<Scale, 'lanes'> {
  const length = span === 'all' ? Math.max(1000, newest * 1.04) : Number(span) * 1000;
  const to = span === 'all' ? length : (now < newest - length ? now + length / 2 : newest) + length * 0.08;
  const from = Math.max(0, to - length);
  return {
    from,
    to: from + length,
    width,
    x: (us) => labelWidth + ((us - from) / length) * (width - labelWidth - 16),
  };
}

interface PlayheadProps {
  readonly scale: Scale;
  readonly now: number;
  readonly newest: number;
  readonly bottom: number;
  readonly onSeek: (at: number) => void;
}

/** Where the run stands, as a slider: arrows a hundredth of the stretch, Home and End its ends. */
function Playhead({ scale, now, newest, bottom, onSeek }: PlayheadProps): ReactNode {
  const t = useT();
  const step = (scale.to - scale.from) / 100;
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -step, ArrowRight: step, PageUp: -10 * step, PageDown: 10 * step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(Math.round(Math.min(newest, Math.max(0, now + by))));
  };
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.head')}
      aria-valuemin={0}
      aria-valuemax={newest}
      aria-valuenow={now}
      aria-valuetext={t('timeline.playhead', { time: millis(now) })}
      onKeyDown={onKey}
    >
      <path d={`M${scale.x(now)} 22V${bottom}`} stroke="var(--accent)" strokeWidth={2} />
      <path d={`M${scale.x(now) - 6} 20h12v6l-6 6-6-6z`} fill="var(--accent)" />
    </g>
  );
}

const noFaults: readonly FaultFrame[] = [];

function Lanes({ width, height }: Size): ReactNode {
  const t = useT();
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  // The run's own time where the past is shown; else the picture's is the newest.
  const liveTime = useRun((run) => (run === null || run.mode === 'LIVE' ? 0 : run.liveTime));
  const branchCount = useRun((run) => run?.branches.length ?? 0);
  const { events } = usePicked();
  const vdl = useFrame((state) => state.frame?.metrics.vdl ?? -1);
  const [span, setSpan] = useState<Span>('20');
  const dragging = useRef(false);
  const seekLatest = useMemo(() => makeSeekLatest((at) => lab.seek(at)), [lab]);
  const newest = Math.max(now, liveTime);
  const stops = useLessonStops();
  const below = branchesHeight(branchCount) + (stops.length > 0 ? stepLaneHeight : 0);
  const window = makeScale(span, now, newest, width);
  const faults = placeFaults(useFrame((state) => state.frame?.faults) ?? noFaults, window);
  const lanes = lanesIn(height, below, Math.max(...faults.map(({ row }) => row + 1), 1));
  const scale: Scale = { ...window, lanes };
  const lessonTop = lanes.bottom + branchesHeight(branchCount);
  const bottom = lanes.bottom + below;
  const stairs = lanes.holes - lanes.vdl - 8;
  const steps = useMemo(() => vdlSteps(events, vdl, now), [events, vdl, now]);
  const holes = useMemo(() => findHoleSpans(events, now), [events, now]);
  const commits = useMemo(() => events.filter(({ event }) => event.kind === 'commit.ack'), [events]);
  const seek = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - labelWidth) / (width - labelWidth - 16);
    seekLatest(Math.round(Math.min(newest, Math.max(0, scale.from + share * (scale.to - scale.from)))));
  };
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    const next = spans[spans.indexOf(span) + Math.sign(event.deltaY)];
    if (next !== undefined) setSpan(next);
  };
  const label = (text: string, y: number): ReactNode => (
    <text x={16} y={y} fontSize={12} fill="var(--text-muted)">
      {text}
    </text>
  );
  return (
    <>
      <TimelineTools span={span} onSpan={setSpan} />
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing, not a form */}
      <svg
        width={width}
        height={bottom + 4}
        role="group"
        aria-label={t('timeline.label')}
        className="cursor-ew-resize touch-none select-none"
        onWheel={onWheel}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          dragging.current = true;
          seek(event);
        }}
        onPointerMove={(event) => {
          if (dragging.current) seek(event);
        }}
        // Also where the browser takes the pointer away: what moves later is no drag.
        onLostPointerCapture={() => {
          dragging.current = false;
        }}
      >
        {timeTicks(scale.from, scale.to).map((tick) => (
          <g key={tick}>
            <path d={`M${Math.round(scale.x(tick)) + 0.5} 26V${bottom}`} stroke="var(--line)" />
            <text
              x={scale.x(tick)}
              y={18}
              fontSize={12}
              textAnchor="middle"
              fill="var(--text-muted)"
              className="mono"
              opacity={scale.x(tick) < labelWidth + 140 ? 0 : 1}
            >
              {(tick / 1000).toFixed(1)}
            </text>
          </g>
        ))}
        {label(t('timeline.faults'), lanes.faults + 14)}
        {label(t('timeline.commits'), lanes.commits + 14)}
        {label('VDL', (lanes.vdl + lanes.holes) / 2 + 2)}
        {label(t('timeline.holes'), (lanes.holes + lanes.events) / 2 + 2)}
        {label(t('timeline.events'), (lanes.events + lanes.bottom) / 2 + 4)}
        {[lanes.commits - 4, lanes.vdl - 3, lanes.holes - 3, lanes.events - 2, lanes.bottom].map((y) => (
          <path key={y} d={`M16 ${y + 0.5}H${width - 16}`} stroke="var(--line)" />
        ))}
        <TornTicks scale={scale} bottom={lanes.bottom} />
        <Faults placed={faults} scale={scale} />
        <path d={commitDots(commits, scale, lanes.commits + 10)} fill="var(--ack)" />
        <path
          d={stepPath(steps, scale, lanes.vdl + 2, stairs)}
          fill="none"
          stroke="var(--text)"
          strokeWidth={2}
        />
        {stairs > numbersFrom && <StepNumbers steps={steps} scale={scale} height={stairs} />}
        <Holes holes={holes} scale={scale} />
        <RankDensity scale={scale} />
        <BranchPoints scale={scale} />
        <BranchLanes scale={scale} />
        <LessonSteps stops={stops} y={lessonTop} scale={scale} />
        <BookmarkRibbons scale={scale} />
        <Violations scale={scale} />
        <Playhead scale={scale} now={now} newest={newest} bottom={bottom} onSeek={seekLatest} />
      </svg>
    </>
  );
}

/** px of the VDL lane from which a number fits below a tread. */
const numbersFrom = 33;

interface StepNumbersProps {
  readonly steps: ReturnType<typeof vdlSteps>;
  readonly scale: Scale;
  readonly height: number;
}

/** Below a tread in the upper half, above it in the lower: never outside the lane. */
function StepNumbers({ steps, scale, height }: StepNumbersProps): ReactNode {
  const top = scale.lanes.vdl + 2;
  return stepNumbers(steps, scale, top, height).map(({ x, y, value }) => (
    <text
      key={value}
      x={x + 4}
      y={y < top + height / 2 ? y + 14 : y - 5}
      fontSize={12}
      fill="var(--text-muted)"
      className="mono"
    >
      {value}
    </text>
  ));
}

/** Hole spans that are looked at: the newest. */
const holesShown = 24;
const holeRow = 19;

interface HolesProps {
  readonly holes: ReturnType<typeof findHoleSpans>;
  readonly scale: Scale;
}

function Holes({ holes, scale }: HolesProps): ReactNode {
  const { lanes } = scale;
  const rows = Math.max(2, Math.floor((lanes.events - lanes.holes - 4) / holeRow));
  const pitch = (lanes.events - lanes.holes - 4) / rows;
  return placeHoles(holes.slice(-holesShown), scale, rows).map(({ hole, row, x, width, name }) => {
    const y = lanes.holes + row * pitch;
    const thick = Math.min(14, pitch - 5);
    return (
      <g key={hole.key}>
        {name === 'before' && (
          <text
            x={x - 6}
            y={y + pitch / 2 + 4}
            fontSize={12}
            textAnchor="end"
            stroke="var(--bg-1)"
            strokeWidth={4}
            paintOrder="stroke"
            fill="var(--text-muted)"
            className="mono"
          >
            {hole.label}
          </text>
        )}
        <rect
          x={x}
          y={y + (pitch - thick) / 2}
          width={width}
          height={thick}
          rx={2}
          fill={hole.asked ? 'color-mix(in srgb, var(--hole) var(--soft), var(--bg-1))' : 'none'}
          stroke="var(--hole)"
          strokeWidth={1.5}
          {...(hole.asked ? {} : { strokeDasharray: '4 3' })}
        >
          <title>{hole.label}</title>
        </rect>
        {name === 'inside' && thick >= 14 && (
          <text x={x + 6} y={y + pitch / 2 + 4} fontSize={12} fill="var(--text)" className="mono">
            {hole.label}
          </text>
        )}
      </g>
    );
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export function Timeline(): ReactNode {
  const t = useT();
  const [{ width, height }, setSize] = useState<Size>({ width: 0, height: 0 });
  const box = useRef<HTMLDivElement>(null);
  const hasFrame = useFrame((state) => state.frame !== null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.offsetWidth, height: element.offsetHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} className="contain-strict relative h-full overflow-x-hidden overflow-y-auto">
      {!hasFrame ? (
        <EmptyState>{t('loading')}</EmptyState>
      ) : (
        width > 160 && <Lanes width={width} height={height} />
      )}
    </div>
  );
}
