// The one language in which a run is asked, as text: facts name values of a run, claims compare them, and templates (tape lines, names) have
// facts in braces. Lessons, assignments, *Run until* and triggers of a served cluster write it. Here it is read; evaluate.ts finds the
// values. docs/lessons.md has each form with an example.
//
//   VDL, VDL(v2), SCL(store-3, g2)    a gauge: of the cluster's own volume, of another, of a group, a node or its replica of the group
//   commits, event, time              of the whole run: acknowledged commits, the place of the newest event, virtual ms
//   holes, violations                 likewise
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
//
//   writer tail + 4                   + - * / of facts and numbers, from left to right; / leaves the rest out
//   {writer tail + 4}                 in braces a fact stands for its value: in a fact, a filter, a name, a tape line
//   at>{last node.down.at}            a filter: a field, one of = != < <= > >= ~, and a value. `~`: the list has it, or the text has this word.
//                                     node: whose event it is (event.node: the field of that name), at: its virtual ms, lsn=7: it lies in its
//                                     range. A path goes on with dots: `lsns.0`, `lsns.-1` the last, `voters.words` how many words
//
//   store-3 status = down             a comparison: a fact, an operator, and a number, a word or another fact
//   hole.open node=store-3            there is such an event at this instant; `hole.open at store-3` is the same, `hole.*` any that begins so
//   milestone, violation              likewise an event of the highest rank, a rule that is found broken
//   … and …, … or …, ( … )            `and` binds closer
//   own writer vdl = 138              a claim of the lesson's own run: who has written one row more has other positions in the log, and the
//                                     words are true of that run as well

import {
  type Claim,
  type Fact,
  type Operator,
  operators,
  type Predicate,
  type Template,
  type Value,
} from './fact.ts';
import {
  checkEnd,
  checkName,
  eventFilters,
  factOf,
  gaugeFact,
  innerFact,
  kindsOf,
  missing,
  NUMBER,
  refuse,
  type Source,
  textOf,
  unexpected,
  type Vocabulary,
} from './terms.ts';
import { endOf, splitComparisons, type Word, wordsOf } from './words.ts';

const OWN = 'own ';

const literal = (text: string): Value =>
  text === 'true' || text === 'false' ? text === 'true' : NUMBER.test(text) ? Number(text) : text;

const isOperator = (word: string): word is Operator => operators.some((one) => one === word);
/** What is always a number. */
const isNumeric = ({ kind }: Fact): boolean =>
  kind === 'gauge' || kind === 'world' || kind === 'count' || kind === 'nodes' || kind === 'sum';

function rightOf(source: Source, left: Fact, words: readonly Word[]): Fact {
  const [first, unit, ...rest] = words;
  if (first === undefined) return missing(source);
  const isTime = left.kind === 'world' && left.what === 'time';
  const { text, at } = first;
  if (isTime && NUMBER.test(text) && (unit === undefined || (unit.text === 'ms' && rest.length === 0)))
    return { text, kind: 'value', value: Math.round(Number(text) * 1000) / 1000 };
  const isWord = words.length === 1 && !text.includes('{') && gaugeFact(source, first) === null;
  if (!isWord) return factOf(source, words, textOf(source, words));
  if (isNumeric(left) && !NUMBER.test(text) && text !== 'null') refuse(source, at, { code: 'noNumber' });
  return { text, kind: 'value', value: literal(text) };
}

function comparisonOf(source: Source, words: readonly Word[]): Predicate {
  const place = words.findIndex(({ text }) => isOperator(text));
  const operator = words[place]?.text ?? '';
  const [before, after] = place < 0 ? [words, []] : [words.slice(0, place), words.slice(place + 1)];
  const left = factOf(source, before, textOf(source, before));
  if (!isOperator(operator)) return refuse(source, source.end, { code: 'noOperator' });
  const second = after.find(({ text }) => isOperator(text));
  if (second !== undefined) unexpected(source, second);
  return { kind: 'compare', left, operator, right: rightOf(source, left, after) };
}

