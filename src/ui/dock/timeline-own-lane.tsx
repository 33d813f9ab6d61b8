// A lane of the timeline that the run's stack adds: dots of events, the staircase of a gauge, named spans.

import { type ReactNode, useMemo } from 'react';
import type { WorldFrame } from '../../sim/frame.ts';
import { shownGauge } from '../../sim/gauges.ts';
import { gauges } from '../../stacks/gauges.ts';
import { useFrame } from '../../state/frame-store.ts';
import { ownVolume, volumesIn } from '../../state/role-views.ts';
import { usePicked } from '../../state/run-store.ts';
import { useSelection } from '../../state/selection-store.ts';
import type { TimelineLane } from '../model/timeline-lane.ts';
import type { Scale } from './timeline-lanes.tsx';
import { eventDots, gaugeSteps, placeSpans, stepNumbers, stepPath } from './timeline-model.ts';

interface LaneProps<L = TimelineLane> {
  readonly lane: L;
  readonly scale: Scale;
  readonly now: number;
  /** Its edges, px. */
  readonly top: number;
  readonly bottom: number;
}

type Lane<F extends TimelineLane['form']> = LaneProps<Extract<TimelineLane, { form: F }>>;

export function OwnLane({ lane, ...place }: LaneProps): ReactNode {
  if (lane.form === 'dots') return <Dots lane={lane} {...place} />;
  return lane.form === 'steps' ? <Steps lane={lane} {...place} /> : <Spans lane={lane} {...place} />;
}

function Dots({ lane: { kind, hue }, scale, top }: Lane<'dots'>): ReactNode {
  const { events } = usePicked();
  const own = useMemo(() => events.filter(({ event }) => event.kind === kind), [events, kind]);
  return <path d={eventDots(own, scale, top + 10)} fill={`var(--${hue})`} />;
}

/** The volume that the lenses look at. */
const lookedAt = (frame: WorldFrame, chosen: string | null): string => {
  const volumes = volumesIn(frame);
  return volumes.some(({ name }) => name === chosen) && chosen !== null
    ? chosen
    : ownVolume(frame.cluster, volumes);
};

/** Added to the name of a staircase where there are several volumes: whose it is. */
export function useVolumeSuffix(): string {
  const chosen = useSelection((state) => state.volume);
  return useFrame(({ frame }) =>
    frame === null || volumesIn(frame).length < 2 ? '' : ` ${lookedAt(frame, chosen)}`,
  );
}

/** px of a staircase from which a number fits below a tread. */
const numbersFrom = 33;

function Steps({ lane: { gauge }, scale, now, top, bottom }: Lane<'steps'>): ReactNode {
  const { events } = usePicked();
  const chosen = useSelection((state) => state.volume);
  const volume = useFrame(({ frame }) => (frame === null ? '' : lookedAt(frame, chosen)));
  const live = useFrame(({ frame }) =>
    frame === null ? null : shownGauge(gauges, gauge, frame, volume, false),
  );
  const down = useFrame(({ frame }) =>
    frame === null ? null : shownGauge(gauges, gauge, frame, volume, true),
  );
  const steps = useMemo(
    () => gaugeSteps(gauge, events, { live, down }, now, volume),
    [gauge, events, live, down, now, volume],
  );
  const [first, height] = [top + 2, bottom - top - 8];
  return (
    <>
      <path d={stepPath(steps, scale, first, height)} fill="none" stroke="var(--text)" strokeWidth={2} />
      {height > numbersFrom &&
        stepNumbers(steps, scale, first, height).map(({ x, y, value }) => (
          // Below a tread in the upper half, above it in the lower: never outside the lane.
          <text
            key={value}
            x={x + 4}
            y={y < first + height / 2 ? y + 14 : y - 5}
            fontSize={12}
            fill="var(--text-muted)"
            className="mono"
          >
            {value}
          </text>
        ))}
    </>
  );
}

/** Spans that are looked at: the newest. */
const spansShown = 24;
const spanRow = 19;

function Spans({ lane, scale, now, top, bottom }: Lane<'spans'>): ReactNode {
  const { events } = usePicked();
  const spans = useMemo(() => lane.read(events, now), [lane, events, now]);
  const colour = `var(--${lane.hue})`;
  const rows = Math.max(2, Math.floor((bottom - top - 4) / spanRow));
  const pitch = (bottom - top - 4) / rows;
  return placeSpans(spans.slice(-spansShown), scale, rows).map(({ span, row, x, width, name }) => {
    const y = top + row * pitch;
    const thick = Math.min(14, pitch - 5);
    return (
      <g key={span.key}>
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
            {span.label}
          </text>
        )}
        <rect
          x={x}
          y={y + (pitch - thick) / 2}
          width={width}
          height={thick}
          rx={2}
          fill={span.isFilled ? `color-mix(in srgb, ${colour} var(--soft), var(--bg-1))` : 'none'}
          stroke={colour}
          strokeWidth={1.5}
          {...(span.isFilled ? {} : { strokeDasharray: '4 3' })}
        >
          <title>{span.label}</title>
        </rect>
        {name === 'inside' && thick >= 14 && (
          <text x={x + 6} y={y + pitch / 2 + 4} fontSize={12} fill="var(--text)" className="mono">
            {span.label}
          </text>
        )}
      </g>
    );
  });
}
