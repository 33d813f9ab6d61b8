// The tokens of an advanced regular expression (ARE), as regc_lex.c of PostgreSQL reads them. Basic and extended ones (options `b` and `e`) are 0A000.

import { asciiLower } from './ascii.ts';
import { fail } from './failure.ts';
import type { ClassName } from './regex-set.ts';

export interface RegexOptions {
  readonly ignoresCase: boolean;
  /** `.` and `[^` do not match a newline. */
  readonly stopsAtNewline: boolean;
  /** `^` and `$` match at newlines too. */
  readonly anchorsAtNewline: boolean;
  readonly isExpanded: boolean;
  /** The pattern is a plain text. */
  readonly isLiteral: boolean;
}

export const PLAIN_OPTIONS: RegexOptions = {
  ignoresCase: false,
  stopsAtNewline: false,
  anchorsAtNewline: false,
  isExpanded: false,
  isLiteral: false,
};

/** What an option's letter changes; null: there is no such letter. */
export function withOption(options: RegexOptions, letter: string): RegexOptions | null {
  switch (letter) {
    case 'b':
    case 'e':
      return fail('0A000', `a regular expression with option "${letter}" is not supported`);
    case 'c':
      return { ...options, ignoresCase: false };
    case 'i':
      return { ...options, ignoresCase: true };
    case 'm':
    case 'n':
      return { ...options, stopsAtNewline: true, anchorsAtNewline: true };
    case 'p':
      return { ...options, stopsAtNewline: true, anchorsAtNewline: false };
    case 'q':
      return { ...options, isLiteral: true };
    case 's':
      return { ...options, stopsAtNewline: false, anchorsAtNewline: false };
    case 't':
      return { ...options, isExpanded: false };
    case 'w':
      return { ...options, stopsAtNewline: false, anchorsAtNewline: true };
    case 'x':
      return { ...options, isExpanded: true };
    default:
      return null;
  }
}

const asLiteral = (options: RegexOptions): RegexOptions => ({
  ...options,
  isExpanded: false,
  stopsAtNewline: false,
  anchorsAtNewline: false,
  isLiteral: true,
});

const ERRORS = {
  pattern: 'invalid regexp (reg version 0.8)',
  collation: 'invalid collating element',
  class: 'invalid character class',
  escape: 'invalid escape \\ sequence',
  reference: 'invalid backreference number',
  brackets: 'brackets [] not balanced',
  parentheses: 'parentheses () not balanced',
  braces: 'braces {} not balanced',
  repetition: 'invalid repetition count(s)',
  range: 'invalid character range',
  operand: 'quantifier operand invalid',
  option: 'invalid embedded option',
  size: 'regular expression is too complex',
} as const;

export const failRegex = (error: keyof typeof ERRORS): never =>
  fail('2201B', `invalid regular expression: ${ERRORS[error]}`);

export type Look = 'ahead' | 'notAhead' | 'behind' | 'notBehind';

/** What must be so at a place: that the text begins or ends there, or a word. */
export type Constraint = 'start' | 'finish' | 'wordStart' | 'wordEnd' | 'wordEdge' | 'notWordEdge';

export type Token =
  | { readonly kind: 'end' | '|' | ')' | '.' | '^' | '$' | ']' | ',' | '{' }
  | { readonly kind: 'character' | 'digit' | 'reference' | 'range'; readonly value: number }
  | { readonly kind: 'constraint'; readonly test: Constraint }
  | { readonly kind: 'class'; readonly name: ClassName; readonly isComplement: boolean }
  | { readonly kind: '*' | '+' | '?' | '}'; readonly isGreedy: boolean }
  | { readonly kind: '('; readonly captures: boolean }
  | { readonly kind: '['; readonly isComplement: boolean }
  | { readonly kind: 'look'; readonly look: Look }
  /** `[.….]`, `[=…=]` or `[:…:]`: what stands in it. */
  | { readonly kind: 'named'; readonly by: '.' | '=' | ':'; readonly name: string };

export interface Lexer {
  readonly options: RegexOptions;
  /** The token that is read next. */
  readonly token: () => Token;
  readonly advance: () => void;
}

type Place = 'expression' | 'bound' | 'brackets';