/** Something that happens at an instant. */
function eventOf(source: Source, event: string, words: readonly Word[]): Predicate {
  const kinds = kindsOf(source, event);
  const [at, node, ...rest] = words;
  if (at?.text !== 'at') return { kind: 'event', kinds, filters: eventFilters(source, event, words) };
  const value = [checkName(source, 'node', node ?? missing(source))];
  const filters = [{ field: ['node'], operator: '=', value } as const, ...eventFilters(source, event, rest)];
  return { kind: 'event', kinds, filters };
}

function simpleOf(source: Source, words: readonly Word[]): Predicate {
  const [first, ...rest] = words;
  if (first === undefined) return missing(source);
  const { text } = first;
  if (text === 'violation' || text === 'milestone') {
    checkEnd(source, rest);
    return { kind: text };
  }
  return kindsOf(source, text).length > 0 ? eventOf(source, text, rest) : comparisonOf(source, words);
}

/** The words of a claim, from the next one on. */
interface Reading {
  readonly words: readonly Word[];
  next: number;
}
const joins = new Set(['and', 'or', '(', ')']);

function readOne(source: Source, reading: Reading): Predicate {
  const { words } = reading;
  if (words[reading.next]?.text === '(') {
    reading.next++;
    const inner = readOr(source, reading);
    const close = words[reading.next];
    if (close?.text !== ')') refuse(source, close?.at ?? source.end, { code: 'expected', wanted: ')' });
    reading.next++;
    return inner;
  }
  const from = reading.next;
  while (reading.next < words.length && !joins.has(words[reading.next]?.text ?? '')) reading.next++;
  const next = words[reading.next];
  if (from === reading.next && next !== undefined) unexpected(source, next);
  const own = splitComparisons(words.slice(from, reading.next));
  return simpleOf({ ...source, end: next === undefined ? source.end : next.at }, own);
}

function readAnd(source: Source, reading: Reading): Predicate {
  let left = readOne(source, reading);
  while (reading.words[reading.next]?.text === 'and') {
    reading.next++;
    left = { kind: 'and', left, right: readOne(source, reading) };
  }
  return left;
}

function readOr(source: Source, reading: Reading): Predicate {
  let left = readAnd(source, reading);
  while (reading.words[reading.next]?.text === 'or') {
    reading.next++;
    left = { kind: 'or', left, right: readAnd(source, reading) };
  }
  return left;
}

/** Throws a `BadFact` for what cannot be read, as do the others. */
export function parsePredicate(v: Vocabulary, text: string, from = 0, end: number = text.length): Predicate {
  const source = { v, text, end };
  const reading = { words: wordsOf(text, from, end), next: 0 };
  const predicate = readOr(source, reading);
  checkEnd(source, reading.words.slice(reading.next));
  return predicate;
}

export interface FactReader {
  readonly fact: (text: string) => Fact;
  readonly claim: (text: string) => Claim;
  /** A text with facts in braces; `{{` and `}}` are braces of the text itself. */
  readonly template: (text: string) => Template;
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

function templateOf(source: Source): Template {
  const { text } = source;
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
      parts.push(innerFact(source, i + 1, end));
      i = end;
    } else if (char === '}') unexpected(source, { text: char, at: i });
    else plain += char;
  }
  return plain === '' ? parts : [...parts, plain];
}

/** Braces of a text that is no template. */
export const escapeBraces = (text: string): string => text.replaceAll(/[{}]/g, '$&$&');

export const makeFactReader = (v: Vocabulary): FactReader => ({
  fact: remember((text) => factOf({ v, text, end: text.length }, splitComparisons(wordsOf(text)), text)),
  claim: remember((text) => {
    const isOwn = text.startsWith(OWN);
    return { text, isOwn, predicate: parsePredicate(v, text, isOwn ? OWN.length : 0) };
  }),
  template: remember((text) => templateOf({ v, text, end: text.length })),
});
