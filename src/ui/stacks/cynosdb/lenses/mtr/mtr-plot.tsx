// The strip as SVG: an LSN axis, one block per MTR with its flag at the CPL, one lane per group with its records, and the
// rulers of VCL and VDL. Hidden from the accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import {
  dimmed,
  LsnPlot,
  type LsnScale,
  lsnScale,
  softFill,
  watermarkRulers,
} from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { stateText } from './describe.ts';
import { type MergedPlace, type MergedRecord, mergedLog } from './merged-log.ts';
import type { MtrItem, MtrModel, RecordCell, RecordState } from './project.ts';

const labelWidth = 48;
const blockY = 40;
const txY = 65;
const laneY = 90;
const laneHeight = 26;
/** Lanes drawn: the groups with records here, at most. */
const lanesDrawn = 8;

/** Fill, edge and dash: what is said by hue is said by texture as well. */
const looks: Readonly<Record<RecordState, { fill: string; stroke: string; dash?: string }>> = {
  buffered: { fill: 'var(--bg-2)', stroke: 'var(--border-control)' },
  sent: { fill: 'none', stroke: 'var(--wal)', dash: '3 2' },
  partial: { fill: 'url(#run-volatile)', stroke: 'var(--wal)' },
  unheard: { fill: 'url(#mtr-unheard)', stroke: 'var(--ack)' },
  quorum: { fill: 'var(--bg-1)', stroke: 'var(--ack)' },
  durable: { fill: softFill('ack'), stroke: 'var(--ack)' },
};

