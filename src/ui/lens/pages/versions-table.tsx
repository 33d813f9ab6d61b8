// The table twin of the versions: one row per copy of the page.

import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { hoverKey } from '../../selection/hover.ts';
import { asHeard } from '../heard.ts';
import { previewText, stateText } from './describe.ts';
import type { PagesModel } from './project.ts';

interface TableProps {
  readonly model: PagesModel;
  readonly name: string;
  readonly slot: number | null;
  readonly shown: boolean;
}

export const VersionsTable = asHeard(function VersionsTable({
  model,
  name,
  slot,
  shown,
}: TableProps): ReactNode {
  const t = useT();
  return (
    <div className={shown ? 'max-h-96 overflow-y-auto' : 'visually-hidden'}>
      <table className="data-table" data-twin aria-label={t('pages.tableOf', { name })}>
        <thead>
          <tr>
            <th>{t('lenses.node')}</th>
            <th className="n">{t('pages.copy')}</th>
            <th>{t('pages.state')}</th>
            <th>{t('pages.records')}</th>
            <th>{t('pages.value')}</th>
          </tr>
        </thead>
        <tbody>
          {model.holders.flatMap((holder) =>
            holder.copies.length === 0
              ? [
                  <tr key={holder.node} data-hover={hoverKey({ kind: 'node', id: holder.node })}>
                    <td>{holder.node}</td>
                    <td className="n">–</td>
                    <td>{t('lenses.none')}</td>
                    <td className="mono">{holder.records.join(', ')}</td>
                    <td className="mono">{previewText(holder, slot, t)}</td>
                  </tr>,
                ]
              : holder.copies.map((copy, i) => (
                  <tr
                    key={`${holder.node}${copy.lsn}`}
                    data-hover={hoverKey({ kind: 'page', group: model.group, blockKey: model.blockKey })}
                    data-node={holder.node}
                  >
                    <td data-hover={hoverKey({ kind: 'node', id: holder.node })}>{holder.node}</td>
                    <td className="n">{copy.lsn}</td>
                    <td>{stateText(copy.state, t)}</td>
                    <td className="mono">
                      {i === holder.copies.length - 1 ? holder.records.join(', ') : ''}
                    </td>
                    <td className="mono">
                      {i === holder.copies.length - 1 ? previewText(holder, slot, t) : ''}
                    </td>
                  </tr>
                )),
          )}
        </tbody>
      </table>
    </div>
  );
});
