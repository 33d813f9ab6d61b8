// The lens "Shared disk" on screen: whose every block of the device is, the directory tree, the journal's ring, LogIndex, and a file shell, as a
// node has mounted them.

import { type ReactNode, useMemo, useState } from 'react';
import type { DevicePlace } from '../../../../../core/kernel/view-params.ts';
import { select, useSelection } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { filterOf } from '../../../../kit/filter.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { Select } from '../../../../kit/select.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted, Section, SegmentChoice } from '../../../../lens/section.tsx';
import { useSpokenTab } from '../../../../lens/spoken-part.ts';
import { pageName } from '../../../../model/page-name.ts';
import { tablesSeen } from '../../../../model/tables-seen.ts';
import { type Column, DataTable, TableBeside } from '../../../../plot/data-table.tsx';
import { blockClasses, chainText, describeDisk } from './describe.ts';
import { BlockSwatch, DiskMap } from './disk-plot.tsx';
import { ChunkMoves, Chunks, Journal } from './disk-sections.tsx';
import { LogIndexPart } from './index-part.tsx';
import { PathPart } from './path-part.tsx';
import { type DiskModel, indexPages, isOnItsWay, projectDisk, type TreeRow } from './project.ts';
import { ShellPart } from './shell-part.tsx';
import '../../../../../words/polardb/disk.en.json';

const loadLegend = async () => (await import('./legend.ts')).diskLegend;

const tabs = ['map', 'path', 'index', 'shell'] as const;

function useColumns(model: DiskModel): readonly Column<TreeRow>[] {
  const t = useT();
  return [
    [
      t('disk.name'),
      ({ name, depth, inode }) =>
        `${'  '.repeat(depth)}${name}${inode.kind === 'dir' && depth > 0 ? '/' : ''}`,
      'mono whitespace-pre',
    ],
    [t('disk.inode'), ({ inode }) => inode.no, 'n'],
    [t('disk.direntry'), ({ direntry }) => direntry, 'n'],
    [t('disk.size'), ({ inode }) => groupDigits(inode.size), 'n'],
    [t('disk.blocks'), ({ inode }) => inode.nblock, 'n'],
    [t('disk.chain'), (row) => chainText(row, model), 'mono'],
  ];
}

interface MapProps {
  readonly lens: LensState<DiskModel>;
  readonly model: DiskModel;
  readonly chosen: number;
  readonly onChoose: (ino: number) => void;
}

/** Files and folders that the filter names. */
function treeRows({ tree }: DiskModel, filter: string): readonly TreeRow[] {
  const { matches } = filterOf(filter);
  return tree.filter(({ path }) => matches(path));
}

function MapPart({ lens, model, chosen, onChoose }: MapProps): ReactNode {
  const t = useT();
  const columns = useColumns(model);
  const rows = treeRows(model, lens.filter);
  const files = rows.filter(({ chain }) => chain.length > 0);
  const file = files.find(({ inode }) => inode.no === chosen);
  const table = { rows, columns, keyOf: ({ path }: TreeRow) => path };
  const attributes = ({ path, inode }: TreeRow) => ({
    'aria-label': path,
    ...(inode.no === chosen ? { className: 'bg-raised' } : {}),
  });
  return (
    <>
      <PlotArea
        state={lens}
        className="overflow-x-auto px-4 pt-1.5 pb-2"
        drawing={
          <PlaceSlider
            isVertical
            label={t('disk.file')}
            text={file === undefined ? '–' : `${file.path}: ${chainText(file, model)}`}
            at={file === undefined ? null : files.indexOf(file) + 1}
            first={1}
            last={files.length}
            className="cursor-pointer"
            onChoose={(to) => {
              const next = files[to - 1];
              if (next !== undefined) onChoose(next.inode.no);
            }}
          >
            <DiskMap model={model} width={lens.width} chosen={chosen} onChoose={onChoose} />
          </PlaceSlider>
        }
        still={(keptModel) => <DiskMap model={keptModel} width={lens.width} chosen={-1} />}
      >
        {lens.table ? (
          <TableBeside
            {...table}
            shown
            label={t('disk.files')}
            rows={() => rows}
            attributes={attributes}
            onChoose={({ inode }) => onChoose(inode.no)}
            buttonClass="min-h-6 min-w-6 underline"
          />
        ) : (
          <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-[12px] leading-[18px]">
            {blockClasses.map((each) => (
              <li key={each} className="flex items-center gap-1.5">
                <BlockSwatch of={each} />
                {t(`disk.kind.${each}`)}
              </li>
            ))}
          </ul>
        )}
      </PlotArea>
      <Journal model={model} />
      {!lens.table && (
        <Section title={t('disk.files')} scrolls>
          <DataTable {...table} label={t('disk.files')} isExported attributes={attributes} />
        </Section>
      )}
      <Chunks model={model} />
      <ChunkMoves model={model} />
    </>
  );
}

