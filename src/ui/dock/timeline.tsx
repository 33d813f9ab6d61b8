// Timeline: faults with their spans, commits, VDL, open holes and the density of events over the last stretch of
// virtual time, with the playhead; drag to review. Beside it the events as a list.

import { type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { FaultFrame, ListedEvent } from '../../sim/frame.ts';
import { frameStore, useFrame } from '../../state/frame-store.ts';
import { usePicked, useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { EmptyState } from '../kit/button.tsx';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { EventList } from './event-list.tsx';
import { makeSeekLatest } from './seek-latest.ts';
import { findHoleSpans, makeBuckets, stepPath, timeTicks, vdlSteps } from './timeline-model.ts';
import { TornTicks } from './torn-ticks.tsx';

const labelWidth = 96;
const lanes = { faults: 32, commits: 66, vdl: 96, holes: 150, events: 196, bottom: 216 } as const;
const spans = ['10', '20', '50', '200'] as const;
type SpanText = (typeof spans)[number];

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly x: (us: number) => number;
  readonly width: number;
}

/** A frame's time at most ten times a second: lanes need no more. */
function useSlowTime(): number {
  const [slow, setSlow] = useState(() => frameStore.getState().frame?.time ?? 0);
  useEffect(() => {
    const timer = setInterval(() => setSlow(frameStore.getState().frame?.time ?? 0), 100);
    return () => clearInterval(timer);
  }, []);
  return slow;
}

interface FaultProps {
  readonly fault: FaultFrame;
  /** Where the next fault begins: the text may reach so far. */
  readonly next: number | undefined;
  readonly scale: Scale;
}

function Fault({ fault, next, scale }: FaultProps): ReactNode {
  const { at, until, text } = fault;
  const y = lanes.faults;
  const end = next === undefined || next > scale.to ? scale.width : scale.x(next);
  if (until === at) {
    if (at < scale.from || at > scale.to) return null;
    const x = scale.x(at);
    return (
      <g>
        <path d={`M${x - 6} ${y + 2}h12l-6 14z`} fill="var(--hole)" />
        <svg
          x={x + 8}
          y={y}
          width={Math.max(2, end - x - 12)}
          height={20}
          className="overflow-hidden"
          aria-hidden="true"
        >
          <text x={4} y={14.5} fontSize={12} fontWeight={600} fill="var(--text)">
            {text}
          </text>
        </svg>
      </g>
    );
  }
  const first = Math.max(at, scale.from);
  const last = Math.min(until ?? scale.to, scale.to);
  if (last <= first) return null;
  const x = scale.x(first);
  const width = scale.x(last) - x;
  return (
    <g>
      <rect
        x={x}
        y={lanes.commits - 5}
        width={width}
        height={lanes.bottom - lanes.commits}
        fill="var(--hole)"
        opacity={0.06}
      />
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={Math.max(2, width - 1)}
        height={19}
        rx={3}
        fill="color-mix(in srgb, var(--hole) var(--soft), var(--bg-1))"
        stroke="var(--hole)"
        {...(until === null ? { strokeDasharray: '4 3' } : {})}
      />
      <svg
        x={x}
        y={y}
        width={Math.max(2, end - x - 4)}
        height={20}
        className="overflow-hidden"
        aria-hidden="true"
      >
        <text x={8} y={14.5} fontSize={12} fontWeight={600} fill="var(--text)">
          {text}
        </text>
      </svg>
    </g>
  );
}

function Density({
  events,
  scale,
}: {
  readonly events: readonly ListedEvent[];
  readonly scale: Scale;
}): ReactNode {
  const { heights, step } = makeBuckets(
    events,
    scale.from,
    scale.to,
    Math.floor((scale.width - labelWidth) / 12),
  );
  return heights.map(({ at, count, share }) =>
    count === 0 ? null : (
      <rect
        key={at}
        x={scale.x(at)}
        y={lanes.bottom - 3 - share * 18}
        width={Math.max(1, scale.x(at + step) - scale.x(at) - 2)}
        height={Math.max(2, share * 18)}
        fill="var(--border-control)"
        opacity={0.7}
      />
    ),
  );
}

function Lanes({ width }: { readonly width: number }): ReactNode {
  const t = useT();
  const lab = useLab();
  const now = useSlowTime();
  const liveTime = useRun((run) => run?.liveTime ?? 0);
  const { events } = usePicked();
  const faults = useFrame((state) => state.frame?.faults) ?? [];
  const vdl = useFrame((state) => state.frame?.metrics.vdl ?? -1);
  const [spanText, setSpan] = useState<SpanText>('20');
  const dragging = useRef(false);
  const seekLatest = useMemo(() => makeSeekLatest((at) => lab.seek(at)), [lab]);
  const span = Number(spanText) * 1000;
  const newest = Math.max(now, liveTime);
  const to = (now < newest - span ? now + span / 2 : newest) + span * 0.08;
  const from = Math.max(0, to - span);
  const scale: Scale = {
    from,
    to: from + span,
    width,
    x: (us) => labelWidth + ((us - from) / span) * (width - labelWidth - 16),
  };
  const steps = useMemo(() => vdlSteps(events, vdl, now), [events, vdl, now]);
  const holes = useMemo(() => findHoleSpans(events, now), [events, now]);
  const commits = events.filter((event) => event.event.kind === 'commit.ack' && event.at >= from);
  const seek = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - labelWidth) / (width - labelWidth - 16);
    const at = Math.round(Math.min(newest, Math.max(0, from + share * span)));
    seekLatest(at);
  };
  const label = (text: string, y: number): ReactNode => (
    <text x={16} y={y} fontSize={12} fill="var(--text-muted)">
      {text}
    </text>
  );
  return (
    <>
      <div className="absolute top-0.5 left-3 z-[2]">
        <Select
          label={t('timeline.span')}
          bare
          value={spanText}
          options={spans.map((value) => ({ value, label: `${value} ms` }))}
          onChange={setSpan}
        />
      </div>
      <svg
        width={width}
        height={lanes.bottom + 4}
        role="img"
        aria-label={t('timeline.label')}
        className="cursor-ew-resize touch-none select-none"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          dragging.current = true;
          seek(event);
        }}
        onPointerMove={(event) => {
          if (dragging.current) seek(event);
        }}
        onPointerUp={() => {
          dragging.current = false;
        }}
      >
        <TornTicks scale={scale} bottom={lanes.bottom} />
        {timeTicks(scale.from, scale.to).map((tick) => (
          <g key={tick}>
            <path d={`M${Math.round(scale.x(tick)) + 0.5} 26V${lanes.bottom}`} stroke="var(--line)" />
            <text
              x={scale.x(tick)}
              y={18}
              fontSize={12}
              textAnchor="middle"
              fill="var(--text-muted)"
              className="mono"
            >
              {(tick / 1000).toFixed(1)}
            </text>
          </g>
        ))}
        {label(t('timeline.faults'), lanes.faults + 14)}
        {label(t('timeline.commits'), lanes.commits + 16)}
        {label('VDL', lanes.vdl + 28)}
        {label(t('timeline.holes'), lanes.holes + 22)}
        {label(t('timeline.events'), lanes.events + 14)}
        {[60, 92, 146, 190].map((y) => (
          <path key={y} d={`M16 ${y + 0.5}H${width - 16}`} stroke="var(--line)" />
        ))}
        {faults.map((fault, i) => (
          <Fault key={`${fault.at} ${fault.text}`} fault={fault} next={faults[i + 1]?.at} scale={scale} />
        ))}
        {commits.map((event) => (
          <circle key={event.index} cx={scale.x(event.at)} cy={lanes.commits + 12} r={5} fill="var(--ack)" />
        ))}
        <path
          d={stepPath(steps, scale, lanes.vdl + 4, 40)}
          fill="none"
          stroke="var(--text)"
          strokeWidth={2}
        />
        {holes.slice(-8).map((hole, i) =>
          hole.to < scale.from ? null : (
            <g key={hole.key}>
              <rect
                x={scale.x(Math.max(hole.from, scale.from))}
                y={lanes.holes + 2 + (i % 3) * 12}
                width={Math.max(
                  3,
                  scale.x(Math.min(hole.to, scale.to)) - scale.x(Math.max(hole.from, scale.from)),
                )}
                height={10}
                rx={2}
                fill="none"
                stroke="var(--hole)"
                strokeWidth={1.5}
                {...(hole.asked ? {} : { strokeDasharray: '4 3' })}
              >
                <title>{hole.label}</title>
              </rect>
            </g>
          ),
        )}
        <Density events={events} scale={scale} />
        <path d={`M${scale.x(now)} 22V${lanes.bottom}`} stroke="var(--accent)" strokeWidth={2} />
        <path d={`M${scale.x(now) - 6} 20h12v6l-6 6-6-6z`} fill="var(--accent)" />
      </svg>
    </>
  );
}

export function Timeline(): ReactNode {
  const t = useT();
  const [width, setWidth] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const hasFrame = useFrame((state) => state.frame !== null);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="@container flex h-full min-h-0">
      <div ref={box} className="relative min-w-0 flex-1 overflow-hidden">
        {!hasFrame ? <EmptyState>{t('loading')}</EmptyState> : width > 160 && <Lanes width={width} />}
      </div>
      <div className="w-[44%] max-w-[520px] min-w-[300px] flex-none border-l border-line @max-[560px]:hidden">
        <EventList />
      </div>
    </div>
  );
}
