// What several sessions of the console did, as one order on one clock: rows for the screen, and the two forms of PostgreSQL's isolation
// tester, a spec that plays it again and the transcript of what came. Pure.

import type { StatementResult } from '../../core/kernel/client-calls.ts';
import type { SqlRun } from './sql-store.ts';

/** What is shown on a line: a statement is asked, and answered there unless another one was asked meanwhile. */
export interface OrderRow {
  readonly kind: 'asked' | 'answered';
  /** Virtual time. */
  readonly at: number;
  readonly run: SqlRun;
  /** Its answer is not on this line: something else was asked before it came, or it has not come. */
  readonly isLater: boolean;
  /** Sessions whose statement, asked on an earlier line, has no answer yet. */
  readonly waiting: ReadonlyMap<string, SqlRun>;
}

const answeredAt = ({ askedAt, outcome }: SqlRun): number | null =>
  outcome === null ? null : askedAt + outcome.latencyUs;

/** The answer came before anything else was asked. */
function isAtOnce(run: SqlRun, later: readonly SqlRun[]): boolean {
  const at = answeredAt(run);
  return run.failure !== null || (at !== null && later.every(({ askedAt }) => askedAt >= at));
}

/** In the order of time; `runs` in the order in which they were asked. */
export function orderRows(runs: readonly SqlRun[]): readonly OrderRow[] {
  const rows: Omit<OrderRow, 'waiting'>[] = [];
  runs.forEach((run, i) => {
    const isLater = !isAtOnce(run, runs.slice(i + 1));
    rows.push({ kind: 'asked', at: run.askedAt, run, isLater });
    const at = answeredAt(run);
    if (at !== null && isLater) rows.push({ kind: 'answered', at, run, isLater: false });
  });
  const sorted = rows.toSorted((a, b) => a.at - b.at || a.run.id - b.run.id);
  const open = new Map<string, SqlRun>();
  return sorted.map((row) => {
    const { letter } = row.run.target;
    open.delete(letter);
    const waiting = new Map(open);
    if (row.isLater) open.set(letter, row.run);
    return { ...row, waiting };
  });
}

interface NamedStep {
  readonly name: string;
  readonly run: SqlRun;
}

/** Steps are called by the letter of their session and their number in it: a1, b1, a2. */
function namedSteps(runs: readonly SqlRun[]): readonly NamedStep[] {
  const counts = new Map<string, number>();
  return runs.map((run) => {
    const { letter } = run.target;
    const count = (counts.get(letter) ?? 0) + 1;
    counts.set(letter, count);
    return { name: `${letter.toLowerCase()}${count}`, run };
  });
}

/** With its semicolon, which a comment at the end may not swallow. */
function ended(text: string): string {
  const trimmed = text.trim();
  if (trimmed.endsWith(';')) return trimmed;
  return /--[^\n]*$/.test(trimmed) ? `${trimmed}\n;` : `${trimmed};`;
}

const lettersOf = (runs: readonly SqlRun[]): readonly string[] =>
  [...new Set(runs.map(({ target }) => target.letter))].sort();

/** A spec with one permutation; null: a statement has a brace, for which the form has no sign. */
export function specText(runs: readonly SqlRun[]): string | null {
  if (runs.some(({ text }) => /[{}]/.test(text))) return null;
  const steps = namedSteps(runs);
  const sessions = lettersOf(runs).map((letter) => {
    const own = steps.filter(({ run }) => run.target.letter === letter);
    return [
      `session ${letter.toLowerCase()}`,
      ...own.map(({ name, run }) => `step ${name} { ${ended(run.text)} }`),
    ].join('\n');
  });
  return `${sessions.join('\n\n')}\n\npermutation ${steps.map(({ name }) => name).join(' ')}\n`;
}

type Rows = Extract<StatementResult, { kind: 'rows' }>;

/** As the tester prints them: columns in line, numbers to the right. */
function tableText({ columns, rows }: Rows): readonly string[] {
  const widths = columns.map(({ name }, i) =>
    Math.max(name.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const isNumber = columns.map((_, i) => rows.every((row) => /^-?[\d.]*$/.test(row[i] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('|')
      .trimEnd();
  return [
    line(columns.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width)).join('+'),
    ...rows.map((row) => line(columns.map((_, i) => row[i] ?? ''))),
    `(${rows.length} row${rows.length === 1 ? '' : 's'})`,
    '',
  ];
}

const answerLines = ({ outcome, failure }: SqlRun): readonly string[] =>
  failure !== null
    ? [`ERROR:  ${failure}`]
    : (outcome?.result.statements ?? []).flatMap((result) =>
        result.kind === 'rows'
          ? tableText(result)
          : result.kind === 'error'
            ? [`ERROR:  ${result.message}`]
            : [],
      );

/** What came, line by line, as the tester writes it. */
export function transcriptText(runs: readonly SqlRun[]): string {
  const steps = namedSteps(runs);
  const names = new Map(steps.map(({ name, run }) => [run.id, name]));
  const lines = orderRows(runs).flatMap(({ kind, run, isLater }) => {
    const name = names.get(run.id) ?? '';
    if (kind === 'answered') return [`step ${name}: <... completed>`, ...answerLines(run)];
    const text = ended(run.text).replaceAll(/\s+/g, ' ');
    return [`step ${name}: ${text}${isLater ? ' <waiting ...>' : ''}`, ...(isLater ? [] : answerLines(run))];
  });
  return [
    `Parsed test spec with ${lettersOf(runs).length} sessions`,
    '',
    `starting permutation: ${steps.map(({ name }) => name).join(' ')}`,
    ...lines,
    '',
  ].join('\n');
}
