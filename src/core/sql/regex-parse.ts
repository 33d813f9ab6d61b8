// An advanced regular expression as a tree, as regcomp.c of PostgreSQL makes it. A part that prefers one length throughout and captures nothing
// is a leaf. What is above the leaves says how a match is divided: the left part takes the most that it can, or the least if it is not greedy.

import {
  type Constraint,
  failRegex,
  type Lexer,
  type Look,
  makeLexer,
  type RegexOptions,
} from './regex-lex.ts';
import { REGEX_DEPTH_MAX, REGEX_STATES_MAX } from './regex-limits.ts';
import {
  ANY,
  type CharacterSet,
  characterNamed,
  classOf,
  complementOf,
  inBothCases,
  isClassName,
  NEWLINE,
  oneOf,
  unionOf,
} from './regex-set.ts';

/** What a text must be to match, whatever is preferred. */
export type Shape =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'test'; readonly test: Constraint | 'lineStart' | 'lineEnd' }
  | { readonly kind: 'look'; readonly look: Look; readonly of: Shape }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly Shape[] }
  /** `most` null: without end. */
  | { readonly kind: 'repeat'; readonly of: Shape; readonly least: number; readonly most: number | null };

/** Bits as in regguts.h: what a part prefers, and what it has below it. */
export const SHORTER = 2;
const LONGER = 1;
const MIXED = 4;
const CAPTURES = 8;
export const REFERS = 16;

const upward = (flags: number): number =>
  (flags & (MIXED | CAPTURES | REFERS)) | ((flags << 2) & (flags << 1) & MIXED);
const isMessy = (flags: number): boolean => (flags & (MIXED | CAPTURES | REFERS)) !== 0;
const preference = (flags: number): number => flags & (LONGER | SHORTER);
const combined = (first: number, second: number): number =>
  upward(first | second) | (preference(first) === 0 ? preference(second) : preference(first));

export interface RegexPart {
  readonly kind: 'leaf' | 'join' | 'either' | 'repeat' | 'wrap' | 'reference';
  flags: number;
  shape: Shape;
  readonly children: readonly RegexPart[];
  /** The group that it is; 0: none. */
  group: number;
  /** Of a repetition or a reference; `most` null: without end. */
  least: number;
  most: number | null;
  /** The group that is referred to. */
  readonly to: number;
}

export interface Regex {
  readonly options: RegexOptions;
  readonly tree: RegexPart;
  readonly groups: number;
}

const sequence = (parts: readonly Shape[]): Shape => {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'sequence', parts };
};
const EMPTY: Shape = sequence([]);

function repeated(of: Shape, least: number, most: number | null): Shape {
  return least === 1 && most === 1 ? of : { kind: 'repeat', of, least, most };
}

const part = (
  kind: RegexPart['kind'],
  flags: number,
  shape: Shape,
  more: Partial<Pick<RegexPart, 'children' | 'least' | 'most' | 'to'>> = {},
): RegexPart => ({ kind, flags, shape, children: [], group: 0, least: 1, most: 1, to: 0, ...more });

/** Without what must be so around it: what a reference may match is at another place. */
function unconstrained(shape: Shape): Shape {
  switch (shape.kind) {
    case 'set':
      return shape;
    case 'test':
    case 'look':
      return EMPTY;
    case 'sequence':
    case 'either':
      return { ...shape, parts: shape.parts.map(unconstrained) };
    case 'repeat':
      return { ...shape, of: unconstrained(shape.of) };
  }
}

/** How many states a machine for it has, up to the limit. */
function sizeOf(shape: Shape): number {
  const size = ((): number => {
    switch (shape.kind) {
      case 'set':
      case 'test':
        return 1;
      case 'look':
        return 2 + sizeOf(shape.of);
      case 'sequence':
        return shape.parts.reduce((sum, one) => sum + sizeOf(one), 0);
      case 'either':
        return shape.parts.reduce((sum, one) => sum + 2 + sizeOf(one), 0);
      case 'repeat':
        return (sizeOf(shape.of) + 1) * (shape.most ?? shape.least + 1);
    }
  })();
  return size > REGEX_STATES_MAX ? failRegex('size') : size;
}

interface Atom {
  /** Null: one character. */
  readonly atom: RegexPart | null;
  readonly shape: Shape;
  readonly kind: 'plain' | 'group' | 'reference';
}

interface Quantifier {
  readonly least: number;
  readonly most: number | null;
  /** LONGER, SHORTER or 0. */
  readonly prefers: number;
}

const ONCE: Quantifier = { least: 1, most: 1, prefers: 0 };
const COUNT_MAX = 255;