const CHARACTERS: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  B: 92,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};
const CONSTRAINTS: Readonly<Record<string, Token>> = {
  A: { kind: 'constraint', test: 'start' },
  Z: { kind: 'constraint', test: 'finish' },
  m: { kind: 'constraint', test: 'wordStart' },
  M: { kind: 'constraint', test: 'wordEnd' },
  y: { kind: 'constraint', test: 'wordEdge' },
  Y: { kind: 'constraint', test: 'notWordEdge' },
};
const CLASS_ESCAPES: Readonly<Record<string, ClassName>> = { d: 'digit', s: 'space', w: 'word' };

/** `groups`: how many capturing parentheses have been opened, which decides what `\12` means. */
export function makeLexer(pattern: string, given: RegexOptions, groups: () => number): Lexer {
  const characters = [...pattern];
  let at = 0;
  let place: Place = 'expression';
  /** Directly behind `[` or `[^`. */
  let isFirst = false;
  const peek = (ahead = 0): string => characters[at + ahead] ?? '';
  const take = (): string => {
    at += 1;
    return characters[at - 1] ?? '';
  };
  const isAtEnd = (): boolean => at >= characters.length;
  const eat = (character: string): boolean => {
    if (peek() !== character) return false;
    at += 1;
    return true;
  };
  const startsWith = (text: string): boolean => characters.slice(at, at + text.length).join('') === text;
  const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
  const plain = (character: string): Token => ({ kind: 'character', value: codeOf(character) });

  const readPrefix = (): RegexOptions => {
    let options = given;
    if (options.isLiteral) return asLiteral(options);
    if (startsWith('***') && characters.length > 3) {
      const kind = peek(3);
      if (kind === '?') failRegex('pattern');
      if (kind !== '=' && kind !== ':') failRegex('operand');
      at += 4;
      if (kind === '=') return asLiteral(options);
    }
    if (!startsWith('(?') || !/^[a-zA-Z]$/.test(peek(2))) return options;
    at += 2;
    while (/^[a-zA-Z]$/.test(peek())) options = withOption(options, take()) ?? failRegex('option');
    if (!eat(')')) failRegex('option');
    return options.isLiteral ? asLiteral(options) : options;
  };
  const options = readPrefix();

  const skip = (): void => {
    for (;;) {
      while (/^[\t-\r ]$/.test(peek())) at += 1;
      if (peek() !== '#') return;
      while (!isAtEnd() && peek() !== '\n') at += 1;
    }
  };

  const readDigits = (base: number, least: number, most: number): number => {
    let value = 0;
    let count = 0;
    while (count < most && /^[0-9a-fA-F]$/.test(peek())) {
      const digit = Number.parseInt(peek(), 16);
      if (digit >= base) break;
      // Beyond what a code point can be it is out of range, however far.
      value = Math.min(value * base + digit, 0x7fffffff);
      at += 1;
      count += 1;
    }
    if (count < least) failRegex('escape');
    return value;
  };
  const readCode = (least: number, most: number): Token => {
    const value = readDigits(16, least, most);
    return value > 0x10ffff ? failRegex('escape') : { kind: 'character', value };
  };

  const readEscape = (): Token => {
    const letter = take();
    if (!/^[0-9a-zA-Z]$/.test(letter)) return plain(letter);
    const character = CHARACTERS[letter];
    if (character !== undefined) return { kind: 'character', value: character };
    const constraint = CONSTRAINTS[letter];
    if (constraint !== undefined) return constraint;
    const name = CLASS_ESCAPES[asciiLower(letter)];
    if (name !== undefined) return { kind: 'class', name, isComplement: letter < 'a' };
    switch (letter) {
      case 'c':
        return isAtEnd() ? failRegex('escape') : { kind: 'character', value: codeOf(take()) & 31 };
      case 'u':
        return readCode(4, 4);
      case 'U':
        return readCode(8, 8);
      case 'x':
        return readCode(1, 255);
    }
    if (!/^[0-9]$/.test(letter)) return failRegex('escape');
    const behind = at;
    at -= 1;
    if (letter !== '0') {
      const number = readDigits(10, 1, 255);
      if (at === behind || (number > 0 && number <= groups())) return { kind: 'reference', value: number };
      at = behind - 1;
    }
    let value = readDigits(8, 1, 3);
    if (value > 255) {
      at -= 1;
      value >>= 3;
    }
    return { kind: 'character', value };
  };

  const isLazy = (): boolean => eat('?');

  const readBound = (): Token => {
    const character = take();
    if (/^[0-9]$/.test(character)) return { kind: 'digit', value: Number(character) };
    if (character === ',') return { kind: ',' };
    if (character !== '}') return failRegex('repetition');
    place = 'expression';
    return { kind: '}', isGreedy: !isLazy() };
  };

  const readNamed = (by: '.' | '=' | ':'): Token => {
    let name = '';
    while (!(peek() === by && peek(1) === ']')) {
      if (isAtEnd()) failRegex('brackets');
      name += take();
    }
    at += 2;
    return { kind: 'named', by, name };
  };

  const readInBrackets = (): Token => {
    const wasFirst = isFirst;
    isFirst = false;
    const character = take();
    switch (character) {
      case ']':
        if (wasFirst) return plain(character);
        place = 'expression';
        return { kind: ']' };
      case '\\': {
        if (isAtEnd()) failRegex('escape');
        const escaped = readEscape();
        return escaped.kind === 'character' || escaped.kind === 'class' ? escaped : failRegex('escape');
      }
      case '-':
        return wasFirst || peek() === ']' ? plain(character) : { kind: 'range', value: codeOf(character) };
      case '[': {
        if (isAtEnd()) failRegex('brackets');
        const by = peek();
        if (by !== '.' && by !== '=' && by !== ':') return plain(character);
        at += 1;
        return readNamed(by);
      }
      default:
        return plain(character);
    }
  };

  /** Behind `(?`; null: it was a comment. */
  const readExtension = (): Token | null => {
    if (isAtEnd()) failRegex('operand');
    switch (take()) {
      case ':':
        return { kind: '(', captures: false };
      case '#':
        while (!isAtEnd() && peek() !== ')') at += 1;
        if (!isAtEnd()) at += 1;
        return null;
      case '=':
        return { kind: 'look', look: 'ahead' };
      case '!':
        return { kind: 'look', look: 'notAhead' };
      case '<':
        if (eat('=')) return { kind: 'look', look: 'behind' };
        if (eat('!')) return { kind: 'look', look: 'notBehind' };
        return failRegex('operand');
      default:
        return failRegex('operand');
    }
  };

  const readOpeningBracket = (): Token => {
    for (const [text, test] of [
      ['[:<:]]', 'wordStart'],
      ['[:>:]]', 'wordEnd'],
    ] as const)
      if (startsWith(text)) {
        at += text.length;
        return { kind: 'constraint', test };
      }
    place = 'brackets';
    isFirst = true;
    return { kind: '[', isComplement: eat('^') };
  };

  const read = (): Token => {
    for (;;) {
      if (options.isExpanded && place !== 'brackets') skip();
      if (isAtEnd()) {
        if (place === 'bound') failRegex('braces');
        return place === 'brackets' ? failRegex('brackets') : { kind: 'end' };
      }
      if (options.isLiteral) return plain(take());
      if (place === 'bound') return readBound();
      if (place === 'brackets') return readInBrackets();
      const character = take();
      switch (character) {
        case '|':
        case ')':
        case '.':
        case '^':
        case '$':
          return { kind: character };
        case '*':
        case '+':
        case '?':
          return { kind: character, isGreedy: !isLazy() };
        case '{':
          if (options.isExpanded) skip();
          if (!/^[0-9]$/.test(peek())) return plain(character);
          place = 'bound';
          return { kind: '{' };
        case '(': {
          if (!eat('?')) return { kind: '(', captures: true };
          const extension = readExtension();
          if (extension === null) continue;
          return extension;
        }
        case '[':
          return readOpeningBracket();
        case '\\':
          return isAtEnd() ? failRegex('escape') : readEscape();
        default:
          return plain(character);
      }
    }
  };

  let token = read();
  return {
    options,
    token: () => token,
    advance: () => {
      token = read();
    },
  };
}
