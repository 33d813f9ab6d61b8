// A fault with a value of one's own: which, how much, in which direction, how long. The line that goes on the tape is
// read before it is written.

import { type ReactNode, useId, useState } from 'react';
import { printAction } from '../../sim/tape-print.ts';
import { tapes } from '../../stacks/tapes.ts';
import { doAction } from '../faults/do-action.ts';
import { timed } from '../faults/entry.ts';
import {
  readTyped,
  type TypedKind,
  type TypedSubject,
  typedAction,
  typedField,
  typedLabels,
  typedLinkKinds,
  typedNodeKinds,
  type Way,
  ways,
} from '../faults/typed-fault.ts';
import { useT } from '../i18n/i18n.ts';
import { Button } from '../kit/button.tsx';
import { groupDigits } from '../kit/format.ts';
import { Select } from '../kit/select.tsx';
import { useLab } from '../lab-context.ts';
import { DurationField } from './duration-field.tsx';
import { SidePanel } from './side-panel.tsx';
import '../../words/dialogs/dialogs.en.json';

const signed = (value: number): string => `${value < 0 ? '−' : ''}${groupDigits(Math.abs(value))}`;

interface PanelProps {
  readonly subject: TypedSubject;
  readonly onClose: () => void;
}

export function TypedFaultPanel({ subject, onClose }: PanelProps): ReactNode {
  const t = useT();
  const lab = useLab();
  const hint = useId();
  const kinds: readonly TypedKind[] = subject.kind === 'link' ? typedLinkKinds : typedNodeKinds;
  const [kind, setKind] = useState<TypedKind>(subject.kind === 'link' ? 'latency' : 'slowCpu');
  const [text, setText] = useState(String(typedField(kind).usual));
  const [way, setWay] = useState<Way>('both');
  const [forUs, setForUs] = useState<number | null>(null);
  const { unit, min, max } = typedField(kind);
  const value = readTyped(kind, text);
  const action = value === null ? null : typedAction(subject, { kind, value, way, forUs });
  const submit = (): void => {
    if (action === null) return;
    void doAction(lab, action).then((ok) => {
      if (ok) onClose();
    });
  };
  const wayLabel = (one: Way): string => {
    if (subject.kind === 'node' || one === 'both') return t('typed.both');
    const [from, to] = one === 'there' ? [subject.a, subject.b] : [subject.b, subject.a];
    return t('typed.oneWay', { from, to });
  };
  const name = subject.kind === 'link' ? `${subject.a}–${subject.b}` : subject.id;
  return (
    <SidePanel title={t('typed.title', { name })} onClose={onClose} onSubmit={submit}>
      <div className="flex flex-col items-start gap-3">
        <Select<TypedKind>
          label={t('typed.what')}
          value={kind}
          options={kinds.map((one) => ({ value: one, label: t(typedLabels[one]) }))}
          onChange={(one) => {
            setKind(one);
            setText(String(typedField(one).usual));
          }}
        />
        <label className="flex items-center gap-2">
          <span className="text-muted">{t('typed.value')}</span>
          <input
            className="field field-small w-[112px] text-right"
            inputMode="decimal"
            value={text}
            aria-invalid={action === null}
            aria-describedby={hint}
            onChange={({ target }) => setText(target.value)}
          />
          <span>{unit}</span>
        </label>
        <p
          id={hint}
          role={action === null ? 'alert' : undefined}
          className={`text-[12px] leading-4 ${action === null ? 'text-fence' : 'text-muted'}`}
        >
          {t('typed.limits', { min: signed(min), max: signed(max), unit })}
        </p>
        {subject.kind === 'link' && (
          <Select<Way>
            label={t('partition.ways')}
            value={way}
            options={ways.map((one) => ({ value: one, label: wayLabel(one) }))}
            onChange={setWay}
          />
        )}
      </div>
      <DurationField value={forUs} onChange={setForUs} />
      <p className="mono mt-3 min-h-5 text-[12px] leading-5">
        {action === null ? '' : printAction(tapes, timed(action))}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button look="line" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button look="primary" type="submit" disabled={action === null}>
          {t('typed.do')}
        </Button>
      </div>
    </SidePanel>
  );
}
