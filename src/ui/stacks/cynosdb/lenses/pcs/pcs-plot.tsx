// The logs of the metadata's members as SVG: a row a member, entries by index in the colour of their term, below them how far
// each member knows them to be committed and has applied them, and what the leader asks each follower next. Hidden from the
// accessibility tree: the tables beside it say the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import type { Hue } from '../../../../kit/button.tsx';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { letterOf, memberText } from './describe.ts';
import { cellAt, type PcsMember, type PcsModel } from './project.ts';

const labelWidth = 112;
const rowHeight = 47;
const rowsY = 20;
const cellHeight = 18;
const minCell = 24;
const maxCell = 40;

/** Colours of terms, in turn; the number stands above the first entry of each. */
const termHues: readonly Hue[] = ['wal', 'reader', 'ack', 'hole', 'client'];
const hueOf = (term: number): Hue => termHues[term % termHues.length] ?? 'wal';

export interface LogWindow {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly cell: number;
}

/** As many entries as have room, the newest; the chosen one among them. */
export function logWindow(model: PcsModel, width: number, chosen: number | null): LogWindow {
  const room = Math.max(minCell, width - labelWidth - 8);
  const count = Math.max(1, Math.floor(room / minCell));
  // One place for the entry that comes next.
  const newest = model.last + 2;
  const oldest = Math.max(1, newest - count);
  const from = chosen === null || chosen >= oldest ? oldest : Math.max(1, chosen);
  const to = Math.min(newest, from + count);
  return { from, to, cell: Math.min(maxCell, room / Math.max(1, to - from)) };
}

const xOf = ({ from, cell }: LogWindow, index: number): number => labelWidth + (index - from) * cell;

interface RowProps {
  readonly member: PcsMember;
  readonly model: PcsModel;
  readonly window: LogWindow;
  readonly y: number;
}

function Cells({ member, window, y }: Omit<RowProps, 'model'>): ReactNode {
  const cells: ReactNode[] = [];
  let term = -1;
  for (let index = window.from; index < window.to; index++) {
    const { entry, state } = cellAt(member, index);
    if (state === 'none') continue;
    const x = xOf(window, index);
    const isNewTerm = entry !== null && entry.term !== term;
    term = entry?.term ?? term;
    const hue = `var(--${hueOf(term)})`;
    cells.push(
      <g key={index}>
        {isNewTerm && (
          <text x={x + 1} y={y + 11} fontSize={12} fontWeight={600} fill={hue}>
            {`t${term}`}
          </text>
        )}
        <rect
          x={x + 1}
          y={y + 14}
          width={window.cell - 2}
          height={cellHeight}
          rx={2}
          fill={
            entry === null
              ? 'url(#pcs-snapshot)'
              : state === 'written'
                ? 'var(--bg-1)'
                : softFill(hueOf(term))
          }
          stroke={entry === null ? 'var(--border-control)' : hue}
          strokeWidth={state === 'written' ? 1.5 : 1}
          {...(state === 'written' ? { strokeDasharray: '3 2' } : {})}
        />
        {entry !== null && (
          <text
            x={x + window.cell / 2}
            y={y + 27}
            fontSize={12}
            fontWeight={600}
            textAnchor="middle"
            fill="var(--text)"
            className="mono"
          >
            {letterOf(entry)}
          </text>
        )}
      </g>,
    );
  }
  return cells;
}

/** From the left edge to the end of the entry. */
function Bar(props: {
  readonly to: number;
  readonly y: number;
  readonly window: LogWindow;
  readonly hue: string;
}): ReactNode {
  const { to, y, window, hue } = props;
  const right = Math.min(xOf(window, Math.min(to + 1, window.to)), xOf(window, window.to)) - 1;
  if (right <= labelWidth + 1) return null;
  return <rect x={labelWidth + 1} y={y} width={right - labelWidth - 1} height={3} fill={`var(--${hue})`} />;
}

