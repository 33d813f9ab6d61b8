// Flush control of the lens "Pages: past and future": the writer's dirty pages in the order in which it tries them, as a drawing and as a table.

import type { ReactNode } from 'react';
import { PageTileIcon } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted } from '../../../../lens/section.tsx';
import { TableBeside } from '../../../../plot/data-table.tsx';
import { blockedText, flushText, lsnText, readersText } from './describe.ts';
import { FlushPlot, flushRowsMost } from './flush-plot.tsx';
import { flushList, type PageRow, type SharedModel } from './project.ts';
import '../../../../../words/polardb/shared.en.json';

interface FlushProps {
  readonly lens: LensState<SharedModel>;
  readonly model: SharedModel;
  /** Pages that the filter lets through. */
  readonly rows: readonly PageRow[];
  readonly nameOf: (blockKey: number) => string;
  readonly onPage: (blockKey: number) => void;
}

export function FlushPart({ lens, model, rows, nameOf, onPage }: FlushProps): ReactNode {
  const t = useT();
  const shown = flushList(model).filter((row) => rows.includes(row));
  const at = shown.findIndex(({ blockKey }) => blockKey === model.blockKey);
  const chosen = shown[at];
  const plot = (of: SharedModel, list: readonly PageRow[], isLive: boolean): ReactNode => (
    <FlushPlot
      model={of}
      rows={list}
      width={lens.width}
      chosen={isLive ? of.blockKey : -1}
      nameOf={nameOf}
      {...(isLive && { onChoose: onPage })}
    />
  );
  const drawing = (
    <PlaceSlider
      isVertical
      label={t('shared.flush.choose')}
      text={chosen === undefined ? '–' : blockedText(chosen.writer, nameOf(chosen.blockKey), model, t)}
      at={at < 0 ? null : at + 1}
      first={1}
      last={shown.length}
      className="cursor-pointer"
      onChoose={(to) => {
        const next = shown[to - 1];
        if (next !== undefined) onPage(next.blockKey);
      }}
    >
      {plot(model, shown, true)}
    </PlaceSlider>
  );
  return (
    <PlotArea
      state={{ ...lens, table: false }}
      className="overflow-x-auto px-4 pt-1.5 pb-2"
      drawing={shown.length === 0 ? <Muted>{t('shared.flush.none')}</Muted> : drawing}
      still={(kept) => plot(kept, flushList(kept), false)}
    >
      <Muted>
        {t((model.view?.oldestApplyLsn ?? -1) < 0 ? 'shared.flush.noReader' : 'shared.flush.how')}
      </Muted>
      {shown.length > flushRowsMost && (
        <Muted>{t('shared.flush.more', { count: shown.length - flushRowsMost })}</Muted>
      )}
      <TableBeside
        shown
        label={t('shared.table.flush')}
        box="overflow-x-auto"
        columns={[
          [t('shared.page'), ({ blockKey }) => nameOf(blockKey)],
          [
            t('shared.state'),
            ({ writer }) => (writer === null ? null : <PageTileIcon state={writer.state} />),
          ],
          [t('shared.oldest'), ({ writer }) => lsnText(writer?.oldestLsn ?? -1), 'n'],
          [t('shared.latest'), ({ writer }) => lsnText(writer?.latestLsn ?? -1), 'n'],
          [t('shared.copy'), ({ writer }) => lsnText(writer?.copyLsn ?? -1), 'n'],
          [t('shared.changes'), ({ writer }) => writer?.changes ?? 0, 'n'],
          [t('shared.now'), ({ writer }) => flushText(writer, model, t)],
          [t('shared.by'), ({ writer }) => (writer === null ? '' : readersText(writer))],
        ]}
        rows={() => shown}
        keyOf={({ blockKey }) => blockKey}
        attributes={({ blockKey }) => ({ 'aria-label': nameOf(blockKey) })}
        onChoose={({ blockKey }) => onPage(blockKey)}
        buttonClass="min-h-6 min-w-6 underline"
      />
    </PlotArea>
  );
}
