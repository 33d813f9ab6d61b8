// Finds a match of an advanced regular expression, and of its groups, as regexec.c of PostgreSQL does: the leftmost, of those the longest or the
// shortest as the whole prefers, which its parts then divide from left to right. Only references to groups make it try again.

import type { RegexOptions } from './regex-lex.ts';
import {
  endsAt,
  endsOf,
  firstStart,
  longest,
  type Machine,
  makeMachine,
  makeSearch,
  type Search,
  shortest,
  spend,
  startsBefore,
} from './regex-machine.ts';
import { parseRegex, REFERS, type Regex, type RegexPart, SHORTER } from './regex-parse.ts';
import { foldCase } from './regex-set.ts';

/** Begin and end; null: the group has none. */
export type Span = readonly [begin: number, end: number];
/** The whole, then each group. */
export type Match = readonly [Span, ...(Span | null)[]];

export interface Matcher {
  readonly groups: number;
  /** Whether the text has a match. */
  readonly test: (text: ArrayLike<number>) => boolean;
  /** The first match from a place on; `withGroups`: of the groups too. */
  readonly find: (search: Search, from: number, withGroups: boolean) => Match | null;
}

export function makeMatcher(pattern: string, options: RegexOptions): Matcher {
  const regex = parseRegex(pattern, options);
  const machines = new Map<RegexPart, Machine>();
  const machineOf = (part: RegexPart): Machine => {
    const machine = machines.get(part) ?? makeMachine(part.shape);
    machines.set(part, machine);
    return machine;
  };
  const find: Matcher['find'] = (search, from, withGroups) =>
    findMatch(regex, machineOf, search, from, withGroups);
  return {
    groups: regex.groups,
    test: (text) => {
      const search = makeSearch(text);
      if ((regex.tree.flags & REFERS) !== 0) return find(search, 0, false) !== null;
      return firstStart(machineOf(regex.tree), search, 0, true) !== null;
    },
    find,
  };
}

type Groups = (Span | null)[];

interface Division {
  readonly search: Search;
  readonly groups: Groups;
  readonly machineOf: (part: RegexPart) => Machine;
  readonly ignoresCase: boolean;
}

function findMatch(
  { options, tree, groups: count }: Regex,
  machineOf: (part: RegexPart) => Machine,
  search: Search,
  from: number,
  withGroups: boolean,
): Match | null {
  const groups: Groups = Array.from({ length: count + 1 }, () => null);
  const division: Division = { search, groups, machineOf, ignoresCase: options.ignoresCase };
  const machine = machineOf(tree);
  const { length } = search.text;
  const isShort = (tree.flags & SHORTER) !== 0;
  const found = (begin: number, end: number): Match => [[begin, end], ...groups.slice(1)];
  for (let at = from; at <= length; at++) {
    const begin = firstStart(machine, search, at);
    if (begin === null) return null;
    if ((tree.flags & REFERS) === 0) {
      const end = isShort
        ? shortest(machine, search, begin, begin, length)
        : longest(machine, search, begin, length);
      if (end === null) return null;
      if (withGroups && count > 0) divide(division, tree, begin, end);
      return found(begin, end);
    }
    const ends = endsOf(machine, search, begin, length);
    for (const end of isShort ? ends : ends.toReversed())
      if (divide(division, tree, begin, end)) return found(begin, end);
    at = begin;
  }
  return null;
}

function forget(groups: Groups, part: RegexPart): void {
  if (part.group > 0) groups[part.group] = null;
  for (const child of part.children) forget(groups, child);
}

/** The part matches from `begin` to `end` but for references: whether it does with them, and then what its groups are. */
function divide(division: Division, part: RegexPart, begin: number, end: number): boolean {
  const isMatch = ((): boolean => {
    switch (part.kind) {
      case 'leaf':
        return true;
      case 'reference':
        return isRepeated(division, part, begin, end);
      case 'join':
        return join(division, part, begin, end);
      case 'either': {
        const { machineOf, search } = division;
        return part.children.some(
          (child) => endsAt(machineOf(child), search, begin, end) && divide(division, child, begin, end),
        );
      }
      case 'wrap':
        return part.children.every((child) => divide(division, child, begin, end));
      case 'repeat':
        return repeat(division, part, begin, end);
    }
  })();
  if (isMatch && part.group > 0) division.groups[part.group] = [begin, end];
  return isMatch;
}

