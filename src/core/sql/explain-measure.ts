// What EXPLAIN ANALYZE says of a node: time, rows and loops as PostgreSQL prints them (times and rows of one loop on average),
// and the pages that it read, by where they came from.

import type { Measure, PagesRead } from './measure.ts';
import { OPERATORS } from './operators.ts';
import type { CtePlan, RowsPlan } from './plan-types.ts';

const thousandths = (micros: number): string => {
  const whole = Math.round(micros);
  return `${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}`;
};

export const virtualMs = (micros: number): string => `${thousandths(micros)} ms`;

export function actualText({ loops, rows, startup, time }: Measure): string {
  if (loops === 0) return ' (never executed)';
  const times = `${thousandths(startup / loops)}..${thousandths(time / loops)}`;
  const perLoop = rows / loops;
  const count = Number.isInteger(perLoop) ? String(perLoop) : String(Math.round(perLoop * 100) / 100);
  return ` (actual time=${times} rows=${count} loops=${loops})`;
}

/** The pages of a node and of all below it; null when it looked at none. */
export function pagesText(plan: RowsPlan, measures: readonly Measure[]): string | null {
  let hits = 0;
  const reads: PagesRead[] = [];
  const seen = new Set<number>();
  const add = (one: RowsPlan): RowsPlan => {
    if (one.kind === 'measured' && !seen.has(one.id)) {
      seen.add(one.id);
      const measure = measures[one.id];
      hits += measure?.pages ?? 0;
      for (const read of measure?.reads ?? []) addRead(reads, read);
    }
    OPERATORS[one.kind].map(one, { rows: add, expr: (e) => e, cte: addCte });
    return one;
  };
  const addCte = (cte: CtePlan): CtePlan => {
    add(cte.input);
    if (cte.step !== null) add(cte.step);
    return cte;
  };
  add(plan);
  if (hits === 0 && reads.length === 0) return null;
  return `Pages: ${hits} in the buffer${reads.length === 0 ? '' : `, ${readsText(reads)}`}`;
}

export function readsText(reads: readonly PagesRead[]): string {
  const from = reads.map(({ from: node, pages, low, high }) => {
    const points = low === high ? String(low) : `${low}..${high}`;
    return `${pages} from ${node} at read point ${points}`;
  });
  return `read ${from.join(', ')}`;
}

function addRead(reads: PagesRead[], { from, pages, low, high }: PagesRead): void {
  const known = reads.find((one) => one.from === from);
  if (known === undefined) reads.push({ from, pages, low, high });
  else {
    known.pages += pages;
    known.low = Math.min(known.low, low);
    known.high = Math.max(known.high, high);
  }
}
