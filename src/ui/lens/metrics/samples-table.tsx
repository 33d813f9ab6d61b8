// The table of lens 4.11: the newest samples as numbers, each with the way to its moment, and every band.

import { type ReactNode, useEffect, useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { type Column, DataTable } from '../../plot/data-table.tsx';
import { bandKind, bandText } from './band-text.ts';
import type { ChartSource } from './chart-source.ts';
import { columnTitle, metricsRows } from './charts.ts';
import type { ChartSpec } from './metrics-table.ts';

/** Samples in the table: the newest. */
const rowLimit = 40;
/** Wall ms between two readings of the samples. */
const readMs = 400;

interface TableProps {
  readonly source: ChartSource;
  readonly onPick: (atMs: number) => void;
}

function MomentButton({ atMs, onPick }: { readonly atMs: number } & Pick<TableProps, 'onPick'>): ReactNode {
  const t = useT();
  const at = atMs.toFixed(3);
  return (
    <button
      type="button"
      className="mono min-h-6 cursor-pointer underline decoration-dotted"
      aria-label={t('metrics.reviewAt', { at })}
      onClick={() => onPick(atMs)}
    >
      {at}
    </button>
  );
}

/** What a source has now, read again and again. */
function useReading<T>(read: () => T): T {
  const [reading, setReading] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setReading(read), readMs);
    return () => clearInterval(timer);
  }, [read]);
  return reading;
}

/** A value of a file, to two decimals. */
const roundText = (cell = ''): string => (cell === '' ? '–' : String(Math.round(Number(cell) * 100) / 100));

export function Samples({
  source,
  charts,
  onPick,
}: TableProps & { readonly charts: readonly ChartSpec[] }): ReactNode {
  const t = useT();
  const series = useReading(source.series);
  const [head = [], ...rows] = metricsRows(series);
  return (
    <section
      aria-label={t('lens.metrics')}
      className="flex-none overflow-x-auto px-4 py-2"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <DataTable
        isExported
        label={t('lens.metrics')}
        rows={rows.slice(-rowLimit).reverse()}
        keyOf={([at = '']) => at}
        columns={head.map(
          (name, i): Column<readonly string[]> => [
            columnTitle(name, charts, t),
            (cells) =>
              i === 0 ? <MomentButton atMs={Number(cells[0])} onPick={onPick} /> : roundText(cells[i]),
            'n',
          ],
        )}
      />
    </section>
  );
}

export function Bands({ source, onPick }: TableProps): ReactNode {
  const t = useT();
  const bands = useReading(source.bands);
  return (
    <section aria-label={t('metrics.bands')} className="px-4 py-2">
      <h3 className="pb-1 text-[12px] font-semibold">{t('metrics.bands')}</h3>
      {bands.length === 0 ? (
        <p className="text-[12px] text-muted">{t('metrics.noBands')}</p>
      ) : (
        <DataTable
          label={t('metrics.bands')}
          rows={bands.slice(-rowLimit).reverse()}
          keyOf={({ title, of, from }) => `${title} ${of} ${from}`}
          columns={[
            [t('metrics.band'), (band) => bandKind(band, t)],
            [
              t('metrics.bandOf'),
              (band) => <span title={band.of}>{bandText(band, t)}</span>,
              ({ title }) => (title === undefined ? '' : 'mono'),
            ],
            [t('metrics.bandFrom'), ({ from }) => <MomentButton atMs={from / 1000} onPick={onPick} />, 'n'],
            [t('metrics.bandTo'), ({ to }) => (to === null ? t('metrics.now') : millis(to)), 'n'],
          ]}
        />
      )}
    </section>
  );
}
