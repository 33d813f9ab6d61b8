// The plan's lens on screen: which statement, its operators as they have come so far, and the pages of the chosen one. A chosen
// operator lights the nodes and pages that serve it on the map; "follow" keeps to the operator that the statement waits for.

import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { pageKey } from '../../../../../core/page/page-key.ts';
import { useFrame } from '../../../../../state/frame-store.ts';
import { select } from '../../../../../state/selection-store.ts';
import { setSettings } from '../../../../../state/settings-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button, EmptyState, TickBox } from '../../../../kit/button.tsx';
import { Select } from '../../../../kit/select.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { type LensSource, useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Muted } from '../../../../lens/section.tsx';
import { describePlan, entryText, stateText } from './describe.ts';
import { PlanPlot } from './plan-plot.tsx';
import { isNamed, PlanTable } from './plan-table.tsx';
import { type PlanModel, projectPlan, servedBy } from './project.ts';
import { ServedPages, treeOf } from './served-pages.tsx';

const loadLegend = async () => (await import('./legend.ts')).planLegend;

/** Root of every tree (compute/btree.ts). */
const rootBlock = 1;

function NoPlan(): ReactNode {
  const t = useT();
  return (
    <EmptyState>
      <span className="flex flex-wrap items-center gap-2">
        {t('plan.none')}
        <Button small look="line" onClick={() => setSettings({ dockTab: 'sql', dockOpen: true })}>
          {t('plan.console')}
        </Button>
      </span>
    </EmptyState>
  );
}

/** Lights what serves an operator, and with it the statement's own messages. */
function light(model: PlanModel, at: number): void {
  if (model.chosen !== null) select({ kind: 'trace', id: model.chosen.view.traceId, ...servedBy(model, at) });
}

/** While it is on: the operator that waits, and what serves it, as the statement goes from one to the next. */
function useFollow(model: PlanModel | null, on: boolean, onOperator: (at: number) => void): void {
  const { rows = [], waitsFor = -1, chosen = null } = model ?? {};
  const at = rows.findIndex(({ waits }) => waits);
  const step = on && chosen !== null && chosen.view.endedAt === null ? `${chosen.key} ${at} ${waitsFor}` : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each step of the statement, not for each picture
  useEffect(() => {
    if (step === '' || model === null) return;
    if (at >= 0) onOperator(at);
    light(model, Math.max(0, at));
  }, [step]);
}

interface BodyProps {
  readonly model: PlanModel;
  readonly source: LensSource;
  readonly lens: LensState<PlanModel>;
  readonly at: number;
  readonly isFollowing: boolean;
  readonly onFollow: () => void;
  readonly onStatement: (key: string) => void;
  readonly onOperator: (at: number) => void;
}

function PlanBody({
  model,
  source,
  lens,
  at,
  isFollowing,
  onFollow,
  onStatement,
  onOperator,
}: BodyProps): ReactNode {
  const t = useT();
  const { table, filter, width } = lens;
  const row = model.rows[at];
  return (
    <>
      <div className="scope-bar">
        <Select
          label={t('plan.statement')}
          value={model.chosen?.key ?? ''}
          options={model.entries.map((entry) => ({ value: entry.key, label: entryText(entry) }))}
          onChange={onStatement}
        />
        <span className="flex-1" />
        <button type="button" className="field field-small" aria-pressed={isFollowing} onClick={onFollow}>
          <TickBox on={isFollowing} />
          {t('plan.onMap')}
        </button>
      </div>
      <div className="px-4 pt-1">
        <Muted>{stateText(model, t)}</Muted>
      </div>
      <PlotArea
        state={lens}
        drawing={
          <PlanPlot
            model={model}
            width={width}
            label={t('plan.operators')}
            chosen={at}
            onChoose={onOperator}
          />
        }
        still={(kept) => <PlanPlot model={kept} width={width} label={t('plan.operators')} chosen={-1} />}
      >
        <PlanTable model={model} filter={filter} shown={table} onChoose={onOperator} />
      </PlotArea>
      {row !== undefined && (
        <div className="px-4">
          {row.node.notes.map((note) => (
            <Muted key={note}>{note}</Muted>
          ))}
        </div>
      )}
      {row !== undefined && <ServedPages model={model} source={source} row={row} width={width} />}
    </>
  );
}

function usePlan(lens: LensState<PlanModel>): LensParts<PlanModel> | null {
  const t = useT();
  const [key, setKey] = useState<string | null>(null);
  const [operator, setOperator] = useState<{ readonly of: string; readonly at: number } | null>(null);
  const [isFollowing, setFollowing] = useState(false);
  const source = useLensSource();
  const now = useFrame(({ frame }) => frame?.time ?? 0);
  const model = useMemo(() => (source === null ? null : projectPlan(source, key, now)), [source, key, now]);
  const chosen = model?.chosen ?? null;
  // Without a choice the operator whose pages there are to see.
  const first = model?.rows.findIndex(({ node }) => node.scan !== undefined) ?? -1;
  const at = operator !== null && operator.of === chosen?.key ? operator.at : Math.max(0, first);
  const tree = model === null ? null : treeOf(model, model.rows[at]);
  useLensNeed({
    plans: true,
    pages: true,
    ...(tree === null ? {} : { wanted: [{ blockKey: pageKey(tree.keyRelation, 0, rootBlock), at: null }] }),
  });
  const choose = (place: number): void => setOperator(chosen === null ? null : { of: chosen.key, at: place });
  useFollow(model, isFollowing, choose);
  if (model === null || source === null) return null;
  return {
    keep: () => model,
    description: describePlan(model, t),
    hits: model.rows.filter((row) => isNamed(row, lens.filter)).length,
    ...(chosen === null ? { without: ['table', 'filter', 'frozen'] as const } : {}),
    body:
      chosen === null ? (
        <NoPlan />
      ) : (
        <PlanBody
          model={model}
          source={source}
          lens={lens}
          at={at}
          isFollowing={isFollowing}
          onFollow={() => setFollowing(!isFollowing)}
          onStatement={setKey}
          onOperator={(place) => {
            choose(place);
            light(model, place);
          }}
        />
      ),
  };
}

export const PlanLens = defineLens<PlanModel>({ legend: loadLegend, useParts: usePlan });
