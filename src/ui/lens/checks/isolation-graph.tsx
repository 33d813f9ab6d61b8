// The cycle of an anomaly as a drawing: transactions on a ring, an arrow for each dependency, named by its kind and key.

import type { ReactNode } from 'react';
import {
  type Anomaly,
  type Dependency,
  type DependencyKind,
  transactionsOf,
} from '../../../sim/checks/isolation.ts';
import { wordsWidth } from '../../kit/words-width.ts';
import { accessText } from './isolation-words.ts';

const boxWidth = 172;
const boxHeight = 40;
/** px of a ring, and of two that lie beside each other. */
const ringHeight = 300;
const pairHeight = 168;
/** px that an arrow bends away from the middle of the ring, and that it keeps from a box. */
const bend = 34;
const gap = 6;

const hues: Readonly<Record<DependencyKind, string>> = {
  ww: 'wal',
  wr: 'ack',
  rw: 'fence',
  rt: 'text-muted',
};
const dashes: Readonly<Record<DependencyKind, string | undefined>> = {
  ww: undefined,
  wr: '6 4',
  rw: '2 3',
  rt: '10 3 2 3',
};

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The edge of a box towards a point outside it. */
function leave(box: Point, to: Point): Point {
  const [dx, dy] = [to.x - box.x, to.y - box.y];
  const share = Math.min(
    (boxWidth / 2 + gap) / Math.max(1, Math.abs(dx)),
    (boxHeight / 2 + gap) / Math.max(1, Math.abs(dy)),
  );
  return { x: box.x + dx * share, y: box.y + dy * share };
}

function Arrow({
  edge,
  from,
  to,
}: {
  readonly edge: Dependency;
  readonly from: Point;
  readonly to: Point;
}): ReactNode {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  // To the left of its way: the two arrows of a pair lie on either side.
  const middle = {
    x: (from.x + to.x) / 2 + (dy / length) * bend * 2,
    y: (from.y + to.y) / 2 - (dx / length) * bend * 2,
  };
  const [begin, end] = [leave(from, middle), leave(to, middle)];
  const label = { x: (begin.x + 2 * middle.x + end.x) / 4, y: (begin.y + 2 * middle.y + end.y) / 4 };
  const angle = (Math.atan2(end.y - middle.y, end.x - middle.x) * 180) / Math.PI;
  const text = edge.key === null ? edge.kind : `${edge.kind} ${edge.key}`;
  const labelWidth = wordsWidth(text, 7.3) + 8;
  return (
    <g stroke={`var(--${hues[edge.kind]})`} fill="none" strokeWidth={2}>
      <path
        d={`M${begin.x} ${begin.y}Q${middle.x} ${middle.y} ${end.x} ${end.y}`}
        strokeDasharray={dashes[edge.kind]}
      />
      <path d="M-9 -5L0 0L-9 5" transform={`translate(${end.x} ${end.y}) rotate(${angle})`} />
      <rect
        x={label.x - labelWidth / 2}
        y={label.y - 9}
        width={labelWidth}
        height={18}
        fill="var(--bg-1)"
        stroke="none"
      />
      <text
        x={label.x}
        y={label.y + 4}
        fontSize={12}
        textAnchor="middle"
        className="mono"
        fill={`var(--${hues[edge.kind]})`}
        stroke="none"
      >
        {text}
      </text>
    </g>
  );
}

export function IsolationGraph({
  anomaly,
  width,
  label,
}: {
  readonly anomaly: Anomaly;
  readonly width: number;
  readonly label: string;
}): ReactNode {
  const transactions = transactionsOf(anomaly);
  const height = transactions.length > 2 ? ringHeight : pairHeight;
  const places = new Map(
    transactions.map((one, i) => {
      // The first at the left, the others round; two lie opposite each other.
      const angle = Math.PI + (2 * Math.PI * i) / transactions.length;
      const reach = Math.max(0, width / 2 - boxWidth / 2 - 8);
      return [
        one,
        {
          x: width / 2 + Math.cos(angle) * reach,
          y: height / 2 + Math.sin(angle) * (height / 2 - boxHeight / 2 - 8),
        },
      ] as const;
    }),
  );
  return (
    <svg data-plot role="img" aria-label={label} width={width} height={height}>
      {anomaly.edges.map((edge) => {
        if (edge.from === edge.to) return null;
        const [from, to] = [places.get(edge.from), places.get(edge.to)];
        if (from === undefined || to === undefined) return null;
        return <Arrow key={`${edge.from.id} ${edge.kind} ${edge.to.id}`} edge={edge} from={from} to={to} />;
      })}
      {[...places].map(([one, { x, y }]) => (
        <g key={one.id} fontSize={12} textAnchor="middle">
          <rect
            x={x - boxWidth / 2}
            y={y - boxHeight / 2}
            width={boxWidth}
            height={boxHeight}
            rx={4}
            fill="var(--bg-1)"
            stroke="var(--border-control)"
          />
          <text x={x} y={y - 4} fontWeight={600} fill="var(--text)">
            {one.client}
          </text>
          <text x={x} y={y + 13} fill="var(--text-muted)" className="mono">
            {accessText(one)}
          </text>
        </g>
      ))}
    </svg>
  );
}
