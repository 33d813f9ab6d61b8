// Which key does what a key of the table does: a person may give single keys to other things (WCAG 2.1.4). A key is named
// as `KeyboardEvent.key` has it, in small letters. Pure.

import type { SingleKeys } from './settings-store.ts';

/** From a key of the table to the one that a person chose in its place. */
export type KeyMap = Readonly<Record<string, string>>;

/** The key of the table that is meant by a pressed one; null: what was there has moved away. */
export function meantKey(pressed: string, map: KeyMap): string | null {
  const moved = Object.entries(map).find(([, chosen]) => chosen === pressed);
  if (moved !== undefined) return moved[0];
  return map[pressed] === undefined ? pressed : null;
}

/** The key that does now what `key` does in the table. */
export const chosenKey = (key: string, map: KeyMap): string => map[key] ?? key;

/** `key` of the table becomes `chosen`; what had that key, if it is one of `others`, gets the key that became free. */
export function moveKey(map: KeyMap, key: string, chosen: string, others: readonly string[]): KeyMap {
  const free = chosenKey(key, map);
  const holder = others.find((other) => other !== key && chosenKey(other, map) === chosen);
  const next = { ...map, [key]: chosen, ...(holder === undefined ? {} : { [holder]: free }) };
  return Object.fromEntries(Object.entries(next).filter(([from, to]) => from !== to));
}

/** How a key of the table is written now: `Space`, `C`, with Alt where the settings ask for it; null: it is switched off. */
export function keyText(key: string, singleKeys: SingleKeys, map: KeyMap): string | null {
  const now = chosenKey(key, map);
  if (now.length > 1) return now;
  const name = now === ' ' ? 'Space' : now.toUpperCase();
  if (singleKeys === 'off') return null;
  return singleKeys === 'alt' ? `Alt ${name}` : name;
}
