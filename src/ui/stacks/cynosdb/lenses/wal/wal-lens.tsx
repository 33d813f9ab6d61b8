// Lens 4.1 on screen: scope bar, the volume's numbers as outputs, the plot with the table beside it, the selected
// replica's status list, request ring and live requests, and the steps of a recovery. What is not in its first picture
// (range, record, step list) loads when it is wanted.

import { ListTree } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { isLitRange } from '../../../../../state/highlight.ts';
import { useMapView } from '../../../../../state/map-view.ts';
import {
  type LsnRange,
  selectLsn,
  selectNode,
  useSelection,
  useSelectionScope,
} from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Button } from '../../../../kit/button.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { useSpokenScope, windowOver } from '../../../../lens/spoken-scope.ts';
import { countRuns, describeWal, runMatches } from './describe.ts';
import type { WalModel } from './model.ts';
import { seenBy } from './pov.ts';
import { projectWal, spanLimits, walNeed } from './project.ts';
import { type LensScope, ScopeBar, WindowTool } from './scope-bar.tsx';
import { StatusList } from './status-list.tsx';
import type { ChosenRange } from './use-press.ts';
import { WalPlot } from './wal-plot.tsx';
import { WalTable } from './wal-table.tsx';
import { ReplicaOutputs, Watermarks } from './wal-watermarks.tsx';

const RangeTool = lazy(async () => ({ default: (await import('./range-tool.tsx')).RangeTool }));
const RecordFacts = lazy(async () => ({ default: (await import('./record-facts.tsx')).RecordFacts }));
const MemberFacts = lazy(async () => ({ default: (await import('./member-facts.tsx')).MemberFacts }));
const RecoveryStrip = lazy(async () => ({
  default: (await import('../recovery/recovery-strip.tsx')).RecoveryStrip,
}));
const Requests = lazy(async () => ({ default: (await import('./requests.tsx')).Requests }));
const ReplicaFacts = lazy(async () => ({ default: (await import('./replica-facts.tsx')).ReplicaFacts }));
const PovNote = lazy(async () => ({ default: (await import('./pov-note.tsx')).PovNote }));
const StepList = lazy(async () => ({ default: (await import('./step-list.tsx')).StepList }));

const loadLegend = async () => (await import('./legend.ts')).walLegend;

function useWalModel({ span, end }: LensScope): WalModel | null {
  const { cluster, nodes } = useLensSource() ?? { cluster: null, nodes: {} };
  const group = useSelection((state) => state.group);
  const veiled = useSelection((state) => state.veiled);
  const subject = useSelection((state) => state.subject);
  const flights = useFrame((state) => state.frame?.flights);
  const links = useFrame((state) => state.frame?.links);
  const replica = subject?.kind === 'node' ? subject.id : null;
  return useMemo(
    () =>
      cluster === null
        ? null
        : projectWal(
            { cluster, nodes, ...(flights && { flights }), ...(links && { links }) },
            { group, span, end, replica, veiled },
          ),
    [cluster, nodes, flights, links, group, replica, span, end, veiled],
  );
}

interface ToolsProps {
  readonly model: WalModel;
  readonly scope: LensScope;
  readonly onScope: (change: Partial<LensScope>) => void;
  readonly range: ChosenRange | null;
  readonly onRange: (range: ChosenRange | null) => void;
  /** LSN that is chosen. */
  readonly lsn: number | null;
  readonly steps: boolean;
  readonly onSteps: (steps: boolean) => void;
}

/** The tools that work on the plot: a range, the list step by step, how much is shown. */
function PlotTools(props: ToolsProps): ReactNode {
  const t = useT();
  const { model, scope, onScope, range, onRange, lsn, steps, onSteps } = props;
  const { selected, tail } = model;
  return (
    <>
      <div className="flex flex-wrap gap-2 px-4 pt-1 pb-2">
        <Button
          small
          look="line"
          aria-pressed={range !== null}
          onClick={() =>
            onRange(
              range === null
                ? { node: selected?.node ?? null, first: Math.max(0, tail - 3), end: Math.max(1, tail + 1) }
                : null,
            )
          }
        >
          {t('lens.rangeTool')}
        </Button>
        <Button small look="line" icon={ListTree} aria-pressed={steps} onClick={() => onSteps(!steps)}>
          {t('lens.stepList')}
        </Button>
        <span className="flex-1" />
        <WindowTool model={model} scope={scope} onScope={onScope} chosen={lsn} />
      </div>
      <Suspense fallback={null}>
        {range !== null && (
          <RangeTool
            group={model.group}
            replicas={model.rows.map(({ node }) => node)}
            range={range}
            onRange={onRange}
          />
        )}
        {steps && selected?.list && (
          <StepList
            key={`${selected.node}${model.group}`}
            node={selected.node}
            group={model.group}
            runs={selected.list.runs}
          />
        )}
      </Suspense>
    </>
  );
}

