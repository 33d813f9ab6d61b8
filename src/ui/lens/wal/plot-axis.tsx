// The axis of the plot, the rulers of VCL and VDL, and the LSNs that a recovery annuls.

import type { ReactNode } from 'react';
import type { Translate } from '../../i18n/i18n.ts';
import { LsnAxis } from '../lsn-axis.tsx';
import { Ruler as PlotRuler } from '../ruler.tsx';
import { recordsY, type Scale } from './plot-scale.ts';
import type { WalModel } from './project.ts';

interface AxisProps {
  readonly scale: Scale;
  readonly bottom: number;
  /** LSNs with a ruler right of them: no label is written across it. */
  readonly rulers: readonly number[];
}

export function Axis({ scale, bottom, rulers }: AxisProps): ReactNode {
  return (
    <LsnAxis
      ticks={scale.ticks}
      x={scale.x}
      bottom={bottom}
      shift={Math.min(scale.cell / 2, 6)}
      isCrossed={(x) => rulers.some((at) => Math.abs(scale.x(at + 1) - x) < 13)}
    />
  );
}

interface RulerProps {
  readonly at: number;
  readonly text: string;
  readonly scale: Scale;
  readonly bottom: number;
  readonly dashed?: boolean;
  readonly hue?: string;
}

/** A ruler stands right of its LSN: everything left of it is at or below the watermark. */
export function Ruler({ at, text, scale, bottom, dashed = false, hue = 'text' }: RulerProps): ReactNode {
  if (at + 1 < scale.from || at + 1 > scale.to) return null;
  // VCL, which lies above VDL, has its flag to the right: the two do not cover each other.
  const rightTo = dashed ? scale.right : 0;
  return (
    <PlotRuler x={scale.x(at + 1)} text={text} bottom={bottom} dashed={dashed} rightTo={rightTo} hue={hue} />
  );
}

interface DueRuler {
  readonly at: number;
  readonly text: string;
  readonly dashed?: true;
  readonly hue?: string;
}

/**
 * The rulers that are due: VDL′ of a recovery, else VCL and VDL, as one where they agree, and where the writer has to stop
 * (LAL); none while VDL is unknown.
 */
export function rulersOf({ vcl, vdl, lalLimit, recovery }: WalModel): readonly DueRuler[] {
  if (recovery !== null && recovery.vdlPrime !== null)
    return [{ at: recovery.vdlPrime, text: `VDL′ ${recovery.vdlPrime}` }];
  if (vdl < 0) return [];
  const limit: readonly DueRuler[] =
    lalLimit < 0 ? [] : [{ at: lalLimit, text: `LAL ${lalLimit}`, dashed: true, hue: 'hole' }];
  if (vcl === vdl) return [{ at: vdl, text: `VCL = VDL ${vdl}` }, ...limit];
  return [{ at: vcl, text: `VCL ${vcl}`, dashed: true }, { at: vdl, text: `VDL ${vdl}` }, ...limit];
}

export function Annulled({
  model,
  scale,
  bottom,
  t,
}: {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly bottom: number;
  readonly t: Translate;
}): ReactNode {
  return model.annulled.map((range) => {
    const first = Math.max(range[0], scale.from);
    const last = Math.min(range[1], scale.to);
    if (last <= first) return null;
    const x = scale.x(first);
    const width = scale.span(first, last);
    return (
      <g key={range[0]} pointerEvents="none">
        {/* No record there: neither copies nor a fate. */}
        <rect x={x} y={bottom - 46} width={width} height={46} fill="var(--bg-1)" />
        <rect x={x} y={30} width={width} height={bottom - 30} fill="var(--fence)" opacity={0.1} />
        {width > 70 && (
          <text x={x + 6} y={recordsY + 13} fontSize={12} fontWeight={600} fill="var(--fence)">
            {t('lens.annulled')}
          </text>
        )}
      </g>
    );
  });
}
