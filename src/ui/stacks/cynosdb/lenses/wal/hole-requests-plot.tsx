// One hole and its requests as a drawing: the parts that are asked for, each of its peer, and the hole as they fill it again. The table of
// requests beside it says the same.

import type { ReactNode } from 'react';
import { RunShape } from '../../../../glyphs/run-shape.tsx';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { rangeText } from '../../../../kit/format.ts';
import { wordsWidth } from '../../../../kit/words-width.ts';
import { PlotSvg } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { AskedHole, RequestPart } from './hole-requests.ts';
import '../../../../../words/cynosdb/wal.en.json';

const labelWidth = 84;
const rowHeight = 24;
const barHeight = 14;
/** The hole below its parts. */
const holeHeight = 18;
const head = 18;
/** Parts that are drawn. */
const partsMost = 8;

interface PartProps {
  readonly part: RequestPart;
  readonly hole: AskedHole;
  readonly node: string;
  readonly y: number;
  readonly at: (lsn: number) => number;
  /** Where the hole is drawn. */
  readonly holeY: number;
}

function Part({ part, hole, node, y, at, holeY }: PartProps): ReactNode {
  const { id, peer, first, end } = part;
  const [from, to] = [at(first), at(end)];
  const bottom = y + barHeight;
  return (
    <g data-hover={hoverKey({ kind: 'request', node, id })}>
      <text x={0} y={y + 12} fontSize={12} fill="var(--text)">
        {`${id} ${peer}`}
      </text>
      <path
        d={`M${from + 0.5} ${bottom}V${holeY}M${to - 0.5} ${bottom}V${holeY}`}
        stroke="var(--hole)"
        strokeDasharray="2 3"
      />
      <rect
        x={from}
        y={y}
        width={Math.max(2, to - from)}
        height={barHeight}
        rx={2}
        fill="var(--bg-1)"
        stroke="var(--hole)"
        strokeWidth={1.5}
      />
      {hole.runs
        .filter((run) => run.kind === 'data' && run.first < end && first < run.end)
        .map((run) => (
          <rect
            key={run.first}
            x={at(Math.max(run.first, first)) + 1}
            y={y + 2}
            width={Math.max(1, at(Math.min(run.end, end)) - at(Math.max(run.first, first)) - 2)}
            height={barHeight - 4}
            fill="var(--ack)"
          />
        ))}
      <path d={`M${at(part.at)} ${y - 2}v${barHeight + 4}`} stroke="var(--text)" strokeWidth={2} />
    </g>
  );
}

interface PlotProps {
  readonly hole: AskedHole;
  readonly node: string;
  readonly width: number;
}

export function HoleRequestsPlot({ hole, node, width }: PlotProps): ReactNode {
  const t = useT();
  const { first, end, runs } = hole;
  const parts = hole.parts.slice(0, partsMost);
  const room = Math.max(60, width - labelWidth - 4);
  const at = (lsn: number): number => labelWidth + ((lsn - first) / Math.max(1, end - first)) * room;
  const holeY = head + parts.length * rowHeight + 2;
  const [from, to] = [String(first), String(end)];
  const more = hole.parts.length - parts.length;
  return (
    <PlotSvg width={labelWidth + room + 4} height={holeY + holeHeight + (more > 0 ? 20 : 4)}>
      <text x={labelWidth} y={12} fontSize={12} className="mono" fill="var(--text-muted)">
        {from}
      </text>
      {room > wordsWidth(from + to, 7.4) + 12 && (
        <text
          x={labelWidth + room}
          y={12}
          fontSize={12}
          textAnchor="end"
          className="mono"
          fill="var(--text-muted)"
        >
          {to}
        </text>
      )}
      {parts.map((part, i) => (
        <Part
          key={part.id}
          part={part}
          hole={hole}
          node={node}
          y={head + i * rowHeight + 3}
          at={at}
          holeY={holeY}
        />
      ))}
      <text x={0} y={holeY + 13} fontSize={12} fontWeight={600} fill="var(--text)">
        {t('holeParts.hole')}
      </text>
      {runs.map((run) => (
        <RunShape
          key={run.first}
          kind={run.kind}
          x={at(run.first)}
          y={holeY}
          width={Math.max(1, at(run.end) - at(run.first))}
          height={holeHeight}
        />
      ))}
      {more > 0 && (
        <text x={labelWidth} y={holeY + holeHeight + 15} fontSize={12} fill="var(--text-muted)">
          {t('holeParts.more', { count: more })}
        </text>
      )}
    </PlotSvg>
  );
}

/** The same in words. */
export function holePartsText(node: string, { first, end, parts }: AskedHole, t: Translate): string {
  return t(parts.length === 1 ? 'holeParts.one' : 'holeParts.text', {
    node,
    range: rangeText(first, end),
    count: parts.length,
    peers: [...new Set(parts.map(({ peer }) => peer))].join(t('list.comma')),
  });
}