function ChosenRecord({ model, lsn }: { readonly model: WalModel; readonly lsn: number | null }): ReactNode {
  const record = lsn === null ? undefined : model.records.find((one) => one.lsn === lsn);
  return record === undefined ? null : <RecordFacts model={model} record={record} />;
}

const usualScope: LensScope = { span: null, end: null, axis: 'volume' };
const scopeOver = (spoken: LsnRange): LensScope => ({
  ...windowOver(spoken, spanLimits.least, spanLimits.widest),
  axis: 'volume',
});

function useWal(lens: LensState<WalModel>): LensParts<WalModel> | null {
  const { table, filter, width } = lens;
  const t = useT();
  const [scope, setScope] = useSpokenScope(usualScope, scopeOver);
  const [range, setRange] = useState<ChosenRange | null>(null);
  const [steps, setSteps] = useState(false);
  const selectionScope = useSelectionScope();
  const lsn = useSelection(({ subject }) => (subject?.kind === 'lsn' ? subject.lsn : null));
  const hot = useSelection(({ hovered }) => (hovered?.kind === 'node' ? hovered.id : null));
  const pov = useMapView((view) => view.pov);
  const nodes = useFrame((state) => state.nodes);
  const truth = useWalModel(scope);
  const model = useMemo(() => (truth === null ? null : seenBy(truth, { nodes }, pov)), [truth, nodes, pov]);
  useLensNeed(walNeed(model, scope.end));
  if (model === null || truth === null) return null;
  const isLit = (node: string, first: number, end: number): boolean =>
    isLitRange(selectionScope, first, end, model.group) && runMatches(model, node, first, end, filter, t);
  // A change of members comes before what is as ever.
  const isChanging = truth.members.sets.length + truth.members.learners.length > 1;
  const onScope = (change: Partial<LensScope>): void => setScope({ ...scope, ...change });
  const onPan = (by: number): void => {
    const [from, to] = truth.window;
    const end = Math.max(to - from, to + by);
    onScope({ span: to - from, end: end > truth.tail + 4 ? null : end });
  };
  const { group, selected, recovery } = model;
  const tools = { scope, onScope, range, onRange: setRange, lsn, steps, onSteps: setSteps };
  const plot = { width, axis: scope.axis };
  return {
    keep: () => model,
    description: describeWal(model, t),
    hits: countRuns(model, filter, t),
    hasPov: true,
    body: (
      <>
        <ScopeBar model={model} scope={scope} onScope={onScope} />
        {pov !== null && (
          <Suspense fallback={null}>
            <PovNote pov={pov} truth={truth} seen={model} />
          </Suspense>
        )}
        <Watermarks model={model} />
        <ReplicaOutputs rows={model.rows} group={group} />
        <PlotArea
          state={lens}
          className="px-4 pt-1.5"
          drawing={
            <WalPlot
              {...plot}
              model={model}
              chosen={lsn}
              range={range}
              hot={hot}
              isLit={isLit}
              onReplica={selectNode}
              onLsn={selectLsn}
              onRange={setRange}
              onPan={onPan}
            />
          }
          still={(kept) => <WalPlot {...plot} model={kept} />}
        >
          <WalTable model={model} shown={table} isShown={isLit} />
        </PlotArea>
        <PlotTools {...tools} model={model} />
        <Suspense fallback={null}>
          <ChosenRecord model={model} lsn={lsn} />
        </Suspense>
        <Suspense fallback={null}>{recovery !== null && <RecoveryStrip />}</Suspense>
        <Suspense fallback={null}>{isChanging && <MemberFacts model={truth} />}</Suspense>
        {selected !== null && <StatusList row={selected} group={group} />}
        <Suspense fallback={null}>
          {selected?.list && <Requests model={model} list={selected.list} width={width} />}
          {!isChanging && <MemberFacts model={truth} />}
          {selected?.list && <ReplicaFacts node={selected.node} list={selected.list} />}
        </Suspense>
      </>
    ),
  };
}

export const WalLens = defineLens<WalModel>({ legend: loadLegend, useParts: useWal });
