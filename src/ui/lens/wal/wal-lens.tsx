// Lens 4.1 on screen: scope bar, the volume's numbers as outputs, the plot with its table twin, the selected replica's
// status list, request ring and live requests, and the steps of a recovery.

import { Check, ChevronLeft, ChevronRight, Minus, Plus } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { MAX } from '../../../base/ids.ts';
import type { StoreGroupView } from '../../../core/view.ts';
import { useFrame } from '../../../state/frame-store.ts';
import { selectionStore, selectNode, useSelection } from '../../../state/selection-store.ts';
import { useT } from '../../i18n/i18n.ts';
import { Chip, IconButton } from '../../kit/button.tsx';
import { duration, groupDigits, rangeText } from '../../kit/format.ts';
import { Select } from '../../kit/select.tsx';
import { useViewNeeds } from '../../lab-context.ts';
import { LensFrame } from '../lens-frame.tsx';
import { useLensPlace } from '../lens-place.ts';
import { describeWal } from './describe.ts';
import { projectWal, type ReplicaRow, spanLimits, type WalModel } from './project.ts';
import { RecoverySteps } from './recovery-steps.tsx';
import { RequestRing } from './request-ring.tsx';
import { WalPlot } from './wal-plot.tsx';
import { WalTable } from './wal-table.tsx';

function useWidth(): readonly [ref: (element: HTMLElement | null) => void, width: number] {
  const [width, setWidth] = useState(640);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(320, Math.floor(entry.contentRect.width)));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}

interface LensScope {
  readonly span: number | null;
  readonly end: number | null;
  readonly table: boolean;
}

function useWalModel(scope: LensScope): WalModel | null {
  const cluster = useFrame((state) => state.cluster);
  const nodes = useFrame((state) => state.nodes);
  const commits = useFrame((state) => state.frame?.metrics.commits ?? 0);
  const group = useSelection((state) => state.group);
  const subject = useSelection((state) => state.subject);
  const replica = subject?.kind === 'node' ? subject.id : null;
  const { span, end } = scope;
  return useMemo(
    () => (cluster === null ? null : projectWal({ cluster, nodes, commits }, { group, span, end, replica })),
    [cluster, nodes, commits, group, replica, span, end],
  );
}

/** Up to this many LSNs the records themselves are shown. */
const recordSpan = 128;

/** Tells the lab how much of each list this lens shows: what is not on screen is not computed. */
function useViewParams(model: WalModel | null, scope: LensScope): void {
  const needs = useViewNeeds();
  const owner = `wal-${useLensPlace().place}`;
  const from = scope.end === null ? null : (model?.window[0] ?? null);
  const to = scope.end;
  const span = model === null ? spanLimits.least : model.window[1] - model.window[0];
  useEffect(() => {
    const lsnWindow = from === null || to === null ? null : ([from, to] as const);
    // Each record once per store: worth it while a record is wide enough to be seen.
    needs.set(owner, { lsnWindow, span, detail: span <= recordSpan });
    return () => needs.set(owner, null);
  }, [needs, owner, from, to, span]);
}

interface MarkProps {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly note: string;
}

function Mark({ name, label, value, note }: MarkProps): ReactNode {
  return (
    <div>
      <u>{label}</u>
      <output aria-live="off" aria-label={name} data-value={value}>
        {groupDigits(value)}
      </output>
      <s title={note}>{value < 0 ? '\u00a0' : note}</s>
    </div>
  );
}

function Marks({ model }: { readonly model: WalModel }): ReactNode {
  const t = useT();
  const { volume, group, vdl, vcl, pgcl, sgcl, tail, lal } = model;
  const of = (mark: string, what: string): string => t('watermark.of', { mark, what });
  return (
    <div className="marks">
      <Mark
        name={of('VDL', volume)}
        label="VDL"
        value={vdl}
        note={t('lens.acked', { count: model.commits })}
      />
      <Mark name={of('VCL', volume)} label="VCL" value={vcl} note={t('lens.atQuorum')} />
      <Mark
        name={of('PGCL', group)}
        label={`PGCL ${group}`}
        value={pgcl}
        note={t('lens.nthScl', { nth: model.quorum.vw, of: model.quorum.replicas })}
      />
      <Mark name={of('SGCL', group)} label={`SGCL ${group}`} value={sgcl} note="= PGCL" />
      <Mark
        name={of('tail', volume)}
        label={t('mark.tail')}
        value={tail}
        note={t('lens.aboveVdl', { count: Math.max(0, tail - vdl) })}
      />
      <Mark
        name={of('LAL', volume)}
        label={t('lens.lalLimit')}
        value={model.lalLimit}
        note={`VDL + ${lal}`}
      />
    </div>
  );
}

