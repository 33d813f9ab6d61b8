// The groups of a `padTo` action, as written: names in turn, each with how many records in a row it takes.

import type { GroupId } from '../base/ids.ts';

/** Longest pattern; beyond it the text is not one. */
const MAX_PATTERN = 10_000;

/** `g1*3 g2` → g1 g1 g1 g2. Empty: the volume's first group. A text that is no pattern gives none. */
export function padGroups(text: string): readonly GroupId[] {
  const groups: GroupId[] = [];
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const found = /^([A-Za-z0-9-]+)(?:\*([0-9]{1,5}))?$/.exec(word);
    const count = Number(found?.[2] ?? 1);
    if (found === null || count === 0 || groups.length + count > MAX_PATTERN) return [];
    for (let i = 0; i < count; i++) groups.push(found[1] as GroupId);
  }
  return groups;
}
