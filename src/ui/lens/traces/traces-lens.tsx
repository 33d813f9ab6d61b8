// The way of a statement: in sentences, and everything that was done for it on every node and disk as a waterfall (PCS-94). A statement is chosen from the
// newest, or comes from wherever one appears on the screen.

import { Tabs } from 'radix-ui';
import { type ReactNode, useEffect, useMemo } from 'react';
import { workBeginnings, workName } from '../../../run-model/spans/background-work.ts';
import type { Span, SpanTrace } from '../../../run-model/spans/span.ts';
import { useSelection } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button, EmptyState } from '../../kit/button.tsx';
import { duration, millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { TableBeside } from '../../plot/data-table.tsx';
import { defineLens, type LensParts, type LensState, PlotArea } from '../define-lens.tsx';
import type { LegendEntry } from '../legend.ts';
import { showPart, useLensTab } from '../lens-part.ts';
import type { ExportedFile } from '../lens-tools.tsx';
import { type PastNeed, usePast } from '../use-past.ts';
import { describeWay, targetOf, useWay, WayPart } from '../way/way-part.tsx';
import { LogTab } from './log-tab.tsx';
import { factsText, SpanFacts } from './span-facts.tsx';
import { statementOf } from './statement-of.ts';
import { chooseSpan, loadTrace, type TraceTarget, traceStore, useTrace } from './trace-store.ts';
import { newestOfEach, spanName, type Waterfall, waterfallOf, workWords } from './waterfall.ts';
import { WaterfallPlot } from './waterfall-plot.tsx';
import '../../../words/lens/traces.en.json';

const loadLegend = async (): Promise<readonly LegendEntry[]> => (await import('./legend.ts')).tracesLegend;

/** Statements that are offered: the newest that began in this stretch. */
const offered = { spanUs: 200_000, most: 40 } as const;
const need: PastNeed = { minRank: 0, kinds: ['sql.start', 'op.invoke'], withMessages: false };
/** Background work is rarer, and lasts longer; stores collect garbage all the time, and hide no election by it. */
const offeredWork = { spanUs: 2_000_000, most: 60, ofKind: 8 } as const;
const workNeed: PastNeed = { minRank: 0, kinds: workBeginnings, withMessages: false };

interface Offer extends TraceTarget {
  readonly value: string;
  readonly label: string;
}

function useOffers(): readonly Offer[] {
  const past = usePast(offered.spanUs, null, need);
  return useMemo(() => {
    const offers: Offer[] = [];
    for (const traced of past?.events ?? []) {
      const asked = statementOf(traced);
      if (asked === null) continue;
      const { at, node, index, event } = traced;
      const what =
        event.kind === 'op.invoke' ? `${event.client} ${event.operation} ${event.key}` : `${node} SQL`;
      offers.push({ ...asked, value: String(index), label: `${millis(at)} ${what}` });
    }
    return offers.slice(-offered.most).reverse();
  }, [past]);
}

function useWorkOffers(): readonly Offer[] {
  const past = usePast(offeredWork.spanUs, null, workNeed);
  return useMemo(
    () =>
      newestOfEach(past?.events ?? [], ({ event }) => event.kind, offeredWork)
        .flatMap((traced): Offer[] => {
          const asked = statementOf(traced);
          const { at, node, index, event } = traced;
          const label = `${millis(at)} ${node} ${workWords(workName(event.kind))}`;
          return asked === null ? [] : [{ ...asked, value: String(index), label }];
        })
        .reverse(),
    [past],
  );
}

function StatementChoice(): ReactNode {
  const t = useT();
  const lab = useLab();
  const offers = useOffers();
  const works = useWorkOffers();
  const asked = useTrace((state) => state.asked);
  const choose = (value: string): void => {
    const offer = [...offers, ...works].find((one) => one.value === value);
    if (offer !== undefined) void loadTrace(lab, { target: offer.target, at: offer.at });
  };
  return (
    <div className="scope-bar flex-wrap">
      <Select
        label={t('traces.choose')}
        value=""
        options={[{ value: '', label: t('traces.newest') }, ...offers]}
        onChange={choose}
      />
      <Select
        label={t('traces.work')}
        value=""
        options={[{ value: '', label: t('traces.newestWork') }, ...works]}
        onChange={choose}
      />
      <span className="flex-1" />
      {asked !== null && (
        <Button small look="line" onClick={() => void loadTrace(lab, asked)}>
          {t('traces.again')}
        </Button>
      )}
    </div>
  );
}

/** A trace that is chosen anywhere is opened. */
function useChosenTrace(): void {
  const lab = useLab();
  const id = useSelection(({ subject }) => (subject?.kind === 'trace' ? subject.id : null));
  useEffect(() => {
    const { asked } = traceStore.getState();
    if (id === null || (asked?.target.kind === 'trace' && asked.target.traceId === id)) return;
    void loadTrace(lab, { target: { kind: 'trace', traceId: id }, at: lab.frame()?.time ?? 0 });
  }, [lab, id]);
}

const exported = async (): Promise<typeof import('./trace-files.ts')> => import('./trace-files.ts');

const traceFiles = (trace: SpanTrace): readonly ExportedFile[] => [
  { label: 'OTLP/JSON', ending: 'otlp.json', make: async () => (await exported()).otlpFile(trace) },
  { label: 'Perfetto', ending: 'perfetto-trace', make: async () => (await exported()).perfettoFile(trace) },
];

const timeOf = (span: Span, { to }: Waterfall): number =>
  (span.end ?? span.workedUntil ?? (span.status === 'open' ? to : span.start)) - span.start;

const tabs = ['way', 'trace', 'log'] as const;

function useTraces(state: LensState<Waterfall>): LensParts<Waterfall> {
  const t = useT();
  const lab = useLab();
  useChosenTrace();
  const { asked, trace, isBusy, failure, span: chosen } = useTrace((all) => all);
  const [tab, setTab] = useLensTab('traces', tabs);
  const isBare = tab === 'trace' && asked === null;
  const way = useWay(tab === 'way' || isBare);
  const target = useMemo(() => (way.way === null ? null : targetOf(way.way)), [way.way]);
  // The trace of the statement whose way was shown, until another is chosen.
  useEffect(() => {
    if (isBare && target !== null) void loadTrace(lab, target);
  }, [lab, isBare, target]);
  // What is opened is seen, whichever part was shown.
  useEffect(() => {
    if (asked !== null) showPart('traces', 'trace');
  }, [asked]);
  const model = useMemo(
    () => (trace === null ? null : waterfallOf(trace, state.filter)),
    [trace, state.filter],
  );
  const span = trace?.spans.find(({ id }) => id === chosen);
  const described =
    model === null
      ? t(isBusy ? 'traces.busy' : 'traces.empty')
      : t('traces.describe', {
          ...model.counts,
          count: model.counts.spans,
          time: duration(model.to - model.from),
        });
  const waterfall = (
    <>
      <StatementChoice />
      {failure !== null && (
        <p role="alert" className="px-4 py-2 text-fence">
          {failure === '' ? t('traces.none') : t('traces.failed', { detail: failure })}
        </p>
      )}
      {model === null ? (
        failure === null && <EmptyState>{described}</EmptyState>
      ) : (
        <>
          <p className="px-4 pt-1 text-[12px] text-muted" aria-live="polite">
            {described} {model.left > 0 && t('traces.left', { count: model.left })}
          </p>
          <PlotArea
            state={state}
            drawing={
              <WaterfallPlot
                model={model}
                width={state.width}
                label={described}
                chosen={chosen}
                onChoose={chooseSpan}
              />
            }
            still={(kept) => (
              <WaterfallPlot model={kept} width={state.width} label={described} chosen={null} />
            )}
          >
            <TableBeside
              label={t('lens.traces')}
              shown={state.table}
              rows={() => model.rows}
              keyOf={({ span: { id } }) => id}
              onChoose={({ span: { id } }) => chooseSpan(id)}
              buttonClass="mono text-left underline-offset-2 hover:underline"
              columns={[
                [t('traces.span'), ({ span: one, depth }) => `${'· '.repeat(depth)}${spanName(one)}`],
                [t('traces.start'), ({ span: { start } }) => millis(start), 'n'],
                [t('traces.duration'), ({ span: one }) => duration(timeOf(one, model)), 'n'],
                [t('traces.status'), ({ span: { status } }) => t(`traces.status.${status}`)],
                [
                  t('traces.facts'),
                  ({ span: { attributes } }) => factsText(attributes),
                  'mono max-w-[220px] truncate text-muted',
                ],
              ]}
            />
          </PlotArea>
          {span !== undefined && <SpanFacts span={span} />}
        </>
      )}
    </>
  );
  const body = (
    <Tabs.Root value={tab} onValueChange={setTab}>
      <Tabs.List className="tabs flex gap-1 px-4" aria-label={t('lens.traces')}>
        <Tabs.Trigger value="way" className="tab">
          {t('way.tab')}
        </Tabs.Trigger>
        <Tabs.Trigger value="trace" className="tab">
          {t('traces.tab')}
        </Tabs.Trigger>
        <Tabs.Trigger value="log" className="tab">
          {t('logs.tab')}
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="way">
        <WayPart model={way} state={state} />
      </Tabs.Content>
      <Tabs.Content value="trace">{waterfall}</Tabs.Content>
      <Tabs.Content value="log">
        <LogTab text={state.filter} onTrace={() => setTab('trace')} />
      </Tabs.Content>
    </Tabs.Root>
  );
  if (tab === 'way')
    return { keep: () => model, description: describeWay(way, t), without: ['filter', 'frozen'], body };
  if (tab === 'log')
    return { keep: () => model, description: t('logs.describe'), without: ['table', 'frozen'], body };
  return {
    keep: () => model,
    description: described,
    ...(model === null ? {} : { hits: model.rows.length }),
    ...(trace === null ? {} : { files: traceFiles(trace) }),
    body,
  };
}

export const TracesLens = defineLens<Waterfall>({ legend: loadLegend, useParts: useTraces });
