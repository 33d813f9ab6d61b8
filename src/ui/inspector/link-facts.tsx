// Both directions of a link side by side, as the fabric applies them now.

import type { ReactNode } from 'react';
import type { LinkFrame } from '../../sim/frame.ts';
import type { LinkPair } from '../../state/link-pair.ts';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { useT } from '../i18n/i18n.ts';
import { duration } from '../kit/format.ts';

export function LinkFacts({ pair }: { readonly pair: LinkPair }): ReactNode {
  const t = useT();
  const directions: readonly { readonly name: string; readonly link: LinkFrame | null }[] = [
    { name: `${pair.a} → ${pair.b}`, link: pair.there },
    { name: `${pair.b} → ${pair.a}`, link: pair.back },
  ];
  const yes = (on: boolean): string => (on ? t('yes') : t('no'));
  return (
    <>
      <table className="data-table">
        <thead>
          <tr>
            <th>{t('links.direction')}</th>
            <th>{t('links.cut')}</th>
            <th>{t('links.held')}</th>
            <th className="n">{t('links.latency')}</th>
            <th className="n">{t('links.loss')}</th>
            <th className="n">{t('links.duplicates')}</th>
            <th className="n">{t('links.reorder')}</th>
            <th className="n">{t('links.corrupt')}</th>
          </tr>
        </thead>
        <tbody>
          {directions.map(({ name, link }) =>
            link === null ? null : (
              <tr key={name}>
                <td>{name}</td>
                <td className={link.cut ? 'text-hole' : ''}>{yes(link.cut)}</td>
                <td>{yes(link.held)}</td>
                <td className="n">{`${duration(link.baseUs)} + ${duration(link.jitterUs)}`}</td>
                <td className="n">{`${link.lossPercent} %`}</td>
                <td className="n">{`${link.duplicatePercent} %`}</td>
                <td className="n">{`${link.reorderPercent} %`}</td>
                <td className="n">{`${link.corruptPercent} %`}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      <h3 className="heading">{t('summary.act')}</h3>
      <FaultButtons
        subject={{ kind: 'link', a: pair.a, b: pair.b }}
        only={['cut', 'cutThere', 'cutBack', 'heal']}
      />
    </>
  );
}
