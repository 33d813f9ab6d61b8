// Lens 4.8 on screen: which store and group, the bounds and counts, the pages' chains with the table beside them, read
// points.

import { type ReactNode, useMemo, useState } from 'react';
import type { BlockView } from '../../../../../core/log-store/store-view.ts';
import { isLitPage } from '../../../../../state/highlight.ts';
import {
  select,
  selectionStore,
  useSelection,
  useSelectionScope,
} from '../../../../../state/selection-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { named } from '../../../../i18n/sentence.ts';
import { Chip, EmptyState } from '../../../../kit/button.tsx';
import { filterOf } from '../../../../kit/filter.ts';
import { bytesText, duration, groupDigits } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Figure, Muted } from '../../../../lens/section.tsx';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { computeOf } from '../../../../model/node-facts.ts';
import { pageName } from '../../../../model/page-name.ts';
import { ArchivePart } from './archive-part.tsx';
import { ChainsPlot } from './chains-plot.tsx';
import { ChainsTable } from './chains-table.tsx';
import { describeChains } from './describe.ts';
import { type ChainsModel, projectChains } from './project.ts';
import { ReadPoints } from './read-points.tsx';
import { ReadTool } from './read-tool.tsx';
import { StoreWork } from './store-work.tsx';

const loadLegend = async () => (await import('./legend.ts')).chainsLegend;

/** Pages drawn; the table and the filter have the rest. */
const rowsDrawn = 20;

function Figures({ model }: { readonly model: ChainsModel }): ReactNode {
  const t = useT();
  const { store, writer, writerDisk, isLoaded } = model;
  const figures = [
    ['PGMRPL', model.pgmrpl, t('chains.pgmrpl')],
    [t('chains.floor'), model.logFloor, t('chains.floorNote')],
    [
      t('chains.records'),
      model.records,
      isLoaded ? t('chains.bytes', { bytes: bytesText(model.logBytes) }) : '',
    ],
    [t('chains.versions'), model.versions, isLoaded ? t('chains.pages', { count: model.total }) : ''],
  ] as const;
  const ofWriter = t('chains.writerPages', { node: writer });
  return (
    <div className="marks">
      {figures.map(([mark, value, note]) => (
        <Figure
          key={mark}
          label={mark}
          term={mark === 'PGMRPL' ? 'pgmrpl' : ''}
          name={t('watermark.of', { mark, what: store })}
          value={groupDigits(value)}
          note={note}
        />
      ))}
      {writerDisk !== null && (
        <Figure
          label={ofWriter}
          name={ofWriter}
          value={groupDigits(writerDisk.pages)}
          note={t('chains.writerDisk', { bytes: bytesText(writerDisk.bytes) })}
        />
      )}
    </div>
  );
}

interface ScopeProps {
  readonly model: ChainsModel;
  readonly onStore: (store: string) => void;
}

function ScopeBar({ model, onStore }: ScopeProps): ReactNode {
  const t = useT();
  return (
    <div className="scope-bar">
      <VolumeChoice />
      <Select
        label={t('lens.group')}
        value={model.group}
        options={model.groups.map((group) => ({ value: group, label: group }))}
        onChange={(group) => selectionStore.setState({ group })}
      />
      <Select
        label={t('lenses.store')}
        value={model.store}
        options={model.stores.map((store) => ({ value: store, label: store }))}
        onChange={onStore}
      />
      <span className="flex-1" />
      {model.phase !== null && (
        <Chip hue={model.phase === 'idle' ? undefined : 'wal'}>
          {named(t('chains.work'), t(`chains.phase.${model.phase}`), t)}
        </Chip>
      )}
      {model.nextRunUs !== null && (
        <span className="text-muted">{t('chains.next', { time: duration(model.nextRunUs) })}</span>
      )}
    </div>
  );
}

