// Lens 4.2 on screen: watermarks, the strip with its table twin, the chosen MTR, what is held back by what.

import { ChevronLeft, ChevronRight, Minus, Plus } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useFrame } from '../../../state/frame-store.ts';
import { isLitRange } from '../../../state/highlight.ts';
import { select, useAbout, useSelection } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { EmptyState, IconButton, TickBox } from '../../kit/button.tsx';
import { groupDigits } from '../../kit/format.ts';
import { usePageNames } from '../../model/known-names.ts';
import { FrozenPane, useFrozen } from '../frozen.tsx';
import { LensFrame } from '../lens-frame.tsx';
import { useLensNeed, useLensSource } from '../lens-need.ts';
import { useWidth } from '../use-size.ts';
import { VolumeChoice } from '../volume-choice.tsx';
import { composition, describeMtr, mtrMatches, mtrName, stateText } from './describe.ts';
import { mtrMarks } from './marks.ts';
import { MtrPlot } from './mtr-plot.tsx';
import { Blocked, Buffers, Groups, Sessions, Waiting } from './mtr-sections.tsx';
import { MtrTable } from './mtr-table.tsx';
import { type MtrItem, type MtrModel, type MtrParams, projectMtr } from './project.ts';
import { useTold } from './use-told.ts';

const spans = { least: 8, usual: 32, most: 256 } as const;

function ScopeBar({
  model,
  scope,
  onScope,
}: {
  readonly model: MtrModel;
  readonly scope: MtrParams;
  readonly onScope: (change: Partial<MtrParams>) => void;
}): ReactNode {
  const t = useT();
  const { span, end } = scope;
  const step = Math.ceil(span / 2);
  const later = model.window[1] + step;
  return (
    <div className="scope-bar">
      <VolumeChoice />
      <span className="mono text-muted">{model.volume}</span>
      <span className="flex items-center gap-1">
        <IconButton
          small
          look="line"
          icon={Minus}
          label={t('mtr.wider')}
          disabled={span >= spans.most}
          onClick={() => onScope({ span: span * 2 })}
        />
        <span className="mono min-w-14 text-center">{t('lens.span', { count: span })}</span>
        <IconButton
          small
          look="line"
          icon={Plus}
          label={t('mtr.narrower')}
          disabled={span <= spans.least}
          onClick={() => onScope({ span: span / 2 })}
        />
        <IconButton
          small
          look="line"
          icon={ChevronLeft}
          label={t('mtr.earlier')}
          disabled={model.window[0] === 0}
          onClick={() => onScope({ end: Math.max(span, model.window[1] - step) })}
        />
        <IconButton
          small
          look="line"
          icon={ChevronRight}
          label={t('mtr.later')}
          disabled={end === null}
          onClick={() => onScope({ end: later > model.tail + 2 ? null : later })}
        />
      </span>
      <span className="flex-1" />
      <button
        type="button"
        className="field field-small"
        aria-pressed={end === null}
        onClick={() => onScope({ end: end === null ? model.window[1] : null })}
      >
        <TickBox on={end === null} />
        {t('lens.follow')}
      </button>
    </div>
  );
}

