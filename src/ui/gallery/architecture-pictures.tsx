// The three architectures in a picture of a few lines each: who computes, where the log or the pages lie.

import type { ReactNode } from 'react';

/** Each by the preset that shows it plainest; a stack's preset has the stack's name. */
export const architectures = ['cynosdb', 'postdb-v4', 'polardb'] as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly isFull?: boolean;
}

function Node({ x, y, isFull = false }: Box): ReactNode {
  return (
    <rect
      x={x}
      y={y}
      width="10"
      height="8"
      rx="1.5"
      fill={isFull ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.4"
    />
  );
}

/** A writer over a log that three stores keep. */
const sharedLog = (
  <>
    <Node x={19} y={1} isFull />
    <path
      d="M24 9v3M8 12.5h32M8 12.5v4M24 12.5v4M40 12.5v4"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
    />
    {[3, 19, 35].map((x) => (
      <g key={x} fill="currentColor">
        {[0, 1, 2].map((i) => (
          <rect key={i} x={x + i * 3.6} y="17" width="2.8" height="8" rx="0.6" />
        ))}
      </g>
    ))}
  </>
);

/** Three nodes, each of which has the first copy of one shard and copies of two others. */
const sharded = (
  <>
    {[2, 18, 34].map((x, at) => (
      <g key={x}>
        <rect x={x} y="2" width="12" height="22" rx="2" fill="none" stroke="currentColor" strokeWidth="1.4" />
        {[0, 1, 2].map((i) => (
          <rect
            key={i}
            x={x + 3}
            y={5 + i * 6}
            width="6"
            height="4"
            rx="0.8"
            fill={i === at ? 'currentColor' : 'none'}
            stroke="currentColor"
            strokeWidth="1"
          />
        ))}
      </g>
    ))}
  </>
);

/** A writer and two readers over one disk. */
const sharedDisk = (
  <>
    <Node x={3} y={1} isFull />
    <Node x={19} y={1} />
    <Node x={35} y={1} />
    <path d="M8 9v6M24 9v6M40 9v6" stroke="currentColor" strokeWidth="1.2" />
    <path d="M4 17v5c0 1.7 9 3 20 3s20-1.3 20-3v-5" fill="none" stroke="currentColor" strokeWidth="1.4" />
    <ellipse cx="24" cy="17" rx="20" ry="2.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
  </>
);

const pictures: Readonly<Record<(typeof architectures)[number], ReactNode>> = {
  cynosdb: sharedLog,
  'postdb-v4': sharded,
  polardb: sharedDisk,
};

export function ArchitecturePicture({
  stack,
}: {
  readonly stack: (typeof architectures)[number];
}): ReactNode {
  return (
    <svg width="48" height="26" viewBox="0 0 48 26" aria-hidden="true" className="flex-none">
      {pictures[stack]}
    </svg>
  );
}
