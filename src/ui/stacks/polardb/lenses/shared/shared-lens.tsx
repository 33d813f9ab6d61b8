// The lens "Pages: past and future" on screen: which image of a page each holder has and which it may not have, one page over LSNs or all of
// them, the writer's flush list with what holds each page back, the readers' slots, and T1 to T5 of the chosen page.

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { select, useSelection } from '../../../../../state/selection-store.ts';
import { PageTileIcon } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { named } from '../../../../i18n/sentence.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { filterOf } from '../../../../kit/filter.ts';
import { Select } from '../../../../kit/select.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { FollowButton } from '../../../../lens/follow-button.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted, SegmentChoice } from '../../../../lens/section.tsx';
import { useSpokenTab } from '../../../../lens/spoken-part.ts';
import { usePast } from '../../../../lens/use-past.ts';
import { lookAtPage } from '../../../../model/followed-page.ts';
import { pageName } from '../../../../model/page-name.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import {
  blockedText,
  describeShared,
  holderText,
  lsnText,
  openMtrs,
  readersText,
  stateText,
} from './describe.ts';
import { FlushPart } from './flush-part.tsx';
import { followedOf } from './follow-page.tsx';
import {
  flushNow,
  type Holder,
  headPlaces,
  type PageRow,
  pagesShown,
  projectShared,
  type SharedModel,
} from './project.ts';
import { PromotionPart } from './promotion-part.tsx';
import { GridPlot, PagePlot } from './shared-plot.tsx';
import { Definitions, Gates, recordsText, Slots, Steps } from './shared-sections.tsx';
import { stepNeed, stepsOf, stepsUs } from './steps.ts';
import { timeAxis } from './time-axis.ts';
import { TimePart } from './time-part.tsx';
import '../../../../../words/polardb/shared.en.json';

const loadLegend = async () => (await import('./legend.ts')).sharedLegend;

const tabs = ['page', 'grid', 'flush', 'time', 'promote'] as const;

/** Steps that are listed. */
const stepsMost = 40;

interface PartProps {
  readonly lens: LensState<SharedModel>;
  readonly model: SharedModel;
  readonly rows: readonly PageRow[];
  readonly nameOf: (blockKey: number) => string;
  readonly onPage: (blockKey: number) => void;
}

/** The drawing as a choice of pages by arrow keys. */
function PageSlider({
  model,
  rows,
  nameOf,
  onPage,
  children,
}: Omit<PartProps, 'lens'> & { children: ReactNode }) {
  const t = useT();
  const at = Math.max(
    0,
    rows.findIndex(({ blockKey }) => blockKey === model.blockKey),
  );
  const row = rows[at];
  const text = row === undefined ? '' : nameOf(row.blockKey);
  const onChoose = (to: number): void => {
    const next = rows[to - 1];
    if (next !== undefined) onPage(next.blockKey);
  };
  return (
    <PlaceSlider
      isVertical
      label={t('shared.choose')}
      text={row === undefined ? '' : blockedText(row.writer, text, model, t)}
      at={at + 1}
      first={1}
      last={rows.length}
      onChoose={onChoose}
    >
      {children}
    </PlaceSlider>
  );
}

