// Functions of regular expressions, as regexp.c of PostgreSQL has them: what is searched, which match is meant, and what is given of it.

import type { Value } from './access.ts';
import { formatArray } from './array-form.ts';
import { makeArray } from './builtins-array.ts';
import { checkLength } from './builtins-text.ts';
import { fail } from './failure.ts';
import { define, type TableFunction } from './function-table.ts';
import { num, str } from './narrow.ts';
import { charactersOf, type Flags, groupsOf, isMatch, matchesOf, readFlags } from './regex.ts';
import { PLAIN_OPTIONS } from './regex-lex.ts';
import type { Match, Span } from './regex-match.ts';
import { similarPattern } from './similar.ts';

/** Flags of a function that has but one match, or all of them in any case. */
function flagsOf(letters: Value, name: string): Flags {
  const flags = readFlags(letters === null ? '' : str(letters));
  if (flags.isGlobal) fail('22023', `${name}() does not support the "global" option`);
  return flags;
}

function place(value: Value, name: string, least: number, most = Number.POSITIVE_INFINITY): number {
  const number = num(value);
  if (number < least || number > most) fail('22023', `invalid value for parameter "${name}": ${number}`);
  return number;
}

/** All matches, of which the n-th is asked for, or a group of it. */
function nth(
  name: string,
  text: Value,
  pattern: Value,
  start: Value,
  n: Value,
  flags: Value,
  group: Value,
  endOption: Value = 0,
): { readonly span: Span | null; readonly slice: (begin: number, end: number) => string } {
  const from = place(start, 'start', 1) - 1;
  const wanted = place(n, 'n', 1);
  place(endOption, 'endoption', 0, 1);
  const which = place(group, 'subexpr', 0);
  const { options } = flagsOf(flags, name);
  const characters = charactersOf(str(text));
  const asked = { options, from, isGlobal: true, withGroups: which > 0 };
  const match = matchesOf(characters, str(pattern), asked)[wanted - 1];
  const groups = groupsOf(str(pattern), options);
  // Of a pattern without groups the whole is the first.
  const isWhole = which === 0 || (groups === 0 && which === 1);
  return { span: match?.[isWhole ? 0 : which] ?? null, slice: characters.slice };
}

function substringOf({ span, slice }: ReturnType<typeof nth>): Value {
  return span === null ? null : slice(...span);
}

/** The groups of a match as texts, or the whole of it. */
function textsOf(match: Match, slice: (begin: number, end: number) => string): readonly (string | null)[] {
  const [whole, ...groups] = match;
  return (groups.length > 0 ? groups : [whole]).map((span) => (span === null ? null : slice(...span)));
}

function firstMatch(text: Value, pattern: Value, flags: Value): Value {
  const { options } = flagsOf(flags, 'regexp_match');
  const characters = charactersOf(str(text));
  const asked = { options, from: 0, isGlobal: false, withGroups: true };
  const [match] = matchesOf(characters, str(pattern), asked);
  return match === undefined ? null : makeArray('text', textsOf(match, characters.slice));
}

/** Each match as the text of an array. */
function matchList(text: Value, pattern: Value, flags: Value): Value {
  const { options, isGlobal } = readFlags(flags === null ? '' : str(flags));
  const characters = charactersOf(str(text));
  const matches = matchesOf(characters, str(pattern), { options, from: 0, isGlobal, withGroups: true });
  return makeArray(
    'text',
    matches.map((match) => formatArray(textsOf(match, characters.slice))),
  );
}

/** What stands between matches; those of nothing at the ends or behind another are none. */
function split(text: Value, pattern: Value, flags: Value, name: string): Value {
  const { options } = flagsOf(flags, name);
  const characters = charactersOf(str(text));
  const asked = { options, from: 0, isGlobal: true, withGroups: false };
  const parts: string[] = [];
  let before = 0;
  let cut = 0;
  for (const [[begin, end]] of matchesOf(characters, str(pattern), asked)) {
    if (begin < characters.codes.length && end > before) {
      parts.push(characters.slice(cut, begin));
      cut = end;
    }
    before = end;
  }
  return makeArray('text', [...parts, characters.slice(cut, characters.codes.length)]);
}

/** `n` 0: all of them. */
function replaced(text: Value, pattern: Value, by: Value, flags: Flags, from: number, n: number): Value {
  const characters = charactersOf(str(text));
  const { codes, slice } = characters;
  const replacement = str(by);
  const withGroups = /\\[1-9]/.test(replacement);
  const asked = { options: flags.options, from, isGlobal: n !== 1, withGroups };
  const matches = matchesOf(characters, str(pattern), asked);
  let out = '';
  let cut = 0;
  for (const [i, match] of matches.entries()) {
    if (n > 0 && i + 1 !== n) continue;
    const [begin, end] = match[0];
    const own = replacement.replace(/\\([1-9&\\])/g, (_, sign: string) => {
      if (sign === '\\') return sign;
      const span = match[sign === '&' ? 0 : Number(sign)] ?? null;
      return span === null ? '' : slice(...span);
    });
    out = checkLength(out + slice(cut, begin) + own);
    cut = end;
  }
  return checkLength(out + slice(cut, codes.length));
}

