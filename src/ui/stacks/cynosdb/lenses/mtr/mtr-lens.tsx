// Lens 4.2 on screen: watermarks, the strip with the table beside it, the chosen MTR, what is held back by what.

import { type ReactNode, useMemo } from 'react';
import { useFrame } from '../../../../../state/frame-store.ts';
import { isLitRange } from '../../../../../state/highlight.ts';
import {
  type LsnRange,
  select,
  useSelection,
  useSelectionScope,
} from '../../../../../state/selection-store.ts';
import { inFlight } from '../../../../canvas/flight-fate.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { EmptyState } from '../../../../kit/button.tsx';
import { useAckedNote } from '../../../../lens/acked-note.ts';
import { defineLens, type LensParts, type LensState, PlotArea } from '../../../../lens/define-lens.tsx';
import { useLensNeed, useLensSource } from '../../../../lens/lens-need.ts';
import { Figure, FollowButton, Section, WindowButtons } from '../../../../lens/section.tsx';
import { useSpokenScope, windowOver } from '../../../../lens/spoken-scope.ts';
import { VolumeChoice } from '../../../../lens/volume-choice.tsx';
import { usePageNames } from '../../../../model/known-names.ts';
import { aboveText, vdlNote } from '../wal/log-notes.ts';
import { composition, describeMtr, mtrMatches, mtrName, stateText } from './describe.ts';
import { mtrLegend } from './legend.ts';
import { MtrPlot } from './mtr-plot.tsx';
import { Blocked, Buffers, Groups, Sessions, Waiting } from './mtr-sections.tsx';
import { MtrTable } from './mtr-table.tsx';
import { type MtrItem, type MtrModel, type MtrParams, mtrNeed, projectMtr } from './project.ts';
import { useLogEvents } from './use-log-events.ts';

const spans = { least: 8, usual: 32, most: 256 } as const;
const usualScope: MtrParams = { span: spans.usual, end: null };
const scopeOver = (spoken: LsnRange): MtrParams => windowOver(spoken, spans.usual, spans.most);

interface ScopeBarProps {
  readonly model: MtrModel;
  readonly scope: MtrParams;
  readonly onScope: (change: Partial<MtrParams>) => void;
}

function ScopeBar({ model, scope, onScope }: ScopeBarProps): ReactNode {
  const t = useT();
  const { span, end } = scope;
  const step = Math.ceil(span / 2);
  const later = model.window[1] + step;
  return (
    <div className="scope-bar">
      <VolumeChoice />
      <span className="mono text-muted">{model.volume}</span>
      <span className="flex items-center gap-1">
        <WindowButtons
          span={span}
          limits={[spans.least, spans.most]}
          names={[t('mtr.wider'), t('mtr.narrower'), t('mtr.earlier'), t('mtr.later')]}
          isFirst={model.window[0] === 0}
          isNewest={end === null}
          onWider={() => onScope({ span: span * 2 })}
          onNarrower={() => onScope({ span: span / 2 })}
          onEarlier={() => onScope({ end: Math.max(span, model.window[1] - step) })}
          onLater={() => onScope({ end: later > model.tail + 2 ? null : later })}
        />
      </span>
      <span className="flex-1" />
      <FollowButton
        on={end === null}
        onToggle={() => onScope({ end: end === null ? model.window[1] : null })}
      />
    </div>
  );
}

function Numbers({ model }: { readonly model: MtrModel }): ReactNode {
  const t = useT();
  const acked = useAckedNote();
  const { writer, vdl, vcl, nextCpl, tail, base, lalLimit, lal } = model;
  const recovering = model.isRecovering ? { node: writer, vdl } : null;
  const figures = [
    ['VDL', 'VDL', vdl, vdlNote(recovering, acked, t)],
    ['VCL', 'VCL', vcl, t('lens.atQuorum')],
    ['CPL', t('mtr.nextCpl'), nextCpl, t('mtr.nextCplNote')],
    ['tail', t('mark.tail'), tail, aboveText(model, Math.max(0, tail - Math.max(vdl, base)), t)],
    ['LAL', t('lens.lalLimit'), lalLimit, aboveText(model, lal, t)],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([mark, label, value, note]) => (
        <Figure
          key={mark}
          label={label}
          term={mark.toLowerCase()}
          name={t('watermark.of', { mark, what: model.volume })}
          value={value}
          note={note}
        />
      ))}
    </div>
  );
}