export function parseRegex(pattern: string, given: RegexOptions): Regex {
  let groups = 0;
  let depth = 0;
  const shapes = new Map<number, Shape>();
  const lexer: Lexer = makeLexer(pattern, given, () => groups);
  const { options } = lexer;
  const sees = (kind: string): boolean => lexer.token().kind === kind;
  const cased = (set: CharacterSet): CharacterSet => (options.ignoresCase ? inBothCases(set) : set);

  /** Branches up to `stopper`, which stays to be read. */
  const parseBranches = (stopper: ')' | 'end', isInLook: boolean): RegexPart => {
    depth += 1;
    if (depth > REGEX_DEPTH_MAX) failRegex('size');
    const branches: RegexPart[] = [];
    let flags = LONGER;
    for (;;) {
      const branch = parseBranch(stopper, isInLook);
      branches.push(branch);
      flags |= upward(flags | branch.flags);
      if (!sees('|')) break;
      lexer.advance();
    }
    if (!sees(stopper)) failRegex('parentheses');
    depth -= 1;
    const [only] = branches;
    if (only !== undefined && branches.length === 1) return only;
    const shape: Shape = { kind: 'either', parts: branches.map((branch) => branch.shape) };
    return isMessy(flags) ? part('either', flags, shape, { children: branches }) : part('leaf', flags, shape);
  };

  const parseBranch = (stopper: ')' | 'end', isInLook: boolean): RegexPart => {
    depth += 1;
    if (depth > REGEX_DEPTH_MAX) failRegex('size');
    /** What has been read is a leaf until something that needs a tree comes. */
    let flags = 0;
    const shapesBefore: Shape[] = [];
    const isAtEnd = (): boolean => sees('|') || sees(stopper) || sees('end');
    const whole = (): RegexPart => {
      while (!isAtEnd()) {
        const constraint = readConstraint();
        if (constraint !== null) {
          shapesBefore.push(constraint);
          continue;
        }
        const { atom, shape, kind } = readAtom(isInLook);
        const quantifier = readQuantifier();
        const { least, most, prefers } = quantifier;
        if (most === 0) {
          shapesBefore.push(EMPTY);
          continue;
        }
        const together = flags | prefers | (atom?.flags ?? 0);
        if (kind === 'plain' && !isMessy(upward(together))) {
          shapesBefore.push(repeated(shape, least, most));
          flags = together;
          continue;
        }
        return divided(atom ?? part('leaf', 0, shape), quantifier, kind === 'reference');
      }
      return part('leaf', flags, sequence(shapesBefore));
    };
    /** What came before, the atom with its quantifier, and the rest of the branch. */
    const divided = (atom: RegexPart, quantifier: Quantifier, isReference: boolean): RegexPart => {
      const isVacuous = shapesBefore.length === 0;
      const prefix = part('leaf', flags, sequence(shapesBefore));
      const before = combined(quantifier.prefers, atom.flags);
      const taken = isReference ? referring(atom, quantifier) : quantified(atom, quantifier);
      if (isAtEnd()) {
        const all = flags | combined(flags, taken.flags);
        const shape = sequence([prefix.shape, taken.shape]);
        return isVacuous ? taken : part('join', all, shape, { children: [prefix, taken] });
      }
      const rest = parseBranch(stopper, isInLook);
      const behindFlags = before | combined(before, rest.flags);
      const all = flags | combined(flags, behindFlags);
      const behind = sequence([taken.shape, rest.shape]);
      if (isVacuous) return part('join', all, behind, { children: [taken, rest] });
      const shape = sequence([prefix.shape, behind]);
      const isPlain =
        taken.kind === 'leaf' && rest.kind === 'leaf' && !isMessy(upward(taken.flags | rest.flags));
      const second = isPlain
        ? part('leaf', combined(taken.flags, rest.flags), behind)
        : part('join', behindFlags, behind, { children: [taken, rest] });
      return part('join', all, shape, { children: [prefix, second] });
    };
    const result = whole();
    depth -= 1;
    return result;
  };

  const readConstraint = (): Shape | null => {
    const token = lexer.token();
    switch (token.kind) {
      case '^':
      case '$': {
        lexer.advance();
        const isStart = token.kind === '^';
        if (options.anchorsAtNewline) return { kind: 'test', test: isStart ? 'lineStart' : 'lineEnd' };
        return { kind: 'test', test: isStart ? 'start' : 'finish' };
      }
      case 'constraint':
        lexer.advance();
        return { kind: 'test', test: token.test };
      case 'look': {
        lexer.advance();
        const of = parseBranches(')', true).shape;
        lexer.advance();
        return { kind: 'look', look: token.look, of };
      }
      default:
        return null;
    }
  };

  const readAtom = (isInLook: boolean): Atom => {
    const ofSet = (set: CharacterSet): Atom => {
      lexer.advance();
      return { atom: null, shape: { kind: 'set', set }, kind: 'plain' };
    };
    const token = lexer.token();
    switch (token.kind) {
      case 'character':
        return ofSet(cased(oneOf(token.value)));
      case 'class': {
        const set = classOf(token.name, options.ignoresCase);
        return ofSet(token.isComplement ? complementOf(set) : set);
      }
      case '.':
        return ofSet(options.stopsAtNewline ? complementOf(NEWLINE) : ANY);
      case '[':
        return ofSet(readBrackets(token.isComplement));
      case '(': {
        const captures = token.captures && !isInLook;
        if (captures) groups += 1;
        const group = groups;
        lexer.advance();
        const inner = parseBranches(')', isInLook);
        lexer.advance();
        if (!captures) return { atom: inner, shape: inner.shape, kind: 'plain' };
        const atom =
          inner.group === 0
            ? inner
            : part('wrap', inner.flags | CAPTURES, inner.shape, { children: [inner] });
        atom.flags |= CAPTURES;
        atom.group = group;
        shapes.set(group, atom.shape);
        return { atom, shape: atom.shape, kind: 'group' };
      }
      case 'reference': {
        const of = isInLook ? undefined : shapes.get(token.value);
        if (of === undefined) return failRegex('reference');
        lexer.advance();
        const shape = unconstrained(of);
        return { atom: part('reference', REFERS, shape, { to: token.value }), shape, kind: 'reference' };
      }
      case ')':
        return failRegex('parentheses');
      default:
        return failRegex('operand');
    }
  };

  const readQuantifier = (): Quantifier => {
    const token = lexer.token();
    switch (token.kind) {
      case '*':
      case '+':
      case '?': {
        lexer.advance();
        const prefers = token.isGreedy ? LONGER : SHORTER;
        return { least: token.kind === '+' ? 1 : 0, most: token.kind === '?' ? 1 : null, prefers };
      }
      case '{': {
        lexer.advance();
        const least = readCount();
        let most: number | null = least;
        const isRange = sees(',');
        if (isRange) {
          lexer.advance();
          most = sees('digit') ? readCount() : null;
        }
        if (most !== null && least > most) failRegex('repetition');
        const end = lexer.token();
        if (end.kind !== '}') return failRegex('repetition');
        lexer.advance();
        return { least, most, prefers: isRange ? (end.isGreedy ? LONGER : SHORTER) : 0 };
      }
      default:
        return ONCE;
    }
  };

  const readCount = (): number => {
    let count = 0;
    for (;;) {
      const token = lexer.token();
      if (token.kind !== 'digit') return count;
      count = count * 10 + token.value;
      if (count > COUNT_MAX) failRegex('repetition');
      lexer.advance();
    }
  };

  const readBrackets = (isComplement: boolean): CharacterSet => {
    const sets: CharacterSet[] = [];
    lexer.advance();
    while (!sees(']')) sets.push(readItem());
    const set = unionOf(sets);
    if (!isComplement) return set;
    return complementOf(options.stopsAtNewline ? unionOf([set, NEWLINE]) : set);
  };

  const readItem = (): CharacterSet => {
    const token = lexer.token();
    lexer.advance();
    switch (token.kind) {
      case 'class': {
        const set = classOf(token.name, options.ignoresCase);
        return token.isComplement ? complementOf(set) : set;
      }
      case 'character':
        return readRange(token.value);
      case 'named': {
        if (token.by === ':')
          return isClassName(token.name) ? classOf(token.name, options.ignoresCase) : failRegex('class');
        const character = token.name === '' ? null : characterNamed(token.name);
        if (character === null) return failRegex('collation');
        return token.by === '=' ? cased(oneOf(character)) : readRange(character);
      }
      default:
        return failRegex('range');
    }
  };

  const readRange = (first: number): CharacterSet => {
    if (!sees('range')) return cased(oneOf(first));
    lexer.advance();
    const token = lexer.token();
    const isNamed = token.kind === 'named' && token.by === '.';
    const last = isNamed
      ? (characterNamed(token.name) ?? failRegex('collation'))
      : token.kind === 'character' || token.kind === 'range'
        ? token.value
        : failRegex('range');
    lexer.advance();
    return last < first ? failRegex('range') : cased([[first, last]]);
  };

  const tree = parseBranches('end', false);
  checkSize(tree);
  return { options, tree, groups };
}