function Numbers({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  const { volume } = model;
  const commits = useFrame((state) => state.frame?.metrics.commits ?? 0);
  const rows = [
    ['VDL', model.vdl, t('lens.acked', { count: commits })],
    ['VCL', model.vcl, t('lens.atQuorum')],
    ['CPL', model.nextCpl, t('mtr.nextCplNote')],
    ['tail', model.tail, t('lens.aboveVdl', { count: Math.max(0, model.tail - model.vdl) })],
    ['LAL', model.lalLimit, `VDL + ${model.lal}`],
  ] as const;
  return (
    <div className="marks">
      {rows.map(([mark, value, note]) => (
        <div key={mark}>
          <u>
            {mark === 'tail'
              ? t('mark.tail')
              : mark === 'LAL'
                ? t('lens.lalLimit')
                : mark === 'CPL'
                  ? t('mtr.nextCpl')
                  : mark}
          </u>
          <output aria-live="off" aria-label={t('watermark.of', { mark, what: volume })}>
            {groupDigits(value)}
          </output>
          <s>{value < 0 ? '\u00a0' : note}</s>
        </div>
      ))}
    </div>
  );
}

function Chosen({ item }: { readonly item: MtrItem }): ReactNode {
  const t = useT();
  const flights = useFrame((state) => state.frame?.flights);
  const keys = [...new Set(item.cells.map(({ blockKey }) => blockKey).filter((key) => key >= 0))];
  const pages = keys.map(usePageNames('mtr-names', keys));
  const messages = (flights ?? []).filter(
    ({ label }) => label.range !== null && label.range[0] < item.last && item.first < label.range[1],
  );
  return (
    <section className="px-4 pb-2" aria-label={mtrName(item, t)}>
      <h3 className="heading">{mtrName(item, t)}</h3>
      <dl className="facts">
        <dt>{t('mtr.tx')}</dt>
        <dd>{item.tx ?? t('mtr.engine')}</dd>
        <dt>{t('mtr.groups')}</dt>
        <dd>{composition(item)}</dd>
        <dt>{t('mtr.state')}</dt>
        <dd>{stateText(item.state, t)}</dd>
        <dt>{t('mtr.pages')}</dt>
        <dd className="mono">{pages.length === 0 ? t('mtr.dropped') : pages.join(', ')}</dd>
        <dt>{t('mtr.messages')}</dt>
        <dd>{t('mtr.messageCount', { count: messages.length })}</dd>
      </dl>
    </section>
  );
}

const chooseMtr = ({ first, last }: MtrItem): void => select({ kind: 'mtr', first, last });

/** First LSN of the MTR that is selected, by itself or by one of its records. */
function useChosen(model: MtrModel | null): MtrItem | null {
  const lsn = useSelection(({ subject }) => {
    if (subject?.kind === 'mtr') return subject.first;
    return subject?.kind === 'lsn' ? subject.lsn : null;
  });
  if (lsn === null) return null;
  return model?.mtrs.find(({ first, last }) => first <= lsn && lsn < last) ?? null;
}

export function MtrLens(): ReactNode {
  const t = useT();
  const [scope, setScope] = useState<MtrParams>({ span: spans.usual, end: null });
  const [table, setTable] = useState(false);
  const [filter, setFilter] = useState('');
  const [ref, width] = useWidth();
  const source = useLensSource();
  const about = useAbout();
  const { cluster, nodes } = source ?? {};
  const told = useTold(cluster?.groups.map(({ id }) => id) ?? []);
  const model = useMemo(
    () => (cluster === undefined || nodes === undefined ? null : projectMtr({ cluster, nodes, told }, scope)),
    [cluster, nodes, told, scope],
  );
  const frozen = useFrozen(model);
  const chosen = useChosen(model);
  const lsnWindow = scope.end === null ? null : ([scope.end - scope.span, scope.end] as const);
  useLensNeed({ lsnWindow, span: Math.max(64, scope.span), detail: true, log: true });
  if (model === null) return null;
  const isLit = (item: MtrItem): boolean =>
    item.cells.some(({ group }) => isLitRange(about, item.first, item.last, group)) &&
    mtrMatches(item, filter);
  return (
    <LensFrame
      table={table}
      onTable={setTable}
      filter={filter}
      onFilter={setFilter}
      frozen={frozen.kept !== null}
      onFreeze={frozen.toggle}
      marks={mtrMarks}
      description={describeMtr(model, t)}
    >
      <ScopeBar model={model} scope={scope} onScope={(change) => setScope({ ...scope, ...change })} />
      <Numbers model={model} />
      <div className="px-4 pt-1.5 pb-2">
        <div ref={ref}>
          {!table && model.mtrs.length > 0 && (
            <MtrPlot
              model={model}
              width={width}
              chosen={chosen?.first ?? null}
              isLit={isLit}
              onChoose={chooseMtr}
            />
          )}
          <FrozenPane frozen={frozen}>{(kept) => <MtrPlot model={kept} width={width} />}</FrozenPane>
        </div>
        <MtrTable
          model={model}
          shown={table}
          isShown={(item) => mtrMatches(item, filter)}
          onChoose={chooseMtr}
        />
        {model.mtrs.length === 0 && <EmptyState>{t('mtr.none')}</EmptyState>}
      </div>
      <Blocked model={model} />
      {chosen !== null && <Chosen item={chosen} />}
      <Waiting model={model} />
      <Groups model={model} />
      <Buffers model={model} />
      <Sessions model={model} />
    </LensFrame>
  );
}
