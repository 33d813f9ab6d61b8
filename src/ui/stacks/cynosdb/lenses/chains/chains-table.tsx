// The table beside the chains: one row per page, with its chain as people write it.

import type { ReactNode } from 'react';
import type { BlockView } from '../../../../../core/log-store/store-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { type ChainsModel, chainText } from './project.ts';

interface TableProps {
  readonly model: ChainsModel;
  readonly rows: readonly BlockView[];
  readonly shown: boolean;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose: (blockKey: number) => void;
}

export function ChainsTable({ model, rows, shown, nameOf, onChoose }: TableProps): ReactNode {
  const t = useT();
  const { group, store } = model;
  const state = (row: BlockView): string => {
    if (row.building !== null) return t('chains.building', { lsn: row.building });
    return row.droppableTo < 0 ? '–' : t('chains.upTo', { lsn: row.droppableTo });
  };
  return (
    <TableBeside
      label={t('chains.tableOf', { group, store })}
      shown={shown}
      rows={() => rows}
      keyOf={({ blockKey }) => blockKey}
      attributes={({ blockKey }) => ({ 'data-hover': hoverKey({ kind: 'page', group, blockKey }) })}
      onChoose={({ blockKey }) => onChoose(blockKey)}
      columns={[
        [t('lenses.page'), ({ blockKey }) => nameOf(blockKey), 'mono'],
        [t('chains.chain'), chainText, 'mono'],
        [t('chains.pending'), ({ pending }) => pending, 'n'],
        [t('chains.droppable'), state, 'mono'],
      ]}
    />
  );
}
