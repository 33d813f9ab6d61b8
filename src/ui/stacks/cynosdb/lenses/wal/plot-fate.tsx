// Below the replicas: how many hold each LSN durably, and what a recovery would do with it.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import type { Bracket } from './bracket.ts';
import type { WalModel } from './model.ts';
import { besideLines, type Scale } from './plot-scale.ts';

export function Copies({
  model,
  scale,
  y,
  lines,
}: {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly y: number;
  /** Lines across the plot, px: no number stands under one. */
  readonly lines: readonly number[];
}): ReactNode {
  const colour = (copies: number): string =>
    copies === 0
      ? 'var(--border-control)'
      : copies < model.quorum.replicas
        ? 'var(--hole)'
        : 'var(--text-muted)';
  const known = new Set(model.records.filter((record) => record.group === model.group).map(({ lsn }) => lsn));
  const number = (key: number, x: number, copies: number): ReactNode => (
    <text
      key={key}
      x={x}
      y={y + 14}
      fontSize={12}
      fontWeight={600}
      textAnchor="middle"
      fill={colour(copies)}
      className="mono"
    >
      {copies}
    </text>
  );
  const cells: ReactNode[] = [];
  for (const { first, end, copies } of model.copies) {
    if (scale.cell < 8 || known.size === 0) {
      const width = scale.span(first, end);
      if (copies === 0 && first > model.tail) continue;
      cells.push(
        <g key={first}>
          <path
            d={`M${scale.x(first) + 1} ${y + 17.5}h${Math.max(1, width - 2)}`}
            stroke={colour(copies)}
            strokeWidth={2}
          />
          {width >= 10 && number(first, besideLines([scale.x(first), scale.x(first) + width], lines), copies)}
        </g>,
      );
      continue;
    }
    for (let lsn = first; lsn < end; lsn++)
      if (known.has(lsn)) cells.push(number(lsn, scale.x(lsn) + scale.cell / 2, copies));
  }
  return cells;
}

interface FateProps {
  readonly bracket: Bracket;
  readonly unreadable: WalModel['unreadable'];
  readonly tail: number;
  readonly scale: Scale;
  readonly y: number;
  /** px at which rulers go through. */
  readonly rulers: readonly number[];
}

/** px of a word's letter, and that it keeps from a ruler. */
const letterPx = 7;
const rulerRoom = 4;

/** The middle of a word between two px: of the whole, or beside the rulers that would go through it; null: no room. */
export function wordPlace(words: string, x: number, width: number, rulers: readonly number[]): number | null {
  const half = wordsWidth(words, letterPx) / 2;
  const edges = [x, ...rulers.filter((at) => at > x && at < x + width).sort((a, b) => a - b), x + width];
  const parts = edges.slice(1).map((to, i) => [edges[i] ?? x, to] as const);
  const middle = x + width / 2;
  const isFree = rulers.every((at) => Math.abs(at - middle) > half + rulerRoom);
  if (isFree && width >= 2 * half + 4) return middle;
  const [widest] = parts.sort(([a, b], [c, d]) => d - c - (b - a));
  if (widest === undefined || widest[1] - widest[0] < 2 * (half + rulerRoom)) return null;
  return (widest[0] + widest[1]) / 2;
}

/** Which LSNs a recovery keeps: for certain, perhaps, not; and the bracket of where it would end. */
export function Fate({ bracket, unreadable, tail, scale, y, rulers }: FateProps): ReactNode {
  const t = useT();
  const part = (first: number, end: number): readonly [x: number, width: number] => {
    const from = Math.max(first, scale.from);
    return [scale.x(from), Math.max(0, scale.span(from, Math.min(end, scale.to)))];
  };
  const text = (x: number, width: number, words: string, colour: string): ReactNode => {
    const middle = wordPlace(words, x, width, rulers);
    return (
      middle !== null && (
        <text x={middle} y={y + 14.5} fontSize={12} fontWeight={600} textAnchor="middle" fill={colour}>
          {words}
        </text>
      )
    );
  };
  const [certainX, certainWidth] = part(0, bracket.least + 1);
  const [maybeX, maybeWidth] = part(bracket.least + 1, bracket.most + 1);
  const [neverX, neverWidth] = part(bracket.most + 1, Math.max(tail, bracket.most) + 1);
  const { least, most } = bracket;
  const label =
    unreadable !== null
      ? t('lens.bracketWaits', unreadable)
      : least === most
        ? t('lens.bracketOne', { vdl: least })
        : t('lens.bracket', { least, most });
  const width = scale.span(bracket.least + 1, bracket.most + 1);
  const bracketX = scale.x(bracket.least + 1);
  return (
    <g>
      {certainWidth > 1 && (
        <rect
          x={certainX + 0.5}
          y={y + 0.5}
          width={certainWidth - 1}
          height={19}
          rx={2}
          fill="color-mix(in srgb, var(--ack) var(--soft), var(--bg-1))"
        />
      )}
      {text(certainX, certainWidth, t('fate.certain'), 'var(--text)')}
      {maybeWidth > 1 && (
        <rect
          x={maybeX + 0.5}
          y={y + 0.5}
          width={maybeWidth - 1}
          height={19}
          rx={2}
          fill="none"
          stroke="var(--hole)"
          strokeWidth={1.5}
          strokeDasharray="2 3"
        />
      )}
      {text(maybeX, maybeWidth, '?', 'var(--hole)')}
      {neverWidth > 1 && (
        <rect x={neverX + 0.5} y={y + 0.5} width={neverWidth - 1} height={19} rx={2} fill="var(--bg-2)" />
      )}
      {text(neverX, neverWidth, t('fate.impossible'), 'var(--text-muted)')}
      {bracket.least >= scale.from && bracket.least < scale.to && (
        <>
          {width > 0 && (
            <path
              d={`M${bracketX + 1.5} ${y + 21}v4h${Math.max(1, width - 3)}v-4`}
              fill="none"
              stroke="var(--hole)"
              strokeWidth={1.5}
            />
          )}
          <text
            x={Math.max(scale.x(scale.from) + wordsWidth(label, 6.6), bracketX - 6)}
            y={y + 38}
            fontSize={12}
            fontWeight={600}
            textAnchor="end"
            fill={width > 0 ? 'var(--hole)' : 'var(--text-muted)'}
          >
            {label}
          </text>
        </>
      )}
    </g>
  );
}
