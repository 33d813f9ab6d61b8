// Both directions of a link side by side, as the fabric applies them now.

import type { ReactNode } from 'react';
import type { LinkPair } from '../../state/link-pair.ts';
import { FaultButtons } from '../faults/fault-buttons.tsx';
import { useT } from '../i18n/i18n.ts';
import { latencyText } from '../model/link-words.ts';
import { DataTable } from '../plot/data-table.tsx';
import '../../words/model/summary.en.json';

export function LinkFacts({ pair }: { readonly pair: LinkPair }): ReactNode {
  const t = useT();
  const directions = [pair.there, pair.back].filter((link) => link !== null);
  const yes = (on: boolean): string => (on ? t('yes') : t('no'));
  return (
    <>
      <DataTable
        rows={directions}
        keyOf={({ from }) => from}
        columns={[
          [t('links.direction'), ({ from, to }) => `${from} → ${to}`],
          [t('links.cut'), ({ cut }) => yes(cut), ({ cut }) => (cut ? 'text-hole' : '')],
          [t('links.held'), ({ held }) => yes(held)],
          [t('links.latency'), latencyText, 'n'],
          [t('links.loss'), ({ lossPercent }) => `${lossPercent} %`, 'n'],
          [t('links.duplicates'), ({ duplicatePercent }) => `${duplicatePercent} %`, 'n'],
          [t('links.reorder'), ({ reorderPercent }) => `${reorderPercent} %`, 'n'],
          [t('links.corrupt'), ({ corruptPercent }) => `${corruptPercent} %`, 'n'],
        ]}
      />
      <h3 className="heading">{t('summary.act')}</h3>
      <FaultButtons
        subject={{ kind: 'link', a: pair.a, b: pair.b }}
        only={['cut', 'cutThere', 'cutBack', 'heal']}
      />
    </>
  );
}
