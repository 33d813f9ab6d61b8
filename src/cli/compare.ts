// `sim compare`: one load and one logical fault on three architectures, as a table, as JSON, or as the tapes.

import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type Comparison, comparedFaults, comparedLoads } from '../run-model/compare/compared.ts';
import { playCompared } from '../run-model/compare/play.ts';
import type { ComparedReport } from '../run-model/compare/report.ts';
import { comparedStack, comparedStacks } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';
import { type Cell, type CellPart, comparedRows } from '../ui/compare/rows.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface CompareOptions {
  readonly fault: string;
  readonly load: string;
  readonly seed: string;
  readonly json?: boolean | undefined;
  readonly tape?: string | undefined;
}

/** Exit 1: an acknowledged write is lost, or a rule is violated. */
export async function compare(options: CompareOptions): Promise<ExitCode> {
  const choice = choiceOf(options);
  if ('error' in choice) {
    console.error(choice.error);
    return exitCodes.usage;
  }
  const { tape } = options;
  const columns = comparedStacks.map(({ id }) => id).filter((id) => tape === undefined || id === tape);
  if (columns.length === 0) {
    console.error(`no column ${tape}; columns are ${comparedStacks.map(({ id }) => id).join(', ')}`);
    return exitCodes.usage;
  }
  const edge = await loadSqlEdge();
  const reports = columns.map((column) => playCompared(known, choice, comparedStack(column), edge));
  if (tape !== undefined) process.stdout.write(reports.map((one) => one.tape).join(''));
  else if (options.json === true) console.log(JSON.stringify(reports, null, 1));
  else print(reports);
  return reports.every(({ lost, violations }) => lost.value === 0 && violations.length === 0)
    ? exitCodes.ok
    : exitCodes.violation;
}

function choiceOf({ fault, load, seed }: CompareOptions): Comparison | { readonly error: string } {
  const [ofFault] = comparedFaults.filter((known) => known === fault);
  const [ofLoad] = comparedLoads.filter((known) => known === load);
  const number = Number(seed);
  if (ofFault === undefined) return { error: `no fault ${fault}; faults are ${comparedFaults.join(', ')}` };
  if (ofLoad === undefined) return { error: `no load ${load}; loads are ${comparedLoads.join(', ')}` };
  if (!Number.isSafeInteger(number) || number < 0) return { error: `--seed ${seed} is no whole number` };
  return { fault: ofFault, load: ofLoad, seed: number };
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
  for (const { column, preset, means, note, hash } of reports)
    console.log(`${column} (${preset}): ${means.en}${note === null ? '' : ` ${note.en}`} hash ${hash}`);
  for (const { label, isPart, calc, cells } of comparedRows(reports)) {
    console.log(`\n${isPart ? '  ' : ''}${label.en}${calc === null ? '' : ` [calc: ${calc.en}]`}`);
    cells.forEach((one, i) => {
      console.log(`  ${(reports[i]?.column ?? '').padEnd(10)} ${cellText(one)}`);
    });
  }
}
