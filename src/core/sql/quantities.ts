// Values of parameters with a unit, as SET reads them and SHOW writes them: times in milliseconds, memory in kilobytes.

import { fail } from './failure.ts';

/** In its own unit: how many of it each unit has that may stand behind a number. */
const UNITS = {
  ms: { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 },
  kB: { B: 1 / 1024, kB: 1, MB: 1024, GB: 1_048_576, TB: 1_073_741_824 },
} as const;

export interface Quantity {
  readonly min: number;
  readonly max: number;
  /** Absent: it is a bare number. `8kB`: memory that is counted in pages. */
  readonly unit?: 'ms' | 'kB' | '8kB';
}

export const INTEGER_MAX = 2_147_483_647;

const isOfPages = ({ unit }: Quantity): boolean => unit === '8kB';
const unitsOf = ({ unit }: Quantity): Readonly<Record<string, number>> =>
  unit === undefined ? {} : UNITS[unit === 'ms' ? 'ms' : 'kB'];

/** 22023 for what is none, or lies outside of its range. */
export function readQuantity(name: string, text: string, quantity: Quantity): number {
  const [, digits, unit = ''] = /^\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const units = unitsOf(quantity);
  const size = unit === '' ? 1 : units[unit];
  if (digits === undefined || size === undefined)
    return fail('22023', `invalid value for parameter "${name}": "${text}"`);
  const inUnit = Number(digits) * size;
  const value = Math.round(isOfPages(quantity) && unit !== '' ? inUnit / 8 : inUnit);
  const { min, max } = quantity;
  if (value >= min && value <= max) return value;
  const shown = quantity.unit === undefined ? '' : ` ${quantity.unit}`;
  return fail(
    '22023',
    `${value}${shown} is outside the valid range for parameter "${name}" (${min}${shown} .. ${max}${shown})`,
  );
}

/** With the greatest unit of which it is a whole number. */
export function showQuantity(value: number, quantity: Quantity): string {
  if (value <= 0 || quantity.unit === undefined) return String(value);
  const inUnit = isOfPages(quantity) ? value * 8 : value;
  const units = Object.entries(unitsOf(quantity)).filter(([, size]) => size >= 1);
  const [unit, size] = units.findLast(([, one]) => inUnit % one === 0) ?? ['', 1];
  return `${inUnit / size}${unit}`;
}
