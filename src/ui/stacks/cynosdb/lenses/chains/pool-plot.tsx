// The read points of every node as SVG: a row a node with its read points (RPL) and the least of them (MRPL), and the least of all
// (PGMRPL) as a line through the rows and as what the store need keep nothing below. The table beside it says the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { worded } from '../../../../kit/term.tsx';
import { wordsWidth } from '../../../../kit/words-width.ts';
import { LsnPlot, type LsnScale, lsnScale } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { PoolRow, ReadPool } from './pool.ts';
import '../../../../../words/cynosdb/chains.en.json';

const labelWidth = 80;
const numberWidth = 92;
const rowsY = 36;
const rowHeight = 30;
const middle = 15;

interface RowProps {
  readonly row: PoolRow;
  readonly y: number;
  readonly scale: LsnScale;
  readonly right: number;
}

const within = (scale: LsnScale, lsn: number): number =>
  scale.x(Math.min(Math.max(lsn, scale.from), scale.to));

function Row({ row, y, scale, right }: RowProps): ReactNode {
  const t = useT();
  const { node, points, newest, mrpl, isUp } = row;
  const [from, to] = [within(scale, mrpl), within(scale, newest)];
  const hue = row.role === 'writer' ? 'wal' : 'reader';
  return (
    <g opacity={isUp ? 1 : 0.55} data-hover={hoverKey({ kind: 'node', id: node })}>
      <rect x={0} y={y} width={right + numberWidth} height={rowHeight} fill="transparent" />
      <path d={`M0 ${y + rowHeight - 0.5}H${right + numberWidth}`} stroke="var(--line)" />
      <text x={0} y={y + 19} fontSize={13} fontWeight={500} fill="var(--text)">
        {node}
      </text>
      {mrpl >= 0 && (
        <>
          <path
            d={`M${from} ${y + middle}H${Math.max(from, to)}`}
            stroke={`var(--${hue})`}
            strokeWidth={1.5}
          />
          <path d={`M${from} ${y + 4}v${rowHeight - 8}`} stroke={`var(--${hue})`} strokeWidth={3} />
        </>
      )}
      {newest >= 0 && (
        <circle cx={to} cy={y + middle} r={5} fill="var(--bg-1)" stroke={`var(--${hue})`} strokeWidth={1.5} />
      )}
      {points.map(({ session, lsn }) => (
        <circle key={session} cx={within(scale, lsn)} cy={y + middle} r={5} fill={`var(--${hue})`}>
          <title>{`${session}: RPL ${lsn}`}</title>
        </circle>
      ))}
      <text x={right + 10} y={y + 19} fontSize={12} fill="var(--text)" className="mono">
        {mrpl < 0 ? t('pool.none') : worded(`MRPL ${mrpl}`)}
      </text>
    </g>
  );
}

interface FloorProps {
  readonly pool: ReadPool;
  readonly store: string;
  readonly y: number;
  readonly scale: LsnScale;
}

/** What the store need not keep for any read. */
function Floor({ pool, store, y, scale }: FloorProps): ReactNode {
  const t = useT();
  const { storeFloor } = pool;
  const end = within(scale, storeFloor);
  const words = t('pool.storeFloor', { floor: storeFloor });
  const room = wordsWidth(words, 6.8) + 10;
  const isRight = end + room <= scale.right;
  // Left of the end only where the words do not reach the node's name.
  const x = isRight ? end + 6 : Math.max(end - 6, labelWidth + room);
  return (
    <g data-hover={hoverKey({ kind: 'node', id: store })}>
      <text x={0} y={y + 19} fontSize={13} fontWeight={500} fill="var(--text)">
        {store}
      </text>
      {storeFloor >= 0 && (
        <>
          <rect
            x={labelWidth}
            y={y + 6}
            width={Math.max(1, end - labelWidth)}
            height={18}
            fill="var(--border-control)"
            opacity={0.35}
          />
          <text
            x={x}
            y={y + 19}
            fontSize={12}
            fontWeight={600}
            textAnchor={isRight ? 'start' : 'end'}
            fill="var(--text-muted)"
            stroke="var(--bg-1)"
            strokeWidth={4}
            paintOrder="stroke"
          >
            {words}
          </text>
        </>
      )}
    </g>
  );
}

interface PlotProps {
  readonly pool: ReadPool;
  readonly store: string;
  readonly width: number;
}

export const PoolPlot = memo(function PoolPlot({ pool, store, width }: PlotProps): ReactNode {
  const room = width - labelWidth - numberWidth;
  const right = labelWidth + room;
  const scale = lsnScale(pool.window, labelWidth, room, right);
  const storeY = rowsY + pool.rows.length * rowHeight;
  const bottom = storeY + rowHeight;
  const { pgmrpl } = pool;
  return (
    <LsnPlot
      width={width}
      height={bottom + 20}
      scale={scale}
      bottom={bottom}
      rulers={pgmrpl < 0 ? [] : [{ at: pgmrpl, text: `PGMRPL ${pgmrpl}`, atFoot: true, rightTo: right }]}
    >
      {pool.rows.map((row, i) => (
        <Row key={row.node} row={row} y={rowsY + i * rowHeight} scale={scale} right={right} />
      ))}
      <Floor pool={pool} store={store} y={storeY} scale={scale} />
    </LsnPlot>
  );
});
