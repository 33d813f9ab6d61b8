// The heat of key ranges on screen: a row a tablet, a column a step of virtual time, the darker the more; elections, rolled shards, splits
// and moves are drawn on it, and lead to their events. Arrow keys go from cell to cell; the table beside it has the numbers.

import { type KeyboardEvent, memo, type ReactNode, useMemo, useState } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { select } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { bytesText, millis } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { Muted, SegmentChoice } from '../../../../lens/section.tsx';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { setApart } from '../../../../plot/ticks.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import {
  type HeatMark,
  type HeatMeasure,
  type HeatModel,
  type HeatRow,
  heatKinds,
  heatMeasures,
  marksIn,
  projectHeat,
} from './heat.ts';
import type { PlacementModel } from './project.ts';

const heatNeed: PastNeed = { minRank: 0, kinds: heatKinds, withMessages: false };
/** Messages are many: they are asked for while their bytes are shown. */
const bytesNeed: PastNeed = { ...heatNeed, withMessages: true };
/** Virtual µs that are shown. */
const spans = { '100': 100_000, '400': 400_000, '1600': 1_600_000 } as const;
type Span = keyof typeof spans;
const spanNames = Object.keys(spans) as readonly Span[];

const labelWidth = 130;
const rowHeight = 30;
const top = 20;
const signRadius = 7;
/** Share of the hue in the fullest cell, and in the least that is not empty, percent. */
const shade = { most: 90, least: 14 } as const;

const markSign: Readonly<Partial<Record<HeatMark['kind'], string>>> = {
  hot: '!',
  split: '÷',
  merged: '∪',
  lost: '✕',
  led: '★',
  move: '→',
};

/** What begins at an instant for good is a line: it hides no election beside it. */
const isLine = ({ kind }: HeatMark): boolean => kind === 'made' || kind === 'rolled';

interface PlotProps {
  readonly model: HeatModel;
  readonly measure: HeatMeasure;
  readonly width: number;
  readonly chosen: { readonly row: number; readonly step: number } | null;
}

const cellWidth = (width: number, steps: number): number => Math.max(5, (width - labelWidth - 4) / steps);

