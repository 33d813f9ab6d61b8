// A watermark as a vertical ruler with its flag at the top, as in all plots over LSNs.

import type { ReactNode } from 'react';
import { worded } from '../kit/term.tsx';
import { wordsWidth } from '../kit/words-width.ts';

interface RulerProps {
  readonly x: number;
  readonly text: string;
  readonly bottom: number;
  readonly dashed?: boolean;
  /** Hue of ruler and flag; the text colour when none is given. */
  readonly hue?: string;
  /** The flag stands right of the ruler, where the plot has room for it up to here. */
  readonly rightTo?: number;
  /** At the foot instead of the top: gates. */
  readonly atFoot?: boolean;
  /** Row of flags, counted from the top or the foot, so that neighbours do not cover each other. */
  readonly row?: number;
}

export function Ruler({
  x,
  text: said,
  bottom,
  dashed = false,
  rightTo = 0,
  hue = 'text',
  atFoot = false,
  row = 0,
}: RulerProps): ReactNode {
  const text = worded(said);
  const width = wordsWidth(text, 7.3) + 10;
  const left = x - width < 0 || x + width <= rightTo ? x : x - width;
  const top = atFoot ? bottom + 1 + row * 19 : -1 + row * 19;
  const colour = `var(--${hue})`;
  return (
    <g pointerEvents="none">
      <path
        d={`M${x} ${atFoot ? 30 : 14}V${atFoot ? top + 17 : bottom}`}
        stroke={colour}
        strokeWidth={2}
        {...(dashed ? { strokeDasharray: '4 3' } : {})}
      />
      <rect
        x={left}
        y={top}
        width={width}
        height={17}
        rx={2}
        fill={dashed ? 'var(--bg-1)' : colour}
        stroke={colour}
      />
      <text
        x={left + width / 2}
        y={top + 13}
        fontSize={12}
        fontWeight={700}
        textAnchor="middle"
        fill={dashed ? colour : 'var(--bg-1)'}
      >
        {text}
      </text>
    </g>
  );
}
