// The forms of a prediction. Each is whole without a mouse: choices are radios, ranges are also a table of two numbers
// and a type, an order moves by buttons, a mark is a number beside its slider, a node is a choice that the map may make.

import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Answer, Choice, DrawnRange, Question, RangeType } from '../../lessons/format.ts';
import { paint } from '../../lessons/grade.ts';
import { selectionStore } from '../../state/selection-store.ts';
import { useT } from '../i18n/i18n.ts';
import { Button, IconButton } from '../kit/button.tsx';
import { rangeText, typeKeys } from './describe.ts';
import { wordsOf } from './words.ts';

type OfForm<F extends Question['form']> = Extract<Question, { form: F }>;

interface FormProps<F extends Question['form'], A> {
  readonly question: OfForm<F>;
  readonly value: A | null;
  readonly onChange: (value: A) => void;
}

function ChoiceForm({ question, value, onChange }: FormProps<'choice', string>): ReactNode {
  return (
    <div className="flex flex-col gap-1">
      {question.options.map(({ id, text }) => (
        <label key={id} className="lesson-option">
          <input type="radio" name="lesson-choice" checked={value === id} onChange={() => onChange(id)} />
          <span>{wordsOf(text)}</span>
        </label>
      ))}
    </div>
  );
}

interface NumberBoxProps {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly value: number | null;
  readonly onChange: (value: number) => void;
}

function NumberBox({ label, low, high, value, onChange }: NumberBoxProps): ReactNode {
  return (
    <label className="flex items-center gap-2">
      <span>{label}</span>
      <input
        type="number"
        inputMode="numeric"
        className="lesson-number"
        min={low}
        max={high}
        value={value ?? ''}
        onChange={(event) => {
          const number = event.target.valueAsNumber;
          if (Number.isSafeInteger(number)) onChange(number);
        }}
      />
      <span className="mono text-muted">
        {low}–{high}
      </span>
    </label>
  );
}

function NumberForm({ question, value, onChange }: FormProps<'number', number>): ReactNode {
  const t = useT();
  const { low, high } = question;
  return <NumberBox label={t('lessons.number')} low={low} high={high} value={value} onChange={onChange} />;
}

function MarkForm({ question, value, onChange }: FormProps<'mark', number>): ReactNode {
  const t = useT();
  const { low, high } = question;
  const label = t('lessons.markAt', { label: wordsOf(question.label) });
  const at = value ?? Math.round((low + high) / 2);
  return (
    <div className="flex flex-col gap-2">
      <div className="lesson-axis" style={{ ['--at' as string]: `${((at - low) / (high - low)) * 100}%` }}>
        <input
          type="range"
          aria-label={label}
          min={low}
          max={high}
          value={at}
          onChange={(event) => onChange(event.target.valueAsNumber)}
        />
        <div className="flex justify-between text-[12px] text-muted" aria-hidden="true">
          {[low, Math.round((low + high) / 2), high].map((lsn) => (
            <span key={lsn} className="mono">
              {lsn}
            </span>
          ))}
        </div>
      </div>
      <NumberBox label={label} low={low} high={high} value={value} onChange={onChange} />
    </div>
  );
}