function ReplicaOutputs({
  rows,
  group,
}: {
  readonly rows: readonly ReplicaRow[];
  readonly group: string;
}): ReactNode {
  const t = useT();
  return (
    <div className="visually-hidden">
      {rows.flatMap((row) =>
        (['scl', 'ncl', 'nwl'] as const).map((key) => (
          <output
            key={`${row.node}${key}`}
            aria-live="off"
            aria-label={t('watermark.of', { mark: key.toUpperCase(), what: row.node })}
            data-group={group}
          >
            {row[key]}
          </output>
        )),
      )}
    </div>
  );
}

const chipLimit = 40;

function StatusList({ row, group }: { readonly row: ReplicaRow; readonly group: string }): ReactNode {
  const t = useT();
  const runs = row.list?.runs ?? [];
  const shown = runs.slice(-chipLimit);
  return (
    <section className="px-4" aria-label={t('lens.statusList', { node: row.node, group })}>
      <h3 className="heading">{t('lens.statusList', { node: row.node, group })}</h3>
      <div className="run-list">
        {shown.length < runs.length && (
          <span>{t('lens.moreRuns', { count: runs.length - shown.length })}</span>
        )}
        {shown.map((run) => (
          <span
            key={run.first}
            {...(run.type === 'hole' && (run.sent || (run.last < MAX && run.first <= row.nwl))
              ? { 'data-run': run.sent ? 'sent' : 'hole' }
              : {})}
          >
            {run.type === 'end' && run.first >= MAX ? 'MAX' : rangeText(run.first, run.last)}{' '}
            {run.type.toUpperCase()}
            {run.sent ? ` sent ${run.request ?? ''}` : ''}
          </span>
        ))}
      </div>
    </section>
  );
}

