// Lens 4.4 on screen: which page, store and read point; versions by holder, pages × nodes, or the B+tree; the page's
// rows, a read of it step by step, and where a value that was asked for comes from.

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type SelectionState, select, useSelection } from '../../../../../state/selection-store.ts';
import { useSettings } from '../../../../../state/settings-store.ts';
import { type PageState, PageTileIcon } from '../../../../glyphs/page-tile.tsx';
import { useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { groupDigits } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { defineLens, type LensParts, type LensState } from '../../../../lens/define-lens.tsx';
import { FollowButton } from '../../../../lens/follow-button.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Figure, LsnField, SegmentChoice } from '../../../../lens/section.tsx';
import { useSpokenTab } from '../../../../lens/spoken-part.ts';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { useAsked } from '../../../../model/asked-value.ts';
import { lookAtPage } from '../../../../model/followed-page.ts';
import { useKnownTables } from '../../../../model/known-names.ts';
import { pageName } from '../../../../model/page-name.ts';
import { describePages, pageMatches, readText, stateText } from './describe.ts';
import { followedOf } from './follow-page.tsx';
import { PageGrid, PageGridTable } from './page-grid.tsx';
import type { PageRow } from './page-list.ts';
import { PageRows } from './page-rows.tsx';
import { PageTree, PageTreeTable } from './page-tree.tsx';
import { type PagesModel, type PagesParams, projectPages } from './project.ts';
import { ProvenanceList } from './provenance-list.tsx';
import { ReplaySteps } from './replay-steps.tsx';
import { type Scope, useScope } from './scope.ts';
import { holdsRoot, rootKey, treeLevels } from './tree-project.ts';
import { VersionsPlot } from './versions-plot.tsx';
import { VersionsTable } from './versions-table.tsx';

const tabs = ['versions', 'grid', 'tree'] as const;
type Tab = (typeof tabs)[number];

const loadLegend = async () => (await import('./legend.ts')).pagesLegend;

/** Pages that the choice lists. */
const choices = 200;

function Figures({ model }: { readonly model: PagesModel }): ReactNode {
  const t = useT();
  const { buffer, writer } = model;
  const figures = [
    [
      t('pages.buffer'),
      buffer?.used ?? -1,
      buffer === null ? '' : t('pages.bufferNote', { limit: buffer.limit }),
    ],
    [t('pages.dirty'), buffer?.dirty ?? -1, t('pages.dirtyNote')],
    [t('pages.pinned'), buffer?.pinnedAboveVdl ?? -1, t('pages.pinnedNote')],
    [t('pages.known'), model.pages.length, t('pages.knownNote')],
    ['VDL', model.vdl, t('lens.atQuorum')],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([label, value, note]) => (
        <Figure
          key={label}
          label={label}
          name={t('watermark.of', { mark: label, what: writer })}
          value={groupDigits(value)}
          note={note}
        />
      ))}
    </div>
  );
}

interface ScopeBarProps {
  readonly model: PagesModel;
  readonly scope: Scope;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly nameOf: (blockKey: number) => string;
  readonly onScope: (change: Partial<Scope>) => void;
  readonly onPage: (blockKey: number) => void;
}

function ScopeBar({ model, scope, tab, onTab, nameOf, onScope, onPage }: ScopeBarProps): ReactNode {
  const t = useT();
  const keyed = model.tables.filter(({ keyRelation }) => keyRelation !== 0);
  const listed = model.pages.slice(0, choices);
  return (
    <div className="scope-bar">
      <VolumeChoice />
      {tab === 'tree' ? (
        <Select
          label={t('pages.treeTable')}
          value={scope.tree ?? keyed[0]?.name ?? ''}
          options={keyed.map(({ name }) => ({ value: name, label: name }))}
          onChange={(tree) => onScope({ tree })}
        />
      ) : (
        model.pages.length > 0 && (
          <Select
            label={t('lenses.page')}
            value={String(model.blockKey)}
            options={listed.map(({ blockKey }) => ({ value: String(blockKey), label: nameOf(blockKey) }))}
            onChange={(blockKey) => onPage(Number(blockKey))}
          />
        )
      )}
      {/* They stay while a picture that has no pages yet is shown: what is typed would lose its field. */}
      {tab === 'versions' && (
        <>
          <Select
            label={t('lenses.store')}
            value={model.store}
            options={model.stores.map((store) => ({ value: store, label: store }))}
            onChange={(store) => onScope({ store })}
          />
          <LsnField
            label={t('pages.at')}
            className="w-16"
            placeholder={t('pages.newest')}
            value={model.at}
            onChange={(at) => onScope({ at })}
            onNone={() => onScope({ at: null })}
          />
        </>
      )}
      {tab === 'versions' && <FollowButton blockKey={model.blockKey} />}
      <span className="flex-1" />
      <SegmentChoice
        label={t('pages.view')}
        values={tabs}
        value={tab}
        nameOf={(one) => t(`pages.${one}`)}
        onChange={onTab}
      />
    </div>
  );
}

