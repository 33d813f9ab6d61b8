// The log row of the plot: the records of the group by MTR, and at the zoom of single records the pointers of the chosen
// one to the records before it in the volume, its group and its page (WAL-2). A pointer to a record that the selected
// replica lacks is drawn broken: by it the hole is known (HOLE-8).

import { memo, type ReactNode } from 'react';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import type { MtrBlock, WalModel } from './model.ts';
import { recordsY, type Scale } from './plot-scale.ts';
import { coveredBy, lettersAt } from './pointers.ts';

interface BlockProps {
  readonly first: number;
  readonly end: number;
  readonly cpl: boolean;
  /** Cells from the anchor to it, and its own. */
  readonly place: number;
  readonly cells: number;
  /** px of one LSN. */
  readonly cell: number;
}

/** An MTR of the group. Where it stands is said from an anchor, so that a window that moves on draws new ones only. */
const Block = memo(function Block({ first, end, cpl, place, cells, cell }: BlockProps): ReactNode {
  const x = place * cell;
  const inset = Math.min(1.5, cell / 6);
  const ticks: string[] = [];
  if (cell >= 6)
    for (let lsn = first + 1; lsn < end; lsn++) ticks.push(`M${x + (lsn - first) * cell} ${recordsY + 4}v10`);
  return (
    <g data-hover={hoverKey({ kind: 'mtr', first, last: end })}>
      <rect
        x={x + inset}
        y={recordsY + 4}
        width={Math.max(1, cells * cell - 2 * inset)}
        height={10}
        rx={Math.min(2, cell / 4)}
        fill="var(--wal)"
      />
      {ticks.length > 0 && <path d={ticks.join('')} stroke="var(--bg-1)" strokeWidth={1.5} />}
      {cpl && cell >= 3 && (
        <path
          d={`M${x + cells * cell - inset} ${recordsY + 4}v-7`}
          stroke="var(--wal)"
          strokeWidth={Math.min(1.5, cell / 4)}
        />
      )}
    </g>
  );
});

interface BlocksProps {
  readonly blocks: readonly MtrBlock[];
  readonly scale: Scale;
}

/** Least px of a stretch of other groups that is marked. */
const otherWidth = 4;

/** LSNs of other groups: one path for all. */
function Others({ blocks, scale }: BlocksProps): ReactNode {
  const marks = blocks
    .filter(({ own, first, end }) => !own && scale.span(first, end) >= otherWidth)
    .map(({ first }) => `M${scale.x(first) + scale.cell / 2 - 2} ${recordsY + 9}h4`);
  if (marks.length === 0) return null;
  return <path d={marks.join('')} stroke="var(--border-control)" strokeWidth={2} />;
}

/** LSNs between two anchors: the window passes one of them so seldom. */
const anchorStep = 1024;

function OwnBlocks({ blocks, scale }: BlocksProps): ReactNode {
  const { cell } = scale;
  const anchor = Math.floor(scale.from / anchorStep) * anchorStep;
  const origin = scale.place(anchor);
  return (
    <g transform={`translate(${scale.x(anchor)} 0)`}>
      {blocks.map(({ first, end, cpl }) => (
        <Block
          key={first}
          first={first}
          end={end}
          cpl={cpl}
          place={scale.place(first) - origin}
          cells={scale.place(end) - scale.place(first)}
          cell={cell}
        />
      ))}
    </g>
  );
}

/** Blocks drawn one by one; more LSNs than this show where the group's records lie as one line. */
const blocksDrawn = 600;

/** Cells at least this wide show single records. */
const recordCell = 10;

const ways = [
  ['volume', 'V', '2 3'],
  ['group', 'G', ''],
  ['block', 'P', '6 3'],
] as const;

function prevOf(record: RecordView, way: (typeof ways)[number][0]): number {
  if (way === 'volume') return record.prevVolume;
  return way === 'group' ? record.prevGroup : record.prevBlock;
}

