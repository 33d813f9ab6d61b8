// The status list of one replica, item by item (HOLE-4), and what is known of its checksums (WAL-39).

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { Chip } from '../../../../kit/button.tsx';
import { rangeText } from '../../../../kit/format.ts';
import { Section } from '../../../../lens/section.tsx';
import { itemOf } from '../../../../model/runs.ts';
import { hoverKey } from '../../../../selection/hover.ts';
import type { ReplicaRow } from './model.ts';

const chipLimit = 40;

/** What a replica read from its disk and found damaged, or why it no longer serves the group. */
function Checksums({ row }: { readonly row: ReplicaRow }): ReactNode {
  const t = useT();
  const { failed = null, damaged = [] } = row.list ?? {};
  if (row.list === null) return null;
  if (failed !== null) return <Chip hue="fence">{failed}</Chip>;
  if (damaged.length === 0) return <Chip>{t('lens.checksumsOk')}</Chip>;
  const ranges = damaged.map(([first, last]) => rangeText(first, last)).join(' ');
  return <Chip hue="hole">{t('lens.damaged', { ranges })}</Chip>;
}

export function StatusList({ row, group }: { readonly row: ReplicaRow; readonly group: string }): ReactNode {
  const t = useT();
  const runs = row.list?.runs ?? [];
  const shown = runs.slice(-chipLimit);
  return (
    <Section
      className="px-4"
      title={t('lens.statusList', { node: row.node, group })}
      tools={<Checksums row={row} />}
    >
      <div className="run-list">
        {shown.length < runs.length && (
          <span>{t('lens.moreRuns', { count: runs.length - shown.length })}</span>
        )}
        {shown.map((run) => {
          const { range, word, look } = itemOf(run, row.nwl);
          return (
            <span
              key={run.first}
              {...(run.request === null
                ? {}
                : { 'data-hover': hoverKey({ kind: 'request', node: row.node, id: run.request }) })}
              {...(look === null ? {} : { 'data-run': look })}
            >
              {range} {word}
            </span>
          );
        })}
      </div>
    </Section>
  );
}
