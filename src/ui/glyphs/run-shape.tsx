// A range run as SVG: durable, volatile, hole asked for, hole not asked for, annulled, END. Hue plus pattern, so that
// nothing is said by colour alone.

import type { ReactNode } from 'react';

export type RunKind = 'data' | 'volatile' | 'sent' | 'hole' | 'annulled' | 'end';

interface RunProps {
  readonly kind: RunKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const soft = (hue: string): string => `color-mix(in srgb, var(--${hue}) var(--soft), var(--bg-1))`;

/** Patterns that runs refer to; once per page. */
export function RunPatterns(): ReactNode {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden="true">
      <defs>
        <pattern id="run-volatile" width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="3" height="3" fill="var(--wal)" />
          <rect x="3" y="3" width="3" height="3" fill="var(--wal)" />
        </pattern>
        <pattern id="run-annulled" width="8" height="8" patternUnits="userSpaceOnUse">
          <path d="M0 8L8 0" stroke="var(--fence)" strokeWidth="1.5" />
        </pattern>
      </defs>
    </svg>
  );
}

function Chevrons({ x, y, width, height }: Omit<RunProps, 'kind'>): ReactNode {
  const count = Math.max(1, Math.min(64, Math.round((width - 6) / 12)));
  let path = '';
  for (let i = 0; i < count; i++) {
    const centre = x + (width * (i + 0.5)) / count;
    path += `M${(centre + 2.5).toFixed(1)} ${(y + height * 0.22).toFixed(1)}l-5 ${height * 0.28}l5 ${height * 0.28}`;
  }
  return width < 8 ? null : <path d={path} fill="none" stroke="var(--hole)" strokeWidth={2} />;
}

export function RunShape({ kind, x, y, width, height }: RunProps): ReactNode {
  const box = { x: x + 0.5, y: y + 0.5, width: Math.max(1, width - 1), height: height - 1, rx: 2 };
  switch (kind) {
    case 'data':
      return <rect {...box} fill={soft('ack')} stroke="var(--ack)" />;
    case 'volatile':
      return <rect {...box} fill="url(#run-volatile)" stroke="var(--wal)" />;
    case 'sent':
      return (
        <>
          <rect {...box} fill="var(--bg-1)" stroke="var(--hole)" strokeWidth={1.5} />
          <Chevrons x={x} y={y} width={width} height={height} />
        </>
      );
    case 'hole':
      return <rect {...box} fill="none" stroke="var(--hole)" strokeWidth={1.5} strokeDasharray="4 3" />;
    case 'annulled':
      return (
        <>
          <rect {...box} fill="url(#run-annulled)" stroke="var(--fence)" />
          <path d={`M${x - 2} ${y + height / 2}h${width + 4}`} stroke="var(--fence)" strokeWidth={2} />
        </>
      );
    case 'end':
      return (
        <path
          d={`M${x + 3} ${y + height / 2}h${Math.max(0, width - 6)}`}
          stroke="var(--border-control)"
          strokeWidth={1.5}
          strokeDasharray="1 5"
          strokeLinecap="round"
          opacity={0.8}
        />
      );
  }
}
