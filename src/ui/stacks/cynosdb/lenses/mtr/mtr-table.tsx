// The table beside the strip: one row per mini-transaction, newest first.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { composition, mtrMatches, mtrName, stateText } from './describe.ts';
import type { MtrItem, MtrModel } from './project.ts';

interface TableProps {
  readonly model: MtrModel;
  readonly shown: boolean;
  readonly filter: string;
  readonly onChoose: (item: MtrItem) => void;
}

export function MtrTable({ model, shown, filter, onChoose }: TableProps): ReactNode {
  const t = useT();
  const end = (item: MtrItem): string => {
    if (!item.isWhole) return t('mtr.open');
    return item.commit ? t('mtr.commit', { scn: item.last - 1 }) : t('mtr.cpl', { lsn: item.last - 1 });
  };
  return (
    <TableBeside
      label={t('mtr.tableOf', { volume: model.volume })}
      shown={shown}
      rows={() => model.mtrs.toReversed().filter((item) => mtrMatches(item, filter))}
      keyOf={({ first }) => first}
      attributes={(item) => ({
        'aria-label': mtrName(item, t),
        'data-hover': hoverKey({ kind: 'mtr', first: item.first, last: item.last }),
      })}
      onChoose={onChoose}
      columns={[
        [t('mtr.lsns'), ({ first, last }) => `${first}–${last - 1}`, 'mono'],
        [t('mtr.tx'), ({ tx }) => tx ?? t('mtr.engine'), 'n'],
        [t('mtr.groups'), composition],
        [t('mtr.state'), ({ state }) => stateText(state, t)],
        [t('mtr.end'), end],
      ]}
    />
  );
}
