// The figures of the page "Speed" as lines of text, for a message or a report of a fault.

import { ENGINE } from '../../sim/engine.ts';
import { groupDigits } from '../kit/format.ts';
import type { Measured } from './speed-store.ts';

export interface SpeedLine {
  readonly label: string;
  readonly one: Measured | undefined;
  /** As the page writes it. */
  readonly value: string;
  readonly more: string | null;
}

/** The bar's length, and what the longest of its group stands for. */
export function shareOf(value: number, all: readonly number[]): number {
  const most = Math.max(...all);
  return most > 0 && Number.isFinite(value) ? value / most : 0;
}

/** Of less than ten a tenth, too. */
export const wholeOf = (value: number): string =>
  value < 10 ? String(Math.round(value * 10) / 10) : groupDigits(Math.round(value));

/** What is measured on what: figures of two machines say nothing about each other without it. */
export const machineOf = ({ hardwareConcurrency, userAgent }: Navigator): string =>
  `PostDB Lab, engine ${ENGINE}; ${hardwareConcurrency} cores; ${userAgent}`;

export const speedText = (machine: string, lines: readonly SpeedLine[]): string =>
  [
    machine,
    ...lines.map(({ label, one, value, more }) => {
      if (one?.kind !== 'figure') return `${label}: –`;
      return `${label}: ${value}${more === null ? '' : ` (${more})`}`;
    }),
  ].join('\n');
