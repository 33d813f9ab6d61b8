// Skipped idle time on the timeline (at full speed): a torn line where time was skipped, with how much.

import type { ReactNode } from 'react';
import { useRun } from '../../state/run-store.ts';
import { useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';
import '../../words/story/story.en.json';

interface TornTicksProps {
  readonly scale: { readonly from: number; readonly to: number; readonly x: (us: number) => number };
  readonly bottom: number;
}

/** Room for the words, px. */
const WORDS = 92;
const TOOTH = 4;

/** A zigzag from top to bottom around x. */
function zigzag(x: number, top: number, bottom: number): string {
  const points: string[] = [];
  for (let y = top, side = 0; y <= bottom; y += 6, side++)
    points.push(`${(x + (side % 2 === 0 ? -TOOTH : TOOTH) / 2).toFixed(1)} ${y}`);
  return `M${points.join('L')}`;
}

export function TornTicks({ scale, bottom }: TornTicksProps): ReactNode {
  const t = useT();
  const skips = useRun((run) => run?.skips) ?? [];
  return skips
    .filter(({ from, to }) => to > scale.from && from < scale.to)
    .map(({ from, to }) => {
      const first = Math.max(scale.x(from), scale.x(scale.from));
      const last = Math.min(scale.x(to), scale.x(scale.to));
      const text = t('skip.label', { time: duration(to - from) });
      return (
        <g key={from} data-skip={to - from}>
          <title>{text}</title>
          <rect
            x={first}
            y={26}
            width={Math.max(2, last - first)}
            height={bottom - 26}
            fill="var(--text-muted)"
            opacity={0.07}
          />
          <path d={zigzag(last, 22, bottom)} fill="none" stroke="var(--text-muted)" strokeWidth={1.25} />
          {last - first >= WORDS && (
            <text
              x={(first + last) / 2}
              y={bottom - 24}
              fontSize={12}
              textAnchor="middle"
              fill="var(--text-muted)"
            >
              {text}
            </text>
          )}
        </g>
      );
    });
}
