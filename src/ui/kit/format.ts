// Numbers and times as the screen writes them: LSNs and counts grouped by thin space, virtual time in ms or as a clock.

import { MAX } from '../../base/ids.ts';

const thinSpace = '\u2009';

/** 1204 → `1 204` (thin space); −1 → `–`; MAX → `MAX`. */
export function groupDigits(value: number): string {
  if (value >= MAX) return 'MAX';
  if (value < 0) return '–';
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, thinSpace);
}

/** `[111,115)` */
export const rangeText = (first: number, last: number): string => `[${first},${last >= MAX ? 'MAX' : last})`;

/** Inclusive form for labels: `126–128`, or one number. */
export const spanText = (first: number, last: number): string =>
  last - first <= 1 ? String(first) : `${first}–${last - 1}`;

/** Virtual time in ms with three decimals: `56.218`. */
export const millis = (us: number): string => (us / 1000).toFixed(3);

/** Short duration: `0.92 ms`, `12.4 ms`, `1.20 s`. */
export function duration(us: number): string {
  if (us < 0) return '–';
  if (us < 100_000) return `${(us / 1000).toFixed(us < 10_000 ? 2 : 1)} ms`;
  return `${(us / 1_000_000).toFixed(2)} s`;
}

/** The run's clock: `00.056 218 s`. */
export function clockText(us: number): string {
  const whole = Math.floor(us);
  const seconds = Math.floor(whole / 1_000_000);
  const rest = String(whole % 1_000_000).padStart(6, '0');
  return `${String(seconds).padStart(2, '0')}.${rest.slice(0, 3)}${thinSpace}${rest.slice(3)}${thinSpace}s`;
}

/** What one wall second shows: `1.0 ms`, `100 µs`, `1.0 s`; six characters at most. */
export function perSecond(usPerSecond: number): string {
  if (usPerSecond >= 1_000_000) return `${(usPerSecond / 1_000_000).toFixed(1)} s`;
  if (usPerSecond >= 1000) return `${(usPerSecond / 1000).toFixed(usPerSecond < 9950 ? 1 : 0)} ms`;
  return `${Math.round(usPerSecond)} µs`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** An LSN as it is said: −1 is none that is known. */
export const knownLsn = (lsn: number): number | string => (lsn < 0 ? '–' : lsn);
