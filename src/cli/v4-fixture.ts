// Tapes of `postdb-v4` for tests: a load on four tablets, what clients were answered, and the rows that have to be there.

import { expect } from 'vitest';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import { eventsIn, runTape, type TapeRun, tapeOf } from './tape-fixture.ts';

const LOAD = 'rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const tape = (lines: readonly string[], seed: number, mutant: string, changes: readonly string[]): string =>
  [
    'postdb-tape 1',
    'engine 0.5.0',
    'preset postdb-v4',
    'profile demo',
    ...changes,
    `seed ${seed}`,
    ...(mutant === '' ? [] : [`broken ${mutant}`]),
    'end 60000.000',
    '',
    `0.000 workload d1 main kind=tablet-transfer clients=2 ${LOAD}`,
    ...lines,
  ].join('\n');

export const run = (
  lines: readonly string[],
  untilMs: number,
  seed = 3,
  mutant = '',
  changes: readonly string[] = [],
) => runTape(tapeOf(tape(lines, seed, mutant, changes)), untilMs);

export const sql = (at: number, text: string, session = 'console'): string =>
  `${at.toFixed(3)} sql d1 ${session} "${text}"`;

const shown = ({ statements }: ClientResult): string[] =>
  statements.map((one) =>
    one.kind === 'error'
      ? `${one.sqlstate} ${one.message}`
      : one.kind === 'rows'
        ? one.rows.map((row) => row.join(',')).join(';')
        : one.tag,
  );

export const answersOf = ({ answers }: { readonly answers: ReadonlyMap<string, ClientResult> }): string[][] =>
  [...answers.values()].map(shown);

const sums = [1, 26, 51, 76].map(
  (first) => `SELECT sum(balance), count(*) FROM accounts WHERE id >= ${first} AND id < ${first + 25}`,
);
export const readBack = (at: number): string[] => sums.map((text, i) => sql(at + i, text, `sum${i}`));
export const WHOLE = sums.map(() => ['25000,25']);

export const done = (one: TapeRun, fromMs = 0): number =>
  one.trace.filter(
    ({ event, at }) => event.kind === 'op.return' && event.outcome === 'ok' && at > fromMs * 1000,
  ).length;

/** One cut, or none and the child given up: never both, and the split does not stay open. */
export function expectSplitsEnded(one: TapeRun): 'cut' | 'given up' {
  const begun = new Set(eventsIn(one, 'split.begin').map(({ split }) => split));
  const cut = new Set(eventsIn(one, 'split.cut').map(({ split }) => split));
  const ended = new Set(eventsIn(one, 'split.end').map(({ split }) => split));
  for (const split of begun) expect([split, cut.has(split) !== ended.has(split)]).toEqual([split, true]);
  return cut.size > 0 ? 'cut' : 'given up';
}
