// What families of drawn statements are made of.

import { nextBelow, type Prng } from '../../base/prng.ts';

export interface Family {
  readonly draw: (prng: Prng) => string;
  readonly fixed: readonly string[];
  /** Tables that the statements read. */
  readonly before?: readonly string[];
}

export const pick = <T>(prng: Prng, items: readonly T[]): T => items[nextBelow(prng, items.length)] as T;

export const digits = (prng: Prng, count: number): string =>
  Array.from({ length: count }, () => nextBelow(prng, 10)).join('');

export function decimal(prng: Prng, before: number, behind: number): string {
  const sign = pick(prng, ['', '', '-']);
  const whole = digits(prng, nextBelow(prng, before + 1)) || '0';
  const fraction = digits(prng, nextBelow(prng, behind + 1));
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Of templates of numbers. */
export const NUMBER_WORDS = [
  '9',
  '9',
  '9',
  '9',
  '0',
  '0',
  '.',
  'D',
  ',',
  'G',
  'S',
  'MI',
  'PL',
  'SG',
  'PR',
  'FM',
  'TH',
  'th',
  'V',
  'L',
  'B',
  '"x"',
  ' ',
  '-',
];
