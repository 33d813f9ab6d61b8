// The recovery as SVG: a film strip with a frame for each step and how long it took, and below it on one axis of virtual
// time the token that each node has promised. Hidden from the accessibility tree: list and table say the same.

import { memo, type ReactNode } from 'react';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { millis } from '../../../../kit/format.ts';
import { uncovered, wordsWidth } from '../../../../kit/words-width.ts';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { Ruler } from '../../../../plot/ruler.tsx';
import { timeTicks } from '../../../../plot/ticks.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import { shortDuration, stepName } from './describe.ts';
import type { RecoveryModel, StepItem, StepState, TokenLane } from './project.ts';

const stripHeight = 58;
/** Of a frame with its step's name; where all have less the film goes on in further rows. */
const leastFrame = 52;
const holesHeight = 7;
const lineHeight = 16;
const laneHeight = 20;
const labelWidth = 64;
/** Lanes drawn; the table has all. */
const lanesDrawn = 8;

const looks: Readonly<Record<StepState, { fill: string; stroke: string; width: number; dash?: string }>> = {
  done: { fill: softFill('ack'), stroke: 'var(--ack)', width: 1 },
  running: { fill: softFill('fence'), stroke: 'var(--fence)', width: 2.5 },
  stopped: { fill: 'var(--bg-1)', stroke: 'var(--fence)', width: 1.5, dash: '4 3' },
  open: { fill: 'none', stroke: 'var(--border-control)', width: 1, dash: '2 3' },
};

/** The step's state as a shape, too: tick, dot, cross, ring. */
function Mark({
  state,
  x,
  y,
}: {
  readonly state: StepState;
  readonly x: number;
  readonly y: number;
}): ReactNode {
  switch (state) {
    case 'done':
      return <path d={`M${x - 4} ${y}l3 3l6 -6`} fill="none" stroke="var(--ack)" strokeWidth={2} />;
    case 'running':
      return <circle cx={x} cy={y} r={4} fill="var(--fence)" />;
    case 'stopped':
      return (
        <path d={`M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`} stroke="var(--fence)" strokeWidth={2} />
      );
    case 'open':
      return <circle cx={x} cy={y} r={3.5} fill="none" stroke="var(--text-muted)" strokeWidth={1.5} />;
  }
}

/** The holes along an edge of the film. */
function Holes({ width, y }: { readonly width: number; readonly y: number }): ReactNode {
  const count = Math.floor(width / 14);
  return Array.from({ length: count }, (_, i) => (
    <rect
      // biome-ignore lint/suspicious/noArrayIndexKey: a hole is its place
      key={i}
      x={4 + i * 14}
      y={y}
      width={7}
      height={4}
      rx={1.5}
      fill="var(--bg-1)"
    />
  ));
}

function StepFrame({
  item,
  x,
  width,
}: {
  readonly item: StepItem;
  readonly x: number;
  readonly width: number;
}): ReactNode {
  const t = useT();
  const { fill, stroke, width: strokeWidth, dash } = looks[item.state];
  const top = holesHeight + 2;
  const height = stripHeight - 2 * top;
  const took = item.tookUs === null ? '–' : shortDuration(item.tookUs);
  // The unit is written where there is room; the list below has it.
  const shown = wordsWidth(took, 7.3) <= width - 4 ? took : (took.split(' ')[0] ?? took);
  return (
    <g>
      <title>{`${stepName(item, t)} ${took}`}</title>
      <rect
        x={x + 1.5}
        y={top + 0.5}
        width={Math.max(1, width - 3)}
        height={height - 1}
        rx={3}
        fill={item.state === 'open' ? 'var(--bg-1)' : fill}
        stroke={stroke}
        strokeWidth={strokeWidth}
        {...(dash === undefined ? {} : { strokeDasharray: dash })}
      />
      <Mark state={item.state} x={x + 10} y={top + 12} />
      <text x={x + 17} y={top + 16} fontSize={12} fontWeight={700} fill="var(--text)">
        {stepName(item, t)}
      </text>
      <text
        x={x + width / 2}
        y={top + 33}
        fontSize={12}
        textAnchor="middle"
        fill={item.state === 'open' ? 'var(--text-muted)' : 'var(--text)'}
        className="mono"
      >
        {shown}
      </text>
    </g>
  );
}

/** The film cut into rows of one length. */
function filmRows(steps: readonly StepItem[], width: number): readonly (readonly StepItem[])[] {
  const fit = Math.max(1, Math.floor(width / leastFrame));
  const perRow = Math.ceil(steps.length / Math.max(1, Math.ceil(steps.length / fit)));
  return Array.from({ length: Math.ceil(steps.length / Math.max(1, perRow)) }, (_, row) =>
    steps.slice(row * perRow, (row + 1) * perRow),
  );
}

interface FilmProps {
  readonly rows: readonly (readonly StepItem[])[];
  readonly width: number;
}

function Film({ rows, width }: FilmProps): ReactNode {
  const each = width / Math.max(1, rows[0]?.length ?? 0);
  return rows.map((steps, row) => (
    <g key={steps[0]?.step} transform={`translate(0 ${row * stripHeight})`}>
      <rect x={0} y={0} width={width} height={stripHeight} rx={4} fill="var(--bg-2)" />
      <Holes width={width} y={3} />
      <Holes width={width} y={stripHeight - 7} />
      {steps.map((item, i) => (
        <StepFrame key={item.step} item={item} x={i * each} width={each} />
      ))}
    </g>
  ));
}