function Requests({ model, list }: { readonly model: WalModel; readonly list: StoreGroupView }): ReactNode {
  const t = useT();
  return (
    // Where both do not fit beside each other, who is asked stands above the ring.
    <div className="mt-1 flex flex-wrap-reverse items-end gap-4 px-4 pb-4">
      <section className="w-[184px] flex-none" aria-label={t('lens.ring')}>
        <h3 className="heading">{t('lens.ring')}</h3>
        <RequestRing list={list} />
      </section>
      <section className="min-w-[300px] flex-1" aria-label={t('lens.requests')}>
        <h3 className="heading">{t('lens.requests')}</h3>
        {list.requests.length === 0 ? (
          <p className="text-[12px] text-muted">{t('lens.noRequests')}</p>
        ) : (
          <table className="data-table">
            <thead>
              <tr>
                <th>{t('lens.request')}</th>
                <th>{t('lens.peer')}</th>
                <th>{t('lens.gap')}</th>
                <th className="n">{t('lens.position')}</th>
                <th className="n">{t('lens.age')}</th>
                <th className="n">{t('lens.attempt')}</th>
              </tr>
            </thead>
            <tbody>
              {list.requests.slice(0, 12).map((request) => (
                <tr key={request.id}>
                  <td className="mono">{`${request.id} (b${request.reqId[1]}, ${request.reqId[2]})`}</td>
                  <td>{request.peer}</td>
                  <td className="mono">{rangeText(request.gapFirst, request.gapLast)}</td>
                  <td className="n">{request.curGapPos}</td>
                  <td className="n">{`${(request.ageUs / 1000).toFixed(2)} / ${duration(request.limitUs)}`}</td>
                  <td className="n">{request.attempt}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {model.blocked.slice(0, 3).map(({ range, limit }) => (
          <p key={range[0]} className="mt-1.5 text-[12px] leading-4">
            <b className="text-hole">{t('lens.notAsked', { range: rangeText(range[0], range[1]) })}</b>{' '}
            <span className="text-muted">
              {t('lens.notAskedWhy', { limit, node: model.selected?.node ?? '' })}
            </span>
          </p>
        ))}
      </section>
    </div>
  );
}

interface ScopeBarProps {
  readonly model: WalModel;
  readonly scope: LensScope;
  readonly onScope: (change: Partial<LensScope>) => void;
}

function ScopeBar({ model, scope, onScope }: ScopeBarProps): ReactNode {
  const t = useT();
  const { replicas, vw, vr } = model.quorum;
  const span = model.window[1] - model.window[0];
  const follows = scope.span === null && scope.end === null;
  return (
    <div className="scope-bar">
      <Select
        label={t('lens.group')}
        value={model.group}
        options={model.groups.map((group) => ({ value: group, label: group }))}
        onChange={(group) => selectionStore.setState({ group })}
      />
      <span className="mono text-muted @max-[520px]:hidden">{`${replicas}/${vw}/${vr}`}</span>
      <span className="flex items-center gap-1">
        <IconButton
          small
          look="line"
          icon={Minus}
          label={t('lens.wider')}
          disabled={span >= 8192}
          onClick={() => onScope({ span: span * 2 })}
        />
        <span className="mono min-w-14 text-center">{t('lens.span', { count: span })}</span>
        <IconButton
          small
          look="line"
          icon={Plus}
          label={t('lens.narrower')}
          disabled={span <= 16}
          onClick={() => onScope({ span: Math.max(16, Math.floor(span / 2)) })}
        />
      </span>
      <span className="flex items-center gap-1">
        <IconButton
          small
          look="line"
          icon={ChevronLeft}
          label={t('lens.earlier')}
          disabled={model.window[0] === 0}
          onClick={() => onScope({ span, end: Math.max(span, model.window[1] - Math.ceil(span / 2)) })}
        />
        <IconButton
          small
          look="line"
          icon={ChevronRight}
          label={t('lens.later')}
          disabled={follows}
          onClick={() => {
            const end = model.window[1] + Math.ceil(span / 2);
            onScope(end > model.tail ? { span: null, end: null } : { span, end });
          }}
        />
      </span>
      <span className="flex-1" />
      {model.mode === null ? (
        <Chip>{t('lens.normal')}</Chip>
      ) : (
        <Chip hue="fence" solid>
          {t('lens.recoveryMode', { token: model.mode.token, maxNwl: groupDigits(model.mode.maxNwl ?? -1) })}
        </Chip>
      )}
      <button
        type="button"
        className="field field-small"
        aria-pressed={follows}
        onClick={() => onScope(follows ? { span, end: model.window[1] } : { span: null, end: null })}
      >
        <Check size={16} strokeWidth={1.75} aria-hidden="true" className={follows ? '' : 'invisible'} />
        {t('lens.follow')}
      </button>
    </div>
  );
}

export function WalLens(): ReactNode {
  const t = useT();
  const [scope, setScope] = useState<LensScope>({ span: null, end: null, table: false });
  const [ref, width] = useWidth();
  const model = useWalModel(scope);
  useViewParams(model, scope);
  if (model === null) return null;
  return (
    <LensFrame
      table={scope.table}
      onTable={(table) => setScope({ ...scope, table })}
      description={describeWal(model, t)}
    >
      <ScopeBar model={model} scope={scope} onScope={(change) => setScope({ ...scope, ...change })} />
      <Marks model={model} />
      <ReplicaOutputs rows={model.rows} group={model.group} />
      <div className="px-4 pt-1.5">
        <div ref={ref}>{!scope.table && <WalPlot model={model} width={width} onReplica={selectNode} />}</div>
        <WalTable model={model} shown={scope.table} />
      </div>
      {model.recovery !== null && (
        <RecoverySteps recovery={model.recovery} writer={model.writer?.node ?? ''} />
      )}
      {model.selected !== null && <StatusList row={model.selected} group={model.group} />}
      {model.selected?.list && <Requests model={model} list={model.selected.list} />}
    </LensFrame>
  );
}
