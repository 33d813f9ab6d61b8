// The plot of lens 4.4: one row per holder over the LSN axis, page copies as tiles, records above them as ticks, what each
// says of the chosen row, and below that the read points at which the node answers; rulers for VDL, PGMRPL and the read
// point. Hidden from the accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import { PageTile } from '../../../../glyphs/page-tile.tsx';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import {
  BelowReadPoints,
  LsnPlot,
  type LsnRuler,
  LsnRulers,
  type LsnScale,
  lsnScale,
  softFill,
} from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { absenceText, previewText } from './describe.ts';
import type { Holder, PageCopy } from './holders.ts';
import type { PagesModel } from './project.ts';
import { ReadWindowBand } from './read-window.tsx';
import { textPlace, tile } from './text-place.ts';

const labelWidth = 84;
const rowHeight = 68;
const rowsY = 40;

interface RowProps {
  /** The page, as what can be pointed at. */
  readonly page: string;
  readonly holder: Holder;
  readonly y: number;
  readonly scale: LsnScale;
  readonly preview: string;
}

/** The newest of the copies that are older than the window stands at its left edge. */
function copiesOf({ copies }: Holder, scale: LsnScale): readonly (PageCopy & { readonly x: number })[] {
  const older = copies.filter(({ lsn }) => lsn < scale.from).at(-1);
  return copies.flatMap((copy) =>
    copy.lsn < scale.from && copy !== older
      ? []
      : [{ ...copy, x: copy === older ? labelWidth - tile - 4 : scale.x(copy.lsn) - tile / 2 }],
  );
}

/** px from the top of a row to its tiles, and to their middle. */
const tileY = 4;
const middleY = tileY + tile / 2;
/** px from the top of a row to the LSNs below its tiles, and to the middle of its read window. */
const lsnY = 45;
const windowY = 57;
/** px a digit of them takes. */
const digit = 6.8;
/** What the next tile would cover is drawn as a bar. */
const bar = { width: 7, height: 18 } as const;

function Copies({ holder, page, y, scale }: Omit<RowProps, 'preview'>): ReactNode {
  const copies = copiesOf(holder, scale);
  return copies.map(({ lsn, state, x, upTo }, i) => {
    const room = (copies[i + 1]?.x ?? Number.POSITIVE_INFINITY) - x;
    const middle = x + tile / 2;
    return (
      <g key={lsn} data-hover={page} data-node={holder.node}>
        <title>{upTo === undefined ? `@${lsn}` : `@${lsn} ≤ ${upTo}`}</title>
        {upTo !== undefined && upTo > scale.from && (
          <path
            d={`M${Math.max(middle, scale.x(scale.from))} ${y + middleY}H${scale.x(upTo)}m0 -5v10`}
            stroke="var(--hole)"
            strokeWidth={1.5}
            fill="none"
          />
        )}
        {room < tile ? (
          <rect
            x={middle - bar.width / 2}
            y={y + middleY - bar.height / 2}
            width={bar.width}
            height={bar.height}
            rx={2}
            fill={softFill('hole')}
            stroke="var(--hole)"
          />
        ) : (
          <PageTile state={state} x={x} y={y + tileY} size={tile} />
        )}
        {lsn >= 0 && room > digit * (String(lsn).length + 1) && (
          <text
            x={middle}
            y={y + lsnY}
            fontSize={11}
            textAnchor="middle"
            stroke="var(--bg-1)"
            strokeWidth={3}
            paintOrder="stroke"
            fill="var(--text)"
            className="mono"
          >
            {lsn}
          </text>
        )}
      </g>
    );
  });
}

/** Characters of a row's value that are written. */
const mostLetters = 28;
const shortened = (words: string): string =>
  words.length > mostLetters ? `${words.slice(0, mostLetters - 1)}…` : words;

