// The terms of facts: what each form says, with the names that there are. How a text is made of them stands in parse.ts.

import type { TraceKind } from '../../core/kernel/trace.ts';
import type { Gauge } from '../gauges/gauge.ts';
import {
  type Fact,
  type Filter,
  type Operator,
  type Template,
  type WorldNumber,
  worldNumbers,
} from './fact.ts';
import { BadFact, type FactFault } from './fault.ts';
import { endOf, isSign, splitComparisons, type Word, wordsOf } from './words.ts';

/** The names that there are. */
export interface Vocabulary {
  readonly kinds: readonly TraceKind[];
  readonly fieldsOf: (kind: TraceKind) => readonly string[];
  readonly gauges: ReadonlyMap<string, Pick<Gauge, 'scope'>>;
  readonly mutants: readonly string[];
  /** Of the comparison. */
  readonly columns: readonly string[];
  /** Of the cluster that is asked; null: it is not known yet, and names are not held against it. */
  readonly names: Readonly<Record<Named, readonly string[]>> | null;
  /** Of a run that is followed from here on: only what its events say, and neither the past nor what nodes show of themselves. */
  readonly isFollowed: boolean;
}

export interface Source {
  readonly v: Vocabulary;
  readonly text: string;
  /** Where the part that is read ends. */
  readonly end: number;
}

export function refuse({ text }: Source, at: number, fault: FactFault): never {
  throw new BadFact(text, at, fault);
}
const bad = (source: Source, at: number, why: string): never => refuse(source, at, { code: 'other', why });

export const NUMBER = /^-?\d+(\.\d+)?$/;
const FILTER = /^([A-Za-z][\w.-]*?)(!=|<=|>=|=|<|>|~)([\s\S]*)$/;

/** A name or a number that may be a fact in braces; what is in them begins with no second brace there. */
function parseWord(source: Source, { text: word, at: start }: Word): Template {
  const parts: (string | Fact)[] = [];
  const stop = start + word.length;
  let from = start;
  for (let at = source.text.indexOf('{', from); at >= 0 && at < stop; at = source.text.indexOf('{', from)) {
    if (at > from) parts.push(source.text.slice(from, at));
    const end = endOf(source.text, at);
    parts.push(innerFact(source, at + 1, end));
    from = end + 1;
  }
  return from < stop ? [...parts, source.text.slice(from, stop)] : parts;
}

export const innerFact = (source: Source, from: number, end: number): Fact =>
  factOf({ ...source, end }, splitComparisons(wordsOf(source.text, from, end)), source.text.slice(from, end));

/** Kinds that are called so, or begin so: `hole.*`. */
export const kindsOf = ({ v }: Source, name: string): readonly TraceKind[] =>
  v.kinds.filter((kind) => (name.endsWith('*') ? kind.startsWith(name.slice(0, -1)) : kind === name));
const isKind = ({ v }: Source, name: string): name is TraceKind => v.kinds.some((kind) => kind === name);
const kindOf = (source: Source, { text, at }: Word): TraceKind =>
  isKind(source, text) ? text : bad(source, at, `"${text}" is no kind of event`);

/** Fields that every event has here; `lsn`: it has a range. */
const common = new Set(['node', 'at', 'lsn', 'event']);

function checkField(
  source: Source,
  at: number,
  event: string,
  [head = '', own = '']: readonly string[],
): void {
  const fields = kindsOf(source, event).flatMap(source.v.fieldsOf);
  const text = head === 'event' ? own : head;
  if (head === 'event' ? !fields.includes(own) : !common.has(head) && !fields.includes(head))
    refuse(source, at, { code: 'noField', event, text, known: fields.join(', ') });
}

/** `kind.field` of an event, or a path into a list; a kind has dots of its own. */
function fieldOf(
  source: Source,
  { text, at }: Word,
): { readonly event: TraceKind; readonly field: readonly string[] } {
  for (let cut = text.lastIndexOf('.'); cut > 0; cut = text.lastIndexOf('.', cut - 1)) {
    const event = text.slice(0, cut);
    if (!isKind(source, event)) continue;
    const field = text.slice(cut + 1).split('.');
    checkField(source, at, event, field);
    return { event, field };
  }
  return bad(source, at, `"${text}" begins with no kind of event`);
}

const filtersOf = (source: Source, words: readonly Word[]): readonly Filter[] =>
  words.map((word) => {
    const [, field, operator, value = ''] = FILTER.exec(word.text) ?? [];
    if (field === undefined) {
      if (source.v.isFollowed) refuse(source, word.at, { code: 'unexpected', text: word.text });
      return bad(source, word.at, `"${word.text}" is no field=value`);
    }
    const at = word.at + word.text.length - value.length;
    return {
      field: field.split('.'),
      operator: operator as Operator,
      value: parseWord(source, { text: value, at }),
    };
  });

