// Tables of the journal lens: the lists of the Block–Journal table, and the readers of the volume.

import type { ReactNode } from 'react';
import type { BlockJournalView } from '../../../../../core/reader/reader-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { filterOf } from '../../../../kit/filter.ts';
import { duration, groupDigits } from '../../../../kit/format.ts';
import { Section } from '../../../../lens/section.tsx';
import { DataTable, TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { groupOfBlock, stateText, waitsText } from './describe.ts';
import type { JournalModel } from './project.ts';
import '../../../../../words/cynosdb/pages.en.json';

interface TableProps {
  readonly model: JournalModel;
  readonly node: string;
  readonly filter: string;
  readonly shown: boolean;
  readonly nameOf: (blockKey: number) => string;
  readonly onChoose: (blockKey: number) => void;
}

function isNamed(
  { lsns, blockKey }: BlockJournalView,
  filter: string,
  nameOf: TableProps['nameOf'],
): boolean {
  const { lsn, matches } = filterOf(filter);
  return lsn === null ? matches(nameOf(blockKey)) : lsns.includes(lsn);
}

/** What the table lists. */
export const namedBlocks = (
  { lanes }: JournalModel,
  filter: string,
  nameOf: TableProps['nameOf'],
): readonly BlockJournalView[] =>
  lanes.flatMap(({ blocks }) => blocks).filter((block) => isNamed(block, filter, nameOf));

export function JournalTable({ model, node, filter, shown, nameOf, onChoose }: TableProps): ReactNode {
  const t = useT();
  return (
    <TableBeside
      label={t('journal.table', { node })}
      shown={shown}
      rows={() => namedBlocks(model, filter, nameOf)}
      keyOf={({ blockKey }) => blockKey}
      attributes={({ blockKey }) => ({
        'data-hover': hoverKey({ kind: 'page', group: groupOfBlock(model, blockKey), blockKey }),
      })}
      onChoose={({ blockKey }) => onChoose(blockKey)}
      columns={[
        [t('lenses.page'), ({ blockKey }) => nameOf(blockKey), 'mono'],
        [t('journal.thread'), ({ applier }) => applier + 1, 'n'],
        [t('journal.records'), ({ lsns }) => lsns.join(' → '), 'mono'],
        [t('journal.state'), (block) => stateText(block, t)],
      ]}
    />
  );
}

interface ReadersProps {
  readonly model: JournalModel;
  readonly onChoose: (node: string) => void;
}

export function ReadersTable({ model, onChoose }: ReadersProps): ReactNode {
  const t = useT();
  const { rows, volume } = model;
  return (
    <Section part="readers" title={t('journal.readers', { volume })} className="px-4 pb-3">
      <div className="overflow-x-auto">
        <DataTable
          rows={rows}
          keyOf={({ node }) => node}
          attributes={({ node }) => ({ 'data-hover': hoverKey({ kind: 'node', id: node }) })}
          columns={[
            [
              t('lenses.node'),
              ({ node }) => (
                <button type="button" className="min-h-6 underline" onClick={() => onChoose(node)}>
                  {node}
                </button>
              ),
            ],
            [t('journal.session'), ({ view, isUp }) => t(isUp ? `journal.${view.session}` : 'pages.away')],
            ['applyLsn', ({ view }) => groupDigits(view.applyLsn), 'n'],
            [t('journal.lag'), ({ lag }) => groupDigits(lag), 'n'],
            ['MRPL', ({ view, isFloor }) => `${groupDigits(view.mrpl)}${isFloor ? ' ←' : ''}`, 'n'],
            [
              t('journal.heard'),
              ({ view: { silentUs }, isUp }) =>
                !isUp
                  ? '–'
                  : silentUs === null
                    ? t('journal.never')
                    : t('journal.ago', { time: duration(silentUs) }),
              'n',
            ],
          ]}
        />
      </div>
      {rows.map(({ node, view }) => {
        const waits = waitsText(view, t);
        return waits === '' ? null : (
          <p key={node} className="pt-1 text-[12px] text-muted">{`${node}: ${waits}`}</p>
        );
      })}
      {rows
        .filter(({ isFloor }) => isFloor)
        .map(({ node }) => (
          <p key={node} className="pt-1 text-[12px] text-muted">
            {t('journal.floor', { node })}
          </p>
        ))}
    </Section>
  );
}
