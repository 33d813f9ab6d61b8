// The table beside the versions: one row per copy of the page.

import type { ReactNode } from 'react';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { absenceText, previewText, stateText, windowText } from './describe.ts';
import type { Holder } from './holders.ts';
import type { PagesModel } from './project.ts';

interface TableProps {
  readonly model: PagesModel;
  readonly name: string;
  readonly slot: number | null;
  readonly shown: boolean;
}

interface Row {
  readonly holder: Holder;
  /** Null: the node holds no copy. */
  readonly copy: Holder['copies'][number] | null;
}

const rowsOf = ({ holders }: PagesModel): readonly Row[] =>
  holders.flatMap((holder) =>
    (holder.copies.length === 0 ? [null] : holder.copies).map((copy) => ({ holder, copy })),
  );

function valueText({ holder, copy }: Row, isNewest: boolean, slot: number | null, t: Translate): string {
  if (isNewest) return previewText(holder, slot, t);
  return copy?.content === undefined ? '' : previewText({ content: copy.content }, slot, t);
}

export function VersionsTable({ model, name, slot, shown }: TableProps): ReactNode {
  const t = useT();
  const { group, blockKey } = model;
  const node = (id: string): string => hoverKey({ kind: 'node', id });
  const page = hoverKey({ kind: 'page', group, blockKey });
  /** Records and value stand beside the newest copy. */
  const isNewest = ({ holder, copy }: Row): boolean => copy === (holder.copies.at(-1) ?? null);
  return (
    <TableBeside
      label={t('pages.tableOf', { name })}
      shown={shown}
      // As high as it is: it has nothing that takes the focus, so it cannot be scrolled by keyboard.
      box=""
      rows={() => rowsOf(model)}
      keyOf={({ holder, copy }) => `${holder.node}${copy?.lsn ?? ''}`}
      attributes={({ holder, copy }) =>
        copy === null ? { 'data-hover': node(holder.node) } : { 'data-hover': page, 'data-node': holder.node }
      }
      columns={[
        [t('lenses.node'), ({ holder }) => <span data-hover={node(holder.node)}>{holder.node}</span>],
        [t('pages.copy'), ({ copy }) => (copy === null || copy.lsn < 0 ? '–' : copy.lsn), 'n'],
        [
          t('pages.state'),
          ({ holder, copy }) => (copy === null ? absenceText(holder, t) : stateText(copy.state, t)),
        ],
        ...(model.readers.length === 0
          ? []
          : ([
              [t('pages.goodTo'), ({ copy }) => copy?.upTo ?? '', 'n'],
            ] as const satisfies readonly Column<Row>[])),
        [t('pages.records'), (row) => (isNewest(row) ? row.holder.records.join(', ') : ''), 'mono'],
        [t('pages.value'), (row) => valueText(row, isNewest(row), slot, t), 'mono'],
        [t('pages.window'), (row) => (isNewest(row) ? windowText(row.holder) : ''), 'mono'],
      ]}
    />
  );
}
