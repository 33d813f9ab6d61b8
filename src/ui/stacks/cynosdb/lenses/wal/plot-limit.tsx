// Below the replicas: up to where they ask for what they lack, as a line through their rows. SGCL; while a recovery runs the
// interval [minStart, maxNWL], which is none where minStart lies above maxNWL: then words say so.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import { limitText } from './describe.ts';
import type { FillLimit } from './fill-limit.ts';
import { labelWidth, rowsY, type Scale } from './plot-scale.ts';

export const limitHeight = 24;

/** The last LSN that is asked for; null: none is known. */
function lastOf(limit: FillLimit): number | null {
  if (limit.kind === 'unknown') return null;
  return limit.kind === 'normal' ? limit.sgcl : limit.maxNwl;
}

interface Words {
  readonly x: number;
  readonly anchor: 'start' | 'end';
}

/** Left of `start` where the words have room, else right of `end` and of the rulers there, else at the left edge, px. */
export function limitWordsX(
  width: number,
  [start, end, right]: readonly [start: number, end: number, right: number],
  rulers: readonly number[] = [],
): Words {
  const left = start - 8 - width;
  if (left >= labelWidth && rulers.every((at) => at < left || at > start))
    return { x: start - 8, anchor: 'end' };
  let x = end + 8;
  for (const at of [...rulers].sort((a, b) => a - b)) if (at > x - 6 && at < x + width + 6) x = at + 6;
  return { x: x + width <= right ? x : labelWidth + 4, anchor: 'start' };
}

interface LimitProps {
  readonly limit: FillLimit;
  readonly scale: Scale;
  /** px of the plot: words may stand below the replicas' numbers. */
  readonly width: number;
  /** px of rulers, which words do not cross. */
  readonly rulers: readonly number[];
  readonly y: number;
}

export function Limit({ limit, scale, width, rulers, y }: LimitProps): ReactNode {
  const t = useT();
  const words = limitText(limit, t);
  const last = lastOf(limit);
  const clamp = (lsn: number): number => scale.x(Math.min(Math.max(lsn, scale.from), scale.to));
  const end = last === null ? labelWidth : clamp(last + 1);
  const isInterval = limit.kind === 'recovery' && limit.minStart <= limit.maxNwl;
  const start = isInterval ? clamp(limit.minStart) : end;
  const isInside = last !== null && last + 1 > scale.from && last < scale.to;
  // In order nothing is to be said by a colour of warning: it is a bound, not a hole.
  const colour = limit.kind === 'normal' ? 'var(--text-muted)' : 'var(--fence)';
  const { x, anchor } = limitWordsX(wordsWidth(words, 6.8), [start, end, width], rulers);
  return (
    <g pointerEvents="none">
      {isInside && (
        <path d={`M${end} ${rowsY}V${y + 19}`} stroke={colour} strokeWidth={1.5} strokeDasharray="1.5 3" />
      )}
      {isInterval && end > start && (
        <>
          <rect
            x={start}
            y={y + 2.5}
            width={end - start}
            height={15}
            fill={`color-mix(in srgb, ${colour} var(--soft), var(--bg-1))`}
          />
          {/* Open where it begins before the window. */}
          <path
            d={`M${start} ${y + 2.5}H${end}v15H${start}${limit.minStart < scale.from ? '' : 'z'}`}
            fill="none"
            stroke={colour}
            strokeWidth={1.5}
          />
        </>
      )}
      <text
        x={x}
        y={y + 14.5}
        fontSize={12}
        fontWeight={600}
        textAnchor={anchor}
        fill={colour}
        stroke="var(--bg-1)"
        strokeWidth={4}
        paintOrder="stroke"
      >
        {words}
      </text>
    </g>
  );
}