interface ArcsProps {
  readonly model: WalModel;
  readonly record: RecordView;
  readonly scale: Scale;
}

/** Three arcs back from the chosen record, lettered V (volume), G (group), P (page). */
function Arcs({ model, record, scale }: ArcsProps): ReactNode {
  const x = scale.x(record.lsn) + scale.cell / 2;
  const ends = ways.flatMap(([way, letter, dash], i) => {
    const prev = prevOf(record, way);
    if (prev < 0) return [];
    const isBroken = way === 'group' && coveredBy(model.selected?.runs ?? [], prev) === 'hole';
    const to = scale.x(Math.max(prev, scale.from - 1)) + scale.cell / 2;
    return [{ way, letter, dash, isBroken, x: to, lift: 9 + i * 7 }];
  });
  const colour = (isBroken: boolean): string => (isBroken ? 'var(--hole)' : 'var(--text)');
  return (
    <>
      {ends.map(({ way, dash, isBroken, x: to, lift }) => (
        <path
          key={way}
          d={`M${x} ${recordsY + 4}C${x} ${recordsY - lift} ${to} ${recordsY - lift} ${to} ${recordsY + 4}`}
          fill="none"
          stroke={colour(isBroken)}
          strokeWidth={1.5}
          {...(dash === '' ? {} : { strokeDasharray: dash })}
        />
      ))}
      {lettersAt(ends).map(({ x: to, text, isBroken }) => (
        <text
          key={to}
          x={to - 4}
          y={recordsY + 1}
          fontSize={12}
          fontWeight={700}
          stroke="var(--bg-1)"
          strokeWidth={4}
          paintOrder="stroke"
          fill={colour(isBroken)}
          textAnchor="end"
        >
          {text}
        </text>
      ))}
    </>
  );
}

/** Cells at least this wide have room for what the record does. */
const kindCell = 44;

/** px of one letter. */
const letter = 7.3;

/** Written on the records themselves, at the zoom of single records. */
function Kinds({ model, scale }: { readonly model: WalModel; readonly scale: Scale }): ReactNode {
  const letters = Math.floor((scale.cell - 8) / letter);
  return model.records
    .filter(({ group, lsn }) => group === model.group && lsn >= scale.from && lsn < scale.to)
    .map(({ lsn, kind }) => (
      <text
        key={lsn}
        x={scale.x(lsn) + scale.cell / 2}
        y={recordsY + 13}
        fontSize={12}
        fontWeight={600}
        textAnchor="middle"
        fill="var(--text)"
        stroke="var(--bg-1)"
        strokeWidth={4}
        paintOrder="stroke"
        pointerEvents="none"
      >
        {kind.length > letters ? `${kind.slice(0, letters - 1)}…` : kind}
      </text>
    ));
}

interface LogRowProps {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly chosen: number | null;
}

export function LogRow({ model, scale, chosen }: LogRowProps): ReactNode {
  const record =
    chosen === null || scale.cell < recordCell ? undefined : model.records.find(({ lsn }) => lsn === chosen);
  const own = model.blocks.filter((block) => block.own);
  const first = own[0];
  const last = own.at(-1);
  if (model.blocks.length > blocksDrawn && first !== undefined && last !== undefined)
    return (
      <path
        d={`M${scale.x(first.first)} ${recordsY + 9}H${scale.x(last.end)}`}
        stroke="var(--wal)"
        strokeWidth={6}
      />
    );
  return (
    <>
      <Others blocks={model.blocks} scale={scale} />
      <OwnBlocks blocks={own} scale={scale} />
      {scale.cell >= kindCell && <Kinds model={model} scale={scale} />}
      {chosen !== null && chosen >= scale.from && chosen < scale.to && (
        <rect
          x={scale.x(chosen)}
          y={recordsY}
          width={Math.max(2, scale.cell)}
          height={18}
          rx={2}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
        />
      )}
      {record !== undefined && <Arcs model={model} record={record} scale={scale} />}
    </>
  );
}
