// Parts of a lens below its drawing: a section under its heading, figures with a name and a note, steps forward and back.

import { ChevronLeft, ChevronRight, type LucideIcon, Minus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useT } from '../i18n/i18n.ts';
import { IconButton, TickBox } from '../kit/button.tsx';
import { groupDigits } from '../kit/format.ts';
import { TermLabel, worded } from '../kit/term.tsx';
import { wordsWidth } from '../kit/words-width.ts';
import { useSection } from './use-section.ts';

interface SectionProps {
  readonly title: string;
  /** Its name among the lens's sections (LensEntry.sections). */
  readonly part?: string;
  /** Right of the heading. */
  readonly tools?: ReactNode;
  readonly className?: string;
  /** It may be wider than its place: then it is scrolled, by arrow keys too. */
  readonly scrolls?: boolean;
  readonly children: ReactNode;
}

export function Section(props: SectionProps): ReactNode {
  const { title, part, tools, className = 'px-4 pb-2', scrolls = false, children } = props;
  const ref = useSection(part);
  return (
    <section
      ref={ref}
      className={scrolls ? `${className} overflow-x-auto` : className}
      aria-label={title}
      {...(scrolls && { tabIndex: 0 })}
    >
      {tools === undefined ? (
        <h3 className="heading">{title}</h3>
      ) : (
        <div className="relative flex items-center gap-2">
          <h3 className="heading flex-1">{title}</h3>
          {tools}
        </div>
      )}
      {children}
    </section>
  );
}

export const Muted = ({ children }: { readonly children: ReactNode }): ReactNode => (
  <p className="text-[12px] text-muted">{children}</p>
);

/** px of a letter of a note, and what a note has in a narrow row of four. */
const noteLetter = 6.2;
const noteRoom = 105;

interface FigureProps {
  readonly label: string;
  /** Key of its term where the label has one in plain words, and what it is of then. */
  readonly term?: string;
  readonly of?: string;
  /** Its accessible name. */
  readonly name: string;
  /** A number below 0 is not known. */
  readonly value: number | string;
  readonly note: string;
  readonly children?: ReactNode;
}

/** One number of a row of class `marks`. */
export function Figure({ label, term = '', of, name, value, note, children }: FigureProps): ReactNode {
  return (
    <div>
      <u>
        <TermLabel of={term} name={worded(label)} rest={of} />
      </u>
      <output
        aria-live="off"
        aria-label={name}
        {...(typeof value === 'number' ? { 'data-value': value } : {})}
      >
        {typeof value === 'number' ? groupDigits(value) : value}
      </output>
      {children}
      <s title={note} {...(wordsWidth(note, noteLetter) > noteRoom && { 'data-long': '' })}>
        {typeof value === 'number' && value < 0 ? '\u00a0' : note}
      </s>
    </div>
  );
}

interface StepperProps {
  readonly at: number;
  readonly count: number;
  /** Names: back, forward, the place. */
  readonly names: readonly [before: string, after: string, place: string];
  readonly onStep: (at: number) => void;
}

/** `3 / 7` between the ways back and forward. */
export function Stepper({ at, count, names: [before, after, place], onStep }: StepperProps): ReactNode {
  return (
    <>
      <LineButton icon={ChevronLeft} label={before} disabled={at <= 0} onClick={() => onStep(at - 1)} />
      <output aria-live="off" aria-label={place} className="mono text-[12px]">
        {`${Math.max(0, at + 1)} / ${count}`}
      </output>
      <LineButton
        icon={ChevronRight}
        label={after}
        disabled={at >= count - 1}
        onClick={() => onStep(at + 1)}
      />
    </>
  );
}

interface LineButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

const LineButton = (props: LineButtonProps): ReactNode => <IconButton small look="line" {...props} />;

interface WindowProps {
  readonly span: number;
  readonly limits: readonly [least: number, most: number];
  readonly names: readonly [wider: string, narrower: string, earlier: string, later: string];
  /** Width and place stand apart. */
  readonly isWide?: boolean;
  readonly isFirst: boolean;
  /** The window follows the newest state. */
  readonly isNewest: boolean;
  readonly onWider: () => void;
  readonly onNarrower: () => void;
  readonly onEarlier: () => void;
  readonly onLater: () => void;
}

/** How many LSNs are shown, and where. */
export function WindowButtons(props: WindowProps): ReactNode {
  const { span, limits, names } = props;
  const t = useT();
  return (
    <>
      <LineButton icon={Minus} label={names[0]} disabled={span >= limits[1]} onClick={props.onWider} />
      <span className="mono min-w-14 text-center">{t('lens.span', { count: span })}</span>
      <LineButton icon={Plus} label={names[1]} disabled={span <= limits[0]} onClick={props.onNarrower} />
      {props.isWide === true && <span className="w-1" />}
      <LineButton icon={ChevronLeft} label={names[2]} disabled={props.isFirst} onClick={props.onEarlier} />
      <LineButton icon={ChevronRight} label={names[3]} disabled={props.isNewest} onClick={props.onLater} />
    </>
  );
}

/** Whether the drawing follows the newest state. */
export function FollowButton({
  on,
  onToggle,
}: {
  readonly on: boolean;
  readonly onToggle: () => void;
}): ReactNode {
  const t = useT();
  return (
    <button type="button" className="field field-small" aria-pressed={on} onClick={onToggle}>
      <TickBox on={on} />
      {t('lens.follow')}
    </button>
  );
}

interface LsnFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly placeholder?: string;
  readonly className?: string;
  readonly onChange: (value: number) => void;
  /** What is typed is no LSN. */
  readonly onNone?: () => void;
}

export function LsnField(props: LsnFieldProps): ReactNode {
  const { label, value, placeholder, className = 'w-20', onChange, onNone } = props;
  return (
    <label className="field field-small">
      <span className="text-muted">{label}</span>
      <input
        type="number"
        min={0}
        className={`mono ${className}`}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          if (Number.isSafeInteger(next) && next >= 0) onChange(next);
          else onNone?.();
        }}
      />
    </label>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly nameOf: (value: Value) => string;
  readonly isDisabled?: (value: Value) => boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a few, side by side. */
export function SegmentChoice<Value extends string>(props: ChoiceProps<Value>): ReactNode {
  const { label, values, value, nameOf, isDisabled, onChange } = props;
  return (
    <div className="segment" role="radiogroup" aria-label={label}>
      {values.map((each) => (
        // biome-ignore lint/a11y/useSemanticElements: one segmented control, as everywhere in the kit
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={each === value}
          disabled={isDisabled?.(each) ?? false}
          onClick={() => onChange(each)}
        >
          {nameOf(each)}
        </button>
      ))}
    </div>
  );
}
