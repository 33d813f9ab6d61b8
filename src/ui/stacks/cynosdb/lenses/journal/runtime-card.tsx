// The run-time information that a reader has of its writer (READ-6, READ-19): transactions, their least xid, relation locks.

import type { ReactNode } from 'react';
import type { TableView } from '../../../../../core/engine/buffer-view.ts';
import type { ReaderView } from '../../../../../core/reader/reader-view.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Fact } from '../../../../kit/fact.tsx';
import { groupDigits } from '../../../../kit/format.ts';
import { Muted, Section } from '../../../../lens/section.tsx';
import { relationName } from '../../../../model/page-name.ts';

/** Transactions listed. */
const listed = 16;

function nameOf(of: number, tables: readonly TableView[], t: Translate): string {
  for (const { name, relation, keyRelation, indexes } of tables) {
    if (relation === of) return name;
    if (keyRelation === of) return `${name}.key`;
    const index = indexes.find((one) => one.relation === of);
    if (index !== undefined) return index.name;
  }
  return relationName(of, t);
}

interface CardProps {
  readonly node: string;
  readonly runtime: ReaderView['runtime'];
  readonly tables: readonly TableView[];
}

export function RuntimeCard({ node, runtime, tables }: CardProps): ReactNode {
  const t = useT();
  const listOf = (values: readonly (string | number)[]): string =>
    values.length === 0
      ? t('journal.nobody')
      : [...values.slice(0, listed), ...(values.length > listed ? ['…'] : [])].join(t('list.comma'));
  return (
    <Section title={t('journal.runtime', { node })} className="px-4 pb-3">
      {runtime === null ? (
        <Muted>{t('journal.runtimeNone')}</Muted>
      ) : (
        <>
          <dl className="facts mono">
            <Fact label={t('journal.asOf')}>{groupDigits(runtime.asOfLsn)}</Fact>
            <Fact label={t('journal.active')}>{listOf(runtime.activeXids)}</Fact>
            <Fact label={t('journal.minXid')}>{groupDigits(runtime.minXid)}</Fact>
            <Fact label={t('journal.nextXid')}>{groupDigits(runtime.nextXid)}</Fact>
            <Fact label={t('journal.locks')}>
              {listOf(runtime.locks.map((relation) => nameOf(relation, tables, t)))}
            </Fact>
          </dl>
          <Muted>{t('journal.lockNote')}</Muted>
        </>
      )}
    </Section>
  );
}