function Row({ holder, page, y, scale, preview }: RowProps): ReactNode {
  const t = useT();
  const newest = holder.copies.at(-1)?.lsn ?? -1;
  const last = Math.max(newest, holder.records.at(-1) ?? -1);
  const start = Math.max(newest, scale.from);
  const place = textPlace(wordsWidth(shortened(preview), 7.8), {
    start: scale.x(start),
    records: holder.records.filter((lsn) => lsn > start).map(scale.x),
    older: copiesOf(holder, scale).flatMap(({ lsn, x }) => (lsn === newest ? [] : [x + tile / 2])),
    left: labelWidth,
    right: scale.right,
  });
  return (
    <g data-hover={hoverKey({ kind: 'node', id: holder.node })} opacity={holder.standing === 'up' ? 1 : 0.6}>
      <path d={`M0 ${y + rowHeight}H${scale.right}`} stroke="var(--line)" />
      <text x={0} y={y + 18} fontSize={13} fontWeight={600} fill="var(--text)">
        {holder.node}
      </text>
      <text x={0} y={y + 33} fontSize={12} fill="var(--text-muted)">
        {t(holder.standing === 'up' ? placeKey[holder.role] : awayKey[holder.standing])}
      </text>
      <text x={0} y={y + windowY + 4} fontSize={12} fill="var(--text-muted)" className="mono">
        {shortWindow(holder)}
      </text>
      <ReadWindowBand holder={holder} y={y + windowY} scale={scale} />
      {last > start && newest >= 0 && (
        <path
          d={`M${scale.x(start)} ${y + middleY}H${scale.x(last)}`}
          stroke="var(--wal)"
          strokeWidth={1.5}
        />
      )}
      <Copies holder={holder} page={page} y={y} scale={scale} />
      {holder.records
        .filter((lsn) => lsn >= scale.from)
        .map((lsn) => (
          <rect
            key={lsn}
            x={scale.x(lsn) - 4}
            y={y + middleY - 5}
            width={9}
            height={10}
            rx={2}
            fill={lsn <= holder.releasedTo ? 'var(--wal)' : 'var(--bg-1)'}
            stroke="var(--wal)"
            strokeWidth={1.5}
          />
        ))}
      {preview !== '' && place !== null && (
        <text
          x={place.x}
          y={y + place.dy}
          fontSize={13}
          textAnchor={place.anchor}
          stroke="var(--bg-1)"
          strokeWidth={4}
          paintOrder="stroke"
          fill="var(--text)"
          className="mono"
        >
          {shortened(preview)}
        </text>
      )}
    </g>
  );
}

/** What is written beside the newest tile: the row that was chosen, or that there is no page any more. */
function besideText(holder: Holder, slot: number | null, t: Translate): string {
  if (holder.copies.length === 0 && holder.records.length === 0 && isAbsent(holder))
    return absenceText(holder, t);
  const { content } = holder;
  // Row versions (MVCC) are not what is drawn here: their number is in the table beside.
  if (content === null || content.kind === 'other' || (content.kind === 'heap' && slot === null)) return '';
  return previewText(holder, slot, t);
}

/** A store that runs may have records of the page and no version yet. */
const isAbsent = ({ role, standing }: Holder): boolean => role !== 'store' || standing !== 'up';

const awayKey = { frozen: 'health.frozen', onDisk: 'pages.away', lost: 'pages.away' } as const;
const placeKey = { writer: 'pages.buffer', reader: 'pages.pool', store: 'pages.disk' } as const;

/** Characters that the label column has room for. */
const windowLetters = 11;

/** `1147–1369`, or only its end where that is too long. None while it has less than the least point that is still read at. */
function shortWindow({ reads: { from, to } }: Holder): string {
  if (to < 0 || from > to) return '–';
  const whole = from < 0 || from === to ? `${to}` : `${from}–${to}`;
  return whole.length <= windowLetters ? whole : `≤${to}`;
}

interface PlotProps {
  readonly model: PagesModel;
  readonly width: number;
  /** Row whose value is shown at each holder. */
  readonly slot: number | null;
}

export const VersionsPlot = memo(function VersionsPlot({ model, width, slot }: PlotProps): ReactNode {
  const t = useT();
  const { vdl, pgmrpl, at } = model;
  const left = labelWidth + tile / 2 + 6;
  const scale = lsnScale(model.window, left, width - left - 24, width);
  const bottom = rowsY + model.holders.length * rowHeight + 2;
  const height = bottom + (at === null ? 1 : 2) * 19 + 2;
  const atFoot = { atFoot: true, rightTo: width } as const;
  const rulers: LsnRuler[] = [
    { at: vdl, text: `VDL ${vdl}` },
    { at: pgmrpl, text: `PGMRPL ${pgmrpl}`, hue: 'wal', ...atFoot },
  ];
  if (at !== null) rulers.push({ at, text: t('pages.readPoint', { at }), hue: 'reader', row: 1, ...atFoot });
  return (
    <LsnPlot width={width} height={height} scale={scale} bottom={bottom} rulers={[]}>
      <BelowReadPoints pgmrpl={pgmrpl} scale={scale} left={left} bottom={bottom} opacity={0.12} />
      {/* Below the rows: their values are read across a ruler. */}
      <LsnRulers rulers={rulers.filter((ruler) => scale.has(ruler.at))} scale={scale} bottom={bottom} />
      {model.holders.map((holder, i) => (
        <Row
          key={holder.node}
          holder={holder}
          page={hoverKey({ kind: 'page', group: model.group, blockKey: model.blockKey })}
          y={rowsY + i * rowHeight}
          scale={scale}
          preview={besideText(holder, slot, t)}
        />
      ))}
    </LsnPlot>
  );
});
