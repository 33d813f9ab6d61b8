// Drawn regular expressions and texts of few characters, so that many match in several ways, and the functions that take them.

import { nextBelow, type Prng } from '../../base/prng.ts';
import { type Family, pick } from './drawn-values.ts';

const CHARACTERS = ['a', 'a', 'a', 'b', 'b', 'c', 'A', '1', '_', ' ', '-', '€', '😀'];
const ATOMS = [
  ...['a', 'a', 'b', 'c', 'ab', 'A', '.', '.', '€', '1', '\\-', '\\.'],
  ...[
    '\\w',
    '\\W',
    '\\d',
    '\\D',
    '\\s',
    '\\S',
    '[ab]',
    '[^a]',
    '[a-c]',
    '[[:alpha:]]',
    '[^[:digit:]_]',
    '[\\w-]',
    '[]a]',
    '[^]b]',
    '[a\\W]',
  ],
];
const QUANTIFIERS = [
  '',
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,2}',
  '{0,1}?',
  '{2}?',
  '{1,1}?',
  '{1,1}',
  '{0}',
  '{1,}',
  '{2,}?',
  '{0,3}',
];
const CONSTRAINTS = ['^', '$', '\\m', '\\M', '\\y', '\\Y', '\\A', '\\Z', '[[:<:]]', '[[:>:]]'];
const LOOKS = ['(?=', '(?!', '(?<=', '(?<!'];
const STRANGE = [
  '\\n',
  '\\x61',
  '\\u20ac',
  '\\e',
  '[[.hyphen.]]',
  '[[=a=]]',
  '(?#remark)',
  '\\7',
  '**',
  '[b-a]',
  '{',
  'a{',
  'a{1',
  ')',
  '(',
  '[',
  '\\',
  '\\q',
  '[[:x:]]',
  'a{3,2}',
  '+',
  '\\0',
  '\\c',
  '\\1',
  '\\2',
];

interface Drawing {
  readonly prng: Prng;
  groups: number;
  /** Of those that have been closed. */
  closed: number;
}

function branchOf(d: Drawing, depth: number): string {
  const { prng } = d;
  return Array.from({ length: nextBelow(prng, 4) + (depth > 0 ? 0 : 1) }, () => itemOf(d, depth)).join('');
}

function either(d: Drawing, depth: number): string {
  const count = pick(d.prng, [1, 1, 1, 2, 2, 3]);
  return Array.from({ length: count }, () => branchOf(d, depth)).join('|');
}

function itemOf(d: Drawing, depth: number): string {
  const { prng } = d;
  const roll = nextBelow(prng, 40);
  if (roll < 2 && depth < 2) return pick(prng, CONSTRAINTS);
  if (roll === 2 && depth < 3)
    return `${pick(prng, LOOKS)}${either({ prng, groups: 0, closed: 0 }, depth + 1)})`;
  if (roll === 3 && d.closed > 0) return `\\${1 + nextBelow(prng, d.closed)}${pick(prng, QUANTIFIERS)}`;
  if (roll < 14 && depth < 3) {
    const captures = nextBelow(prng, 4) > 0;
    if (captures) d.groups += 1;
    const inner = either(d, depth + 1);
    if (depth === 0) d.closed = d.groups;
    return `${captures ? '(' : '(?:'}${inner})${pick(prng, QUANTIFIERS)}`;
  }
  if (nextBelow(prng, 90) === 0) return pick(prng, STRANGE);
  return `${pick(prng, ATOMS)}${pick(prng, QUANTIFIERS)}`;
}

const patternOf = (prng: Prng): string => {
  const prefix =
    nextBelow(prng, 30) === 0
      ? pick(prng, ['(?i)', '(?n)', '(?x)', '***:', '***=', '(?q)', '(?z)', '***'])
      : '';
  return `${prefix}${either({ prng, groups: 0, closed: 0 }, 0)}`;
};
const textOf = (prng: Prng): string =>
  Array.from({ length: nextBelow(prng, 9) }, () =>
    pick(prng, nextBelow(prng, 12) === 0 ? ['\n'] : CHARACTERS),
  ).join('');

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const FLAGS = ['', 'i', 'n', 'p', 'w', 's', 'x', 'c', 'in', 'q', 'z'];
const BY = ['<\\1>', 'x', '\\2\\1', '[\\&]', '\\\\', '\\0', '\\'];
const SIMILAR = [
  'a',
  'b',
  '%',
  '_',
  'a%',
  '(a|b)',
  '[ab]',
  '[^a]',
  'a*',
  'b+',
  'a{2}',
  '|',
  '\\%',
  '.',
  '^',
  '#%',
  '#"',
  'a?',
];

