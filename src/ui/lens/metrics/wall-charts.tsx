// Events a second and frame time over the wall clock of this visit: beside the run's charts, and no part of the run.

import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { type PlainKey, useT } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { useWidth } from '../../plot/use-size.ts';
import { numberText } from './charts.ts';
import { type Reading, readingPath, readingsStore } from './meter.ts';

const height = 64;
const left = 48;
/** Readings in the table: one a second, the newest. */
const rowLimit = 40;

interface WallLine {
  readonly title: PlainKey;
  readonly hue: string;
  readonly numberOf: (reading: Reading) => number | null;
}

const lines: readonly WallLine[] = [
  { title: 'metrics.eventsPerSecond', hue: 'ctl', numberOf: ({ eventsPerSecond }) => eventsPerSecond },
  { title: 'metrics.frameTime', hue: 'hole', numberOf: ({ frameP95Ms }) => frameP95Ms },
];

const secondsAgo = (list: readonly Reading[], { at }: Reading): string =>
  Math.round(((list.at(-1)?.at ?? at) - at) / 1000).toString();

function WallChart({
  line,
  list,
}: {
  readonly line: WallLine;
  readonly list: readonly Reading[];
}): ReactNode {
  const t = useT();
  const [ref, width] = useWidth(160);
  const most = list.reduce((highest, reading) => Math.max(highest, line.numberOf(reading) ?? 0), 0);
  const [first] = list;
  const path = readingPath(list, line.numberOf, Math.max(1, width - left - 8), height);
  return (
    <figure className="min-w-0 px-4 py-1">
      <figcaption className="text-[12px] leading-5 font-semibold">{t(line.title)}</figcaption>
      <div ref={ref}>
        <svg width={width} height={height + 24} role="img" aria-label={t(line.title)} fontSize={12}>
          <g fill="var(--text-muted)">
            <text x={left - 6} y={12} textAnchor="end">
              {numberText(most)}
            </text>
            <text x={left - 6} y={height + 4} textAnchor="end">
              0
            </text>
            <text x={left} y={height + 20}>
              {first === undefined ? '' : t('metrics.wallAgo', { seconds: secondsAgo(list, first) })}
            </text>
          </g>
          <path d={`M${left} 0V${height + 0.5}H${width - 8}`} fill="none" stroke="var(--line)" />
          <path
            d={path}
            transform={`translate(${left} 0)`}
            fill="none"
            stroke={`var(--${line.hue})`}
            strokeWidth={2}
          />
        </svg>
      </div>
    </figure>
  );
}

function WallTable({ list }: { readonly list: readonly Reading[] }): ReactNode {
  const t = useT();
  const rows = list
    .filter((_reading, i) => (list.length - 1 - i) % 4 === 0)
    .slice(-rowLimit)
    .reverse();
  return (
    <DataTable
      label={t('metrics.wallSamples')}
      rows={rows}
      keyOf={({ at }) => at}
      columns={[
        [t('metrics.wallWhen'), (reading) => secondsAgo(list, reading), 'n'],
        [t('metrics.eventsPerSecond'), ({ eventsPerSecond }) => groupDigits(eventsPerSecond), 'n'],
        [t('metrics.frameTime'), ({ frameP95Ms }) => frameP95Ms?.toFixed(1) ?? '–', 'n'],
      ]}
    />
  );
}

export function WallCharts({ table }: { readonly table: boolean }): ReactNode {
  const t = useT();
  const list = useStore(readingsStore, (state) => state.list);
  return (
    <section aria-label={t('metrics.wall')} className="border-t border-line py-2">
      <h3 className="px-4 pb-1 text-[12px] text-muted">{t('metrics.wall')}</h3>
      {table ? (
        <div className="px-4">
          <WallTable list={list} />
        </div>
      ) : (
        <div className="grid grid-cols-1 gap-2 @min-[560px]:grid-cols-2">
          {lines.map((line) => (
            <WallChart key={line.title} line={line} list={list} />
          ))}
        </div>
      )}
    </section>
  );
}
