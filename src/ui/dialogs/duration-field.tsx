// "Until healed", or for a number of virtual ms.

import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { Select } from '../kit/select.tsx';
import '../../words/dialogs/dialogs.en.json';

const choices = ['', '2', '6', '20', '100', '1000'] as const;
type Choice = (typeof choices)[number];

interface FieldProps {
  readonly value: number | null;
  readonly onChange: (us: number | null) => void;
}

export function DurationField({ value, onChange }: FieldProps): ReactNode {
  const t = useT();
  const text = value === null ? '' : String(value / 1000);
  const current = choices.find((choice) => choice === text) ?? '';
  return (
    <div className="mt-3">
      <Select<Choice>
        label={t('duration.label')}
        value={current}
        options={choices.map((choice) => ({
          value: choice,
          label: choice === '' ? t('duration.untilHealed') : `${choice} ms`,
        }))}
        onChange={(choice) => onChange(choice === '' ? null : Number(choice) * 1000)}
      />
    </div>
  );
}
