// A labelled choice. The native element inside gives keyboard, touch and screen reader what they expect.

import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Said in the list behind the label, and of what is chosen when it is pointed at. */
  readonly note?: string | undefined;
}

interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
  readonly small?: boolean;
  /** Hides the label's text, keeps its name. */
  readonly bare?: boolean;
  readonly disabled?: boolean;
}

export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  small = true,
  bare = false,
  disabled = false,
}: SelectProps<Value>): ReactNode {
  const current = options.find((option) => option.value === value);
  return (
    <label
      className={`field relative ${small ? 'field-small' : ''} focus-within:outline-2 focus-within:outline-accent`}
    >
      {!bare && <span className="text-muted">{label}</span>}
      <b className="font-semibold">{current?.label ?? value}</b>
      <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
      <select
        aria-label={label}
        title={current?.note}
        className="absolute inset-0 h-full w-full cursor-pointer opacity-0"
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-panel text-text">
            {option.note === undefined ? option.label : `${option.label}: ${option.note}`}
          </option>
        ))}
      </select>
    </label>
  );
}
