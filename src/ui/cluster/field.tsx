// Fields of the builder: a number with its unit, range and default, that keeps what is typed when it is no value, and says why at itself.

import { type ReactNode, useId, useState } from 'react';
import type { ClusterFault } from '../../presets/cluster-faults.ts';
import { useT } from '../i18n/i18n.ts';
import { refusalText } from '../i18n/refusal-text.ts';
import { edit, useBuilding } from './builder-store.ts';
import { withTyped } from './draft.ts';

/** What the whole refuses at these fields, in the language of the page. */
export function FaultsAt({
  id,
  faults,
  fields,
}: {
  readonly id?: string;
  readonly faults: readonly ClusterFault[];
  readonly fields: readonly string[];
}): ReactNode {
  const here = faults.filter(({ field }) => fields.includes(field));
  if (here.length === 0) return null;
  return (
    <ul className="build-faults" {...(id === undefined ? {} : { id })}>
      {here.map((fault) => (
        <li key={`${fault.field} ${fault.kind} ${fault.error}`}>{refusalText(fault)}</li>
      ))}
    </ul>
  );
}

interface NumberProps {
  /** Of the draft: what is typed there and is no value is kept under it. */
  readonly field: string;
  readonly label: string;
  readonly unit?: string;
  readonly help?: string;
  /** In steps of which `decimals` say how many stand behind the point: of 3 decimals a value is in thousandths. */
  readonly value: number | undefined;
  /** What it is where nothing is typed. */
  readonly usual?: number;
  readonly min: number;
  readonly max: number;
  readonly decimals?: 0 | 3;
  readonly isBare?: boolean;
  readonly onValue: (value: number | undefined) => void;
}

const shown = (value: number | undefined, decimals: 0 | 3): string =>
  value === undefined ? '' : decimals === 0 ? String(value) : String(value / 1000);

/** The value of the text; `undefined`: nothing is typed and need not be; null: it is none. */
function read(text: string, { min, max, decimals = 0, usual }: NumberProps): number | undefined | null {
  const typed = text.trim();
  if (typed === '') return usual === undefined ? null : undefined;
  if (!(decimals === 0 ? /^\d{1,15}$/ : /^\d{1,9}(\.\d{1,3})?$/).test(typed)) return null;
  const value = decimals === 0 ? Number(typed) : Math.round(Number(typed) * 1000);
  return value < min || value > max ? null : value;
}

export function NumberField(props: NumberProps): ReactNode {
  const { field, label, unit, help, value, usual, min, max, decimals = 0, isBare = false, onValue } = props;
  const t = useT();
  const id = useId();
  const kept = useBuilding(({ draft }) => draft.typed[field]?.text);
  /** While it is being typed. */
  const [own, setOwn] = useState<string | null>(null);
  const text = own ?? kept ?? shown(value, decimals);
  const type = (next: string): void => {
    setOwn(next);
    const found = read(next, props);
    if (found === null) edit((draft) => withTyped(draft, field, { text: next, label }));
    else {
      if (kept !== undefined) edit((draft) => withTyped(draft, field, null));
      if (found !== value) onValue(found);
    }
  };
  const range = t(decimals === 0 ? 'cluster.whole' : 'cluster.range', {
    min: shown(min, decimals),
    max: shown(max, decimals),
    unit: unit === undefined || unit === '' ? '' : ` ${unit}`,
  });
  const isWrong = kept !== undefined;
  const said = help === undefined ? range : `${help} ${range}`;
  return (
    <div className="build-field" data-wrong={isWrong}>
      <label className="field" title={said}>
        <span className={isBare ? 'visually-hidden' : 'text-muted'}>{label}</span>
        <input
          className="mono build-number"
          inputMode="decimal"
          value={text}
          placeholder={usual === undefined ? undefined : shown(usual, decimals)}
          aria-invalid={isWrong}
          aria-describedby={id}
          onChange={(event) => type(event.target.value)}
          onBlur={() => setOwn(null)}
        />
        {unit !== undefined && unit !== '' && <span className="text-muted">{unit}</span>}
      </label>
      <span className={isWrong ? 'build-wrong' : 'build-help'} id={id}>
        {isWrong ? range : said}
      </span>
    </div>
  );
}

interface PartProps {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly children: ReactNode;
}

/** A part of the form, with what it is about. */
export function Part({ id, title, help, children }: PartProps): ReactNode {
  return (
    <fieldset className="build-part" id={`build-${id}`}>
      <legend>{title}</legend>
      <p className="text-muted">{help}</p>
      {children}
    </fieldset>
  );
}