/** What the lanes show, and since when the writer is down; in two lines where one is too short. */
function headLines(model: RecoveryModel, width: number, t: Translate): readonly string[] {
  const tokens = t('recovery.tokens');
  if (!model.isCut) return [tokens];
  const since = t('recovery.downSince', { at: millis(model.outage.from) });
  const line = `${tokens} · ${since}`;
  return wordsWidth(line, 6.9) <= width ? [line] : [tokens, since];
}

interface LaneProps {
  readonly lane: TokenLane;
  readonly y: number;
  readonly x: (at: number) => number;
  /** The token of the recovery that is shown. */
  readonly token: number;
}

function Lane({ lane: { node, spans, downs }, y, x, token }: LaneProps): ReactNode {
  const t = useT();
  const covers = downs.map(({ from, to }) => [x(from), Math.max(x(from) + 2, x(to))] as const);
  return (
    <g data-hover={hoverKey({ kind: 'node', id: node })}>
      <text x={0} y={y + 13} fontSize={12} fill="var(--text)">
        {node}
      </text>
      {spans.map((one) => {
        const left = x(one.from);
        const width = Math.max(1, x(one.to) - left);
        const words = wordsWidth(String(one.token), 8) + 6;
        const wordsAt = uncovered(left, words, covers);
        const isNew = one.token === token;
        return (
          <g key={`${one.token} ${one.from}`}>
            <rect
              x={left}
              y={y + 1}
              width={width}
              height={laneHeight - 5}
              rx={2}
              fill={isNew ? softFill('fence') : 'var(--bg-2)'}
              stroke={isNew ? 'var(--fence)' : 'var(--border-control)'}
            />
            {wordsAt + words < left + width && (
              <text
                x={wordsAt + 5}
                y={y + 13}
                fontSize={12}
                fontWeight={600}
                fill="var(--text)"
                className="mono"
              >
                {one.token}
              </text>
            )}
          </g>
        );
      })}
      {downs.map(({ from, to }) => {
        const left = x(from);
        const width = Math.max(2, x(to) - left);
        const word = t('recovery.down');
        const middle = left + width / 2;
        const wide = wordsWidth(word, 7) + 8;
        return (
          <g key={from}>
            <rect x={left} y={y + 1} width={width} height={laneHeight - 5} fill="var(--bg-1)" />
            <rect
              x={left}
              y={y + 1}
              width={width}
              height={laneHeight - 5}
              fill="url(#recovery-down)"
              stroke="var(--text-muted)"
            />
            {width > wide && (
              <>
                <rect
                  x={middle - wide / 2}
                  y={y + 2}
                  width={wide}
                  height={laneHeight - 7}
                  fill="var(--bg-1)"
                />
                <text x={middle} y={y + 13} fontSize={12} textAnchor="middle" fill="var(--text)">
                  {word}
                </text>
              </>
            )}
          </g>
        );
      })}
    </g>
  );
}

interface PlotProps {
  readonly model: RecoveryModel;
  readonly width: number;
}

export const RecoveryPlot = memo(function RecoveryPlot({ model, width }: PlotProps): ReactNode {
  const t = useT();
  const { steps, lanes, window, fencedAt, attempt } = model;
  const [from, to] = window;
  const room = Math.max(1, width - labelWidth - 2);
  const x = (at: number): number => labelWidth + ((at - from) * room) / Math.max(1, to - from);
  const shown = lanes.slice(0, lanesDrawn);
  const rows = filmRows(steps, width);
  const heads = headLines(model, width, t);
  const headTop = rows.length * stripHeight + 18;
  const axisTop = headTop + (heads.length - 1) * lineHeight;
  const lanesTop = axisTop + 24;
  const bottom = lanesTop + shown.length * laneHeight;
  const ticks = timeTicks(from, to, Math.max(2, Math.floor(room / 90)));
  const fenced = attempt === null || fencedAt === null || fencedAt < from ? null : fencedAt;
  const flag = fenced === null ? '' : t('recovery.fenced', { token: attempt?.token ?? 0 });
  return (
    <PlotSvg width={width} height={bottom + (fenced === null ? 4 : 20)}>
      <defs>
        <pattern id="recovery-down" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M0 6L6 0M0 0L6 6" stroke="var(--border-control)" strokeWidth="1" />
        </pattern>
      </defs>
      <Film rows={rows} width={width} />
      {heads.map((line, i) => (
        <text key={line} x={0} y={headTop + i * lineHeight} fontSize={12} fill="var(--text-muted)">
          {line}
        </text>
      ))}
      {ticks.map((at) => {
        const line = Math.round(x(at)) + 0.5;
        return line < labelWidth ? null : (
          <g key={at}>
            <path d={`M${line} ${axisTop + 20}V${bottom}`} stroke="var(--line)" />
            <text
              x={Math.min(line, width - 26)}
              y={axisTop + 16}
              fontSize={12}
              textAnchor="middle"
              fill="var(--text-muted)"
              className="mono"
            >
              {at / 1000}
            </text>
          </g>
        );
      })}
      {shown.map((lane, i) => (
        <Lane key={lane.node} lane={lane} y={lanesTop + i * laneHeight} x={x} token={attempt?.token ?? -1} />
      ))}
      {fenced !== null && (
        <g transform={`translate(0 ${lanesTop - 30})`}>
          <Ruler
            x={x(fenced)}
            text={flag}
            bottom={bottom - lanesTop + 30}
            hue="fence"
            rightTo={width}
            atFoot
          />
        </g>
      )}
    </PlotSvg>
  );
});
