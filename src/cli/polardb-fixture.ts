// Tapes of `polardb` in tests: one load, and what its clients read back.

import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { RedoMode } from '../sim/sweep/redo-checks.ts';
import { runTape, type TapeRun, tapeOf } from './tape-fixture.ts';

const LOAD = 'rows=100 thinkUs=4000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';

export const runPolardb = (
  lines: readonly string[],
  untilMs: number,
  seed = 3,
  changes: readonly string[] = [],
  redo?: RedoMode,
): ReturnType<typeof runTape> => {
  const head = [
    'postdb-tape 1',
    'engine 0.6.0',
    'preset polardb',
    'profile demo',
    `seed ${seed}`,
    ...changes,
  ];
  const load = `0.000 workload d1 main kind=transfer clients=2 ${LOAD}`;
  return runTape(tapeOf([...head, 'end 60000.000', '', load, ...lines].join('\n')), untilMs, undefined, redo);
};

export const sql = (at: number, text: string, session = 'console'): string =>
  `${at.toFixed(3)} sql d1 ${session} "${text}"`;
export const readBack = (at: number): string =>
  sql(at, 'SELECT sum(balance), count(*) FROM accounts', `sum${at}`);
/** Sum of all balances, which transfers leave as it is, and number of rows. */
export const WHOLE = '100000,100';

export const shown = ({ statements: [first] }: ClientResult): string => {
  if (first === undefined) return '';
  if (first.kind === 'error') return `${first.sqlstate} ${first.message}`;
  return first.kind === 'rows' ? first.rows.map((row) => row.join(',')).join(';') : first.tag;
};
export const lastAnswer = ({ answers }: { readonly answers: ReadonlyMap<string, ClientResult> }): string =>
  [...answers.values()].map(shown).at(-1) ?? '';
/** Commits acknowledged after `fromMs`. */
export const commitsIn = (one: TapeRun, fromMs = 0): number =>
  one.trace.filter(({ at, event }) => event.kind === 'commit.ack' && at > fromMs * 1000).length;

export const inOrder = (lines: readonly string[]): string[] =>
  [...lines].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b));