function OnePage({ lens, model, rows, nameOf, onPage }: PartProps): ReactNode {
  const t = useT();
  const page = nameOf(model.blockKey);
  const columns: readonly Column<Holder>[] = [
    [t('shared.holder'), ({ id, role }) => (role === 'storage' ? t('shared.storage') : id)],
    ['', (holder) => holderText(holder, t)],
    [t('shared.state'), ({ cell }) => (cell === null ? '–' : stateText(cell, t))],
    [t('shared.image'), ({ cell }) => lsnText(cell?.lsn ?? -1), 'n'],
    [t('shared.oldest'), ({ cell }) => lsnText(cell?.oldestLsn ?? -1), 'n'],
    [t('shared.latest'), ({ cell }) => lsnText(cell?.latestLsn ?? -1), 'n'],
    [t('shared.copy'), ({ cell }) => lsnText(cell?.copyLsn ?? -1), 'n'],
    [t('shared.by'), ({ cell }) => (cell === null ? '' : readersText(cell))],
  ];
  return (
    <PlotArea
      state={lens}
      drawing={
        <PageSlider model={model} rows={rows} nameOf={nameOf} onPage={onPage}>
          <PagePlot model={model} width={lens.width} />
        </PageSlider>
      }
      still={(kept) => <PagePlot model={kept} width={lens.width} />}
    >
      <TableBeside
        shown={lens.table}
        label={t('shared.table.page', { page })}
        box="overflow-x-auto"
        columns={columns}
        rows={() => model.holders}
        keyOf={({ id }) => id}
        attributes={({ id, role }) => ({
          'aria-label': id,
          ...(role === 'storage' ? {} : { 'data-hover': hoverKey({ kind: 'node', id }) }),
        })}
      />
      <Blocked model={model} page={page} />
      {openMtrs(model, t).map((said) => (
        <Muted key={said}>{said}</Muted>
      ))}
      <Muted>
        {named(
          t('shared.table.records'),
          model.records.length === 0 ? t('shared.noRecords') : recordsText(model.records),
          t,
        )}
      </Muted>
    </PlotArea>
  );
}

function Blocked({ model, page }: { readonly model: SharedModel; readonly page: string }): ReactNode {
  const t = useT();
  const cell = model.pages.find(({ blockKey }) => blockKey === model.blockKey)?.writer ?? null;
  const isBlocked = cell !== null && model.view !== null && flushNow(cell, model.view) === 'BLOCKED';
  return (
    <p
      className={`my-1 flex items-center gap-2 border-l-[3px] px-2 text-[13px] leading-5 ${isBlocked ? 'border-fence bg-raised' : 'border-line text-muted'}`}
    >
      <PageTileIcon state={isBlocked ? 'blocked' : (cell?.state ?? 'current')} />
      {blockedText(cell, page, model, t)}
    </p>
  );
}

function Grid({ lens, model, rows, nameOf, onPage }: PartProps): ReactNode {
  const t = useT();
  const columns: readonly Column<PageRow>[] = [
    [t('shared.page'), ({ blockKey }) => nameOf(blockKey)],
    ...model.holders.map(
      ({ id, role }): Column<PageRow> => [
        role === 'storage' ? t('shared.storage') : id,
        ({ cells }) => {
          const cell = cells.get(id);
          return cell === undefined ? '–' : `${lsnText(cell.lsn)} ${stateText(cell, t)}`;
        },
      ],
    ),
  ];
  return (
    <PlotArea
      state={lens}
      className="overflow-x-auto px-4 pt-1.5 pb-2"
      drawing={
        <PageSlider model={model} rows={rows} nameOf={nameOf} onPage={onPage}>
          <GridPlot
            model={model}
            rows={rows}
            width={lens.width}
            chosen={model.blockKey}
            nameOf={nameOf}
            onChoose={onPage}
          />
        </PageSlider>
      }
      still={(kept) => (
        <GridPlot model={kept} rows={kept.pages} width={lens.width} chosen={-1} nameOf={nameOf} />
      )}
    >
      <TableBeside
        shown={lens.table}
        label={t('shared.table.grid')}
        box="overflow-x-auto"
        columns={columns}
        rows={() => rows}
        keyOf={({ blockKey }) => blockKey}
        attributes={({ blockKey }) => ({ 'aria-label': nameOf(blockKey) })}
        onChoose={({ blockKey }) => onPage(blockKey)}
        buttonClass="min-h-6 min-w-6 underline"
      />
    </PlotArea>
  );
}

const shownStates = ['current', 'dirty', 'blocked', 'copied', 'outdated', 'past', 'future'] as const;

function StateLegend(): ReactNode {
  const t = useT();
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-4 pb-1 text-[12px] leading-[22px]">
      {shownStates.map((state) => (
        <li key={state} className="flex items-center gap-1.5">
          <PageTileIcon state={state} />
          {t(`shared.state.${state}`)}
        </li>
      ))}
    </ul>
  );
}

