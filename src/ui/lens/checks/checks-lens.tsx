// Lens 4.10: is what clients saw legal? The board of rules with counts, the history of operations, and the cycles of
// dependencies between transactions.

import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FaultFrame } from '../../../run-model/picture/frame.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { setSettings } from '../../../state/settings-store.ts';
import { currentLanguage, useT } from '../../i18n/i18n.ts';
import { Button, EmptyState } from '../../kit/button.tsx';
import { groupDigits, millis } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useLab } from '../../lab-context.ts';
import { namePages } from '../../model/known-names.ts';
import { useFaults } from '../../model/use-faults.ts';
import { type Column, DataTable } from '../../plot/data-table.tsx';
import { defineLens, type LensParts, type LensState } from '../define-lens.tsx';
import type { LegendEntry } from '../legend.ts';
import { useSpokenTab } from '../spoken-part.ts';
import { OpenTrace } from '../traces/open-trace.tsx';
import { usePast } from '../use-past.ts';
import { describeBoard, describeOperations } from './describe.ts';
import { ExplainCard } from './explain-card.tsx';
import { explain, goToViolation } from './explain-store.ts';
import { historyNeed, type SpanText, spans } from './history-need.ts';
import { HistoryPlot } from './history-plot.tsx';
import { IsolationTab } from './isolation-tab.tsx';
import { type OperationBar, type OperationModel, projectOperations } from './operations.ts';
import { PagesCheck } from './pages-check.tsx';
import { type CheckRow, type CheckState, projectBoard } from './project.ts';
import '../../../words/lens/checks.en.json';

const loadLegend = async (): Promise<readonly LegendEntry[]> => (await import('./legend.ts')).checksLegend;
const stateIcons = { ok: CircleCheck, violated: CircleAlert, idle: CircleDashed } as const;
const stateHues: Readonly<Record<CheckState, string>> = {
  ok: 'text-ack',
  violated: 'text-fence',
  idle: 'text-muted',
};
const rowLimit = 200;

/** A line is drawn anew when it says something else: most rules stand still in any picture. */
const RuleRow = memo(function RuleRow({ rule, state, exercised, violation }: CheckRow): ReactNode {
  const t = useT();
  const lab = useLab();
  const language = currentLanguage() === 'zh-CN' ? 'zh' : 'en';
  const Icon = stateIcons[state];
  return (
    <tr>
      <td className={`w-32 ${stateHues[state]}`}>
        <span className="flex items-center gap-1.5">
          <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
          {t(`checks.${state}`)}
        </span>
      </td>
      <td className="whitespace-normal">
        <details>
          <summary className="font-semibold">{rule.title[language]}</summary>
          <p className="py-1 text-[12px] leading-4">{rule.text[language]}</p>
        </details>
        <span className="mono text-[12px] text-muted">{`${rule.slug} · ${rule.ids.join(', ')}`}</span>
        {violation !== null && (
          <span role="alert" className="mt-1 block text-[12px] leading-4 text-fence">
            {t('checks.found', {
              at: millis(violation.at),
              node: violation.node === null ? '' : t('checks.onNode', { node: violation.node }),
              message: namePages(violation.message),
            })}{' '}
            <Button small look="line" onClick={() => void goToViolation(lab, violation)}>
              {t('checks.goTo')}
            </Button>{' '}
            <Button
              small
              look="line"
              aria-label={t('checks.whyRule', { rule: rule.slug })}
              onClick={() => void explain(lab, violation)}
            >
              {t('checks.why')}
            </Button>
          </span>
        )}
      </td>
      <td className="n">{groupDigits(exercised)}</td>
    </tr>
  );
});

