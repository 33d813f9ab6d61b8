// Tables of the plan's lens: its operators, and the pages that one of them has looked at.

import type { ReactNode } from 'react';
import type { PageLook } from '../../../../../core/sql/measure.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { filterOf } from '../../../../kit/filter.ts';
import { duration } from '../../../../kit/format.ts';
import { groupOfPage } from '../../../../model/page-group.ts';
import { pageName } from '../../../../model/page-name.ts';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { operatorText, pagesText, rowsText } from './describe.ts';
import { measureOf, type OperatorRow, type PlanModel } from './project.ts';
import '../../../../../words/cynosdb/pages.en.json';

interface PlanTableProps {
  readonly model: PlanModel;
  readonly filter: string;
  readonly shown: boolean;
  readonly onChoose: (at: number) => void;
}

export const isNamed = (row: OperatorRow, filter: string): boolean =>
  filterOf(filter).matches([operatorText(row), ...row.node.notes].join(' '));

export function PlanTable({ model, filter, shown, onChoose }: PlanTableProps): ReactNode {
  const t = useT();
  const { view } = model.chosen ?? {};
  if (view === undefined) return null;
  const time = (row: OperatorRow, of: 'startup' | 'time'): string =>
    row.node.measure === undefined ? '–' : duration(row.node.measure[of]);
  return (
    <TableBeside
      label={t('plan.operators')}
      shown={shown}
      box="max-h-96 overflow-auto"
      rows={() => model.rows.filter((row) => isNamed(row, filter))}
      keyOf={({ id }) => id}
      onChoose={(row) => onChoose(model.rows.indexOf(row))}
      columns={[
        [t('plan.operator'), (row) => `${'\u00a0\u00a0'.repeat(row.depth)}${operatorText(row)}`, 'mono'],
        [t('plan.rowsHead'), (row) => rowsText(row, t), 'n'],
        [t('plan.pages'), (row) => pagesText(measureOf(row, view), t) || '–'],
        [t('plan.first'), (row) => time(row, 'startup'), 'n'],
        [t('plan.total'), (row) => time(row, 'time'), 'n'],
        [t('plan.own'), ({ node, ownUs }) => (node.measure === undefined ? '–' : duration(ownUs)), 'n'],
        [t('plan.notes'), ({ node }) => node.notes.join(t('list.semicolon')) || '–'],
      ]}
    />
  );
}

interface LooksTableProps {
  readonly model: PlanModel;
  readonly row: OperatorRow;
  readonly looks: readonly PageLook[];
  readonly onChoose: (blockKey: number) => void;
}

/** Each page once, in the order in which it was first looked at. */
export function LooksTable({ model, row, looks, onChoose }: LooksTableProps): ReactNode {
  const t = useT();
  const groupOf = (blockKey: number): string => groupOfPage(model.cluster, blockKey)?.id ?? '';
  return (
    <TableBeside
      label={t('plan.looks', { operator: operatorText(row) })}
      shown
      box="max-h-60 overflow-auto"
      rows={() => looks}
      keyOf={({ blockKey }) => blockKey}
      attributes={({ blockKey }) => ({
        'data-hover': hoverKey({ kind: 'page', group: groupOf(blockKey), blockKey }),
      })}
      onChoose={({ blockKey }) => onChoose(blockKey)}
      columns={[
        [t('lenses.page'), ({ blockKey }) => pageName(blockKey, model.tables, t), 'mono'],
        [t('plan.source'), ({ from }) => from ?? t('plan.inBuffer')],
        [t('plan.at'), ({ from, readPoint }) => (from === null ? '–' : readPoint), 'n'],
      ]}
    />
  );
}
