// One LSN: which replica has it durable, which lacks it, whether it is at its write quorum, and the record itself.

import { type ReactNode, useEffect } from 'react';
import type { RecordView } from '../../core/log/record-view.ts';
import type { StoreGroupView } from '../../core/log-store/store-view.ts';
import type { WorldFrame } from '../../run-model/picture/frame.ts';
import { useFrame } from '../../state/frame-store.ts';
import { findRecord, groupsOf } from '../../state/highlight.ts';
import { relight, select, selectNode, useSelection } from '../../state/selection-store.ts';
import type { ViewNeed } from '../../state/view-needs.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, EmptyState } from '../kit/button.tsx';
import { Fact } from '../kit/fact.tsx';
import { groupDigits } from '../kit/format.ts';
import { useViewNeeds } from '../lab-context.ts';
import { lensFor } from '../lens/registry.ts';
import { usePageNames } from '../model/known-names.ts';
import { storeOf } from '../model/node-facts.ts';
import { showLens } from '../model/show-lens.ts';
import { clusterOf } from '../model/volumes.ts';
import { DataTable } from '../plot/data-table.tsx';
import '../../words/inspector.en.json';

/** LSNs that a card's strip shows. */
const newestSpan = 32;

type Holding = 'durable' | 'hole' | 'holeSent' | 'notYet' | 'below';

function holdingOf(group: StoreGroupView, lsn: number): Holding {
  const run = group.runs.find(({ first, end }) => first <= lsn && lsn < end);
  if (lsn > group.nwl) return 'notYet';
  if (run === undefined) return lsn < (group.runs[0]?.first ?? 0) ? 'below' : 'notYet';
  if (run.type !== 'hole') return 'durable';
  return run.sent ? 'holeSent' : 'hole';
}

export interface LsnModel {
  readonly record: RecordView | null;
  readonly group: string | null;
  readonly holders: readonly { readonly node: string; readonly holding: Holding }[];
  readonly durable: number;
  readonly vw: number;
}

/** What the cluster knows of one LSN; the group is the record's own, found wherever the record is shown. */
export function projectLsn(frame: WorldFrame, lsn: number, volume: string | null): LsnModel {
  const record = findRecord(frame, lsn, groupsOf(frame, volume));
  const group = record?.group ?? null;
  const holders = frame.nodes.flatMap((node) =>
    (storeOf(node)?.groups ?? [])
      .filter((own) => own.group === group)
      .map((own) => ({ node: node.id, holding: holdingOf(own, lsn) })),
  );
  const nodes = Object.fromEntries(frame.nodes.map((node) => [node.id, node]));
  const spec = clusterOf(frame.cluster, nodes, volume).groups.find(({ id }) => id === group);
  return {
    record,
    group,
    holders,
    durable: holders.filter(({ holding }) => holding === 'durable').length,
    vw: spec?.vw ?? 0,
  };
}

/** One LSN wherever it lies, and the newest ones: the strips of the cards go on showing theirs. */
export const lsnNeeds = (lsn: number): readonly ViewNeed[] => [
  { lsnWindow: [lsn, lsn + 1], detail: true },
  { lsnWindow: null, span: newestSpan },
];

/** Requests the record, and highlights what it is about once a picture has it. */
function useRecordRequest(lsn: number, isKnown: boolean): void {
  const needs = useViewNeeds();
  useEffect(() => {
    const wanted = lsnNeeds(lsn);
    for (const [i, need] of wanted.entries()) needs.set(`inspector-lsn-${i}`, need);
    return () => {
      for (const i of wanted.keys()) needs.set(`inspector-lsn-${i}`, null);
    };
  }, [needs, lsn]);
  useEffect(() => {
    if (isKnown) relight({ kind: 'lsn', lsn });
  }, [lsn, isKnown]);
}

export function LsnFacts({ lsn }: { readonly lsn: number }): ReactNode {
  const t = useT();
  const frame = useFrame((state) => state.frame);
  const volume = useSelection((state) => state.volume);
  const model = frame === null ? null : projectLsn(frame, lsn, volume);
  const record = model?.record ?? null;
  useRecordRequest(lsn, record !== null);
  const nameOf = usePageNames('inspector-names', record === null ? [] : [record.blockKey]);
  if (model === null) return null;
  const { holders, durable, vw } = model;
  if (record === null) return <EmptyState>{t('lsn.none')}</EmptyState>;
  const counts = { count: durable, replicas: holders.length };
  return (
    <div className="px-4 py-3">
      <dl className="facts">
        <Fact label={t('log.kind')}>
          <span className="mono">{record.kind}</span>
        </Fact>
        <Fact label={t('lens.group')}>{record.group}</Fact>
        <Fact label={t('log.page')}>
          <button
            type="button"
            className="mono min-h-6 underline-offset-2 hover:underline"
            onClick={() => select({ kind: 'page', group: record.group, blockKey: record.blockKey })}
          >
            {nameOf(record.blockKey)}
          </button>
        </Fact>
        <Fact label={t('log.mtr')}>
          <span className="mono">{`${groupDigits(record.mtrFirst)}${record.cpl ? ' · CPL' : ''}${record.commit ? ' · COMMIT' : ''}`}</span>
        </Fact>
        <Fact label={t('lsn.prev')}>
          {t('lsn.chains', { volume: record.prevVolume, group: record.prevGroup, block: record.prevBlock })}
        </Fact>
      </dl>
      <h3 className="heading">{t('lsn.where')}</h3>
      <p className={durable >= vw ? 'text-ack' : 'text-hole'}>
        {durable >= vw ? t('lsn.certain', counts) : t('lsn.short', { ...counts, vw })}
      </p>
      <DataTable
        rows={holders}
        keyOf={({ node }) => node}
        columns={[
          [
            t('lsn.holder'),
            ({ node }) => (
              <button
                type="button"
                className="min-h-6 min-w-6 font-semibold underline-offset-2 hover:underline"
                onClick={() => selectNode(node)}
              >
                {node}
              </button>
            ),
          ],
          [
            t('lsn.state'),
            ({ holding }) => t(`lsn.${holding}`),
            ({ holding }) => (holding === 'durable' ? 'text-ack' : 'text-hole'),
          ],
        ]}
      />
      <Button small look="line" className="mt-3" onClick={() => showLens(lensFor('lsn')?.id ?? null)}>
        {t('lsn.show')}
      </Button>
    </div>
  );
}
