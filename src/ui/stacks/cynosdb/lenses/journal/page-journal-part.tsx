// One page in the Block–Journal tables of all readers: its image in each pool, and the records that are to be applied to it, as a chain.

import { type ReactNode, useEffect, useState } from 'react';
import { useSelection } from '../../../../../state/selection-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Select } from '../../../../kit/select.tsx';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { stateText } from './describe.ts';
import { journalPages, type PageJournalRow, pageJournal } from './page-journal.ts';
import '../../../../../words/cynosdb/journal.en.json';

const nameWidth = 56;
const imageWidth = 84;
const cell = { width: 46, height: 22, gap: 14 } as const;
const rowHeight = 34;
/** Pages offered. */
const pagesMost = 60;

const looks = {
  held: { fill: 'var(--bg-1)', stroke: 'var(--wal)', dash: undefined },
  queued: { fill: softFill('reader'), stroke: 'var(--reader)', dash: undefined },
  loading: { fill: softFill('hole'), stroke: 'var(--hole)', dash: '3 2' },
} as const;

function imageText({ image }: PageJournalRow, t: Translate): string {
  if (image === null) return t('pageJournal.notInPool');
  return image < 0 ? t('pageJournal.loading') : `@${image}`;
}

function Row({
  row,
  y,
  room,
}: {
  readonly row: PageJournalRow;
  readonly y: number;
  readonly room: number;
}): ReactNode {
  const t = useT();
  const middle = y + rowHeight / 2;
  const fits = Math.max(1, Math.floor((room - nameWidth - imageWidth - 30) / (cell.width + cell.gap)));
  const shown = row.records.slice(0, fits);
  const x = (i: number): number => nameWidth + imageWidth + cell.gap + i * (cell.width + cell.gap);
  const isIn = row.image !== null;
  return (
    <g opacity={row.isUp ? 1 : 0.55} data-hover={hoverKey({ kind: 'node', id: row.node })}>
      <text x={0} y={middle + 4.5} fontSize={13} fontWeight={500} fill="var(--text)">
        {row.node}
      </text>
      <rect
        x={nameWidth}
        y={middle - 12}
        width={imageWidth}
        height={24}
        rx={3}
        fill={isIn ? softFill(row.role === 'writer' ? 'wal' : 'ack') : 'none'}
        stroke={isIn ? `var(--${row.role === 'writer' ? 'wal' : 'ack'})` : 'var(--border-control)'}
        {...(isIn ? {} : { strokeDasharray: '3 3' })}
      />
      <text
        x={nameWidth + imageWidth / 2}
        y={middle + 4.5}
        fontSize={12}
        textAnchor="middle"
        fill={isIn ? 'var(--text)' : 'var(--text-muted)'}
        className={isIn ? 'mono' : ''}
      >
        {imageText(row, t)}
      </text>
      {shown.map(({ lsn, state }, i) => (
        <g key={lsn}>
          <path
            d={`M${x(i) - cell.gap + 2} ${middle}h${cell.gap - 4}`}
            stroke="var(--text-muted)"
            strokeWidth={1.5}
          />
          <rect
            x={x(i)}
            y={middle - cell.height / 2}
            width={cell.width}
            height={cell.height}
            rx={3}
            fill={looks[state].fill}
            stroke={looks[state].stroke}
            strokeWidth={1.5}
            strokeDasharray={looks[state].dash}
          />
          <text
            x={x(i) + cell.width / 2}
            y={middle + 4.5}
            fontSize={12}
            textAnchor="middle"
            fill="var(--text)"
            className="mono"
          >
            {lsn}
          </text>
        </g>
      ))}
      {shown.length < row.records.length && (
        <text x={x(shown.length) - 4} y={middle + 4.5} fontSize={12} fill="var(--text-muted)">
          {`+${row.records.length - shown.length}`}
        </text>
      )}
    </g>
  );
}

/** What becomes of the records: of a list in several states, each with its records. */
function fateText({ records }: PageJournalRow, t: Translate): string {
  const states = [...new Set(records.map(({ state }) => state))];
  return states
    .map((state) => {
      const own = records.filter((record) => record.state === state).map(({ lsn }) => lsn);
      return `${own.join(' ')} ${stateText({ state }, t)}`;
    })
    .join(t('list.comma'));
}

interface PartProps {
  readonly source: LensSource;
  readonly width: number;
  readonly nameOf: (blockKey: number) => string;
}

export function PageJournal({ source, width, nameOf }: PartProps): ReactNode {
  const t = useT();
  const [chosen, setChosen] = useState<number | null>(null);
  const selected = useSelection(({ subject }) => (subject?.kind === 'page' ? subject.blockKey : null));
  // What is chosen elsewhere is looked at here; then it stays.
  useEffect(() => {
    if (selected !== null) setChosen(selected);
  }, [selected]);
  const pages = journalPages(source);
  const page = chosen ?? pages[0] ?? null;
  const offers = [...new Set([...(chosen === null ? [] : [chosen]), ...pages.slice(0, pagesMost)])];
  const rows = page === null ? [] : pageJournal(source, page);
  return (
    <Section part="page" title={t('pageJournal.title')} className="px-4 pb-3">
      <div className="flex flex-wrap items-center gap-2 py-1 text-[13px]">
        <Select
          label={t('lenses.page')}
          value={chosen === null ? '' : String(chosen)}
          options={[
            { value: '', label: t('pageJournal.busiest') },
            ...offers.map((blockKey) => ({ value: String(blockKey), label: nameOf(blockKey) })),
          ]}
          onChange={(value) => setChosen(value === '' ? null : Number(value))}
        />
        {page !== null && <span className="mono text-[12px]">{nameOf(page)}</span>}
      </div>
      {page === null ? (
        <Muted>{t('pageJournal.none')}</Muted>
      ) : (
        <>
          <PlotSvg width={width} height={rows.length * rowHeight}>
            {rows.map((row, i) => (
              <Row key={row.node} row={row} y={i * rowHeight} room={width} />
            ))}
          </PlotSvg>
          <DataTable
            label={t('pageJournal.title')}
            rows={rows}
            keyOf={({ node }) => node}
            attributes={({ node }) => ({ 'data-hover': hoverKey({ kind: 'node', id: node }) })}
            columns={[
              [t('lenses.node'), ({ node }) => node],
              [t('pageJournal.image'), (row) => imageText(row, t)],
              [t('journal.thread'), ({ applier }) => applier ?? '–', 'n'],
              [t('journal.records'), (row) => fateText(row, t) || '–', 'whitespace-normal'],
            ]}
          />
        </>
      )}
    </Section>
  );
}
