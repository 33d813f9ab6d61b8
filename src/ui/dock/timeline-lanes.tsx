// The timeline's lanes that are drawn from what a run is as a whole: faults with their spans, violated rules, density of
// events by rank, the branches of a fork, the places where branches left.

import { type ReactNode, useEffect, useState } from 'react';
import type { ListedRun } from '../../lab/time-api.ts';
import { countBetween, type Density } from '../../run-model/recorder/density.ts';
import { useFrame } from '../../state/frame-store.ts';
import { useRun } from '../../state/run-store.ts';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';
import { millis } from '../kit/format.ts';
import { fitWords } from '../kit/words-width.ts';
import { useLab } from '../lab-context.ts';
import type { TimelineLane } from '../model/timeline-lane.ts';
import { branchName, runName } from '../time/branch-names.ts';
import type { PlacedFault } from './timeline-model.ts';
import '../../words/time.en.json';

export const labelWidth = 108;
const branchHeight = 16;

/** Top edges of the lanes, px. */
export interface Lanes {
  readonly faults: number;
  /** Of those that the stack adds, in its order. */
  readonly own: readonly number[];
  readonly events: number;
  readonly bottom: number;
}

/** Least heights: what is drawn in a lane is readable from there on; and what part of the spare height a lane takes. */
const least = { dots: 22, steps: 30, spans: 26, events: 39 } as const;
const parts = { dots: 0, steps: 3, spans: 4, events: 3 } as const;
/** More than this leaves the lanes empty. */
const mostSpare = 140;

export const faultRow = 22;

/** The lanes in a pane of this height, with so much below them; they never get lower than they can be read. */
export function lanesIn(
  height: number,
  below: number,
  faultRows: number,
  forms: readonly TimelineLane['form'][],
): Lanes {
  const all = [...forms, 'events'] as const;
  const top = 30 + Math.max(1, faultRows) * faultRow;
  const needed = all.reduce((sum, form) => sum + least[form], top + 4);
  const spare = Math.max(0, Math.min(mostSpare, height - below - needed));
  const shares = all.reduce((sum, form) => sum + parts[form], 0);
  const edges = [top];
  for (const form of all)
    edges.push((edges.at(-1) ?? top) + least[form] + Math.floor((spare * parts[form]) / shares));
  return { faults: 26, own: edges.slice(0, -2), events: edges.at(-2) ?? top, bottom: edges.at(-1) ?? top };
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** It is the whole run, and grows with it. */
  readonly isWhole: boolean;
  readonly x: (us: number) => number;
  readonly width: number;
  readonly lanes: Lanes;
}

interface FaultProps extends PlacedFault {
  readonly scale: Scale;
}

interface FaultTextProps {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
}

/** px of a letter of a fault's words. */
const letterPx = 7;

function FaultText({ x, y, width, text }: FaultTextProps): ReactNode {
  return (
    <text x={x + 4} y={y + 14.5} fontSize={12} fontWeight={600} fill="var(--text)">
      {fitWords(text, width - 4, letterPx)}
    </text>
  );
}

function Fault({ fault, row, next, scale }: FaultProps): ReactNode {
  const { at, until } = fault;
  const t = useT();
  const { lanes } = scale;
  const text = lineWords(fault.text, t);
  const title = <title>{`${text}\n${fault.text}`}</title>;
  const y = lanes.faults + row * faultRow;
  const end = next === null || next > scale.to ? scale.width - 12 : scale.x(next);
  if (until === at) {
    if (at < scale.from || at > scale.to) return null;
    const x = scale.x(at);
    return (
      <g data-fault={fault.text}>
        {title}
        <path d={`M${x - 6} ${y + 2}h12l-6 14z`} fill="var(--hole)" />
        <FaultText x={x + 8} y={y} width={end - x - 12} text={text} />
      </g>
    );
  }
  const first = Math.max(at, scale.from);
  const last = Math.min(until ?? scale.to, scale.to);
  if (last <= first) return null;
  const x = scale.x(first);
  const width = scale.x(last) - x;
  return (
    <g data-fault={fault.text}>
      {title}
      <rect
        x={x}
        y={(lanes.own[0] ?? lanes.events) - 4}
        width={width}
        height={lanes.bottom - (lanes.own[0] ?? lanes.events)}
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
      <FaultText x={x + 4} y={y} width={end - x - 8} text={text} />
    </g>
  );
}

interface FaultsProps {
  readonly placed: readonly PlacedFault[];
  readonly scale: Scale;
}

export function Faults({ placed, scale }: FaultsProps): ReactNode {
  return placed.map((one) => <Fault key={`${one.fault.at} ${one.fault.text}`} {...one} scale={scale} />);
}

