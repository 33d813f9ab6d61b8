// The disk map as SVG: a row a chunk, a cell a block, whose file it is by fill and letter, and the journal's ring with the heads of the
// mounts. Hidden from the accessibility tree: the tables beside them say the same.

import { memo, type ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { type BlockClass, blockText, classOf } from './describe.ts';
import { type Block, type DiskModel, ringUse } from './project.ts';

const labelWidth = 84;
const rowHeight = 26;
const cellHeight = 18;
const head = 18;

const looks: Readonly<Record<BlockClass, readonly [hue: string | null, letter: string]>> = {
  superblock: ['ctl', 'S'],
  internal: ['fence', 'J'],
  wal: ['wal', 'W'],
  base: ['ack', 'B'],
  logindex: ['reader', 'X'],
  other: ['client', '·'],
  free: [null, ''],
};

export const BlockSwatch = ({ of }: { readonly of: BlockClass }): ReactNode => (
  <svg width={16} height={18} aria-hidden="true" className="flex-none">
    <Cell of={of} x={0} y={0} width={15} isChosen={false} />
  </svg>
);

interface CellProps {
  readonly of: BlockClass;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly isChosen: boolean;
}

function Cell({ of, x, y, width, isChosen }: CellProps): ReactNode {
  const [hue, letter] = looks[of];
  return (
    <>
      <rect
        x={x + 0.5}
        y={y + 0.5}
        width={Math.max(2, width - 1)}
        height={cellHeight - 1}
        rx={2}
        fill={hue === null ? 'none' : softFill(hue)}
        stroke={isChosen ? 'var(--accent)' : hue === null ? 'var(--line)' : `var(--${hue})`}
        strokeWidth={isChosen ? 2.5 : 1}
      />
      {width >= 10 && letter !== '' && (
        <text
          x={x + width / 2}
          y={y + 13}
          fontSize={12}
          textAnchor="middle"
          className="mono"
          fill="var(--text)"
        >
          {letter}
        </text>
      )}
    </>
  );
}

interface MapProps {
  readonly model: DiskModel;
  readonly width: number;
  /** Inode of the chosen file. */
  readonly chosen: number;
  readonly onChoose?: (ino: number) => void;
}

export const DiskMap = memo(function DiskMap({ model, width, chosen, onChoose }: MapProps): ReactNode {
  const t = useT();
  const { chunks, geometry: g } = model;
  const cell = Math.max(5, (width - labelWidth - 4) / g.blocksPerChunk);
  const wide = Math.max(width, labelWidth + g.blocksPerChunk * cell);
  const tens = Array.from({ length: Math.ceil(g.blocksPerChunk / 10) }, (_, i) => i * 10);
  const title = (chunk: number, block: Block): string => blockText(chunk, block, t);
  return (
    <PlotSvg width={wide} height={head + chunks.length * rowHeight + 4}>
      {tens.map((first) => (
        <text
          key={first}
          x={labelWidth + (first + 0.5) * cell}
          y={12}
          fontSize={12}
          textAnchor="middle"
          className="mono"
          fill="var(--text-muted)"
        >
          {first}
        </text>
      ))}
      {chunks.map(({ index, group, leader, blocks }) => {
        const y = head + index * rowHeight;
        return (
          <g key={group}>
            <text x={0} y={y + 14} fontSize={12} fontWeight={600} fill="var(--text)">
              {index}
            </text>
            <text
              x={20}
              y={y + 14}
              fontSize={12}
              fill="var(--text-muted)"
              {...(leader === null ? {} : { 'data-hover': hoverKey({ kind: 'node', id: leader }) })}
            >
              {leader ?? t('disk.nobody')}
            </text>
            {blocks.map((block) => (
              // biome-ignore lint/a11y/noStaticElementInteractions: hidden from the accessibility tree; the slider around it has the keys
              <g key={block.index} onClick={() => block.ino > 0 && onChoose?.(block.ino)}>
                <title>{title(index, block)}</title>
                <Cell
                  of={classOf(block)}
                  x={labelWidth + block.index * cell}
                  y={y}
                  width={cell}
                  isChosen={block.ino > 0 && block.ino === chosen}
                />
              </g>
            ))}
          </g>
        );
      })}
    </PlotSvg>
  );
});

const ring = { size: 168, radius: 52, width: 12 } as const;

/** Angle of a place of the ring, from the top on clockwise. */
const angleOf = (off: number, size: number): number => (off / Math.max(1, size)) * 2 * Math.PI - Math.PI / 2;
const at = (angle: number, radius: number): readonly [number, number] => [
  ring.size + Math.cos(angle) * radius,
  ring.size / 2 + Math.sin(angle) * radius,
];
/** Where the names of heads stand: each beside its mark, or below the one above it on its side of the ring. */
export function headRows(offs: readonly number[], size: number): readonly number[] {
  const marks = offs.map((off, i) => ({ i, at: at(angleOf(off, size), ring.radius + 14) }));
  const rows: number[] = [];
  const last = new Map<boolean, number>();
  for (const {
    i,
    at: [x, y],
  } of marks.toSorted((a, b) => a.at[1] - b.at[1])) {
    const isRight = x >= ring.size;
    const row = Math.max(y, (last.get(isRight) ?? -Infinity) + 14);
    rows[i] = row;
    last.set(isRight, row);
  }
  return rows;
}

const point = (angle: number, radius: number): string =>
  at(angle, radius)
    .map((part) => part.toFixed(1))
    .join(' ');

export const JournalRing = memo(function JournalRing({ model }: { readonly model: DiskModel }): ReactNode {
  const { leader, heads } = model;
  const { logSize, tailOff, headOff } = leader;
  const { used, all } = ringUse(leader);
  const from = angleOf(tailOff, logSize);
  const to = angleOf(headOff, logSize);
  const rows = headRows(
    heads.map((one) => one.headOff),
    logSize,
  );
  const isLong = used * 2 > all ? 1 : 0;
  return (
    <PlotSvg width={ring.size * 2} height={ring.size}>
      <circle
        cx={ring.size}
        cy={ring.size / 2}
        r={ring.radius}
        fill="none"
        stroke="var(--line)"
        strokeWidth={ring.width}
      />
      {used > 0 && (
        <path
          d={`M${point(from, ring.radius)}A${ring.radius} ${ring.radius} 0 ${isLong} 1 ${point(to, ring.radius)}`}
          fill="none"
          stroke="var(--wal)"
          strokeWidth={ring.width}
        />
      )}
      <text
        x={ring.size}
        y={ring.size / 2 + 5}
        fontSize={13}
        fontWeight={700}
        textAnchor="middle"
        className="mono"
        fill="var(--text)"
      >
        {`${leader.tailTx + 1}–${leader.headTx}`}
      </text>
      {heads.map(({ node, headTx, isWriter }, i) => {
        const angle = angleOf(heads[i]?.headOff ?? 0, logSize);
        const [x] = at(angle, ring.radius + 14);
        const isRight = x >= ring.size;
        return (
          <g key={node}>
            <path
              d={`M${point(angle, ring.radius - 9)}L${point(angle, ring.radius + 10)}`}
              stroke={isWriter ? 'var(--text)' : 'var(--reader)'}
              strokeWidth={2.5}
            />
            <text
              x={x + (isRight ? 2 : -2)}
              y={(rows[i] ?? 0) + 4}
              fontSize={12}
              textAnchor={isRight ? 'start' : 'end'}
              fill="var(--text)"
            >
              {`${node} ${headTx}`}
            </text>
          </g>
        );
      })}
    </PlotSvg>
  );
});
