// The read points at which a holder of a page answers, as a band of its row (READ-20, READ-22, READ-24): visible from its
// least read point on, dots for open views, dashed what is here and not visible yet.

import type { ReactNode } from 'react';
import { type LsnScale, softFill } from '../../../../plot/lsn-plot.tsx';
import type { Holder } from './holders.ts';

const half = 3;

interface BandProps {
  readonly holder: Holder;
  /** Middle of the band. */
  readonly y: number;
  readonly scale: LsnScale;
}

export function ReadWindowBand({ holder, y, scale }: BandProps): ReactNode {
  const { from, to, ahead, points } = holder.reads;
  if (to < 0 || from > to || to < scale.from) return null;
  const hue = holder.role === 'store' ? 'wal' : 'reader';
  const x = (lsn: number): number => scale.x(Math.min(Math.max(lsn, scale.from), scale.to));
  const [first, end, last] = [x(from), x(to), x(Math.max(to, ahead))];
  return (
    <g>
      <title>{`${from} – ${to}`}</title>
      <rect
        x={first}
        y={y - half}
        width={Math.max(2, end - first)}
        height={2 * half}
        rx={2}
        fill={softFill(hue)}
        stroke={`var(--${hue})`}
      />
      {last > end && (
        <path d={`M${end} ${y}H${last}`} stroke={`var(--${hue})`} strokeWidth={2} strokeDasharray="3 3" />
      )}
      <path d={`M${end} ${y - 6}v12`} stroke={`var(--${hue})`} strokeWidth={2} />
      {points
        .filter((point) => scale.has(point))
        .map((point) => (
          <circle key={point} cx={scale.x(point)} cy={y} r={4} fill={`var(--${hue})`} stroke="var(--bg-1)" />
        ))}
    </g>
  );
}
