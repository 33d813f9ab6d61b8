// Buttons, chips, pills, fields: the smallest pieces. Sizes and colours live in theme/kit.css.

import { Check, type LucideIcon, Square } from 'lucide-react';
import type { ButtonHTMLAttributes, CSSProperties, ReactNode, Ref } from 'react';
import { keyText } from '../../state/key-map.ts';
import { useSettings } from '../../state/settings-store.ts';

export type Hue = 'wal' | 'ack' | 'hole' | 'reader' | 'ctl' | 'fence' | 'client' | 'accent' | 'text-muted';

/** Sets `--hue` for the classes that draw in a family's colour. */
export const hueStyle = (hue: Hue | undefined): CSSProperties | undefined =>
  hue === undefined ? undefined : ({ ['--hue' as string]: `var(--${hue})` } as CSSProperties);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: LucideIcon | undefined;
  readonly look?: 'quiet' | 'line' | 'primary' | 'danger';
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({
  icon: Icon,
  look = 'quiet',
  small = false,
  className = '',
  children,
  ...rest
}: ButtonProps): ReactNode {
  const classes = ['btn', look === 'quiet' ? '' : `btn-${look}`, small ? 'btn-small' : '', className];
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} {...rest}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" className="flex-none" />}
      {children}
    </button>
  );
}

/** How a key of the table is written now; null: it is switched off. */
export const useKeyText = (key: string | undefined): string | null =>
  useSettings(({ singleKeys, keyMap }) => (key === undefined ? null : keyText(key, singleKeys, keyMap)));

/** The same as an attribute of what it presses. */
export const keyShortcut = (shown: string | null): { readonly 'aria-keyshortcuts'?: string } =>
  shown === null ? {} : { 'aria-keyshortcuts': shown.replace(' ', '+') };

interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  readonly icon: LucideIcon;
  readonly label: string;
  /** The key of the table that does the same: shown in the tooltip behind the label, as it is now. */
  readonly keys?: string;
}

export function IconButton({ label, keys, className = '', ...rest }: IconButtonProps): ReactNode {
  const shown = useKeyText(keys);
  const title = shown === null ? label : `${label} (${shown})`;
  return <Button aria-label={label} title={title} className={`btn-icon ${className}`} {...rest} />;
}

interface ChipProps {
  readonly hue?: Hue | undefined;
  readonly solid?: boolean;
  readonly children: ReactNode;
}

export function Chip({ hue, solid = false, children }: ChipProps): ReactNode {
  const classes = ['chip', hue === undefined ? '' : 'chip-hue', solid ? 'chip-solid' : ''];
  return (
    <span className={classes.filter(Boolean).join(' ')} style={hueStyle(hue)}>
      {children}
    </span>
  );
}

interface BarProps {
  readonly label: string;
  readonly done: number;
  /** 0: not known. */
  readonly of: number;
  readonly hue?: Hue;
  readonly className?: string;
}

/** A determinate bar with the role and values that tests and screen readers look for. */
export function ProgressBar({ label, done, of, hue, className = '' }: BarProps): ReactNode {
  const share = of <= 0 ? 0 : Math.min(1, done / of);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of <= 0 ? 100 : of}
      {...(of <= 0 ? {} : { 'aria-valuenow': Math.min(done, of) })}
      className={`bar ${className}`}
      style={hueStyle(hue)}
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  );
}

interface EmptyProps {
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ children, action }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Before the word of a switch: a tick, or an empty box, so that what is off is no gap. */
export const TickBox = ({ on }: { readonly on: boolean }): ReactNode =>
  on ? (
    <Check size={16} strokeWidth={1.75} aria-hidden="true" />
  ) : (
    <Square size={16} strokeWidth={1.5} aria-hidden="true" className="text-muted" />
  );
