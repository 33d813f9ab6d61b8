// Lens 4.11: how much, how fast, what did the fault cost? Small multiples with one cursor; the table twin has the
// newest samples as numbers.

import { FileSpreadsheet } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { time } from '../../../base/ids.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { useHeardFrame } from '../../../state/heard.ts';
import { metricsStore } from '../../../state/metrics-store.ts';
import { exportName } from '../../export/run-name.ts';
import { saveBlob } from '../../export/save.ts';
import { useT } from '../../i18n/i18n.ts';
import { IconButton } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { useLab } from '../../lab-context.ts';
import { LensFrame } from '../lens-frame.tsx';
import type { LensMark } from '../marks.ts';
import { csvOf } from '../table-csv.ts';
import { Chart } from './chart.tsx';
import { charts, columnTitle, metricsRows } from './charts.ts';
import { describeMetrics } from './describe.ts';
import { MeterRow } from './meter-row.tsx';

const loadMarks = async (): Promise<readonly LensMark[]> => (await import('./marks.ts')).metricsMarks;
/** Samples in the table twin: the newest. */
const rowLimit = 40;

function Twin(): ReactNode {
  const t = useT();
  const series = useStore(metricsStore);
  const [head = [], ...rows] = metricsRows(series);
  return (
    <section
      aria-label={t('lens.metrics')}
      className="overflow-x-auto px-4 py-2"
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
            .map((cells) => (
              <tr key={cells[0]}>
                {cells.map((cell, i) => (
                  <td key={head[i]} className="n">
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

function Time(): ReactNode {
  const t = useT();
  const at = useFrame(({ frame }) => (frame === null ? '' : millis(frame.time)));
  return (
    <output className="visually-hidden" aria-live="off" aria-label={t('metrics.time')}>
      {at}
    </output>
  );
}

export function MetricsLens(): ReactNode {
  const t = useT();
  const lab = useLab();
  const [table, setTable] = useState(false);
  const said = useHeardFrame(
    ({ frame }) => (frame === null ? t('loading') : describeMetrics(frame, t)),
    () => '',
  );
  const pick = (atMs: number): void => void lab.seek(time(Math.max(0, Math.round(atMs * 1000))));
  const saveCsv = (): void =>
    saveBlob(
      `${exportName('metrics')}.csv`,
      new Blob([csvOf(metricsRows(metricsStore.getState()))], { type: 'text/csv' }),
    );
  return (
    <LensFrame
      table={table}
      onTable={setTable}
      marks={loadMarks}
      tools={<IconButton small icon={FileSpreadsheet} label={t('metrics.csv')} onClick={saveCsv} />}
      description={said}
    >
      <MeterRow />
      {table ? (
        <Twin />
      ) : (
        <>
          <div className="grid grid-cols-1 items-end gap-2 py-2 @min-[560px]:grid-cols-2">
            {charts.map((spec) => (
              <div key={spec.id} className="h-40 [@media(min-height:1200px)]:h-56">
                <Chart spec={spec} onPick={pick} />
              </div>
            ))}
          </div>
          <p className="px-4 pb-3 text-[12px] text-muted">{t('metrics.review')}</p>
        </>
      )}
      <Time />
    </LensFrame>
  );
}