export function eventFilters(source: Source, event: string, words: readonly Word[]): readonly Filter[] {
  const filters = filtersOf(source, words);
  filters.forEach(({ field, value: [value] }, i) => {
    const { text = '', at = 0 } = words[i] ?? {};
    checkField(source, at, event, field);
    if (field.join() === 'node' && typeof value === 'string')
      checkName(source, 'node', { text: value, at: at + text.length - value.length });
  });
  return filters;
}

type Named = 'node' | 'group' | 'volume';
const unknownNames = { node: 'noNode', group: 'noGroup', volume: 'noVolume' } as const;

/** Of a cluster that is known, such a thing is there. */
export function checkName(source: Source, what: Named, { text, at }: Word): string {
  const known = source.v.names?.[what];
  if (known !== undefined && !known.includes(text))
    refuse(source, at, { code: unknownNames[what], text, known: known.join(', ') });
  return text;
}

const wholeNumber = (source: Source, word: Word | undefined, what: string): number =>
  word !== undefined && /^-?\d+$/.test(word.text)
    ? Number(word.text)
    : bad(source, word?.at ?? source.end, `${what} is a whole number`);

function fieldFact(
  source: Source,
  text: string,
  of: 'kinds' | 'sum' | 'max' | number,
  words: readonly Word[],
): Fact {
  const [name = missing(source), ...rest] = words;
  const { event, field } = fieldOf(source, name);
  return { text, kind: 'field', of, event, field, filters: eventFilters(source, event, rest) };
}

export const missing = (source: Source): never => refuse(source, source.end, { code: 'missing' });
export const unexpected = (source: Source, { text, at }: Word): never =>
  refuse(source, at, { code: 'unexpected', text });
/** Nothing may follow. */
export function checkEnd(source: Source, [next]: readonly Word[]): void {
  if (next !== undefined) unexpected(source, next);
}

function otherFact(source: Source, text: string, all: boolean, [than, of, ...nodes]: readonly Word[]): Fact {
  if (than === undefined || of?.text !== 'of' || nodes.length === 0)
    return bad(source, of?.at ?? source.end, 'it is written `other NODE of NODE NODE …`');
  return {
    text,
    kind: 'other',
    all,
    than: parseWord(source, than),
    nodes: nodes.map((node) => parseWord(source, node)),
  };
}

function besideFact(source: Source, text: string, name: Word): Fact {
  const [column = '', ...path] = name.text.split('.');
  if (!source.v.columns.includes(column)) bad(source, name.at, `"${column}" is no column of a comparison`);
  return path.length === 0
    ? bad(source, name.at, 'a figure of the column is missing')
    : { text, kind: 'beside', column, path };
}

function viewFact(source: Source, text: string, [first, second, ...rest]: readonly Word[]): Fact {
  if (first === undefined) return missing(source);
  const [head, path] = [first.text, second?.text ?? ''];
  const node = head === 'leader' || head === 'writer' ? head : parseWord(source, first);
  const ofNode = /^(status|(holes|list)\.[^.]+|(blocks|blktags|chunks)\.[^/]+\/.+)$/.test(path);
  const isWhole =
    ofNode ||
    (head === 'leader' ? path === '' || path.includes('.') : head === 'writer' || path.includes('.'));
  if (!isWhole || (head === 'writer' && path === ''))
    bad(source, second?.at ?? first.at, 'a role and a field are missing');
  return {
    text,
    kind: 'view',
    node,
    path: ofNode ? [path] : path.split('.'),
    filters: filtersOf(source, rest),
  };
}

const GAUGE = /^([A-Za-z][\w.-]*)\s*(\([\s\S]*\))?$/;
const namesIn: Readonly<Record<Gauge['scope'], readonly Named[]>> = {
  cluster: [],
  volume: ['volume'],
  group: ['group'],
  node: ['node'],
  replica: ['node', 'group'],
};

/** A gauge with what stands in parentheses behind it; null: no gauge is called so. */
export function gaugeFact(source: Source, { text, at }: Word): Fact | null {
  const [, word = '', own] = GAUGE.exec(text) ?? [];
  const gauge = source.v.gauges.get(word);
  if (gauge === undefined) return null;
  if (own === undefined)
    return gauge.scope === 'volume' || gauge.scope === 'cluster'
      ? { text, kind: 'gauge', word, place: gauge.scope === 'volume' ? null : '' }
      : refuse(source, at + text.length, { code: 'expected', wanted: '(' });
  const start = at + text.length - own.length;
  const tokens = [...own.matchAll(/[(),]|[^\s(),]+/g)].map((m) => ({ text: m[0], at: start + m.index }));
  const names = namesIn[gauge.scope];
  const wanted = ['(', ...names.flatMap((name, i) => (i === 0 ? [name] : [',', name])), ')'];
  const found = wanted.flatMap((want, i) => {
    const token = tokens[i];
    if (token === undefined) return missing(source);
    const isName = /^\w/.test(want);
    if (!isName && token.text !== want) refuse(source, token.at, { code: 'expected', wanted: want });
    return isName ? [checkName(source, want as Named, token)] : [];
  });
  return { text, kind: 'gauge', word, place: found.join(' ') };
}

