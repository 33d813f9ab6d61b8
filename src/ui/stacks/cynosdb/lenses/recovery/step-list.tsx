// The seven steps of a recovery as a list: what each came to or waits for, how long it took, and at the running one what
// blocks it with its way out. A step's name leads to the instant at which it began.

import { Check, Circle, LoaderCircle, type LucideIcon, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { time } from '../../../../../base/ids.ts';
import { useT } from '../../../../i18n/i18n.ts';
import { duration } from '../../../../kit/format.ts';
import { useLab } from '../../../../lab-context.ts';
import { joinNames } from '../../../../model/node-facts.ts';
import { WaysOut } from '../../../../story/blocked-line.tsx';
import { waysOut } from '../../../../story/wait-words.ts';
import { causesText, stepName, stepText } from './describe.ts';
import type { RecoveryModel, StepItem, StepState } from './project.ts';
import '../../../../../words/cynosdb/recovery.en.json';

const icons: Readonly<Record<StepState, readonly [icon: LucideIcon, className: string]>> = {
  done: [Check, 'text-ack'],
  running: [LoaderCircle, 'text-fence'],
  stopped: [X, 'text-fence'],
  open: [Circle, 'text-muted'],
};
const row =
  'grid grid-cols-[18px_40px_minmax(0,1fr)_auto] items-start gap-x-2 border-l-[3px] py-px pl-1 text-[13px] leading-4';
const stateKeys = {
  done: 'recovery.stepDone',
  running: 'recovery.stepRunning',
  stopped: 'recovery.stepStopped',
  open: 'recovery.stepOpen',
} as const;

/** What stops the recovery, and a button for each action that ends it. */
export function RecoveryBlock({ model }: { readonly model: RecoveryModel }): ReactNode {
  const t = useT();
  const causes = causesText(model, t);
  if (model.wait === null || causes.length === 0)
    return model.state === 'running' ? (
      <span className="block text-[12px] leading-4 text-muted">{t('recovery.goesOn')}</span>
    ) : null;
  const lines = waysOut([model.wait]);
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 py-0.5">
      <b className="font-semibold">{joinNames(causes, t)}</b>
      {lines.length === 0 ? (
        <span className="text-muted">{t('waits.noWay')}</span>
      ) : (
        lines.map((line) => <WaysOut key={line} lines={[line]} />)
      )}
    </span>
  );
}

function Step({ model, item }: { readonly model: RecoveryModel; readonly item: StepItem }): ReactNode {
  const t = useT();
  const lab = useLab();
  const { step, state, from, tookUs, need, of } = item;
  const [Icon, look] = icons[state];
  const name = stepName(item, t);
  return (
    <li
      data-step={step}
      data-state={state}
      {...(state === 'running' ? { 'aria-current': 'step' as const } : {})}
      className={`${row} ${state === 'running' ? 'border-fence bg-raised' : 'border-transparent'}`}
    >
      <Icon size={16} strokeWidth={2} className={look} role="img" aria-label={t(stateKeys[state])} />
      {from === null ? (
        <span className="text-muted" data-term={step.toLowerCase()}>
          {name}
        </span>
      ) : (
        <button
          type="button"
          className="text-left font-semibold underline decoration-dotted underline-offset-2"
          data-term={step.toLowerCase()}
          aria-label={t('recovery.goTo', { step: name })}
          onClick={() => void lab.seek(time(from + 1))}
        >
          {name}
        </button>
      )}
      <span className="min-w-0">
        <span className={`block ${state === 'open' ? 'text-muted' : ''}`}>
          {t(step === 'token' ? 'recovery.token' : `recovery.${step}`)}
        </span>
        {state !== 'open' && (
          <span className="mono block text-[12px] leading-4 text-muted">{stepText(model, item, t)}</span>
        )}
      </span>
      {tookUs === null ? (
        <span
          className="whitespace-nowrap text-right text-[12px] text-muted"
          title={stepText(model, item, t)}
        >
          {need === 0 ? '–' : t('recovery.needsShort', { need, of })}
        </span>
      ) : (
        <span className="mono whitespace-nowrap text-right text-[12px]">
          {tookUs === 0 ? '0 ms' : duration(tookUs)}
        </span>
      )}
      {state === 'running' && (
        <span className="col-span-2 col-start-3">
          <RecoveryBlock model={model} />
        </span>
      )}
    </li>
  );
}

export function StepList({ model }: { readonly model: RecoveryModel }): ReactNode {
  const t = useT();
  return (
    <ol aria-label={t('recovery.steps')}>
      {model.steps.map((item) => (
        <Step key={item.step} model={model} item={item} />
      ))}
    </ol>
  );
}