function StateBox({
  state,
  ...box
}: {
  readonly state: RecordState;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): ReactNode {
  const { fill, stroke, dash } = looks[state];
  return (
    <rect
      {...box}
      rx={2}
      fill={fill}
      stroke={stroke}
      pointerEvents="all"
      {...(dash === undefined ? {} : { strokeDasharray: dash })}
    />
  );
}

function Cell({
  cell,
  y,
  scale,
}: {
  readonly cell: RecordCell;
  readonly y: number;
  readonly scale: LsnScale;
}): ReactNode {
  const x = scale.x(cell.lsn);
  const isNarrow = scale.cell < 12;
  return (
    <g>
      <StateBox
        state={cell.state}
        x={x + 0.5}
        y={y + 0.5}
        width={Math.max(1, scale.cell - 2)}
        height={laneHeight - 7}
      />
      {!isNarrow && (
        <>
          <rect x={x + scale.cell / 2 - 5.5} y={y + 3} width={10} height={13} rx={2} fill="var(--bg-1)" />
          <text
            x={x + scale.cell / 2 - 0.5}
            y={y + 14}
            fontSize={12}
            fontWeight={600}
            textAnchor="middle"
            fill="var(--text)"
            className="mono"
          >
            {cell.copies}
          </text>
        </>
      )}
    </g>
  );
}

interface BlockProps {
  readonly item: MtrItem;
  readonly scale: LsnScale;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Block({ item, scale, chosen, onChoose }: BlockProps): ReactNode {
  const t = useT();
  const x = scale.x(item.first);
  const width = (item.last - item.first) * scale.cell - 2;
  const label = item.cells.length === 1 ? '' : t('mtr.size', { count: item.cells.length });
  const end = x + width;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same choice by keyboard is in the table
    <g className="cursor-pointer" onClick={onChoose}>
      <title>{`${item.first}–${item.last - 1} · ${stateText(item.state, t)}`}</title>
      <StateBox state={item.state} x={x + 0.5} y={blockY} width={Math.max(1, width)} height={22} />
      {chosen && (
        <rect
          x={x - 1}
          y={blockY - 2}
          width={Math.max(4, width + 3)}
          height={26}
          rx={3}
          fill="none"
          stroke="var(--accent)"
          strokeWidth={2}
        />
      )}
      {label !== '' && width > wordsWidth(label, 7) + 6 && (
        <>
          <rect
            x={x + 3}
            y={blockY + 4}
            width={wordsWidth(label, 6.8) + 4}
            height={14}
            rx={2}
            fill="var(--bg-1)"
          />
          <text x={x + 5} y={blockY + 15} fontSize={12} fill="var(--text)">
            {label}
          </text>
        </>
      )}
      {item.isWhole && scale.cell >= 3 && (
        <path
          d={`M${end} ${blockY}v-8h-5${item.commit ? `M${end} ${blockY - 4}h-5` : ''}`}
          fill="none"
          stroke="var(--text)"
          strokeWidth={1.5}
        />
      )}
    </g>
  );
}

const mergeLooks: Readonly<Record<MergedPlace, { fill: string; stroke: string; dash?: string }>> = {
  in: { fill: softFill('wal'), stroke: 'var(--wal)' },
  stop: { fill: 'var(--bg-1)', stroke: 'var(--fence)' },
  ready: { fill: 'var(--bg-1)', stroke: 'var(--ack)' },
  behind: { fill: 'none', stroke: 'var(--border-control)', dash: '3 2' },
};

/** Letters of a group in a cell of the merged log: what tells it from the others. */
const shortGroup = (group: string): string => group.replace(/^\D+/, '') || group;

interface MergeProps {
  readonly model: MtrModel;
  readonly merged: readonly MergedRecord[];
  readonly lanes: readonly string[];
  readonly y: number;
  readonly scale: LsnScale;
}

/** The lanes run together: up to where each group is at quorum, and the one log that comes of them, with what stops it. */
function Merge({ model, merged, lanes, y, scale }: MergeProps): ReactNode {
  const t = useT();
  const [top, middle] = [laneY + laneHeight / 2 - 3, y + laneHeight / 2 - 3];
  const from = labelWidth - 9;
  return (
    <g>
      {lanes.map((group, i) => {
        const pgcl = model.groups.find((line) => line.group === group)?.pgcl ?? -1;
        return pgcl < scale.from || pgcl >= scale.to ? null : (
          <path
            key={group}
            d={`M${scale.x(pgcl + 1) - 0.5} ${laneY + i * laneHeight - 2}v${laneHeight - 2}h-4`}
            fill="none"
            stroke="var(--ack)"
            strokeWidth={2}
          />
        );
      })}
      <path
        d={`${lanes.map((_, i) => `M${from} ${top + i * laneHeight}h5`).join('')}M${from} ${top}V${middle}h6m-4 -4l4 4l-4 4`}
        fill="none"
        stroke="var(--text-muted)"
        strokeWidth={1.5}
      />
      <text x={0} y={y + 14} fontSize={12} fill="var(--text-muted)">
        {t('mtr.merged')}
      </text>
      {merged.map(({ lsn, group, place }) => {
        const { fill, stroke, dash } = mergeLooks[place];
        const x = scale.x(lsn);
        return (
          <g key={lsn} data-hover={hoverKey({ kind: 'lsn', lsn })} data-merged={place}>
            <rect
              x={x + 0.5}
              y={y + 0.5}
              width={Math.max(1, scale.cell - 2)}
              height={laneHeight - 7}
              rx={2}
              fill={fill}
              stroke={stroke}
              strokeWidth={place === 'stop' ? 2.5 : 1}
              {...(dash === undefined ? {} : { strokeDasharray: dash })}
            />
            {scale.cell >= 12 && lanes.length > 1 && scale.cell >= wordsWidth(shortGroup(group), 7.5) && (
              <text
                x={x + scale.cell / 2 - 0.5}
                y={y + 14}
                fontSize={12}
                fontWeight={place === 'stop' ? 700 : 500}
                textAnchor="middle"
                fill={place === 'stop' ? 'var(--fence)' : 'var(--text)'}
                className="mono"
              >
                {shortGroup(group)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

/** Neighbouring MTRs of one transaction, as one brace with its number. */
function txSpans(mtrs: readonly MtrItem[]): readonly { tx: number; first: number; last: number }[] {
  const spans: { tx: number; first: number; last: number }[] = [];
  for (const { tx, first, last } of mtrs) {
    if (tx === null) continue;
    const before = spans.at(-1);
    if (before?.tx === tx && before.last === first) before.last = last;
    else spans.push({ tx, first, last });
  }
  return spans;
}

function TxBraces({ model, scale }: { readonly model: MtrModel; readonly scale: LsnScale }): ReactNode {
  const t = useT();
  return txSpans(model.mtrs).map(({ tx, first, last }) => {
    const x = scale.x(first) + 1;
    const width = (last - first) * scale.cell - 4;
    const label = t('mtr.txShort', { tx });
    return width < 8 ? null : (
      <g key={first}>
        <path d={`M${x} ${txY}v4h${width}v-4`} fill="none" stroke="var(--text-muted)" strokeWidth={1.5} />
        {width > wordsWidth(label, 6.6) && (
          <text x={x + width / 2} y={txY + 17} fontSize={12} textAnchor="middle" fill="var(--text-muted)">
            {label}
          </text>
        )}
      </g>
    );
  });
}

interface PlotProps {
  readonly model: MtrModel;
  readonly width: number;
  /** First LSN of the chosen MTR. */
  readonly chosen?: number | null;
  readonly isLit?: (item: MtrItem) => boolean;
  readonly onChoose?: (item: MtrItem) => void;
}

const always = (): boolean => true;

export const MtrPlot = memo(function MtrPlot(props: PlotProps): ReactNode {
  const t = useT();
  const { model, width, chosen = null, isLit = always, onChoose } = props;
  const scale = lsnScale(model.window, labelWidth, width - labelWidth - 4, width);
  const seen = new Set(model.mtrs.flatMap(({ cells }) => cells.map(({ group }) => group)));
  const lanes = model.lanes.filter((group) => seen.has(group));
  const shown = (lanes.length === 0 ? model.lanes : lanes).slice(0, lanesDrawn);
  const merged = mergedLog(model);
  const mergeY = laneY + shown.length * laneHeight + 6;
  const bottom = merged.length === 0 ? mergeY - 2 : mergeY + laneHeight;
  return (
    <LsnPlot
      width={width}
      height={bottom}
      scale={scale}
      bottom={bottom}
      ticks={{ first: 4 }}
      shift={Math.min(scale.cell / 2, 6)}
      rulers={watermarkRulers(model, width)}
    >
      <defs>
        <pattern id="mtr-unheard" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M0 6L6 0" stroke="var(--ack)" strokeWidth="1.5" />
        </pattern>
      </defs>
      <text x={0} y={blockY + 15} fontSize={12} fill="var(--text-muted)">
        {t('mtr.strip')}
      </text>
      {shown.map((group, i) => (
        <text
          key={group}
          x={0}
          y={laneY + i * laneHeight + 14}
          fontSize={13}
          fill="var(--text)"
          data-hover={hoverKey({ kind: 'group', id: group })}
        >
          {group}
        </text>
      ))}
      {model.mtrs.map((item) => (
        <g
          key={item.first}
          opacity={isLit(item) ? 1 : dimmed}
          data-hover={hoverKey({ kind: 'mtr', first: item.first, last: item.last })}
        >
          <Block item={item} scale={scale} chosen={item.first === chosen} onChoose={() => onChoose?.(item)} />
          {item.cells.map((one) => {
            const lane = shown.indexOf(one.group);
            return lane < 0 ? null : (
              <Cell key={one.lsn} cell={one} y={laneY + lane * laneHeight} scale={scale} />
            );
          })}
        </g>
      ))}
      <TxBraces model={model} scale={scale} />
      {merged.length > 0 && <Merge model={model} merged={merged} lanes={shown} y={mergeY} scale={scale} />}
    </LsnPlot>
  );
});
