// A page's state as a tile: fill, pattern and letter, so that nothing is said by colour alone.

import type { ReactNode } from 'react';

/** Newest there is; changed since it was read; past of what is; above VDL, may not leave; not there; on the disk of a node that is down, perhaps. */
export type PageState = 'current' | 'dirty' | 'past' | 'pinned' | 'evicted' | 'unknown';

/** On shared storage also: some reader is not ready for it; a copy of it waits; it has records to be replayed; it is beyond what a reader has applied. */
export type TileState = PageState | 'blocked' | 'copied' | 'outdated' | 'future';

const letters: Readonly<Record<TileState, string>> = {
  current: '=',
  dirty: 'D',
  past: 'P',
  pinned: '^',
  evicted: '',
  unknown: '?',
  blocked: 'B',
  copied: 'C',
  outdated: 'O',
  future: 'F',
};

const hues: Readonly<Record<TileState, string>> = {
  current: 'ack',
  dirty: 'wal',
  past: 'hole',
  pinned: 'wal',
  evicted: 'border-control',
  unknown: 'border-control',
  blocked: 'wal',
  copied: 'wal',
  outdated: 'hole',
  future: 'reader',
};

interface TileProps {
  readonly state: TileState;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export function PageTile({ state, x, y, size }: TileProps): ReactNode {
  const hue = `var(--${hues[state]})`;
  const soft = `color-mix(in srgb, ${hue} var(--soft), var(--bg-1))`;
  const isHollow = state === 'evicted' || state === 'unknown';
  const notch = size / 4;
  const middle = x + size / 2;
  return (
    <g data-page-state={state}>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={size - 1}
        height={size - 1}
        rx={3}
        fill={isHollow ? 'none' : soft}
        stroke={hue}
        {...(isHollow ? { strokeDasharray: '2 3' } : state === 'outdated' ? { strokeDasharray: '4 3' } : {})}
      />
      {state === 'copied' && (
        <rect x={x + 3} y={y + 3} width={size - 6} height={size - 6} rx={2} fill="none" stroke={hue} />
      )}
      {state === 'blocked' && (
        <rect x={x + size - 4} y={y + 1} width={4} height={size - 2} fill="var(--fence)" />
      )}
      {state === 'future' &&
        [0.25, 0.5, 0.75].map((part) => (
          <g key={part} fill={hue}>
            <circle cx={x + size * part} cy={y + 4} r={1.2} />
            <circle cx={x + size * part} cy={y + size - 4} r={1.2} />
          </g>
        ))}
      {state === 'past' && (
        <path
          d={`M${x + 1} ${y + size / 2}L${x + size / 2} ${y + 1}M${x + 1} ${y + size - 1}L${x + size - 1} ${y + 1}M${x + size / 2} ${y + size - 1}L${x + size - 1} ${y + size / 2}`}
          stroke={hue}
          strokeWidth={1.5}
        />
      )}
      {(state === 'dirty' || state === 'pinned') && (
        <path d={`M${x + size - notch} ${y}h${notch}v${notch}z`} fill={hue} />
      )}
      {letters[state] !== '' && (
        <>
          <rect x={middle - 5.5} y={y + size / 2 - 7.5} width={11} height={15} rx={2} fill="var(--bg-1)" />
          <text
            x={middle}
            y={y + size / 2 + 4.5}
            fontSize={13}
            fontWeight={700}
            textAnchor="middle"
            fill="var(--text)"
            className="mono"
          >
            {letters[state]}
          </text>
        </>
      )}
    </g>
  );
}

/** The tile by itself, beside the words that say the same. */
export const PageTileIcon = ({
  state,
  size = 22,
}: {
  readonly state: TileState;
  readonly size?: number;
}): ReactNode => (
  <svg width={size} height={size} viewBox="0 0 22 22" aria-hidden="true" className="flex-none">
    <PageTile state={state} x={0} y={0} size={22} />
  </svg>
);
