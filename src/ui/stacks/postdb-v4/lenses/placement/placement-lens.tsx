// The placement lens on screen: which node owns which keys, how even the load is, what moves.

import { Tabs } from 'radix-ui';
import { type ReactNode, useCallback, useMemo } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { select, useSelection } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { filterOf } from '../../../../kit/filter.ts';
import { groupDigits } from '../../../../kit/format.ts';
import { useLab } from '../../../../lab-context.ts';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed } from '../../../../lens/lens-need.ts';
import { PlaceSlider } from '../../../../lens/place-slider.tsx';
import { Muted } from '../../../../lens/section.tsx';
import { useSpokenTab } from '../../../../lens/spoken-part.ts';
import { type PastNeed, usePast } from '../../../../lens/use-past.ts';
import { type Column, TableBeside } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { describePlacement, nodesIn, placeText, reportedText, rowText } from './describe.ts';
import { HeatPart } from './heat-part.tsx';
import { moveReplica, Operators } from './operator-sections.tsx';
import { operatorKinds } from './operators.ts';
import { PlacementPlot } from './placement-plot.tsx';
import { ChosenGroup, Drivers, Nodes, replicasText } from './placement-sections.tsx';
import { type PlacementModel, type PlacementRow, projectPlacement } from './project.ts';
import '../../../../../words/postdb-v4/placement.en.json';
import { QueryPart } from './query-part.tsx';
import { ReadsPart } from './reads-part.tsx';

const loadLegend = async () => (await import('./legend.ts')).placementLegend;

/** Virtual µs over which load is counted. */
const loadUs = 100_000;
const loadNeed: PastNeed = { minRank: 1, kinds: ['driver.route', 'commit.ack'], withMessages: false };

function useColumns(): readonly Column<PlacementRow>[] {
  const t = useT();
  return [
    [t('placement.group'), ({ group }) => group, 'mono'],
    [t('placement.volume'), ({ volume }) => volume, 'mono'],
    [t('placement.keys'), placeText, 'mono'],
    [t('placement.primary'), ({ leader }) => leader ?? t('placement.nobody')],
    [t('placement.replica'), replicasText],
    [
      t('placement.learner'),
      (row) => nodesIn(row, 'learner', 'outgoing', 'leavingPrimary').join(t('list.comma')) || '–',
    ],
    [t('placement.term'), ({ term }) => term, 'n'],
    [t('placement.epochs'), ({ memberEpoch, geoEpoch }) => `${memberEpoch} / ${geoEpoch}`, 'n'],
    ['N/Vw/Vr', (row) => `${nodesIn(row, 'primary', 'replica').length}/${row.vw}/${row.vr}`, 'n'],
    [t('placement.shards'), ({ shards }) => shards.length, 'n'],
    [t('placement.tail'), ({ tail }) => groupDigits(tail), 'n'],
    [t('placement.pages'), ({ pages }) => pages, 'n'],
    [t('placement.load'), ({ load }) => `${load.commits} · ${load.requests}`, 'n'],
    [t('placement.reported'), reportedText, 'n'],
  ];
}

const has = (row: PlacementRow, filter: string): boolean =>
  filterOf(filter).matches(
    row.group,
    row.volume,
    placeText(row),
    ...nodesIn(row, 'primary', 'leavingPrimary', 'replica', 'learner', 'outgoing'),
  );

const tabs = ['map', 'query', 'reads', 'heat'] as const;

/** Virtual µs over which operators are looked back at. */
const operatorsUs = 2_000_000;
const operatorNeed: PastNeed = { minRank: 1, kinds: operatorKinds, withMessages: false };

interface BodyProps {
  readonly lens: LensState<PlacementModel>;
  readonly model: PlacementModel;
}