/** A flag at the first violation of each rule. */
export function Violations({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const violations = useFrame((state) => state.frame?.violations) ?? [];
  return violations
    .filter(({ at }) => at >= scale.from && at <= scale.to)
    .map(({ rule, at, message }) => (
      <g key={rule} data-violation={rule}>
        <title>{`${t('timeline.violation', { rule, time: millis(at) })}\n${message}`}</title>
        <path d={`M${scale.x(at)} 22V${scale.lanes.bottom}`} stroke="var(--fence)" strokeWidth={1.5} />
        <path d={`M${scale.x(at)} 22h10l-3 5 3 5h-10z`} fill="var(--fence)" />
      </g>
    ));
}

/** Wall ms between two looks at the density of the whole run. */
const DENSITY_MS = 250;

function useDensity(): Density | null {
  const lab = useLab();
  const [density, setDensity] = useState<Density | null>(null);
  useEffect(() => {
    let isOn = true;
    const ask = (): void => {
      if (lab.run().mode === 'BOOTING' || lab.run().mode === 'MIRROR') return;
      lab.density().then(
        (next) => isOn && setDensity(next),
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, DENSITY_MS);
    return () => {
      isOn = false;
      clearInterval(timer);
    };
  }, [lab]);
  return density;
}

const rankRows = [
  { rank: 3, fill: 'var(--accent)' },
  { rank: 2, fill: 'var(--text)' },
  { rank: 1, fill: 'var(--border-control)' },
] as const;

export function RankDensity({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const density = useDensity();
  const count = Math.max(1, Math.min(120, Math.floor((scale.width - labelWidth) / 6)));
  const step = (scale.to - scale.from) / count;
  const { events, bottom } = scale.lanes;
  const rowHeight = Math.floor((bottom - events - 2) / rankRows.length);
  return rankRows.map(({ rank, fill }, row) => {
    const bars = Array.from({ length: count }, (_, i) => {
      const at = scale.from + i * step;
      return density === null ? 0 : countBetween(density, at, at + step, rank);
    });
    const most = Math.max(1, ...bars);
    const base = events + (row + 1) * rowHeight;
    const path = bars
      .map((bar, i) =>
        bar === 0
          ? ''
          : `M${scale.x(scale.from + (i + 0.5) * step).toFixed(1)} ${base}v-${Math.max(1.5, (bar / most) * (rowHeight - 2)).toFixed(1)}`,
      )
      .join('');
    return (
      <g key={rank} data-rank={rank}>
        <title>{t('timeline.rank', { rank })}</title>
        <path
          d={path}
          stroke={fill}
          strokeWidth={Math.max(1, (scale.width - labelWidth) / count - 2)}
          opacity={0.8}
        />
        <text x={labelWidth - 12} y={base - 2} fontSize={12} textAnchor="end" fill="var(--text-muted)">
          {rank}
        </text>
      </g>
    );
  });
}

/** How much lower the lanes end because of branches. */
export const branchesHeight = (count: number): number => (count > 1 ? count * branchHeight : 0);

/** Main and its twins from where each was forked to where it stands. */
export function BranchLanes({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const branches = useRun((run) => run?.branches) ?? [];
  const shown = useRun((run) => run?.shown ?? 'main');
  if (branches.length < 2) return null;
  const clip = (us: number): number => Math.min(scale.to, Math.max(scale.from, us));
  const rowOf = (id: string): number =>
    scale.lanes.bottom + branches.findIndex((one) => one.id === id) * branchHeight + 8;
  return branches.map(({ id, fork, time, own }) => {
    const y = rowOf(id);
    const name = branchName(id, t);
    const start = scale.x(clip(fork?.at ?? 0));
    const end = scale.x(clip(time));
    return (
      <g key={id} data-branch-lane={id}>
        <title>{t('timeline.branch', { name, fork: millis(fork?.at ?? 0), time: millis(time) })}</title>
        <text x={16} y={y + 4} fontSize={12} fontWeight={id === shown ? 700 : 400} fill="var(--text-muted)">
          {name}
        </text>
        {fork !== null && (
          <path d={`M${start} ${rowOf(fork.from)}V${y}`} stroke="var(--reader)" strokeWidth={1.5} />
        )}
        <path
          d={`M${start} ${y}H${Math.max(start + 2, end)}`}
          stroke={id === 'main' ? 'var(--text)' : 'var(--reader)'}
          strokeWidth={id === shown ? 4 : 2}
        />
        {own.map((line) => {
          const at = Number.parseFloat(line) * 1000;
          return at >= scale.from && at <= scale.to ? (
            <path key={line} d={`M${scale.x(at) - 4} ${y - 6}h8l-4 7z`} fill="var(--hole)">
              <title>{line}</title>
            </path>
          ) : null;
        })}
      </g>
    );
  });
}

/** Where kept branches left this run, or this run its parent. */
export function BranchPoints({ scale }: { readonly scale: Scale }): ReactNode {
  const t = useT();
  const lab = useLab();
  const runId = useRun((run) => run?.runId ?? '');
  const [runs, setRuns] = useState<readonly ListedRun[]>([]);
  useEffect(() => {
    if (runId !== '' && lab.run().mode !== 'BOOTING')
      lab.runs().then(
        (state) => setRuns(state.runs),
        () => setRuns([]),
      );
  }, [lab, runId]);
  return runs
    .filter((run) => (run.parent === runId || run.runId === runId) && run.parent !== null)
    .filter(({ forkedAt }) => forkedAt >= scale.from && forkedAt <= scale.to)
    .map((run) => (
      <g key={run.runId} data-branch={run.runId}>
        <title>{runName(run, t)}</title>
        <path
          d={`M${scale.x(run.forkedAt)} ${scale.lanes.bottom - 4}v-10l6 -6`}
          fill="none"
          stroke="var(--reader)"
          strokeWidth={2}
        />
      </g>
    ));
}
