// Equality of plain data by structure: what a view or a picture says, whatever objects say it.

import { sameBytes } from './same-bytes.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isRecord(a) || !isRecord(b)) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && sameBytes(a, b);
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b) || b instanceof Uint8Array) return false;
  const keys = Object.keys(a);
  for (const key of keys) {
    if (!isSame(a[key], b[key])) return false;
    if (a[key] === undefined && !Object.hasOwn(b, key)) return false;
  }
  return keys.length === Object.keys(b).length;
}
