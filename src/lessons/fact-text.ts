// The language of lessons, as text: facts name values of a run, claims compare them, tape lines and names have facts in braces. Here it is read;
// facts.ts finds the values. docs/lessons.md has each form with an example.
//
//   store-3 store.groups.g1.scl       a field of what a node's role shows of itself; a list is its length
//   leader meta.groups move!=null     of a list, how many elements have these fields
//   writer vdl                        the open writer; leader: the metadata's, of the highest term
//   store-3 status                    up, down or frozen; null: there never was such a node
//   store-3 holes.g1                  gaps in the replica's log; list.g1: its whole status list, `data:1-108,hole:108-112`
//   rw-1 mount.headTx                 a field of the file system that the node has mounted
//   rw-1 blocks.base/9.0              blocks of a file, as that mount has them (none: there is no such file); blktags: of how many blktags,
//                                     chunks: of how many chunks
//   nodes meta.member=leader          how many nodes have these fields; status is one of them
//   other n1 of n1 n2 n3              the first of these nodes that is not the first one named; others: all of them
//   count hole.sent node=store-3      events so far; kinds hole.sent.to: how many different values a field has had,
//                                     of a list its elements
//   last page.stored.pageLsn page=7   a field of the newest such event; first: of the oldest; nth 2, nth -2: by its place from either end
//   sum ro.applied.applied            of a field over all such events (0: there was none); max: the greatest
//   row me 0                          a column of the first row that the session's newest request was answered with
//   beside polardb.rto.value          a figure of the same load and death in another architecture
//   without shared.no-flush-gate FACT the same tape up to now, played with that planted bug: a mechanism of the run is off
//   holes, violations, time           of the cluster; time in virtual ms
//
//   writer tail + 4                   + - * / of facts and numbers, from left to right; / leaves the rest out
//   {writer tail + 4}                 in braces a fact stands for its value: in a fact, a filter, a name, a tape line
//   at>{last node.down.at}            a filter: a field, one of = != < <= > >= ~, and a value. `~`: the list has it, or the text has this word.
//                                     node: whose event it is (event.node: the field of that name), at: its virtual ms, lsn=7: it lies in its
//                                     range. A path goes on with dots: `lsns.0`, `lsns.-1` the last, `voters.words` how many words
//
//   store-3 status = down             a claim: a fact, a comparison, and a number, a word or another fact
//   … or …                            one of both is so
//   own writer vdl = 138              one of the lesson's own run: who has written one row more has other positions in the log, and the words
//                                     are true of that run as well

import { comparedStacks } from '../stacks/compared.ts';
import { mutants } from '../stacks/mutants.ts';
import { traceFields, traceKinds } from '../stacks/trace.ts';

export type Kind = (typeof traceKinds)[number];

export const operators = ['=', '!=', '<=', '>=', '<', '>', '~'] as const;
export type Operator = (typeof operators)[number];
export type Value = string | number | boolean;

/** Text with facts in it. */
export type Template = readonly (string | Fact)[];

export interface Filter {
  readonly field: readonly string[];
  readonly operator: Operator;
  readonly value: Template;
}

/** Which of several events: by its place, from 0; negative: from the end. */
export type Fact = { readonly text: string } & (
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'inner'; readonly fact: Fact }
  | {
      readonly kind: 'sum';
      readonly first: Fact;
      readonly more: readonly { readonly sign: '+' | '-' | '*' | '/'; readonly fact: Fact }[];
    }
  | { readonly kind: 'cluster'; readonly what: 'holes' | 'violations' | 'time' }
  | { readonly kind: 'row'; readonly session: Template; readonly column: number }
  | { readonly kind: 'count'; readonly event: Kind; readonly filters: readonly Filter[] }
  | {
      readonly kind: 'field';
      readonly of: 'kinds' | 'sum' | 'max' | number;
      readonly event: Kind;
      readonly field: readonly string[];
      readonly filters: readonly Filter[];
    }
  | { readonly kind: 'nodes'; readonly filters: readonly Filter[] }
  | {
      readonly kind: 'other';
      readonly all: boolean;
      readonly than: Template;
      readonly nodes: readonly Template[];
    }
  | { readonly kind: 'without'; readonly mutant: string; readonly fact: Fact }
  | { readonly kind: 'beside'; readonly column: string; readonly path: readonly string[] }
  /** `node`: null: the metadata's leader, or the open writer. */
  | {
      readonly kind: 'view';
      readonly node: Template | 'leader' | 'writer';
      readonly path: readonly string[];
      readonly filters: readonly Filter[];
    }
);

/** One comparison of a claim. */
interface Comparison {
  readonly left: Fact;
  readonly operator: Operator;
  readonly right: Fact;
}

export interface Claim {
  readonly text: string;
  readonly isOwn: boolean;
  /** One of them is so. */
  readonly either: readonly Comparison[];
}

/** Text that cannot be read: a fault of the lesson, not of the run. */
export const bad = (text: string, why: string): never => {
  throw new Error(`"${text}": ${why}`);
};

