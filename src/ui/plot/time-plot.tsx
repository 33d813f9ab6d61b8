// A drawing over virtual time: round times for its axis, and the faults in force as bands behind it.

import type { ReactNode } from 'react';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';

/** Round times, at most eight in a stretch; µs. */
export function timeTicks(from: number, to: number): readonly number[] {
  const steps = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000];
  const step = steps.find((us) => (to - from) / us <= 8);
  if (step === undefined) return [];
  const first = Math.ceil(Math.max(0, from) / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

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
