// Exactly-once, by counting (docs/checkers.md, client.exactly-once): an acknowledged operation of a countable load has left
// one mark, one of unknown outcome one or none, a refused one none, whatever was retried and whoever wrote. Marks on lists
// (list-append, in the manner of Elle, VLDB 2020), increments of counters, keys that are there or not. Every read of the
// writer is judged by what had been answered before it began and called before it ended; what is read back at the end is one
// more read. A reader's read has what was committed at or below its read point, and nothing above (READ-20).

import { countBefore } from '../../base/sorted.ts';
import {
  accessesOf,
  type History,
  type HistoryOperation,
  isOfLists,
  listsReadBy,
  marksOf,
  wordsOf,
} from './history.ts';
import type { RuleSlug } from './monitor.ts';

export interface EffectFault {
  readonly rule: Extract<RuleSlug, 'client.exactly-once' | 'client.paths-agree'>;
  readonly message: string;
}

/** What the tables hold at the end, by key as operations name it: marks of a list, a counter; null: the table was not read. */
export interface FinalRows {
  readonly lists: ReadonlyMap<string, string> | null;
  /** Lists of `append-levels`. */
  readonly levels?: ReadonlyMap<string, string> | null;
  /** Lists of `append-halves`. */
  readonly halves?: ReadonlyMap<string, string> | null;
  readonly counters: ReadonlyMap<string, string> | null;
  /** Keys that are there. */
  readonly churn: ReadonlySet<string> | null;
}

interface Read {
  readonly key: string;
  readonly words: readonly string[];
  readonly called: number;
  readonly returned: number;
  /** Of a reader; −1: the writer was read. */
  readonly readPoint: number;
  /** VDL when it was answered. */
  readonly vdl: number;
  readonly who: string;
}

/** Its effect has to be seen by the read. */
const mustBeSeen = ({ outcome, returned, scn }: HistoryOperation, { called, readPoint }: Read): boolean =>
  outcome === 'ok' && (readPoint < 0 ? returned < called : scn >= 0 && scn <= readPoint);
/** Its commit lies above the point at which a reader has read. */
const isAbove = ({ scn }: HistoryOperation, { readPoint }: Read): boolean =>
  readPoint >= 0 && scn > readPoint;

const isRefused = ({ outcome }: HistoryOperation): boolean => outcome === 'error';
const nameOf = ({ client, calledAt }: HistoryOperation): string => `${client} at ${calledAt / 1000} ms`;

/** What a read could see, and how it is named. */
const standingOf = (one: HistoryOperation): Pick<Read, 'readPoint' | 'vdl' | 'who'> => ({
  readPoint: one.served?.readPoint ?? -1,
  vdl: one.vdl ?? Number.POSITIVE_INFINITY,
  who: one.served === null ? nameOf(one) : `${nameOf(one)} on ${one.served.node}`,
});

/** The first fault of each kind of load. */
export function judgeEffects(history: History, final: FinalRows): EffectFault[] {
  const end = {
    called: history.events + 1,
    returned: history.events + 2,
    readPoint: -1,
    vdl: Number.POSITIVE_INFINITY,
    who: 'the last read',
  };
  const atEnd = (
    table: string,
    rows: ReadonlyMap<string, string> | null,
    split: (value: string) => readonly string[] = wordsOf,
  ): Read[] =>
    [...(rows ?? [])].map(([key, value]) => ({ ...end, key: `${table}/${key}`, words: split(value) }));
  const readsOf = (operation: string): Read[] =>
    history.operations
      .filter((one) => one.operation === operation && one.outcome === 'ok')
      .map((one) => ({ ...one, ...standingOf(one), words: one.read }));
  const inTransactions = history.operations.flatMap((one): Read[] =>
    listsReadBy(one).map(({ key, marks }) => ({ ...one, ...standingOf(one), key, words: marks })),
  );
  const faults = [
    findListFault(byKey(history, 'append'), [...readsOf('list'), ...atEnd('lists', final.lists)]),
    findListFault(appendsByKey(history), [
      ...inTransactions,
      ...atEnd('levels', final.levels ?? null, marksOf),
    ]),
    findListFault(halvesByKey(history), atEnd('halves', final.halves ?? null)),
    findHalfFault(history, final.halves ?? null),
    findCounterFault(history, [...readsOf('count'), ...atEnd('counters', final.counters)]),
    final.churn === null ? null : findKeyFault(history, final.churn),
  ];
  const found = faults.flatMap((message): EffectFault[] =>
    message === null ? [] : [{ rule: 'client.exactly-once', message }],
  );
  const audit = findAuditFault(history);
  return audit === null ? found : [...found, { rule: 'client.paths-agree', message: audit }];
}

