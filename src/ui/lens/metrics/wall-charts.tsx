// Events a second and frame time over the wall clock of this visit: beside the run's charts, and no part of the run.

import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { type PlainKey, useT } from '../../i18n/i18n.ts';
import { groupDigits } from '../../kit/format.ts';
import { chartShape, type LineLook } from '../../plot/chart-shape.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { LineChart } from '../../plot/line-chart.tsx';
import { useWidth } from '../../plot/use-size.ts';
import { type Reading, readingLine, readingsStore } from './meter.ts';

const height = 64;
/** Readings in the table: one a second, the newest. */
const rowLimit = 40;

interface WallLine extends LineLook {
  readonly title: PlainKey;
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
  const { at, values } = readingLine(list, line.numberOf);
  const shape = chartShape([line], [values], at, { x: 48, y: 8, width: Math.max(1, width - 56), height });
  return (
    <figure className="min-w-0 px-4 py-1">
      <figcaption className="text-[12px] leading-5 font-semibold">{t(line.title)}</figcaption>
      <div ref={ref}>
        <svg width={width} height={height + 32} role="img" aria-label={t(line.title)}>
          {shape !== null && (
            <LineChart shape={shape} words={(seconds) => t('metrics.wallAgo', { seconds: -seconds })} />
          )}
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
