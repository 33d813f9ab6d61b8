// The table twin of the plot: the accessible equivalent, and what the table switch shows. One row per range.

import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { rangeText } from '../../kit/format.ts';
import { hoverKey } from '../../selection/hover.ts';
import { asHeard } from '../heard.ts';
import { runName, runStateText } from './describe.ts';
import type { WalModel } from './project.ts';

/** Ranges listed per replica; the plot shows the rest. */
const rangeLimit = 60;

interface TableProps {
  readonly model: WalModel;
  readonly shown: boolean;
  /** What the filter and the selection leave in. */
  readonly isShown: (node: string, first: number, last: number) => boolean;
}

export const WalTable = asHeard(function WalTable({ model, shown, isShown }: TableProps): ReactNode {
  const t = useT();
  return (
    <div className={shown ? 'max-h-72 overflow-y-auto' : 'visually-hidden'}>
      <table className="data-table" data-twin aria-label={t('lens.tableOf', { group: model.group })}>
        <thead>
          <tr>
            <th>{t('lens.replica')}</th>
            <th>{t('lens.range')}</th>
            <th>{t('lens.state')}</th>
            <th>{t('lens.request')}</th>
          </tr>
        </thead>
        <tbody>
          {model.rows.flatMap((row) =>
            row.runs
              .filter((run) => run.kind !== 'end' && isShown(row.node, run.first, run.last))
              .slice(-rangeLimit)
              .map((run) => (
                <tr
                  key={`${row.node}${run.kind}${run.first}`}
                  aria-label={runName(row.node, run, t)}
                  data-hover={hoverKey(
                    run.request === null
                      ? { kind: 'node', id: row.node }
                      : { kind: 'request', node: row.node, id: run.request },
                  )}
                >
                  <td>{row.node}</td>
                  <td className="mono">{rangeText(run.first, run.last)}</td>
                  <td className={run.kind === 'hole' || run.kind === 'sent' ? 'text-hole' : ''}>
                    {runStateText(run, t)}
                  </td>
                  <td className="mono">{run.request ?? ''}</td>
                </tr>
              )),
          )}
        </tbody>
      </table>
    </div>
  );
});
