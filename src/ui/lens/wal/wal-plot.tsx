// The plot of lens 4.1 as SVG: axis, records of the group by MTR, one row of runs per replica with its numbers, copies,
// and the rulers of VCL and VDL. Runs are drawn, not cells. Hidden from the accessibility tree: its table is the twin.

import { memo, type ReactNode } from 'react';
import { RunShape } from '../../glyphs/run-shape.tsx';
import type { Translate } from '../../i18n/i18n.ts';
import { useT } from '../../i18n/i18n.ts';
import type { Bracket } from './bracket.ts';
import type { MtrBlock, ReplicaRow, WalModel } from './project.ts';

const labelWidth = 80;
const rowHeight = 32;
const columnWidth = 41;
const columns = ['SCL', 'NCL', 'NWL', 'pgcl~'] as const;
const axisY = 26;
const recordsY = 40;
const rowsY = recordsY + 26;

interface PlotProps {
  readonly model: WalModel;
  readonly width: number;
  readonly onReplica: (node: string) => void;
}

interface Scale {
  readonly x: (lsn: number) => number;
  readonly cell: number;
  readonly right: number;
  readonly from: number;
  readonly to: number;
}

function makeScale(model: WalModel, width: number): Scale {
  const [from, to] = model.window;
  const room = width - labelWidth - 12 - columns.length * columnWidth;
  const cell = room / Math.max(1, to - from);
  return { x: (lsn) => labelWidth + (lsn - from) * cell, cell, right: labelWidth + room, from, to };
}

/** Axis labels stand at least 44 px apart, on steps of 4, 8, 16 … */
function axisStep(cell: number): number {
  let step = 4;
  while (step * cell < 44) step *= 2;
  return step;
}

interface AxisProps {
  readonly scale: Scale;
  readonly bottom: number;
  /** LSNs with a ruler right of them: no label is written across it. */
  readonly rulers: readonly number[];
}

function Axis({ scale, bottom, rulers }: AxisProps): ReactNode {
  const step = axisStep(scale.cell);
  const marks: ReactNode[] = [];
  const crossed = (x: number): boolean => rulers.some((at) => Math.abs(scale.x(at + 1) - x) < 13);
  for (let lsn = Math.ceil(scale.from / step) * step; lsn < scale.to; lsn += step) {
    const x = Math.round(scale.x(lsn)) + 0.5;
    marks.push(
      <g key={lsn}>
        <path d={`M${x} 30V${bottom}`} stroke="var(--line)" />
        {!crossed(x + Math.min(scale.cell / 2, 6)) && (
          <text
            x={scale.x(lsn) + Math.min(scale.cell / 2, 6)}
            y={axisY}
            fontSize={12}
            textAnchor="middle"
            fill="var(--text-muted)"
            className="mono"
          >
            {lsn}
          </text>
        )}
      </g>,
    );
  }
  return marks;
}

function Block({ block, scale }: { readonly block: MtrBlock; readonly scale: Scale }): ReactNode {
  const x = scale.x(block.first);
  const width = (block.last - block.first) * scale.cell;
  if (!block.own)
    return scale.cell < 4 ? null : (
      <path
        d={`M${x + scale.cell / 2 - 2} ${recordsY + 9}h4`}
        stroke="var(--border-control)"
        strokeWidth={2}
      />
    );
  const inset = Math.min(1.5, scale.cell / 6);
  const ticks: string[] = [];
  if (scale.cell >= 6)
    for (let lsn = block.first + 1; lsn < block.last; lsn++)
      ticks.push(`M${scale.x(lsn)} ${recordsY + 4}v10`);
  return (
    <>
      <rect
        x={x + inset}
        y={recordsY + 4}
        width={Math.max(1, width - 2 * inset)}
        height={10}
        rx={Math.min(2, scale.cell / 4)}
        fill="var(--wal)"
      />
      {ticks.length > 0 && <path d={ticks.join('')} stroke="var(--bg-1)" strokeWidth={1.5} />}
      {block.cpl && scale.cell >= 3 && (
        <path
          d={`M${scale.x(block.last) - inset} ${recordsY + 4}v-7`}
          stroke="var(--wal)"
          strokeWidth={Math.min(1.5, scale.cell / 4)}
        />
      )}
    </>
  );
}

const numberText = (value: number): string => (value < 0 ? '–' : String(value));

