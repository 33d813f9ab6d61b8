// The status list of one replica, item by item as the module keeps it (HOLE-4), and what is known of its checksums (WAL-39).

import type { ReactNode } from 'react';
import { MAX } from '../../../../../base/ids.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Chip } from '../../../../kit/button.tsx';
import { groupDigits, rangeText } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import type { ReplicaRow } from './model.ts';
import { type StatusItem, statusItems } from './status-items.ts';
import '../../../../../words/cynosdb/wal.en.json';

const itemLimit = 24;

/** What a replica read from its disk and found damaged, or why it no longer serves the group. */
function Checksums({ row }: { readonly row: ReplicaRow }): ReactNode {
  const t = useT();
  const { failed = null, damaged = [] } = row.list ?? {};
  if (row.list === null) return null;
  if (failed !== null) return <Chip hue="fence">{failed}</Chip>;
  if (damaged.length === 0) return <Chip>{t('lens.checksumsOk')}</Chip>;
  const ranges = damaged.map(([first, end]) => rangeText(first, end)).join(' ');
  return <Chip hue="hole">{t('lens.damaged', { ranges })}</Chip>;
}

const lsnText = ({ lsn, isCut }: StatusItem): string =>
  lsn >= MAX ? 'MAX' : `${isCut ? '≤ ' : ''}${groupDigits(lsn)}`;

function reachText({ lsn, next, type, goesOn }: StatusItem): string {
  if (type === 'end') return '–';
  return goesOn ? `[${lsn},${next} …` : rangeText(lsn, next);
}

function meaningOf(item: StatusItem, row: ReplicaRow, t: Translate): string {
  if (item.type === 'end') return t('statusItem.end');
  if (item.type === 'data') return t('statusItem.data');
  if (item.isTail) return t('statusItem.tail');
  if (item.sent !== true) return t('statusItem.hole');
  const asks = (row.list?.requests ?? [])
    .filter(({ gapFirst, gapEnd }) => gapFirst < item.next && item.lsn < gapEnd)
    .map(({ id, peer }) => t('statusItem.asks', { request: id, peer }));
  return asks.length === 0
    ? t('statusItem.sent')
    : t('statusItem.sentBy', { requests: asks.join(t('list.comma')) });
}

const lookOf = ({ type, isTail }: StatusItem): string => (type === 'hole' && !isTail ? 'text-hole' : '');

export function StatusList({ row, group }: { readonly row: ReplicaRow; readonly group: string }): ReactNode {
  const t = useT();
  const items = row.list === null ? [] : statusItems(row.list);
  const shown = items.slice(-itemLimit);
  const title = t('lens.statusList', { node: row.node, group });
  return (
    <Section part="list" className="px-4 pb-2" title={title} tools={<Checksums row={row} />}>
      {shown.length < items.length && (
        <Muted>{t('lens.moreRuns', { count: items.length - shown.length })}</Muted>
      )}
      {shown.length > 0 && (
        <DataTable
          label={title}
          rows={shown}
          keyOf={({ lsn, type }) => `${type}${lsn}`}
          attributes={({ request }) =>
            request === null
              ? {}
              : { 'data-hover': hoverKey({ kind: 'request', node: row.node, id: request }) }
          }
          columns={[
            ['lsn', lsnText, 'n'],
            ['range_type', ({ type }) => type.toUpperCase(), (item) => `mono ${lookOf(item)}`],
            ['sent_hole', ({ sent }) => (sent === null ? '–' : String(sent)), 'mono'],
            [t('statusItem.covers'), reachText, 'mono'],
            [
              t('statusItem.meaning'),
              (item) => meaningOf(item, row, t),
              (item) => `whitespace-normal ${lookOf(item)}`,
            ],
          ]}
        />
      )}
    </Section>
  );
}