const isWorldNumber = (word: string): word is WorldNumber => worldNumbers.some((one) => one === word);

/** What is followed without asking any node. */
export const followedNumbers = ({ gauges }: Vocabulary): readonly string[] => [
  ...gauges.keys(),
  'commits',
  'event',
  'time',
];
const known = (v: Vocabulary): string => [...followedNumbers(v), 'violation', 'milestone'].join(', ');

/** Heads of facts that read the past, or what nodes show of themselves. */
const asking = new Set(
  'holes row count kinds sum max first last nth nodes other others without beside leader writer'.split(' '),
);

function parseTerm(source: Source, words: readonly Word[], text: string): Fact {
  const [first, name, ...rest] = words;
  if (first === undefined) return missing(source);
  const { text: head, at } = first;
  const { v } = source;
  if (NUMBER.test(head)) {
    checkEnd(source, words.slice(1));
    return { text, kind: 'value', value: Number(head) };
  }
  if (words.length === 1 && head.startsWith('{') && endOf(source.text, at) === at + head.length - 1)
    return { text, kind: 'inner', fact: innerFact(source, at + 1, at + head.length - 1) };
  const gauge = gaugeFact(source, first);
  if (gauge !== null) {
    checkEnd(source, words.slice(1));
    return gauge;
  }
  if (v.isFollowed && (asking.has(head) || v.names?.node.includes(head) === true))
    refuse(source, at, { code: 'notFollowed', text: head, known: known(v) });
  if (isWorldNumber(head)) {
    checkEnd(source, words.slice(1));
    return { text, kind: 'world', what: head };
  }
  if (v.isFollowed) refuse(source, at, { code: 'noName', text: head, known: known(v) });
  switch (head) {
    case 'row':
      checkEnd(source, rest.slice(1));
      return {
        text,
        kind: 'row',
        session: name === undefined ? ['main'] : parseWord(source, name),
        column: rest.length === 0 ? 0 : wholeNumber(source, rest[0], 'a column'),
      };
    case 'count': {
      const event = kindOf(source, name ?? missing(source));
      return { text, kind: 'count', event, filters: eventFilters(source, event, rest) };
    }
    case 'kinds':
    case 'sum':
    case 'max':
      return fieldFact(source, text, head, words.slice(1));
    case 'first':
      return fieldFact(source, text, 0, words.slice(1));
    case 'last':
      return fieldFact(source, text, -1, words.slice(1));
    case 'nth': {
      const place = wholeNumber(source, name, 'a place');
      if (place === 0) bad(source, name?.at ?? at, 'places count from 1, or from -1');
      return fieldFact(source, text, place > 0 ? place - 1 : place, rest);
    }
    case 'nodes':
      return { text, kind: 'nodes', filters: filtersOf(source, words.slice(1)) };
    case 'other':
    case 'others':
      return otherFact(source, text, head === 'others', words.slice(1));
    case 'without': {
      const mutant = name?.text ?? missing(source);
      if (!v.mutants.includes(mutant)) bad(source, name?.at ?? at, `"${mutant}" is no planted bug`);
      return { text, kind: 'without', mutant, fact: parseTerm(source, rest, textOf(source, rest)) };
    }
    case 'beside':
      checkEnd(source, rest);
      return besideFact(source, text, name ?? missing(source));
    default:
      return viewFact(source, text, words);
  }
}

export const textOf = ({ text }: Source, words: readonly Word[]): string => {
  const [first, last] = [words[0], words.at(-1)];
  return first === undefined || last === undefined ? '' : text.slice(first.at, last.at + last.text.length);
};

export function factOf(source: Source, words: readonly Word[], text: string): Fact {
  const terms: { sign: '+' | '-' | '*' | '/'; words: Word[] }[] = [{ sign: '+', words: [] }];
  for (const word of words)
    if (isSign(word.text)) terms.push({ sign: word.text, words: [] });
    else terms.at(-1)?.words.push(word);
  const [first, ...more] = terms.map((term) => ({
    sign: term.sign,
    fact: parseTerm(source, term.words, terms.length === 1 ? text : textOf(source, term.words)),
  }));
  if (first === undefined) return missing(source);
  return more.length === 0 ? first.fact : { text, kind: 'sum', first: first.fact, more };
}
