// Sets of characters of a regular expression, as sorted ranges of code points. Classes are those of collation C, as upper and lower are.

/** First and last of each range, in order, none touching the next. */
export type CharacterSet = readonly (readonly [first: number, last: number])[];

const LAST = 0x10ffff;
export const ANY: CharacterSet = [[0, LAST]];

const code = (character: string): number => character.charCodeAt(0);
const between = (first: string, last: string): readonly [number, number] => [code(first), code(last)];
const ofCode = (character: number): readonly [number, number] => [character, character];

export const NEWLINE: CharacterSet = [ofCode(10)];

export function unionOf(sets: readonly CharacterSet[]): CharacterSet {
  const ranges = sets.flat().toSorted(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [first, last] of ranges) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function complementOf(set: CharacterSet): CharacterSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST) gaps.push([next, LAST]);
  return gaps;
}

const isLower = (character: number): boolean => character >= 97 && character <= 122;
export const foldCase = (character: number): number =>
  character >= 65 && character <= 90 ? character + 32 : character;

/** With the other case of each letter. */
export function inBothCases(set: CharacterSet): CharacterSet {
  const others: [number, number][] = [];
  for (const [first, last] of set)
    for (const [low, high] of [between('A', 'Z'), between('a', 'z')]) {
      const [from, to] = [Math.max(first, low), Math.min(last, high)];
      const by = isLower(low) ? -32 : 32;
      if (from <= to) others.push([from + by, to + by]);
    }
  return unionOf([set, others]);
}

export const oneOf = (character: number): CharacterSet => [ofCode(character)];

const DIGIT = between('0', '9');
const UPPER = between('A', 'Z');
const LOWER = between('a', 'z');

const CLASSES = {
  alnum: [DIGIT, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [[0, 127]],
  blank: [ofCode(9), ofCode(32)],
  cntrl: [
    [0, 31],
    [127, 159],
  ],
  digit: [DIGIT],
  graph: [between('!', '~')],
  lower: [LOWER],
  print: [between(' ', '~')],
  punct: [between('!', '/'), between(':', '@'), between('[', '`'), between('{', '~')],
  space: [[9, 13], ofCode(32)],
  upper: [UPPER],
  word: [DIGIT, UPPER, ofCode(95), LOWER],
  xdigit: [DIGIT, between('A', 'F'), between('a', 'f')],
} satisfies Readonly<Record<string, CharacterSet>>;
export type ClassName = keyof typeof CLASSES;

export const isClassName = (name: string): name is ClassName => Object.hasOwn(CLASSES, name);

export const classOf = (name: ClassName, ignoresCase: boolean): CharacterSet =>
  CLASSES[ignoresCase && (name === 'lower' || name === 'upper') ? 'alpha' : name];

/** As `\w`. */
export const isWord = (character: number): boolean =>
  CLASSES.word.some(([first, last]) => character >= first && character <= last);

/** A test that looks up ASCII and searches the rest. */
export function makeTest(set: CharacterSet): (character: number) => boolean {
  const ascii = new Uint8Array(128);
  for (const [first, last] of set) ascii.fill(1, first, Math.min(last, 127) + 1);
  const rest = set.filter(([, last]) => last > 127);
  return (character) => {
    if (character < 128) return ascii[character] === 1;
    for (const [first, last] of rest) if (character >= first && character <= last) return true;
    return false;
  };
}

/** Names of single characters in `[.….]` and `[=…=]`, by code from 0, those of one code apart by a bar. */
const NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL|alert BS|backspace HT|tab LF|newline VT|vertical-tab FF|form-feed CR|carriage-return SO SI DLE DC1 DC2 DC3 ' +
  'DC4 NAK SYN ETB CAN EM SUB ESC IS4|FS IS3|GS IS2|RS IS1|US space exclamation-mark quotation-mark number-sign dollar-sign percent-sign ' +
  'ampersand apostrophe left-parenthesis right-parenthesis asterisk plus-sign comma hyphen|hyphen-minus period|full-stop slash|solidus zero one ' +
  'two three four five six seven eight nine colon semicolon less-than-sign equals-sign greater-than-sign question-mark commercial-at';
const LATER_NAMES: Readonly<Record<string, string>> = {
  'left-square-bracket': '[',
  backslash: '\\',
  'reverse-solidus': '\\',
  'right-square-bracket': ']',
  circumflex: '^',
  'circumflex-accent': '^',
  underscore: '_',
  'low-line': '_',
  'grave-accent': '`',
  'left-brace': '{',
  'left-curly-bracket': '{',
  'vertical-line': '|',
  'right-brace': '}',
  'right-curly-bracket': '}',
  tilde: '~',
  DEL: '\x7f',
};

/** Null: there is no such name. */
export function characterNamed(name: string): number | null {
  const characters = [...name];
  if (characters.length === 1) return name.codePointAt(0) ?? null;
  if (Object.hasOwn(LATER_NAMES, name)) return code(LATER_NAMES[name] ?? '');
  const at = NAMES.split(' ').findIndex((names) => names.split('|').includes(name));
  return at < 0 ? null : at;
}