function Placement({ lens, model }: BodyProps): ReactNode {
  const t = useT();
  const { table, width, filter } = lens;
  const looked = useSelection(({ subject, group }) => (subject?.kind === 'group' ? subject.id : group));
  const rows = model.rows.filter((row) => has(row, filter));
  const shown = { ...model, rows };
  const at = Math.max(
    0,
    rows.findIndex(({ group }) => group === looked),
  );
  const row = rows[at];
  const choose = (group: string): void => select({ kind: 'group', id: group });
  const columns = useColumns();
  const lab = useLab();
  const onMove = useCallback(
    (group: string, from: string, to: string): void => void moveReplica(lab, group, from, to),
    [lab],
  );
  const { source, mapVersion, schemaVersion } = model;
  return (
    <>
      <div className="px-4 py-1 text-[13px] leading-5">
        <p className={source === null ? 'border-l-[3px] border-fence bg-raised px-2' : ''}>
          {source === null ? t('placement.noSource') : t('placement.source', source)}
        </p>
        <Muted>{t('placement.versions', { map: mapVersion, schema: schemaVersion })}</Muted>
        <Muted>{t('placement.loadNote', { ms: loadUs / 1000 })}</Muted>
      </div>
      <PlotArea
        state={lens}
        className="overflow-x-auto px-4 pt-1.5 pb-2"
        drawing={
          <PlaceSlider
            isVertical
            label={t('placement.choose')}
            text={row === undefined ? '' : rowText(row, t)}
            at={at + 1}
            first={1}
            last={rows.length}
            hover={row === undefined ? undefined : hoverKey({ kind: 'group', id: row.group })}
            className="cursor-pointer"
            onChoose={(to) => {
              const next = rows[to - 1];
              if (next !== undefined) choose(next.group);
            }}
          >
            <PlacementPlot
              model={shown}
              width={width}
              chosen={row?.group ?? null}
              onChoose={choose}
              onMove={onMove}
            />
          </PlaceSlider>
        }
        still={(kept) => <PlacementPlot model={kept} width={width} chosen={null} />}
      >
        <TableBeside
          shown={table}
          label={t('placement.table')}
          box="overflow-x-auto"
          columns={columns}
          rows={() => rows}
          keyOf={({ group }) => group}
          attributes={({ group }) => ({
            'data-hover': hoverKey({ kind: 'group', id: group }),
            'aria-label': group,
          })}
          onChoose={({ group }) => choose(group)}
          buttonClass="min-h-6 min-w-6 underline"
        />
      </PlotArea>
      <Operators model={model} />
      {row !== undefined && <ChosenGroup row={row} model={model} />}
      <Nodes model={model} />
      <Drivers model={model} />
    </>
  );
}

function usePlacement(lens: LensState<PlacementModel>): LensParts<PlacementModel> | null {
  const t = useT();
  const [tab, setTab] = useSpokenTab(tabs);
  const nodes = useFrame((state) => state.nodes);
  const past = usePast(loadUs, null, loadNeed);
  const operations = usePast(operatorsUs, null, operatorNeed);
  useLensNeed({ detail: true });
  const model = useMemo(
    () => projectPlacement(nodes, past?.events ?? [], operations?.events ?? []),
    [nodes, past, operations],
  );
  if (model === null)
    return {
      keep: () => null,
      description: t('placement.none'),
      without: ['table', 'filter', 'frozen'],
      body: <EmptyState>{t('placement.none')}</EmptyState>,
    };
  return {
    keep: () => model,
    description: describePlacement(model, t),
    hits: model.rows.filter((row) => has(row, lens.filter)).length,
    without:
      tab === 'heat'
        ? ['filter', 'frozen']
        : tab === 'query' || tab === 'reads'
          ? ['table', 'filter', 'frozen']
          : [],
    body: (
      <Tabs.Root value={tab} onValueChange={setTab}>
        <Tabs.List className="tabs" aria-label={t('lens.placement')}>
          {tabs.map((each) => (
            <Tabs.Trigger key={each} value={each} className="tab">
              {t(`placement.${each}Tab`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="map">{tab === 'map' && <Placement lens={lens} model={model} />}</Tabs.Content>
        <Tabs.Content value="query">{tab === 'query' && <QueryPart model={model} />}</Tabs.Content>
        <Tabs.Content value="reads">
          {tab === 'reads' && <ReadsPart model={model} width={lens.width} />}
        </Tabs.Content>
        <Tabs.Content value="heat">
          {tab === 'heat' && <HeatPart lens={lens} placement={model} />}
        </Tabs.Content>
      </Tabs.Root>
    ),
  };
}

export const PlacementLens = defineLens<PlacementModel>({ legend: loadLegend, useParts: usePlacement });
