// Lens 4.10, isolation: what the recorded transactions depend on, the cycle that no serial order explains, drawn and as a
// table, and what this history cannot tell.

import { type ReactNode, useMemo, useState } from 'react';
import { time } from '../../../base/ids.ts';
import { setSettings } from '../../../state/settings-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Button, EmptyState } from '../../kit/button.tsx';
import { millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { usePast } from '../use-past.ts';
import { useWidth } from '../use-size.ts';
import { historyNeed, type SpanText, spans } from './history-need.ts';
import {
  type Anomaly,
  type DependencyKind,
  type Isolation,
  judgeIsolation,
  type Transaction,
} from './isolation.ts';
import { IsolationGraph } from './isolation-graph.tsx';
import { describeIsolation, limitsOf, valueText } from './isolation-words.ts';
import { recordedTransactions } from './recorded.ts';
import './texts.ts';

const kinds: readonly DependencyKind[] = ['ww', 'wr', 'rw', 'rt'];

function Who({ one }: { readonly one: Transaction }): ReactNode {
  const t = useT();
  const lab = useLab();
  return (
    <td className="whitespace-normal">
      <button
        type="button"
        className="min-h-6 cursor-pointer text-left underline decoration-dotted"
        aria-label={t('isolation.review', { client: one.client, at: millis(one.calledAt) })}
        onClick={() => void lab.seek(time(one.calledAt))}
      >
        {one.client} <span className="mono text-muted">{millis(one.calledAt)}</span>
      </button>
      <span className="mono block text-[12px] leading-4 break-all text-muted">{valueText(one)}</span>
    </td>
  );
}

function CycleTable({ anomaly }: { readonly anomaly: Anomaly }): ReactNode {
  const t = useT();
  return (
    <table className="data-table" data-twin aria-label={t('isolation.cycle')}>
      <thead>
        <tr>
          <th>{t('isolation.from')}</th>
          <th>{t('isolation.kind')}</th>
          <th>{t('checks.key')}</th>
          <th>{t('isolation.to')}</th>
        </tr>
      </thead>
      <tbody>
        {anomaly.edges.map(({ from, kind, key, to }) => (
          <tr key={`${from.id} ${kind} ${to.id}`}>
            <Who one={from} />
            <td className="whitespace-normal">
              <b className="mono">{kind}</b> {t(`isolation.kind.${kind}`)}
            </td>
            <td className="mono">{key ?? '–'}</td>
            <Who one={to} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CountTable({ counts }: Pick<Isolation, 'counts'>): ReactNode {
  const t = useT();
  return (
    <table className="data-table" data-twin aria-label={t('isolation.dependencies')}>
      <thead>
        <tr>
          <th>{t('isolation.kind')}</th>
          <th className="n">{t('isolation.count')}</th>
        </tr>
      </thead>
      <tbody>
        {kinds.map((kind) => (
          <tr key={kind}>
            <td>
              <b className="mono">{kind}</b> {t(`isolation.kind.${kind}`)}
            </td>
            <td className="n">{counts[kind]}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
    return { recorded, isolation: judgeIsolation(recorded.transactions, recorded.isWhole) };
  }, [past]);
  if (found === null) return <p className="p-4 text-muted">{t('loading')}</p>;
  const { recorded, isolation } = found;
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
      {isolation.judged > 0 && <CountTable counts={isolation.counts} />}
      <p className="pt-2 text-[12px] text-muted">{limitsOf(isolation, recorded, t)}</p>
    </div>
  );
}
