// Changes of a jsonb at a path: jsonb_set, jsonb_insert, #-, and what is left without its nulls.

import type { Value } from './access.ts';
import { fail } from './failure.ts';
import type { Json, Member } from './json.ts';
import { str } from './narrow.ts';

/** `create` and `replace` put a value there, `create` also where there is none; `before` and `after` insert one. */
type Change = 'create' | 'replace' | 'before' | 'after' | 'delete';

export function changeAt(json: Json, path: readonly Value[], change: Change, value: Json | null): Json {
  if (json.type !== 'array' && json.type !== 'object')
    fail('22023', `cannot ${change === 'delete' ? 'delete' : 'set'} path in scalar`);
  const isEmpty = (json.type === 'array' ? json.items : json.members).length === 0;
  return path.length === 0 || (isEmpty && !isNew(change)) ? json : changed(json, path, 0, change, value);
}

function changed(
  json: Json,
  path: readonly Value[],
  level: number,
  change: Change,
  value: Json | null,
): Json {
  const step = path[level] ?? null;
  if (step === null) return fail('22004', `path element at position ${level + 1} is null`);
  const isLast = level === path.length - 1;
  const deeper = (part: Json): Json => changed(part, path, level + 1, change, value);
  if (json.type === 'object')
    return {
      ...json,
      members: changedMembers(json.members, str(step), isLast ? null : deeper, change, value),
    };
  if (json.type !== 'array') return json;
  if (!/^\s*[+-]?\d+\s*$/.test(str(step)))
    fail('22P02', `path element at position ${level + 1} is not an integer: "${str(step)}"`);
  return { ...json, items: changedItems(json.items, Number(step), isLast ? null : deeper, change, value) };
}

type Deeper = ((part: Json) => Json) | null;

const isNew = (change: Change): boolean => change !== 'delete' && change !== 'replace';

function changedMembers(
  members: readonly Member[],
  name: string,
  deeper: Deeper,
  change: Change,
  value: Json | null,
): readonly Member[] {
  const isThere = members.some(([one]) => one === name);
  if (!isThere)
    return deeper === null && value !== null && isNew(change) ? [...members, [name, value]] : members;
  return members.flatMap(([one, part]): readonly Member[] => {
    if (one !== name) return [[one, part]];
    if (deeper !== null) return [[one, deeper(part)]];
    if (change === 'before' || change === 'after') fail('22023', 'cannot replace existing key');
    return value === null ? [] : [[one, value]];
  });
}

function changedItems(
  items: readonly Json[],
  place: number,
  deeper: Deeper,
  change: Change,
  value: Json | null,
): readonly Json[] {
  const at = place < 0 ? items.length + place : place;
  const part = items[at];
  const own = value === null ? [] : [value];
  if (part === undefined) {
    if (deeper !== null || !isNew(change)) return items;
    return at < 0 ? [...own, ...items] : [...items, ...own];
  }
  const put =
    deeper !== null
      ? [deeper(part)]
      : change === 'before'
        ? [...own, part]
        : change === 'after'
          ? [part, ...own]
          : own;
  return items.toSpliced(at, 1, ...put);
}

/** Without the members that are null, on all levels. */
export function withoutNulls(json: Json): Json {
  if (json.type === 'array') return { ...json, items: json.items.map(withoutNulls) };
  if (json.type !== 'object') return json;
  const kept = json.members.filter(([, { type }]) => type !== 'null');
  return { ...json, members: kept.map(([name, part]) => [name, withoutNulls(part)]) };
}