function Chosen({ item }: { readonly item: MtrItem }): ReactNode {
  const t = useT();
  const flights = inFlight(
    useFrame((state) => state),
    null,
  );
  const keys = [...new Set(item.cells.map(({ blockKey }) => blockKey).filter((key) => key >= 0))];
  const pages = keys.map(usePageNames('mtr-names', keys));
  const messages = flights.filter(
    ({ label }) => label.range !== null && label.range[0] < item.last && item.first < label.range[1],
  );
  return (
    <Section title={mtrName(item, t)}>
      <dl className="facts">
        <dt>{t('mtr.tx')}</dt>
        <dd>{item.tx ?? t('mtr.engine')}</dd>
        <dt>{t('mtr.groups')}</dt>
        <dd>{composition(item)}</dd>
        <dt>{t('mtr.state')}</dt>
        <dd>{stateText(item.state, t)}</dd>
        <dt>{t('mtr.pages')}</dt>
        <dd className="mono">{pages.length === 0 ? t('mtr.dropped') : pages.join(t('list.comma'))}</dd>
        <dt>{t('mtr.messages')}</dt>
        <dd>{t('mtr.messageCount', { count: messages.length })}</dd>
      </dl>
    </Section>
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

/** Why there is no MTR in the window. */
const emptyKey = ({ isLoaded, tail }: MtrModel): 'loading' | 'mtr.none' | 'mtr.noneHere' =>
  !isLoaded ? 'loading' : tail < 0 ? 'mtr.none' : 'mtr.noneHere';

function useMtr(lens: LensState<MtrModel>): LensParts<MtrModel> | null {
  const { filter, table, width } = lens;
  const t = useT();
  const [scope, setScope] = useSpokenScope(usualScope, scopeOver);
  const source = useLensSource();
  const selectionScope = useSelectionScope();
  const { cluster, nodes } = source ?? {};
  const events = useLogEvents(cluster?.volume ?? '');
  const model = useMemo(
    () =>
      cluster === undefined || nodes === undefined ? null : projectMtr({ cluster, nodes, events }, scope),
    [cluster, nodes, events, scope],
  );
  const chosen = useChosen(model);
  useLensNeed({ ...mtrNeed(model, scope), detail: true, log: true });
  if (model === null) return null;
  const isLit = (item: MtrItem): boolean =>
    item.cells.some(({ group }) => isLitRange(selectionScope, item.first, item.last, group)) &&
    mtrMatches(item, filter);
  const plot = { width, chosen: chosen?.first ?? null, isLit, onChoose: chooseMtr };
  return {
    keep: () => model,
    description: describeMtr(model, t),
    hits: model.mtrs.filter((item) => mtrMatches(item, filter)).length,
    body: (
      <>
        <ScopeBar model={model} scope={scope} onScope={(change) => setScope({ ...scope, ...change })} />
        <Numbers model={model} />
        <PlotArea
          state={lens}
          drawing={model.mtrs.length > 0 && <MtrPlot model={model} {...plot} />}
          still={(kept) => <MtrPlot model={kept} width={width} />}
        >
          <MtrTable model={model} shown={table} filter={filter} onChoose={chooseMtr} />
          {model.mtrs.length === 0 && <EmptyState>{t(emptyKey(model))}</EmptyState>}
        </PlotArea>
        <Blocked model={model} />
        {chosen !== null && <Chosen item={chosen} />}
        <Waiting model={model} />
        <Groups model={model} />
        <Buffers model={model} />
        <Sessions model={model} />
      </>
    ),
  };
}

export const MtrLens = defineLens<MtrModel>({ legend: mtrLegend, useParts: useMtr });
