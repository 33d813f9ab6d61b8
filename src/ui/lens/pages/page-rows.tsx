// The rows of a page as its bytes say, and the versions of the chosen one, oldest first (MVCC).

import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { valuesText } from './describe.ts';
import { type SlotContent, versionChain } from './page-content.ts';
import type { PagesModel } from './project.ts';

/** Slots listed. */
const listed = 40;

interface RowsProps {
  readonly model: PagesModel;
  readonly slots: readonly SlotContent[];
  readonly slot: number | null;
  readonly onSlot: (slot: number | null) => void;
}

export function PageRows({ model, slots, slot, onSlot }: RowsProps): ReactNode {
  const t = useT();
  const chain = slot === null ? [] : versionChain(slots, slot, model.blockKey);
  const xid = (value: number): string => {
    if (value === 0) return '–';
    return model.active.includes(value) ? `${value} ${t('pages.running')}` : String(value);
  };
  return (
    <>
      <section className="px-4 pb-2" aria-label={t('pages.rows')}>
        <h3 className="heading">{t('pages.rows')}</h3>
        <div className="max-h-60 overflow-y-auto">
          <table className="data-table">
            <thead>
              <tr>
                <th className="n">{t('pages.slot')}</th>
                <th>{t('pages.xmin')}</th>
                <th>{t('pages.xmax')}</th>
                <th>{model.table?.columns.map(({ name }) => name).join(', ') ?? t('pages.values')}</th>
              </tr>
            </thead>
            <tbody>
              {slots.slice(0, listed).map((content) => (
                <tr key={content.slot} className={content.slot === slot ? 'bg-raised' : ''}>
                  <td className="n">
                    <button
                      type="button"
                      className="min-h-6 min-w-6 underline"
                      aria-pressed={content.slot === slot}
                      onClick={() => onSlot(content.slot === slot ? null : content.slot)}
                    >
                      {content.slot}
                    </button>
                  </td>
                  <td className="mono">{content.frozen ? t('pages.frozen') : xid(content.xmin)}</td>
                  <td className="mono">{xid(content.xmax)}</td>
                  <td className="mono">{valuesText(content, t)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {chain.length > 1 && (
        <section className="px-4 pb-2" aria-label={t('pages.mvcc')}>
          <h3 className="heading">{t('pages.mvcc')}</h3>
          <ol className="run-list">
            {chain.map((content) => (
              <li key={content.slot} className={content.slot === slot ? 'font-bold' : ''}>
                {`#${content.slot} [${xid(content.xmin)}, ${content.xmax === 0 ? '∞' : xid(content.xmax)}) ${valuesText(content, t)}`}
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
