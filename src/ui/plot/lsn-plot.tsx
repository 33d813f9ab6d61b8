// A drawing over the LSN axis: window, grid, watermark rulers; marks and lanes are its children. Hidden from the
// accessibility tree: the table beside it says the same.

import type { ReactNode } from 'react';
import { labelOf } from '../kit/term.tsx';
import { LsnAxis, lsnTicks } from './lsn-axis.tsx';
import { Ruler } from './ruler.tsx';

/** Opacity of what is not lit while something else is. */
export const dimmed = 0.35;

export interface LsnScale {
  readonly x: (lsn: number) => number;
  /** px of one LSN. */
  readonly cell: number;
  readonly from: number;
  readonly to: number;
  /** px of the drawing's right edge. */
  readonly right: number;
  readonly has: (lsn: number) => boolean;
}

/** The window `[from, to)` between `left` and `room` px right of it. */
export function lsnScale(
  [from, to]: readonly [number, number],
  left: number,
  room: number,
  right: number,
): LsnScale {
  const cell = room / Math.max(1, to - from);
  const has = (lsn: number): boolean => lsn >= from && lsn < to;
  return { x: (lsn) => left + (lsn - from) * cell, cell, from, to, right, has };
}

/** A ruler through the LSN `at`; see `Ruler` for its looks. */
export interface LsnRuler {
  readonly at: number;
  readonly text: string;
  readonly hue?: string;
  readonly dashed?: boolean;
  readonly atFoot?: boolean;
  readonly row?: number;
  readonly rightTo?: number;
}

interface RulersProps {
  readonly rulers: readonly LsnRuler[];
  readonly scale: Pick<LsnScale, 'x' | 'from' | 'to'>;
  readonly bottom: number;
}

/** Rulers within the window. */
export const LsnRulers = ({ rulers, scale, bottom }: RulersProps): ReactNode =>
  rulers.map(({ at, ...ruler }) =>
    scale.from > at || at > scale.to ? null : (
      <Ruler key={ruler.text} {...ruler} x={scale.x(at)} bottom={bottom} />
    ),
  );

interface Watermarks {
  readonly vcl: number;
  readonly vdl: number;
  readonly lalLimit: number;
}

/**
 * VCL and VDL, as one where they agree, and where the writer has to stop (LAL); none while VDL is unknown. A ruler stands
 * right of its LSN: what is left of it is at or below the watermark. VCL, above VDL, has its flag to the right.
 */
export function watermarkRulers({ vcl, vdl, lalLimit }: Watermarks, rightTo: number): readonly LsnRuler[] {
  if (vdl < 0) return [];
  const marks: readonly LsnRuler[] =
    vcl === vdl
      ? [{ at: vdl + 1, text: `${labelOf('vdl', 'VCL = VDL')} ${vdl}` }]
      : [
          { at: vcl + 1, text: `VCL ${vcl}`, dashed: true, rightTo },
          { at: vdl + 1, text: `VDL ${vdl}` },
        ];
  if (lalLimit < 0) return marks;
  return [
    ...marks,
    { at: lalLimit + 1, text: `${labelOf('lal', 'LAL')} ${lalLimit}`, dashed: true, hue: 'hole', rightTo },
  ];
}

interface PlotProps {
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** A drawing that an export takes. */
export const PlotSvg = ({ width, height, children }: PlotProps): ReactNode => (
  <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-plot>
    {children}
  </svg>
);

interface LsnPlotProps extends PlotProps {
  readonly scale: LsnScale;
  /** px of the lines' lower end. */
  readonly bottom: number;
  readonly ticks?: { readonly first?: number; readonly gapPx?: number };
  /** How far right of its line a number stands, px. */
  readonly shift?: number;
  readonly rulers: readonly LsnRuler[];
  /** Rulers that lie below what is drawn. */
  readonly under?: readonly LsnRuler[];
}

/** px beside the middle of a number within which a line crosses it. */
const numberHalf = 16;

export function LsnPlot(props: LsnPlotProps): ReactNode {
  const { scale, bottom, ticks, shift = 0, rulers, under = [], children, ...size } = props;
  // Of those at the foot the line begins below the numbers.
  const crossing = [...rulers, ...under].filter(
    ({ at, atFoot }) => atFoot !== true && scale.from <= at && at <= scale.to,
  );
  return (
    <PlotSvg {...size}>
      <LsnAxis
        ticks={lsnTicks([scale.from, scale.to], scale.cell, ticks)}
        x={scale.x}
        bottom={bottom}
        shift={shift}
        isCrossed={(x) => crossing.some(({ at }) => Math.abs(scale.x(at) - x) < numberHalf)}
      />
      <LsnRulers rulers={under} scale={scale} bottom={bottom} />
      {children}
      <LsnRulers rulers={rulers} scale={scale} bottom={bottom} />
    </PlotSvg>
  );
}

/** The part of the window that no read point can reach any more: below PGMRPL. */
export function BelowReadPoints(props: {
  readonly pgmrpl: number;
  readonly scale: LsnScale;
  readonly left: number;
  readonly bottom: number;
  readonly opacity: number;
}): ReactNode {
  const { pgmrpl, scale, left, bottom, opacity } = props;
  if (pgmrpl <= scale.from) return null;
  return (
    <rect
      x={left}
      y={30}
      width={Math.max(0, scale.x(Math.min(pgmrpl, scale.to)) - left)}
      height={bottom - 30}
      fill="var(--border-control)"
      opacity={opacity}
    />
  );
}

/** A state's colour, mixed with the ground. */
export const softFill = (hue: string): string => `color-mix(in srgb, var(--${hue}) var(--soft), var(--bg-1))`;
