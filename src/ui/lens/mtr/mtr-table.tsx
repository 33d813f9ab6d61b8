// The table twin of the strip: one row per mini-transaction, newest first.

import type { ReactNode } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { hoverKey } from '../../selection/hover.ts';
import { asHeard } from '../heard.ts';
import { composition, mtrName, stateText } from './describe.ts';
import type { MtrItem, MtrModel } from './project.ts';

interface TableProps {
  readonly model: MtrModel;
  readonly shown: boolean;
  readonly isShown: (item: MtrItem) => boolean;
  readonly onChoose: (item: MtrItem) => void;
}

export const MtrTable = asHeard(function MtrTable({
  model,
  shown,
  isShown,
  onChoose,
}: TableProps): ReactNode {
  const t = useT();
  const end = (item: MtrItem): string => {
    if (!item.isWhole) return t('mtr.open');
    return item.commit ? t('mtr.commit', { scn: item.last - 1 }) : t('mtr.cpl', { lsn: item.last - 1 });
  };
  return (
    <div className={shown ? 'max-h-96 overflow-y-auto' : 'visually-hidden'}>
      <table className="data-table" data-twin aria-label={t('mtr.tableOf', { volume: model.volume })}>
        <thead>
          <tr>
            <th>{t('mtr.lsns')}</th>
            <th className="n">{t('mtr.tx')}</th>
            <th>{t('mtr.groups')}</th>
            <th>{t('mtr.state')}</th>
            <th>{t('mtr.end')}</th>
          </tr>
        </thead>
        <tbody>
          {[...model.mtrs]
            .reverse()
            .filter(isShown)
            .map((item) => (
              <tr
                key={item.first}
                aria-label={mtrName(item, t)}
                data-hover={hoverKey({ kind: 'mtr', first: item.first, last: item.last })}
              >
                <td className="mono">
                  <button
                    type="button"
                    className="underline"
                    tabIndex={shown ? 0 : -1}
                    onClick={() => onChoose(item)}
                  >
                    {`${item.first}–${item.last - 1}`}
                  </button>
                </td>
                <td className="n">{item.tx ?? t('mtr.engine')}</td>
                <td>{composition(item)}</td>
                <td>{stateText(item.state, t)}</td>
                <td>{end(item)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
});
