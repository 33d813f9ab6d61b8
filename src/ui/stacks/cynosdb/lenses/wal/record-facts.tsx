// The chosen record in words: kind, page, MTR, transaction, and the records before it by its three pointers (WAL-2).

import type { ReactNode } from 'react';
import type { RecordView } from '../../../../../core/log/record-view.ts';
import { selectLsn } from '../../../../../state/selection-store.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { Section } from '../../../../lens/section.tsx';
import { usePageNames } from '../../../../model/known-names.ts';
import type { WalModel } from './model.ts';
import { coveredBy } from './pointers.ts';
import '../../../../../words/cynosdb/wal.en.json';

interface PointerProps {
  readonly label: string;
  readonly lsn: number;
  readonly broken: boolean;
}

function Pointer({ label, lsn, broken }: PointerProps): ReactNode {
  const t = useT();
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {lsn < 0 ? (
          '–'
        ) : (
          <button type="button" className="mono underline" onClick={() => selectLsn(lsn)}>
            {lsn}
          </button>
        )}
        {broken && <b className="text-hole">{` ${t('walRecord.broken')}`}</b>}
      </dd>
    </>
  );
}

interface FactsProps {
  readonly model: WalModel;
  readonly record: RecordView;
}

export function RecordFacts({ model, record }: FactsProps): ReactNode {
  const t = useT();
  const nameOf = usePageNames('wal-names', [record.blockKey]);
  const runs = model.selected?.runs ?? [];
  const title = t('walRecord.title', { lsn: record.lsn });
  const isBroken = record.group === model.group && coveredBy(runs, record.prevGroup) === 'hole';
  return (
    <Section title={title}>
      <dl className="facts grid-cols-[auto_1fr_auto_1fr]">
        <dt>{t('walRecord.kind')}</dt>
        <dd className="mono">{`${record.kind}${record.commit ? ' COMMIT' : record.cpl ? ' CPL' : ''}`}</dd>
        <dt>{t('walRecord.page')}</dt>
        <dd className="mono">{`${nameOf(record.blockKey)} · ${record.group}`}</dd>
        <dt>MTR</dt>
        <dd className="mono">{record.mtrFirst}</dd>
        <dt>{t('walRecord.tx')}</dt>
        <dd className="mono">{record.tx ?? '–'}</dd>
        <Pointer label={t('walRecord.volume')} lsn={record.prevVolume} broken={false} />
        <Pointer label={t('walRecord.group')} lsn={record.prevGroup} broken={isBroken} />
        <Pointer label={t('walRecord.block')} lsn={record.prevBlock} broken={false} />
        <dt>{t('walRecord.term')}</dt>
        <dd className="mono">{record.term}</dd>
      </dl>
    </Section>
  );
}
