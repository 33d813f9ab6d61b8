// Lens 4.8 on screen: which store and group, the bounds and counts, the pages' chains with their table twin, read points.

import { type ReactNode, useMemo, useState } from 'react';
import type { BlockView } from '../../../core/log-store/store-view.ts';
import { isLitPage } from '../../../state/highlight.ts';
import { select, selectionStore, useAbout, useSelection } from '../../../state/selection-store.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Chip, EmptyState } from '../../kit/button.tsx';
import { bytesText, duration, groupDigits } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { computeOf } from '../../model/node-facts.ts';
import { pageName } from '../../model/page-name.ts';
import { FrozenPane, useFrozen } from '../frozen.tsx';
import { LensFrame } from '../lens-frame.tsx';
import { useLensNeed, useLensSource } from '../lens-need.ts';
import { useWidth } from '../use-size.ts';
import { VolumeChoice } from '../volume-choice.tsx';
import { ArchivePart } from './archive-part.tsx';
import { ChainsPlot } from './chains-plot.tsx';
import { ChainsTable } from './chains-table.tsx';
import { describeChains } from './describe.ts';
import { type ChainsModel, projectChains } from './project.ts';
import { ReadPoints } from './read-points.tsx';
import { ReadTool } from './read-tool.tsx';
import { StoreWork } from './store-work.tsx';

const loadMarks = async () => (await import('./marks.ts')).chainsMarks;

/** Pages drawn; the table and the filter have the rest. */
const rowsDrawn = 20;

interface NumberProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

const Figure = ({ label, name, value, note }: NumberProps): ReactNode => (
  <div>
    <u>{label}</u>
    <output aria-live="off" aria-label={name}>
      {value}
    </output>
    <s title={note}>{note}</s>
  </div>
);

function Figures({ model }: { readonly model: ChainsModel }): ReactNode {
  const t = useT();
  const { store, writer, writerDisk } = model;
  const of = (mark: string): string => t('watermark.of', { mark, what: store });
  return (
    <div className="marks">
      <Figure
        label="PGMRPL"
        name={of('PGMRPL')}
        value={groupDigits(model.pgmrpl)}
        note={t('chains.pgmrpl')}
      />
      <Figure
        label={t('chains.floor')}
        name={of(t('chains.floor'))}
        value={groupDigits(model.logFloor)}
        note={t('chains.floorNote')}
      />
      <Figure
        label={t('chains.records')}
        name={of(t('chains.records'))}
        value={groupDigits(model.records)}
        note={model.isTold ? t('chains.bytes', { bytes: bytesText(model.logBytes) }) : ''}
      />
      <Figure
        label={t('chains.versions')}
        name={of(t('chains.versions'))}
        value={groupDigits(model.versions)}
        note={model.isTold ? t('chains.pages', { count: model.total }) : ''}
      />
      {writerDisk !== null && (
        <Figure
          label={t('chains.writerPages', { node: writer })}
          name={t('chains.writerPages', { node: writer })}
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
          {`${t('chains.work')}: ${t(`chains.phase.${model.phase}`)}`}
        </Chip>
      )}
      {model.nextRunUs !== null && (
        <span className="text-muted">{t('chains.next', { time: duration(model.nextRunUs) })}</span>
      )}
    </div>
  );
}

function matches(row: BlockView, name: string, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return true;
  const lsns = [...row.chain, ...row.versions];
  return /^\d+$/.test(wanted) ? lsns.includes(Number(wanted)) : name.toLowerCase().includes(wanted);
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

export function ChainsLens(): ReactNode {
  const t = useT();
  const [store, setStore] = useState<string | null>(null);
  const [table, setTable] = useState(false);
  const [filter, setFilter] = useState('');
  const [ref, width] = useWidth();
  const source = useLensSource();
  const about = useAbout();
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
  const frozen = useFrozen(model);
  useLensNeed({ pages: true, log: true });
  if (model === null) return null;
  const rows = model.rows.filter((row) => matches(row, nameOf(row.blockKey), filter));
  const choose = (blockKey: number): void => select({ kind: 'page', group: model.group, blockKey });
  const lit = rows.filter(({ blockKey }) => isLitPage(about, model.group, blockKey));
  return (
    <LensFrame
      table={table}
      onTable={setTable}
      filter={filter}
      onFilter={setFilter}
      frozen={frozen.kept !== null}
      onFreeze={frozen.toggle}
      marks={loadMarks}
      description={describeChains(model, t)}
    >
      <ScopeBar model={model} onStore={setStore} />
      <Figures model={model} />
      <div className="px-4 pt-1.5 pb-2">
        <div ref={ref} data-node={model.store}>
          {!table && rows.length > 0 && (
            <ChainsPlot
              model={model}
              rows={drawnRows(lit.length > 0 && chosen === null ? lit : rows)}
              width={width}
              nameOf={nameOf}
              chosen={chosen}
              onChoose={choose}
            />
          )}
          <FrozenPane frozen={frozen}>
            {(kept) => <ChainsPlot model={kept} rows={drawnRows(kept.rows)} width={width} nameOf={nameOf} />}
          </FrozenPane>
        </div>
        <ChainsTable model={model} rows={rows} shown={table} nameOf={nameOf} onChoose={choose} />
        {!table && rows.length > rowsDrawn && (
          <p className="text-[12px] text-muted">
            {t('chains.morePages', { count: rows.length - rowsDrawn })}
          </p>
        )}
        {model.rows.length === 0 && (
          <EmptyState>{model.isTold ? t('chains.none', { group: model.group }) : t('loading')}</EmptyState>
        )}
      </div>
      <ReadPoints model={model} />
      <StoreWork model={model} nameOf={nameOf} />
      <ArchivePart />
      {chosen !== null && <ReadTool model={model} blockKey={chosen} name={nameOf(chosen)} />}
    </LensFrame>
  );
}
