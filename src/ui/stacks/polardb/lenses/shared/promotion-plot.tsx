// The steps of a promotion over time: a lane of steps, one of the pages that were replayed, by whom they were wanted, and one of commits. Hidden
// from the accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { setApart, timeTicks } from '../../../../plot/ticks.ts';
import type { PromoteStep, PromotionModel, ReplayedFor } from './promotion.ts';
import { reachedAt } from './promotion.ts';
import '../../../../../words/polardb/shared.en.json';

const labelWidth = 98;
const head = 40;
const laneHeight = 44;
const markWidth = 46;

const hues: Readonly<Record<ReplayedFor, string>> = {
  opening: 'ctl',
  statement: 'client',
  background: 'reader',
  unknown: 'border-control',
};

export const ReplaySwatch = ({ of }: { readonly of: ReplayedFor }): ReactNode => (
  <svg width={8} height={14} aria-hidden="true" className="flex-none">
    <rect x={2} y={1} width={4} height={12} fill={`var(--${hues[of]})`} />
  </svg>
);

export const CommitSwatch = ({ isEarly }: { readonly isEarly: boolean }): ReactNode => (
  <svg width={14} height={14} aria-hidden="true" className="flex-none">
    <Commit x={7} y={7} isEarly={isEarly} />
  </svg>
);

const Commit = ({ x, y, isEarly }: { x: number; y: number; isEarly: boolean }): ReactNode => (
  <circle
    cx={x}
    cy={y}
    r={isEarly ? 5 : 3.5}
    fill={isEarly ? 'var(--ack)' : 'var(--bg-1)'}
    stroke="var(--ack)"
    strokeWidth={1.5}
  />
);

interface PlotProps {
  readonly model: PromotionModel;
  readonly width: number;
  readonly chosen: PromoteStep | null;
  /** The place among the steps that are reached, from 1. */
  readonly onChoose: (place: number) => void;
}

/** A stretch of time behind the lanes, with its words in the row above them. */
function Band(props: {
  from: number;
  to: number;
  y: number;
  height: number;
  hue: string;
  text: string;
}): ReactNode {
  const { from, to, y, height, hue, text } = props;
  const isWide = to - from > text.length * 6.4;
  return (
    <>
      <rect x={from} y={y} width={Math.max(1, to - from)} height={height} fill={softFill(hue)} />
      {isWide && (
        <text x={(from + to) / 2} y={y - 4} fontSize={12} textAnchor="middle" fill={`var(--${hue})`}>
          {text}
        </text>
      )}
    </>
  );
}

export const PromotionPlot = memo(function PromotionPlot({
  model,
  width,
  chosen,
  onChoose,
}: PlotProps): ReactNode {
  const t = useT();
  const { from, to, steps, replays, commits, lost } = model;
  const right = Math.max(labelWidth + 240, width - 12);
  const room = Math.max(1000, (to - from) * 0.04);
  const [first, last] = [Math.max(0, from - room), to + room];
  const x = (at: number): number => labelWidth + ((at - first) / (last - first)) * (right - labelWidth);
  const bottom = head + 3 * laneHeight;
  const opened = reachedAt(model, 'P5');
  const ended = reachedAt(model, 'P6');
  const reached = steps.filter(({ at }) => at >= 0);
  const drawn = setApart(
    reached.map(({ at }) => x(at)),
    markWidth,
    right - markWidth / 2,
  );
  const lanes = ['laneSteps', 'laneReplays', 'laneCommits'] as const;
  return (
    <PlotSvg width={right + 12} height={bottom + 4}>
      {lost !== null && (
        <Band
          from={x(lost.at)}
          to={x(opened < 0 ? to : opened)}
          y={head}
          height={3 * laneHeight}
          hue="fence"
          text={t('shared.promote.noWriter')}
        />
      )}
      {opened >= 0 && (
        <Band
          from={x(opened)}
          to={x(ended < 0 ? to : ended)}
          y={head}
          height={3 * laneHeight}
          hue="reader"
          text={t('shared.promote.behind')}
        />
      )}
      {timeTicks(first, last, Math.max(2, Math.floor((right - labelWidth) / 90))).map((at) => (
        <g key={at}>
          <path d={`M${x(at)} ${head}V${bottom}`} stroke="var(--line)" />
          <text x={x(at)} y={14} fontSize={12} textAnchor="middle" className="mono" fill="var(--text-muted)">
            {at / 1000}
          </text>
        </g>
      ))}
      {lanes.map((lane, i) => (
        <g key={lane}>
          <text x={0} y={head + i * laneHeight + 26} fontSize={12} fontWeight={600} fill="var(--text)">
            {t(`shared.promote.${lane}`)}
          </text>
          <path d={`M0 ${head + (i + 1) * laneHeight}H${right}`} stroke="var(--border-control)" />
        </g>
      ))}
      {lost !== null && <path d={`M${x(lost.at)} ${head}V${bottom}`} stroke="var(--fence)" strokeWidth={2} />}
      {reached.map(({ step, at }, i) => {
        const place = Math.max(labelWidth + markWidth / 2, drawn[i] ?? 0);
        const isChosen = step === chosen;
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: hidden from the accessibility tree; the slider around it has the keys
          <g key={step} onClick={() => onChoose(i + 1)} className="cursor-pointer">
            <path
              d={`M${x(at)} ${bottom}V${head + laneHeight}L${place} ${head + 36}`}
              stroke="var(--ctl)"
              fill="none"
              strokeDasharray="3 2"
            />
            <rect
              x={place - markWidth / 2 + 1}
              y={head + 4}
              width={markWidth - 2}
              height={32}
              rx={3}
              fill={isChosen ? 'var(--bg-2)' : 'var(--bg-1)'}
              stroke={isChosen ? 'var(--accent)' : 'var(--ctl)'}
              strokeWidth={isChosen ? 2.5 : 1}
            />
            <text
              x={place}
              y={head + 17}
              fontSize={12}
              fontWeight={700}
              textAnchor="middle"
              fill="var(--text)"
            >
              {step}
            </text>
            <text
              x={place}
              y={head + 31}
              fontSize={12}
              textAnchor="middle"
              className="mono"
              fill="var(--text)"
            >
              {(at / 1000).toFixed(1)}
            </text>
          </g>
        );
      })}
      {replays.map(({ at, blockKey, for: who }) => (
        <rect
          key={blockKey}
          x={x(at) - 2}
          y={head + laneHeight + (who === 'statement' ? 6 : who === 'background' ? 26 : 16)}
          width={4}
          height={12}
          fill={`var(--${hues[who]})`}
        />
      ))}
      {commits.map(({ at, scn, isEarly }) => (
        <Commit key={scn} x={x(at)} y={head + 2.5 * laneHeight} isEarly={isEarly} />
      ))}
    </PlotSvg>
  );
});
