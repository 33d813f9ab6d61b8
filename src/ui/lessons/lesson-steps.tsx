// Lesson lane of the timeline: where its steps lie, numbered, the newest filled.

import type { ReactNode } from 'react';
import { isLeft, type LessonSession, useLesson } from '../../state/lesson-store.ts';
import { useT } from '../i18n/i18n.ts';

const none: LessonSession['stops'] = [];
export const useLessonStops = (): LessonSession['stops'] =>
  useLesson(({ session }) => (session === null || isLeft(session) ? none : session.stops));
export const stepLaneHeight = 24;
const radius = 8;

interface LaneProps {
  readonly stops: LessonSession['stops'];
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
  return (
    <g data-lane="lesson">
      <path d={`M16 ${y + 0.5}H${scale.width}`} stroke="var(--line)" />
      <text x={16} y={y + 16} fontSize={12} fill="var(--text-muted)">
        {t('lesson.goal')}
      </text>
      {stops.map(({ at, n }, i) => {
        if (at < scale.from || at > scale.to) return null;
        const isNewest = i === stops.length - 1;
        // The next one lies over it.
        const next = stops[i + 1];
        const isRead = next === undefined || scale.x(next.at) - scale.x(at) > radius + 5;
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
