// A read of the page at a point, step by step: base, apply, apply, stop (WAL-35). What stands below each step is what the
// page says after it.

import { type ReactNode, useState } from 'react';
import { selectLsn } from '../../../../../state/selection-store.ts';
import { type Translate, useT } from '../../../../i18n/i18n.ts';
import { Section, Stepper } from '../../../../lens/section.tsx';
import { readPage } from '../../../../model/page-content.ts';
import { changeText, hindranceText, valuesText } from './describe.ts';
import type { PagesModel } from './project.ts';
import type { ReplayStep } from './replay.ts';

const stepText = ({ kind, lsn }: ReplayStep, t: Translate): string => {
  if (kind === 'base') return t('pages.stepBase', { lsn });
  return t(kind === 'apply' ? 'pages.stepApply' : 'pages.stepStop', { lsn });
};

/** Slots that a step's record made or ended, else none. */
function touched({ change }: ReplayStep): readonly number[] {
  if (change === null) return [];
  const slots: number[] = [];
  if ('slot' in change && change.kind !== 'link') slots.push(change.slot);
  if ('from' in change) slots.push(change.from);
  return change.kind === 'prune' ? change.slots : slots;
}

function After({ model, step }: { readonly model: PagesModel; readonly step: ReplayStep }): ReactNode {
  const t = useT();
  if (step.page === null) return <p className="text-[12px] text-muted">{t('pages.onDisk')}</p>;
  const content = readPage(step.page, model.table);
  if (content.kind !== 'heap') return null;
  const slots = touched(step);
  const rows = content.slots.filter(({ slot }) => slots.length === 0 || slots.includes(slot)).slice(0, 8);
  return (
    <ul className="run-list">
      {rows.map((row) => (
        <li key={row.slot}>{`#${row.slot} ${valuesText(row, t)}${row.xmax === 0 ? '' : ` †${row.xmax}`}`}</li>
      ))}
    </ul>
  );
}

export function ReplaySteps({ model }: { readonly model: PagesModel }): ReactNode {
  const t = useT();
  const [chosen, setChosen] = useState<number | null>(null);
  const { steps, read, store } = model;
  const at = Math.min(chosen ?? steps.length - 1, steps.length - 1);
  const step = steps[at];
  const title = t('pages.replay', { store, at: read?.at ?? model.asked.at ?? t('pages.newest') });
  return (
    <Section
      className="px-4 pb-3"
      title={title}
      tools={
        <Stepper
          at={at}
          count={steps.length}
          names={[t('pages.stepBefore'), t('pages.stepAfter'), t('pages.step')]}
          onStep={setChosen}
        />
      }
    >
      {step === undefined ? (
        <p className={`text-[13px] ${model.reading === 'refused' ? 'text-fence' : 'text-muted'}`}>
          {hindranceText(model, t) ?? t('pages.noRead')}
        </p>
      ) : (
        <>
          <ol className="flex flex-wrap items-center gap-1 pb-1 text-[12px]">
            {steps.map((each, i) => (
              <li key={`${each.kind}${each.lsn}`}>
                <button
                  type="button"
                  className={`chip mono ${i === at ? 'font-bold text-text' : ''}`}
                  aria-pressed={i === at}
                  onClick={() => setChosen(i)}
                >
                  {each.kind === 'base'
                    ? t('pages.stepBase', { lsn: each.lsn })
                    : each.kind === 'stop'
                      ? `| ${each.lsn}`
                      : each.lsn}
                </button>
              </li>
            ))}
          </ol>
          <p className="pb-1 text-[13px] leading-5">
            <b>{stepText(step, t)}</b> {step.change !== null && changeText(step.change, t)}{' '}
            {step.record !== null && (
              <button type="button" className="min-h-6 min-w-6 underline" onClick={() => selectLsn(step.lsn)}>
                {`MTR ${step.record.mtrFirst}`}
              </button>
            )}
          </p>
          <After model={model} step={step} />
        </>
      )}
    </Section>
  );
}