/** The page that is selected, by itself or as what an LSN, an MTR, a message or an event is about. */
export const selectedPage = ({ subject, scope }: Pick<SelectionState, 'subject' | 'scope'>): number | null =>
  subject?.kind === 'page' || subject?.kind === 'row' ? subject.blockKey : (scope?.pages?.[0] ?? null);

/** The page that was asked for by a selection, a provenance or the choice. */
function usePageParams(scope: Scope): Omit<PagesParams, 'known'> {
  const asked = useAsked();
  const selected = useSelection(selectedPage);
  // A row is shown as it is; the read point of its answer, which may be gone by now, is a hop of its own.
  const isPage = useSelection(({ subject }) => subject?.kind === 'page');
  const at = scope.at ?? (isPage && asked !== null && asked.blockKey === selected ? asked.readPoint : null);
  return { blockKey: selected ?? asked?.blockKey ?? null, at, store: scope.store };
}

interface TreeTabProps {
  readonly model: PagesModel;
  readonly images: ReadonlyMap<number, Uint8Array>;
  readonly name: string | null;
  readonly width: number;
  readonly table: boolean;
}

function TreeTab({ model, images, name, width, table }: TreeTabProps): ReactNode {
  const t = useT();
  const keyed = model.tables.filter(({ keyRelation }) => keyRelation !== 0);
  const chosen = keyed.find((one) => one.name === name) ?? keyed[0];
  const levels = chosen === undefined ? [] : treeLevels(model, images, chosen);
  if (chosen === undefined || levels.length === 0) {
    // A root that is in the buffer has been asked for: it is on its way.
    const isHeld = chosen !== undefined && holdsRoot(model, chosen);
    return <EmptyState>{t(isHeld ? 'loading' : 'pages.treeNone')}</EmptyState>;
  }
  return (
    <>
      {!table && <PageTree levels={levels} width={width} />}
      <PageTreeTable levels={levels} table={chosen} shown={table} />
    </>
  );
}

/** The cards of the map say what each holder has of the page while the lens is open: its newest copy. */
function useFollowed(model: PagesModel | null): void {
  const t = useT();
  useEffect(() => lookAtPage(model === null ? null : followedOf(model, t)), [model, t]);
  useEffect(() => () => lookAtPage(null), []);
}

function usePages(
  scope: Scope,
  tab: Tab,
  onScope: (by: Partial<Scope>) => void,
): {
  readonly model: PagesModel | null;
  readonly images: ReadonlyMap<number, Uint8Array>;
} {
  const source = useLensSource();
  const asked = usePageParams(scope);
  const { first } = scope;
  const params = { ...asked, blockKey: asked.blockKey ?? first };
  const { cluster, nodes } = source ?? {};
  const { blockKey, at, store } = params;
  const known = useKnownTables('pages', blockKey === null ? [] : [blockKey]);
  const model = useMemo(
    () =>
      cluster === undefined || nodes === undefined
        ? null
        : projectPages({ cluster, nodes }, { blockKey, at, store, known }),
    [cluster, nodes, blockKey, at, store, known],
  );
  const found =
    model !== null && model.table !== null && model.table.name !== 'catalog' ? model.blockKey : null;
  const isFound = first === null && found !== null;
  useEffect(() => {
    if (isFound) onScope({ first: found });
  }, [isFound, found, onScope]);
  const writer = model === null ? undefined : nodes?.[model.writer];
  const images = useMemo(() => {
    const role = writer?.view?.roles.find((one) => one.role === 'compute');
    return new Map(
      (role?.role === 'compute' ? role.pages?.images : [])?.map((image) => [image.blockKey, image.bytes]),
    );
  }, [writer]);
  const keyed = model?.tables.filter(({ keyRelation }) => keyRelation !== 0) ?? [];
  const tree = keyed.find(({ name }) => name === scope.tree) ?? keyed[0];
  const wanted =
    tab === 'tree' && tree !== undefined
      ? [{ blockKey: rootKey(tree), at: null }]
      : model === null || model.blockKey < 0
        ? []
        : [{ blockKey: model.blockKey, ...model.asked }];
  useLensNeed({ pages: true, log: true, wanted });
  useFollowed(model);
  return { model, images };
}