/** How many operations are judged: a run without any proves nothing. */
export const countEffects = ({ operations }: History): number =>
  operations.reduce((sum, { operation }) => sum + (marking.has(operation) ? 1 : 0), 0);
const marking = new Set(['append', 'appends', 'add', 'put', 'remove']);

function byKey(history: History, operation: string): Map<string, HistoryOperation[]> {
  const found = new Map<string, HistoryOperation[]>();
  for (const one of history.operations) {
    if (one.operation !== operation) continue;
    for (const key of one.key.split(' ')) {
      const list = found.get(key) ?? [];
      found.set(key, list);
      list.push(one);
    }
  }
  return found;
}

/** Transactions at a level of their own, by each list that they append to. */
function appendsByKey({ operations }: History): Map<string, HistoryOperation[]> {
  const found = new Map<string, HistoryOperation[]>();
  for (const one of operations) {
    if (!isOfLists(one)) continue;
    for (const { kind, key } of accessesOf(one) ?? []) {
      if (kind !== 'w') continue;
      const list = found.get(key) ?? [];
      found.set(key, list);
      list.push(one);
    }
  }
  return found;
}

/** Marks of one request that were put by a commit each, and the statement whose answer acknowledges each (`halves/1@2`). */
const halvesOf = ({ key }: HistoryOperation): readonly { readonly key: string; readonly at: number }[] =>
  key.split(' ').map((half) => {
    const [of = '', at = ''] = half.split('@');
    return { key: of, at: Number(at) };
  });

/** As operations with an outcome each: of a request that failed at a later statement the first may have been acknowledged. */
function halvesByKey({ operations }: History): Map<string, HistoryOperation[]> {
  const found = new Map<string, HistoryOperation[]>();
  for (const one of operations) {
    if (one.operation !== 'appends') continue;
    for (const { key, at } of halvesOf(one)) {
      const isAcknowledged = one.outcome === 'error' && (one.carriedOut ?? 0) > at;
      const half: HistoryOperation = isAcknowledged ? { ...one, outcome: 'ok' } : one;
      const list = found.get(key) ?? [];
      found.set(key, list);
      list.push(half);
    }
  }
  return found;
}

/** What a request does after a commit is there only if what it did before is. */
function findHalfFault({ operations }: History, rows: ReadonlyMap<string, string> | null): string | null {
  if (rows === null) return null;
  const isThere = (key: string, mark: string): boolean =>
    wordsOf(rows.get(key.slice(key.indexOf('/') + 1)) ?? '').includes(mark);
  for (const one of operations) {
    if (one.operation !== 'appends') continue;
    const [first, second] = halvesOf(one);
    if (first === undefined || second === undefined) continue;
    if (isThere(second.key, one.value) && !isThere(first.key, one.value))
      return `the mark ${one.value} of ${nameOf(one)} is on ${second.key} and not on ${first.key}, which it was put on before`;
  }
  return null;
}

function findListFault(
  appends: ReadonlyMap<string, readonly HistoryOperation[]>,
  reads: readonly Read[],
): string | null {
  const longest = new Map<string, Read>();
  for (const read of reads) {
    const fault = findMarkFault(appends.get(read.key) ?? [], read);
    if (fault !== null) return `${read.key}, ${read.who}: ${fault}`;
    const other = longest.get(read.key);
    if (other === undefined || other.words.length < read.words.length) longest.set(read.key, read);
    if (other !== undefined && !isPrefix(other.words, read.words))
      return `${read.key}: ${read.who} saw ${read.words.join(' ')}, ${other.who} ${other.words.join(' ')}: neither begins the other`;
  }
  return null;
}

/** Of two lists that only ever grow the shorter begins the longer. */
function isPrefix(a: readonly string[], b: readonly string[]): boolean {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return false;
  return true;
}

function findMarkFault(appends: readonly HistoryOperation[], read: Read): string | null {
  const { words, called, returned, readPoint, vdl } = read;
  const marks = new Set(words);
  if (marks.size < words.length)
    return `the mark ${words.find((word, i) => words.indexOf(word) !== i)} is there twice`;
  let known = 0;
  for (const append of appends) {
    const isThere = marks.has(append.value);
    if (isThere) known++;
    if (!isThere && mustBeSeen(append, read))
      return `the mark ${append.value} of ${nameOf(append)} was acknowledged and is not there`;
    if (isThere && isRefused(append) && append.returned < called)
      return `the mark ${append.value} of ${nameOf(append)} was refused and is there`;
    if (isThere && isAbove(append, read))
      return `the mark ${append.value} of ${nameOf(append)} is there, its SCN ${append.scn} is above the read point ${readPoint}`;
    if (isThere && append.scn > vdl)
      return `the mark ${append.value} of ${nameOf(append)} is there at VDL ${vdl}, before its SCN ${append.scn} is durable`;
    if (isThere && append.called > returned) return `the mark ${append.value} is there before its call`;
  }
  return known < marks.size ? 'it holds a mark that nobody appended' : null;
}