/** A filled triangle at the last entry that matches, an open one at the next. */
function NextMarks({ member: { progress, status }, window, y }: Omit<RowProps, 'model'>): ReactNode {
  if (progress === null || status !== 'up') return null;
  const triangle = (index: number): string => {
    const x = xOf(window, index) + window.cell / 2;
    return `M${x - 4} ${y + 47}h8l-4 -5.5z`;
  };
  const has = (index: number): boolean => index >= window.from && index < window.to;
  return (
    <>
      {has(progress.match) && <path d={triangle(progress.match)} fill="var(--ctl)" />}
      {has(progress.next) && (
        <path d={triangle(progress.next)} fill="var(--bg-1)" stroke="var(--ctl)" strokeWidth={1.5} />
      )}
    </>
  );
}

function Row({ member, model, window, y }: RowProps): ReactNode {
  const t = useT();
  const { node, view, status, isLeader } = member;
  const isDown = status !== 'up';
  const role = memberText(member, model, t);
  return (
    <g data-hover={hoverKey({ kind: 'node', id: node })}>
      <rect x={0} y={y} width={xOf(window, window.to)} height={rowHeight} fill="transparent" />
      <path d={`M0 ${y + 0.5}H${xOf(window, window.to)}`} stroke="var(--line)" />
      <text x={0} y={y + 18} fontSize={13} fontWeight={600} fill="var(--text)">
        {isLeader ? `★ ${node}` : node}
      </text>
      <text x={0} y={y + 34} fontSize={12} fill={isDown ? 'var(--fence)' : 'var(--text-muted)'}>
        {view === null ? role : `${role} · t${view.term}`}
      </text>
      <g opacity={isDown ? 0.55 : 1}>
        <Cells member={member} window={window} y={y} />
        {view !== null && (
          <>
            <Bar to={view.commit} y={y + 34} window={window} hue="ack" />
            <Bar to={view.applied} y={y + 38} window={window} hue="accent" />
          </>
        )}
        <NextMarks member={member} window={window} y={y} />
      </g>
    </g>
  );
}

interface PlotProps {
  readonly model: PcsModel;
  readonly width: number;
  readonly chosen: number | null;
}

export const PcsPlot = memo(function PcsPlot({ model, width, chosen }: PlotProps): ReactNode {
  const window = logWindow(model, width, chosen);
  const bottom = rowsY + model.members.length * rowHeight;
  const every = Math.max(1, Math.ceil(34 / window.cell));
  const numbers: number[] = [];
  for (let index = window.from; index < window.to; index++)
    if (index % every === 0 || index === chosen) numbers.push(index);
  return (
    <PlotSvg width={width} height={bottom + 4}>
      <defs>
        <pattern id="pcs-snapshot" width="6" height="6" patternUnits="userSpaceOnUse">
          <path d="M0 6L6 0" stroke="var(--border-control)" strokeWidth="1" />
        </pattern>
      </defs>
      {chosen !== null && chosen >= window.from && chosen < window.to && (
        <rect
          x={xOf(window, chosen)}
          y={2}
          width={window.cell}
          height={bottom}
          rx={3}
          fill="var(--bg-2)"
          stroke="var(--accent)"
        />
      )}
      {numbers.map((index) => (
        <text
          key={index}
          x={xOf(window, index) + window.cell / 2}
          y={15}
          fontSize={12}
          fontWeight={index === chosen ? 700 : 400}
          textAnchor="middle"
          fill={index === chosen ? 'var(--text)' : 'var(--text-muted)'}
          className="mono"
        >
          {index}
        </text>
      ))}
      {model.members.map((member, i) => (
        <Row key={member.node} member={member} model={model} window={window} y={rowsY + i * rowHeight} />
      ))}
    </PlotSvg>
  );
});

/** The entry under this x of the drawing; null: none is there. */
export function entryUnder(model: PcsModel, width: number, chosen: number | null, x: number): number | null {
  const window = logWindow(model, width, chosen);
  const index = Math.floor((x - labelWidth) / window.cell) + window.from;
  return x < labelWidth || index > model.last || index < 1 ? null : index;
}
