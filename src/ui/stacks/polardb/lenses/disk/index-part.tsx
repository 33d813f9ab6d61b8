// LogIndex as a node has it: the tables with the segments that they use, and the LSNs of one page in each of them (docs/spec/logindex.md LI-20 to LI-30).

import type { ReactNode } from 'react';
import type { IndexTableView, IndexView } from '../../../../../core/shared-storage/shared-view.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState } from '../../../../kit/button.tsx';
import { groupDigits } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { useLab } from '../../../../lab-context.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { PlotSvg, softFill } from '../../../../plot/lsn-plot.tsx';
import { type DiskModel, lsnsIn, onlyInFiles } from './project.ts';
import '../../../../../words/polardb/disk.en.json';

const labelWidth = 88;
const barWidth = 96;
const rowHeight = 30;
const head = 20;
const digits = 7.4;

const hues: Readonly<Record<IndexTableView['state'], string>> = {
  ACTIVE: 'wal',
  INACTIVE: 'hole',
  FLUSHED: 'ack',
};

interface PlotProps {
  readonly index: IndexView;
  readonly blockKey: number;
  readonly page: string;
  readonly width: number;
}

function IndexPlot({ index, blockKey, page, width }: PlotProps): ReactNode {
  const t = useT();
  const rows = [...index.tables].reverse();
  const left = labelWidth + barWidth + 14;
  const room = Math.max(60, width - left - 6);
  return (
    <PlotSvg width={left + room + 6} height={head + rows.length * rowHeight + 4}>
      <text x={labelWidth} y={13} fontSize={12} fill="var(--text-muted)">
        {t('disk.index.used')}
      </text>
      <text x={left} y={13} fontSize={12} fill="var(--text-muted)">
        {t('disk.index.lsns', { page })}
      </text>
      {rows.map(({ id, state, usedSegments }, i) => {
        const y = head + i * rowHeight;
        const hue = `var(--${hues[state]})`;
        const lsns = [...lsnsIn(index, id, blockKey)].reverse();
        const fits: number[] = [];
        let taken = 0;
        for (const lsn of lsns) {
          const wide = groupDigits(lsn).length * digits + 12;
          if (taken + wide > room - (lsns.length > fits.length + 1 ? 62 : 0)) break;
          fits.push(lsn);
          taken += wide;
        }
        let x = left;
        const chips = fits.map((lsn) => {
          const wide = groupDigits(lsn).length * digits + 10;
          const at = x;
          x += wide + 2;
          return { lsn, at, wide };
        });
        return (
          <g key={id}>
            <rect
              x={0.5}
              y={y + 3}
              width={labelWidth - 10}
              height={rowHeight - 6}
              rx={3}
              fill={softFill(hues[state])}
              stroke={hue}
              {...(state === 'FLUSHED' ? { strokeWidth: 2 } : {})}
            />
            <text x={6} y={y + 19} fontSize={12} fontWeight={600} fill="var(--text)">
              {`T${id} ${t(state === 'INACTIVE' ? 'disk.index.isFull' : `disk.index.${state}`)}`}
            </text>
            <rect
              x={labelWidth}
              y={y + 9}
              width={barWidth}
              height={12}
              fill="none"
              stroke="var(--border-control)"
            />
            <rect
              x={labelWidth}
              y={y + 9}
              width={(barWidth * usedSegments) / Math.max(1, index.segments)}
              height={12}
              fill={hue}
            />
            <path d={`M${labelWidth + barWidth} ${y + 5}v20`} stroke="var(--fence)" strokeWidth={2} />
            {chips.map(({ lsn, at, wide }) => (
              <g key={lsn}>
                <rect
                  x={at}
                  y={y + 6}
                  width={wide}
                  height={18}
                  rx={3}
                  fill="var(--bg-2)"
                  stroke="var(--line)"
                />
                <text x={at + 5} y={y + 19} fontSize={12} className="mono" fill="var(--text)">
                  {groupDigits(lsn)}
                </text>
              </g>
            ))}
            {lsns.length > fits.length && (
              <text x={x + 4} y={y + 19} fontSize={12} fill="var(--text-muted)">
                {t('disk.index.more', { count: lsns.length - fits.length })}
              </text>
            )}
            {lsns.length === 0 && (
              <text x={left} y={y + 19} fontSize={12} fill="var(--text-muted)">
                {t('disk.index.noLsn')}
              </text>
            )}
          </g>
        );
      })}
    </PlotSvg>
  );
}