export const regexes: Family = {
  draw: (prng) => {
    const text = quoted(textOf(prng));
    const pattern = quoted(patternOf(prng));
    const flags = quoted(pick(prng, FLAGS));
    const small = (): number => (nextBelow(prng, 30) === 0 ? nextBelow(prng, 3) - 1 : 1 + nextBelow(prng, 3));
    switch (nextBelow(prng, 16)) {
      case 0:
        return `select ${text} ${pick(prng, ['~', '!~', '~*', '!~*'])} ${pattern}`;
      case 1:
      case 2:
        return `select regexp_replace(${text}, ${pattern}, ${quoted(pick(prng, BY))}, ${quoted(pick(prng, ['g', 'g', 'gi', '', 'n', '1']))})`;
      case 3:
        return `select regexp_replace(${text}, ${pattern}, ${quoted(pick(prng, BY))}, ${small()}, ${small()}, ${flags})`;
      case 4:
        return `select regexp_match(${text}, ${pattern}, ${flags})`;
      case 5:
        return `select regexp_split_to_array(${text}, ${pattern})`;
      case 6:
        return `select * from regexp_split_to_table(${text}, ${pattern}, ${flags}) with ordinality`;
      case 7:
        return `select regexp_count(${text}, ${pattern}, ${small()}, ${flags}), regexp_like(${text}, ${pattern})`;
      case 8:
        return `select regexp_instr(${text}, ${pattern}, ${small()}, ${small()}, ${small() - 1}, ${flags}, ${small()})`;
      case 9:
        return `select regexp_substr(${text}, ${pattern}, ${small()}, ${small()}, ${flags}, ${small() - 1})`;
      case 10:
        return `select substring(${text} from ${pattern})`;
      case 11: {
        const similar = quoted(
          Array.from({ length: 1 + nextBelow(prng, 4) }, () => pick(prng, SIMILAR)).join(''),
        );
        const escaped = pick(prng, ['', '', " escape '#'", " escape ''", " escape '##'"]);
        return nextBelow(prng, 3) === 0
          ? `select substring(${text} similar ${similar} escape '#')`
          : `select ${text} ${pick(prng, ['', 'not '])}similar to ${similar}${escaped}`;
      }
      default:
        return `select regexp_matches(${text}, ${pattern}, ${quoted(pick(prng, ['g', 'g', 'g', 'gi', 'gn', '']))})`;
    }
  },
  fixed: [
    "select regexp_match('foobarbequebaz', 'bar.*que'), regexp_match('foobarbequebaz', '(bar)(beque)'), regexp_match('abc', 'd')",
    "select regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g')",
    "select foo from regexp_split_to_table('the quick brown fox', '\\s+') as foo",
    "select regexp_split_to_array('the quick brown fox', '\\s*')",
    "select substring('XY1234Z', 'Y*([0-9]{1,3})'), substring('XY1234Z', 'Y*?([0-9]{1,3})'), substring('foobar' from 'o(.)b')",
    "select regexp_match('abc01234xyz', '(.*)(\\d+)(.*)'), regexp_match('abc01234xyz', '(.*?)(\\d+)(.*)'), regexp_match('abc01234xyz', '(?:(.*?)(\\d+)(.*)){1,1}')",
    "select regexp_replace('foobarbaz', 'b..', 'X'), regexp_replace('foobarbaz', 'b(..)', 'X\\1Y', 'g'), regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 1, 3, 'i')",
    "select regexp_instr('ABCDEF', 'c(.)(..)', 1, 1, 0, 'i', 2), regexp_substr('ABCDEF', 'c(.)(..)', 1, 1, 'i', 2), regexp_count('ABCABCAXYaxy', 'A.', 1, 'i')",
    "select 'aaa' ~ '^(a|aa)$', 'aXa' ~ '^(.)X\\1$', 'aXb' ~ '^(.)X\\1$', 'ab'::char(4) ~ 'b$', 'ab'::char(4) ~ 'b  $', 'x'::name ~ 'x'",
    "select 'ab' ~ any (array['x', '^a']), 'AB' !~* all (array['^a', 'c'])",
    "select 'abc' similar to 'a%', 'abc' similar to 'a', 'abc' similar to '%(b|d)%', 'abc' not similar to '(b|c)%'",
    `select substring('foobar' similar '%#"o_b#"%' escape '#'), substring('foobar', '%#"o_b#"%', '#'), substring('foobar' similar '#"o_b#"%' escape '#')`,
    "select regexp_matches(1, 'a')",
    "select regexp_count('a', 1)",
    "select regexp_match('a', 'a', 'g')",
    "select regexp_replace('a', 'a', 'b', 0)",
    "select regexp_replace('a', 'a', 'b', 1, -1)",
    'select regexp_split_to_array(null, null), regexp_match(null, null)',
    "select 'a' ~ null, null ~ 'a', 1 ~ 'a'",
    "select 1 similar to 'a'",
    "select 'a' ~ '('",
    "select x, regexp_split_to_table(x, ',') from (values ('a,b'), ('c')) t(x)",
  ],
};
