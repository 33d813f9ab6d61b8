// A message glyph as SVG: legend, lists, inspector. The overlay draws the same table on its canvas.

import type { ReactNode } from 'react';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import { glyphPaths, glyphs } from './glyph-shapes.ts';

interface GlyphProps {
  readonly family: MessageFamily;
  readonly lost?: boolean;
  readonly size?: number;
}

export function Glyph({ family, lost = false, size = 26 }: GlyphProps): ReactNode {
  const { hue, shape, hollow, letter, letterDy } = glyphs[family];
  const open = hollow || lost;
  const colour = `var(--${hue})`;
  return (
    <svg
      width={(size * 28) / 26}
      height={size}
      viewBox="-14 -13 28 26"
      className="flex-none"
      aria-hidden="true"
    >
      <path
        d={glyphPaths[shape]}
        fill={open ? 'var(--bg-1)' : colour}
        stroke={open ? colour : 'var(--bg-0)'}
        strokeWidth={open ? 2 : 1.5}
        {...(lost ? { strokeDasharray: '4 3' } : {})}
      />
      <text
        x={shape === 'wedge' ? -1.5 : 0}
        y={4.5 + letterDy}
        textAnchor="middle"
        fontSize={12}
        fontWeight={700}
        fill={open ? colour : 'var(--bg-1)'}
      >
        {letter}
      </text>
    </svg>
  );
}
