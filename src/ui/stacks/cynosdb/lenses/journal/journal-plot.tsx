// The plot of the journal lens: the stages of the log's way to a reader as lanes over one LSN axis. Hidden from the
// accessibility tree: the table beside it says the same.

import { memo, type ReactNode } from 'react';
import type { BlockJournalView } from '../../../../../core/reader/reader-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import {
  LsnPlot,
  type LsnRuler,
  LsnRulers,
  type LsnScale,
  lsnScale,
  softFill,
} from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { groupOfBlock } from './describe.ts';
import type { ApplierLane, JournalModel, ReleasedSpan } from './project.ts';

const labelWidth = 104;
const laneHeight = 34;
const lanesY = 40;
const middle = laneHeight / 2;

interface LaneProps {
  readonly y: number;
  readonly label: string;
  readonly note?: string;
  readonly scale: LsnScale;
  readonly children: ReactNode;
}

function Lane({ y, label, note, scale, children }: LaneProps): ReactNode {
  return (
    <g>
      <path d={`M0 ${y + laneHeight - 0.5}H${scale.right}`} stroke="var(--line)" />
      <text x={0} y={y + (note === undefined ? 21 : 14)} fontSize={13} fill="var(--text)">
        {label}
      </text>
      {note !== undefined && (
        <text x={0} y={y + 28} fontSize={12} fill="var(--text-muted)" className="mono">
          {note}
        </text>
      )}
      {children}
    </g>
  );
}

const clamp = (scale: LsnScale, lsn: number): number =>
  scale.x(Math.min(Math.max(lsn, scale.from), scale.to));

/** All that a node has up to an LSN. */
function Upto({ scale, y, to, hue }: { scale: LsnScale; y: number; to: number; hue: string }): ReactNode {
  if (to < scale.from) return null;
  return (
    <>
      <rect
        x={scale.x(scale.from)}
        y={y + middle - 4}
        width={Math.max(0, clamp(scale, to) - scale.x(scale.from))}
        height={8}
        fill={softFill(hue)}
      />
      <path
        d={`M${scale.x(scale.from)} ${y + middle - 4}H${clamp(scale, to)}v8H${scale.x(scale.from)}`}
        fill="none"
        stroke={`var(--${hue})`}
      />
    </>
  );
}

const recordWidth = (scale: LsnScale): number => Math.max(2, Math.min(10, scale.cell - 1));

/** Hollow: held until VDL reaches its CPL, whose record has a flag. */
function Held({ model, scale, y }: { model: JournalModel; scale: LsnScale; y: number }): ReactNode {
  const width = recordWidth(scale);
  return model.held
    .filter(({ lsn }) => scale.has(lsn))
    .map(({ lsn, cpl, blockKey }) => (
      <g key={lsn} data-hover={hoverKey({ kind: 'page', group: groupOfBlock(model, blockKey), blockKey })}>
        <rect
          x={scale.x(lsn) - width / 2}
          y={y + middle - 5}
          width={width}
          height={10}
          rx={1.5}
          fill="var(--bg-1)"
          stroke="var(--wal)"
          strokeWidth={1.5}
        />
        {cpl && (
          <path
            d={`M${scale.x(lsn)} ${y + middle - 5}v-8h6l-2 2.5l2 2.5h-6`}
            fill="var(--wal)"
            stroke="var(--wal)"
          />
        )}
      </g>
    ));
}

/** The height of the grey part is the share that was skipped: their pages are not in the pool. */
function Released({ span, scale, y }: { span: ReleasedSpan; scale: LsnScale; y: number }): ReactNode {
  const [x, end] = [clamp(scale, span.first - 0.5), clamp(scale, span.last + 0.5)];
  if (end - x < 1) return null;
  const height = laneHeight - 10;
  const skipped = (height * span.skipped) / Math.max(1, span.records);
  return (
    <g>
      <title>{`${span.first}–${span.last}: ${span.records - span.skipped} + ${span.skipped}`}</title>
      <rect
        x={x}
        y={y + 4}
        width={end - x - 0.5}
        height={height - skipped}
        fill={softFill('reader')}
        stroke="var(--reader)"
      />
      {skipped > 0 && (
        <rect
          x={x}
          y={y + 4 + height - skipped}
          width={end - x - 0.5}
          height={skipped}
          fill={softFill('border-control')}
          stroke="var(--border-control)"
        />
      )}
    </g>
  );
}

