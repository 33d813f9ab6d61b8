// `sim compare`: one load and one logical fault on several clusters, as a table, as JSON, or as the tapes.

import { existsSync } from 'node:fs';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import {
  type ComparedColumn,
  type Comparison,
  comparedFaults,
  comparedLoads,
} from '../run-model/compare/compared.ts';
import { playCompared } from '../run-model/compare/play.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import { stretchOf } from '../run-model/compare/stretch.ts';
import { comparedColumn, usualColumns } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';
import { type Cell, type CellPart, comparedRows } from '../ui/compare/rows.ts';
import { clusterOfFile } from './cluster-option.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface CompareOptions {
  readonly fault: string;
  readonly load: string;
  readonly seed: string;
  /** Presets, or files of clusters. */
  readonly column?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  readonly tape?: string | undefined;
}

/** Exit 1: an acknowledged write is lost, or a rule is violated. */
export async function compare(options: CompareOptions): Promise<ExitCode> {
  const chosen = columnsOf(options.column ?? usualColumns);
  const all = 'error' in chosen ? [] : chosen;
  const choice = 'error' in chosen ? chosen : choiceOf(options, all);
  if ('error' in choice) {
    console.error(choice.error);
    return exitCodes.usage;
  }
  const { tape } = options;
  const columns = all.filter(({ name }) => tape === undefined || name === tape);
  if (columns.length === 0) {
    console.error(`no column ${tape}; columns are ${all.map(({ name }) => name).join(', ')}`);
    return exitCodes.usage;
  }
  const edge = await loadSqlEdge();
  const reports = columns.map((column) => playCompared(known, choice, column, edge));
  if (tape !== undefined) process.stdout.write(reports.map((one) => one.tape).join(''));
  else if (options.json === true) console.log(JSON.stringify(reports, null, 1));
  else print(reports);
  return reports.every(({ lost, violations }) => lost.value === 0 && violations.length === 0)
    ? exitCodes.ok
    : exitCodes.violation;
}

function columnsOf(words: readonly string[]): readonly ComparedColumn[] | { readonly error: string } {
  const columns: ComparedColumn[] = [];
  for (const word of words) {
    const file = existsSync(word) ? clusterOfFile(word) : ({ ok: true, said: word } as const);
    if (!file.ok) return file;
    const column = comparedColumn(file.said);
    if ('error' in column) return column;
    columns.push(column);
  }
  return columns;
}

function choiceOf(
  { fault, load, seed }: CompareOptions,
  columns: readonly ComparedColumn[],
): Comparison | { readonly error: string } {
  const [ofFault] = comparedFaults.filter((known) => known === fault);
  const [ofLoad] = comparedLoads.filter((known) => known === load);
  const number = Number(seed);
  if (ofFault === undefined) return { error: `no fault ${fault}; faults are ${comparedFaults.join(', ')}` };
  if (ofLoad === undefined) return { error: `no load ${load}; loads are ${comparedLoads.join(', ')}` };
  if (!Number.isSafeInteger(number) || number < 0) return { error: `--seed ${seed} is no whole number` };
  const stretch = stretchOf(columns.map(({ preset }) => preset));
  return { fault: ofFault, load: ofLoad, seed: number, stretch };
}

const valueText = ({ value, unit }: CellPart): string => {
  if (unit === 'us') return `${(value / 1000).toFixed(3)} ms`;
  return unit === 'bytes' ? `${value} B` : String(value);
};

const partText = (part: CellPart): string =>
  [
    part.label === null ? '' : `${part.label.en} `,
    valueText(part),
    part.event === null ? '' : ` @${part.event}`,
  ].join('');

const cellText = ({ parts, words }: Cell): string =>
  [...parts.map(partText), ...(words === null ? [] : [words.en])].join(', ');

/** `@n`: the number of the event that the figure stands on, as in `&at=n` of a link. */
function print(reports: readonly ComparedReport[]): void {
  for (const { column, architecture, means, note, hash } of reports)
    console.log(`${column} (${architecture}): ${means.en}${note === null ? '' : ` ${note.en}`} hash ${hash}`);
  for (const { label, isPart, calc, cells } of comparedRows(reports)) {
    console.log(`\n${isPart ? '  ' : ''}${label.en}${calc === null ? '' : ` [calc: ${calc.en}]`}`);
    cells.forEach((one, i) => {
      console.log(`  ${(reports[i]?.column ?? '').padEnd(12)} ${cellText(one)}`);
    });
  }
}