const replacedFrom = (a: Value, pattern: Value, by: Value, start: Value, n: Value, flags: Value): Value => {
  const from = place(start, 'start', 1) - 1;
  const wanted = n === null ? null : place(n, 'n', 0);
  const read = readFlags(flags === null ? '' : str(flags));
  return replaced(a, pattern, by, read, from, wanted ?? (read.isGlobal ? 0 : 1));
};

function firstGroup(text: Value, pattern: Value): Value {
  const characters = charactersOf(str(text));
  const asked = { options: PLAIN_OPTIONS, from: 0, isGlobal: false, withGroups: true };
  const [match] = matchesOf(characters, str(pattern), asked);
  const span = match === undefined ? null : match.length > 1 ? (match[1] ?? null) : match[0];
  return span === null ? null : characters.slice(...span);
}

const like = (a: Value, pattern: Value, flags: Value): boolean =>
  isMatch(str(a), str(pattern), flagsOf(flags, 'regexp_like').options);

const countOf = (a: Value, pattern: Value, start: Value, flags: Value): number => {
  const from = place(start, 'start', 1) - 1;
  const { options } = flagsOf(flags, 'regexp_count');
  const asked = { options, from, isGlobal: true, withGroups: false };
  return matchesOf(charactersOf(str(a)), str(pattern), asked).length;
};

function placeOf(
  a: Value,
  pattern: Value,
  start: Value,
  n: Value,
  endOption: Value,
  flags: Value,
  group: Value,
): number {
  const { span } = nth('regexp_instr', a, pattern, start, n, flags, group, endOption);
  return span === null ? 0 : span[endOption === 1 ? 1 : 0] + 1;
}

const part = (a: Value, pattern: Value, start: Value, n: Value, flags: Value, group: Value): Value =>
  substringOf(nth('regexp_substr', a, pattern, start, n, flags, group));

/** A function with fewer arguments for each that may be left out, from the last. */
function withFewer<Name extends string>(
  key: Name,
  name: string,
  args: string,
  result: TableFunction['result'],
  body: TableFunction['body'],
  otherwise: readonly Value[],
): Readonly<Record<`${Name}${number}`, TableFunction>> {
  const types = args.split(' ');
  const least = types.length - otherwise.length;
  return Object.fromEntries(
    Array.from({ length: otherwise.length + 1 }, (_, more) => {
      const filled = (...given: readonly Value[]): Value => body(...given, ...otherwise.slice(more));
      return [`${key}${least + more}`, define(name, types.slice(0, least + more).join(' '), result, filled)];
    }),
  ) as Readonly<Record<`${Name}${number}`, TableFunction>>;
}

/** Of a function that gives rows, as the list of them (from-function.ts). */
export const ROWS = 'lab_rows_';

export const REGEXES = {
  ...withFewer('regexLike', 'regexp_like', 'text text text', 'bool', like, [null]),
  ...withFewer('regexCount', 'regexp_count', 'text text int4 text', 'int4', countOf, [1, null]),
  ...withFewer('regexInstr', 'regexp_instr', 'text text int4 int4 int4 text int4', 'int4', placeOf, [
    1,
    1,
    0,
    null,
    0,
  ]),
  ...withFewer('regexSubstr', 'regexp_substr', 'text text int4 int4 text int4', 'text', part, [
    1,
    1,
    null,
    0,
  ]),
  ...withFewer('regexMatch', 'regexp_match', 'text text text', 'text[]', firstMatch, [null]),
  ...withFewer('regexMatches', `${ROWS}regexp_matches`, 'text text text', 'text[]', matchList, [null]),
  ...withFewer(
    'regexSplit',
    'regexp_split_to_array',
    'text text text',
    'text[]',
    (a, pattern, flags) => split(a, pattern, flags, 'regexp_split_to_array'),
    [null],
  ),
  ...withFewer(
    'regexSplitRows',
    `${ROWS}regexp_split_to_table`,
    'text text text',
    'text[]',
    (a, pattern, flags) => split(a, pattern, flags, 'regexp_split_to_table'),
    [null],
  ),
  ...withFewer(
    'regexReplace',
    'regexp_replace',
    'text text text text',
    'text',
    (a, pattern, by, letters) => {
      const isNumber = letters !== null && /^[0-9]/.test(str(letters));
      if (isNumber) fail('22023', `invalid regular expression option: "${str(letters).charAt(0)}"`);
      const flags = readFlags(letters === null ? '' : str(letters));
      return replaced(a, pattern, by, flags, 0, flags.isGlobal ? 0 : 1);
    },
    [null],
  ),
  ...withFewer('regexReplaceFrom', 'regexp_replace', 'text text text int4 int4 text', 'text', replacedFrom, [
    null,
    null,
  ]),
  regexSubstring: define('substring', 'text text', 'text', firstGroup),
  similarSubstring: define('substring', 'text text text', 'text', (a, pattern, escapeBy) =>
    firstGroup(a, similarPattern(str(pattern), str(escapeBy))),
  ),
  similarToEscape: define('similar_to_escape', 'text', 'text', (a) => similarPattern(str(a), '\\')),
  similarToEscapeBy: define('similar_to_escape', 'text text', 'text', (a, escapeBy) =>
    similarPattern(str(a), str(escapeBy)),
  ),
};