function Board({ filter }: { readonly filter: string }): ReactNode {
  const t = useT();
  const exercised = useFrame((state) => state.frame?.exercised) ?? {};
  const violations = useFrame((state) => state.frame?.violations) ?? [];
  const preset = useFrame((state) => state.frame?.preset) ?? '';
  const board = projectBoard(
    { preset, exercised, violations },
    filter,
    currentLanguage() === 'zh-CN' ? 'zh' : 'en',
  );
  return (
    <div className="px-4 py-2">
      <ExplainCard />
      <PagesCheck />
      <p className="pb-2">
        {describeBoard(board, t)} <span className="text-muted">{t('checks.proof')}</span>
      </p>
      {board.groups.every(({ rows }) => rows.length === 0) && (
        <p className="text-muted">{t('lens.filterNone', { typed: filter.trim() })}</p>
      )}
      <table className="data-table" data-twin aria-label={t('checks.board')}>
        <thead>
          <tr>
            <th>{t('checks.state')}</th>
            <th>{t('checks.rule')}</th>
            <th className="n">{t('checks.exercised')}</th>
          </tr>
        </thead>
        {board.groups.map(({ name, rows }) => (
          <tbody key={name}>
            {rows.map((row) => (
              <RuleRow key={row.rule.slug} {...row} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

/** Only where it is seen: what is announced alone has no buttons. */
const traceColumn: Column<OperationBar> = [
  '',
  ({ call, from }) => <OpenTrace asked={{ target: { kind: 'operation', ...call }, at: from }} />,
];

function OperationTable({
  model,
  shown,
}: {
  readonly model: OperationModel;
  readonly shown: boolean;
}): ReactNode {
  const t = useT();
  return (
    <DataTable
      isExported
      label={t('checks.history')}
      rows={model.bars.slice(-rowLimit)}
      keyOf={({ id }) => id}
      attributes={({ isFault }) => ({ className: isFault ? 'text-fence' : '' })}
      columns={[
        [t('checks.client'), ({ client }) => client],
        [t('checks.operation'), ({ operation }) => operation],
        [t('checks.key'), ({ key }) => key, 'mono'],
        [t('checks.value'), ({ value }) => value, 'mono'],
        [t('checks.called'), ({ from }) => millis(from), 'n'],
        [t('checks.returned'), ({ outcome, to }) => (outcome === 'open' ? '' : millis(to)), 'n'],
        [t('checks.outcome'), ({ outcome }) => t(`checks.outcome.${outcome}`)],
        [t('checks.place'), ({ place }) => place ?? '', 'n'],
        ...(shown ? [traceColumn] : []),
      ]}
    />
  );
}

/** What the operations showed at one moment. */
interface OperationsShown {
  readonly model: OperationModel;
  readonly faults: readonly FaultFrame[];
}

interface OperationsProps {
  readonly lens: LensState<OperationsShown>;
  /** Called with what is shown, for a copy of it. */
  readonly onShown: (shown: OperationsShown) => void;
}

function Operations({ lens, onShown }: OperationsProps): ReactNode {
  const { table, ref, width } = lens;
  const t = useT();
  const [span, setSpan] = useState<SpanText>('100');
  const [key, setKey] = useState('');
  const faults = useFaults();
  const past = usePast(Number(span) * 1000, null, historyNeed);
  const model = useMemo(
    () => (past === null ? null : projectOperations(past, key === '' ? null : key)),
    [past, key],
  );
  useEffect(() => {
    if (model !== null) onShown({ model, faults });
  }, [model, faults, onShown]);
  if (model === null) return <p className="p-4 text-muted">{t('loading')}</p>;
  const isLegal = model.key === null ? model.faultyKeys.length === 0 : model.fault === null;
  return (
    <div className="px-4 py-2">
      <div className="flex items-center gap-2 pb-2">
        <Select
          label={t('checks.span')}
          value={span}
          options={spans.map((value) => ({ value, label: `${value} ms` }))}
          onChange={setSpan}
        />
        <Select
          label={t('checks.key')}
          value={model.key ?? ''}
          options={[
            { value: '', label: t('checks.anyKey') },
            ...model.keys.map((value) => ({ value, label: value })),
          ]}
          onChange={setKey}
        />
      </div>
      <p className={`pb-2 ${isLegal ? '' : 'font-semibold text-fence'}`}>{describeOperations(model, t)}</p>
      <div ref={ref}>
        {model.bars.length === 0 ? (
          <EmptyState
            action={
              <Button look="line" onClick={() => setSettings({ dockTab: 'workload', dockOpen: true })}>
                {t('checks.startLoad')}
              </Button>
            }
          >
            {t('checks.none')}
          </EmptyState>
        ) : (
          !table && (
            <HistoryPlot model={model} faults={faults} width={width} label={describeOperations(model, t)} />
          )
        )}
      </div>
      {lens.frozenPane((kept) => (
        <HistoryPlot {...kept} width={width} label={describeOperations(kept.model, t)} />
      ))}
      <div className={table ? '' : 'visually-hidden'}>
        <OperationTable model={model} shown={table} />
      </div>
    </div>
  );
}

const tabs = ['board', 'history', 'isolation'] as const;
type Tab = (typeof tabs)[number];

/** The board is a table itself; only the history can be frozen. */
const withoutTools: Readonly<Record<Tab, readonly ('table' | 'filter' | 'frozen')[]>> = {
  board: ['table', 'frozen'],
  history: ['filter'],
  isolation: ['filter', 'frozen'],
};

function useChecks(lens: LensState<OperationsShown>): LensParts<OperationsShown> {
  const t = useT();
  const [tab, setTab] = useSpokenTab(tabs);
  const shown = useRef<OperationsShown | null>(null);
  const keepShown = useCallback((next: OperationsShown): void => {
    shown.current = next;
  }, []);
  const views: Readonly<Record<Tab, ReactNode>> = {
    board: <Board filter={lens.filter} />,
    history: <Operations lens={lens} onShown={keepShown} />,
    isolation: <IsolationTab table={lens.table} />,
  };
  return {
    keep: () => shown.current,
    description: t('checks.proof'),
    without: withoutTools[tab],
    body: (
      <Tabs.Root value={tab} onValueChange={setTab}>
        <Tabs.List className="tabs" aria-label={t('lens.checks')}>
          {tabs.map((each) => (
            <Tabs.Trigger key={each} value={each} className="tab">
              {t(`checks.${each}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Content key={each} value={each}>
            {views[each]}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    ),
  };
}

export const ChecksLens = defineLens<OperationsShown>({ legend: loadLegend, useParts: useChecks });
