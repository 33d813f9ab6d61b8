// A lane of the timeline that the run's stack adds: dots of events, the staircase of a gauge, named spans.

import { type ReactNode, useMemo } from 'react';
import type { TraceKind } from '../../core/kernel/trace.ts';
import { isShownNow, shownGauge } from '../../run-model/gauges/gauges.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { gauges } from '../../stacks/gauges.ts';
import { useFrame } from '../../state/frame-store.ts';
import { ownVolume, volumesIn } from '../../state/role-views.ts';
import { useSelection } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { usePast } from '../lens/use-past.ts';
import type { TimelineLane } from '../model/timeline-lane.ts';
import type { Scale } from './timeline-lanes.tsx';
import '../../words/dock/dock.en.json';
import {
  eventDots,
  gaugeSets,
  gaugeSteps,
  type LanesPast,
  placeSpans,
  stepNumbers,
  stepPath,
  wholeSince,
} from './timeline-model.ts';

interface Edges {
  /** px */
  readonly top: number;
  readonly bottom: number;
}

interface LaneProps<L = TimelineLane> extends Edges {
  readonly lane: L;
  readonly past: LanesPast;
  readonly scale: Scale;
  readonly now: number;
}

type Lane<F extends TimelineLane['form']> = LaneProps<Extract<TimelineLane, { form: F }>>;

interface LanesProps {
  readonly lanes: readonly TimelineLane[];
  readonly scale: Scale;
  readonly now: number;
  readonly edgesOf: (i: number) => Edges;
}

function kindsOf(lane: TimelineLane): readonly TraceKind[] {
  if (lane.form === 'dots') return [lane.kind];
  if (lane.form === 'spans') return lane.kinds;
  const kind = gauges.byId.get(lane.gauge)?.event?.kind;
  return kind === undefined ? [] : [kind];
}

/** Virtual µs looked back at least: what is open now may have begun so long ago. */
const leastBack = 200_000;
/** Windows looked back: what is drawn at the left edge began before it. */
const windowsBack = 2;

export function OwnLanes({ lanes, scale, now, edgesOf }: LanesProps): ReactNode {
  const t = useT();
  const need = useMemo(
    () => ({ minRank: 0, kinds: [...new Set(lanes.flatMap(kindsOf))], withMessages: false }),
    [lanes],
  );
  // One question for lengths that differ by the run's own growth only.
  const back = scale.isWhole ? Number.POSITIVE_INFINITY : Math.round(windowsBack * (scale.to - scale.from));
  const past = usePast(Math.max(leastBack, back), null, need);
  if (past === null || lanes.length === 0) return null;
  const [top, bottom] = [edgesOf(0).top - 4, edgesOf(lanes.length - 1).bottom - 2];
  const known = Math.min(scale.x(Math.max(scale.from, wholeSince(past))), scale.width);
  const start = scale.x(scale.from);
  return (
    <>
      {known > start + 1 && (
        <rect
          data-not-kept=""
          x={start}
          y={top}
          width={known - start}
          height={bottom - top}
          fill="var(--text-muted)"
          opacity={0.12}
        >
          <title>{t('timeline.notKept', { time: millis(wholeSince(past)) })}</title>
        </rect>
      )}
      {lanes.map((lane, i) => (
        <OwnLane key={lane.label} lane={lane} past={past} scale={scale} now={now} {...edgesOf(i)} />
      ))}
    </>
  );
}

function OwnLane({ lane, ...place }: LaneProps): ReactNode {
  if (lane.form === 'dots') return <Dots lane={lane} {...place} />;
  return lane.form === 'steps' ? <Steps lane={lane} {...place} /> : <Spans lane={lane} {...place} />;
}

function Dots({ lane: { kind, hue }, past: { events }, scale, top }: Lane<'dots'>): ReactNode {
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

/** Before the name of a staircase where there are several volumes: whose it is. */
export function useVolumePrefix(): string {
  const chosen = useSelection((state) => state.volume);
  return useFrame(({ frame }) =>
    frame === null || volumesIn(frame).length < 2 ? '' : `${lookedAt(frame, chosen)} `,
  );
}

/** px of a staircase from which a number fits below a tread. */
const numbersFrom = 33;

function Steps({ lane: { gauge }, past, scale, now, top, bottom }: Lane<'steps'>): ReactNode {
  const t = useT();
  const chosen = useSelection((state) => state.volume);
  const volume = useFrame(({ frame }) => (frame === null ? '' : lookedAt(frame, chosen)));
  const live = useFrame(({ frame }) =>
    frame === null ? null : shownGauge(gauges, gauge, frame, volume, false),
  );
  const down = useFrame(({ frame }) =>
    frame === null ? null : shownGauge(gauges, gauge, frame, volume, true),
  );
  const isNow = useFrame(({ frame }) => frame === null || isShownNow(gauges, gauge, frame.nodes, volume));
  const sets = useMemo(() => gaugeSets(gauge, past, volume), [gauge, past, volume]);
  const steps = gaugeSteps(sets, wholeSince(past), { live, down }, now);
  // No writer that is open says it: it is what one said last.
  const heard = isNow ? '' : t('timeline.noneOpen');
  const [first, height] = [top + 2, bottom - top - 8];
  return (
    <>
      <path d={stepPath(steps, scale, first, height)} fill="none" stroke="var(--text)" strokeWidth={2} />
      {height > numbersFrom &&
        stepNumbers(steps, scale, first, height, heard).map(({ x, y, value, words }) => (
          // Below a tread in the upper half, above it in the lower: never outside the lane.
          <text
            key={`${x} ${value}`}
            x={x + 4}
            y={y < first + height / 2 ? y + 14 : y - 5}
            fontSize={12}
            fill="var(--text-muted)"
            className="mono"
          >
            {words}
          </text>
        ))}
    </>
  );
}

const spanRow = 19;

function Spans({ lane, past: { events }, scale, now, top, bottom }: Lane<'spans'>): ReactNode {
  const spans = useMemo(() => lane.read(events), [lane, events]);
  const colour = `var(--${lane.hue})`;
  const rows = Math.max(2, Math.floor((bottom - top - 4) / spanRow));
  const pitch = (bottom - top - 4) / rows;
  return placeSpans(spans, now, scale, rows).map(({ span, row, x, width, name }) => {
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