function useShared(lens: LensState<SharedModel>): LensParts<SharedModel> | null {
  const t = useT();
  const [tab, setTab] = useSpokenTab(tabs);
  const [chosen, setChosen] = useState<number | null>(null);
  const selected = useSelection(({ subject, scope }) =>
    subject?.kind === 'page' || subject?.kind === 'row' ? subject.blockKey : (scope?.pages?.[0] ?? null),
  );
  const source = useLensSource();
  const { cluster, nodes } = source ?? {};
  const asked = selected ?? chosen;
  const model = useMemo(
    () => (cluster === undefined || nodes === undefined ? null : projectShared({ cluster, nodes }, asked)),
    [cluster, nodes, asked],
  );
  const past = usePast(stepsUs, null, stepNeed);
  const blockKey = model?.blockKey ?? -1;
  const steps = useMemo(() => stepsOf(past?.events ?? [], blockKey, stepsMost), [past, blockKey]);
  const listed = model?.pages.slice(0, pagesShown).map((page) => page.blockKey) ?? [];
  const places =
    source === null || model === null
      ? []
      : headPlaces(source, [...new Set([blockKey, ...listed])], model.pageBytes);
  useLensNeed({
    pages: true,
    files: places,
    wanted: blockKey < 0 ? [] : [{ blockKey, at: null }],
  });
  const group = places[0]?.group ?? null;
  useEffect(() => {
    lookAtPage(model === null ? null : followedOf(model, group, t));
  }, [model, group, t]);
  useEffect(() => () => lookAtPage(null), []);
  if (model === null)
    return {
      keep: () => null,
      description: t('shared.none'),
      without: ['table', 'filter', 'frozen'],
      body: <EmptyState>{t('shared.none')}</EmptyState>,
    };
  const nameOf = (key: number): string => pageName(key, model.tables, t);
  const { matches } = filterOf(lens.filter);
  const rows = model.pages.filter(({ blockKey: key }) => matches(nameOf(key)));
  const onPage = (key: number): void => {
    setChosen(key);
    select({ kind: 'page', group: '', blockKey: key });
  };
  const part = { lens, model, rows, nameOf, onPage };
  return {
    keep: () => model,
    description: describeShared(model, t),
    hits: rows.length,
    without:
      tab === 'promote'
        ? ['table', 'filter', 'frozen']
        : tab === 'flush'
          ? ['table']
          : tab === 'time'
            ? ['table', 'frozen']
            : [],
    body: (
      <div>
        <div className="scope-bar">
          {model.pages.length > 0 && (tab === 'page' || tab === 'time') && (
            <Select
              label={t('shared.choose')}
              value={String(blockKey)}
              options={model.pages.map((page) => ({
                value: String(page.blockKey),
                label: nameOf(page.blockKey),
              }))}
              onChange={(key) => onPage(Number(key))}
            />
          )}
          {tab === 'page' && <FollowButton blockKey={blockKey} />}
          <span className="flex-1" />
          <SegmentChoice
            label={t('shared.view')}
            values={tabs}
            value={tab}
            nameOf={(one) => t(`shared.tab.${one}`)}
            onChange={setTab}
          />
        </div>
        {tab !== 'promote' && <Gates model={model} />}
        <Definitions model={model} />
        {tab === 'promote' && source !== null ? (
          <PromotionPart lens={lens} source={source} writer={model.writer} />
        ) : model.pages.length === 0 ? (
          <EmptyState>{t(model.isLoaded ? 'shared.noPages' : 'loading')}</EmptyState>
        ) : (
          <>
            {tab === 'page' && <OnePage {...part} />}
            {tab === 'grid' && <Grid {...part} />}
            {tab === 'flush' && <FlushPart {...part} />}
            {tab === 'time' && (
              <TimePart
                lens={{ ...lens, table: false }}
                axis={timeAxis(steps)}
                page={nameOf(blockKey)}
                nameOf={nameOf}
              />
            )}
            {(tab === 'page' || tab === 'grid') && !lens.table && <StateLegend />}
          </>
        )}
        <Slots model={model} />
        {(tab === 'page' || tab === 'time') && blockKey >= 0 && (
          <Steps steps={steps} page={nameOf(blockKey)} nameOf={nameOf} />
        )}
      </div>
    ),
  };
}

export const SharedLens = defineLens<SharedModel>({ legend: loadLegend, useParts: useShared });
