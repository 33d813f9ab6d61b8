// Regular expressions over texts: matchers that are kept, and places counted in characters.

import { fail } from './failure.ts';
import { ARRAY_ITEMS_MAX } from './limits.ts';
import { PLAIN_OPTIONS, type RegexOptions, withOption } from './regex-lex.ts';
import { makeSearch } from './regex-machine.ts';
import { type Match, type Matcher, makeMatcher } from './regex-match.ts';

/** Matchers are made of a pattern and its options alone, so what is kept changes no result. */
const kept = new Map<string, Matcher>();
const KEPT_MAX = 32;

function matcherOf(pattern: string, options: RegexOptions): Matcher {
  const key = `${JSON.stringify(options)}${pattern}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const matcher = makeMatcher(pattern, options);
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(key, matcher);
  return matcher;
}

const SURROGATE = /[\ud800-\udfff]/;

/** A text by its characters. */
export interface Characters {
  readonly codes: ArrayLike<number>;
  readonly slice: (begin: number, end: number) => string;
}

export function charactersOf(text: string): Characters {
  if (!SURROGATE.test(text)) {
    const codes = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
    return { codes, slice: (begin, end) => text.slice(begin, end) };
  }
  const characters = [...text];
  return {
    codes: characters.map((character) => character.codePointAt(0) ?? 0),
    slice: (begin, end) => characters.slice(begin, end).join(''),
  };
}

export const isMatch = (text: string, pattern: string, options: RegexOptions = PLAIN_OPTIONS): boolean =>
  matcherOf(pattern, options).test(charactersOf(text).codes);

export const groupsOf = (pattern: string, options: RegexOptions): number =>
  matcherOf(pattern, options).groups;

interface Asked {
  readonly options: RegexOptions;
  /** In characters from 0. */
  readonly from: number;
  readonly isGlobal: boolean;
  readonly withGroups: boolean;
}

/** The first match, or all, each behind the end of the one before. */
export function matchesOf({ codes }: Characters, pattern: string, asked: Asked): readonly Match[] {
  const matcher = matcherOf(pattern, asked.options);
  const search = makeSearch(codes);
  const matches: Match[] = [];
  let from = asked.from;
  while (from <= codes.length) {
    const match = matcher.find(search, from, asked.withGroups);
    if (match === null) break;
    matches.push(match);
    if (matches.length > ARRAY_ITEMS_MAX) fail('54000', 'too many regular expression matches');
    if (!asked.isGlobal) break;
    const [begin, end] = match[0];
    from = begin === end ? end + 1 : end;
  }
  return matches;
}

export interface Flags {
  readonly options: RegexOptions;
  readonly isGlobal: boolean;
}

/** Options of a function by their letters. */
export function readFlags(letters: string): Flags {
  let options = PLAIN_OPTIONS;
  let isGlobal = false;
  for (const letter of letters) {
    if (letter === 'g') isGlobal = true;
    else
      options =
        withOption(options, letter) ?? fail('22023', `invalid regular expression option: "${letter}"`);
  }
  return { options, isGlobal };
}
