// Left of the replicas: the zones they stand in, and which zone is out; below them the terms of the log (WAL-53).

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import type { ReplicaRow, WalModel } from './model.ts';
import { rowHeight, type Scale } from './plot-scale.ts';

interface ZoneSpan {
  readonly zone: string;
  readonly first: number;
  readonly count: number;
  readonly isOut: boolean;
}

/** Neighbouring rows of one zone. */
export function zoneSpans(rows: readonly Pick<ReplicaRow, 'zone' | 'health'>[]): readonly ZoneSpan[] {
  const spans: ZoneSpan[] = [];
  rows.forEach(({ zone, health }, i) => {
    const before = spans.at(-1);
    const isOut = health === 'down';
    if (before?.zone === zone)
      spans[spans.length - 1] = { ...before, count: before.count + 1, isOut: before.isOut && isOut };
    else spans.push({ zone, first: i, count: 1, isOut });
  });
  return spans;
}

export function Zones({
  rows,
  top,
}: {
  readonly rows: readonly ReplicaRow[];
  readonly top: number;
}): ReactNode {
  return zoneSpans(rows).map(({ zone, first, count, isOut }) => {
    const y = top + first * rowHeight + 3;
    const height = count * rowHeight - 6;
    return (
      <g key={first} pointerEvents="none">
        <rect
          x={0.5}
          y={y}
          width={13}
          height={height}
          rx={3}
          fill={isOut ? 'url(#run-annulled)' : 'var(--bg-2)'}
          stroke={isOut ? 'var(--fence)' : 'var(--line)'}
        />
        <rect
          x={2}
          y={y + height / 2 - 8}
          width={10}
          height={16}
          rx={2}
          fill={isOut ? 'var(--bg-1)' : 'none'}
        />
        <text
          x={7}
          y={y + height / 2 + 4}
          fontSize={12}
          fontWeight={600}
          textAnchor="middle"
          fill={isOut ? 'var(--fence)' : 'var(--text-muted)'}
        >
          {zone}
        </text>
      </g>
    );
  });
}

export const termsHeight = 24;

/** One run for each term, and the annulled LSNs between two; only where there is more than one. */
export function Terms({
  model,
  scale,
  y,
}: {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly y: number;
}): ReactNode {
  const t = useT();
  return model.terms.map(({ kind, term, first, end }) => {
    const x = scale.x(first);
    const width = scale.span(first, end);
    if (width <= 1) return null;
    const isAnnulled = kind === 'annulled';
    const words = isAnnulled ? t('lens.annulled') : t('lens.term', { term });
    return (
      <g key={`${kind}${term}`}>
        <rect
          x={x + 0.5}
          y={y + 0.5}
          width={width - 1}
          height={17}
          rx={2}
          fill={isAnnulled ? 'url(#run-annulled)' : 'none'}
          stroke={isAnnulled ? 'var(--fence)' : 'var(--border-control)'}
        />
        {width > wordsWidth(words, 7) + 8 && (
          <text
            x={x + 6}
            y={y + 13}
            fontSize={12}
            fontWeight={600}
            fill={isAnnulled ? 'var(--fence)' : 'var(--text)'}
            stroke="var(--bg-1)"
            strokeWidth={4}
            paintOrder="stroke"
          >
            {words}
          </text>
        )}
      </g>
    );
  });
}