function Row({ row, y, scale, selected, onReplica }: RowProps): ReactNode {
  const values = [row.scl, row.ncl, row.nwl, row.pgcl];
  const hot = row.holes > 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same choice by keyboard is on the map and in the tree
    <g
      opacity={row.health === 'down' ? 0.55 : 1}
      className="cursor-pointer"
      onClick={() => onReplica(row.node)}
    >
      <rect
        x={0}
        y={y}
        width={scale.right + 12 + columns.length * columnWidth}
        height={rowHeight}
        fill="transparent"
      />
      <text x={0} y={y + 21} fontSize={13} fontWeight={selected ? 700 : 500} fill="var(--text)">
        {row.node}
      </text>
      {row.runs.map((run) => {
        const x = scale.x(run.first);
        const width = (run.last - run.first) * scale.cell;
        return (
          <g key={`${run.kind}${run.first}`}>
            <RunShape kind={run.kind} x={x} y={y + 7} width={width} height={18} />
            {run.kind === 'sent' && run.request !== null && width >= 40 && (
              <>
                <rect x={x + width / 2 - 12} y={y + 9} width={24} height={14} rx={2} fill="var(--bg-1)" />
                <text
                  x={x + width / 2}
                  y={y + 20.5}
                  fontSize={12}
                  fontWeight={700}
                  textAnchor="middle"
                  fill="var(--hole)"
                  className="mono"
                >
                  {run.request}
                </text>
              </>
            )}
          </g>
        );
      })}
      {values.map((value, i) => {
        const label = columns[i] ?? '';
        const alert = hot && (label === 'SCL' || label === 'NCL');
        return (
          <text
            key={label}
            x={scale.right + 12 + (i + 1) * columnWidth - 4}
            y={y + 21}
            fontSize={13}
            textAnchor="end"
            fontWeight={alert ? 700 : 500}
            fill={alert ? 'var(--hole)' : 'var(--text)'}
            className="mono"
            {...(label === 'pgcl~' ? { textDecoration: 'underline dotted' } : {})}
          >
            {numberText(value)}
          </text>
        );
      })}
    </g>
  );
}

interface RowProps {
  readonly row: ReplicaRow;
  readonly y: number;
  readonly scale: Scale;
  readonly selected: boolean;
  readonly onReplica: (node: string) => void;
}

function Copies({
  model,
  scale,
  y,
}: {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly y: number;
}): ReactNode {
  const colour = (copies: number): string =>
    copies === 0
      ? 'var(--border-control)'
      : copies < model.quorum.replicas
        ? 'var(--hole)'
        : 'var(--text-muted)';
  const known = new Set(model.records.filter((record) => record.group === model.group).map(({ lsn }) => lsn));
  const cells: ReactNode[] = [];
  for (const { first, last, copies } of model.copies) {
    if (scale.cell < 8 || known.size === 0) {
      const width = (last - first) * scale.cell;
      if (copies === 0 && first > model.tail) continue;
      cells.push(
        <g key={first}>
          <path
            d={`M${scale.x(first) + 1} ${y + 17.5}h${Math.max(1, width - 2)}`}
            stroke={colour(copies)}
            strokeWidth={2}
          />
          {width >= 10 && (
            <text
              x={scale.x(first) + width / 2}
              y={y + 14}
              fontSize={12}
              fontWeight={600}
              textAnchor="middle"
              fill={colour(copies)}
              className="mono"
            >
              {copies}
            </text>
          )}
        </g>,
      );
      continue;
    }
    for (let lsn = first; lsn < last; lsn++) {
      if (!known.has(lsn)) continue;
      cells.push(
        <text
          key={lsn}
          x={scale.x(lsn) + scale.cell / 2}
          y={y + 14}
          fontSize={12}
          fontWeight={600}
          textAnchor="middle"
          fill={colour(copies)}
          className="mono"
        >
          {copies}
        </text>,
      );
    }
  }
  return cells;
}

interface FateProps {
  readonly bracket: Bracket;
  readonly tail: number;
  readonly scale: Scale;
  readonly y: number;
}

/** Which LSNs a recovery keeps: for certain, perhaps, not; and the bracket of where it would end. */
function Fate({ bracket, tail, scale, y }: FateProps): ReactNode {
  const t = useT();
  const part = (first: number, last: number): readonly [x: number, width: number] => {
    const from = Math.max(first, scale.from);
    return [scale.x(from), Math.max(0, (Math.min(last, scale.to) - from) * scale.cell)];
  };
  const text = (x: number, width: number, words: string, colour: string): ReactNode =>
    width >= words.length * 7 + 4 && (
      <text x={x + width / 2} y={y + 14.5} fontSize={12} fontWeight={600} textAnchor="middle" fill={colour}>
        {words}
      </text>
    );
  const [certainX, certainWidth] = part(0, bracket.least + 1);
  const [maybeX, maybeWidth] = part(bracket.least + 1, bracket.most + 1);
  const [neverX, neverWidth] = part(bracket.most + 1, Math.max(tail, bracket.most) + 1);
  const label =
    bracket.least === bracket.most
      ? t('lens.bracketOne', { vdl: bracket.least })
      : t('lens.bracket', { least: bracket.least, most: bracket.most });
  const width = (bracket.most - bracket.least) * scale.cell;
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
              d={`M${bracketX + 1.5} ${y + 24}v6h${Math.max(1, width - 3)}v-6`}
              fill="none"
              stroke="var(--hole)"
              strokeWidth={1.5}
            />
          )}
          <text
            x={Math.max(scale.x(scale.from) + label.length * 6.6, bracketX - 6)}
            y={y + 36}
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

