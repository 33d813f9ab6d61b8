// Lesson lane of the timeline: where its steps lie, numbered, the newest filled.

import type { ReactNode } from 'react';
import { isLeft, useLesson } from '../../state/lesson-store.ts';
import { useT } from '../i18n/i18n.ts';

const none: readonly number[] = [];
export const useLessonStops = (): readonly number[] =>
  useLesson(({ session }) => (session === null || isLeft(session) ? none : session.stops));
export const stepLaneHeight = 24;
const radius = 8;

interface LaneProps {
  readonly stops: readonly number[];
  readonly y: number;
  readonly scale: {
    readonly from: number;
    readonly to: number;
    readonly width: number;
    readonly x: (us: number) => number;
  };
}

export function LessonSteps({ stops, y, scale }: LaneProps): ReactNode {
  const t = useT();
  if (stops.length === 0) return null;
  const numbered = stops.map((at, i) => ({ at, n: i + 1 }));
  return (
    <g data-lane="lesson">
      <path d={`M16 ${y + 0.5}H${scale.width}`} stroke="var(--line)" />
      <text x={16} y={y + 16} fontSize={12} fill="var(--text-muted)">
        {t('lesson.goal')}
      </text>
      {numbered.map(({ at, n }) => {
        if (at < scale.from || at > scale.to) return null;
        const isNewest = n === stops.length;
        // The next one lies over it.
        const next = stops[n];
        const isRead = next === undefined || scale.x(next) - scale.x(at) > radius + 5;
        return (
          <g key={n}>
            <circle
              cx={scale.x(at)}
              cy={y + 12}
              r={radius}
              fill={isNewest ? 'var(--accent)' : 'var(--bg-1)'}
              stroke="var(--accent)"
              strokeWidth={1.5}
            />
            {isRead && (
              <text
                x={scale.x(at)}
                y={y + 16}
                fontSize={11}
                fontWeight={700}
                textAnchor="middle"
                fill={isNewest ? 'var(--bg-1)' : 'var(--accent)'}
              >
                {n}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
