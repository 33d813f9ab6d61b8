// Timeline: faults with their spans, violated rules, the lanes of the stack, the density of events by rank, branches and
// bookmarks over a stretch of virtual time or the whole run, with the playhead; drag it (or its arrow keys) to review.

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
import type { FaultFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { EmptyState } from '../kit/button.tsx';
import { millis } from '../kit/format.ts';
import { useLab } from '../lab-context.ts';
import { LessonSteps, stepLaneHeight, useLessonStops } from '../lessons/lesson-steps.tsx';
import { tablesOf } from '../model/run-tables.ts';
import type { TimelineLane } from '../model/timeline-lane.ts';
import { timeTicks } from '../plot/ticks.ts';
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
import { placeFaults } from './timeline-model.ts';
import { OwnLanes, useVolumePrefix } from './timeline-own-lane.tsx';
import { BookmarkRibbons, type Span, spans, TimelineTools } from './timeline-tools.tsx';
import { TornTicks } from './torn-ticks.tsx';
import '../../words/dock/dock.en.json';

/** The stretch that is shown: around a playhead in the past, else up to now. */
function makeScale(span: Span, now: number, newest: number, width: number): Omit<Scale, 'lanes'> {
  const length = span === 'all' ? Math.max(1000, newest * 1.04) : Number(span) * 1000;
  const to = span === 'all' ? length : (now < newest - length ? now + length / 2 : newest) + length * 0.08;
  const from = Math.max(0, to - length);
  return {
    from,
    to: from + length,
    isWhole: span === 'all',
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
const noLanes: readonly TimelineLane[] = [];

function Lanes({ width, height }: Size): ReactNode {
  const t = useT();
  const lab = useLab();
  const now = useFrame((state) => state.frame?.time ?? 0);
  // The run's own time where the past is shown; else the picture's is the newest.
  const liveTime = useRun((run) => (run === null || run.mode === 'LIVE' ? 0 : run.liveTime));
  const branchCount = useRun((run) => run?.branches.length ?? 0);
  const preset = useFrame((state) => state.frame?.preset ?? '');
  const own = tablesOf(preset).lanes ?? noLanes;
  const volume = useVolumePrefix();
  const [span, setSpan] = useState<Span>('20');
  const dragging = useRef(false);
  const seekLatest = useMemo(() => makeSeekLatest((at) => lab.seek(at)), [lab]);
  const newest = Math.max(now, liveTime);
  const stops = useLessonStops();
  const below = branchesHeight(branchCount) + (stops.length > 0 ? stepLaneHeight : 0);
  const window = makeScale(span, now, newest, width);
  const faults = placeFaults(useFrame((state) => state.frame?.faults) ?? noFaults, window);
  const lanes = lanesIn(
    height,
    below,
    Math.max(...faults.map(({ row }) => row + 1), 1),
    own.map(({ form }) => form),
  );
  const scale: Scale = { ...window, lanes };
  const lessonTop = lanes.bottom + branchesHeight(branchCount);
  const bottom = lanes.bottom + below;
  const edgesOf = (i: number) => ({ top: lanes.own[i] ?? 0, bottom: lanes.own[i + 1] ?? lanes.events });
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
        onPointerEnter={lab.expectReview}
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
        {timeTicks(scale.from, scale.to, 9).map((tick) => (
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
        {own.map((lane, i) => {
          const { top, bottom: end } = edgesOf(i);
          return (
            <g key={lane.label}>
              {label(
                `${lane.form === 'steps' ? volume : ''}${t(lane.label)}`,
                lane.form === 'dots' ? top + 14 : (top + end) / 2 + 2,
              )}
            </g>
          );
        })}
        {label(t('timeline.events'), (lanes.events + lanes.bottom) / 2 + 4)}
        {[...lanes.own.map((top, i) => top - (i === 0 ? 4 : 3)), lanes.events - 2, lanes.bottom].map((y) => (
          <path key={y} d={`M16 ${y + 0.5}H${width - 16}`} stroke="var(--line)" />
        ))}
        <TornTicks scale={scale} bottom={lanes.bottom} />
        <Faults placed={faults} scale={scale} />
        <OwnLanes lanes={own} scale={scale} now={now} edgesOf={edgesOf} />
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
