// The table twin of the chains: one row per page, with its chain as people write it.

import type { ReactNode } from 'react';
import type { BlockView } from '../../../core/log-store/store-view.ts';
import { useT } from '../../i18n/i18n.ts';
import { hoverKey } from '../../selection/hover.ts';
import { asHeard } from '../heard.ts';
import { type ChainsModel, chainText } from './project.ts';

interface TableProps {
  readonly model: ChainsModel;
  readonly rows: readonly BlockView[];
  readonly shown: boolean;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose: (blockKey: number) => void;
}

export const ChainsTable = asHeard(function ChainsTable({
  model,
  rows,
  shown,
  nameOf,
  onChoose,
}: TableProps): ReactNode {
  const t = useT();
  const state = (row: BlockView): string => {
    if (row.building !== null) return t('chains.building', { lsn: row.building });
    return row.droppableTo < 0 ? '–' : t('chains.upTo', { lsn: row.droppableTo });
  };
  return (
    <div className={shown ? 'max-h-96 overflow-y-auto' : 'visually-hidden'}>
      <table
        className="data-table"
        data-twin
        aria-label={t('chains.tableOf', { group: model.group, store: model.store })}
      >
        <thead>
          <tr>
            <th>{t('lenses.page')}</th>
            <th>{t('chains.chain')}</th>
            <th className="n">{t('chains.pending')}</th>
            <th>{t('chains.droppable')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.blockKey}
              data-hover={hoverKey({ kind: 'page', group: model.group, blockKey: row.blockKey })}
            >
              <td className="mono">
                <button
                  type="button"
                  className="underline"
                  tabIndex={shown ? 0 : -1}
                  onClick={() => onChoose(row.blockKey)}
                >
                  {nameOf(row.blockKey)}
                </button>
              </td>
              <td className="mono">{chainText(row)}</td>
              <td className="n">{row.pending}</td>
              <td className="mono">{state(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});