/** At full speed until the writer has one more table in its file; it stands then, with the table on screen. */
function RunToSave(): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <p className="py-1">
      <Button small look="line" onClick={() => void lab.runUntil('index.saved')}>
        {t('disk.index.runToSave')}
      </Button>
    </p>
  );
}

interface PartProps {
  readonly lens: LensState<DiskModel>;
  readonly model: DiskModel;
  readonly pages: readonly number[];
  readonly blockKey: number;
  readonly nameOf: (blockKey: number) => string;
  readonly onPage: (blockKey: number) => void;
}

export function LogIndexPart({
  lens,
  model: { index },
  pages,
  blockKey,
  nameOf,
  onPage,
}: PartProps): ReactNode {
  const t = useT();
  if (index === null) return <EmptyState>{t('disk.index.none')}</EmptyState>;
  const { maxTableId, minFile, tablesPerFile, startLsn, maxLsn, segments } = index;
  const first = minFile * tablesPerFile + 1;
  const files = onlyInFiles(index);
  const page = blockKey < 0 ? '–' : nameOf(blockKey);
  return (
    <>
      <PlotArea
        state={{ ...lens, table: false }}
        className="overflow-x-auto px-4 pt-2 pb-1"
        drawing={
          <div role="img" aria-label={t('disk.index.of', { page })}>
            <IndexPlot index={index} blockKey={blockKey} page={page} width={lens.width} />
          </div>
        }
        still={() => null}
      >
        {pages.length > 0 && (
          <Select
            label={t('disk.index.page')}
            value={String(blockKey)}
            options={pages.map((key) => ({ value: String(key), label: nameOf(key) }))}
            onChange={(key) => onPage(Number(key))}
          />
        )}
        <Muted>{t('disk.index.saving', { segments })}</Muted>
        <RunToSave />
        {files !== null && <Muted>{t('disk.index.files', { first: files[0], last: files[1] })}</Muted>}
        <Muted>
          {maxTableId < first
            ? t('disk.index.nothingSaved')
            : t('disk.index.saved', {
                first,
                last: maxTableId,
                max: groupDigits(maxLsn),
                start: groupDigits(startLsn),
              })}
        </Muted>
      </PlotArea>
      <Section title={t('disk.index.tables')} scrolls className="px-4 pt-2 pb-2">
        <DataTable
          label={t('disk.index.tables')}
          isExported
          rows={[...index.tables].reverse()}
          keyOf={({ id }) => id}
          columns={[
            [t('disk.index.table'), ({ id }) => `T${id}`],
            [t('disk.index.state'), ({ state }) => t(`disk.index.${state}`)],
            [
              t('disk.index.least'),
              ({ entries, minLsn }) => (entries === 0 ? '–' : groupDigits(minLsn)),
              'n',
            ],
            [
              t('disk.index.greatest'),
              ({ entries, maxLsn: most }) => (entries === 0 ? '–' : groupDigits(most)),
              'n',
            ],
            [t('disk.index.entries'), ({ entries }) => entries, 'n'],
            [
              t('disk.index.used'),
              ({ usedSegments }) => t('disk.index.ofSegments', { used: usedSegments, all: segments }),
              'n',
            ],
            [
              t('disk.index.lsns', { page }),
              ({ id }) =>
                lsnsIn(index, id, blockKey).map(groupDigits).join(t('list.comma')) || t('disk.index.noLsn'),
              'whitespace-normal mono',
            ],
          ]}
        />
      </Section>
    </>
  );
}