const NUMBER = /^-?\d+(\.\d+)?$/;
const FILTER = /^([A-Za-z][\w.-]*?)(!=|<=|>=|=|<|>|~)([\s\S]*)$/;
const OWN = 'own ';

const literal = (text: string): Value =>
  text === 'true' || text === 'false' ? text === 'true' : NUMBER.test(text) ? Number(text) : text;

/** Where the brace that is open at `from` ends. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return bad(text, 'a brace is not closed');
}

/** Words, with what is in braces kept together. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '}') bad(text, 'a brace is closed that is not open');
    if (char === '{') {
      const end = endOf(text, i);
      word += text.slice(i, end + 1);
      i = end;
    } else if (char === ' ') {
      if (word !== '') words.push(word);
      word = '';
    } else word += char;
  }
  return word === '' ? words : [...words, word];
}

/** A text with facts in braces; `{{` and `}}` are braces of the text itself. */
export function parseTemplate(text: string): Template {
  const parts: (string | Fact)[] = [];
  let plain = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if ((char === '{' || char === '}') && text[i + 1] === char) {
      plain += char;
      i++;
    } else if (char === '{') {
      const end = endOf(text, i);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(parseFact(text.slice(i + 1, end)));
      i = end;
    } else if (char === '}') bad(text, 'a brace is closed that is not open');
    else plain += char;
  }
  return plain === '' ? parts : [...parts, plain];
}

/** Braces of a text that is no template. */
export const escapeBraces = (text: string): string => text.replaceAll(/[{}]/g, '$&$&');

