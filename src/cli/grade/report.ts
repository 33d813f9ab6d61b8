// The results of `sim grade`: as a table, as CSV and JSON, and as a page that opens each run at the moment that decides.

import { encodeTape } from '../../lab/share.ts';
import type { Assignment } from '../../lessons/assignments/assignment.ts';
import type { GoalOutcome, Judged } from '../../lessons/assignments/judge.ts';

export interface Row {
  readonly name: string;
  readonly passed: boolean;
  /** Null: nothing was played. */
  readonly judged: Judged | null;
  /** What was not met, not allowed or not readable. */
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
  /** Others with the same actions in the same order. */
  readonly sameAs: readonly string[];
}

export type Outcome = { readonly name: string } & ({ readonly judged: Judged } | { readonly error: string });

export function rowsOf(outcomes: readonly Outcome[]): readonly Row[] {
  const keyOf = (outcome: Outcome): string => ('judged' in outcome ? outcome.judged.key : '');
  return outcomes.map((outcome): Row => {
    const key = keyOf(outcome);
    const sameAs =
      key === ''
        ? []
        : outcomes.filter((other) => other !== outcome && keyOf(other) === key).map(({ name }) => name);
    if (!('judged' in outcome))
      return {
        name: outcome.name,
        passed: false,
        judged: null,
        problems: [outcome.error],
        remarks: [],
        sameAs,
      };
    const { judged, name } = outcome;
    const { passed, problems, remarks } = judged;
    return { name, passed, judged, problems, remarks, sameAs };
  });
}

const goalText = ({ isMet, atMs }: GoalOutcome): string =>
  `${isMet ? 'met' : 'not met'}${atMs === null ? '' : ` at ${atMs.toFixed(3)}`}`;

const ruleText = ({ rule, atMs }: Judged['violations'][number]): string => `${rule} at ${atMs.toFixed(3)}`;

function cellsOf(
  { goals }: Assignment,
  { name, passed, judged, problems, remarks, sameAs }: Row,
): readonly string[] {
  return [
    name,
    passed ? 'passed' : 'failed',
    ...goals.map((_, i) => {
      const goal = judged?.goals[i];
      return goal === undefined ? '' : goalText(goal);
    }),
    judged === null ? '' : `${judged.actions}`,
    (judged?.violations ?? []).map(ruleText).join('; '),
    sameAs.join('; '),
    problems.join('; '),
    remarks.join('; '),
    judged === null ? '' : `${judged.seed}`,
  ];
}

const headOf = ({ goals }: Assignment): readonly string[] => [
  'name',
  'result',
  ...goals.map(({ id }) => id),
  'actions',
  'violations',
  'same as',
  'problems',
  'remarks',
  'seed',
];

/** A table for a terminal; columns in which nothing stands are left out. */
export function printTable(assignment: Assignment, rows: readonly Row[]): string {
  const all = [headOf(assignment), ...rows.map((row) => cellsOf(assignment, row))];
  const columns = (all[0] ?? [])
    .map((_, i) => i)
    .filter((i) => all.slice(1).some((cells) => cells[i] !== ''));
  const widthOf = (i: number): number => Math.max(...all.map((cells) => cells[i]?.length ?? 0));
  const widths = columns.map(widthOf);
  return all
    .map((cells) =>
      columns
        .map((i, nth) => (cells[i] ?? '').padEnd(widths[nth] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** RFC 4180; a spreadsheet takes a cell that begins as a formula does for text. */
export function printCsv(assignment: Assignment, rows: readonly Row[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [headOf(assignment), ...rows.map((row) => cellsOf(assignment, row))]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('');
}

export function printJson(assignment: Assignment, rows: readonly Row[]): string {
  const plain = rows.map(({ judged, ...row }) => ({
    ...row,
    ...(judged === null
      ? {}
      : {
          seed: judged.seed,
          goals: judged.goals,
          violations: judged.violations,
          actions: judged.actions,
          decidesMs: judged.decidesMs,
          failedSeeds: judged.failedSeeds,
        }),
  }));
  return `${JSON.stringify({ assignment: assignment.title.en, results: plain }, null, 1)}\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `lab`: the address of a lab, whose links open the runs. */
export function printPage(assignment: Assignment, rows: readonly Row[], lab: string): string {
  const head = headOf(assignment);
  const body = rows.map((row) => {
    const cells = cellsOf(assignment, row).map(escaped);
    const link =
      row.judged === null
        ? ''
        : `<a href="${escaped(`${lab}#/lab&r=${encodeTape(row.judged.tape)}&at=${row.judged.decidesMs.toFixed(3)}`)}" target="_blank" rel="noopener">at ${row.judged.decidesMs.toFixed(3)} ms</a>`;
    return `<tr class="${row.passed ? 'passed' : 'failed'}"><th scope="row">${cells[0]}</th>${cells
      .slice(1)
      .map((cell) => `<td>${cell}</td>`)
      .join('')}<td>${link}</td></tr>`;
  });
  const passed = rows.filter((row) => row.passed).length;
  const goals = assignment.goals.map(
    ({ id, text, condition, holds }) =>
      `<dt>${escaped(id)}</dt><dd>${escaped(text.en)} <code>${escaped(condition)}</code> (${holds})</dd>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(assignment.title.en)}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:24px;color:#1c2330;background:#fff}
table{border-collapse:collapse}th,td{padding:6px 12px;text-align:left;vertical-align:top;border-bottom:1px solid #ccd3de}
.passed td:nth-child(2){color:#1f6b3a}.failed td:nth-child(2){color:#a32020}dt{font-weight:600;float:left;margin-right:8px}
@media(prefers-color-scheme:dark){body{color:#e6eaf2;background:#10141c}th,td{border-color:#39414f}a{color:#8ab4ff}
.passed td:nth-child(2){color:#7fd69b}.failed td:nth-child(2){color:#ff9a9a}}
</style></head><body>
<h1>${escaped(assignment.title.en)}</h1>
<p>${passed} of ${rows.length} passed. Each was played on the assignment’s cluster; a link opens the run at the moment that decides.</p>
<dl>${goals.join('')}</dl>
<table><thead><tr>${[...head, 'open'].map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table>
</body></html>
`;
}