const HeatPlot = memo(function HeatPlot({ model, measure, width, chosen }: PlotProps): ReactNode {
  const { rows, steps, from, stepUs, most } = model;
  const each = cellWidth(width, steps);
  const right = labelWidth + steps * each;
  const height = top + rows.length * rowHeight + 20;
  const x = (at: number): number => labelWidth + ((at - from) / stepUs) * each;
  /** Signs stand beside each other: an election is not hidden by the move that led to it. */
  const signPlaces = (marks: readonly HeatMark[]): ReadonlyMap<HeatMark, number> => {
    const signs = marks.filter((mark) => !isLine(mark)).sort((a, b) => a.from - b.from);
    const places = setApart(
      signs.map((mark) => x(mark.from)),
      2 * signRadius + 2,
      right - signRadius,
    );
    return new Map(signs.map((mark, i) => [mark, places[i] ?? x(mark.from)]));
  };
  return (
    <PlotSvg width={Math.max(width, right + 4)} height={height}>
      {rows.map(({ key, group, table, keys, cells, marks }, i) => {
        const y = top + i * rowHeight;
        const signs = signPlaces(marks);
        return (
          <g key={key} {...(group === '' ? {} : { 'data-hover': hoverKey({ kind: 'group', id: group }) })}>
            <text x={0} y={y + 13} fontSize={13} fontWeight={600} fill="var(--text)">
              {group === '' ? '–' : group}
            </text>
            <text x={0} y={y + 26} fontSize={12} fill="var(--text-muted)" className="mono">
              {`${table} ${keys}`}
            </text>
            <rect
              x={labelWidth}
              y={y + 2}
              width={right - labelWidth}
              height={rowHeight - 6}
              fill="none"
              stroke="var(--line)"
            />
            {cells[measure].map((value, step) =>
              value === 0 ? null : (
                <rect
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its step
                  key={step}
                  x={labelWidth + step * each}
                  y={y + 2}
                  width={each}
                  height={rowHeight - 6}
                  fill={`color-mix(in srgb, var(--wal) ${Math.round(shade.least + (value / most[measure]) * (shade.most - shade.least))}%, var(--bg-1))`}
                />
              ),
            )}
            {marks.map((mark) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard: Enter on its cell
              <g
                key={`${mark.kind} ${mark.from}`}
                className="cursor-pointer"
                data-hover={hoverKey({ kind: 'event', listed: mark.listed })}
                onClick={() => select({ kind: 'event', listed: mark.listed })}
              >
                {mark.kind === 'move' && (
                  <path
                    d={`M${x(mark.from)} ${y + rowHeight - 5}H${mark.to === null ? right : x(mark.to)}`}
                    stroke="var(--hole)"
                    strokeWidth={3}
                  />
                )}
                {isLine(mark) ? (
                  <path
                    d={`M${x(mark.from)} ${y}V${y + rowHeight - 2}`}
                    stroke="var(--ctl)"
                    strokeWidth={2}
                    {...(mark.kind === 'made' ? {} : { strokeDasharray: '3 2' })}
                  />
                ) : (
                  <>
                    <circle
                      cx={signs.get(mark)}
                      cy={y + 14}
                      r={signRadius}
                      fill="var(--bg-1)"
                      stroke={`var(--${mark.kind === 'lost' ? 'fence' : 'text'})`}
                    />
                    <text x={signs.get(mark)} y={y + 18} fontSize={12} textAnchor="middle" fill="var(--text)">
                      {markSign[mark.kind]}
                    </text>
                  </>
                )}
              </g>
            ))}
          </g>
        );
      })}
      {chosen !== null && (
        <rect
          x={labelWidth + chosen.step * each - 1}
          y={top + chosen.row * rowHeight + 1}
          width={each + 2}
          height={rowHeight - 4}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
        />
      )}
      {[0, steps / 2, steps].map((step) => (
        <text
          key={step}
          x={labelWidth + step * each}
          y={height - 5}
          fontSize={12}
          textAnchor={step === 0 ? 'start' : step === steps ? 'end' : 'middle'}
          fill="var(--text-muted)"
          className="mono"
        >
          {`${millis(Math.max(0, from + step * stepUs))} ms`}
        </text>
      ))}
    </PlotSvg>
  );
});

interface Place {
  readonly row: number;
  readonly step: number;
}

/** Where an arrow key leads from a cell; null: it is none. */
function moved(key: string, { row, step }: Place, { rows, steps }: HeatModel): Place | null {
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), step };
    case 'ArrowDown':
      return { row: Math.min(rows.length - 1, row + 1), step };
    case 'ArrowLeft':
      return { row, step: Math.max(0, step - 1) };
    case 'ArrowRight':
      return { row, step: Math.min(steps - 1, step + 1) };
    default:
      return null;
  }
}

const total = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