/** Every counter's row is there from this LSN on, if not earlier: each was made before the first increment, and before a read found one. */
function rowsSince(adds: ReadonlyMap<string, readonly HistoryOperation[]>, reads: readonly Read[]): number {
  const commits = [...adds.values()]
    .flat()
    .flatMap(({ outcome, scn }) => (outcome === 'ok' && scn >= 0 ? [scn] : []));
  const found = reads.flatMap(({ words, readPoint }) =>
    words.length > 0 && readPoint >= 0 ? [readPoint] : [],
  );
  return [...commits, ...found].reduce((least, lsn) => Math.min(least, lsn), Number.POSITIVE_INFINITY);
}

function findCounterFault(history: History, reads: readonly Read[]): string | null {
  const adds = byKey(history, 'add');
  const bounds = new Map(
    [...adds].map(([key, list]) => {
      const acknowledged = list
        .filter(({ outcome }) => outcome === 'ok')
        .sort((a, b) => a.returned - b.returned);
      return [key, { acknowledged, possible: list.filter((one) => !isRefused(one)) }] as const;
    }),
  );
  const loaded = rowsSince(adds, reads);
  for (const read of reads) {
    const { key, words, called, returned, readPoint, who } = read;
    if (words.length === 0 && readPoint >= 0 && readPoint < loaded) continue; // another session's rows, from before them
    const { acknowledged = [], possible = [] } = bounds.get(key) ?? {};
    const isReader = readPoint >= 0;
    const least = isReader
      ? acknowledged.filter((one) => mustBeSeen(one, read)).length
      : countBefore(acknowledged, (one) => one.returned < called);
    const most =
      countBefore(possible, (one) => one.called < returned) -
      (isReader ? possible.filter((one) => one.called < returned && isAbove(one, read)).length : 0);
    const value = Number(words[0] ?? Number.NaN);
    if (!(value >= least && value <= most))
      return `${key} is ${words[0] ?? 'gone'} for ${who}: ${least} increments were acknowledged, ${most} can have run`;
  }
  return null;
}

/** A key that nobody deleted twice and nobody inserted twice is there as often as insertions exceed deletions. */
function findKeyFault(history: History, present: ReadonlySet<string>): string | null {
  const puts = byKey(history, 'put');
  const removes = byKey(history, 'remove');
  const keys = new Set([...puts.keys(), ...removes.keys(), ...[...present].map((key) => `churn/${key}`)]);
  for (const key of keys) {
    const put = tally(puts.get(key) ?? [], () => true);
    // A deletion that found nothing says so; one that was answered again from the client table has deleted.
    const removed = tally(removes.get(key) ?? [], ({ read }) => read[1] !== '0');
    const least = put.acknowledged - removed.acknowledged - removed.unknown;
    const most = put.acknowledged + put.unknown - removed.acknowledged;
    const count = present.has(key.slice('churn/'.length)) ? 1 : 0;
    if (count < least || count > most)
      return `${key.replace(/-+$/, '')} is there ${count} times: ${put.acknowledged} insertions and ${removed.acknowledged} deletions were acknowledged, ${put.unknown} and ${removed.unknown} are unknown`;
  }
  return null;
}

function tally(operations: readonly HistoryOperation[], hasEffect: (one: HistoryOperation) => boolean) {
  let acknowledged = 0;
  let unknown = 0;
  for (const one of operations) {
    if (one.outcome === 'ok') acknowledged += hasEffect(one) ? 1 : 0;
    else if (!isRefused(one)) unknown++;
  }
  return { acknowledged, unknown };
}

/** In one snapshot the heap and the index gave the same sum. */
function findAuditFault({ operations }: History): string | null {
  for (const one of operations) {
    if (one.operation !== 'audit' || one.outcome !== 'ok') continue;
    const [heap, index] = one.read;
    if (heap !== index)
      return `${one.key}, ${nameOf(one)}: the heap sums to ${heap ?? 'nothing'}, the index to ${index ?? 'nothing'}`;
  }
  return null;
}
