// Faults in force as bands behind a drawing over virtual time.

import type { ReactNode } from 'react';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';

interface FaultSpan {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface BandsProps {
  readonly faults: readonly FaultSpan[];
  readonly x: (at: number) => number;
  readonly top: number;
  readonly height: number;
}

export function FaultBands({ faults, x, top, height }: BandsProps): ReactNode {
  const t = useT();
  return faults.map(({ text, from, to }) => (
    <rect
      key={`${from} ${text}`}
      x={x(from)}
      y={top}
      width={Math.max(2, x(to) - x(from))}
      height={height}
      fill="color-mix(in srgb, var(--hole) 7%, transparent)"
      stroke="var(--hole)"
      strokeWidth={0.5}
    >
      <title>{`${lineWords(text, t)}\n${text}`}</title>
    </rect>
  ));
}
