// What every bench shares: rows, medians with their spread, measures alternating with their reference
// (so that a machine that slows down slows both), and the one printed table.
// A bench is a file bench/<name>-bench.ts that exports `bench: Bench`.

export interface Row {
  /** The measure's id in the performance design, e.g. `P8`. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same unit, measured in the same run. */
  readonly reference?: number;
  readonly referenceName?: string;
  /** How many times better than the reference; or the value itself when it is a ratio. */
  readonly ratio?: number;
  /** (p75 − p25) / median of the measured runs; 0 when there is nothing to spread. */
  readonly spread: number;
  /** The target, as text: `≥ 1 M/s`. */
  readonly reach?: string;
  readonly isReached?: boolean;
  readonly note?: string;
}

export interface Bench {
  readonly id: string;
  readonly title: string;
  /** Runs the production build in a browser: `npm run bench` then names it, and dist/ must be there. */
  readonly needsBrowser?: boolean;
  run(): Row[] | Promise<Row[]>;
}

export interface Sample {
  readonly median: number;
  readonly spread: number;
  readonly runs: readonly number[];
}

/** A run answers how many units of work it did a second. */
export type Run = () => number | Promise<number>;

export function quantile(sorted: readonly number[], q: number): number {
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}

export function summarise(runs: readonly number[]): Sample {
  const sorted = [...runs].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const spread = median === 0 ? 0 : (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / median;
  return { median, spread, runs };
}

/** Runs every measure in turn, round after round; the first `warmups` rounds are thrown away. */
export async function alternate<Name extends string>(
  measures: Readonly<Record<Name, Run>>,
  { rounds = 7, warmups = 1 }: { rounds?: number; warmups?: number } = {},
): Promise<Record<Name, Sample>> {
  const names = Object.keys(measures) as Name[];
  const runs = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmups; round < rounds; round += 1) {
    for (const name of names) {
      const value = await measures[name]();
      if (round >= 0) runs.get(name)?.push(value);
    }
  }
  const samples = names.map((name) => [name, summarise(runs.get(name) ?? [])]);
  return Object.fromEntries(samples) as Record<Name, Sample>;
}

/** Units a second of one timed piece of work. */
export function rateOf(units: number, work: () => void): number {
  const startedAt = performance.now();
  work();
  return units / ((performance.now() - startedAt) / 1000);
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  if (size >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}

function describeReach(row: Row): string {
  if (row.reach === undefined) return '';
  if (row.isReached === undefined) return row.reach;
  return `${row.reach} ${row.isReached ? 'yes' : 'NO'}`;
}

const columns: readonly (readonly [string, (row: Row) => string])[] = [
  ['id', (row) => row.id],
  ['measure', (row) => row.name],
  ['value', (row) => `${formatNumber(row.value)} ${row.unit}`],
  ['spread', (row) => `${(row.spread * 100).toFixed(1)} %`],
  ['reference', (row) => (row.reference === undefined ? '' : `${formatNumber(row.reference)} ${row.unit}`)],
  ['of', (row) => row.referenceName ?? ''],
  ['ratio', (row) => (row.ratio === undefined ? '' : `${formatNumber(row.ratio)} x`)],
  ['reach', describeReach],
  ['note', (row) => row.note ?? ''],
];

export function formatTable(rows: readonly Row[]): string {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const print = (line: string[]): string =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width));
  return [cells[0] ?? [], rule, ...cells.slice(1)].map(print).join('\n');
}