function useDisk(lens: LensState<DiskModel>): LensParts<DiskModel> | null {
  const t = useT();
  const [tab, setTab] = useSpokenTab(tabs);
  const [page, setPage] = useState<number | null>(null);
  const selected = useSelection(({ subject }) => (subject?.kind === 'page' ? subject.blockKey : null));
  const [node, setNode] = useState<string | null>(null);
  const [chosen, setChosen] = useState(-1);
  const [places, setPlaces] = useState<readonly DevicePlace[]>([]);
  const source = useLensSource();
  const { cluster, nodes } = source ?? {};
  const model = useMemo(
    () => (cluster === undefined || nodes === undefined ? null : projectDisk({ cluster, nodes }, node)),
    [cluster, nodes, node],
  );
  const pages = model === null || nodes === undefined ? [] : indexPages(model, nodes);
  const blockKey = pages.find((key) => key === (selected ?? page)) ?? pages[0] ?? -1;
  const isIndex = tab === 'index';
  useLensNeed({
    files: places,
    detail: true,
    ...(isIndex && { pages: true, wanted: blockKey < 0 ? [] : [{ blockKey, at: null }] }),
  });
  if (model === null && nodes !== undefined && isOnItsWay(nodes)) return null;
  if (model === null || cluster === undefined || nodes === undefined)
    return {
      keep: () => null,
      description: t('disk.none'),
      without: ['table', 'filter', 'frozen'],
      body: <EmptyState>{t('disk.none')}</EmptyState>,
    };
  const { geometry: g } = model;
  return {
    keep: () => model,
    description: describeDisk(model, t),
    hits: treeRows(model, lens.filter).length,
    without: tab === 'map' ? [] : ['table', 'filter', 'frozen'],
    body: (
      <div>
        <div className="scope-bar">
          <Select
            label={t('disk.mountOf')}
            value={model.node}
            options={model.mounts.map((id) => ({ value: id, label: id }))}
            onChange={setNode}
          />
          <span className="flex-1" />
          <SegmentChoice
            label={t('disk.view')}
            values={tabs}
            value={tab}
            nameOf={(one) => t(`disk.tab.${one}`)}
            onChange={setTab}
          />
        </div>
        <div className="px-4 pt-1">
          <Muted>
            {t('disk.scale', {
              chunks: model.chunks.length,
              blocks: g.blocksPerChunk,
              kb: g.blockBytes / 1024,
            })}
          </Muted>
        </div>
        {tab === 'map' && <MapPart lens={lens} model={model} chosen={chosen} onChoose={setChosen} />}
        {tab === 'path' && <PathPart lens={lens} model={model} />}
        {isIndex && (
          <LogIndexPart
            lens={lens}
            model={model}
            pages={pages}
            blockKey={blockKey}
            nameOf={(key) => pageName(key, tablesSeen(nodes, cluster.volume, []), t)}
            onPage={(key) => {
              setPage(key);
              select({ kind: 'page', group: '', blockKey: key });
            }}
          />
        )}
        {tab === 'shell' && (
          <ShellPart source={{ cluster, nodes, mount: model.mount }} node={model.node} onPlaces={setPlaces} />
        )}
      </div>
    ),
  };
}

export const DiskLens = defineLens<DiskModel>({ legend: loadLegend, useParts: useDisk });
