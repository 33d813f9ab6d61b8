// Search by pattern: `hole.sent then hole.ignored same request` finds every pair of which the second comes after the
// first with the same field. Grammar: TERM { "then" TERM } [ "same" FIELD ]; TERM = KIND { FIELD "=" VALUE }.

import type { ListedEvent } from '../../../run-model/picture/frame.ts';

interface Term {
  readonly kind: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface Pattern {
  readonly terms: readonly Term[];
  readonly same: string | null;
}

export type PatternResult =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly error: PatternError; readonly word: string; readonly at: number };

export type PatternError = 'missing' | 'sameField' | 'sameEnd' | 'then' | 'kindFirst' | 'expected';

/** Chains found at most. */
const chainLimit = 200;

export function readPattern(text: string): PatternResult {
  const words = [...text.matchAll(/\S+/g)].map((match) => ({ word: match[0], at: match.index }));
  const terms: { kind: string; fields: [string, string][] }[] = [];
  let same: string | null = null;
  for (let i = 0; i < words.length; i++) {
    const { word, at } = words[i] as { word: string; at: number };
    const last = terms[terms.length - 1];
    const wrong = (error: PatternError): PatternResult => ({ ok: false, error, word, at });
    if (word === 'same') {
      const name = words[i + 1]?.word;
      if (name === undefined) return wrong('sameField');
      if (words.length > i + 2) return wrong('sameEnd');
      same = name;
      break;
    }
    if (word === 'then') {
      if (last === undefined || words[i + 1] === undefined) return wrong('then');
      continue;
    }
    const equals = word.indexOf('=');
    if (equals > 0) {
      if (last === undefined) return wrong('kindFirst');
      last.fields.push([word.slice(0, equals), word.slice(equals + 1)]);
    } else if (i === 0 || words[i - 1]?.word === 'then') terms.push({ kind: word, fields: [] });
    else return wrong('expected');
  }
  return terms.length === 0
    ? { ok: false, error: 'missing', word: '', at: 0 }
    : { ok: true, pattern: { terms, same } };
}

const fieldOf = ({ node, event }: ListedEvent, name: string): string | null => {
  if (name === 'node') return node;
  // A hole request is known by who asks and a number (HOLE-28).
  if (name === 'request' && 'counter' in event) return `${node} ${event.counter}`;
  const value: unknown = Reflect.get(event, name);
  return value === undefined ? null : String(value);
};

const matches = (event: ListedEvent, term: Term): boolean =>
  (term.kind === event.event.kind ||
    (term.kind.endsWith('*') && event.event.kind.startsWith(term.kind.slice(0, -1)))) &&
  term.fields.every(([name, value]) => fieldOf(event, name) === value);

/** Every first event with the nearest continuation of the pattern, in the order of the run. */
export function findChains(
  events: readonly ListedEvent[],
  { terms, same }: Pattern,
): readonly ListedEvent[][] {
  const chains: ListedEvent[][] = [];
  const [first, ...rest] = terms;
  if (first === undefined) return chains;
  for (let i = 0; i < events.length && chains.length < chainLimit; i++) {
    const start = events[i] as ListedEvent;
    if (!matches(start, first)) continue;
    const wanted = same === null ? null : fieldOf(start, same);
    if (same !== null && wanted === null) continue;
    const chain = [start];
    let from = i + 1;
    for (const term of rest) {
      const at = events.findIndex(
        (event, j) => j >= from && matches(event, term) && (same === null || fieldOf(event, same) === wanted),
      );
      if (at === -1) break;
      chain.push(events[at] as ListedEvent);
      from = at + 1;
    }
    if (chain.length === terms.length) chains.push(chain);
  }
  return chains;
}