function isRepeated(
  { search, groups, ignoresCase }: Division,
  part: RegexPart,
  begin: number,
  end: number,
): boolean {
  const { text } = search;
  const span = groups[part.to] ?? null;
  if (span === null) return false;
  const length = span[1] - span[0];
  if (length === 0) return begin === end;
  if (begin === end) return part.least === 0;
  const times = (end - begin) / length;
  if (!Number.isInteger(times) || times < part.least || (part.most !== null && times > part.most))
    return false;
  const at = (i: number): number => (ignoresCase ? foldCase(text[i] as number) : (text[i] as number));
  spend(search, end - begin);
  for (let i = begin; i < end; i++) if (at(i) !== at(span[0] + ((i - begin) % length))) return false;
  return true;
}

function join(division: Division, part: RegexPart, begin: number, end: number): boolean {
  const [left, right] = part.children;
  if (left === undefined || right === undefined) return false;
  const { machineOf, search } = division;
  const starts = new Set(startsBefore(machineOf(right), search, end, begin));
  const middles = endsOf(machineOf(left), search, begin, end);
  for (const middle of (left.flags & SHORTER) === 0 ? middles.reverse() : middles) {
    if (!starts.has(middle) || !divide(division, left, begin, middle)) continue;
    if (divide(division, right, middle, end)) return true;
    forget(division.groups, left);
  }
  return false;
}

/** Ends of the times that a repetition is there, of which none is empty unless they must be. */
function repeat(division: Division, part: RegexPart, begin: number, end: number): boolean {
  const [child] = part.children;
  if (child === undefined) return false;
  const isShort = (child.flags & SHORTER) !== 0;
  if (isShort && part.least === 0 && begin === end) return true;
  const least = Math.max(1, part.least);
  const most = Math.max(Math.min(end - begin, part.most ?? Number.POSITIVE_INFINITY), least);
  const machine = division.machineOf(child);
  const ends = [begin];
  const endOf = (k: number): number => ends[k] as number;
  /** So many of the first are known to match with their references. */
  let verified = 0;
  let k = 1;
  let limit = isShort ? begin : end;
  const mayBeEmpty = (from: number): boolean => k < least && least - k >= end - from;
  /** A longer or shorter end for the last time of which there is one. */
  const tryAgain = (): void => {
    for (; k > 0; k--) {
      const before = endOf(k - 1);
      if (isShort) {
        limit = endOf(k) + 1;
        if (endOf(k) < end) return;
      } else if (endOf(k) > before) {
        limit = endOf(k) - 1;
        if (limit > before || mayBeEmpty(before)) return;
      }
    }
  };
  while (k > 0) {
    const from = endOf(k - 1);
    if (isShort) {
      if (limit === from && limit !== end && !mayBeEmpty(limit)) limit += 1;
      if (k >= most) limit = end;
    }
    const found = isShort
      ? shortest(machine, division.search, from, limit, end)
      : longest(machine, division.search, from, limit);
    if (found === null) {
      k -= 1;
      tryAgain();
      continue;
    }
    ends[k] = found;
    verified = Math.min(verified, k - 1);
    if (found !== end) {
      if (k >= most) {
        k -= 1;
        tryAgain();
      } else if (!isShort && found === from && !mayBeEmpty(found)) tryAgain();
      else {
        k += 1;
        limit = isShort ? found : end;
      }
      continue;
    }
    if (k >= least) {
      let i = verified + 1;
      for (; i <= k; i++) {
        forget(division.groups, child);
        if (!divide(division, child, endOf(i - 1), endOf(i))) break;
        verified = i;
      }
      if (i > k) return true;
      k = i;
    }
    tryAgain();
  }
  return !isShort && part.least === 0 && begin === end;
}