/** Each part that is divided further has a machine of its own. */
function checkSize(tree: RegexPart): void {
  let states = 0;
  const add = (one: RegexPart): void => {
    states += sizeOf(one.shape);
    if (states > REGEX_STATES_MAX) failRegex('size');
    one.children.forEach(add);
  };
  add(tree);
}

/** A reference counts for itself how often it is there. */
function referring(atom: RegexPart, { least, most, prefers }: Quantifier): RegexPart {
  atom.least = least;
  atom.most = most;
  atom.flags |= combined(prefers, atom.flags);
  atom.shape = repeated(atom.shape, least, most);
  return atom;
}

/** The atom with its quantifier. Of a repetition only the last time is captured, so all before it need not be divided. */
function quantified(atom: RegexPart, { least, most, prefers }: Quantifier): RegexPart {
  const own = atom.flags & (LONGER | SHORTER | MIXED);
  const flags = combined(prefers, atom.flags);
  const shape = repeated(atom.shape, least, most);
  if (least === 1 && most === 1 && (prefers === 0 || own === 0 || prefers === own)) return atom;
  if ((atom.flags & (CAPTURES | REFERS)) === 0) return part('leaf', flags, shape);
  if (least === 0 || (atom.flags & REFERS) !== 0)
    return part('repeat', flags, shape, { least, most, children: [atom] });
  const before = repeated(atom.shape, least - 1, most === null ? null : most - 1);
  return part('join', flags, sequence([before, atom.shape]), {
    children: [part('leaf', preference(flags), before), atom],
  });
}