/** A status list as a strip of cells. Pressing or dragging draws; the table below says and does the same. */
export function RangeStrip(props: {
  readonly first: number;
  readonly last: number;
  readonly ranges: readonly DrawnRange[];
  readonly label: string;
  readonly onPaint?: (lsn: number) => void;
}): ReactNode {
  const t = useT();
  const { first, last, ranges, label, onPaint } = props;
  const cells = Array.from({ length: last - first }, (_, i) => first + i);
  const typeOf = (lsn: number): RangeType =>
    ranges.find((range) => range.first <= lsn && lsn < range.last)?.type ?? 'hole';
  return (
    <fieldset aria-label={label} className="lesson-strip">
      {cells.map((lsn) => {
        const type = typeOf(lsn);
        const text = t('lessons.cell', { lsn, type: t(typeKeys[type]) });
        const shape = { 'data-run': type, title: text };
        return (
          <span key={lsn} className="lesson-cell">
            <i className="mono" aria-hidden="true">
              {lsn % 2 === 0 || cells.length <= 8 ? lsn : ''}
            </i>
            {onPaint === undefined ? (
              <b role="img" aria-label={text} {...shape} />
            ) : (
              <button
                type="button"
                aria-label={text}
                {...shape}
                onPointerDown={(event) => {
                  event.currentTarget.releasePointerCapture?.(event.pointerId);
                  onPaint(lsn);
                }}
                onPointerEnter={(event) => {
                  if (event.buttons === 1) onPaint(lsn);
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' || event.key === ' ') onPaint(lsn);
                }}
              />
            )}
          </span>
        );
      })}
    </fieldset>
  );
}

function RangesForm({ question, value, onChange }: FormProps<'ranges', readonly DrawnRange[]>): ReactNode {
  const t = useT();
  const ranges = value ?? question.start;
  const other = question.types.find((type) => type !== question.start[0]?.type) ?? 'hole';
  const [brush, setBrush] = useState<RangeType>(other);
  const [from, setFrom] = useState(question.first);
  const [to, setTo] = useState(question.last);
  const { first, last } = question;
  return (
    <div className="flex flex-col gap-2">
      <RangeStrip
        first={first}
        last={last}
        ranges={ranges}
        label={t('lessons.drawing')}
        onPaint={(lsn) => onChange(paint(ranges, lsn, lsn + 1, brush))}
      />
      <div role="radiogroup" aria-label={t('lessons.brush')} className="flex flex-wrap items-center gap-1.5">
        <span className="text-muted">{t('lessons.brush')}</span>
        {question.types.map((type) => (
          <label key={type} className="lesson-brush" data-on={brush === type}>
            <input
              type="radio"
              name="lesson-brush"
              className="sr-only"
              checked={brush === type}
              onChange={() => setBrush(type)}
            />
            {t(typeKeys[type])}
          </label>
        ))}
      </div>
      <div className="flex flex-wrap items-end gap-2 text-[12px]">
        {(
          [
            [t('lessons.from'), from, setFrom],
            [t('lessons.to'), to, setTo],
          ] as const
        ).map(([label, at, set]) => (
          <label key={label} className="flex flex-col gap-0.5">
            <span className="text-muted">{label}</span>
            <input
              type="number"
              className="lesson-number"
              min={first}
              max={last}
              value={at}
              onChange={(event) => {
                if (Number.isSafeInteger(event.target.valueAsNumber)) set(event.target.valueAsNumber);
              }}
            />
          </label>
        ))}
        <Button look="line" small onClick={() => onChange(paint(ranges, from, to, brush))}>
          {t('lessons.paint')}: {t(typeKeys[brush])}
        </Button>
      </div>
      <RangeTable ranges={ranges} />
    </div>
  );
}