function matches(row: BlockView, name: string, filter: string): boolean {
  const wanted = filterOf(filter);
  const { lsn } = wanted;
  return lsn === null ? wanted.matches(name) : row.chain.includes(lsn) || row.versions.includes(lsn);
}

/** The pages that have most above their newest version first, then the newest; drawn in key order. */
function drawnRows(rows: readonly BlockView[]): readonly BlockView[] {
  const newest = (row: BlockView): number => Math.max(row.chain.at(-1) ?? -1, row.versions.at(-1) ?? -1);
  return [...rows]
    .sort((a, b) => newest(b) - newest(a))
    .slice(0, rowsDrawn)
    .sort((a, b) => a.blockKey - b.blockKey);
}

function useNames(t: Translate): (blockKey: number) => string {
  const source = useLensSource();
  const tables = Object.values(source?.nodes ?? {}).flatMap((node) => computeOf(node)?.pages?.tables ?? []);
  return (blockKey) => pageName(blockKey, tables, t);
}

function useChains(lens: LensState<ChainsModel>): LensParts<ChainsModel> | null {
  const { table, filter, width } = lens;
  const t = useT();
  const [store, setStore] = useState<string | null>(null);
  const source = useLensSource();
  const selected = useSelection(({ scope }) => scope);
  const scope = useSelectionScope();
  const group = useSelection((state) => state.group);
  const chosen = useSelection(({ subject }) => (subject?.kind === 'page' ? subject.blockKey : null));
  const nameOf = useNames(t);
  const { cluster, nodes } = source ?? {};
  const model = useMemo(
    () =>
      cluster === undefined || nodes === undefined
        ? null
        : projectChains({ cluster, nodes }, { group, store }),
    [cluster, nodes, group, store],
  );
  useLensNeed({ pages: true, log: true });
  if (model === null) return null;
  const rows = model.rows.filter((row) => matches(row, nameOf(row.blockKey), filter));
  const onChoose = (blockKey: number): void => select({ kind: 'page', group: model.group, blockKey });
  // Only what is selected chooses the rows: if the pointer did, they would move away from under it.
  const lit = rows.filter(({ blockKey }) => isLitPage(selected, model.group, blockKey));
  const drawn = drawnRows(lit.length > 0 && chosen === null ? lit : rows);
  const isLit = (blockKey: number): boolean => isLitPage(scope, model.group, blockKey);
  const plot = { width, nameOf };
  return {
    keep: () => model,
    description: describeChains(model, t),
    hits: rows.length,
    body: (
      <>
        <ScopeBar model={model} onStore={setStore} />
        <Figures model={model} />
        {/* Above what grows while time passes: its buttons stay where they are. */}
        <ReadPoints model={model} width={width} />
        <PlotArea
          state={lens}
          part="pages"
          node={model.store}
          drawing={
            rows.length > 0 && (
              <ChainsPlot
                {...plot}
                model={model}
                rows={drawn}
                isLit={isLit}
                chosen={chosen}
                onChoose={onChoose}
              />
            )
          }
          still={(kept) => <ChainsPlot {...plot} model={kept} rows={drawnRows(kept.rows)} />}
        >
          <ChainsTable model={model} rows={rows} shown={table} nameOf={nameOf} onChoose={onChoose} />
          {!table && rows.length > rowsDrawn && (
            <Muted>{t('chains.morePages', { count: rows.length - rowsDrawn })}</Muted>
          )}
          {model.rows.length === 0 && (
            <EmptyState>
              {model.isLoaded ? t('chains.none', { group: model.group }) : t('loading')}
            </EmptyState>
          )}
        </PlotArea>
        <StoreWork model={model} nameOf={nameOf} />
        <ArchivePart />
        {chosen !== null && <ReadTool model={model} blockKey={chosen} name={nameOf(chosen)} />}
      </>
    ),
  };
}

export const ChainsLens = defineLens<ChainsModel>({ legend: loadLegend, useParts: useChains });
