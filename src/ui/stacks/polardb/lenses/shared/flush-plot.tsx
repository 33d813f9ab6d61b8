// Flush control as a drawing (docs/spec/logindex.md LI-40, LI-42): dirty pages in the order of their oldestLsn over the LSN axis, what each reader has
// reported to have applied, the gate, and which page is held back by whom. Hidden from the accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { LsnPlot, type LsnRuler, lsnScale } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { readersText } from './describe.ts';
import { type Cell, flushNow, flushWindow, type PageRow, readerMarks, type SharedModel } from './project.ts';
import '../../../../../words/polardb/shared.en.json';

const labelWidth = 116;
const tile = 20;
const rowHeight = 26;
const rowsY = 34;
/** Rows that are drawn; the table has all. */
export const flushRowsMost = 40;

interface PlotProps {
  readonly model: SharedModel;
  readonly rows: readonly PageRow[];
  readonly width: number;
  readonly chosen: number;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose?: (blockKey: number) => void;
}

const hueOf: Readonly<Record<ReturnType<typeof flushNow>, string>> = {
  FLUSHED: 'ack',
  FLUSHED_COPY: 'ack',
  COPIED: 'wal',
  WAL: 'wal',
  BLOCKED: 'fence',
};

export const FlushPlot = memo(function FlushPlot(props: PlotProps): ReactNode {
  const t = useT();
  const { model, rows, width, chosen, nameOf, onChoose } = props;
  const { view } = model;
  const shown = rows.slice(0, flushRowsMost);
  const left = labelWidth + tile + 12;
  const scale = lsnScale(flushWindow(model, shown), left, Math.max(40, width - left - 96), width);
  const bottom = rowsY + Math.max(1, shown.length) * rowHeight + 2;
  const readers = readerMarks(model);
  const at = (lsn: number): number => Math.min(scale.x(scale.to), Math.max(left, scale.x(lsn)));
  const gate = view?.oldestApplyLsn ?? -1;
  const foot = { atFoot: true, rightTo: width } as const;
  const rulers: readonly LsnRuler[] = [
    ...(view === null || view.durableLsn < 0
      ? []
      : [{ at: view.durableLsn, text: `durable ${view.durableLsn}` }]),
    ...readers.map(
      ({ reader, reported, applied }, i): LsnRuler => ({
        at: reported,
        text: [
          t(reported === gate ? 'shared.flush.gate' : 'shared.flush.reader', { reader, lsn: reported }),
          ...(applied > reported ? [t('shared.flush.ahead', { applied })] : []),
        ].join(t('list.comma')),
        hue: 'reader',
        dashed: reported !== gate,
        row: i,
        ...foot,
      }),
    ),
    ...(view === null || view.consistentLsn < 0
      ? []
      : [
          {
            at: view.consistentLsn,
            text: `consistentLsn ${view.consistentLsn}`,
            hue: 'wal',
            row: readers.length,
            ...foot,
          },
        ]),
  ];
  return (
    <LsnPlot
      width={width}
      height={bottom + (readers.length + 1) * 19 + 4}
      scale={scale}
      bottom={bottom}
      rulers={[]}
      under={rulers}
    >
      {gate >= 0 && (
        <rect
          x={at(gate)}
          y={rowsY - 4}
          width={Math.max(0, at(scale.to) - at(gate))}
          height={bottom - rowsY + 4}
          fill="color-mix(in srgb, var(--fence) 9%, transparent)"
        />
      )}
      {shown.map((row, i) => (
        <Row
          key={row.blockKey}
          row={row}
          y={rowsY + i * rowHeight}
          name={nameOf(row.blockKey)}
          isChosen={row.blockKey === chosen}
          at={at}
          model={model}
          {...(onChoose && { onChoose })}
        />
      ))}
    </LsnPlot>
  );
});

interface RowProps {
  readonly row: PageRow;
  readonly y: number;
  readonly name: string;
  readonly isChosen: boolean;
  readonly at: (lsn: number) => number;
  readonly model: SharedModel;
  readonly onChoose?: (blockKey: number) => void;
}

function Row({ row: { blockKey, writer }, y, name, isChosen, at, model, onChoose }: RowProps): ReactNode {
  const t = useT();
  if (writer === null || model.view === null) return null;
  const now = flushNow(writer, model.view);
  const hue = `var(--${hueOf[now]})`;
  const { oldestLsn, latestLsn, copyLsn, state } = writer;
  const [from, to] = [at(oldestLsn < 0 ? latestLsn : oldestLsn), at(latestLsn)];
  const middle = y + rowHeight / 2;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hidden from the accessibility tree; the slider around it has the keys
    <g data-hover={hoverKey({ kind: 'page', group: '', blockKey })} onClick={() => onChoose?.(blockKey)}>
      {isChosen && <rect x={0} y={y} width={labelWidth + tile + 8} height={rowHeight} fill="var(--bg-2)" />}
      <text x={2} y={middle + 4} fontSize={12} fill="var(--text)">
        {name}
      </text>
      <PageTile state={state} x={labelWidth} y={y + 3} size={tile} />
      <path d={`M${from} ${middle}H${to}`} stroke={hue} strokeWidth={6} strokeLinecap="round" />
      <path d={`M${from} ${middle - 8}v16M${to} ${middle - 8}v16`} stroke={hue} strokeWidth={2} />
      {copyLsn >= 0 && (
        <rect
          x={at(copyLsn) - 5}
          y={middle - 5}
          width={10}
          height={10}
          fill="var(--bg-1)"
          stroke="var(--wal)"
        />
      )}
      {now === 'BLOCKED' && (
        <text
          x={to + 7}
          y={middle + 4}
          fontSize={12}
          fontWeight={600}
          fill="var(--fence)"
          stroke="var(--bg-1)"
          strokeWidth={4}
          paintOrder="stroke"
        >
          {heldText(writer, t)}
        </text>
      )}
    </g>
  );
}

const heldText = (cell: Cell, t: ReturnType<typeof useT>): string =>
  t('shared.flush.heldBy', { by: readersText(cell) });