function RangeTable({ ranges }: { readonly ranges: readonly DrawnRange[] }): ReactNode {
  const t = useT();
  return (
    <table className="lesson-table">
      <thead>
        <tr>
          <th scope="col">{t('lessons.range')}</th>
          <th scope="col">{t('lessons.type')}</th>
        </tr>
      </thead>
      <tbody>
        {ranges.map((range) => (
          <tr key={range.first}>
            <td className="mono">{rangeText(range)}</td>
            <td>{t(typeKeys[range.type])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OrderForm({ question, value, onChange }: FormProps<'order', readonly string[]>): ReactNode {
  const t = useT();
  const order = value ?? question.items.map(({ id }) => id);
  const move = (from: number, to: number): void => {
    const next = [...order];
    const [moved] = next.splice(from, 1);
    if (moved !== undefined) next.splice(to, 0, moved);
    onChange(next);
  };
  return (
    <ol className="lesson-order">
      {order.map((id, i) => {
        const item = textOf(question.items, id);
        return (
          <li key={id}>
            <span className="mono text-muted">{i + 1}</span>
            <span className="min-w-0 flex-1">{item}</span>
            <IconButton
              icon={ArrowUp}
              small
              label={t('lessons.up', { item })}
              disabled={i === 0}
              onClick={() => move(i, i - 1)}
            />
            <IconButton
              icon={ArrowDown}
              small
              label={t('lessons.down', { item })}
              disabled={i === order.length - 1}
              onClick={() => move(i, i + 1)}
            />
          </li>
        );
      })}
    </ol>
  );
}

const textOf = (choices: readonly Choice[], id: string): string => {
  const found = choices.find((choice) => choice.id === id);
  return found === undefined ? id : wordsOf(found.text);
};

function NodesForm({ question, value, onChange }: FormProps<'nodes', readonly string[]>): ReactNode {
  const t = useT();
  const [slot, setSlot] = useState(0);
  const chosen = question.slots.map((_, i) => value?.[i] ?? '');
  const choose = (place: number, node: string): void => {
    onChange(chosen.map((before, i) => (i === place ? node : before)));
    if (place + 1 < question.slots.length) setSlot(place + 1);
  };
  // A node clicked on the map is the choice for the slot that is due.
  useEffect(() =>
    selectionStore.subscribe(({ subject }, before) => {
      if (subject?.kind !== 'node' || subject === before.subject) return;
      if (question.nodes.includes(subject.id)) choose(slot, subject.id);
    }),
  );
  return (
    <div className="flex flex-col gap-2">
      {question.slots.map(({ id, text }, place) => (
        <fieldset key={id} className="lesson-slot" data-on={slot === place} onFocus={() => setSlot(place)}>
          <legend className="mono">{wordsOf(text)}</legend>
          <div className="flex flex-wrap gap-1.5">
            {question.nodes.map((node) => (
              <label key={node} className="lesson-brush" data-on={chosen[place] === node}>
                <input
                  type="radio"
                  name={`lesson-slot-${id}`}
                  className="sr-only"
                  checked={chosen[place] === node}
                  onChange={() => choose(place, node)}
                />
                {node}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <p className="text-[12px] text-muted">{t('lessons.clickNode')}</p>
    </div>
  );
}

interface PredictFormProps {
  readonly question: Question;
  readonly value: Answer | null;
  readonly onChange: (value: Answer) => void;
}

const isNames = (value: Answer | null): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isRanges = (value: Answer | null): value is readonly DrawnRange[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object');

export function PredictForm({ question, value, onChange }: PredictFormProps): ReactNode {
  const number = typeof value === 'number' ? value : null;
  switch (question.form) {
    case 'choice':
      return (
        <ChoiceForm
          question={question}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
        />
      );
    case 'number':
      return <NumberForm question={question} value={number} onChange={onChange} />;
    case 'mark':
      return <MarkForm question={question} value={number} onChange={onChange} />;
    case 'ranges':
      return <RangesForm question={question} value={isRanges(value) ? value : null} onChange={onChange} />;
    case 'order':
      return <OrderForm question={question} value={isNames(value) ? value : null} onChange={onChange} />;
    case 'nodes':
      return <NodesForm question={question} value={isNames(value) ? value : null} onChange={onChange} />;
  }
}

/** What an untouched form stands for, or null when it says nothing yet. */
export function startAnswer(question: Question): Answer | null {
  if (question.form === 'ranges') return question.start;
  if (question.form === 'order') return question.items.map(({ id }) => id);
  return null;
}

/** True when everything that is asked has an answer. */
export function isComplete(question: Question, value: Answer | null): value is Answer {
  if (value === null) return false;
  if (question.form === 'nodes')
    return isNames(value) && value.length > 0 && value.every((one) => one !== '');
  return true;
}