const states: readonly PageState[] = ['current', 'dirty', 'pinned', 'past', 'unknown', 'evicted'];

function StateLegend(): ReactNode {
  const t = useT();
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-[12px] leading-[22px]">
      {states.map((state) => (
        <li key={state} className="flex items-center gap-1.5">
          <PageTileIcon state={state} />
          {stateText(state, t)}
        </li>
      ))}
    </ul>
  );
}

interface BodyProps {
  readonly model: PagesModel;
  readonly images: ReadonlyMap<number, Uint8Array>;
  readonly scope: Scope;
  readonly tab: Tab;
  readonly table: boolean;
  readonly rows: readonly PageRow[];
  readonly slot: number | null;
  readonly width: number;
  readonly nameOf: (blockKey: number) => string;
  readonly onPage: (blockKey: number) => void;
}

function Body(props: BodyProps): ReactNode {
  const { model, images, scope, tab, table, rows, slot, width, nameOf, onPage } = props;
  const t = useT();
  if (model.pages.length === 0)
    return <EmptyState>{t(model.arePagesLoaded ? 'pages.none' : 'loading')}</EmptyState>;
  if (tab === 'tree')
    return <TreeTab model={model} images={images} name={scope.tree} width={width} table={table} />;
  const grid = { model, rows, nameOf, onChoose: onPage };
  if (tab === 'grid')
    return (
      <>
        {!table && <PageGrid {...grid} width={width} />}
        <PageGridTable {...grid} shown={table} />
      </>
    );
  return (
    <>
      {!table && <VersionsPlot model={model} width={width} slot={slot} />}
      {!table && <StateLegend />}
      <VersionsTable model={model} name={nameOf(model.blockKey)} slot={slot} shown={table} />
    </>
  );
}

function usePagesParts(lens: LensState<PagesModel>): LensParts<PagesModel> | null {
  const { table, filter, width } = lens;
  const t = useT();
  const [scope, onScope] = useScope();
  const [tab, onTab] = useSpokenTab(tabs);
  const [ownSlot, setSlot] = useState<number | null>(null);
  const asked = useAsked();
  // The console shows it beside the answer.
  const isInDock = useSettings(({ dockTab }) => dockTab === 'sql');
  const { model, images } = usePages(scope, tab, onScope);
  if (model === null) return null;
  const nameOf = (blockKey: number): string => pageName(blockKey, model.tables, t);
  const onPage = (blockKey: number): void => {
    setSlot(null);
    const group = model.pages.find((page) => page.blockKey === blockKey)?.group ?? model.group;
    select({ kind: 'page', group, blockKey });
  };
  const slot = ownSlot ?? (asked?.blockKey === model.blockKey ? asked.slot : null);
  const shownHolder = model.holders.find((holder) => holder.content !== null);
  const content = shownHolder?.content;
  const rows = model.pages.filter((row) => pageMatches(row, nameOf(row.blockKey), filter, t));
  const shown = { model, scope, tab, nameOf, onPage };
  return {
    keep: () => model,
    description: describePages(model, t),
    hits: rows.length,
    body: (
      <>
        <ScopeBar {...shown} onTab={onTab} onScope={onScope} />
        <Figures model={model} />
        <p className="px-4 pt-1 text-[12px] leading-4 text-muted">{readText(model, t)}</p>
        <div className="px-4 pt-1.5 pb-2">
          <div ref={lens.ref}>
            <Body {...shown} images={images} table={table} rows={rows} slot={slot} width={width} />
            {lens.frozenPane((kept) => (
              <VersionsPlot model={kept} width={width} slot={slot} />
            ))}
          </div>
        </div>
        {tab === 'versions' && (
          <>
            {asked !== null && !isInDock && <ProvenanceList asked={asked} />}
            {model.blockKey >= 0 && (
              <ReplaySteps key={`${model.blockKey}${model.store}${model.at}`} model={model} />
            )}
            {content?.kind === 'heap' && (
              <PageRows
                model={model}
                node={shownHolder?.node ?? ''}
                slots={content.slots}
                slot={slot}
                onSlot={setSlot}
              />
            )}
          </>
        )}
      </>
    ),
  };
}

export const PagesLens = defineLens<PagesModel>({ legend: loadLegend, useParts: usePagesParts });