interface RulerProps {
  readonly at: number;
  readonly text: string;
  readonly scale: Scale;
  readonly bottom: number;
  readonly dashed?: boolean;
}

/** A ruler stands right of its LSN: everything left of it is at or below the watermark. */
function Ruler({ at, text, scale, bottom, dashed = false }: RulerProps): ReactNode {
  if (at + 1 < scale.from || at + 1 > scale.to) return null;
  const x = scale.x(at + 1);
  const width = text.length * 7.3 + 10;
  const left = x - width < 0 ? x : x - width;
  return (
    <g>
      <path
        d={`M${x} 14V${bottom}`}
        stroke="var(--text)"
        strokeWidth={2}
        {...(dashed ? { strokeDasharray: '4 3' } : {})}
      />
      <rect
        x={left}
        y={-1}
        width={width}
        height={17}
        rx={2}
        fill={dashed ? 'var(--bg-1)' : 'var(--text)'}
        stroke="var(--text)"
      />
      <text
        x={left + width / 2}
        y={12}
        fontSize={12}
        fontWeight={700}
        textAnchor="middle"
        fill={dashed ? 'var(--text)' : 'var(--bg-1)'}
      >
        {text}
      </text>
    </g>
  );
}

/** The rulers that are due: VDL′ of a recovery, else VCL and VDL, as one where they agree; none while VDL is unknown. */
function rulersOf({
  vcl,
  vdl,
  recovery,
}: WalModel): readonly { readonly at: number; readonly text: string; readonly dashed?: true }[] {
  if (recovery !== null && recovery.vdlPrime !== null)
    return [{ at: recovery.vdlPrime, text: `VDL′ ${recovery.vdlPrime}` }];
  if (vdl < 0) return [];
  if (vcl === vdl) return [{ at: vdl, text: `VCL = VDL ${vdl}` }];
  return [
    { at: vcl, text: `VCL ${vcl}`, dashed: true },
    { at: vdl, text: `VDL ${vdl}` },
  ];
}

function Annulled({
  model,
  scale,
  bottom,
  t,
}: {
  readonly model: WalModel;
  readonly scale: Scale;
  readonly bottom: number;
  readonly t: Translate;
}): ReactNode {
  return model.annulled.map((range) => {
    const first = Math.max(range[0], scale.from);
    const last = Math.min(range[1], scale.to);
    if (last <= first) return null;
    const x = scale.x(first);
    const width = (last - first) * scale.cell;
    return (
      <g key={range[0]} pointerEvents="none">
        {/* No record there: neither copies nor a fate. */}
        <rect x={x} y={bottom - 46} width={width} height={46} fill="var(--bg-1)" />
        <rect x={x} y={30} width={width} height={bottom - 30} fill="var(--fence)" opacity={0.1} />
        {width > 70 && (
          <text x={x + 6} y={recordsY + 13} fontSize={12} fontWeight={600} fill="var(--fence)">
            {t('lens.annulled')}
          </text>
        )}
      </g>
    );
  });
}

export const WalPlot = memo(function WalPlot({ model, width, onReplica }: PlotProps): ReactNode {
  const t = useT();
  const scale = makeScale(model, width);
  const rulers = rulersOf(model);
  const copiesY = rowsY + model.rows.length * rowHeight + 6;
  const fateY = copiesY + 24;
  const bottom = fateY + 24;
  // The same height with and without a bracket: nothing below moves when too little is known for one.
  const height = bottom + 22;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <Axis scale={scale} bottom={bottom} rulers={rulers.map(({ at }) => at)} />
      {columns.map((name, i) => (
        <text
          key={name}
          x={scale.right + 12 + (i + 1) * columnWidth - 4}
          y={axisY}
          fontSize={12}
          textAnchor="end"
          fill="var(--text-muted)"
        >
          {name}
        </text>
      ))}
      <text x={0} y={recordsY + 13} fontSize={12} fill="var(--text-muted)">
        {t('lens.logOf', { group: model.group })}
      </text>
      {model.blocks.map((block) => (
        <Block key={block.first} block={block} scale={scale} />
      ))}
      {model.rows.map((row, i) => (
        <Row
          key={row.node}
          row={row}
          y={rowsY + i * rowHeight}
          scale={scale}
          selected={row.node === model.selected?.node}
          onReplica={onReplica}
        />
      ))}
      <text x={0} y={copiesY + 14} fontSize={12} fill="var(--text-muted)">
        {t('lens.copies')}
      </text>
      <Copies model={model} scale={scale} y={copiesY} />
      {model.bracket !== null && (
        <>
          <text x={0} y={fateY + 14} fontSize={12} fill="var(--text-muted)">
            {t('lens.fate')}
          </text>
          <Fate bracket={model.bracket} tail={model.tail} scale={scale} y={fateY} />
        </>
      )}
      <Annulled model={model} scale={scale} bottom={bottom} t={t} />
      {rulers.map((ruler) => (
        <Ruler key={ruler.text} {...ruler} scale={scale} bottom={bottom} />
      ))}
    </svg>
  );
});
