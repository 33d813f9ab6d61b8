// How PostgreSQL writes the digits of a binary number: plain while that is short, else with an exponent.

/** d.ddd × 10^exponent; `longFrom`: the exponent from which on it is written with `e`. */
export function placeDigits(sign: string, digits: string, exponent: number, longFrom: number): string {
  if (exponent < -4 || exponent >= longFrom) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
