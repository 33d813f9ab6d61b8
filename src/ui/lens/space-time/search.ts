// Search by pattern: `hole.sent then hole.ignored same request` finds every pair of which the second comes after the first with the same
// field. A pattern is claims of one event each (run-model/facts) with `then` between them, and `same FIELD` at its end.

import { isSuch } from '../../../run-model/facts/evaluate.ts';
import type { Predicate } from '../../../run-model/facts/fact.ts';
import { attempt, BadFact, type Read } from '../../../run-model/facts/fault.ts';
import { parsePredicate } from '../../../run-model/facts/parse.ts';
import { wordsOf } from '../../../run-model/facts/words.ts';
import type { ListedEvent } from '../../../run-model/picture/frame.ts';
import { traceFields, traceKinds } from '../../../stacks/trace.ts';

export interface Pattern {
  readonly terms: readonly Predicate[];
  readonly same: string | null;
}

/** Chains found at most. */
const chainLimit = 200;

const vocabulary = {
  kinds: traceKinds,
  fieldsOf: traceFields,
  gauges: new Map(),
  mutants: [],
  columns: [],
  names: null,
  isFollowed: true,
} as const;

export const readPattern = (text: string): Read<Pattern> => attempt(() => patternOf(text));

function patternOf(text: string): Pattern {
  const words = wordsOf(text);
  const place = words.findIndex((word) => word.text === 'same');
  const [same, field, more] = place < 0 ? [] : words.slice(place);
  if (same !== undefined && field === undefined) throw new BadFact(text, text.length, { code: 'missing' });
  if (more !== undefined) throw new BadFact(text, more.at, { code: 'unexpected', text: more.text });
  const end = same?.at ?? text.length;
  const cuts = words.filter((word) => word.text === 'then' && word.at < end);
  const terms = [...cuts, null].map((cut, i) =>
    parsePredicate(vocabulary, text, (cuts[i - 1]?.at ?? -'then'.length) + 'then'.length, cut?.at ?? end),
  );
  return { terms, same: field?.text ?? null };
}

const fieldOf = ({ node, event }: ListedEvent, name: string): string | null => {
  if (name === 'node') return node;
  // A hole request is known by who asks and a number (HOLE-28).
  if (name === 'request' && 'counter' in event) return `${node} ${event.counter}`;
  const value: unknown = Reflect.get(event, name);
  return value === undefined ? null : String(value);
};

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
    if (!isSuch(start, first)) continue;
    const wanted = same === null ? null : fieldOf(start, same);
    if (same !== null && wanted === null) continue;
    const chain = [start];
    let from = i + 1;
    for (const term of rest) {
      const at = events.findIndex(
        (event, j) => j >= from && isSuch(event, term) && (same === null || fieldOf(event, same) === wanted),
      );
      if (at === -1) break;
      chain.push(events[at] as ListedEvent);
      from = at + 1;
    }
    if (chain.length === terms.length) chains.push(chain);
  }
  return chains;
}
