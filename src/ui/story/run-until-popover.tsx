// "Run until …": the usual ends as buttons, a condition or a virtual time as text. A condition that cannot be read says
// where it goes wrong; what it may begin with is offered from the tables that it is read with.

import { Popover } from 'radix-ui';
import { type FormEvent, type ReactElement, type ReactNode, useId, useState } from 'react';
import { conditionStarts } from '../../run-model/facts/condition.ts';
import { gauges } from '../../stacks/gauges.ts';
import { presets } from '../../stacks/presets.ts';
import { trace } from '../../stacks/trace.ts';
import { closeRunUntil } from '../../state/run-until-store.ts';
import { useT } from '../i18n/i18n.ts';
import { factFaultText } from '../i18n/refusal-text.ts';
import { Button } from '../kit/button.tsx';
import { showToast } from '../kit/toast.ts';
import { useLab } from '../lab-context.ts';
import { usualEnds } from './run-until-ends.ts';
import { timeFault } from './until-words.ts';

function Field({
  label,
  hint,
  numeric = false,
  choices = [],
  error,
  onRun,
}: {
  readonly label: string;
  readonly hint: string;
  readonly numeric?: boolean;
  readonly choices?: readonly string[];
  readonly error: string;
  readonly onRun: (text: string) => void;
}): ReactNode {
  const t = useT();
  const id = useId();
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') onRun(text.trim());
  };
  return (
    <form className="px-2 pt-2" onSubmit={submit}>
      <label htmlFor={id} className="text-[12px] text-muted">
        {label}
      </label>
      <div className="flex items-center gap-2">
        <span className="field min-w-0 flex-1">
          <input
            id={id}
            value={text}
            inputMode={numeric ? 'decimal' : 'text'}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error !== ''}
            aria-describedby={`${id}-hint`}
            list={choices.length === 0 ? undefined : `${id}-choices`}
            className="mono w-full"
            onChange={(event) => setText(event.target.value)}
          />
          {choices.length > 0 && (
            <datalist id={`${id}-choices`}>
              {choices.map((choice) => (
                <option key={choice} value={choice} />
              ))}
            </datalist>
          )}
        </span>
        <Button small look="line" type="submit">
          {t('until.run')}
        </Button>
      </div>
      <p
        id={`${id}-hint`}
        className={`mt-1 text-[12px] ${error === '' ? 'text-muted' : 'text-fence'}`}
        role={error === '' ? undefined : 'alert'}
      >
        {error === '' ? hint : error}
      </p>
    </form>
  );
}

interface Errors {
  readonly condition: string;
  readonly time: string;
}

const noErrors: Errors = { condition: '', time: '' };

export function RunUntilPopover({ trigger }: { readonly trigger: ReactElement }): ReactNode {
  const t = useT();
  const lab = useLab();
  const [errors, setErrors] = useState(noErrors);
  const [choices] = useState(() => {
    const cluster = lab.frame()?.cluster;
    return cluster === undefined ? [] : conditionStarts({ gauges, presets, trace }, cluster);
  });
  const run = async (condition: string): Promise<void> => {
    const from = lab.frame()?.time;
    const running = lab.runUntil(condition);
    // A condition that cannot be read is answered at once; one that can may take its time.
    const first = await Promise.race([
      running,
      new Promise<null>((resolve) => setTimeout(() => resolve(null), 150)),
    ]);
    if (first !== null && !first.ok) {
      const error = first.fault === null ? first.error : factFaultText(first.fault);
      setErrors({ ...noErrors, condition: t('until.errorAt', { position: first.position + 1, error }) });
      return;
    }
    closeRunUntil();
    const result = await running;
    if (!result.ok || result.end === 'cancelled') return;
    if (result.end === 'limit') showToast({ kind: 'note', text: t('until.limit', { condition }) });
    else if (result.at === from) showToast({ kind: 'note', text: t('until.already', { condition }) });
  };
  const runToTime = (text: string): void => {
    const fault = timeFault(text, lab.frame()?.time ?? 0, t);
    setErrors({ ...noErrors, time: fault });
    if (fault === '') void run(`time >= ${text}`);
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && closeRunUntil()}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu w-[360px]"
          aria-label={t('until.menu')}
          align="start"
          sideOffset={6}
          collisionPadding={8}
        >
          <h3 className="px-3 py-1.5 text-[12px] text-muted">{t('until.menu')}</h3>
          {usualEnds.map(([label, condition]) => (
            <button
              key={condition}
              type="button"
              className="menu-item w-full text-left"
              onClick={() => void run(condition)}
            >
              <span className="flex-1">{t(label)}</span>
              <span className="mono text-[12px] text-muted">{condition.split(' ')[0]}</span>
            </button>
          ))}
          <Field
            label={t('until.conditionLabel')}
            hint={t('until.hint')}
            choices={choices}
            error={errors.condition}
            onRun={(text) => void run(text)}
          />
          <Field label={t('until.timeLabel')} hint="" numeric error={errors.time} onRun={runToTime} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
