// The writer and the readers of a volume in files, in outline, inspector and point of view (docs/spec/logindex.md §1).

import type { ReactNode } from 'react';
import type { ComputeView } from '../../../core/compute/compute-view.ts';
import { useT } from '../../i18n/i18n.ts';
import { Fact } from '../../kit/fact.tsx';
import { groupDigits, millis } from '../../kit/format.ts';
import { HeardFact } from '../../kit/heard-fact.tsx';
import { belief } from '../../model/knowledge.ts';
import { computeOf, metaOf } from '../../model/node-facts.ts';
import { OpenTransactions } from '../open-transactions.tsx';
import type { RoleDetails } from '../stack-ui.ts';
import { knownLsns } from './known-lsns.ts';
import '../../../words/polardb/role.en.json';
import '../../../words/model/summary.en.json';

const lsnText = (value: number): string => (value < 0 ? '–' : groupDigits(value));
const lsn = (value: number): ReactNode => <span className="mono">{lsnText(value)}</span>;

function Summary({ view, node }: { readonly view: ComputeView; readonly node: string }): ReactNode {
  const t = useT();
  const { buffer } = view;
  if (view.shared === undefined) return null;
  const shared = knownLsns(view.shared);
  const isRo = view.mode === 'ro';
  return (
    <dl className="facts">
      <Fact label={t('polar.step')}>{t(`polar.phase.${shared.phase}`)}</Fact>
      <Fact label="durableLsn">{lsn(shared.durableLsn)}</Fact>
      <Fact label="consistentLsn">{lsn(shared.consistentLsn)}</Fact>
      {isRo ? (
        <>
          <Fact label="applyLsn">{lsn(shared.applyLsn)}</Fact>
          <Fact label="bgReplayedLsn">{lsn(shared.bgReplayedLsn)}</Fact>
          <Fact label="readyLsn">{lsn(shared.readyLsn)}</Fact>
          <Fact label={t('polar.sum.lease')}>
            <span className="mono">{`${millis(shared.leaseEnd)} ms`}</span>
          </Fact>
        </>
      ) : (
        <>
          <Fact label="oldestApplyLsn">{lsn(shared.oldestApplyLsn)}</Fact>
          <Fact label={t('polar.sum.redo')}>{lsn(shared.redoLsn)}</Fact>
          <Fact label={t('polar.sum.gc')}>{lsn(shared.gcFloor)}</Fact>
          <Fact label={t('polar.unstored')}>{shared.dirty}</Fact>
          <Fact label={t('polar.sum.copied')}>{shared.copied}</Fact>
        </>
      )}
      <Fact label={t('polar.sum.head')}>{lsn(shared.headTx)}</Fact>
      <Fact label={t('polar.sum.buffer')}>{`${buffer.used} / ${buffer.limit}`}</Fact>
      <OpenTransactions of={node} />
      {shared.slots.map(({ reader, applyLsn, minUsedLsn }) => (
        <HeardFact key={reader} label={reader}>
          {t('polar.slotLine', { apply: groupDigits(applyLsn), used: groupDigits(minUsedLsn) })}
        </HeardFact>
      ))}
    </dl>
  );
}

export const sharedDetails: RoleDetails<ComputeView> = {
  role: 'compute',
  words({ mode, token, shared: view }, t) {
    if (view === undefined) return [];
    const shared = knownLsns(view);
    const durable = lsnText(shared.durableLsn);
    const apply = lsnText(shared.applyLsn);
    return [
      t(`polar.phase.${shared.phase}`),
      t('token.value', { token }),
      mode === 'ro'
        ? t('polar.tree.reader', {
            apply,
            durable,
            replayed: lsnText(shared.bgReplayedLsn),
            outdated: shared.outdated,
          })
        : t('polar.tree.writer', { durable, consistent: lsnText(shared.consistentLsn), dirty: shared.dirty }),
    ];
  },
  Summary,
  beliefs({ mode, token, shared }, other) {
    const meta = metaOf(other);
    const there = computeOf(other)?.shared;
    const slot = shared?.slots.find(({ reader }) => reader === other.id);
    return [
      ...(slot === undefined || there === undefined
        ? []
        : [belief('applyLsn', slot.applyLsn, there.applyLsn)]),
      ...(mode === 'ro' && there !== undefined && there.applyLsn < 0
        ? [
            belief('durableLsn', shared?.durableLsn ?? -1, there.durableLsn),
            belief('consistentLsn', shared?.consistentLsn ?? -1, there.consistentLsn),
          ]
        : []),
      ...(meta === null ? [] : [belief('token', token, meta.token)]),
    ];
  },
};
