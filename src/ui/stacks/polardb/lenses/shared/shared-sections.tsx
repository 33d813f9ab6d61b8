// Below the drawing of the lens "Pages: past and future": gates as figures, the readers' slots, and what happened to the chosen page.

import type { ReactNode } from 'react';
import { useT } from '../../../../i18n/i18n.ts';
import { groupDigits, millis } from '../../../../kit/format.ts';
import { Figure, Muted, Section } from '../../../../lens/section.tsx';
import { DataTable } from '../../../../plot/data-table.tsx';
import { hoverKey } from '../../../../selection/hover.ts';
import { holdText, lateText, lsnText, stepText } from './describe.ts';
import { type SharedModel, unstored } from './project.ts';
import { type PageStep, stepsUs } from './steps.ts';

export function Gates({ model }: { readonly model: SharedModel }): ReactNode {
  const t = useT();
  const { view, writer } = model;
  if (view === null) return null;
  const { durableLsn, oldestApplyLsn, consistentLsn, redoLsn, blocked } = view;
  const figures = [
    ['durableLsn', 'durableLsn', durableLsn, t('shared.figure.durable')],
    [
      'oldestApplyLsn',
      'oldestApplyLsn',
      oldestApplyLsn < 0 ? '–' : oldestApplyLsn,
      t(oldestApplyLsn < 0 ? 'shared.figure.noReader' : 'shared.figure.gate'),
    ],
    ['consistentLsn', 'consistentLsn', consistentLsn, t('shared.figure.consistent')],
    ['redoLsn', '', redoLsn, t('shared.figure.redo')],
    [t('shared.figure.blocked'), '', blocked, t('shared.figure.ofDirty', { count: unstored(model).length })],
  ] as const;
  return (
    <div className="marks">
      {figures.map(([label, term, value, note]) => (
        <Figure
          key={label}
          label={label}
          term={term}
          name={t('watermark.of', { mark: label, what: writer })}
          value={typeof value === 'number' && value < 0 ? '–' : value}
          note={note}
        />
      ))}
    </div>
  );
}

export function Slots({ model: { slots, view, writer } }: { readonly model: SharedModel }): ReactNode {
  const t = useT();
  const title = t('shared.readers', { writer });
  const durable = view?.durableLsn ?? 0;
  return (
    <Section title={title} scrolls>
      {slots.length === 0 ? (
        <Muted>{t('shared.slot.none')}</Muted>
      ) : (
        <DataTable
          label={title}
          rows={slots}
          keyOf={({ reader }) => reader}
          attributes={({ reader }) => ({
            'data-hover': hoverKey({ kind: 'node', id: reader }),
            'aria-label': reader,
          })}
          columns={[
            [t('shared.reader'), ({ reader }) => reader],
            [t('shared.slot.apply'), ({ applyLsn }) => groupDigits(applyLsn), 'n'],
            [t('shared.slot.behind'), ({ applyLsn }) => Math.max(0, durable - applyLsn), 'n'],
            [
              t('shared.slot.gate'),
              ({ applyLsn }) => (applyLsn === view?.oldestApplyLsn ? t('shared.slot.isGate') : '–'),
            ],
            [t('shared.slot.used'), ({ minUsedLsn }) => groupDigits(minUsedLsn), 'n'],
            [t('shared.slot.lease'), ({ leaseEnd }) => `${millis(leaseEnd)} ms`, 'n'],
          ]}
        />
      )}
    </Section>
  );
}

/** LI-64, LI-65: definitions that wait for readers; there is nothing of it where none does. */
export function Definitions({ model: { locks } }: { readonly model: SharedModel }): ReactNode {
  const t = useT();
  if (locks.length === 0) return null;
  return (
    <Section title={t('shared.locks')} scrolls>
      <DataTable
        label={t('shared.locks')}
        rows={locks}
        keyOf={({ key }) => key}
        attributes={({ reader }) => ({ 'data-hover': hoverKey({ kind: 'node', id: reader }) })}
        columns={[
          [t('shared.lock.statement'), ({ lock }) => lock.by?.text || '–', 'whitespace-normal'],
          [t('shared.lock.table'), ({ lock }) => lock.table || '–'],
          ['LSN', ({ lock }) => groupDigits(lock.lockLsn), 'n'],
          [t('shared.lock.since'), ({ lock }) => `${millis(lock.sinceUs)} ms`, 'n'],
          [t('shared.lock.for'), ({ reader }) => reader],
          [t('shared.lock.why'), (row) => holdText(row, t), 'whitespace-normal'],
          [t('shared.lock.late'), (row) => lateText(row, t), 'whitespace-normal'],
        ]}
      />
    </Section>
  );
}

export function Steps({
  steps,
  page,
  nameOf,
}: {
  readonly steps: readonly PageStep[];
  readonly page: string;
  readonly nameOf: (blockKey: number) => string;
}): ReactNode {
  const t = useT();
  const title = t('shared.steps', { page });
  return (
    <Section title={title} scrolls>
      {steps.length === 0 ? (
        <Muted>{t('shared.noSteps', { ms: stepsUs / 1000 })}</Muted>
      ) : (
        <DataTable
          label={title}
          rows={[...steps].reverse()}
          keyOf={({ key }) => key}
          attributes={({ node }) => ({ 'data-hover': hoverKey({ kind: 'node', id: node }) })}
          columns={[
            ['T', ({ mark }) => <b>{mark}</b>],
            [t('shared.step.time'), ({ at }) => millis(at), 'n'],
            [t('shared.step.node'), ({ node }) => node],
            [t('shared.step.what'), (step) => stepText(step, t, nameOf), 'whitespace-normal'],
          ]}
        />
      )}
    </Section>
  );
}

export const recordsText = (records: readonly number[]): string => records.map(lsnText).join(' › ');
