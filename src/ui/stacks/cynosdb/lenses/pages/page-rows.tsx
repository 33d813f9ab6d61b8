// The rows of a page as its bytes say, and the versions of the chosen one, oldest first (MVCC).

import type { ReactNode } from 'react';
import { forkOf } from '../../../../../core/page/page-key.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Section } from '../../../../lens/section.tsx';
import { type SlotContent, versionChain } from '../../../../model/page-content.ts';
import { DataTable } from '../../../../plot/data-table.tsx';
import { valuesText } from './describe.ts';
import type { PagesModel } from './project.ts';

/** Slots listed. */
const listed = 40;

interface RowsProps {
  readonly model: PagesModel;
  /** Whose copy of the page it is. */
  readonly node: string;
  readonly slots: readonly SlotContent[];
  readonly slot: number | null;
  readonly onSlot: (slot: number | null) => void;
}

export function PageRows({ model, node, slots, slot, onSlot }: RowsProps): ReactNode {
  const t = useT();
  const chain = slot === null ? [] : versionChain(slots, slot, model.blockKey);
  const xid = (value: number): string => {
    if (value === 0) return '–';
    return model.active.includes(value) ? `${value} ${t('pages.running')}` : String(value);
  };
  const isParts = forkOf(model.blockKey) === 2;
  const columnNames = isParts
    ? t('pages.partColumns')
    : (model.table?.columns.map(({ name }) => name).join(', ') ?? t('pages.values'));
  const slotButton = (content: SlotContent): ReactNode => (
    <button
      type="button"
      className="min-h-6 min-w-6 underline"
      aria-pressed={content.slot === slot}
      onClick={() => onSlot(content.slot === slot ? null : content.slot)}
    >
      {content.slot}
    </button>
  );
  return (
    <>
      <Section title={t('pages.rows', { node })}>
        <div className="max-h-60 overflow-y-auto">
          <DataTable
            rows={slots.slice(0, listed)}
            keyOf={(content) => content.slot}
            attributes={(content) => ({ className: content.slot === slot ? 'bg-raised' : '' })}
            columns={[
              [t('pages.slot'), slotButton, 'n'],
              [t('pages.xmin'), ({ frozen, xmin }) => (frozen ? t('pages.frozen') : xid(xmin)), 'mono'],
              [t('pages.xmax'), ({ xmax }) => xid(xmax), 'mono'],
              [columnNames, (content) => valuesText(content, t), 'mono'],
            ]}
          />
        </div>
      </Section>
      {chain.length > 1 && (
        <Section title={t('pages.mvcc')}>
          <ol className="run-list">
            {chain.map((content) => (
              <li key={content.slot} className={content.slot === slot ? 'font-bold' : ''}>
                {`#${content.slot} [${xid(content.xmin)}, ${content.xmax === 0 ? '∞' : xid(content.xmax)}) ${valuesText(content, t)}`}
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}