export function HeatPart({
  lens,
  placement,
}: {
  readonly lens: LensState<PlacementModel>;
  readonly placement: PlacementModel;
}): ReactNode {
  const t = useT();
  const { table, width } = lens;
  const [span, setSpan] = useState<Span>('400');
  const [measure, setMeasure] = useState<HeatMeasure>('requests');
  const [place, setPlace] = useState<Place>({ row: 0, step: 0 });
  const past = usePast(spans[span], null, measure === 'bytes' ? bytesNeed : heatNeed);
  const now = useFrame(({ frame }) => frame?.time ?? 0);
  const to = past?.to ?? now;
  const model = useMemo(
    () => projectHeat(placement, past?.events ?? [], to, spans[span], past?.messages),
    [placement, past, to, span],
  );
  const row = model.rows[place.row];
  const markText = ({ kind, from, node }: HeatMark): string =>
    `${t(`heat.mark.${kind}`)} ${node} ${millis(from)}`.replace('  ', ' ');
  /** The event of the cell's mark, or its group. */
  const open = (one: HeatRow, isGroup: boolean): void => {
    const [mark] = isGroup ? [] : marksIn(model, one, place.step);
    if (mark) select({ kind: 'event', listed: mark.listed });
    else if (one.group !== '') select({ kind: 'group', id: one.group });
  };
  const cellText = (one: HeatRow, step: number): string => {
    const at = Math.max(0, model.from + step * model.stepUs);
    const cell = t('heat.cell', {
      place: `${one.group} ${one.table} ${one.keys}`.trim(),
      from: millis(at),
      to: millis(Math.max(0, at + model.stepUs)),
      requests: one.cells.requests[step] ?? 0,
      commits: one.cells.commits[step] ?? 0,
      records: one.cells.records[step] ?? 0,
    });
    const all =
      measure === 'bytes'
        ? t('heat.cellBytes', { cell, bytes: bytesText(one.cells.bytes[step] ?? 0) })
        : cell;
    const marks = marksIn(model, one, step);
    return marks.length === 0
      ? all
      : t('heat.cellMarks', { cell: all, marks: marks.map(markText).join(t('list.comma')) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = moved(event.key, place, model);
    if (next !== null) setPlace(next);
    else if (event.key === 'Enter' && row !== undefined) open(row, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const columns: readonly Column<HeatRow>[] = [
    [t('placement.group'), ({ group }) => group || '–', 'mono'],
    [t('placement.keys'), (one) => `${one.table} ${one.keys}`, 'mono'],
    ...heatMeasures.map(
      (each): Column<HeatRow> => [
        t(`heat.${each}`),
        ({ cells }) =>
          each !== 'bytes' ? total(cells[each]) : measure === 'bytes' ? bytesText(total(cells.bytes)) : '–',
        'n',
      ],
    ),
    [t('heat.marks'), ({ marks }) => marks.map(markText).join(t('list.comma')) || '–', 'whitespace-normal'],
  ];
  return (
    <>
      <div className="scope-bar">
        <SegmentChoice
          label={t('heat.measure')}
          values={heatMeasures}
          value={measure}
          nameOf={(each) => t(`heat.${each}`)}
          onChange={setMeasure}
        />
        <Select
          label={t('heat.span')}
          value={span}
          options={spanNames.map((value) => ({ value, label: `${value} ms` }))}
          onChange={setSpan}
        />
      </div>
      <PlotArea
        state={lens}
        className="overflow-x-auto px-4 pt-1.5 pb-2"
        drawing={
          <div
            role="slider"
            tabIndex={0}
            aria-label={t('heat.choose')}
            aria-valuemin={0}
            aria-valuemax={Math.max(0, model.rows.length * model.steps - 1)}
            aria-valuenow={place.row * model.steps + place.step}
            aria-valuetext={row === undefined ? '' : cellText(row, place.step)}
            onKeyDown={onKeyDown}
          >
            <HeatPlot
              model={model}
              measure={measure}
              width={width}
              chosen={row === undefined ? null : place}
            />
          </div>
        }
        still={() => null}
      >
        <TableBeside
          shown={table}
          label={t('placement.heatTab')}
          box="overflow-x-auto"
          columns={columns}
          rows={() => model.rows}
          keyOf={({ key }) => key}
        />
      </PlotArea>
      {measure === 'bytes' && past !== null && past.messagesSince > model.from && (
        <div className="px-4">
          <Muted>{t('heat.since', { ms: millis(past.messagesSince) })}</Muted>
        </div>
      )}
      {row !== undefined && (
        <output aria-live="polite" className="block px-4 pb-2 text-[12px] leading-4">
          {cellText(row, place.step)}
        </output>
      )}
    </>
  );
}