const fills = { held: 'var(--bg-1)', queued: 'var(--reader)', loading: softFill('hole') } as const;
const strokes = { held: 'var(--wal)', queued: 'var(--reader)', loading: 'var(--hole)' } as const;

function BlockList({
  block,
  scale,
  y,
  model,
}: {
  block: BlockJournalView;
  scale: LsnScale;
  y: number;
  model: JournalModel;
}): ReactNode {
  const { blockKey, lsns, state, releasedTo } = block;
  const width = recordWidth(scale);
  const [first, last] = [lsns[0] ?? 0, lsns.at(-1) ?? 0];
  return (
    <g data-hover={hoverKey({ kind: 'page', group: groupOfBlock(model, blockKey), blockKey })}>
      {last > first && last >= scale.from && (
        <path d={`M${clamp(scale, first)} ${y + middle}H${clamp(scale, last)}`} stroke={strokes[state]} />
      )}
      {lsns
        .filter((lsn) => scale.has(lsn))
        .map((lsn) => {
          const of = lsn <= releasedTo ? state : 'held';
          return (
            <rect
              key={lsn}
              x={scale.x(lsn) - width / 2}
              y={y + middle - 5}
              width={width}
              height={10}
              rx={1.5}
              fill={fills[of]}
              stroke={strokes[of]}
              strokeWidth={1.5}
              strokeDasharray={of === 'loading' ? '2 2' : undefined}
            />
          );
        })}
    </g>
  );
}

function ApplierPart({
  lane,
  ...part
}: {
  lane: ApplierLane;
  scale: LsnScale;
  y: number;
  model: JournalModel;
}): ReactNode {
  return lane.blocks.map((block) => <BlockList key={block.blockKey} block={block} {...part} />);
}

interface PlotProps {
  readonly model: JournalModel;
  readonly width: number;
}

export const JournalPlot = memo(function JournalPlot({ model, width }: PlotProps): ReactNode {
  const t = useT();
  const { chosen, window, vdl, writer, lanes } = model;
  if (chosen === null) return null;
  const { receivedTo, applyLsn, mrpl, vdl: known } = chosen.view;
  const left = labelWidth + 8;
  const scale = lsnScale(window, left, width - left - 16, width);
  const count = 4 + lanes.length;
  const bottom = lanesY + count * laneHeight;
  const y = (lane: number): number => lanesY + lane * laneHeight;
  const foot = { atFoot: true, rightTo: width } as const;
  const rulers: readonly LsnRuler[] = [
    { at: vdl, text: `VDL ${vdl}` },
    { at: applyLsn, text: `applyLsn ${applyLsn}`, hue: 'reader', ...foot },
    ...(known < vdl
      ? [{ at: known, text: t('journal.known', { lsn: known }), dashed: true, row: 1, ...foot }]
      : []),
    ...(mrpl >= 0 && mrpl < applyLsn ? [{ at: mrpl, text: `MRPL ${mrpl}`, hue: 'wal', ...foot }] : []),
  ];
  return (
    <LsnPlot width={width} height={bottom + 42} scale={scale} bottom={bottom} rulers={[]}>
      <Lane y={y(0)} label={t('journal.sent')} note={writer} scale={scale}>
        <Upto scale={scale} y={y(0)} to={chosen.link?.sentTo ?? -1} hue="wal" />
      </Lane>
      <Lane y={y(1)} label={t('journal.received')} note={String(receivedTo)} scale={scale}>
        <Upto scale={scale} y={y(1)} to={receivedTo} hue="wal" />
        <Held model={model} scale={scale} y={y(1)} />
      </Lane>
      <Lane y={y(2)} label={t('journal.released')} scale={scale}>
        {model.released.map((span) => (
          <Released key={span.last} span={span} scale={scale} y={y(2)} />
        ))}
      </Lane>
      {lanes.map((lane) => (
        <Lane
          key={lane.applier}
          y={y(3 + lane.applier)}
          label={t('journal.applier', { number: lane.applier + 1 })}
          note={t('journal.waiting', { count: lane.waiting })}
          scale={scale}
        >
          <ApplierPart lane={lane} scale={scale} y={y(3 + lane.applier)} model={model} />
        </Lane>
      ))}
      <Lane y={y(count - 1)} label={t('journal.visible')} note={String(applyLsn)} scale={scale}>
        <Upto scale={scale} y={y(count - 1)} to={applyLsn} hue="reader" />
      </Lane>
      <LsnRulers rulers={rulers.filter(({ at }) => scale.has(at))} scale={scale} bottom={bottom} />
    </LsnPlot>
  );
});
