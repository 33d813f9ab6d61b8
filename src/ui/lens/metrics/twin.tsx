// The table twin of lens 4.11: the newest samples as numbers, each with the way to its moment, and every band.

import { type ReactNode, useEffect, useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { millis } from '../../kit/format.ts';
import { bandText } from './band-text.ts';
import type { ChartSource } from './chart-source.ts';
import { columnTitle, metricsRows } from './charts.ts';

/** Samples in the table: the newest. */
const rowLimit = 40;
/** Wall ms between two readings of the samples. */
const tellMs = 400;

interface TwinProps {
  readonly source: ChartSource;
  readonly onPick: (atMs: number) => void;
}

function MomentButton({ atMs, onPick }: { readonly atMs: number } & Pick<TwinProps, 'onPick'>): ReactNode {
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
    const timer = setInterval(() => setReading(read), tellMs);
    return () => clearInterval(timer);
  }, [read]);
  return reading;
}

export function Samples({ source, onPick }: TwinProps): ReactNode {
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
      <table className="data-table" data-twin aria-label={t('lens.metrics')}>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} className="n">
                {columnTitle(name, t)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            .slice(-rowLimit)
            .reverse()
            .map(([at = '', ...cells]) => (
              <tr key={at}>
                <td className="n">
                  <MomentButton atMs={Number(at)} onPick={onPick} />
                </td>
                {cells.map((cell, i) => (
                  <td key={head[i + 1]} className="n">
                    {cell === '' ? '–' : String(Math.round(Number(cell) * 100) / 100)}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

export function Bands({ source, onPick }: TwinProps): ReactNode {
  const t = useT();
  const bands = useReading(source.bands);
  return (
    <section aria-label={t('metrics.bands')} className="px-4 py-2">
      <h3 className="pb-1 text-[12px] font-semibold">{t('metrics.bands')}</h3>
      {bands.length === 0 ? (
        <p className="text-[12px] text-muted">{t('metrics.noBands')}</p>
      ) : (
        <table className="data-table" aria-label={t('metrics.bands')}>
          <thead>
            <tr>
              <th>{t('metrics.band')}</th>
              <th>{t('metrics.bandOf')}</th>
              <th className="n">{t('metrics.bandFrom')}</th>
              <th className="n">{t('metrics.bandTo')}</th>
            </tr>
          </thead>
          <tbody>
            {bands
              .slice(-rowLimit)
              .reverse()
              .map(({ kind, of, from, to }) => (
                <tr key={`${kind} ${of} ${from}`}>
                  <td>{t(`metrics.phase.${kind}`)}</td>
                  <td className={kind === 'fault' ? '' : 'mono'} title={of}>
                    {bandText({ kind, of }, t)}
                  </td>
                  <td className="n">
                    <MomentButton atMs={from / 1000} onPick={onPick} />
                  </td>
                  <td className="n">{to === null ? t('metrics.now') : millis(to)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
