// Lens 4.10, isolation: what the recorded transactions depend on, the cycle that no serial order explains, drawn and as a
// table, and what this history cannot tell.

import { type ReactNode, useMemo, useState } from 'react';
import { time } from '../../../base/ids.ts';
import { recordedTransactions } from '../../../run-model/recorder/past-transactions.ts';
import {
  type Anomaly,
  type DependencyKind,
  type Isolation,
  judgeIsolation,
  type Transaction,
} from '../../../sim/checks/isolation.ts';
import { setSettings } from '../../../state/settings-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button, EmptyState } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { DataTable } from '../../plot/data-table.tsx';
import { useWidth } from '../../plot/use-size.ts';
import { usePast } from '../use-past.ts';
import { historyNeed, type SpanText, spans } from './history-need.ts';
import { IsolationGraph } from './isolation-graph.tsx';
import { describeIsolation, limitsOf, valueText } from './isolation-words.ts';
import { type Refusal, refusalsIn, xidText } from './refusals.ts';
import '../../../words/lens/checks.en.json';

/** Rows of refused transactions. */
const refusalsShown = 50;

const kinds: readonly DependencyKind[] = ['ww', 'wr', 'rw', 'rt'];

function Who({ one }: { readonly one: Transaction }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <>
      <button
        type="button"
        className="min-h-6 cursor-pointer text-left underline decoration-dotted"
        aria-label={t('isolation.review', { client: one.client, at: millis(one.calledAt) })}
        onClick={() => void lab.seek(time(one.calledAt))}
      >
        {one.client} <span className="mono text-muted">{millis(one.calledAt)}</span>
      </button>
      <span className="mono block text-[12px] leading-4 break-all text-muted">{valueText(one)}</span>
    </>
  );
}

function CycleTable({ anomaly }: { readonly anomaly: Anomaly }): ReactNode {
  const t = useT();
  return (
    <DataTable
      isExported
      label={t('isolation.cycle')}
      rows={anomaly.edges}
      keyOf={({ from, kind, to }) => `${from.id} ${kind} ${to.id}`}
      columns={[
        [t('isolation.from'), ({ from }) => <Who one={from} />, 'whitespace-normal'],
        [t('isolation.kind'), ({ kind }) => <Kind kind={kind} />, 'whitespace-normal'],
        [t('checks.key'), ({ key }) => key ?? '–', 'mono'],
        [t('isolation.to'), ({ to }) => <Who one={to} />, 'whitespace-normal'],
      ]}
    />
  );
}

function Kind({ kind }: { readonly kind: DependencyKind }): ReactNode {
  const t = useT();
  return (
    <>
      <b className="mono">{kind}</b> {t(`isolation.kind.${kind}`)}
    </>
  );
}

function CountTable({ counts }: Pick<Isolation, 'counts'>): ReactNode {
  const t = useT();
  return (
    <DataTable
      isExported
      label={t('isolation.dependencies')}
      rows={kinds}
      keyOf={(kind) => kind}
      columns={[
        [t('isolation.kind'), (kind) => <Kind kind={kind} />],
        [t('isolation.count'), (kind) => counts[kind], 'n'],
      ]}
    />
  );
}

/** Refused between two dependencies that meet: who read before the pivot, who wrote after it, and why (SSI). */
function RefusalTable({ refusals }: { readonly refusals: readonly Refusal[] }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <section aria-label={t('isolation.refused')} className="pt-3">
      <h3 className="heading">{t('isolation.refused')}</h3>
      <p className="pb-1 text-[12px] text-muted">{t('isolation.refusedMeans')}</p>
      <div className="overflow-x-auto">
        <DataTable
          isExported
          label={t('isolation.refused')}
          rows={refusals.slice(0, refusalsShown)}
          keyOf={({ index }) => index}
          columns={[
            [
              t('isolation.refusedWhen'),
              ({ at }) => (
                <button
                  type="button"
                  className="mono min-h-6 cursor-pointer underline decoration-dotted"
                  onClick={() => void lab.seek(time(at))}
                >
                  {millis(at)}
                </button>
              ),
            ],
            [t('isolation.refusedTx'), ({ event }) => xidText(event.tx), 'n'],
            [t('isolation.reader'), ({ event }) => xidText(event.reader), 'n'],
            [t('isolation.pivot'), ({ event }) => xidText(event.pivot), 'n'],
            [t('isolation.writer'), ({ event }) => xidText(event.writer), 'n'],
            [t('isolation.reason'), ({ event }) => event.reason, 'whitespace-normal'],
          ]}
        />
      </div>
    </section>
  );
}

export function IsolationTab({ table }: { readonly table: boolean }): ReactNode {
  const t = useT();
  const [span, setSpan] = useState<SpanText>('2000');
  const [ref, width] = useWidth();
  const past = usePast(Number(span) * 1000, null, historyNeed);
  const found = useMemo(() => {
    if (past === null) return null;
    const recorded = recordedTransactions(past);
    const isolation = judgeIsolation(recorded.transactions, recorded.isWhole);
    return { recorded, isolation, refusals: refusalsIn(past) };
  }, [past]);
  if (found === null) return <p className="p-4 text-muted">{t('loading')}</p>;
  const { recorded, isolation, refusals } = found;
  const { anomaly } = isolation;
  const said = describeIsolation(isolation, t);
  return (
    <div className="px-4 py-2">
      <div className="pb-2">
        <Select
          label={t('checks.span')}
          value={span}
          options={spans.map((value) => ({ value, label: `${value} ms` }))}
          onChange={setSpan}
        />
      </div>
      {isolation.judged === 0 ? (
        <EmptyState
          action={
            <Button look="line" onClick={() => setSettings({ dockTab: 'workload', dockOpen: true })}>
              {t('checks.startLoad')}
            </Button>
          }
        >
          {t('isolation.empty')}
        </EmptyState>
      ) : (
        <p className={`pb-2 ${anomaly === null ? '' : 'font-semibold text-fence'}`}>{said}</p>
      )}
      {anomaly !== null && (
        <p className="pb-2">
          {t(`isolation.means.${anomaly.name}`)}
          {anomaly.needsTime ? ` ${t('isolation.timeMeans')}` : ''}
        </p>
      )}
      <div ref={ref}>
        {anomaly !== null && !table && <IsolationGraph anomaly={anomaly} width={width} label={said} />}
      </div>
      {anomaly !== null && <CycleTable anomaly={anomaly} />}
      {refusals.length > 0 && <RefusalTable refusals={refusals} />}
      {isolation.judged > 0 && <CountTable counts={isolation.counts} />}
      <p className="pt-2 text-[12px] text-muted">{limitsOf(isolation, recorded, t)}</p>
    </div>
  );
}
