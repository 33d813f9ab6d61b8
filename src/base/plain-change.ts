// What changed in plain data since an earlier state of it. It is small where little changed, and who applies it keeps the
// objects of everything else. A list whose first items went and that got new ones at its end (a window over a log) names
// what stays by its place.

import { assert } from './assert.ts';
import { isSame } from './same-plain.ts';

export type PlainChange =
  | { readonly kind: 'whole'; readonly value: unknown }
  /** An object with the same keys in the same order. */
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, PlainChange>> }
  /** A list of the same length. */
  | { readonly kind: 'items'; readonly items: readonly (readonly [place: number, change: PlainChange])[] }
  /** A list: `keep` items of the one before, from `skip` on, then `more`. */
  | {
      readonly kind: 'slid';
      readonly skip: number;
      readonly keep: number;
      readonly more: readonly unknown[];
    };

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Null: `next` says what `before` says. */
export function changeOf(before: unknown, next: unknown): PlainChange | null {
  if (Object.is(before, next)) return null;
  if (Array.isArray(before) && Array.isArray(next)) return changeOfList(before, next);
  if (isFields(before) && isFields(next)) return changeOfFields(before, next);
  return isSame(before, next) ? null : { kind: 'whole', value: next };
}

function changeOfFields(before: Fields, next: Fields): PlainChange | null {
  const keys = Object.keys(next);
  const keysBefore = Object.keys(before);
  if (keys.length !== keysBefore.length || keys.some((key, i) => key !== keysBefore[i]))
    return { kind: 'whole', value: next };
  const fields: Record<string, PlainChange> = {};
  let isChanged = false;
  for (const key of keys) {
    const change = changeOf(before[key], next[key]);
    if (change === null) continue;
    fields[key] = change;
    isChanged = true;
  }
  return isChanged ? { kind: 'fields', fields } : null;
}

/** As long as this share of a list stays, it is described by what stays. */
const keptShare = 0.5;

function changeOfList(before: readonly unknown[], next: readonly unknown[]): PlainChange | null {
  const most = Math.floor(next.length * keptShare);
  const skip = before.findIndex((item) => isSame(item, next[0]));
  let keep = 0;
  if (skip >= 0)
    while (keep < next.length && skip + keep < before.length && isSame(before[skip + keep], next[keep]))
      keep++;
  if (keep === next.length && keep === before.length) return null;
  if (keep > most) return { kind: 'slid', skip, keep, more: next.slice(keep) };
  if (before.length !== next.length) return { kind: 'whole', value: next };
  const items: (readonly [number, PlainChange])[] = [];
  let wholes = 0;
  for (const [place, item] of next.entries()) {
    const change = changeOf(before[place], item);
    if (change === null) continue;
    items.push([place, change]);
    if (change.kind === 'whole') wholes++;
    if (wholes > most) return { kind: 'whole', value: next };
  }
  return { kind: 'items', items };
}

export function applyChange(before: unknown, change: PlainChange): unknown {
  switch (change.kind) {
    case 'whole':
      return change.value;
    case 'fields': {
      assert(isFields(before), 'fields change in an object');
      const next: Record<string, unknown> = { ...before };
      for (const [key, inner] of Object.entries(change.fields)) next[key] = applyChange(before[key], inner);
      return next;
    }
    case 'items': {
      assert(Array.isArray(before), 'items change in a list');
      const next: unknown[] = [...before];
      for (const [place, inner] of change.items) next[place] = applyChange(before[place], inner);
      return next;
    }
    case 'slid':
      assert(
        Array.isArray(before) && before.length >= change.skip + change.keep,
        'what stays of a list is in it',
      );
      return [...before.slice(change.skip, change.skip + change.keep), ...change.more];
  }
}
