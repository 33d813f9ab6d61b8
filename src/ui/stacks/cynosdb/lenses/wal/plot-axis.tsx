// The axis of the plot, the rulers of VCL and VDL, and the LSNs that a recovery annuls.

import type { ReactNode } from 'react';
import type { Translate } from '../../../../i18n/i18n.ts';
import { LsnAxis } from '../../../../plot/lsn-axis.tsx';
import { type LsnRuler, watermarkRulers } from '../../../../plot/lsn-plot.tsx';
import type { WalModel } from './model.ts';
import { recordsY, type Scale } from './plot-scale.ts';

interface AxisProps {
  readonly scale: Scale;
  readonly bottom: number;
  /** LSNs with a ruler: no label is written across it. */
  readonly rulers: readonly number[];
}

export function Axis({ scale, bottom, rulers }: AxisProps): ReactNode {
  return (
    <LsnAxis
      ticks={scale.ticks}
      x={scale.x}
      bottom={bottom}
      shift={Math.min(scale.cell / 2, 6)}
      isCrossed={(x) => rulers.some((at) => Math.abs(scale.x(at) - x) < 13)}
    />
  );
}

/** VDL′ of a recovery, else the watermarks of the volume. */
export const rulersOf = (model: WalModel, rightTo: number): readonly LsnRuler[] =>
  model.recovery !== null && model.recovery.vdlPrime !== null
    ? [{ at: model.recovery.vdlPrime + 1, text: `VDL′ ${model.recovery.vdlPrime}` }]
    : watermarkRulers(model, rightTo);

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
    const end = Math.min(range[1], scale.to);
    if (end <= first) return null;
    const x = scale.x(first);
    const width = scale.span(first, end);
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