/** A name or a number that may be a fact in braces; what is in them begins with no second brace there. */
function parseWord(text: string): Template {
  const parts: (string | Fact)[] = [];
  let from = 0;
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', from)) {
    if (at > from) parts.push(text.slice(from, at));
    const end = endOf(text, at);
    parts.push(parseFact(text.slice(at + 1, end)));
    from = end + 1;
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

const kindOf = (text: string, name: string): Kind =>
  traceKinds.find((kind) => kind === name) ?? bad(text, `"${name}" is no kind of event`);

/** Fields that every event has here; `lsn`: it has a range. */
const common = new Set(['node', 'at', 'lsn', 'event']);

function checkField(text: string, event: Kind, [head = '', own = '']: readonly string[]): void {
  const fields = traceFields(event);
  if (head === 'event' ? !fields.includes(own) : !common.has(head) && !fields.includes(head))
    bad(text, `an event ${event} has no field "${head === 'event' ? own : head}", but ${fields.join(', ')}`);
}

/** `kind.field` of an event, or a path into a list; a kind has dots of its own. */
function fieldOf(text: string, name: string): { readonly event: Kind; readonly field: readonly string[] } {
  for (let cut = name.lastIndexOf('.'); cut > 0; cut = name.lastIndexOf('.', cut - 1)) {
    const kind = traceKinds.find((one) => one === name.slice(0, cut));
    if (kind === undefined) continue;
    const field = name.slice(cut + 1).split('.');
    checkField(text, kind, field);
    return { event: kind, field };
  }
  return bad(text, `"${name}" begins with no kind of event`);
}

const filtersOf = (text: string, words: readonly string[]): readonly Filter[] =>
  words.map((word) => {
    const [, field = bad(text, `"${word}" is no field=value`), operator = '=', value = ''] =
      FILTER.exec(word) ?? [];
    return { field: field.split('.'), operator: operator as Operator, value: parseWord(value) };
  });

function eventFilters(text: string, event: Kind, words: readonly string[]): readonly Filter[] {
  const filters = filtersOf(text, words);
  for (const { field } of filters) checkField(text, event, field);
  return filters;
}

const wholeNumber = (text: string, word: string | undefined, what: string): number =>
  word !== undefined && /^-?\d+$/.test(word) ? Number(word) : bad(text, `${what} is a whole number`);

function fieldFact(
  text: string,
  of: 'kinds' | 'sum' | 'max' | number,
  [name = '', ...rest]: readonly string[],
): Fact {
  const { event, field } = fieldOf(text, name);
  return { text, kind: 'field', of, event, field, filters: eventFilters(text, event, rest) };
}

function otherFact(text: string, all: boolean, words: readonly string[]): Fact {
  const [than = '', of, ...nodes] = words;
  if (of !== 'of' || nodes.length === 0) bad(text, 'it is written `other NODE of NODE NODE …`');
  return { text, kind: 'other', all, than: parseWord(than), nodes: nodes.map(parseWord) };
}

function besideFact(text: string, name: string): Fact {
  const [column = '', ...path] = name.split('.');
  if (!comparedStacks.some(({ id }) => id === column)) bad(text, `"${column}" is no column of a comparison`);
  return path.length === 0
    ? bad(text, 'a figure of the column is missing')
    : { text, kind: 'beside', column, path };
}

function viewFact(text: string, [head = '', path = '', ...rest]: readonly string[]): Fact {
  const node = head === 'leader' || head === 'writer' ? head : parseWord(head);
  const ofNode = /^(status|(holes|list)\.[^.]+|(blocks|blktags|chunks)\.[^/]+\/.+)$/.test(path);
  const isWhole =
    ofNode ||
    (head === 'leader' ? path === '' || path.includes('.') : head === 'writer' || path.includes('.'));
  if (!isWhole || (head === 'writer' && path === '')) bad(text, 'a role and a field are missing');
  return {
    text,
    kind: 'view',
    node,
    path: ofNode ? [path] : path.split('.'),
    filters: filtersOf(text, rest),
  };
}

function parseTerm(words: readonly string[], text: string): Fact {
  const [head = bad(text, 'a fact is missing'), name = '', ...rest] = words;
  if (words.length === 1 && NUMBER.test(head)) return { text, kind: 'value', value: Number(head) };
  if (words.length === 1 && head.startsWith('{') && endOf(head, 0) === head.length - 1)
    return { text, kind: 'inner', fact: parseFact(head.slice(1, -1)) };
  switch (head) {
    case 'holes':
    case 'violations':
    case 'time':
      return words.length === 1
        ? { text, kind: 'cluster', what: head }
        : bad(text, `nothing follows ${head}`);
    case 'row':
      if (rest.length > 1) bad(text, 'a row has a session and a column');
      return {
        text,
        kind: 'row',
        session: parseWord(name === '' ? 'main' : name),
        column: rest.length === 0 ? 0 : wholeNumber(text, rest[0], 'a column'),
      };
    case 'count': {
      const event = kindOf(text, name);
      return { text, kind: 'count', event, filters: eventFilters(text, event, rest) };
    }
    case 'kinds':
    case 'sum':
    case 'max':
      return fieldFact(text, head, [name, ...rest]);
    case 'first':
      return fieldFact(text, 0, [name, ...rest]);
    case 'last':
      return fieldFact(text, -1, [name, ...rest]);
    case 'nth': {
      const place = wholeNumber(text, name, 'a place');
      if (place === 0) bad(text, 'places count from 1, or from -1');
      return fieldFact(text, place > 0 ? place - 1 : place, rest);
    }
    case 'nodes':
      return {
        text,
        kind: 'nodes',
        filters: filtersOf(
          text,
          [name, ...rest].filter((one) => one !== ''),
        ),
      };
    case 'other':
    case 'others':
      return otherFact(text, head === 'others', [name, ...rest]);
    case 'without':
      if (!mutants.some((mutant) => mutant.name === name)) bad(text, `"${name}" is no planted bug`);
      return { text, kind: 'without', mutant: name, fact: parseTerm(rest, rest.join(' ')) };
    case 'beside':
      return rest.length === 0 ? besideFact(text, name) : bad(text, 'nothing follows a figure');
    default:
      return viewFact(text, words);
  }
}

const isSign = (word: string): word is '+' | '-' | '*' | '/' => /^[-+*/]$/.test(word);

function factOf(words: readonly string[], text: string): Fact {
  const terms: { sign: '+' | '-' | '*' | '/'; words: string[] }[] = [{ sign: '+', words: [] }];
  for (const word of words)
    if (isSign(word)) terms.push({ sign: word, words: [] });
    else terms.at(-1)?.words.push(word);
  const [first, ...more] = terms.map((term) => ({
    sign: term.sign,
    fact: parseTerm(term.words, terms.length === 1 ? text : term.words.join(' ')),
  }));
  if (first === undefined) return bad(text, 'a fact is missing');
  return more.length === 0 ? first.fact : { text, kind: 'sum', first: first.fact, more };
}

/** Texts that have been read; a lesson has some hundred. */
const PARSED_LIMIT = 4096;
function remember<T>(parse: (text: string) => T): (text: string) => T {
  const parsed = new Map<string, T>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const made = parse(text);
    if (parsed.size >= PARSED_LIMIT) parsed.clear();
    parsed.set(text, made);
    return made;
  };
}

/** Throws what cannot be read, with what is wrong there. */
export const parseFact: (text: string) => Fact = remember((text) => factOf(wordsOf(text), text));

const isOperator = (word: string): word is Operator => operators.some((one) => one === word);

function comparisonOf(text: string, words: readonly string[]): Comparison {
  const place = words.findIndex(isOperator);
  const operator = words[place];
  const [left, right] = [words.slice(0, place), words.slice(place + 1)];
  if (operator === undefined || !isOperator(operator) || left.length === 0 || right.length === 0)
    return bad(text, 'a claim is a fact, a comparison and a value');
  if (right.some(isOperator)) return bad(text, 'a claim compares once');
  const [word = ''] = right;
  return {
    left: factOf(left, left.join(' ')),
    operator,
    right:
      right.length === 1 && !word.includes('{')
        ? { text: word, kind: 'value', value: literal(word) }
        : factOf(right, right.join(' ')),
  };
}

export const parseClaim: (text: string) => Claim = remember((text) => {
  const isOwn = text.startsWith(OWN);
  const either: string[][] = [[]];
  for (const word of wordsOf(isOwn ? text.slice(OWN.length) : text))
    if (word === 'or') either.push([]);
    else either.at(-1)?.push(word);
  return { text, isOwn, either: either.map((words) => comparisonOf(text, words)) };
});
